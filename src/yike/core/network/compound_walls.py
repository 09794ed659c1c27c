"""Where walls cut streets: which pieces lie inside compounds, and where lanes cross the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from yike.core.network.components import label_parts
from yike.core.network.split import keep_pieces, split_pieces
from yike.core.tables import BoolArray, FloatArray, IntArray, PieceFlag, WalkNetwork

ALONG_WALL_M = 1.0
"""A street whose middle runs this near to the wall's line is taken to run outside along it."""


def compound_of_points(
    polygons_m: Sequence[Any], x_m: FloatArray, y_m: FloatArray, front_m: float = 0.0
) -> IntArray:
    """
    Compound that each point lies strictly inside of, -1 none; of several the smallest, then the lowest row.

    A point on the wall itself is outside, and one less than ``front_m`` inside too.
    """
    found = np.full(len(x_m), -1, dtype=np.int32)
    shapes = np.array(polygons_m, dtype=object)
    known = np.flatnonzero(np.isfinite(x_m) & np.isfinite(y_m))
    if not len(shapes) or not len(known):
        return found
    points = shapely.points(np.asarray(x_m)[known], np.asarray(y_m)[known])
    at, compound = shapely.STRtree(shapes).query(points, predicate="within")
    area = shapely.area(shapes)
    order = np.lexsort((-compound, -area[compound], at))
    found[known[at[order]]] = compound[order]
    if front_m > 0:
        inside = np.flatnonzero(found >= 0)
        at_wall = shapely.points(np.asarray(x_m)[inside], np.asarray(y_m)[inside])
        found[inside[shapely.distance(at_wall, shapely.boundary(shapes)[found[inside]]) < front_m]] = -1
    return found


def cut_at_walls(network: WalkNetwork, polygons_m: Sequence[Any]) -> tuple[WalkNetwork, IntArray]:
    """
    Cut pieces where they cross walls and mark those inside PRIVATE; bridges and tunnels pass untouched.

    Returns
    -------
    network
        With the cut pieces.
    lane_compound : shape (n_pieces,)
        Compound of each inner piece, -1 outside.
    """
    shapes = np.array(polygons_m, dtype=object)
    if not len(shapes):
        return network, np.full(network.n_pieces, -1, dtype=np.int32)
    level = (network.piece_flags & (PieceFlag.BRIDGE | PieceFlag.TUNNEL)) == 0
    ground = np.flatnonzero(level).astype(np.int32)
    lines = _lines(network, ground)
    row, compound = shapely.STRtree(shapes).query(lines, predicate="intersects")
    piece, share = _crossings(network, ground[row], lines[row], shapely.boundary(shapes)[compound])
    split = split_pieces(network, piece, share)
    cut = split.network
    touched = np.zeros(network.n_pieces, dtype=np.bool_)
    touched[ground[row]] = True
    candidates = np.flatnonzero(touched[split.source_piece_idx])
    lane_compound = np.full(cut.n_pieces, -1, dtype=np.int32)
    lane_compound[candidates] = _compound_of_pieces(cut, candidates, shapes)
    flags = np.where(lane_compound >= 0, cut.piece_flags | PieceFlag.PRIVATE, cut.piece_flags)
    return replace(cut, piece_flags=flags.astype(np.uint8)), lane_compound


def _lines(network: WalkNetwork, piece: IntArray) -> Any:
    a, b = network.piece_from_idx[piece], network.piece_to_idx[piece]
    x, y = network.vertex_x_m, network.vertex_y_m
    return shapely.linestrings(
        np.stack((np.column_stack((x[a], y[a])), np.column_stack((x[b], y[b]))), axis=1)
    )


def _crossings(network: WalkNetwork, piece: IntArray, lines: Any, walls: Any) -> tuple[IntArray, FloatArray]:
    """Where lines meet walls, as shares along their pieces; stretches along a wall give their two ends."""
    met = shapely.intersection(lines, walls)
    xy, row = shapely.get_coordinates(met, return_index=True)
    own = piece[row]
    a, b = network.piece_from_idx[own], network.piece_to_idx[own]
    ax, ay = network.vertex_x_m[a], network.vertex_y_m[a]
    dx, dy = network.vertex_x_m[b] - ax, network.vertex_y_m[b] - ay
    length2 = np.maximum(dx * dx + dy * dy, 1e-12)
    return own, np.clip(((xy[:, 0] - ax) * dx + (xy[:, 1] - ay) * dy) / length2, 0.0, 1.0)


def _compound_of_pieces(network: WalkNetwork, piece: Any, shapes: Any) -> IntArray:
    a, b = network.piece_from_idx[piece], network.piece_to_idx[piece]
    x = (network.vertex_x_m[a] + network.vertex_x_m[b]) / 2
    y = (network.vertex_y_m[a] + network.vertex_y_m[b]) / 2
    compound = compound_of_points(tuple(shapes), x, y)
    inside = np.flatnonzero(compound >= 0)
    walls = shapely.boundary(shapes)[compound[inside]]
    on_wall = shapely.distance(shapely.points(x[inside], y[inside]), walls) <= ALONG_WALL_M
    # A short piece that starts at the wall and leads inwards is a lane, not a street along the wall.
    ends_off = np.maximum(
        shapely.distance(shapely.points(network.vertex_x_m[a][inside], network.vertex_y_m[a][inside]), walls),
        shapely.distance(shapely.points(network.vertex_x_m[b][inside], network.vertex_y_m[b][inside]), walls),
    )
    compound[inside[on_wall & (ends_off <= ALONG_WALL_M)]] = -1
    return compound


def large_public_pieces(network: WalkNetwork, min_component: int) -> BoolArray:
    """Pieces outside compounds in a part of the network with enough vertices (the largest if none has)."""
    public = (network.piece_flags & PieceFlag.PRIVATE) == 0
    streets = keep_pieces(network, public)
    part = label_parts(network.n_vertices, streets.piece_from_idx, streets.piece_to_idx)
    size = np.bincount(part)
    large = size >= min(min_component, int(size.max()))
    is_large: BoolArray = public & large[part[network.piece_from_idx]]
    return is_large


def crossing_vertices(
    network: WalkNetwork, lane_compound: IntArray, is_public: BoolArray
) -> tuple[IntArray, IntArray]:
    """(compound, vertex) of every place where an inner lane meets a public street, sorted."""
    meets = np.zeros(network.n_vertices, dtype=np.bool_)
    meets[network.piece_from_idx[is_public]] = True
    meets[network.piece_to_idx[is_public]] = True
    lanes = np.flatnonzero(lane_compound >= 0)
    vertex = np.concatenate((network.piece_from_idx[lanes], network.piece_to_idx[lanes]))
    compound = np.concatenate((lane_compound[lanes], lane_compound[lanes]))
    pairs = np.unique(np.column_stack((compound, vertex))[meets[vertex]], axis=0)
    return pairs[:, 0], pairs[:, 1]
