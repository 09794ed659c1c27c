"""Points along the streets, every so many metres: where something could stand if no list says where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from yike.core.network.attach import pieces_to_join
from yike.core.tables import (
    TICKS_PER_S,
    BoolArray,
    FloatArray,
    IntArray,
    LongArray,
    PieceFlag,
    StreetGraph,
    WalkNetwork,
)

NO_ROOM = PieceFlag.STEPS | PieceFlag.PRIVATE | PieceFlag.BRIDGE | PieceFlag.TUNNEL
"""Pieces beside which nothing can stand."""

TOO_CLOSE = 0.6
"""Points nearer to each other than this share of the spacing are one: around junctions many would fall."""


@dataclass(frozen=True, eq=False)
class StreetPoints:
    """Points on streets, in a fixed order."""

    x_m: FloatArray
    y_m: FloatArray
    street: tuple[str, ...]  # name of the street, "" unnamed

    def __len__(self) -> int:
        return len(self.x_m)


def points_along_streets(
    network: WalkNetwork, graph: StreetGraph, spacing_m: float, min_component: int
) -> StreetPoints:
    """
    Points at junctions and every ``spacing_m`` along the streets between them.

    Parameters
    ----------
    spacing_m
        Distance along a street from point to point, > 0; the last stretch of an edge may be longer.
    min_component
        As in the attachment rule: streets of small islands have no points.

    Returns
    -------
    StreetPoints
        No two nearer than ``TOO_CLOSE`` spacings in a straight line; none beside steps, bridges, tunnels and
        inner lanes. The same streets give the same points in the same order.
    """
    edges = _edges_to_join(graph, min_component)
    edge, ticks = _stations(graph, edges, spacing_m)
    link, share = _on_chain(graph, edge, ticks)
    has_room = ~_links_without_room(network, graph)[link]
    edge, ticks, link, share = edge[has_room], ticks[has_room], link[has_room], share[has_room]
    start, end = graph.chain_vertex_idx[link], graph.chain_vertex_idx[link + 1]
    x_m = network.vertex_x_m[start] + share * (network.vertex_x_m[end] - network.vertex_x_m[start])
    y_m = network.vertex_y_m[start] + share * (network.vertex_y_m[end] - network.vertex_y_m[start])
    is_end = (ticks == 0) | (ticks == graph.edge_ticks[edge])
    first = np.lexsort((np.arange(len(edge)), ~is_end))  # junctions keep their point
    kept = first[_apart(x_m[first], y_m[first], TOO_CLOSE * spacing_m)]
    kept.sort()
    return StreetPoints(x_m[kept], y_m[kept], _street_names(network, graph, edge[kept]))


def _edges_to_join(graph: StreetGraph, min_component: int) -> LongArray:
    may: BoolArray = np.zeros(graph.n_edges, bool)
    may[graph.piece_edge_idx[pieces_to_join(graph, min_component)]] = True
    return np.flatnonzero(may)


def _links_without_room(network: WalkNetwork, graph: StreetGraph) -> BoolArray:
    """Rows of the chain whose link to the next vertex is steps, a bridge, a tunnel or an inner lane."""
    narrow = np.flatnonzero((graph.piece_edge_idx >= 0) & ((network.piece_flags & int(NO_ROOM)) != 0))
    marked: BoolArray = np.zeros(len(graph.chain_ticks), bool)
    start = graph.piece_start_ticks[narrow].astype(np.int64)
    marked[_on_chain(graph, graph.piece_edge_idx[narrow].astype(np.int64), start)[0]] = True
    return marked


def _stations(graph: StreetGraph, edges: LongArray, spacing_m: float) -> tuple[LongArray, LongArray]:
    """Edge and offset in ticks of every point: both ends, and evenly between."""
    total = graph.edge_ticks[edges].astype(np.int64)
    step = spacing_m / graph.speed_m_s * TICKS_PER_S
    n = np.maximum((total / step).astype(np.int64), 1)
    edge = np.repeat(edges, n + 1)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(n + 1) - (n + 1), n + 1)
    return edge, np.repeat(total, n + 1) * nth // np.repeat(n, n + 1)


def _on_chain(graph: StreetGraph, edge: LongArray, ticks: LongArray) -> tuple[LongArray, FloatArray]:
    """Row of the chain at whose link each point lies, and its share along the link."""
    n_in = np.diff(graph.chain_ptr)
    owner = np.repeat(np.arange(graph.n_edges, dtype=np.int64), n_in)
    wide = np.int64(2**32)
    link = np.searchsorted(owner * wide + graph.chain_ticks, edge * wide + ticks, side="right") - 1
    link = np.clip(link, graph.chain_ptr[edge], graph.chain_ptr[edge + 1] - 2)
    low, high = graph.chain_ticks[link].astype(float), graph.chain_ticks[link + 1].astype(float)
    share = np.divide(ticks - low, high - low, out=np.zeros(len(edge)), where=high > low)
    return link, np.clip(share, 0.0, 1.0)


def _apart(x_m: FloatArray, y_m: FloatArray, least_m: float) -> LongArray:
    """Rows to keep so that no two are nearer than ``least_m``; of two the earlier stays."""
    if not len(x_m):
        return np.empty(0, np.int64)
    # exact repeats first: every edge brings its junctions
    _, once = np.unique(np.round(np.c_[x_m, y_m], 3), axis=0, return_index=True)
    rows = np.sort(once)
    pairs = cKDTree(np.c_[x_m[rows], y_m[rows]]).query_pairs(least_m, output_type="ndarray")
    pairs = np.sort(pairs, axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    gone = np.zeros(len(rows), bool)
    for earlier, later in pairs.tolist():
        if not gone[earlier]:
            gone[later] = True
    return rows[~gone]


def _street_names(network: WalkNetwork, graph: StreetGraph, edge: IntArray | LongArray) -> tuple[str, ...]:
    """Name of the first named piece of each edge."""
    name_of: IntArray = np.full(graph.n_edges, -1, np.int32)
    named = np.flatnonzero((graph.piece_edge_idx >= 0) & (network.piece_name_idx >= 0))[::-1]
    name_of[graph.piece_edge_idx[named]] = network.piece_name_idx[named]
    return tuple(network.names[i] if i >= 0 else "" for i in name_of[edge].tolist())
