"""
Walled compounds (小区): people inside reach the streets only through gates, and nobody walks through.

``close_compounds`` cuts the network at the walls, marks what lies inside PRIVATE and finds where each gate
comes out; ``attach_with_compounds`` joins points; ``direct_walks_with_compounds`` adds walks inside one
compound. The rules are told in docs/concepts/walking-network.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from yike.core.network.attach import MAX_ATTACH_M, MIN_COMPONENT, PieceGrid, attach_points, direct_walks
from yike.core.network.compound_gates import CompoundAccess, close_compounds
from yike.core.network.compound_lanes import LANE_REACH_M, Lanes, lane_ticks
from yike.core.network.compound_walls import compound_of_points
from yike.core.tables import (
    NO_TICKS,
    TICKS_PER_S,
    Attachments,
    AttachRule,
    BoolArray,
    DirectWalks,
    FloatArray,
    IntArray,
    LongArray,
    StreetGraph,
)

__all__ = ["CompoundAccess", "attach_with_compounds", "close_compounds", "direct_walks_with_compounds"]

STREET_FRONT_M = 10.0
"""Depth of shops in the wall (底商): half a shop's usual 12 to 20 m, where its point lies. Inferred."""

_ON_LANE_M = 0.01  # a foot point recomputed from stored coordinates lies on its lane to within rounding


def attach_with_compounds(
    graph: StreetGraph,
    access: CompoundAccess,
    x_m: FloatArray,
    y_m: FloatArray,
    *,
    max_m: float = MAX_ATTACH_M,
    min_component: int = MIN_COMPONENT,
    front_m: float = 0.0,
    grid: PieceGrid | None = None,
) -> Attachments:
    """
    Attach points where compounds have walls.

    Parameters
    ----------
    graph
        Built from the network that ``close_compounds`` gave, under the same profile.
    access
        From ``close_compounds``.
    x_m, y_m : shape (n,)
        Local metres.
    max_m, min_component, grid
        As ``attach_points``; ``max_m`` also bounds the walk to an inner lane.
    front_m
        Points less than this inside the wall face the street and count as outside: ``STREET_FRONT_M`` for
        outlets, 0 for homes.

    Returns
    -------
    Attachments
        Points outside: as ``attach_points`` (inner lanes are not in ``graph``). Points inside: one end per
        usable exit, ticks from the point through the gate, along mapped lanes where they lead there (rule
        GATE_LANES), else straight times the detour (GATE_STRAIGHT); ``foot`` is on the lane or the point
        itself. A compound without a usable exit leaves its points unattached, rule NONE, with their
        ``compound_idx`` set; see ``CompoundAccess.exit_state``.
    """
    out = attach_points(access.network, graph, x_m, y_m, max_m=max_m, min_component=min_component, grid=grid)
    compound = compound_of_points(access.polygons_m, x_m, y_m, front_m)
    inside = np.flatnonzero(compound >= 0)
    if not len(inside):
        return out
    own = _attach_inside(graph, access, x_m[inside], y_m[inside], compound[inside], max_m, min_component)
    return _merge(out, own, inside)


def _attach_inside(
    graph: StreetGraph,
    access: CompoundAccess,
    x_m: FloatArray,
    y_m: FloatArray,
    compound: IntArray,
    max_m: float,
    min_component: int,
) -> Attachments:
    n = len(compound)
    order = np.argsort(compound, kind="stable")
    junction, is_usable = _exit_junctions(graph, access, min_component)
    point_ptr = np.searchsorted(compound[order], np.arange(len(access.polygons_m) + 1)).astype(np.int64)
    lane, ticks = _inner_ticks(graph, access, x_m[order], y_m[order], point_ptr, max_m)
    count = np.diff(access.exit_ptr)[compound[order]]
    pair_exit = np.repeat(access.exit_ptr[:-1][compound[order]], count) + _runs(count)
    pair_point = np.repeat(np.arange(n), count)
    by_lane = ticks != NO_TICKS
    straight_m = np.hypot(
        x_m[order][pair_point] - access.exit_x_m[pair_exit],
        y_m[order][pair_point] - access.exit_y_m[pair_exit],
    )
    straight = np.rint(straight_m * access.detour / graph.speed_m_s * TICKS_PER_S).astype(np.int64)
    total = np.where(by_lane, ticks, straight) + access.exit_ticks[pair_exit]
    kept = is_usable[pair_exit] & (total < NO_TICKS)
    return _inside_table(
        order, lane, x_m, y_m, compound,
        pair_point[kept], junction[pair_exit[kept]], total[kept].astype(np.int32), by_lane[kept],
    )  # fmt: skip


def _exit_junctions(
    graph: StreetGraph, access: CompoundAccess, min_component: int
) -> tuple[IntArray, BoolArray]:
    """Junction of each exit, and whether the profile can walk on from there."""
    junction_of = np.full(access.network.n_vertices, -1, dtype=np.int32)
    junction_of[graph.junction_vertex_idx] = np.arange(graph.n_junctions, dtype=np.int32)
    junction = junction_of[access.exit_vertex_idx]
    size = graph.component_size[graph.component_idx[junction]]
    enough = min(min_component, int(graph.component_size.max()))
    return junction, (junction >= 0) & (size >= enough)


def _inner_ticks(
    graph: StreetGraph,
    access: CompoundAccess,
    x_m: FloatArray,
    y_m: FloatArray,
    point_ptr: LongArray,
    max_m: float,
) -> tuple[Attachments | None, LongArray]:
    """Lane attachments of points (sorted by compound), and ticks to each exit of their compound."""
    n_pairs = int((np.diff(point_ptr) * np.diff(access.exit_ptr)).sum())
    if access.lanes is None:
        return None, np.full(n_pairs, NO_TICKS, dtype=np.int64)
    lanes = access.lanes
    points = lanes.attach(x_m, y_m, _rows_of(point_ptr), max_m)
    exits = lanes.attach(access.exit_x_m, access.exit_y_m, _rows_of(access.exit_ptr), LANE_REACH_M)
    return points, lane_ticks(lanes, points, point_ptr, exits, access.exit_ptr).astype(np.int64)


def _inside_table(
    order: LongArray,
    lane: Attachments | None,
    x_m: FloatArray,
    y_m: FloatArray,
    compound: IntArray,
    pair_point: LongArray,
    end_junction: IntArray,
    end_ticks: IntArray,
    by_lane: BoolArray,
) -> Attachments:
    """Attachments of inside points in their own order, from (point, exit) pairs in the sorted order."""
    n = len(order)
    row = order[pair_point]
    ends = np.argsort(row, kind="stable")
    ptr = np.searchsorted(row[ends], np.arange(n + 1)).astype(np.int64)
    is_attached = np.diff(ptr) > 0
    goes_by_lane = np.zeros(n, dtype=np.bool_)
    goes_by_lane[row[by_lane]] = True
    foot_x, foot_y, away, access = x_m.copy(), y_m.copy(), np.zeros(n), np.zeros(n, dtype=np.int32)
    if lane is not None:
        on_lane = lane.is_attached
        at = order[on_lane]
        foot_x[at], foot_y[at] = lane.foot_x_m[on_lane], lane.foot_y_m[on_lane]
        away[at], access[at] = lane.distance_m[on_lane], lane.access_ticks[on_lane]
    rule = np.where(goes_by_lane, np.uint8(AttachRule.GATE_LANES), np.uint8(AttachRule.GATE_STRAIGHT))
    none = np.full(n, -1, dtype=np.int32)
    return Attachments(
        is_attached=is_attached,
        piece_idx=none,
        edge_idx=none,
        edge_offset_ticks=np.zeros(n, dtype=np.int32),
        access_ticks=access,
        distance_m=np.where(is_attached, away, np.nan),
        foot_x_m=foot_x,
        foot_y_m=foot_y,
        end_ptr=ptr,
        end_junction_idx=end_junction[ends],
        end_ticks=end_ticks[ends],
        compound_idx=compound.astype(np.int32),
        rule=np.where(is_attached, rule, np.uint8(AttachRule.NONE)),
    )


def _merge(outside: Attachments, inside: Attachments, rows: LongArray) -> Attachments:
    """All points' attachments, those of ``rows`` replaced."""
    columns: dict[str, Any] = {}
    for name in vars(outside):
        if not name.startswith("end_"):
            column = getattr(outside, name).copy()
            column[rows] = getattr(inside, name)
            columns[name] = column
    count = np.diff(outside.end_ptr)
    is_inside = np.zeros(len(outside), dtype=np.bool_)
    is_inside[rows] = True
    kept = np.repeat(~is_inside, count)
    owner = np.concatenate(
        (np.repeat(np.arange(len(outside)), count)[kept], np.repeat(rows, np.diff(inside.end_ptr)))
    )
    order = np.argsort(owner, kind="stable")
    columns["end_ptr"] = np.searchsorted(owner[order], np.arange(len(outside) + 1)).astype(np.int64)
    for name in ("end_junction_idx", "end_ticks"):
        both = np.concatenate((getattr(outside, name)[kept], getattr(inside, name)))
        columns[name] = both[order]
    return replace(outside, **columns)


def direct_walks_with_compounds(
    graph: StreetGraph, access: CompoundAccess, places: Attachments, outlets: Attachments
) -> DirectWalks:
    """
    Walks that need no junction: along one edge outside, and inside one compound.

    Inside, by mapped lanes where they join both points, else straight times the detour.

    Parameters
    ----------
    graph, access
        As for ``attach_with_compounds``.
    places, outlets
        Attached by it.
    """
    along = direct_walks(graph, places, outlets)
    place, outlet, ticks = _inside_pairs(graph, access, places, outlets)
    if not len(place):
        return along
    owner = np.concatenate((np.repeat(np.arange(len(places)), np.diff(along.ptr)), place))
    both = np.concatenate((along.outlet_idx, outlet))
    order = np.lexsort((both, owner))
    return DirectWalks(
        ptr=np.searchsorted(owner[order], np.arange(len(places) + 1)).astype(np.int64),
        outlet_idx=both[order].astype(np.int32),
        ticks=np.concatenate((along.ticks, ticks))[order].astype(np.int32),
    )


def _inside_pairs(
    graph: StreetGraph, access: CompoundAccess, places: Attachments, outlets: Attachments
) -> tuple[LongArray, LongArray, LongArray]:
    """(place, outlet, ticks) of every pair in one compound, by compound and place."""
    n = len(access.polygons_m)
    a, a_ptr = _by_compound(places.compound_idx, n)
    b, b_ptr = _by_compound(outlets.compound_idx, n)
    count = np.diff(b_ptr)[places.compound_idx[a]]
    pair_a = np.repeat(a, count)
    pair_b = b[np.repeat(b_ptr[:-1][places.compound_idx[a]], count) + _runs(count)]
    straight_m = np.hypot(
        places.foot_x_m[pair_a] - outlets.foot_x_m[pair_b], places.foot_y_m[pair_a] - outlets.foot_y_m[pair_b]
    )
    straight = np.rint(straight_m * access.detour / graph.speed_m_s * TICKS_PER_S).astype(np.int64)
    ticks = straight + places.access_ticks[pair_a] + outlets.access_ticks[pair_b]
    if access.lanes is not None and len(pair_a):
        by_lane = lane_ticks(
            access.lanes,
            _on_lanes(access.lanes, places, a, a_ptr),
            a_ptr,
            _on_lanes(access.lanes, outlets, b, b_ptr),
            b_ptr,
        ).astype(np.int64)
        ticks = np.where(by_lane != NO_TICKS, by_lane, ticks)
    return pair_a, pair_b, ticks


def _on_lanes(lanes: Lanes, points: Attachments, rows: LongArray, ptr: LongArray) -> Attachments:
    """Lane positions of inside points, from their feet; the walk to the lane as it was."""
    found = lanes.attach(points.foot_x_m[rows], points.foot_y_m[rows], _rows_of(ptr), _ON_LANE_M)
    return replace(found, access_ticks=points.access_ticks[rows])


def _by_compound(compound_idx: IntArray, n: int) -> tuple[LongArray, LongArray]:
    rows = np.flatnonzero(compound_idx >= 0)
    rows = rows[np.argsort(compound_idx[rows], kind="stable")]
    return rows, np.searchsorted(compound_idx[rows], np.arange(n + 1)).astype(np.int64)


def _rows_of(ptr: LongArray) -> IntArray:
    return np.repeat(np.arange(len(ptr) - 1, dtype=np.int32), np.diff(ptr))


def _runs(count: LongArray) -> LongArray:
    """0..count-1 for each entry, one after another."""
    total = int(count.sum())
    return np.arange(total) - np.repeat(np.cumsum(count) - count, count)
