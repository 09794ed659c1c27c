"""Lanes inside compounds: a street graph of their own, in which compounds never touch each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from yike.core.network import _compound_kernels as kernels
from yike.core.network.attach import PieceGrid, attach_feet, find_feet, make_piece_grid
from yike.core.network.build import make_network
from yike.core.network.contract import build_graph
from yike.core.network.profile import WalkProfile
from yike.core.tables import Attachments, FloatArray, IntArray, LongArray, StreetGraph, WalkNetwork
from yike.errors import EmptyNetworkError

LANE_REACH_M = 15.0
"""A gate this near to a lane, or to where a lane crosses the wall, is that lane's gate."""

_LIMIT_TICKS = np.int64(2**30)


@dataclass(frozen=True, eq=False)
class Lanes:
    """Inner lanes of all compounds, and the grid that keeps points to lanes of their own compound."""

    network: WalkNetwork
    graph: StreetGraph
    grid: PieceGrid

    def attach(self, x_m: FloatArray, y_m: FloatArray, compound: IntArray, max_m: float) -> Attachments:
        """Attach points to lanes of their own compound; any lane counts, however short."""
        return attach_feet(self.network, self.graph, find_feet(self.grid, x_m, y_m, max_m, compound))


def lay_lanes(network: WalkNetwork, lane_compound: IntArray, profile: WalkProfile) -> Lanes | None:
    """
    Lanes of compounds as a network of their own, None where a profile can walk none.

    A vertex in the wall between two compounds becomes one vertex for each, so no lane leads from one
    compound into another.
    """
    piece = np.flatnonzero(lane_compound >= 0)
    own = lane_compound[piece].astype(np.int64)
    start, end = (own * network.n_vertices + v[piece] for v in (network.piece_from_idx, network.piece_to_idx))
    keys, at = np.unique(np.concatenate((start, end)), return_inverse=True)
    if not len(keys):
        return None
    vertex = keys % network.n_vertices
    lanes = make_network(
        network.vertex_id[vertex],
        network.vertex_lon[vertex],
        network.vertex_lat[vertex],
        at[: len(piece)].astype(np.int32),
        at[len(piece) :].astype(np.int32),
        network.piece_length_m[piece],
        network.piece_flags[piece],
        origin=(network.origin_lon, network.origin_lat),
        x_m=network.vertex_x_m[vertex],
        y_m=network.vertex_y_m[vertex],
    )
    try:
        graph = build_graph(lanes, replace(profile, uses_private=True))
    except EmptyNetworkError:
        return None
    return Lanes(lanes, graph, make_piece_grid(lanes, graph.piece_edge_idx >= 0, lane_compound[piece]))


def lane_ticks(lanes: Lanes, a: Attachments, a_ptr: LongArray, b: Attachments, b_ptr: LongArray) -> IntArray:
    """
    Ticks along lanes between points of the same compound.

    Parameters
    ----------
    lanes
        Where both are attached.
    a, b
        Points sorted by compound.
    a_ptr, b_ptr : shape (n_compounds + 1,)
        Slices by compound.

    Returns
    -------
    shape (n_pairs,), int32
        By compound, then A, then B; ``NO_TICKS`` where no lane joins them.
    """
    out_ptr = np.concatenate(([0], np.cumsum(np.diff(a_ptr) * np.diff(b_ptr)))).astype(np.int64)
    out = np.empty(int(out_ptr[-1]), dtype=np.int32)
    graph = lanes.graph
    kernels.lane_pairs(
        graph.indptr,
        graph.neighbour_idx,
        graph.neighbour_ticks,
        graph.edge_from_idx,
        graph.edge_to_idx,
        graph.edge_ticks,
        a_ptr,
        a.edge_idx,
        a.edge_offset_ticks,
        a.access_ticks,
        b_ptr,
        b.edge_idx,
        b.edge_offset_ticks,
        b.access_ticks,
        out_ptr,
        _LIMIT_TICKS,
        out,
    )
    return out
