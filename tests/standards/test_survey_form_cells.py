"""The survey form as data: what is printed, what counts as changed, where everything stands."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from form_docs import plain_doc, plain_values
from yike.standards.survey_form import (
    TYPE_ROWS,
    FormDoc,
    FormSettings,
    cell_keys,
    changes,
    kind_of,
    printable_text,
    printed,
    rounding_note,
    to_wan,
    usual_notes,
)
from yike.standards.survey_layout import N_COLUMNS, NOTE_ROW, box_of, box_text, boxes
from yike.standards.survey_words import cell_name

WHOLE = FormSettings(count_decimals=0)
EVEN = FormSettings(rounding="half_even")


def test_form_has_129_cells_with_a_name_and_a_place_each():
    # 9 in the head, 24 rows of 5 columns
    assert len(cell_keys()) == 9 + 24 * 5
    assert len({cell_name(key) for key in cell_keys()}) == 129
    assert all(key in box_of(key).keys for key in cell_keys())


def test_boxes_cover_the_grid_once():
    covered = [
        (row, column)
        for box in boxes()
        for row in range(box.row, box.row + box.rows)
        for column in range(box.column, box.column + box.columns)
    ]

    assert sorted(covered) == [(r, c) for r in range(1, NOTE_ROW + 1) for c in range(1, N_COLUMNS + 1)]


def test_places_are_those_of_the_official_sheet():
    assert box_of("ALL.outlets").area == "C7"
    assert box_of("B01.needs").area == "G8:I8"
    assert box_of("Q99.staff").area == "D30"
    assert box_of("residents").area == "H4:I4"
    assert box_of("operators") is box_of("has_platform")


@pytest.mark.parametrize(
    ("key", "value", "settings", "text"),
    [
        ("B01.outlets", 12, FormSettings(), "12.00"),
        ("B01.outlets", 12, WHOLE, "12"),
        ("B01.outlets", 0, FormSettings(), "0.00"),
        ("B01.outlets", None, FormSettings(), ""),
        ("centres", 1, WHOLE, "1"),
        ("B01.staff", 7, FormSettings(), "0.00"),
        ("B01.staff", 7, WHOLE, "0.00"),
        ("B01.staff", 561, FormSettings(), "0.06"),
        ("B01.staff", 650, FormSettings(), "0.07"),  # 0.065: half up
        ("B01.staff", 650, EVEN, "0.06"),  # 0.065: to the even digit
        ("residents", 32468, FormSettings(), "3.25"),
        ("B01.satisfaction", Decimal("86.6667"), FormSettings(), "86.67"),
        ("B01.satisfaction", Decimal("86.665"), EVEN, "86.66"),
        ("as_of", dt.date(2023, 1, 5), FormSettings(), "2023年1月5日"),
        ("as_of", None, FormSettings(), "　　年　月　日"),
        ("layouts", ("street",), FormSettings(), "集聚式为主□\n街坊式为主☑\n分布式为主□"),
        ("has_platform", True, FormSettings(), "另：是否有便民生活圈智慧服务平台：有☑　无□"),
        ("has_platform", None, FormSettings(), "另：是否有便民生活圈智慧服务平台：有□　无□"),
        ("B01.needs", " 缺早市\r\n缺菜店 ", FormSettings(), "缺早市\n缺菜店"),
    ],
)
def test_cells_print_as_the_form_asks(key, value, settings, text):
    assert printed(key, value, settings) == text


def test_invented_circle_is_marked_where_its_name_stands():
    doc = FormDoc({"circle": "甲圈"}, is_invented=True)

    assert box_text(box_of("circle"), doc) == "试点生活圈：甲圈（虚构演示数据）"


def test_rounding_is_told_only_when_rows_and_total_differ():
    # 23 rows of 49 persons: each prints 0.00; together they are 1127 persons, 0.11
    assert rounding_note([49] * 23) == "逐行相加 0.00，实际 0.11"
    assert rounding_note([100, 200, None]) is None
    # 60 and 60: 0.01 each, 0.01 together
    assert rounding_note([60, 60]) == "逐行相加 0.02，实际 0.01"


@given(st.lists(st.integers(0, 10**6), max_size=23))
def test_rounding_note_is_there_exactly_when_the_printed_rows_miss_the_total(persons):
    misses = sum((to_wan(p) for p in persons), Decimal(0)) != to_wan(sum(persons))

    assert (rounding_note(persons) is not None) == misses


def test_usual_notes_say_persons_and_guard_the_total():
    values = {f"{row}.staff": 49 for row in TYPE_ROWS} | {"ALL.staff": 1127, "residents": None}
    notes = usual_notes(values)

    assert notes["B01.staff"] == "实有 49 人"
    assert notes["ALL.staff"] == "实有 1,127 人；按万人逐行相加 0.00，实际 0.11"
    assert "residents" not in notes


def test_figures_read_as_printed_are_no_change_and_keep_exact_persons():
    doc = plain_doc()
    as_read = plain_values() | {"ALL.staff": 200, "residents": 32500}
    texts = {"ALL.staff": "0.02", "residents": "3.25"}

    assert changes(doc, as_read, texts) == ()


def test_change_names_old_and_new_and_a_cell_not_read_is_none():
    doc = plain_doc()
    (change,) = changes(doc, {"B01.outlets": 5, "B02.outlets": 3}, {"B01.outlets": "5", "B02.outlets": "3"})

    assert (change.key, change.old, change.new) == ("B01.outlets", 3, 5)
    assert changes(doc, {}, {}) == ()


def test_blank_is_unlike_zero():
    doc = plain_doc(B01__outlets=None, B02__outlets=0)
    found = changes(doc, {"B01.outlets": 0, "B02.outlets": None}, {"B01.outlets": "0", "B02.outlets": ""})

    assert [(c.key, c.old, c.new) for c in found] == [("B01.outlets", None, 0), ("B02.outlets", 0, None)]


def test_line_ends_and_blanks_of_texts_are_no_change():
    doc = plain_doc(B01__needs="缺早市；缺 菜店\n缺修鞋")

    assert changes(doc, {"B01.needs": "缺早市；缺菜店 缺修鞋"}, {}) == ()
    assert len(changes(doc, {"B01.needs": "缺早市"}, {})) == 1


@given(st.text())
def test_printable_text_is_the_same_when_made_printable_again(text):
    once = printable_text(text)

    assert printable_text(once) == once
    assert not set(once) & {"\x00", "\r", "\x0b", "\ufffe"}


def test_every_kind_is_known():
    assert {kind_of(key) for key in cell_keys()} == {
        "text", "date", "choices", "flag", "count", "persons", "percent",
    }  # fmt: skip
