"""What a reader of a timetable must be told: estimates, what was left out and why, how far it is proven."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from yike.core.siting.timetable import TimetablePlan
from yike.core.tables import BoolArray
from yike.errors import message_of
from yike.reports.words import count, share
from yike.studies.base import Base
from yike.studies.siting_demand import people_words
from yike.studies.timetable_fixed import untold
from yike.studies.timetable_ground import Ground

if TYPE_CHECKING:
    from yike.studies.timetable import TimetableSpec

MOST_NAMES = 8


def notes_of(base: Base, ground: Ground, spec: TimetableSpec, plan: TimetablePlan) -> tuple[str, ...]:
    """Chinese sentences, the aim first."""
    return tuple(
        note
        for part in (
            _aim(ground, spec, plan), _fairness(ground, spec, plan), _vendors(ground, plan),
            _stops(ground, spec), _trades(ground), _people(base, ground), _settings(base, ground, spec),
        )
        for note in part
    )  # fmt: skip


def _say(code: str, **facts: Any) -> str:
    return message_of(f"timetable_words.{code}", facts)


def _names(all_names: Iterable[str], mask: BoolArray) -> str:
    chosen = [n for n, yes in zip(all_names, mask, strict=True) if yes]
    listed = "、".join(chosen[:MOST_NAMES])
    return listed if len(chosen) <= MOST_NAMES else _say("names_more", names=listed, count=len(chosen))


def _aim(ground: Ground, spec: TimetableSpec, plan: TimetablePlan) -> list[str]:
    notes = []
    if spec.fair != "weighted" or not ground.has_groups:
        notes.append(_say("objective", people=count(plan.objective)))
    notes.append(_say("count_all") if spec.count_served else _say("count_lacking", minutes=_minutes(spec)))
    if spec.twice:
        notes.append(_say("twice", share=share(spec.twice_worth, 0)))
    return notes


def _minutes(spec: TimetableSpec) -> str:
    return f"{spec.walk_s / 60:g}"


def _fairness(ground: Ground, spec: TimetableSpec, plan: TimetablePlan) -> list[str]:
    if spec.fair == "none":
        return [_say("fair_none")]
    if not ground.has_groups:
        return [_say("fair_no_group")]
    if plan.worst_group < 0:  # nobody whom a stop reaches lacks anything
        return []
    worst = {"community": ground.group_names[plan.worst_group], "share": share(plan.worst_share, 1)}
    if spec.fair == "lexicographic":
        is_proven = plan.worst_bound - plan.worst_share <= 1e-6
        proof = _say("fair_proven") if is_proven else _say("fair_bound", share=share(plan.worst_bound, 1))
        notes = [_say("fair_lexicographic", proof=proof, **worst)]
    else:
        parts = {"people": share(1 - spec.fairness, 0), "worst": share(spec.fairness, 0)}
        notes = [_say("fair_weighted", **parts, **worst)]
    dead = _unreached(ground)
    return notes + ([_say("fair_dead", names=_names(ground.group_names, dead))] if dead.any() else [])


def _unreached(ground: Ground) -> BoolArray:
    """Communities with people who lack something and whom no stop reaches."""
    lacking = ground.weight.sum(0)
    reached = np.zeros(len(lacking), np.bool_)
    reached[ground.reach.demand_idx] = True
    n = len(ground.group_names)
    inside = ground.group_idx >= 0
    group = ground.group_idx[inside]
    short, near = (
        np.bincount(group, weights=w[inside], minlength=n) for w in (lacking, np.where(reached, lacking, 0.0))
    )
    return np.asarray((short > 0) & (near == 0))


def _vendors(ground: Ground, plan: TimetablePlan) -> list[str]:
    v = ground.vendors
    free: BoolArray = np.asarray(v.is_free.any(1) & (v.most > 0))
    offers: BoolArray = np.asarray(ground.vendor_trades.any(1))
    has_place = np.asarray((ground.vendor_trades[:, None, :] & ground.stop_trades[None]).any(2)).astype(
        np.bool_
    )
    has_room = np.asarray(ground.stops.capacity > 0, np.bool_).reshape(-1, 1)
    usable: BoolArray = ground.stops.is_open & has_room
    can_stand = np.asarray((has_place[:, :, None] & v.is_free[:, None, :] & usable[None]).any((1, 2)))
    works = np.isin(np.arange(len(v)), plan.vendor_idx)
    notes = []
    for code, mask in (
        ("no_free", ~free), ("no_trade", free & ~offers), ("no_place", free & offers & ~can_stand),
        ("idle", free & offers & can_stand & ~works),
    ):  # fmt: skip
        if mask.any():
            notes.append(_say(code, names=_names(v.name, mask)))
    spare = np.minimum(v.most, v.is_free.sum(1)) - np.bincount(plan.vendor_idx, minlength=len(v))
    left = int(spare[works].sum())
    return notes + ([_say("spare_full", count=left)] if left else [])


def _stops(ground: Ground, spec: TimetableSpec) -> list[str]:
    s, attached = ground.stops, ground.stop_attachments.is_attached
    shut: BoolArray = np.asarray((s.capacity == 0) | ~s.is_open.any(1))
    lacking = ground.weight.sum(0) > 0
    reaches = np.array([lacking[ground.reach.demand_of(i)].any() for i in range(len(s))], np.bool_)
    notes = [_say(f"from_{ground.stops_from}")] if ground.stops_from not in ("pack", "file") else []
    if (~attached).any():
        notes.append(_say("stop_unattached", names=_names(s.name, ~attached)))
    if shut.any():
        notes.append(_say("stop_shut", names=_names(s.name, shut)))
    nobody: BoolArray = attached & ~shut & ~reaches
    if nobody.any():
        notes.append(_say("stop_nobody", minutes=_minutes(spec), names=_names(s.name, nobody)))
    return notes


def _trades(ground: Ground) -> list[str]:
    labels = [label for _, label in ground.trades]
    nobody: BoolArray = np.asarray(~ground.vendor_trades.any(0))
    met: BoolArray = ~nobody & (ground.weight.sum(1) == 0)
    found = (("trade_nobody", nobody), ("trade_met", met))
    return [_say(code, names=_names(labels, mask)) for code, mask in found if mask.any()]


def _people(base: Base, ground: Ground) -> list[str]:
    places, attached = base.joined.places, base.joined.place_attachments.is_attached
    notes = []
    if ground.is_equal:
        notes.append(_say("equal_weights"))
    elif places.is_estimated.any():
        notes.append(_say("people_estimated"))
    unknown = int(np.isnan(places.people).sum())
    if unknown and not ground.is_equal:
        notes.append(_say("people_unknown", count=unknown))
    if (~attached).any():
        outside = people_words(places.people[~attached])
        notes.append(_say("unattached", count=int((~attached).sum()), people=outside))
    if not base.pack.provenance.is_surveyed:
        notes.append(_say("not_surveyed"))
    return notes + _generic(base, ground)


def _generic(base: Base, ground: Ground) -> list[str]:
    """Outlets of the wider type that do not say which of its trades they have."""
    narrow: dict[int, list[str]] = {}
    counted: dict[int, int] = {}
    for t, (_, label) in zip(ground.trade_idx, ground.trades, strict=True):
        for above in base.types.with_parents(t)[1:2]:
            narrow.setdefault(above, []).append(label)
            counted[above] = int(untold(base, t).sum())
    return [
        _say("generic", count=counted[a], parent=base.types.types[a].label, trade="、".join(labels))
        for a, labels in narrow.items()
        if counted[a]
    ]


def _settings(base: Base, ground: Ground, spec: TimetableSpec) -> list[str]:
    from yike.studies.timetable import TimetableSpec as Defaults

    am, pm = ("–".join(h) for h in (spec.am, spec.pm))
    is_usual = (spec.am, spec.pm) == (Defaults().am, Defaults().pm)
    minutes = f"{spec.travel_s / 60:g}"
    travel = {"minutes": minutes, "detour": f"{base.pack.spec.walk.detour:g}"}
    notes = [
        _say(f"travel_{spec.travel}", **travel),
        _say("half_hours" if is_usual else "half_hours_given", am=am, pm=pm),
    ]
    return notes + ([_say("phone")] if any(ground.vendors.phone) else [])
