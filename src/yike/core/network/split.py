"""Split street pieces, add vertices and pieces: what closing compounds and planners' edits are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.tables import BoolArray, ByteArray, FloatArray, IntArray, WalkNetwork

NEAR_END_M = 0.1
"""A cut this near to a piece's end is taken at its vertex: no slivers."""


@dataclass(frozen=True, eq=False)
class SplitNetwork:
    """A network with cut pieces, the vertex of each cut, and the piece each new one came from."""

    network: WalkNetwork
    cut_vertex_idx: IntArray
    source_piece_idx: IntArray


def split_pieces(network: WalkNetwork, piece_idx: IntArray, share: FloatArray) -> SplitNetwork:
    """
    Cut pieces at shares of their length.

    Parameters
    ----------
    piece_idx, share : shape (n_cuts,)
        Piece and place along it, 0 its from-vertex, 1 its to-vertex. A piece may be cut often. Cuts at
        (nearly) equal places, or at an end, share one vertex.

    Returns
    -------
    SplitNetwork
        Whole pieces keep their order and come first in place of themselves; new vertices come last, with
        negative ids. Lengths are divided by share, flags, names and ways are kept.
    """
    cuts = np.lexsort((share, piece_idx))
    piece, at = np.asarray(piece_idx)[cuts], np.asarray(share, dtype=np.float64)[cuts]
    length = np.maximum(network.piece_length_m[piece], 1e-9)
    at_start, at_end = at * length <= NEAR_END_M, (1.0 - at) * length <= NEAR_END_M
    inner = ~(at_start | at_end)
    # Of cuts closer than a sliver the first makes the vertex and the others use it.
    same = np.zeros(len(piece), dtype=np.bool_)
    same[1:] = (
        inner[1:] & inner[:-1] & (piece[1:] == piece[:-1]) & ((at[1:] - at[:-1]) * length[1:] <= NEAR_END_M)
    )
    fresh = inner & ~same
    new_idx = network.n_vertices + np.cumsum(fresh) - 1
    vertex = np.where(at_start, network.piece_from_idx[piece], network.piece_to_idx[piece])
    vertex = np.where(inner, new_idx, vertex).astype(np.int32)
    cut_vertex = np.empty(len(piece), dtype=np.int32)
    cut_vertex[cuts] = vertex
    grown = _with_cut_vertices(network, piece[fresh], at[fresh])
    ends, source, portion = _parts(network, piece[fresh], at[fresh])
    pieces = {name: getattr(network, name)[source] for name in vars(network) if name.startswith("piece_")}
    pieces["piece_from_idx"], pieces["piece_to_idx"] = ends
    pieces["piece_length_m"] = network.piece_length_m[source] * portion
    return SplitNetwork(replace(grown, **pieces), cut_vertex, source)


def _with_cut_vertices(network: WalkNetwork, piece: IntArray, at: FloatArray) -> WalkNetwork:
    start, end = network.piece_from_idx[piece], network.piece_to_idx[piece]
    x, y = network.vertex_x_m, network.vertex_y_m
    return add_vertices(network, x[start] + at * (x[end] - x[start]), y[start] + at * (y[end] - y[start]))


def _parts(
    network: WalkNetwork, piece: IntArray, at: FloatArray
) -> tuple[tuple[IntArray, IntArray], IntArray, FloatArray]:
    """Ends, source and share of length of the parts, in the order of their sources."""
    n_cuts = np.bincount(piece, minlength=network.n_pieces)
    source = np.repeat(np.arange(network.n_pieces, dtype=np.int32), n_cuts + 1)
    first = np.zeros(len(source), dtype=np.bool_)
    last = first.copy()
    begins = np.concatenate(([0], np.cumsum(n_cuts + 1)))
    first[begins[:-1]], last[begins[1:] - 1] = True, True
    new_vertex = network.n_vertices + np.arange(len(piece), dtype=np.int32)
    start, end = network.piece_from_idx[source], network.piece_to_idx[source]
    low, high = np.zeros(len(source)), np.ones(len(source))
    start[~first], low[~first] = new_vertex, at
    end[~last], high[~last] = new_vertex, at
    return (start, end), source, high - low


def add_vertices(network: WalkNetwork, x_m: FloatArray, y_m: FloatArray) -> WalkNetwork:
    """The network with vertices added at local metres, ids counting down from the lowest (or 0)."""
    lon, lat = LocalProjection(network.origin_lon, network.origin_lat).inverse(x_m, y_m)
    lowest = min(0, int(network.vertex_id.min())) if network.n_vertices else 0
    ids = lowest - 1 - np.arange(len(x_m), dtype=np.int64)
    return replace(
        network,
        vertex_id=np.concatenate((network.vertex_id, ids)),
        vertex_lon=np.concatenate((network.vertex_lon, lon)),
        vertex_lat=np.concatenate((network.vertex_lat, lat)),
        vertex_x_m=np.concatenate((network.vertex_x_m, x_m)),
        vertex_y_m=np.concatenate((network.vertex_y_m, y_m)),
    )


def add_pieces(
    network: WalkNetwork,
    from_idx: IntArray,
    to_idx: IntArray,
    length_m: FloatArray,
    flags: ByteArray,
    *,
    kind: str = "",
    name: str = "",
) -> WalkNetwork:
    """The network with pieces added at its end, of no way (0), of one kind and name."""
    n = len(from_idx)
    kinds = network.kinds if kind in network.kinds else (*network.kinds, kind)
    names = network.names if not name or name in network.names else (*network.names, name)
    more: dict[str, Any] = {
        "piece_from_idx": from_idx,
        "piece_to_idx": to_idx,
        "piece_length_m": length_m,
        "piece_flags": flags,
        "piece_kind_idx": np.full(n, kinds.index(kind)),
        "piece_way_id": np.zeros(n),
        "piece_name_idx": np.full(n, names.index(name) if name else -1),
    }
    columns: dict[str, Any] = {}
    for column, values in more.items():
        old = getattr(network, column)
        columns[column] = np.concatenate((old, np.asarray(values).astype(old.dtype)))
    return replace(network, kinds=kinds, names=names, **columns)


def keep_pieces(network: WalkNetwork, keep: BoolArray) -> WalkNetwork:
    """The network with some of its pieces; all vertices stay."""
    kept: dict[str, Any] = {
        name: getattr(network, name)[keep] for name in vars(network) if name.startswith("piece_")
    }
    return replace(network, **kept)
