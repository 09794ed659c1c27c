"""Site rules: every number has its source, words of clerks are understood."""

import tomllib

import pytest

from yike.standards import site_rules
from yike.standards.check import check_standards
from yike.standards.data_files import DATA
from yike.standards.loader import load_types
from yike.standards.site_rules import load_site_rules, values_of

TYPES = load_types()


def rule(code):
    return load_site_rules().rule(TYPES, TYPES.idx(code))


def test_standards_check_looks_at_the_site_rules_and_finds_nothing():
    assert [f for f in check_standards() if f.file == site_rules.FILE] == []


def test_every_number_has_a_source_and_only_one_is_official():
    values = dict(values_of(load_site_rules()))

    assert all(v.source.document and v.source.text for v in values.values())
    official = {key for key, v in values.items() if v.source.mark == "official"}
    assert official == {"rule[parcel_point].area_min_m2"}


def test_areas_of_the_annex_are_marked_as_not_yet_compared():
    assert rule("food_market").area_min_m2.value == 750
    assert rule("food_market").area_min_m2.source.mark == "common"
    assert rule("supermarket").area_min_m2.value == 300
    assert rule("childcare").area_min_m2.value == 200


def test_a_type_without_a_rule_takes_that_of_the_type_above_then_the_default():
    assert rule("shoe_repair").area_min_m2 == rule("repair").area_min_m2
    default = next(r for r in load_site_rules().rules if r.code == "default")
    assert rule("travel_service").area_min_m2 == default.area_min_m2
    assert rule("shoe_repair").code == "shoe_repair"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("闲置厂房", "plant"),
        ("老锅炉房", "plant"),
        ("便民核酸采样亭", "test_kiosk"),
        ("核酸亭", "test_kiosk"),
        ("自行车棚（二号）", "bike_shed"),
        ("人防地下室", "underground"),
        ("边角地", "corner_land"),
        ("早餐亭", "kiosk"),
        ("商场空间", "mall_space"),
        ("闲置用房", "idle_room"),
        ("ＰＬＡＮＴ", "plant"),
    ],
)
def test_kinds_of_idle_space_are_known_by_many_words(words, code):
    assert load_site_rules().kind_of(words).code == code


@pytest.mark.parametrize("words", ["", "飞船", "—"])
def test_unknown_kinds_are_none(words):
    assert load_site_rules().kind_of(words) is None


@pytest.mark.parametrize(
    ("words", "is_idle"),
    [
        ("", True), ("闲置", True), ("空置", True), ("未出租", True), ("在建", True), ("可用", True),
        ("已出租", False), ("已出租至2027年", False), ("使用中", False), ("不可用", False),
        ("部分出租", False), ("非闲置", False), ("IDLE", True), ("In use", False),
    ],
)  # fmt: skip
def test_the_longest_word_says_whether_premises_are_idle(words, is_idle):
    assert load_site_rules().is_idle(words) is is_idle


def test_every_kind_that_the_empty_table_offers_is_known():
    text = (DATA.parents[1] / "reports" / "intake_workbook" / "templates.toml").read_text("utf-8")
    tables = {t["file"]: t for t in tomllib.loads(text)["table"]}
    offered = next(c["choices"] for c in tables["premises.xlsx"]["columns"] if c["header"] == "类型")

    assert [load_site_rules().kind_of(word).label for word in offered] == offered
