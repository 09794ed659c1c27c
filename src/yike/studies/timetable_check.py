"""A timetable that a person changed: which rules it breaks, and whom it serves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.siting.timetable import TimetablePlan
from yike.core.tables import PlanStatus
from yike.errors import Fault, InputError, message_of
from yike.reports.timetable_facts import TimetableFacts
from yike.sources.half_days import half_name
from yike.sources.intake import fault
from yike.studies.base import Base
from yike.studies.timetable import (
    HALVES,
    TimetableSpec,
    days_of,
    first_day_of,
    reach_rows,
    stop_rows,
    vendor_rows,
    visit_rows,
)
from yike.studies.timetable_ground import Ground, timetable_ground

Visit3 = tuple[int, int, int]  # vendor, stop, half-day


def check_timetable(base: Base, spec: TimetableSpec, file: Path) -> tuple[TimetableFacts, list[Fault]]:
    """
    Read the visits of an edited ``timetable.json`` and hold them against the rules.

    Returns
    -------
    Facts with the coverage of the timetable as it stands (bound unknown), and one fault per broken rule;
    visits of vendors or stops nobody knows are faults and count for nothing.

    Raises
    ------
    InputError
        The file is no timetable.
    """
    ground = timetable_ground(base, spec)
    faults: list[Fault] = []
    visits = _visits(ground, file, faults)
    faults += broken_rules(ground, spec, visits, file.name)
    plan = _plan(visits, spec)
    name = base.pack.provenance.name
    facts = TimetableFacts(
        provenance=base.pack.provenance, title=message_of("timetable_words.title", {"name": name}),
        first_day=first_day_of(base, spec), last_day=spec.last_day, walk_s=spec.walk_s,
        vendors=vendor_rows(ground), stops=stop_rows(ground), trades=ground.trades,
        visits=visit_rows(ground, spec, plan), reach=reach_rows(ground, days_of(ground, plan)),
        objective=plan.objective, bound=plan.bound, gap=plan.gap, status=str(plan.status), method="",
        seconds=0.0, seed=0,
    )  # fmt: skip
    return facts, faults


def _visits(ground: Ground, file: Path, faults: list[Fault]) -> list[Visit3]:
    vendor_at = {key: i for i, key in enumerate(ground.vendors.vendor_id)}
    stop_at = {key: i for i, key in enumerate(ground.stops.stop_id)}
    found = []
    for number, raw in enumerate(_raw_visits(file), start=1):
        vendor, stop = str(raw.get("vendor_id", "")), str(raw.get("stop_id", ""))
        day, half = raw.get("day"), raw.get("half")
        here = {"file": file.name}
        if vendor not in vendor_at:
            faults.append(
                fault(
                    "timetable.check.vendor",
                    column=f"[visits] 第 {number} 条 vendor_id",
                    found=vendor,
                    **here,
                )
            )
        elif stop not in stop_at:
            faults.append(
                fault("timetable.check.stop", column=f"[visits] 第 {number} 条 stop_id", found=stop, **here)
            )
        elif not isinstance(day, int) or isinstance(day, bool) or not 0 <= day <= 6 or half not in HALVES:
            faults.append(
                fault(
                    "timetable.check.when",
                    column=f"[visits] 第 {number} 条 day",
                    found=f"{day} {half}",
                    **here,
                )
            )
        else:
            found.append((vendor_at[vendor], stop_at[stop], 2 * day + HALVES.index(half)))
    return found


def _raw_visits(file: Path) -> list[dict[str, Any]]:
    try:
        data = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise InputError("timetable.check.unreadable", file=file.name, found=_where(wrong)) from None
    visits = data.get("visits") if isinstance(data, dict) else None
    if not isinstance(visits, list) or not all(isinstance(v, dict) for v in visits):
        raise InputError("timetable.check.format", file=file.name, found="visits")
    return visits


def _where(wrong: Exception) -> str:
    """What stopped the reading, in words."""
    if isinstance(wrong, json.JSONDecodeError):
        return f"第 {wrong.lineno} 行第 {wrong.colno} 个字起写法不对"
    return "编码不对" if isinstance(wrong, UnicodeDecodeError) else "内容不对"


def broken_rules(ground: Ground, spec: TimetableSpec, visits: list[Visit3], file: str) -> list[Fault]:
    """One fault per broken rule: free days, market days, capacity, trades, half-days a week, travel."""
    v, s = ground.vendors, ground.stops
    faults = []

    def tell(code: str, vendor: int, stop: int, half: int, **facts: Any) -> None:
        named = {"vendor": v.name[vendor], "stop": s.name[stop], "when": half_name(half)}
        faults.append(fault(f"timetable.check.{code}", file=file, **named, **facts))

    for vendor, stop, half in visits:
        if not v.is_free[vendor, half]:
            tell("not_free", vendor, stop, half)
        if not s.is_open[stop, half]:
            tell("not_open", vendor, stop, half)
        if not (ground.vendor_trades[vendor] & ground.stop_trades[stop]).any():
            tell("not_allowed", vendor, stop, half)
    _tell_counts(ground, visits, tell)
    _tell_travel(ground, spec, visits, tell)
    return faults


def _tell_counts(ground: Ground, visits: list[Visit3], tell: Callable[..., None]) -> None:
    by_slot: dict[tuple[int, int], list[Visit3]] = {}
    by_vendor: dict[int, list[Visit3]] = {}
    at_stop: dict[tuple[int, int], list[Visit3]] = {}
    for visit in visits:
        vendor, stop, half = visit
        by_slot.setdefault((vendor, half), []).append(visit)
        by_vendor.setdefault(vendor, []).append(visit)
        at_stop.setdefault((stop, half), []).append(visit)
    for _, same in sorted(by_slot.items()):
        if len(same) > 1:
            tell("two_places", *same[1])
    for vendor, same in sorted(by_vendor.items()):
        most = int(ground.vendors.most[vendor])
        if len({h for _, _, h in same}) > most:
            tell("too_many", *same[-1], found=len(same), expected=most)
    for (stop, _), same in sorted(at_stop.items()):
        room = int(ground.stops.capacity[stop])
        if len(same) > room:
            tell("full", *same[-1], found=len(same), expected=room)


def _tell_travel(
    ground: Ground, spec: TimetableSpec, visits: list[Visit3], tell: Callable[..., None]
) -> None:
    where = {(vendor, half): stop for vendor, stop, half in visits}
    for (vendor, half), stop in sorted(where.items()):
        other = where.get((vendor, half + 1))
        if half % 2 == 0 and other is not None and other != stop:
            seconds = float(ground.travel_s[stop, other])
            if not seconds <= spec.travel_s:
                minutes = f"{spec.travel_s / 60:g}"
                tell("too_far", vendor, stop, half, other=ground.stops.name[other], expected=minutes)


def _plan(visits: list[Visit3], spec: TimetableSpec) -> TimetablePlan:
    rows = np.array(sorted(set(visits), key=lambda v: (v[2], v[1], v[0])), np.int32).reshape(-1, 3)
    nan = float("nan")
    return TimetablePlan(
        rows[:, 0], rows[:, 1], rows[:, 2], nan, nan, nan, nan, -1, PlanStatus.BOUNDED, "person", "", 0.0, 0
    )
