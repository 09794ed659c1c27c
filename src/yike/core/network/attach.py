"""
Join points to the street graph: one rule, used everywhere (docs/concepts/walking-network.md).

A point joins the nearest point on the nearest walkable piece of a component with at least
``min_component`` vertices (the largest component if none has), at most ``max_m`` away, walks straight there
at the profile's speed and may leave in both directions. Farther points are 未接入 (not attached).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.geo.hilbert import hilbert_order
from yike.core.network import _attach_kernels as kernels
from yike.core.tables import (
    TICKS_PER_S,
    Attachments,
    AttachRule,
    BoolArray,
    DirectWalks,
    FloatArray,
    IntArray,
    LongArray,
    StreetGraph,
    WalkNetwork,
)

MAX_ATTACH_M = 200.0
MIN_COMPONENT = 50

# 1 M points on 1 M vertices, cells of 25, 40, 60, 80 m: grid 0.51, 0.33, 0.13, 0.13 s, points 0.6 to 0.7 s.
_CELL_M = 60.0


@dataclass(frozen=True, eq=False)
class PieceGrid:
    """Pieces that may be joined, in a uniform grid of local metres."""

    piece_idx: IntArray  # shape (n,), ascending
    segments: FloatArray  # shape (n, 6): ax, ay, bx - ax, by - ay, bx, by
    x0_m: float
    y0_m: float
    cell_m: float
    n_cols: int
    n_rows: int
    ptr: LongArray
    items: IntArray
    group: IntArray  # shape (n,): only points of the same group may join; empty: no groups


@dataclass(frozen=True, eq=False)
class FootPoints:
    """Where points meet the street: piece (-1 none), share along it from its from-vertex, metres away."""

    piece_idx: IntArray
    share: FloatArray
    distance_m: FloatArray


def pieces_to_join(graph: StreetGraph, min_component: int = MIN_COMPONENT) -> BoolArray:
    """
    Pieces that a point may join: walkable, in a component that is large enough.

    Returns
    -------
    shape (n_pieces,), bool
        The largest component (the first of several) counts when none has ``min_component`` vertices.
    """
    is_large = graph.component_size >= min_component
    if not is_large.any():
        is_large = np.arange(len(is_large)) == np.argmax(graph.component_size)
    edge_may = is_large[graph.component_idx[graph.edge_from_idx]]
    may: BoolArray = (graph.piece_edge_idx >= 0) & edge_may[graph.piece_edge_idx]
    return may


def make_piece_grid(
    network: WalkNetwork, may_join: BoolArray, piece_group: IntArray | None = None
) -> PieceGrid:
    """
    Grid over the pieces where ``may_join``; reuse it to attach several sets of points.

    ``piece_group`` (per piece of the network) keeps points to pieces of their own group, see ``find_feet``.
    """
    group = np.empty(0, dtype=np.int32) if piece_group is None else piece_group[may_join].astype(np.int32)
    piece = np.flatnonzero(may_join).astype(np.int32)
    start, end = network.piece_from_idx[piece], network.piece_to_idx[piece]
    ax, ay = network.vertex_x_m[start], network.vertex_y_m[start]
    bx, by = network.vertex_x_m[end], network.vertex_y_m[end]
    segments = np.column_stack((ax, ay, bx - ax, by - ay, bx, by))
    if not len(piece):
        none = np.empty(0, dtype=np.int32)
        return PieceGrid(piece, segments, 0.0, 0.0, 1.0, 1, 1, np.zeros(2, np.int64), none, none)
    x0, y0 = min(ax.min(), bx.min()), min(ay.min(), by.min())
    width, height = max(ax.max(), bx.max()) - x0, max(ay.max(), by.max()) - y0
    # Sparse country networks: never more than about eight cells per piece.
    cell = max(_CELL_M, float(np.sqrt((width + _CELL_M) * (height + _CELL_M) / (8.0 * len(piece) + 64))))
    n_cols, n_rows = int(width / cell) + 1, int(height / cell) + 1
    ptr = np.zeros(n_cols * n_rows + 1, dtype=np.int64)
    items = kernels.fill_grid(segments, x0, y0, cell, n_cols, n_rows, ptr)
    return PieceGrid(piece, segments, float(x0), float(y0), cell, n_cols, n_rows, ptr, items, group)


def find_feet(
    grid: PieceGrid,
    x_m: FloatArray,
    y_m: FloatArray,
    max_m: float = MAX_ATTACH_M,
    group: IntArray | None = None,
) -> FootPoints:
    """
    Nearest point on the nearest piece of a grid, by true geometry; ties to the lowest piece.

    Parameters
    ----------
    grid
        The pieces that may be found.
    x_m, y_m : shape (n,)
        Local metres; unknown coordinates find nothing.
    max_m
        Farthest that counts; exactly this counts.
    group : shape (n,)
        Group of each point, for a grid with groups.
    """
    x = np.ascontiguousarray(x_m, dtype=np.float64)
    y = np.ascontiguousarray(y_m, dtype=np.float64)
    row = np.full(len(x), -1, dtype=np.int32)
    share, distance_m = np.zeros(len(x)), np.full(len(x), np.nan)
    if len(grid.piece_idx):
        where = grid.x0_m, grid.y0_m, grid.cell_m, grid.n_cols, grid.n_rows
        kernels.nearest_segments(
            x,
            y,
            hilbert_order(x, y),
            np.empty(0, dtype=np.int32) if group is None else np.ascontiguousarray(group, dtype=np.int32),
            grid.segments,
            grid.group,
            grid.ptr,
            grid.items,
            *where,
            max_m,
            row,
            share,
            distance_m,
        )
        piece = np.where(row >= 0, grid.piece_idx[row], np.int32(-1))
    else:
        piece = row
    return FootPoints(piece, share, distance_m)


def attach_points(
    network: WalkNetwork,
    graph: StreetGraph,
    x_m: FloatArray,
    y_m: FloatArray,
    *,
    max_m: float = MAX_ATTACH_M,
    min_component: int = MIN_COMPONENT,
    grid: PieceGrid | None = None,
) -> Attachments:
    """
    Attach points by the rule of this module.

    Parameters
    ----------
    network, graph
        The network and its graph under one profile.
    x_m, y_m : shape (n,)
        Local metres of the network.
    max_m
        Farthest straight walk to the street; exactly this counts.
    min_component
        Fewest vertices of a component that may be joined.
    grid
        From ``make_piece_grid``, to save making it again; then ``min_component`` is not looked at.

    Returns
    -------
    Attachments
        Two ends per attached point (both may be the same junction, on a loop); rule STREET or NONE.

    Notes
    -----
    Distances are straight metres in the local projection (scale error below 3e-5 within 49 km of the
    origin's meridian). 0.5 to 2 M points per second and core.
    """
    if grid is None:
        grid = make_piece_grid(network, pieces_to_join(graph, min_component))
    return attach_feet(network, graph, find_feet(grid, x_m, y_m, max_m))


def attach_feet(network: WalkNetwork, graph: StreetGraph, feet: FootPoints) -> Attachments:
    """Attachments of foot points already found: offsets along their edges, and two ends each."""
    is_attached = feet.piece_idx >= 0
    piece = np.where(is_attached, feet.piece_idx, 0)
    edge = np.where(is_attached, graph.piece_edge_idx[piece], np.int32(-1))
    along = np.rint(feet.share * graph.piece_ticks[piece]).astype(np.int32)
    along = np.where(graph.piece_is_reversed[piece], graph.piece_ticks[piece] - along, along)
    offset = np.where(is_attached, graph.piece_start_ticks[piece] + along, np.int32(0))
    distance_m = np.where(is_attached, feet.distance_m, np.nan)
    access = np.rint(np.where(is_attached, distance_m, 0.0) / graph.speed_m_s * TICKS_PER_S).astype(np.int32)
    foot_x_m, foot_y_m = _feet_on(network, piece, feet.share)
    end_ptr = np.zeros(len(piece) + 1, dtype=np.int64)
    np.cumsum(2 * is_attached, out=end_ptr[1:])
    hit = edge[is_attached]
    near, far = offset[is_attached], graph.edge_ticks[hit] - offset[is_attached]
    return Attachments(
        is_attached=is_attached,
        piece_idx=feet.piece_idx,
        edge_idx=edge,
        edge_offset_ticks=offset,
        access_ticks=access,
        distance_m=distance_m,
        foot_x_m=np.where(is_attached, foot_x_m, np.nan),
        foot_y_m=np.where(is_attached, foot_y_m, np.nan),
        end_ptr=end_ptr,
        end_junction_idx=np.column_stack((graph.edge_from_idx[hit], graph.edge_to_idx[hit])).ravel(),
        end_ticks=(np.column_stack((near, far)) + access[is_attached][:, None]).astype(np.int32).ravel(),
        compound_idx=np.full(len(piece), -1, dtype=np.int32),
        rule=np.where(is_attached, np.uint8(AttachRule.STREET), np.uint8(AttachRule.NONE)),
    )


def _feet_on(network: WalkNetwork, piece: IntArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    start, end = network.piece_from_idx[piece], network.piece_to_idx[piece]
    x, y = network.vertex_x_m, network.vertex_y_m
    return x[start] + share * (x[end] - x[start]), y[start] + share * (y[end] - y[start])


def direct_walks(graph: StreetGraph, places: Attachments, outlets: Attachments) -> DirectWalks:
    """
    Walks along one edge, without a junction: the difference of offsets plus both walks to the street.

    On a loop only the way along the chain counts here; the way round is covered by the ends.

    Parameters
    ----------
    graph
        The graph both were attached to.
    places, outlets
        Attachments; points without an edge have no direct walk here.

    Returns
    -------
    DirectWalks
        One slice per place, outlets ascending.

    Notes
    -----
    Memory 8 bytes per pair. Pairs number the sum over edges of places x outlets on it.
    """
    on_edge = np.flatnonzero(outlets.edge_idx >= 0).astype(np.int32)
    by_edge = on_edge[np.argsort(outlets.edge_idx[on_edge], kind="stable")]
    edge_ptr = np.zeros(graph.n_edges + 1, dtype=np.int64)
    np.cumsum(np.bincount(outlets.edge_idx[on_edge], minlength=graph.n_edges), out=edge_ptr[1:])
    ptr = np.zeros(len(places) + 1, dtype=np.int64)
    outlet, ticks = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
    place = places.edge_idx, places.edge_offset_ticks, places.access_ticks
    outlet_columns = edge_ptr, by_edge, outlets.edge_offset_ticks, outlets.access_ticks
    kernels.direct_pairs(*place, *outlet_columns, ptr, outlet, ticks)
    if ptr[-1]:
        outlet, ticks = (np.empty(int(ptr[-1]), dtype=np.int32) for _ in range(2))
        kernels.direct_pairs(*place, *outlet_columns, ptr, outlet, ticks)
    return DirectWalks(ptr=ptr, outlet_idx=outlet, ticks=ticks)
