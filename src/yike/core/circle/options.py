"""What to add and how (补什么、如何补): options for each gap, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from yike.core.circle.coverage import within_time
from yike.core.circle.plain import number
from yike.core.circle.rules import CirclePolicy, Pairing
from yike.core.tables import (
    AccessTable,
    BoolArray,
    FloatArray,
    Gaps,
    GapState,
    IntArray,
    LongArray,
    Outlets,
    OutletStatus,
    Places,
    Premises,
    WalkTimes,
)
from yike.errors import message_of

_SPOTS_TRIED = 64
"""Worst unserved places tried as the spot of a new outlet: bounds the work of a gap with thousands."""


@dataclass(frozen=True, eq=False)
class OptionInputs:
    """Everything the options are looked for in."""

    access: AccessTable
    places: Places
    outlets: Outlets
    policy: CirclePolicy
    labels: tuple[str, ...]  # of each access column, for the sentences
    type_codes: tuple[str, ...]  # of each access column, to compare with what premises allow
    speed_m_s: float
    premises: Premises | None = None
    oversupplied: BoolArray | None = None  # (n_areas, n_cols) from the saturation flags
    place_streets: tuple[str, ...] = ()  # street each place joins, "" unnamed; empty when nobody said
    premises_may: BoolArray | None = None  # (n_premises, n_cols) that can be had; None: by allowed types
    premises_walks: WalkTimes | None = None  # premises to places, to the longest norm; None: straight lines
    spot_walks: Callable[[LongArray], WalkTimes | None] | None = None
    # from places (rows) to places; None, or an answer of None: straight lines

    @cached_property
    def premises_of_place(self) -> tuple[LongArray, IntArray, FloatArray]:
        """The walks of the premises, by place: slices, premises, seconds."""
        assert self.premises_walks is not None
        walks = self.premises_walks
        premises = np.repeat(np.arange(len(walks.ptr) - 1, dtype=np.int32), np.diff(walks.ptr))
        order = np.argsort(walks.outlet_idx, kind="stable")
        n_each = np.bincount(walks.outlet_idx, minlength=len(self.places))
        ptr = np.concatenate([[0], np.cumsum(n_each)]).astype(np.int64)
        return ptr, premises[order], walks.walk_s[order].astype(np.float64)


def propose_options(gaps: Gaps, inputs: OptionInputs) -> list[list[dict[str, Any]]]:
    """
    At least one option for every GAP row, best first; other rows have none.

    Five kinds: ``add_function`` (an open outlet of a compatible type within the norm of unserved
    residents takes the function on), ``extend_hours`` (the same, by opening earlier or longer),
    ``reuse_premises`` (idle premises in reach), ``movable`` (a van or kiosk, for types one may bring) and
    ``add_outlet`` (always possible; names the spot). ``people_gained`` counts the unserved residents who
    would then be within the norm, by true walking time; each place counts for its nearest host. A new spot
    is chosen by the straight line times the stated detour, and what it gains is then walked. Where the
    inputs bring no walks, premises and spots are counted by the straight line too, and ``is_estimate``
    says so (估算).

    Returns
    -------
    per row of ``gaps``: dicts with ``kind``, ``people_gained`` (None where no people are known),
    ``places_gained``, ``share_of_unserved``, ``is_estimate``, ``text`` and the outlet, place or premises
    """
    column = {int(t): c for c, t in enumerate(inputs.access.type_rows)}
    found = {
        row: _gap_of(gaps, row, column[int(gaps.type_idx[row])], inputs)
        for row in range(len(gaps))
        if gaps.state[row] == GapState.GAP
    }
    spots = _walked(found, {row: _spot(gap, inputs) for row, gap in found.items() if len(gap.place)}, inputs)
    return [_options_of(found[row], spots[row], inputs) if row in spots else [] for row in range(len(gaps))]


@dataclass(frozen=True, eq=False)
class _Gap:
    """One gap: its unserved places and the numbers shared by all options."""

    area: int
    col: int
    norm_s: float
    place: IntArray  # worst first
    people: FloatArray  # of these places, NaN unknown
    people_known: bool

    @cached_property
    def weight(self) -> FloatArray:
        return np.nan_to_num(self.people) if self.people_known else np.ones(len(self.place))


def _gap_of(gaps: Gaps, row: int, col: int, inputs: OptionInputs) -> _Gap:
    place = gaps.place_idx[gaps.place_ptr[row] : gaps.place_ptr[row + 1]]
    people = inputs.places.people[place]
    return _Gap(
        area=int(gaps.circle_idx[row]),
        col=col,
        norm_s=float(gaps.norm_s[row]),
        place=place,
        people=people,
        people_known=bool((np.nan_to_num(people) > 0).any()),
    )


@dataclass(frozen=True, eq=False)
class _Spot:
    """Where something new could stand, and whom it reaches."""

    at: int  # row of the gap's places
    gained: BoolArray
    is_estimate: bool


def _walked(found: dict[int, _Gap], spots: dict[int, _Spot], inputs: OptionInputs) -> dict[int, _Spot]:
    """The spots with whom they reach on foot, all searched at once."""
    if inputs.spot_walks is None or not spots:
        return spots
    rows = np.unique([int(found[row].place[spot.at]) for row, spot in spots.items()]).astype(np.int64)
    walks = inputs.spot_walks(rows)
    if walks is None:
        return spots
    return {row: _on_foot(found[row], spot, rows, walks) for row, spot in spots.items()}


def _on_foot(gap: _Gap, spot: _Spot, rows: LongArray, walks: WalkTimes) -> _Spot:
    nth = int(np.searchsorted(rows, gap.place[spot.at]))
    pairs = slice(int(walks.ptr[nth]), int(walks.ptr[nth + 1]))
    near = walks.outlet_idx[pairs][walks.walk_s[pairs] <= np.float32(gap.norm_s)]
    gained = np.isin(gap.place, near)
    gained[spot.at] = True  # who lives there
    return _Spot(spot.at, gained, False)


def _options_of(gap: _Gap, new_spot: _Spot, inputs: OptionInputs) -> list[dict[str, Any]]:
    col = gap.col
    options = [_host(gap, p, inputs) for p in inputs.policy.pairings if p.function_col == col]
    options.append(_premises(gap, inputs))
    if col in inputs.policy.movable_cols:
        options.append(_at_spot("movable", gap, new_spot, inputs))
    options.append(_at_spot("add_outlet", gap, new_spot, inputs))
    found = [o for o in options if o is not None]
    order = {kind: k for k, kind in enumerate(_KINDS)}
    found.sort(key=lambda o: (-o["_gain"], order[o["kind"]], o["_key"]))
    return [{k: v for k, v in o.items() if not k.startswith("_")} for o in _one_per_kind(found)]


_KINDS = ("add_function", "extend_hours", "reuse_premises", "movable", "add_outlet")
"""At equal gain the option that builds least comes first."""


def _one_per_kind(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: set[str] = set()
    kept = []
    for option in options:
        if option["kind"] not in seen:
            seen.add(option["kind"])
            kept.append(option)
    return kept


def _host(gap: _Gap, pairing: Pairing, inputs: OptionInputs) -> dict[str, Any] | None:
    """The outlet of a compatible type that is the nearest such one, within the norm, for most people."""
    access = inputs.access
    near = within_time(access, gap.place, pairing.host_col, gap.norm_s)
    host = access.nearest_outlet_idx[gap.place, pairing.host_col]
    near &= host >= 0
    near[near] &= inputs.outlets.status[host[near]] == OutletStatus.OPEN
    if not near.any():
        return None
    hosts, which = np.unique(host[near], return_inverse=True)
    best = int(hosts[np.argmax(np.bincount(which, gap.weight[near]))])
    gained = near & (host == best)
    return _option(pairing.kind, gap, gained, inputs, is_estimate=False, key=best) | {
        "outlet_id": inputs.outlets.outlet_id[best],
        "outlet_name": inputs.outlets.name[best],
        "host_col": pairing.host_col,
        "pairing": pairing.code,
        "text": _say(
            pairing.kind,
            gap,
            gained,
            inputs,
            outlet=inputs.outlets.name[best] or inputs.outlets.outlet_id[best],
            host=inputs.labels[pairing.host_col],
        ),
    }


def _radius_m(gap: _Gap, inputs: OptionInputs) -> float:
    return gap.norm_s * inputs.speed_m_s / inputs.policy.judgement.detour


def _premises(gap: _Gap, inputs: OptionInputs) -> dict[str, Any] | None:
    """The idle premises with most unserved people in reach."""
    premises = inputs.premises
    if premises is None or not len(premises):
        return None
    may = _premises_may(gap, premises, inputs)
    is_estimate = inputs.premises_walks is None
    place, which = _premises_near(gap, premises, inputs) if is_estimate else _premises_walked(gap, inputs)
    place, which = place[may[which]], which[may[which]]
    gain = np.bincount(which, gap.weight[place], minlength=len(premises))
    best = int(np.argmax(gain))
    if gain[best] <= 0:
        return None
    gained = np.zeros(len(gap.place), bool)
    gained[place[which == best]] = True
    name = premises.name[best] or premises.premises_id[best]
    said = _say("reuse_premises", gap, gained, inputs, is_estimate=is_estimate, premises=name)
    return _option("reuse_premises", gap, gained, inputs, is_estimate=is_estimate, key=best) | {
        "premises_id": premises.premises_id[best],
        "premises_name": premises.name[best],
        "text": said,
    }


def _premises_may(gap: _Gap, premises: Premises, inputs: OptionInputs) -> BoolArray:
    if inputs.premises_may is not None:
        return inputs.premises_may[:, gap.col]
    code = inputs.type_codes[gap.col]
    return np.array([not allowed or code in allowed for allowed in premises.allowed_types], bool)


def _premises_near(gap: _Gap, premises: Premises, inputs: OptionInputs) -> tuple[LongArray, LongArray]:
    """Pairs of place (row of the gap) and premises by the straight line."""
    at = np.column_stack([premises.x_m, premises.y_m])
    lists = cKDTree(_place_xy(gap, inputs)).query_ball_point(at, _radius_m(gap, inputs))
    which = np.repeat(np.arange(len(premises)), [len(near) for near in lists])
    return np.array([i for near in lists for i in sorted(near)], np.int64), which


def _premises_walked(gap: _Gap, inputs: OptionInputs) -> tuple[LongArray, LongArray]:
    """The same on foot."""
    ptr, premises, walk_s = inputs.premises_of_place
    n = np.diff(ptr)[gap.place]
    before = np.concatenate([[0], np.cumsum(n)])
    pairs = np.repeat(ptr[gap.place] - before[:-1], n) + np.arange(before[-1])
    place = np.repeat(np.arange(len(gap.place)), n)
    near = walk_s[pairs] <= np.float32(gap.norm_s)
    return place[near], premises[pairs[near]].astype(np.int64)


def _place_xy(gap: _Gap, inputs: OptionInputs) -> FloatArray:
    return np.column_stack([inputs.places.x_m[gap.place], inputs.places.y_m[gap.place]])


def _spot(gap: _Gap, inputs: OptionInputs) -> _Spot:
    """Of the worst places, the one with most unserved people in estimated reach, and whom it reaches."""
    xy = _place_xy(gap, inputs)
    radius_m = _radius_m(gap, inputs)
    tried = xy[:_SPOTS_TRIED]
    # all pairs at once: 18,000 small sums took 0.47 s on 20,000 places, this takes 0.1
    apart = (tried[:, :1] - xy[:, 0]) ** 2 + (tried[:, 1:] - xy[:, 1]) ** 2
    near = apart <= radius_m**2
    best = int(np.argmax(near @ gap.weight))
    return _Spot(best, near[best], True)


def _at_spot(kind: str, gap: _Gap, spot: _Spot, inputs: OptionInputs) -> dict[str, Any]:
    place = int(gap.place[spot.at])
    said = _say(kind, gap, spot.gained, inputs, is_estimate=spot.is_estimate, place=_name_of(place, inputs))
    return _option(kind, gap, spot.gained, inputs, is_estimate=spot.is_estimate, key=place) | {
        "place_id": inputs.places.place_id[place],
        "lon": number(inputs.places.lon[place]),
        "lat": number(inputs.places.lat[place]),
        "text": said,
    }


def _name_of(place: int, inputs: OptionInputs) -> str:
    """What people call a place: its name or number, and its street where that is known."""
    name = inputs.places.name[place] or inputs.places.place_id[place]
    street = inputs.place_streets[place] if inputs.place_streets else ""
    return message_of("circle.option.on_street", {"place": name, "street": street}) if street else name


def _option(
    kind: str, gap: _Gap, gained: BoolArray, inputs: OptionInputs, *, is_estimate: bool, key: int
) -> dict[str, Any]:
    gain = math.fsum(gap.weight[gained])
    all_weight = math.fsum(gap.weight)
    is_over = inputs.oversupplied is not None and bool(inputs.oversupplied[gap.area, gap.col])
    return {
        "kind": kind,
        "people_gained": number(gain, 1) if gap.people_known else None,
        "places_gained": int(gained.sum()),
        "share_of_unserved": number(gain / all_weight) if all_weight > 0 else None,
        "is_estimate": is_estimate,
        "is_oversupplied": is_over,
        "_gain": gain,
        "_key": key,
    }


def _say(
    kind: str, gap: _Gap, gained: BoolArray, inputs: OptionInputs, *, is_estimate: bool = False, **names: str
) -> str:
    if gap.people_known:
        whom = {"people": f"{math.fsum(gap.weight[gained]):,.0f}"}
        who = message_of("circle.option.people", whom)
    else:
        who = message_of("circle.option.places", {"places": int(gained.sum())})
    if is_estimate:
        who = message_of("circle.option.estimate", {"who": who})
    facts = {"type": inputs.labels[gap.col], "minutes": f"{gap.norm_s / 60:g}", "who": who, **names}
    return message_of(f"circle.option.{kind}", facts)
