"""
Walking times of a made-up city by SciPy's Dijkstra: independent of the engine, for planting and for proof.

Outlets stand on streets and open lanes. Walls are honoured by direction: searches start at the outlets, go
along streets both ways, and may enter a compound through a gate but never leave it again, so nobody walks
through a compound on the way to somewhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra

from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray
from yike.sources.synth.streets import Streets

TOGETHER = 64  # outlets searched from at once, each for itself: bounds the memory
SPARE_M = 200.0  # searched beyond the limit: homes are joined to nodes farther than themselves


@dataclass(frozen=True, eq=False)
class Feet:
    """Where points meet their street: piece, metres from its start, metres away."""

    piece_idx: IntArray
    along_m: FloatArray
    away_m: FloatArray

    def only(self, which: IntArray | LongArray | BoolArray) -> Feet:
        """The feet of some of the points: a mask or rows."""
        return Feet(self.piece_idx[which], self.along_m[which], self.away_m[which])


class TrueWalks:
    """Walking times from outlets to places, in seconds."""

    def __init__(self, streets: Streets, speed_m_s: float) -> None:
        self.streets = streets
        self.speed_m_s = speed_m_s
        u, v = streets.piece_from_idx, streets.piece_to_idx
        x, y = streets.x_m, streets.y_m
        self.length_m = np.hypot(x[u] - x[v], y[u] - y[v])
        block = streets.piece_block_idx
        self.is_inner: BoolArray = (block >= 0) & streets.block_is_walled[block]
        self.lines = shapely.linestrings(np.stack([np.c_[x[u], y[u]], np.c_[x[v], y[v]]], axis=1))
        self.outside = np.flatnonzero(~self.is_inner)
        self.outside_tree = shapely.STRtree(self.lines[self.outside])
        self.graph = self._graph()

    def _graph(self) -> csr_matrix:
        """Directed pieces, seen from outlets: out of an inner lane onto the street is left out."""
        s = self.streets
        u, v, w = s.piece_from_idx, s.piece_to_idx, self.length_m
        on_street = np.zeros(len(s.x_m), bool)
        on_street[u[~self.is_inner]] = on_street[v[~self.is_inner]] = True
        forward = ~(self.is_inner & on_street[v])  # u -> v, unless v is on the street and the piece inner
        backward = ~(self.is_inner & on_street[u])
        rows = np.concatenate([u[forward], v[backward]])
        cols = np.concatenate([v[forward], u[backward]])
        lengths = np.concatenate([w[forward], w[backward]])
        order = np.lexsort((lengths, cols, rows))
        rows, cols, lengths = rows[order], cols[order], lengths[order]
        first = np.r_[True, (rows[1:] != rows[:-1]) | (cols[1:] != cols[:-1])]
        n = len(s.x_m)
        return coo_matrix((lengths[first], (rows[first], cols[first])), (n, n)).tocsr()

    def feet(self, x_m: FloatArray, y_m: FloatArray, block_idx: IntArray | None = None) -> Feet:
        """
        Nearest piece of each point: streets and open lanes, or the lanes of the compound it lives in.

        ``block_idx`` names the block of each point (for homes); None means points on streets (outlets).
        """
        points = shapely.points(x_m, y_m)
        piece = np.empty(len(x_m), np.int64)
        walled = np.zeros(len(x_m), bool) if block_idx is None else self.streets.block_is_walled[block_idx]
        piece[~walled] = self.outside[self.outside_tree.nearest(points[~walled])]
        if walled.any() and block_idx is not None:
            piece[walled] = self._inner_piece(points[walled], block_idx[walled])
        return Feet(
            piece_idx=piece.astype(np.int32),
            along_m=shapely.line_locate_point(self.lines[piece], points),
            away_m=shapely.distance(self.lines[piece], points),
        )

    def _inner_piece(self, points: np.ndarray, block_idx: IntArray) -> IntArray:
        lanes_of: dict[int, list[int]] = {}
        for p in np.flatnonzero(self.is_inner).tolist():
            lanes_of.setdefault(int(self.streets.piece_block_idx[p]), []).append(p)
        out = np.empty(len(points), np.int32)
        for i, (point, block) in enumerate(zip(points, block_idx.tolist(), strict=True)):
            lanes = np.array(lanes_of[block])
            out[i] = lanes[np.argmin(shapely.distance(self.lines[lanes], point))]
        return out

    def nearest_s(self, outlets: Feet, homes: Feet, limit_s: float = 3600.0) -> FloatArray:
        """Seconds from each home to the nearest of these outlets; +inf beyond the limit or without any."""
        if not len(outlets.piece_idx):
            return np.full(len(homes.piece_idx), np.inf)
        node_m = self._from_outlets(outlets, limit_s * self.speed_m_s)
        return self._at_homes(node_m, outlets, homes, limit_s)

    def each_s(self, outlets: Feet, homes: Feet, limit_s: float) -> list[tuple[IntArray, FloatArray]]:
        """For every outlet alone: the homes within the limit, and the seconds to each of them."""
        found = []
        for start in range(0, len(outlets.piece_idx), TOGETHER):
            rows = np.arange(start, min(start + TOGETHER, len(outlets.piece_idx)))
            some = outlets.only(rows)
            costs = self._end_costs(some)
            node_m = self._search(*costs, len(rows), limit_s * self.speed_m_s)
            for k in range(len(rows)):
                times = self._at_homes(node_m[k], some.only(np.array([k])), homes, limit_s)
                near = np.flatnonzero(np.isfinite(times)).astype(np.int32)
                found.append((near, times[near]))
        return found

    def _at_homes(self, node_m: FloatArray, outlets: Feet, homes: Feet, limit_s: float) -> FloatArray:
        """Seconds to homes from metres to nodes, and along the piece where outlet and home share one."""
        s, p = self.streets, homes.piece_idx
        length = self.length_m[p]
        by_start = node_m[s.piece_from_idx[p]] + homes.along_m
        by_end = node_m[s.piece_to_idx[p]] + length - homes.along_m
        best = np.minimum(np.minimum(by_start, by_end), self._same_piece(outlets, homes))
        times = (best + homes.away_m) / self.speed_m_s
        times[times > limit_s] = np.inf
        return times

    def _from_outlets(self, outlets: Feet, limit_m: float) -> FloatArray:
        """Metres to every node from the nearest outlet."""
        ends, costs, _ = self._end_costs(outlets)
        all_one: IntArray = np.zeros(len(ends), np.int32)
        return np.asarray(self._search(ends, costs, all_one, 1, limit_m)[0], np.float64)

    def _end_costs(self, outlets: Feet) -> tuple[IntArray, FloatArray, IntArray]:
        """Nodes at both ends of each outlet's piece, metres to them, and which outlet it is."""
        p = outlets.piece_idx
        ends = np.concatenate([self.streets.piece_from_idx[p], self.streets.piece_to_idx[p]])
        costs = np.concatenate([
            outlets.away_m + outlets.along_m, outlets.away_m + self.length_m[p] - outlets.along_m,
        ])  # fmt: skip
        return ends, np.maximum(costs, 1e-6), np.tile(np.arange(len(p), dtype=np.int32), 2)

    def _search(
        self, ends: IntArray, costs: FloatArray, group: IntArray, n_groups: int, limit_m: float
    ) -> FloatArray:
        """
        Metres to every node from the nearest of each group's ends, shape (n_groups, n_nodes).

        Every group is one extra node joined to its ends.
        """
        order = np.lexsort((costs, ends, group))
        group, ends, costs = group[order], ends[order], costs[order]
        first = np.r_[True, (ends[1:] != ends[:-1]) | (group[1:] != group[:-1])]
        group, ends, costs = group[first], ends[first], costs[first]
        g, n = self.graph, len(self.streets.x_m)
        last = g.indptr[-1] + np.cumsum(np.bincount(group, minlength=n_groups))
        joined = csr_matrix(
            (
                np.concatenate([g.data, costs]),
                np.concatenate([g.indices, ends.astype(g.indices.dtype)]),
                np.concatenate([g.indptr, last.astype(g.indptr.dtype)]),
            ),
            (n + n_groups, n + n_groups),
        )
        metres = dijkstra(joined, indices=n + np.arange(n_groups), limit=limit_m + SPARE_M)
        return np.asarray(metres[:, :n], np.float64)

    def _same_piece(self, outlets: Feet, homes: Feet) -> FloatArray:
        best = np.full(len(homes.piece_idx), np.inf)
        order = np.argsort(outlets.piece_idx, kind="stable")
        first = np.searchsorted(outlets.piece_idx[order], homes.piece_idx, side="left")
        last = np.searchsorted(outlets.piece_idx[order], homes.piece_idx, side="right")
        for home in np.flatnonzero(last > first).tolist():
            mine = order[first[home] : last[home]]
            along = np.abs(outlets.along_m[mine] - homes.along_m[home]) + outlets.away_m[mine]
            best[home] = along.min()
        return best
