"""Matching type texts: the labelled sample, codes, spellings, and what must not be guessed."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yike.standards.classify import classify
from yike.standards.loader import load_types

CASES = Path(__file__).parent / "cases"
TYPES = load_types()


def row_of(match) -> str:
    return TYPES.types[match.type_idx].form_row if match.type_idx >= 0 else "none"


def code_of(value: str, name: str = "") -> str:
    match = classify(value, TYPES, name=name)
    return TYPES.types[match.type_idx].code if match.type_idx >= 0 else match.how


def wrong_rows(file: str) -> tuple[int, list[str]]:
    rows = list(csv.DictReader((CASES / file).read_text("utf-8").splitlines()))
    wrong = [
        f"{r['type']}|{r['name']}: {row_of(m)} for {r['expected']}"
        for r in rows
        if row_of(m := classify(r["type"], TYPES, name=r["name"])) != r["expected"]
    ]
    return len(rows), wrong


@pytest.mark.parametrize(("file", "least"), [("outlet_names.csv", 280), ("outlet_names_unseen.csv", 90)])
def test_at_least_95_per_cent_of_the_labelled_rows_are_right(file, least):
    n_rows, wrong = wrong_rows(file)
    assert n_rows >= least
    assert len(wrong) <= 0.05 * n_rows, wrong


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("B01", "convenience_store"),
        ("b01", "convenience_store"),
        ("Ｂ０１", "convenience_store"),
        ("convenience_store", "convenience_store"),
        ("便利店", "convenience_store"),
        (" 便 利 店 ", "convenience_store"),
        ("B01便利店", "convenience_store"),
        ("B06 修鞋", "shoe_repair"),
        ("生鲜超市（菜店）", "fresh_food_store"),
        ("060200", "convenience_store"),
        ("便民商店/便利店", "convenience_store"),
        ("购物服务;便民商店/便利店;便民商店/便利店", "convenience_store"),
        ("050117", "specialty_dining"),  # a small class of 050100
        ("5213", "convenience_store"),
        ("F5213", "convenience_store"),
        ("803", "laundry"),  # the two-digit group's own 4-digit form is 8030
        ("藥房", "pharmacy"),
        ("理髮店", "hair_beauty"),
        ("微菜市", "fresh_food_store"),
        ("智慧微菜场", "food_market"),
        ("24小时便利店", "convenience_store"),
    ],
)
def test_every_kind_of_text_is_understood(value, code):
    assert code_of(value) == code


@pytest.mark.parametrize(
    ("value", "name", "code"),
    [
        ("生活服务场所", "阳光家政", "home_service"),
        ("生活服务场所", "老王废品回收", "recycling_point"),
        ("070500", "菜鸟驿站", "parcel_station"),
        ("超级市场", "钱大妈生鲜", "fresh_food_store"),
        ("中餐厅", "庆丰包子铺", "breakfast_shop"),
        ("维修", "老李修鞋", "shoe_repair"),
        ("其他(品质提升类)", "乐乐宠物", "pet_service"),
        ("修车", "老张电动车", "bicycle_repair"),
        ("食堂", "长者食堂", "elderly_meal"),
        ("托管", "小学生托管", "education"),
        ("托管", "宝贝托育", "childcare"),
        ("邻里中心菜店", "", "fresh_food_store"),  # the head of a Chinese name stands last
        ("", "张姐修表", "watch_repair"),
    ],
)
def test_the_name_helps_where_the_text_is_too_general(value, name, code):
    assert code_of(value, name) == code


def test_a_clear_text_is_not_overruled_by_the_name():
    assert code_of("药店", "便利店隔壁大药房") == "pharmacy"
    assert code_of("便利店", "美发街便利店") == "convenience_store"


@pytest.mark.parametrize(
    ("value", "name"), [("修车", ""), ("驿站", ""), ("食堂", ""), ("托管", ""), ("市场", ""), ("B01药店", "")]
)
def test_what_may_mean_two_types_is_left_to_a_person(value, name):
    match = classify(value, TYPES, name=name)
    assert (match.type_idx, match.how) == (-1, "ambiguous")
    assert match.suggestions
    assert match.reason


@pytest.mark.parametrize(
    "value", ["幼儿园", "民办幼儿园", "141204", "汽车修理厂", "汽修", "010900", "小学", "酒店", "公厕"]
)
def test_what_is_easily_mistaken_is_named_and_refused(value):
    match = classify(value, TYPES)
    assert (match.type_idx, match.how) == (-1, "not_ours")
    assert match.reason


def test_a_kindergarten_with_childcare_is_childcare():
    assert code_of("托育幼儿园") == "childcare"


def test_unknown_text_brings_the_nearest_labels():
    match = classify("钥匙铺子配制", TYPES)
    assert match.type_idx >= 0 or match.suggestions
    near = classify("卫生诊疗所", TYPES)
    assert near.type_idx == -1
    assert "卫生服务站(诊所)" in near.suggestions
    assert classify("xyzzy", TYPES).suggestions == ()


def test_no_text_and_no_name_is_empty_not_unknown():
    assert classify("", TYPES).how == "empty"
    assert classify("   ", TYPES).type_idx == -1


def test_every_label_alias_and_code_leads_home():
    for idx, t in enumerate(TYPES):
        for text in (t.code, t.label, *t.alias, *t.amap, *t.amap_name):
            assert classify(text, TYPES).type_idx == idx, (t.code, text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_gets_an_answer_that_is_whole(value, name):
    match = classify(value, TYPES, name=name)
    assert -1 <= match.type_idx < len(TYPES)
    assert (match.type_idx == -1) == bool(match.reason)
    assert classify(value, TYPES, name=name) == match


@given(st.sampled_from([t.label for t in TYPES]))
def test_width_and_blanks_do_not_matter(label):
    wide = label.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert classify(f" {wide}\u3000", TYPES).type_idx == classify(label, TYPES).type_idx
