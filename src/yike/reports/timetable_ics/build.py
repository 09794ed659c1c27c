"""Write calendar files (RFC 5545) without clock, network or a data base of time zones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from yike.reports.timetable_facts import TimetableFacts, Visit
from yike.reports.timetable_view import TimetableView, file_stems

ZONE = "Asia/Shanghai"
OFFSET = dt.timedelta(hours=8)  # all year since 1991-09-15
PRODUCT = "-//yike//timetable//ZH"
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_SECOND = dt.time(23, 59, 59)


def write_ics(facts: TimetableFacts, folder: Path) -> list[Path]:
    """
    Write one calendar per vendor and per stop that has visits.

    Parameters
    ----------
    facts
        The timetable. Events repeat weekly from ``first_day``, until ``last_day`` where there is one.
    folder
        Where to write; made if missing.

    Returns
    -------
    list of Path
        Vendors first, then stops, in their order. The bytes depend on the facts alone: DTSTAMP is
        ``first_day``, a UID names pack, vendor, stop and half-day, so a new issue replaces the old events.
    """
    view = TimetableView(facts)
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [(f"vendor-{v.vendor_id}", v.name, view.of_vendor(v.vendor_id), True) for v in facts.vendors]
    jobs += [(f"stop-{s.stop_id}", s.name, view.at_stop(s.stop_id), False) for s in facts.stops]
    jobs = [job for job in jobs if job[2]]
    stems = file_stems(key for key, *_ in jobs)
    written = []
    for key, name, visits, is_vendor in jobs:
        path = folder / f"{stems[key]}.ics"
        path.write_bytes(_calendar(view, name, visits, is_vendor=is_vendor).to_ical())
        written.append(path)
    return written


def _calendar(view: TimetableView, name: str, visits: Iterable[Visit], *, is_vendor: bool) -> Calendar:
    calendar = Calendar()
    mark = "【虚构】" if view.is_invented else ""
    for key, value in (
        ("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH"),
        ("x-wr-calname", f"{mark}{_clean(name)}　流动便民服务"), ("x-wr-timezone", ZONE),
    ):  # fmt: skip
        calendar.add(key, value)
    calendar.add_component(_zone())
    for visit in visits:
        calendar.add_component(_event(view, visit, mark, is_vendor=is_vendor))
    return calendar


def _zone() -> Timezone:
    """One rule, no summer time: what China has had since 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", dt.datetime(1991, 9, 15))
    standard.add("tzoffsetfrom", OFFSET)
    standard.add("tzoffsetto", OFFSET)
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(view: TimetableView, visit: Visit, mark: str, *, is_vendor: bool) -> Event:
    facts, event = view.facts, Event()
    stop, vendor = view.stop_of[visit.stop_id], view.vendor_of[visit.vendor_id]
    trades = "、".join(view.brought_by(visit.vendor_id))
    title = f"{stop.name}（{trades}）" if is_vendor else f"{trades}　{vendor.name}"
    event.add(
        "uid", f"{facts.provenance.code}-{visit.vendor_id}-{visit.stop_id}-{visit.day}{visit.half}@yike"
    )
    event.add("dtstamp", dt.datetime.combine(facts.first_day, dt.time(), dt.UTC))
    event.add("summary", mark + _clean(title))
    day = view.date_of(visit)
    for key, time in (("dtstart", visit.begins), ("dtend", visit.ends)):
        event.add(key, dt.datetime.combine(day, dt.time.fromisoformat(time)), {"TZID": ZONE})
    event.add("rrule", _rule(facts, visit))
    event.add("location", _clean("，".join(filter(None, (stop.name, stop.address)))))
    event.add("geo", (stop.lat, stop.lon))
    event.add("description", "时间如有变动，以现场为准。" + (facts.public_url and f"\n{facts.public_url}"))
    if facts.public_url:
        event.add("url", facts.public_url)
    return event


def _rule(facts: TimetableFacts, visit: Visit) -> dict[str, object]:
    rule: dict[str, object] = {"freq": "WEEKLY", "byday": BYDAY[visit.day]}
    if facts.last_day is not None:
        end = dt.datetime.combine(facts.last_day, LAST_SECOND) - OFFSET
        rule["until"] = end.replace(tzinfo=dt.UTC)
    return rule


def _clean(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\u3000")
