"""Contract a ``WalkNetwork`` under one walking profile to the ``StreetGraph`` that searches run on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.geo.hilbert import hilbert_order
from yike.core.network import _contract_kernels as kernels
from yike.core.network.profile import WalkProfile
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
from yike.errors import EmptyNetworkError, StudyError

MAX_EDGE_TICKS = 2**30 - 1
"""Longest edge (4.5 h of walking): two of them still add up inside int32."""

_MAX_CHAIN_S = 8192.0


@dataclass(frozen=True)
class _Chains:
    """Edges as found: the half-edges they start and end with, and the vertices between."""

    is_junction: BoolArray
    start_half: IntArray
    end_half: IntArray
    n_inner: IntArray
    link: IntArray


def piece_seconds(network: WalkNetwork, profile: WalkProfile) -> FloatArray:
    """
    Seconds a profile takes for each piece; -1 where it may not walk.

    Returns
    -------
    shape (n_pieces,), float64
    """
    steps = (network.piece_flags & PieceFlag.STEPS) != 0
    seconds: FloatArray = network.piece_length_m / profile.speed_m_s
    if profile.steps_factor != 1.0:
        seconds = np.where(steps, seconds * profile.steps_factor, seconds)
    if profile.avoid_steps:
        seconds = np.where(steps, -1.0, seconds)
    if not profile.uses_private:
        seconds = np.where((network.piece_flags & PieceFlag.PRIVATE) != 0, -1.0, seconds)
    return seconds


def build_graph(network: WalkNetwork, profile: WalkProfile) -> StreetGraph:
    """
    Contract chains of degree-2 vertices; junctions in Hilbert order; walking time in ticks.

    Every walkable piece keeps its place on an edge; parallel edges and loops are kept; an isolated ring gets
    one junction. A vertex where a PRIVATE piece meets a street stays a junction: there people come out.
    Chains longer than 2.3 h are cut. Vertices without a walkable piece are in no edge.

    Parameters
    ----------
    network
        Streets with every vertex.
    profile
        Who walks: speed, steps, private lanes.

    Raises
    ------
    EmptyNetworkError
        The profile may walk no piece at all.
    StudyError
        One piece takes longer than ``MAX_EDGE_TICKS``.

    Notes
    -----
    Time and memory O(vertices + pieces). Walking times between vertices differ from those on the network by
    rounding only: at most half a tick (8 microseconds) per edge.
    """
    seconds = piece_seconds(network, profile)
    _check_pieces(network, seconds, profile)
    chains = _find_chains(network, seconds)
    vertices = np.flatnonzero(chains.is_junction).astype(np.int32)
    vertices = vertices[hilbert_order(network.vertex_x_m[vertices], network.vertex_y_m[vertices])]
    junction_of = np.full(network.n_vertices, -1, dtype=np.int32)
    junction_of[vertices] = np.arange(len(vertices), dtype=np.int32)
    edge_from, edge_to, first_half, n_inner = _oriented_edges(network, chains, junction_of, len(vertices))
    return _lay_out(network, profile, seconds, chains.link, vertices, edge_from, edge_to, first_half, n_inner)


def _check_pieces(network: WalkNetwork, seconds: FloatArray, profile: WalkProfile) -> None:
    if not np.any(seconds >= 0):
        raise EmptyNetworkError("network.nothing_walkable", profile=profile.label)
    too_long = seconds * TICKS_PER_S > MAX_EDGE_TICKS
    if too_long.any():
        row = int(np.argmax(too_long))
        raise StudyError(
            "network.piece.too_long",
            count=int(too_long.sum()),
            row=row,
            way=int(network.piece_way_id[row]),
            found=round(float(network.piece_length_m[row]) / 1000, 1),
            limit=round(MAX_EDGE_TICKS / TICKS_PER_S * profile.speed_m_s / 1000, 1),
        )


def _find_chains(network: WalkNetwork, seconds: FloatArray) -> _Chains:
    n_vertices, n_pieces = network.n_vertices, network.n_pieces
    degree = np.zeros(n_vertices, dtype=np.int32)
    link = np.full(2 * n_vertices, -1, dtype=np.int32)
    ends = network.piece_from_idx, network.piece_to_idx
    kernels.count_links(*ends, seconds, degree, link)
    is_junction = ((degree != 2) | _meets_private(network)) & (degree > 0)
    start_half, end_half, n_inner = (np.empty(n_pieces, dtype=np.int32) for _ in range(3))
    m = kernels.find_chains(
        *ends, seconds, degree, link, _MAX_CHAIN_S, is_junction, start_half, end_half, n_inner
    )
    return _Chains(is_junction, start_half[:m], end_half[:m], n_inner[:m], link)


def _meets_private(network: WalkNetwork) -> BoolArray:
    """Vertices of inner lanes: where one meets a street, people come out, so it must be a junction."""
    meets = np.zeros(network.n_vertices, dtype=np.bool_)
    lanes = (network.piece_flags & PieceFlag.PRIVATE) != 0
    if lanes.any():
        meets[network.piece_from_idx[lanes]] = True
        meets[network.piece_to_idx[lanes]] = True
    return meets


def _oriented_edges(
    network: WalkNetwork, chains: _Chains, junction_of: IntArray, n_junctions: int
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    a = junction_of[_vertex_left(network, chains.start_half)]
    b = junction_of[_vertex_left(network, chains.end_half)]
    order = np.empty(len(a), dtype=np.int32)
    kernels.order_edges(a, b, n_junctions, np.zeros(n_junctions + 1, dtype=np.int64), order)
    first_half = np.where(a <= b, chains.start_half, chains.end_half)[order]
    return np.minimum(a, b)[order], np.maximum(a, b)[order], first_half, chains.n_inner[order]


def _vertex_left(network: WalkNetwork, half: IntArray) -> IntArray:
    piece = half >> 1
    vertex: IntArray = np.where(half & 1 == 0, network.piece_from_idx[piece], network.piece_to_idx[piece])
    return vertex


def _lay_out(
    network: WalkNetwork,
    profile: WalkProfile,
    seconds: FloatArray,
    link: IntArray,
    vertices: IntArray,
    edge_from: IntArray,
    edge_to: IntArray,
    first_half: IntArray,
    n_inner: IntArray,
) -> StreetGraph:
    chain_ptr: LongArray = np.zeros(len(edge_from) + 1, dtype=np.int64)
    np.cumsum(n_inner.astype(np.int64) + 2, out=chain_ptr[1:])
    chain_vertex, chain_ticks = (np.empty(int(chain_ptr[-1]), dtype=np.int32) for _ in range(2))
    piece_edge = np.full(network.n_pieces, -1, dtype=np.int32)
    piece_start, piece_ticks = (np.zeros(network.n_pieces, dtype=np.int32) for _ in range(2))
    piece_reversed = np.zeros(network.n_pieces, dtype=np.bool_)
    kernels.fill_chains(
        network.piece_from_idx,
        network.piece_to_idx,
        seconds,
        link,
        first_half,
        chain_ptr,
        float(TICKS_PER_S),
        chain_vertex,
        chain_ticks,
        piece_edge,
        piece_start,
        piece_reversed,
        piece_ticks,
    )
    edge_ticks = chain_ticks[chain_ptr[1:] - 1]
    indptr = np.zeros(len(vertices) + 1, dtype=np.int32)
    n_links = 2 * int(np.count_nonzero(edge_from != edge_to))
    neighbour, neighbour_ticks = (np.empty(n_links, dtype=np.int32) for _ in range(2))
    kernels.fill_csr(edge_from, edge_to, edge_ticks, indptr, neighbour, neighbour_ticks)
    component, size = (np.zeros(len(vertices), dtype=np.int32) for _ in range(2))
    n_components = kernels.label_components(edge_from, edge_to, n_inner, component, size)
    return StreetGraph(
        junction_vertex_idx=vertices,
        indptr=indptr,
        neighbour_idx=neighbour,
        neighbour_ticks=neighbour_ticks,
        edge_from_idx=edge_from,
        edge_to_idx=edge_to,
        edge_ticks=edge_ticks,
        chain_ptr=chain_ptr,
        chain_vertex_idx=chain_vertex,
        chain_ticks=chain_ticks,
        piece_edge_idx=piece_edge,
        piece_start_ticks=piece_start,
        piece_is_reversed=piece_reversed,
        piece_ticks=piece_ticks,
        component_idx=component,
        component_size=size[:n_components],
        speed_m_s=profile.speed_m_s,
        profile=profile.code,
    )
