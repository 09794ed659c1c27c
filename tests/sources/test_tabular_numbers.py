import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yike.sources.headers import match_headers, plain
from yike.sources.numbers import Number, is_blank, parse_degrees, parse_number


@pytest.mark.parametrize(
    ("text", "value", "how"),
    [
        ("12", 12, "plain"),
        ("-5.5", -5.5, "plain"),
        ("1,234", 1234, "plain"),
        ("１２", 12, "cleaned"),
        ("12个", 12, "cleaned"),
        ("１，２３４．５ 平方米", 1234.5, "cleaned"),
        ("1.2万", 12_000, "cleaned"),
        ("3 家", 3, "cleaned"),
        ("80㎡", 80, "cleaned"),
        ("约30人", 30, "about"),
        ("30人左右", 30, "about"),
        (" 7 ", 7, "cleaned"),
    ],
)
def test_numbers_read_as_people_type_them(text, value, how):
    assert parse_number(text) == Number(value, how)


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1e999", "12,5", "1,23", "十二", "12-15", "1.2.3", "x", "12个人"]
)
def test_what_could_mean_two_things_is_no_number(text):
    read = parse_number(text)
    assert read.how == "bad"
    assert math.isnan(read.value)


@pytest.mark.parametrize("text", ["", " ", "—", "--", "/", "无", "不详", "N/A", "　"])
def test_blank_words_are_unknown_and_not_zero(text):
    assert parse_number(text).how == "blank"
    assert math.isnan(parse_number(text).value)
    assert is_blank(text)


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_every_finite_number_that_python_writes_comes_back(value):
    assert parse_number(repr(value)).value == value


@given(st.integers(0, 10**9))
def test_grouping_and_full_width_change_nothing(value):
    wide = f"{value:,}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,"})
    assert parse_number(f"{value:,}").value == parse_number(wide).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("116.325", 116.325),
        ("１１６．３２５", 116.325),
        ("116°19′30″", 116.325),
        ("116°19'30\"E", 116.325),
        ("东经116度19分30秒", 116.325),
        ("N39°54′", 39.9),
        ("39.9N", 39.9),
        ("33.5S", -33.5),
        ("西经15.4", -15.4),
        ("-15.4", -15.4),
    ],
)
def test_degrees_read_in_every_usual_form(text, value):
    assert parse_degrees(text).value == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "116,3", "abc", "12941234米", "116°99"])
def test_what_is_no_degree_is_refused(text):
    assert parse_degrees(text).how == "bad"


@pytest.mark.parametrize("text", ["", "—", "无"])
def test_blank_degrees_are_blank(text):
    assert parse_degrees(text).how == "blank"


def test_headers_match_without_width_case_units_and_stars():
    headers = [
        "序号",
        "*网点名称",
        "业 态",
        "LON",
        "Latitude",
        "面积（㎡）",
        "直营／加盟",
        "统一社会信用代码",
    ]
    assert match_headers(headers, "outlet") == {
        "id": 0, "name": 1, "type": 2, "lon": 3, "lat": 4, "area_m2": 5, "mode": 6, "credit_code": 7,
    }  # fmt: skip


def test_the_better_word_wins_between_two_columns():
    assert match_headers(["序号", "编号"], "outlet")["id"] == 1


def test_plain_keeps_what_stands_in_brackets_alone():
    assert plain("（经度）") == "(经度)"
