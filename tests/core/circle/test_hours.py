"""Opening hours as people write them."""

import pytest

from yike.core.circle.hours import is_all_day, is_open_late, read_hours


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("08:00-22:00", ((480, 1320),)),
        ("8:00—21:30", ((480, 1290),)),
        ("０７：００～２２：３０", ((420, 1350),)),
        ("7:00-14:00,17:00-21:00", ((420, 840), (1020, 1260))),
        ("18:00-02:00", ((1080, 1560),)),
        ("Mo-Sa 07:00-22:30; Su 09:00-18:00", ((420, 1350), (540, 1080))),
        ("24小时", ((0, 1440),)),
        ("24 小时营业", ((0, 1440),)),
        ("24/7", ((0, 1440),)),
        ("00:00-24:00", ((0, 1440),)),
        ("08:00-08:00", ((480, 1920),)),
        ("看天气", None),
        ("25:00-26:00", None),
        ("08:75-22:00", None),
    ],
)
def test_read_hours_understands_what_people_write(text, spans):
    got = read_hours(text)
    assert (got.spans if got else None) == spans


def test_open_late_is_after_the_minute_not_at_it():
    hours = ["08:00-21:00", "08:00-21:01", "18:00-02:00", "24h", "", "不定"]
    assert is_open_late(hours, 21 * 60).tolist() == [0, 1, 1, 1, -1, -1]


def test_all_day_takes_round_the_clock_however_written():
    hours = ["00:00-24:00", "24/7", "全天", "08:00-22:00", "00:00-23:59"]
    assert is_all_day(hours).tolist() == [1, 1, 1, 0, 0]
