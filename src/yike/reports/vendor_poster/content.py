"""What stands on the poster of a stop: plain data for the template."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from yike.reports.timetable_facts import Stop, Visit
from yike.reports.timetable_view import WEEKDAYS, TimetableView
from yike.reports.vendor_poster.qr import Code, code_of

MOST_IN_ONE_LINE = 8  # visits at the same time; more go on as a line of their own, so that pages can break


def posters(view: TimetableView) -> list[dict[str, Any]]:
    """
    One poster for each stop that somebody comes to, in the order of the stops.

    A stop without visits has nothing to tell residents and gets none.
    """
    return [_poster(view, stop) for stop in view.facts.stops if view.at_stop(stop.stop_id)]


def _poster(view: TimetableView, stop: Stop) -> dict[str, Any]:
    visits = view.at_stop(stop.stop_id)
    code = code_of(view, stop, visits)
    origin = view.facts.provenance
    return {
        "id": stop.stop_id,
        "name": stop.name or stop.stop_id,
        "community": stop.community,
        "address": stop.address,
        "lines": _lines(view, visits),
        "validity": view.validity,
        "code": code.svg,
        "code_caption": _caption(code),
        "contacts": _contacts(view, visits),
        "origin": view.origin,
        "area": origin.name,
        "map_review": origin.map_review_no,
        "is_invented": view.is_invented,
    }


def _lines(view: TimetableView, visits: tuple[Visit, ...]) -> list[dict[str, Any]]:
    """A line for each weekday, half-day and time, with all who come then."""
    lines = []
    for (day, half, begins, ends), together in groupby(visits, lambda v: (v.day, v.half, v.begins, v.ends)):
        who = [
            {"trades": view.brought_by(v.vendor_id), "vendor": view.vendor_of[v.vendor_id].name}
            for v in together
        ]
        for start in range(0, len(who), MOST_IN_ONE_LINE):
            lines.append({
                "day": WEEKDAYS[day],
                "half": view.half_label_of[half],
                "time": f"{_plain_clock(begins)}–{_plain_clock(ends)}",
                "who": who[start : start + MOST_IN_ONE_LINE],
            })  # fmt: skip
    return lines


def _plain_clock(time: str) -> str:
    """``8:00``, as clocks are read aloud."""
    return time.removeprefix("0") if time[1:2] != ":" else time


def _caption(code: Code) -> str:
    if code.is_link:
        return "扫一扫，看最新时间"
    return "扫一扫，把时间存进手机" if code.is_whole else "扫一扫，存下部分时间"


def _contacts(view: TimetableView, visits: tuple[Visit, ...]) -> list[str]:
    """Name and telephone of those who gave one, each once, as they come."""
    vendors = {v.vendor_id: view.vendor_of[v.vendor_id] for v in visits}
    return [f"{v.name} {v.phone}" for v in vendors.values() if v.phone]
