"""The weekly timetable of moving vendors for one pack: who stands where, and whom that serves."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yike.core.siting.options import SolveOptions
from yike.core.siting.timetable import FAIR_MODES, TimetablePlan, TimetableProblem
from yike.core.siting.timetable_solve import solve_timetable
from yike.core.tables import BoolArray, FloatArray
from yike.errors import InfeasibleError, InputError, TimeLimitError, message_of
from yike.reports.timetable_facts import Stop, TimetableFacts, TradeReach, Vendor, Visit
from yike.reports.words import share
from yike.studies.base import Base
from yike.studies.study import Progress, silent
from yike.studies.timetable_ground import Ground, people_at, timetable_ground
from yike.studies.timetable_notes import notes_of
from yike.studies.watch import Watch

HALVES = ("am", "pm")
MONDAY = 0
LONGEST_URL = 500
"""Bytes of an address that a QR code on a poster still shows large enough to be read."""


@dataclass(frozen=True)
class TimetableSpec:
    """
    What to ask for.

    ``fair``: "lexicographic" (the worst community first, then the most people), "weighted" or "none".
    ``first_day`` is a Monday; None takes the one after the pack's date. Files override the pack's own.
    """

    trades: tuple[str, ...] = ()  # codes or names; empty: whatever the vendors offer
    walk_s: float = 600.0
    twice: bool = False  # meeting a trade a second time, on another day, counts too
    twice_worth: float = 0.5
    fair: str = "lexicographic"
    fairness: float = 0.5  # weight of the worst community under "weighted"
    count_served: bool = False  # people with a fixed outlet of the trade count too
    least_share: float | None = None  # each community that a stop reaches gets at least this share
    travel: str = "walk"  # between two stops of one day: "walk" | "straight"
    travel_s: float = 1800.0  # at most so long (推定)
    am: tuple[str, str] = ("08:00", "11:30")  # (推定)
    pm: tuple[str, str] = ("14:00", "17:30")
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    vendors: Path | None = None
    stops: Path | None = None
    stops_from: str = ""  # "premises" | "communities" | "movable": where the pack names no stops
    datum: str = ""  # of the file ``stops``; as the pack's outlets where empty
    public_url: str = ""
    time_limit_s: float = 60.0
    seed: int = 0
    rounds: int | None = None  # of the search; None: what the method holds good


def timetable_of(
    base: Base, spec: TimetableSpec | None = None, progress: Progress = silent
) -> TimetableFacts:
    """
    Find the weekly timetable and tell what it does.

    Returns
    -------
    TimetableFacts
        Equal inputs give equal facts but for ``seconds``, unless the clock cut the search short. Vendors
        without a free half-day, stops nobody reaches and trades nobody offers are told in ``notes``.

    Raises
    ------
    InputError
        A file has faults, or a setting is not known.
    NoCandidatesError
        There are no vendors or no stops at all.
    InfeasibleError
        ``least_share`` cannot be met; says what could be.
    """
    spec = spec or TimetableSpec()
    first_day = first_day_of(base, spec)
    _check_url(spec.public_url)
    if spec.fair not in FAIR_MODES:
        raise InputError("timetable.fair", found=spec.fair, expected="、".join(FAIR_MODES))
    watch = Watch(progress)
    with watch.stage("计算停靠点的步行范围"):
        ground = timetable_ground(base, spec)
    with watch.stage("排班"):
        plan = solve_timetable(_problem(ground, spec), _options(spec))
    _check_least(ground, spec, plan)
    days = days_of(ground, plan)
    return TimetableFacts(
        provenance=base.pack.provenance,
        title=message_of("timetable_words.title", {"name": base.pack.provenance.name}),
        first_day=first_day,
        last_day=spec.last_day,
        walk_s=spec.walk_s,
        vendors=vendor_rows(ground),
        stops=stop_rows(ground),
        trades=ground.trades,
        visits=visit_rows(ground, spec, plan),
        reach=reach_rows(ground, days),
        objective=plan.objective,
        bound=plan.bound,
        gap=plan.gap,
        status=str(plan.status),
        method="，".join(message_of(f"timetable_words.method_{m}", {}) for m in plan.method.split("+")),
        seconds=plan.seconds,
        seed=plan.seed,
        notes=notes_of(base, ground, spec, plan),
        public_url=spec.public_url,
        visit_labels=visit_labels_of(base, ground),
    )


def visit_labels_of(base: Base, ground: Ground) -> tuple[tuple[str, str], ...]:
    """Residents' words for the trades that have one, for posters and calendars."""
    types = (base.types.types[t] for t in ground.trade_idx)
    return tuple((t.code, t.visit_label) for t in types if t.visit_label)


def first_day_of(base: Base, spec: TimetableSpec) -> dt.date:
    """The Monday asked for, else the one after the pack's date."""
    as_of = dt.date.fromisoformat(base.pack.provenance.as_of)
    first = spec.first_day or as_of + dt.timedelta(days=7 - as_of.weekday())
    if first.weekday() != MONDAY:
        near = first + dt.timedelta(days=7 - first.weekday())
        raise InputError("timetable.first_day", found=first.isoformat(), near=near.isoformat())
    if spec.last_day is not None and spec.last_day < first:
        raise InputError("timetable.last_day", found=spec.last_day.isoformat(), first=first.isoformat())
    return first


def _check_url(url: str) -> None:
    """Only what a phone opens as a page, and what fits a small QR code."""
    is_page = url.startswith(("http://", "https://")) and not any(c.isspace() for c in url)
    if url and not (is_page and len(url.encode()) <= LONGEST_URL):
        raise InputError("timetable.url", found=url[:60], most=LONGEST_URL)


def _problem(ground: Ground, spec: TimetableSpec) -> TimetableProblem:
    fair = spec.fair if ground.has_groups else "none"
    if spec.least_share is not None and fair == "none" and ground.has_groups:
        fair = "lexicographic"  # a demanded minimum needs the worst community to be looked at
    return TimetableProblem(
        reach=ground.reach,
        weight=ground.weight,
        vendor_trades=ground.vendor_trades,
        vendor_free=ground.vendors.is_free,
        vendor_most=ground.vendors.most,
        stop_trades=ground.stop_trades,
        stop_free=ground.stops.is_open,
        stop_capacity=ground.stops.capacity,
        travel_s=ground.travel_s,
        most_travel_s=spec.travel_s,
        worth_twice=spec.twice_worth if spec.twice else 0.0,
        fair=fair,
        fairness=spec.fairness,
        group_idx=ground.group_idx,
        group_total=ground.group_total,
        group_met=ground.group_met,
    )


def _options(spec: TimetableSpec) -> SolveOptions:
    return SolveOptions(time_limit_s=spec.time_limit_s, seed=spec.seed, rounds=spec.rounds)


def _check_least(ground: Ground, spec: TimetableSpec, plan: TimetablePlan) -> None:
    least = spec.least_share
    if least is None:
        return
    if not ground.has_groups:
        raise InfeasibleError("timetable.least.no_communities", wanted=share(least, 1))
    if plan.worst_group < 0 or plan.worst_share >= least - 1e-9:
        return
    facts = {"wanted": share(least, 1), "community": ground.group_names[plan.worst_group]}
    best = share(plan.worst_share, 1)
    if plan.worst_bound < least - 1e-9:
        best = share(plan.worst_bound, 1)
        raise InfeasibleError("timetable.least.impossible", best=best, **facts)
    raise TimeLimitError("timetable.least.not_found", best=best, bound=share(plan.worst_bound, 1), **facts)


def days_of(ground: Ground, plan: TimetablePlan) -> FloatArray:
    """On how many different days each place meets each trade, shape (n_trades, n_places)."""
    n_trades, n_places = ground.weight.shape
    seen = np.zeros((n_trades, n_places, 7), np.bool_)
    for vendor, stop, half in plan.rows:
        brings = np.flatnonzero(ground.vendor_trades[vendor] & ground.stop_trades[stop])
        seen[np.ix_(brings, ground.reach.demand_of(stop), np.array([half // 2]))] = True
    days: FloatArray = seen.sum(2).astype(np.float64)
    return days


def vendor_rows(ground: Ground) -> tuple[Vendor, ...]:
    """Vendors with the trades that the timetable is about."""
    codes = [code for code, _ in ground.trades]
    v = ground.vendors
    offered = [tuple(c for c, has in zip(codes, row, strict=True) if has) for row in ground.vendor_trades]
    return tuple(
        Vendor(key, name, trades, phone)
        for key, name, trades, phone in zip(v.vendor_id, v.name, offered, v.phone, strict=True)
    )


def stop_rows(ground: Ground) -> tuple[Stop, ...]:
    """Stops with the community each lies in."""
    s = ground.stops
    return tuple(
        Stop(
            s.stop_id[i], s.name[i], s.address[i], float(s.lon[i]), float(s.lat[i]), ground.stop_community[i]
        )
        for i in range(len(s))
    )


def visit_rows(ground: Ground, spec: TimetableSpec, plan: TimetablePlan) -> tuple[Visit, ...]:
    """Visits of a plan, by half-day, stop, vendor."""
    people = people_at(ground)
    hours = (spec.am, spec.pm)
    return tuple(
        Visit(
            ground.vendors.vendor_id[v], ground.stops.stop_id[s], h // 2, HALVES[h % 2], *hours[h % 2],
            people=float(people[s]),
        )
        for v, s, h in plan.rows
    )  # fmt: skip


def reach_rows(ground: Ground, days: FloatArray) -> tuple[TradeReach, ...]:
    """Per trade: all, then each community; who has a fixed outlet counts before and after."""
    rows = []
    for t, (code, _) in enumerate(ground.trades):
        for g, name in ((-1, ""), *enumerate(ground.group_names)):
            inside = np.ones(len(ground.people), bool) if g < 0 else ground.group_idx == g
            if g < 0 or inside.any():
                rows.append(_reach_row(ground, t, inside, days[t], code, name))
    return tuple(rows)


def _reach_row(
    ground: Ground, t: int, inside: BoolArray, days: FloatArray, code: str, name: str
) -> TradeReach:
    """One row; the number before is unknown where somebody may have an outlet that the list does not tell."""
    has, may, people = ground.fixed.has[t], ground.fixed.may[t], ground.people

    def count(who: BoolArray) -> float:
        return float(people[inside & who].sum())

    attached = ground.is_attached
    is_open = bool(ground.fixed.words[t]) and count(may & attached & ~has) > 0
    least = count(has)
    return TradeReach(
        code, name, float(people[inside].sum()), math.nan if is_open else least, count(has | (days >= 1)),
        count(has | (days >= 2)), before_least=least, before_words=ground.fixed.words[t] if is_open else "",
    )  # fmt: skip
