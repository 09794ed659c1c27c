"""The QR code of a poster: the page of the timetable, or the stop's times as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import segno

from yike.reports.timetable_facts import Stop, Visit
from yike.reports.timetable_view import WEEKDAYS, TimetableView, clock

# A code of 40 mm is read from an arm's length while a module is at least 0.4 mm: 97 modules, version 20.
MOST_VERSION = 20
MOST_BYTES = 666  # version 20, level M, bytes: ISO/IEC 18004 table 7
QUIET = 4  # modules of white around it, as the standard asks
MORE = "……"


@dataclass(frozen=True)
class Code:
    """A QR code: its picture, its text, whether that is a link, whether all visits are in it."""

    svg: str
    text: str
    is_link: bool
    is_whole: bool


def code_of(view: TimetableView, stop: Stop, visits: Sequence[Visit]) -> Code:
    """The link when there is one; else as much of the stop's times as a phone can still read."""
    if view.facts.public_url:
        return Code(_svg(view.facts.public_url), view.facts.public_url, is_link=True, is_whole=True)
    head = f"{stop.name or stop.stop_id} 流动便民服务"
    if view.is_invented:
        head = f"【虚构】{head}"
    forms: tuple[Callable[..., list[str]], ...] = (_with_names, _with_times, _by_trade)
    for form in forms:
        text = "\n".join([head, view.validity, *form(view, visits)])
        if _fits(text):
            return Code(_svg(text), text, is_link=False, is_whole=True)
    cut = _cut(text)
    return Code(_svg(cut), cut, is_link=False, is_whole=False)


def _with_names(view: TimetableView, visits: Sequence[Visit]) -> list[str]:
    return [
        f"{view.when(v)} {'、'.join(view.brought_by(v.vendor_id))} {view.vendor_of[v.vendor_id].name}"
        for v in visits
    ]


def _with_times(view: TimetableView, visits: Sequence[Visit]) -> list[str]:
    """One line a half-day, trades only."""
    lines = []
    for (day, half, _, _), together in groupby(visits, lambda v: (v.day, v.half, v.begins, v.ends)):
        some = list(together)
        trades = dict.fromkeys(t for v in some for t in view.brought_by(v.vendor_id))
        lines.append(f"{WEEKDAYS[day]}{view.half_label_of[half]}{clock(some[0])} {'、'.join(trades)}")
    return lines


def _by_trade(view: TimetableView, visits: Sequence[Visit]) -> list[str]:
    """One line a trade, half-days only: short however many visits there are."""
    trades = dict.fromkeys(t for v in visits for t in view.brought_by(v.vendor_id))
    return [f"{t}：{'、'.join(_half_days(view, visits, t))}" for t in trades]


def _half_days(view: TimetableView, visits: Sequence[Visit], trade: str) -> list[str]:
    words = []
    for day, of_day in groupby(visits, lambda v: v.day):
        halves = dict.fromkeys(v.half for v in of_day if trade in view.brought_by(v.vendor_id))
        if len(halves) == len(view.half_label_of):
            words.append(WEEKDAYS[day])
        elif halves:
            words.append(WEEKDAYS[day] + "".join(view.half_label_of[h] for h in halves))
    return words


def _fits(text: str) -> bool:
    return len(text.encode()) <= MOST_BYTES


def _cut(text: str) -> str:
    kept = text.encode()[: MOST_BYTES - len(MORE.encode())].decode(errors="ignore")
    return kept + MORE


def _svg(text: str) -> str:
    """Level M (a seventh may be dirty or torn); the smallest version that holds it."""
    code = segno.make(text, error="m", encoding="utf-8", micro=False, boost_error=False)
    return str(code.svg_inline(border=QUIET, dark="#000", light="#fff", omitsize=True))
