"""
Make a network of lines: where they cross, where an end touches another line, which ends are one place.

Every line becomes a row of stations (its own vertices, and the places where others meet it). Ends and meeting
places within ``snap_m`` of each other are one vertex; all other vertices belong to their line alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.sources.layers import Geometries

_SAME_M = 1e-3
"""Stations of one line closer than this are one station."""

_TOUCH_M = 1e-6
"""Least reach of joining: coordinates that went through a projection are equal to about this."""


@dataclass(frozen=True, eq=False)
class Noded:
    """Vertices and pieces of a noded layer, in local metres."""

    vertex_x_m: FloatArray
    vertex_y_m: FloatArray
    piece_from_idx: IntArray
    piece_to_idx: IntArray
    piece_length_m: FloatArray
    piece_line_idx: IntArray  # line each piece came from
    n_split: int  # places where lines were split
    n_apart: int  # crossings left alone because the levels differ
    n_snapped: int  # ends moved to join another end or line


@dataclass
class _Stations:
    """Places along lines; ``is_node`` marks those that may be shared with other lines."""

    line: IntArray
    along_m: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    is_node: BoolArray


def node_lines(lines: Geometries, level: IntArray, snap_m: float, split: bool) -> Noded:
    """
    Node lines given in metres.

    Parameters
    ----------
    lines : shape (n,)
        LineStrings longer than nothing.
    level : shape (n,)
        Lines that cross are split only when these are equal.
    snap_m
        Ends this near to each other, or to the inside of a line of their level, are joined.
    split
        Look for crossings at all; ends are joined in any case.
    """
    parts, origin = _without_self_crossings(lines) if split else (lines, np.arange(len(lines)))
    stations = _own_stations(parts)
    n_split = n_apart = 0
    if split:
        places, n_apart = _meeting_places(parts, level[origin], max(snap_m, _TOUCH_M))
        stations, n_split = _with_places(stations, places)
    vertex, x_m, y_m, n_snapped = _join_nodes(stations, snap_m)
    same_line = stations.line[1:] == stations.line[:-1]
    start, end = vertex[:-1][same_line], vertex[1:][same_line]
    length_m = np.hypot(np.diff(stations.x_m), np.diff(stations.y_m))[same_line]
    line = origin[stations.line[:-1][same_line]]
    real = start != end
    return Noded(
        x_m,
        y_m,
        start[real],
        end[real],
        length_m[real],
        line[real].astype(np.int32),
        n_split,
        n_apart,
        n_snapped,
    )


def _without_self_crossings(lines: Geometries) -> tuple[Geometries, Any]:
    """Lines that cross themselves taken apart at the crossing; and the line each part came from."""
    simple = shapely.is_simple(lines)
    if simple.all():
        return lines, np.arange(len(lines))
    out, origin = [], []
    for i, line in enumerate(lines.tolist()):
        parts = [line] if simple[i] else list(shapely.get_parts(shapely.node(line)))
        out += parts
        origin += [i] * len(parts)
    apart = np.empty(len(out), object)
    apart[:] = out
    return apart, np.array(origin)


def _own_stations(lines: Geometries) -> _Stations:
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    step = np.zeros(len(xy))
    step[1:] = np.hypot(*np.diff(xy, axis=0).T)
    is_first = np.ones(len(xy), np.bool_)
    is_first[1:] = owner[1:] != owner[:-1]
    step[is_first] = 0.0
    total = np.cumsum(step)
    along = total - total[is_first][owner]
    is_end = is_first.copy()
    is_end[:-1] |= is_first[1:]
    is_end[-1:] = True
    return _Stations(owner.astype(np.int32), along, xy[:, 0].copy(), xy[:, 1].copy(), is_end)


def _meeting_places(
    lines: Geometries, level: IntArray, reach_m: float
) -> tuple[tuple[IntArray, FloatArray], int]:
    """Places (line, metres along) where lines cross or an end touches one; and crossings kept apart."""
    tree = shapely.STRtree(lines)
    crossing, n_apart = _crossings(lines, level, tree)
    touching = _touching_ends(lines, level, tree, reach_m)
    line = np.concatenate([crossing[0], touching[0]]).astype(np.int32)
    along = np.concatenate([crossing[1], touching[1]])
    length = shapely.length(lines[line])
    inside = (along > _SAME_M) & (along < length - _SAME_M)
    return (line[inside], along[inside]), n_apart


def _crossings(lines: Geometries, level: IntArray, tree: Any) -> tuple[tuple[Any, Any], int]:
    a, b = tree.query(lines, predicate="intersects")
    a, b = a[a < b], b[a < b]
    same = level[a] == level[b]
    n_apart = int(shapely.crosses(lines[a[~same]], lines[b[~same]]).sum())
    a, b = a[same], b[same]
    shared = shapely.intersection(lines[a], lines[b])
    # overlapping stretches meet at both of their ends
    points, owner = shapely.get_coordinates(shared, return_index=True)
    where = shapely.points(points)
    line = np.concatenate([a[owner], b[owner]])
    along = shapely.line_locate_point(lines[line], np.concatenate([where, where]))
    return (line, along), n_apart


def _touching_ends(lines: Geometries, level: IntArray, tree: Any, reach_m: float) -> tuple[Any, Any]:
    """
    Inside places of lines that an end of another line lies on or near.

    Across levels an end joins only where it lies on a vertex: there the ramp was drawn to meet the road.
    """
    n = len(lines)
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    end, line = tree.query(ends, predicate="dwithin", distance=reach_m)
    other = end % n != line
    end, line = end[other], line[other]
    same = level[end % n] == level[line]
    same[~same] = _is_on_vertex(ends[end[~same]], lines[line[~same]])
    end, line = end[same], line[same]
    return line, shapely.line_locate_point(lines[line], ends[end])


def _is_on_vertex(points: Geometries, lines: Geometries) -> BoolArray:
    """Whether each point lies on a vertex of its line."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    if not len(xy):
        return np.zeros(0, np.bool_)
    near: BoolArray = shapely.distance(points, shapely.multipoints(xy, indices=owner)) <= _SAME_M
    return near


def _with_places(own: _Stations, places: tuple[IntArray, FloatArray]) -> tuple[_Stations, int]:
    """Stations with the meeting places put in their order; a vertex that lies there becomes a node."""
    line, along = places
    if not len(line):
        return own, 0
    first = np.searchsorted(own.line, line, side="left")
    last = np.searchsorted(own.line, line, side="right") - 1
    x, y = _at(own, first, last, along)
    all_line = np.concatenate([own.line, line])
    all_along = np.concatenate([own.along_m, along])
    is_own = np.arange(len(all_line)) < len(own.line)
    order = np.lexsort((~is_own, all_along, all_line))
    merged = _Stations(
        all_line[order],
        all_along[order],
        np.concatenate([own.x_m, x])[order],
        np.concatenate([own.y_m, y])[order],
        np.concatenate([own.is_node, np.ones(len(line), np.bool_)])[order],
    )
    return _merge_near(merged, is_own[order])


def _at(own: _Stations, first: Any, last: Any, along: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coordinates at metres along lines whose stations run from ``first`` to ``last``."""
    # one axis for all lines: each begins where the one before ended, so a single search serves all
    is_first = np.ones(len(own.line), np.bool_)
    is_first[1:] = own.line[1:] != own.line[:-1]
    line_no = np.cumsum(is_first) - 1
    lengths = own.along_m[np.append(np.flatnonzero(is_first)[1:] - 1, len(own.line) - 1)]
    base = (np.cumsum(lengths + 1.0) - lengths - 1.0)[line_no]
    at = np.searchsorted(base + own.along_m, base[first] + along, side="right") - 1
    at = np.clip(at, first, np.maximum(last - 1, first))
    span = own.along_m[at + 1] - own.along_m[at]
    share = np.where(span > 0, (along - own.along_m[at]) / np.where(span > 0, span, 1.0), 0.0)
    x = own.x_m[at] + share * (own.x_m[at + 1] - own.x_m[at])
    y = own.y_m[at] + share * (own.y_m[at + 1] - own.y_m[at])
    return x, y


def _merge_near(s: _Stations, is_own: BoolArray) -> tuple[_Stations, int]:
    """Drop stations that repeat the one before; what remains is a node when any of them was."""
    group = np.ones(len(s.line), np.bool_)
    group[1:] = (s.line[1:] != s.line[:-1]) | (np.diff(s.along_m) > _SAME_M)
    number = np.cumsum(group) - 1
    n = int(number[-1]) + 1
    is_node = np.zeros(n, np.bool_)
    is_node[number[s.is_node]] = True
    n_split = int((is_node & ~_any_by_group(number, n, is_own & s.is_node)).sum())
    # an own vertex is exact, a located place is not: it speaks for its group
    keep = np.full(n, -1)
    keep[number[::-1]] = np.arange(len(number))[::-1]
    own_rows = np.flatnonzero(is_own)
    keep[number[own_rows[::-1]]] = own_rows[::-1]
    return _Stations(s.line[keep], s.along_m[keep], s.x_m[keep], s.y_m[keep], is_node), n_split


def _any_by_group(number: Any, n: int, flag: BoolArray) -> BoolArray:
    out = np.zeros(n, np.bool_)
    out[number[flag]] = True
    return out


def _join_nodes(s: _Stations, snap_m: float) -> tuple[IntArray, FloatArray, FloatArray, int]:
    """Vertex of every station, vertex coordinates, and how many nodes moved to join another."""
    rows = np.flatnonzero(s.is_node)
    xy = np.column_stack([s.x_m[rows], s.y_m[rows]])
    pairs = cKDTree(xy).query_pairs(max(snap_m, _TOUCH_M), output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs), np.bool_), (pairs[:, 0], pairs[:, 1])), shape=(len(rows),) * 2)
    _, cluster = connected_components(links, directed=False)
    first_of = np.full(int(cluster.max()) + 1, len(rows))
    np.minimum.at(first_of, cluster, np.arange(len(rows)))
    leader = rows[first_of[cluster]]
    moved = np.hypot(s.x_m[leader] - s.x_m[rows], s.y_m[leader] - s.y_m[rows]) > _SAME_M
    stands_for = np.arange(len(s.line))
    stands_for[rows] = leader
    used, vertex = np.unique(stands_for, return_inverse=True)
    return vertex.astype(np.int32), s.x_m[used], s.y_m[used], int(moved.sum())
