"""Opening hours: what people write against minutes of the week worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yike.core.tables import Tri
from yike.sources.opening_hours import DAY_MIN, WEEK_MIN, parse_hours


def daily(from_min: int, to_min: int, days=range(7)) -> tuple[tuple[int, int], ...]:
    return tuple((day * DAY_MIN + from_min, day * DAY_MIN + to_min) for day in days)


SEVEN_TO_NINE = daily(7 * 60, 21 * 60)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("07:00-21:00", SEVEN_TO_NINE),
        ("７：００—２１：００", SEVEN_TO_NINE),
        ("早7晚9", SEVEN_TO_NINE),
        ("7点至21点", SEVEN_TO_NINE),
        ("早上七点到晚上九点", SEVEN_TO_NINE),
        ("营业时间：每天7:00～21:00", SEVEN_TO_NINE),
        ("周一至周日 7:00-21:00", SEVEN_TO_NINE),
        ("Mo-Su 07:00-21:00", SEVEN_TO_NINE),
        ("Mo-Su,PH 07:00-21:00", SEVEN_TO_NINE),
        ("7:00am - 9:00pm", SEVEN_TO_NINE),
        ("7:00-21:00（节假日不休）", SEVEN_TO_NINE),
        ("7:30-21:30", daily(450, 1290)),
        ("早7点半至晚9点半", daily(450, 1290)),
        ("工作日8：30—17：30", daily(510, 1050, range(5))),
        ("周末10:00-16:00", daily(600, 960, (5, 6))),
        ("周1-5 8:00-17:00", daily(480, 1020, range(5))),
        ("9:00-17:00（周一闭馆）", daily(540, 1020, range(1, 7))),
        ("周一闭馆，9:00-17:00", daily(540, 1020, range(1, 7))),
        ("周二、四 9:00-11:00", daily(540, 660, (1, 3))),
        ("24小时", ((0, WEEK_MIN),)),
        ("24/7", ((0, WEEK_MIN),)),
        ("全天24小时营业", ((0, WEEK_MIN),)),
        ("00:00-24:00", ((0, WEEK_MIN),)),
    ],
)
def test_parse_hours_reads_what_people_write(text, spans):
    hours = parse_hours(text)

    assert hours.is_known
    assert hours.spans == spans


def test_parse_hours_gives_mornings_and_afternoons_apart():
    hours = parse_hours("上午8:00-12:00 下午2:00-6:00")

    assert hours.spans[:2] == ((480, 720), (840, 1080))
    assert len(hours.spans) == 14


def test_parse_hours_lets_a_later_day_rule_replace_an_earlier_one():
    hours = parse_hours("每天8:00-20:00；周日10:00-18:00")

    assert hours.spans[0] == (480, 1200)
    assert hours.spans[6] == (6 * DAY_MIN + 600, 6 * DAY_MIN + 1080)


def test_parse_hours_carries_the_night_into_the_next_day():
    hours = parse_hours("Fr 18:00-02:00")

    assert hours.spans == ((4 * DAY_MIN + 1080, 5 * DAY_MIN + 120),)
    assert hours.is_open(5 * DAY_MIN + 119) is Tri.YES
    assert hours.is_open(5 * DAY_MIN + 120) is Tri.NO


def test_parse_hours_carries_sunday_night_into_monday():
    assert parse_hours("周日22:00-次日02:00").spans == ((0, 120), (6 * DAY_MIN + 1320, WEEK_MIN))


def test_parse_hours_by_season_promises_only_what_every_season_keeps():
    hours = parse_hours("夏季6:00-20:00；冬季7:00-19:00")

    assert hours.is_seasonal
    assert hours.spans == daily(7 * 60, 19 * 60)
    assert hours.text == "夏季6:00-20:00；冬季7:00-19:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "看情况",
        "7-22",
        "10:00+",
        "sunrise-sunset",
        "Tu[1] 10:00-12:00",
        "25:99-31:00",
        "周末休息",
        "PH off",
        "8:00-17:30（午休12:00-14:00）",
        "不详",
        "12个",
    ],
)
def test_parse_hours_keeps_the_text_it_cannot_read(text):
    hours = parse_hours(text)

    assert hours.text == text
    assert not hours.is_known
    assert hours.is_24h is hours.opens_before_8 is hours.open_after_21 is Tri.UNKNOWN


@pytest.mark.parametrize(
    ("text", "is_24h", "before_8", "after_21"),
    [
        ("24小时", Tri.YES, Tri.YES, Tri.YES),
        ("06:00-21:00", Tri.NO, Tri.YES, Tri.NO),
        ("08:00-21:01", Tri.NO, Tri.NO, Tri.YES),
        ("07:59-12:00", Tri.NO, Tri.YES, Tri.NO),
        ("周六日 6:00-23:00", Tri.NO, Tri.NO, Tri.NO),
    ],
)
def test_flags_say_early_and_late_on_most_days(text, is_24h, before_8, after_21):
    hours = parse_hours(text)

    assert (hours.is_24h, hours.opens_before_8, hours.open_after_21) == (is_24h, before_8, after_21)


@given(st.text(max_size=40))
def test_parse_hours_never_raises_and_spans_are_in_order(text):
    spans = parse_hours(text).spans

    flat = [minute for span in spans for minute in span]
    assert flat == sorted(set(flat))
    assert all(0 <= minute <= WEEK_MIN for minute in flat)


@given(st.integers(0, 1439), st.integers(1, 1439))
def test_parse_hours_keeps_the_length_of_every_day(start, length):
    end = (start + length) % DAY_MIN
    text = f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"

    hours = parse_hours(text)

    assert sum(b - a for a, b in hours.spans) == 7 * length


@pytest.mark.real
def test_parse_hours_reads_most_of_what_is_mapped(shared_data):
    import osmium

    texts = [
        o.tags["opening_hours"]
        for o in osmium.FileProcessor(str(shared_data / "helsinki-center" / "helsinki.osm.pbf"))
        if "opening_hours" in o.tags
    ]

    share = sum(parse_hours(t).is_known for t in texts) / len(texts)

    assert len(texts) > 200
    assert share > 0.93
