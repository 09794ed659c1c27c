"""Calendar files, parsed back: weekly events in Chinese time, the same bytes, lines as the standard asks."""

import datetime as dt
from zoneinfo import ZoneInfo

from icalendar import Calendar

from timetable_facts_maker import STOPS, invented, one_visit, usual
from yike.reports.timetable_ics.build import write_ics

SHANGHAI = ZoneInfo("Asia/Shanghai")


def events(path):
    return Calendar.from_ical(path.read_bytes()).walk("VEVENT")


def test_one_file_a_vendor_and_one_a_stop(tmp_path):
    names = [p.name for p in write_ics(usual(), tmp_path)]

    assert names == [
        "vendor-V1.ics", "vendor-V2.ics", "vendor-V3.ics", "vendor-V4.ics",
        "stop-P1.ics", "stop-P2.ics", "stop-P3.ics",
    ]  # fmt: skip
    assert [len(events(tmp_path / n)) for n in names] == [2, 1, 2, 3, 5, 2, 1]


def test_who_has_no_visit_gets_no_file(tmp_path):
    assert [p.name for p in write_ics(one_visit(stops=STOPS), tmp_path)] == ["vendor-V1.ics", "stop-P1.ics"]


def test_event_repeats_weekly_from_its_day_in_the_first_week(tmp_path):
    write_ics(one_visit(), tmp_path)
    (event,) = events(tmp_path / "stop-P1.ics")

    # 2026-01-05 is a Monday, the visit is on Wednesdays
    assert event["dtstart"].dt == dt.datetime(2026, 1, 7, 8, 0, tzinfo=SHANGHAI)
    assert event["dtend"].dt == dt.datetime(2026, 1, 7, 11, 30, tzinfo=SHANGHAI)
    assert event["dtstart"].dt.utcoffset() == dt.timedelta(hours=8)
    assert event["rrule"] == {"FREQ": ["WEEKLY"], "BYDAY": ["WE"]}
    assert event["summary"] == "维修　王师傅修鞋摊"
    assert event["location"] == "光明社区广场，光明路 12 号东侧"


def test_vendors_calendar_names_the_stops(tmp_path):
    write_ics(one_visit(), tmp_path)

    assert events(tmp_path / "vendor-V1.ics")[0]["summary"] == "光明社区广场（维修）"


def test_repetition_ends_with_the_last_day(tmp_path):
    write_ics(one_visit(last_day=dt.date(2026, 3, 31)), tmp_path)
    (event,) = events(tmp_path / "stop-P1.ics")

    assert event["rrule"]["UNTIL"] == [
        dt.datetime(2026, 3, 31, 15, 59, 59, tzinfo=dt.UTC)
    ]  # 23:59:59 in China


def test_calendar_brings_its_time_zone(tmp_path):
    write_ics(one_visit(), tmp_path)
    (zone,) = Calendar.from_ical((tmp_path / "stop-P1.ics").read_bytes()).walk("VTIMEZONE")
    (standard,) = zone.subcomponents

    assert zone["tzid"] == "Asia/Shanghai"
    assert (standard.name, standard["tzoffsetto"].td) == ("STANDARD", dt.timedelta(hours=8))


def test_ids_and_stamps_are_fixed_and_unique(tmp_path):
    write_ics(usual(), tmp_path / "a")
    write_ics(usual(seconds=9.9), tmp_path / "b")
    ids = [str(e["uid"]) for p in sorted((tmp_path / "a").glob("stop-*.ics")) for e in events(p)]

    assert len(set(ids)) == len(ids) == 8
    assert "tiny-V1-P1-0am@yike" in ids
    assert {e["dtstamp"].dt for e in events(tmp_path / "a" / "stop-P1.ics")} == {
        dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    }
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_lines_end_and_fold_as_the_standard_asks(tmp_path):
    write_ics(usual(public_url="https://example.org/" + "x" * 200), tmp_path)
    raw = (tmp_path / "stop-P1.ics").read_bytes()

    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert str(events(tmp_path / "stop-P1.ics")[0]["url"]).endswith("x" * 200)


def test_invented_is_said_in_every_event(tmp_path):
    for path in write_ics(invented(), tmp_path):
        assert all(str(e["summary"]).startswith("【虚构】") for e in events(path))
        assert b"\xe8\x99\x9a\xe6\x9e\x84" in path.read_bytes()


def test_signs_of_the_format_in_names_are_kept(tmp_path):
    stop = STOPS[0].__class__("P1", "东门;2,北\\侧", "a\nb", 111.0, 34.0, "")
    write_ics(one_visit(stops=(stop,)), tmp_path)
    (event,) = events(tmp_path / "stop-P1.ics")

    assert event["location"] == "东门;2,北\\侧，ab"
    assert event["geo"].to_ical() == "34.0;111.0"
