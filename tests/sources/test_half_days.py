"""Half-days of the week as people write them."""

import numpy as np
import pytest

from yike.sources.half_days import half_name, parse_half_days

ALL = set(range(14))
AM = {0, 2, 4, 6, 8, 10, 12}
WORK = set(range(10))


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("", ALL),
        ("—", ALL),
        ("每天", ALL),
        ("不限", ALL),
        ("每天上午", AM),
        ("上午", AM),
        ("下午", ALL - AM),
        ("工作日", WORK),
        ("工作日上午", AM & WORK),
        ("周末", {10, 11, 12, 13}),
        ("周六日", {10, 11, 12, 13}),
        ("周一上午；周三下午", {0, 5}),
        ("周一上午、周三下午", {0, 5}),
        ("周一上午 周三下午", {0, 5}),
        ("星期一", {0, 1}),
        ("周一、三、五上午", {0, 4, 8}),
        ("周一、周三上午", {0, 4}),
        ("周一至周三", {0, 1, 2, 3, 4, 5}),
        ("周六至周一上午", {10, 12, 0}),
        ("周五到周日下午；周二", {9, 11, 13, 2, 3}),
        ("周天全天", {12, 13}),
        ("礼拜2下午", {3}),
        ("周1-5", WORK),
        ("除周日外", ALL - {12, 13}),
        ("周一休息", ALL - {0, 1}),
        ("每天；周三下午休息", ALL - {5}),
        ("工作日；除周三上午", WORK - {4}),
        ("周一上午，周六", {0, 10, 11}),
        ("每天８:00-11:30", AM),
        ("周六 8:00-11:30", {10}),
        ("周六 8:00-15:00", {10, 11}),
        ("周六 8:00-13:00", {10}),  # one hour of the afternoon is no half-day
    ],
)
def test_half_days_are_read(text, halves):
    assert set(np.flatnonzero(parse_half_days(text)).tolist()) == halves


@pytest.mark.parametrize("text", ["逢三逢八", "看情况", "周八", "周一晚上八点后", "13", "周一上午；随时通知"])
def test_what_has_no_reading_is_not_guessed(text):
    assert parse_half_days(text) is None


def test_half_days_have_names():
    assert [half_name(h) for h in (0, 5, 13)] == ["周一上午", "周三下午", "周日下午"]
