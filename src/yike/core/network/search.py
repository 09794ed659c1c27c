"""Exact bounded walking-time searches on a ``StreetGraph``, from one or many starts at once."""

from __future__ import annotations

import numpy as np

from yike.core.network import _search_kernels as kernels
from yike.core.tables import NO_TICKS, TICKS_PER_S, IntArray, LongArray, StreetGraph, WalkNetwork


def ticks_of(seconds: float) -> int:
    """Whole ticks within a time, for limits and cutoffs: a walk of exactly this time still counts."""
    return int(min(np.floor(seconds * TICKS_PER_S + 1e-6), float(NO_TICKS) - 1))


def walk_ticks(
    graph: StreetGraph, start_junctions: IntArray, start_ticks: IntArray, limit_ticks: int
) -> IntArray:
    """
    Walking time from the nearest of several starts to every junction.

    Parameters
    ----------
    graph
        Where to walk.
    start_junctions, start_ticks : shape (n_starts,)
        Where the walk may begin, and the ticks already spent there. A junction may come twice.
    limit_ticks
        Longest walk that counts; a walk of exactly this length counts.

    Returns
    -------
    shape (n_junctions,), int32
        ``NO_TICKS`` beyond the limit.

    Notes
    -----
    Dijkstra's algorithm with a binary heap; integer ticks, so the result is exact and order-free.
    """
    best = np.full(graph.n_junctions, NO_TICKS, dtype=np.int32)
    kernels.bounded_search(
        graph.indptr,
        graph.neighbour_idx,
        graph.neighbour_ticks,
        np.ascontiguousarray(start_junctions, dtype=np.int32),
        np.ascontiguousarray(start_ticks, dtype=np.int32),
        np.int64(limit_ticks),
        best,
        np.empty(graph.n_junctions, dtype=np.int32),
        np.empty(1024, dtype=np.int64),
    )
    return best


def vertex_ticks(
    network: WalkNetwork,
    graph: StreetGraph,
    start_vertices: IntArray,
    start_ticks: IntArray,
    limit_ticks: int,
) -> IntArray:
    """
    Walking time from the nearest of several start vertices to every vertex of the network.

    Parameters
    ----------
    network, graph
        The network and its graph under one profile.
    start_vertices, start_ticks : shape (n_starts,)
        Rows of the network's vertices, and the ticks already spent there.
    limit_ticks
        Longest walk that counts, inclusive.

    Returns
    -------
    shape (n_vertices,), int32
        ``NO_TICKS`` beyond the limit. A start without any walkable piece reaches itself alone.
    """
    start = np.ascontiguousarray(start_vertices, dtype=np.int32)
    spent = np.ascontiguousarray(start_ticks, dtype=np.int32)
    out = np.full(network.n_vertices, NO_TICKS, dtype=np.int32)
    within = spent <= limit_ticks
    np.minimum.at(out, start[within], spent[within])
    edge_of, place = vertex_places(network, graph)
    on_edge = edge_of[start] >= 0
    edge, spent = edge_of[start[on_edge]], spent[on_edge]
    offset = graph.chain_ticks[place[start[on_edge]]]
    ends = np.concatenate((graph.edge_from_idx[edge], graph.edge_to_idx[edge]))
    to_ends = np.concatenate((spent + offset, spent + graph.edge_ticks[edge] - offset))
    best = walk_ticks(graph, ends, to_ends, limit_ticks)
    chain = graph.chain_ptr, graph.chain_vertex_idx, graph.chain_ticks
    limit = np.int64(limit_ticks)
    edges = graph.edge_from_idx, graph.edge_to_idx, graph.edge_ticks
    kernels.spread_to_vertices(*edges, *chain, best, limit, out)
    kernels.spread_along_edges(edge, offset, spent, *chain, limit, out)
    return out


def vertex_places(network: WalkNetwork, graph: StreetGraph) -> tuple[IntArray, LongArray]:
    """
    Where each vertex lies in the graph: an edge, and the row of the chain columns there.

    Returns
    -------
    edge_idx, chain_row : shape (n_vertices,)
        Both -1 for a vertex without a walkable piece; a junction gets the first of its edges.
    """
    edge_of = np.full(network.n_vertices, -1, dtype=np.int32)
    place = np.full(network.n_vertices, -1, dtype=np.int64)
    kernels.locate_vertices(graph.chain_ptr, graph.chain_vertex_idx, edge_of, place)
    return edge_of, place
