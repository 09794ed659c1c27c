"""What a timetable is made on: vendors, stops, trades, who reaches which stop, who needs what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from yike.core.access.times import walk_times
from yike.core.network.compound import STREET_FRONT_M
from yike.core.siting.reach import Reach, reach_of
from yike.core.tables import Attachments, BoolArray, FloatArray, IntArray
from yike.errors import InputError, NoCandidatesError
from yike.sources.vendors import Stops, Vendors
from yike.standards.classify import classify
from yike.studies.base import Base
from yike.studies.timetable_fixed import FixedOutlets, fixed_outlets
from yike.studies.timetable_stops import stops_for, vendors_for

if TYPE_CHECKING:
    from yike.studies.timetable import TimetableSpec


@dataclass(frozen=True, eq=False)
class Ground:
    """All tables of one timetable, trades in the order of the catalogue."""

    vendors: Vendors
    stops: Stops
    stops_from: str  # "pack" | "file" | "premises" | "communities" | "movable"
    stop_attachments: Attachments
    trades: tuple[tuple[str, str], ...]  # code, label
    trade_idx: tuple[int, ...]  # rows of the catalogue
    vendor_trades: BoolArray  # (n_vendors, n_trades)
    stop_trades: BoolArray  # (n_stops, n_trades)
    reach: Reach
    people: FloatArray  # (n_places,) residents, 1 each where nobody's number is known, 0 unknown
    is_equal: bool  # places alike (估算)
    is_attached: BoolArray  # (n_places,)
    fixed: FixedOutlets  # who reaches a fixed outlet of the trade, or may do so
    weight: FloatArray  # (n_trades, n_places) people who count
    travel_s: FloatArray  # (n_stops, n_stops)
    group_idx: IntArray  # (n_places,) community
    group_names: tuple[str, ...]
    group_total: FloatArray  # people x trades
    group_met: FloatArray
    stop_community: tuple[str, ...]

    @property
    def has_groups(self) -> bool:
        """Whether there are communities to be fair to."""
        return bool((self.group_total > 0).any())


def timetable_ground(base: Base, spec: TimetableSpec) -> Ground:
    """Read what is asked for and walk from every stop."""
    vendors = vendors_for(base, spec)
    trade_idx = trades_for(base, spec, vendors)
    stops, stops_from = stops_for(base, spec)
    joined, streets = base.joined, base.joined.streets
    at = streets.attach(stops.x_m, stops.y_m, STREET_FRONT_M)
    reach = reach_of(
        joined.graph, at, joined.place_attachments, streets.direct(at, joined.place_attachments), spec.walk_s,
        max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip
    people, is_equal = counted_people(joined.places.people)
    fixed = fixed_outlets(base, trade_idx, spec.walk_s)
    attached = joined.place_attachments.is_attached
    weight = np.where(attached & (spec.count_served | ~fixed.has), people, 0.0)
    group_idx, names = joined.places.community_idx, joined.communities.name
    counts = np.where(attached, people, 0.0)[None, :].repeat(len(trade_idx), 0)
    met = np.where(fixed.has & (not spec.count_served), counts, 0.0)
    return Ground(
        vendors=vendors,
        stops=stops,
        stops_from=stops_from,
        stop_attachments=at,
        trades=tuple((base.types.types[t].code, base.types.types[t].label) for t in trade_idx),
        trade_idx=trade_idx,
        vendor_trades=_offers(base, vendors.trades, trade_idx),
        stop_trades=_allows(base, stops.trades, trade_idx),
        reach=reach,
        people=people,
        is_equal=is_equal,
        is_attached=attached,
        fixed=fixed,
        weight=weight,
        travel_s=travel_between(base, spec, stops, at),
        group_idx=group_idx,
        group_names=names,
        group_total=_by_group(counts, group_idx, len(names)),
        group_met=_by_group(met, group_idx, len(names)),
        stop_community=_communities_of(base, stops, reach),
    )


def trades_for(base: Base, spec: TimetableSpec, vendors: Vendors) -> tuple[int, ...]:
    """Rows of the catalogue that the timetable is about: asked for, or all that the vendors offer."""
    found = set[int]()
    for word in spec.trades:
        match = classify(word, base.types)
        if match.type_idx < 0:
            near = "、".join(match.suggestions) or "没有相近的"
            raise InputError("timetable.trade.unknown", found=word, near=near)
        found.add(match.type_idx)
    if not spec.trades:
        found = {t for own in vendors.trades for t in own}
    if not found:
        raise NoCandidatesError("timetable.trades.none")
    return tuple(sorted(found))


def counted_people(people: FloatArray) -> tuple[FloatArray, bool]:
    """People of each place, 0 where unknown; one for each place, and True, where nobody's is known."""
    if len(people) and np.isnan(people).all():
        return np.ones(len(people)), True
    return np.nan_to_num(people, nan=0.0), False


def travel_between(base: Base, spec: TimetableSpec, stops: Stops, at: Attachments) -> FloatArray:
    """Seconds between stops, +inf beyond the limit; on foot, or straight times the pack's detour."""
    if spec.travel == "straight":
        straight_m = np.hypot(stops.x_m[:, None] - stops.x_m, stops.y_m[:, None] - stops.y_m)
        return np.asarray(straight_m * base.pack.spec.walk.detour / base.profile.speed_m_s, np.float64)
    direct = base.joined.streets.direct(at, at)
    times = walk_times(base.joined.graph, at, at, direct, spec.travel_s, n_threads=base.spec.n_threads)
    seconds = np.full((len(stops), len(stops)), np.inf)
    row = np.repeat(np.arange(len(stops)), np.diff(times.ptr))
    seconds[row, times.outlet_idx] = times.walk_s
    np.fill_diagonal(seconds, 0.0)
    return seconds


def people_at(ground: Ground) -> FloatArray:
    """Residents within the walk of each stop, NaN where nobody's number is known."""
    if ground.is_equal:
        return np.full(len(ground.stops), np.nan)
    reach = ground.reach
    within = [float(ground.people[reach.demand_of(s)].sum()) for s in range(reach.n_candidates)]
    return np.array(within, np.float64)


def _offers(base: Base, own: tuple[tuple[int, ...], ...], trade_idx: tuple[int, ...]) -> BoolArray:
    """Vendor x trade; who mends shoes (修鞋) is a repairer (维修点) too."""
    found = np.zeros((len(own), len(trade_idx)), np.bool_)
    for i, types in enumerate(own):
        family = {up for t in types for up in base.types.with_parents(t)}
        found[i] = [t in family for t in trade_idx]
    return found


def _allows(base: Base, allowed: tuple[tuple[int, ...], ...], trade_idx: tuple[int, ...]) -> BoolArray:
    """Stop x trade; a stop for repairers takes who mends shoes, a stop without a list takes anybody."""
    found = np.ones((len(allowed), len(trade_idx)), np.bool_)
    for i, types in enumerate(allowed):
        if types:
            found[i] = [bool(set(base.types.with_parents(t)) & set(types)) for t in trade_idx]
    return found


def _by_group(counts: FloatArray, group_idx: IntArray, n_groups: int) -> FloatArray:
    inside = group_idx >= 0
    return np.bincount(group_idx[inside], weights=counts.sum(0)[inside], minlength=n_groups).astype(
        np.float64
    )


def _communities_of(base: Base, stops: Stops, reach: Reach) -> tuple[str, ...]:
    """Community of each stop: whose border it lies in, else that of the home nearest on foot."""
    communities, places = base.joined.communities, base.joined.places
    names = []
    for s in range(len(stops)):
        g = _inside(communities.polygons, float(stops.lon[s]), float(stops.lat[s]))
        pairs = slice(int(reach.ptr[s]), int(reach.ptr[s + 1]))
        if g < 0 and pairs.stop > pairs.start:
            g = int(places.community_idx[reach.demand_idx[pairs][int(reach.walk_s[pairs].argmin())]])
        names.append(communities.name[g] if g >= 0 else "")
    return tuple(names)


def _inside(polygons: tuple[Any, ...], lon: float, lat: float) -> int:
    here = shapely.Point(lon, lat)
    return next((g for g, p in enumerate(polygons) if p is not None and p.covers(here)), -1)
