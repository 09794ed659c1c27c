"""A timetable as all its papers tell it: words for days and trades, who comes where, how good it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from yike.reports.timetable_facts import Stop, TimetableFacts, Vendor, Visit
from yike.reports.words import chinese_date, count, share

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SETTLED = "optimal"
LISTS = {"vendors", "stops"}  # what a source may cover that all of a timetable hangs on
INVENTED = "虚构"
_NOT_IN_FILE_NAMES = re.compile(r"[^\w\-]+")


@dataclass(frozen=True)
class TimetableView:
    """Look-ups over one timetable; nothing here decides, everything is as the facts have it."""

    facts: TimetableFacts

    @cached_property
    def vendor_of(self) -> dict[str, Vendor]:
        """Vendors by id."""
        return {v.vendor_id: v for v in self.facts.vendors}

    @cached_property
    def stop_of(self) -> dict[str, Stop]:
        """Stops by id."""
        return {s.stop_id: s for s in self.facts.stops}

    @cached_property
    def trade_label_of(self) -> dict[str, str]:
        """Chinese label by code of a trade."""
        return dict(self.facts.trades)

    @cached_property
    def half_label_of(self) -> dict[str, str]:
        """Chinese label by code of a half-day."""
        return dict(self.facts.half_labels)

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """All visits by day, half-day, time, stop and vendor, whatever order the facts have them in."""
        half = {code: i for i, (code, _) in enumerate(self.facts.half_labels)}
        key = {v: i for i, v in enumerate(self.vendor_of)}
        at = {s: i for i, s in enumerate(self.stop_of)}
        return tuple(
            sorted(
                self.facts.visits,
                key=lambda v: (v.day, half[v.half], v.begins, v.ends, at[v.stop_id], key[v.vendor_id]),
            )
        )

    def at_stop(self, stop_id: str) -> tuple[Visit, ...]:
        """What comes to a stop."""
        return tuple(v for v in self.visits if v.stop_id == stop_id)

    def of_vendor(self, vendor_id: str) -> tuple[Visit, ...]:
        """Where a vendor goes."""
        return tuple(v for v in self.visits if v.vendor_id == vendor_id)

    def trades_of(self, vendor_id: str) -> tuple[str, ...]:
        """Labels of a vendor's trades; a code that the facts do not name stays a code."""
        return tuple(self.trade_label_of.get(t, t) for t in self.vendor_of[vendor_id].trades)

    def brought_by(self, vendor_id: str) -> tuple[str, ...]:
        """What a vendor brings in residents' words, each once: 理发, where the trade is called 美容美发店."""
        said = self.trade_label_of | dict(self.facts.visit_labels)
        return tuple(dict.fromkeys(said.get(t, t) for t in self.vendor_of[vendor_id].trades))

    def date_of(self, visit: Visit) -> dt.date:
        """The visit's first day: its weekday in the week of ``first_day``."""
        return self.facts.first_day + dt.timedelta(days=(visit.day - self.facts.first_day.weekday()) % 7)

    def when(self, visit: Visit) -> str:
        """``周一上午 08:00–11:30``."""
        return f"{WEEKDAYS[visit.day]}{self.half_label_of[visit.half]} {clock(visit)}"

    @property
    def is_invented(self) -> bool:
        """Whether the pack, or the list of vendors or stops in a real one, is made up (虚构)."""
        origin = self.facts.provenance
        lists = [s for s in origin.sources if LISTS & set(s.covers)]
        return origin.is_invented or any(INVENTED in s.name + s.attribution for s in lists)

    @property
    def validity(self) -> str:
        """From when to when."""
        first = chinese_date(self.facts.first_day.isoformat())
        if self.facts.last_day is None:
            return f"{first}起每周"
        return f"{first}至{chinese_date(self.facts.last_day.isoformat())}每周"

    @property
    def proof(self) -> str:
        """How far from the best the timetable can be, in words that promise no more than was proven."""
        if self.facts.status == SETTLED:
            return "已证明最优"
        return f"与最优相差不超过 {share(self.facts.gap, 1)}"

    @property
    def walk_minutes(self) -> str:
        """The residents' reach in minutes."""
        return f"{self.facts.walk_s / 60:g}"

    @property
    def origin(self) -> str:
        """Where the data come from and of which day."""
        origin = self.facts.provenance
        names = "、".join(s.name for s in origin.sources)
        day = f"数据日期 {chinese_date(origin.as_of)}"
        return f"{day}　来源：{names}" if names else day


def clock(visit: Visit) -> str:
    """``08:00–11:30``."""
    return f"{visit.begins}–{visit.ends}"


def people_words(people: float) -> str:
    """``1234 人``, or 未知."""
    return count(people) if people != people else f"{count(people)} 人"


def file_stems(ids: Iterable[str]) -> dict[str, str]:
    """
    A name for a file per id: letters (Chinese ones too), figures, ``-``, ``_``; unique whatever the ids.

    Two ids that differ in signs or case only are told apart by a number, since some file systems would not.
    """
    stems: dict[str, str] = {}
    taken: set[str] = set()
    for key in ids:
        base = _NOT_IN_FILE_NAMES.sub("_", key).strip("_")[:80] or "_"
        stem, n = base, 2
        while stem.casefold() in taken:
            stem, n = f"{base}_{n}", n + 1
        taken.add(stem.casefold())
        stems[key] = stem
    return stems
