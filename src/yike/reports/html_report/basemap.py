"""The quiet ground of the map: streets in two levels of detail, names, buildings, water and green."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely

from yike.core.geo.projection import LocalProjection
from yike.core.tables import FloatArray, IntArray, LongArray, WalkNetwork
from yike.reports.html_report.coding import coded_lines, coded_points

MAIN, SIDE, PATH = 0, 1, 2
MAIN_KINDS = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
PATH_KINDS = frozenset(
    {"footway", "path", "steps", "cycleway", "track", "bridleway", "corridor", "platform", "elevator"}
)
DETAIL_M, OVERVIEW_M = 0.5, 8.0
MAX_NAMES = 1500
MANY_PIECES = 150_000
MAX_SHAPES = 60_000
GROUND = (  # layer on the page, layer of the facts, whether it is lines
    ("water", "water", False),
    ("stream", "water", True),
    ("green", "green", False),
    ("rail", "rail", True),
    ("buildings", "building", False),
)


def street_layers(network: WalkNetwork) -> dict[str, dict[str, object]]:
    """
    Streets as lines: ``main``, ``side``, ``path`` in full, ``overview`` thinned for small scales.

    Pieces that follow one another on one way of one kind become one line.
    """
    lines, rank = _ways(network)
    detail = shapely.simplify(lines, DETAIL_M if network.n_pieces <= MANY_PIECES else 4 * DETAIL_M)
    layers = {name: _coded(detail[rank == r]) for r, name in enumerate(("main", "side", "path"))}
    wide = shapely.simplify(lines[rank != PATH], OVERVIEW_M)
    layers["overview"] = _coded(wide[shapely.length(wide) >= OVERVIEW_M])
    return layers


def _ways(network: WalkNetwork) -> tuple[Any, IntArray]:
    start = _chain_starts(network)
    n_pieces = np.diff(np.r_[start, network.n_pieces])
    # Each line is the first vertex of its first piece, then the far end of every piece.
    vertex = np.insert(network.piece_to_idx, start, network.piece_from_idx[start])
    xy = np.column_stack([network.vertex_x_m[vertex], network.vertex_y_m[vertex]])
    line = np.repeat(np.arange(len(start)), n_pieces + 1)
    rank = (
        _rank_of_kind(network.kinds)[network.piece_kind_idx[start]] if len(start) else np.zeros(0, np.int32)
    )
    return shapely.linestrings(xy, indices=line), rank


def _chain_starts(network: WalkNetwork) -> LongArray:
    same = network.piece_way_id[1:] == network.piece_way_id[:-1]
    same &= network.piece_kind_idx[1:] == network.piece_kind_idx[:-1]
    same &= network.piece_from_idx[1:] == network.piece_to_idx[:-1]
    first = np.zeros(min(network.n_pieces, 1), np.int64)
    starts: LongArray = np.r_[first, np.flatnonzero(~same) + 1].astype(np.int64)
    return starts


def _rank_of_kind(kinds: Iterable[str]) -> IntArray:
    def rank(kind: str) -> int:
        base = kind.removesuffix("_link")
        return MAIN if base in MAIN_KINDS else PATH if base in PATH_KINDS else SIDE

    return np.array([rank(k) for k in kinds], np.int32)


def street_names(network: WalkNetwork) -> dict[str, object]:
    """Where each name is written: the middle and direction of its longest straight piece."""
    named = np.flatnonzero(network.piece_name_idx >= 0)
    total_m = np.bincount(
        network.piece_name_idx[named], network.piece_length_m[named], minlength=len(network.names)
    )
    # Longest piece of each name: sorted by name, then length, the last of each run.
    order = named[np.lexsort((network.piece_length_m[named], network.piece_name_idx[named]))]
    last = np.flatnonzero(np.diff(network.piece_name_idx[order], append=-1))
    piece = order[last]
    piece = piece[np.argsort(-total_m[network.piece_name_idx[piece]], kind="stable")][:MAX_NAMES]
    a, b = network.piece_from_idx[piece], network.piece_to_idx[piece]
    x_m, y_m = network.vertex_x_m, network.vertex_y_m
    angle = np.degrees(np.arctan2(y_m[b] - y_m[a], x_m[b] - x_m[a]))
    upright = (angle + 90) % 180 - 90
    return {
        **coded_points((x_m[a] + x_m[b]) / 2, (y_m[a] + y_m[b]) / 2),
        "name": [network.names[i] for i in network.piece_name_idx[piece]],
        "angle": [int(v) for v in np.rint(upright)],
        "along": [int(v) for v in np.rint(total_m[network.piece_name_idx[piece]])],
    }


def ground_layers(
    basemap: Mapping[str, Iterable[Any]], projection: LocalProjection
) -> dict[str, dict[str, object]]:
    """
    Areas (``water``, ``green``, ``buildings``) as rings and ``stream``, ``rail`` as lines, of WGS-84 shapes.

    Layers that are absent are left out.
    """
    found = {}
    for name, layer, is_line in GROUND:
        shapes = [s for s in basemap.get(layer, ()) if s is not None and not s.is_empty]
        kept = [s for s in shapes if ("Line" in s.geom_type) == is_line][:MAX_SHAPES]
        if kept and is_line:
            found[name] = _coded(shapely.get_parts(shapely.simplify(_local(kept, projection), DETAIL_M)))
        elif kept:
            found[name] = coded_areas(kept, projection, tolerance_m=DETAIL_M)
    return found


def coded_areas(
    shapes: Iterable[Any], projection: LocalProjection, tolerance_m: float = 1.0
) -> dict[str, object]:
    """
    Polygons as rings: shells counter-clockwise, holes clockwise, so that filling by winding keeps holes.

    ``owner`` tells, per ring, which shape it belongs to.
    """
    local = shapely.simplify(_local(shapes, projection), tolerance_m)
    polygons, owner = shapely.get_parts(local, return_index=True)
    is_area = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    polygons, owner = shapely.orient_polygons(polygons[is_area], exterior_cw=False), owner[is_area]
    rings, part = shapely.get_rings(polygons, return_index=True)
    return {**_coded(rings), "owner": [int(i) for i in owner[part]]}


def _local(shapes: Iterable[Any], projection: LocalProjection) -> Any:
    return shapely.transform(
        np.array(list(shapes), dtype=object), lambda xy: np.column_stack(projection.forward(*xy.T))
    )


def _coded(lines: Any) -> dict[str, object]:
    xy = shapely.get_coordinates(lines)
    return coded_lines(shapely.get_num_coordinates(lines).astype(np.int64), xy[:, 0], xy[:, 1])


def view_bounds(x_m: FloatArray, y_m: FloatArray, areas: Iterable[Any]) -> list[float]:
    """West, south, east, north in local metres of what the map shows first: the areas, else the homes."""
    boxes = [shapely.bounds(a) for a in areas if a is not None and not a.is_empty]
    if boxes:
        west, south, east, north = np.array(boxes).T
        return [float(west.min()), float(south.min()), float(east.max()), float(north.max())]
    known = np.isfinite(x_m) & np.isfinite(y_m)
    if not known.any():
        return [-500.0, -500.0, 500.0, 500.0]
    # One home far off must not shrink all the others to a point.
    west, east = np.quantile(x_m[known], [0.005, 0.995])
    south, north = np.quantile(y_m[known], [0.005, 0.995])
    return [float(west), float(south), float(east), float(north)]
