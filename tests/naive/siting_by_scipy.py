"""Siting by brute force: SciPy's Dijkstra over raw vertices, every set of k premises tried."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from yike.core.tables import OutletStatus, PieceFlag


class Ground:
    """Streets of a network without compounds, at one speed."""

    def __init__(self, network, speed_m_s, max_snap_m=200.0, min_component=50):
        public = (network.piece_flags & int(PieceFlag.PRIVATE)) == 0
        self.start, self.end = network.piece_from_idx[public], network.piece_to_idx[public]
        self.seconds = network.piece_length_m[public] / speed_m_s
        self.x, self.y = network.vertex_x_m, network.vertex_y_m
        self.speed, self.max_snap_m = speed_m_s, max_snap_m
        n = len(self.x)
        # of parallel pieces the shortest counts: a sum would make them longer
        order = np.lexsort((self.seconds, self.end, self.start))
        pair = np.c_[self.start, self.end][order]
        first = np.r_[True, (pair[1:] != pair[:-1]).any(axis=1)] if len(pair) else np.empty(0, bool)
        rows = order[first]
        ways = {}
        for i in rows.tolist():
            key = tuple(sorted((int(self.start[i]), int(self.end[i]))))
            ways[key] = min(ways.get(key, math.inf), float(self.seconds[i]))
        a, b = np.array(list(ways)).T
        self.graph = coo_matrix((np.maximum(list(ways.values()), 1e-9), (a, b)), (n, n)).tocsr()
        _, part = connected_components(self.graph, directed=False)
        size = np.bincount(part)
        big = size >= min_component
        if not big.any():
            big = size == size.max()
        self.may_join = big[part[self.start]]

    def foot(self, x, y):
        """Piece, share along it and metres away of the nearest piece; None beyond the limit."""
        rows = np.flatnonzero(self.may_join)
        ax, ay = self.x[self.start[rows]], self.y[self.start[rows]]
        dx, dy = self.x[self.end[rows]] - ax, self.y[self.end[rows]] - ay
        length2 = dx * dx + dy * dy
        share = np.clip(np.divide((x - ax) * dx + (y - ay) * dy, length2, where=length2 > 0,
                                  out=np.zeros(len(rows))), 0, 1)  # fmt: skip
        apart = np.hypot(ax + share * dx - x, ay + share * dy - y)
        best = int(np.argmin(apart))
        return (
            None
            if apart[best] > self.max_snap_m
            else (int(rows[best]), float(share[best]), float(apart[best]))
        )

    def walks(self, here, feet):
        """Seconds from one foot to many, +inf where either has none."""
        out = np.full(len(feet), np.inf)
        if here is None:
            return out
        piece, share, away = here
        s = self.seconds[piece]
        times = dijkstra(self.graph, directed=False, indices=[self.start[piece], self.end[piece]])
        to_node = np.minimum(times[0] + share * s, times[1] + (1 - share) * s)
        for i, foot in enumerate(feet):
            if foot is None:
                continue
            p, at, off = foot
            best = min(to_node[self.start[p]] + at * self.seconds[p],
                       to_node[self.end[p]] + (1 - at) * self.seconds[p])  # fmt: skip
            if p == piece:
                best = min(best, abs(at - share) * s)
            out[i] = best + (away + off) / self.speed
        return out


def best_cover(base, serves, k, cutoff_s, may=None):
    """
    Most people newly within the cutoff with k premises, by trying every set.

    ``serves`` marks the outlets of the type, ``may`` the premises that can be had. Returns the people and how
    near the nearest walk comes to the cutoff, so that a test can leave out what rounding decides.
    """
    joined, premises = base.joined, base.pack.premises
    ground = Ground(joined.network, base.profile.speed_m_s, joined.streets.walk.max_snap_m,
                    joined.streets.walk.min_component)  # fmt: skip
    homes = [ground.foot(x, y) for x, y in zip(joined.places.x_m, joined.places.y_m, strict=True)]
    reached = np.zeros(len(homes), bool)
    margin = math.inf
    for o in np.flatnonzero(serves & (joined.outlets.status == OutletStatus.OPEN)):
        walk = ground.walks(ground.foot(joined.outlets.x_m[o], joined.outlets.y_m[o]), homes)
        reached |= walk <= cutoff_s
        margin = min(margin, np.abs(walk - cutoff_s).min(initial=math.inf))
    people = np.nan_to_num(joined.places.people, nan=0.0)
    if np.isnan(joined.places.people).all():
        people = np.ones(len(homes))
    weight = np.where(reached | np.array([h is None for h in homes]), 0.0, people)
    covers = []
    for j in range(len(premises)):
        if may is not None and not may[j]:
            continue
        walk = ground.walks(ground.foot(premises.x_m[j], premises.y_m[j]), homes)
        covers.append(walk <= cutoff_s)
        margin = min(margin, np.abs(walk - cutoff_s).min(initial=math.inf))
    sets = combinations(covers, min(k, len(covers)))
    best = max((math.fsum(weight[np.any(chosen, axis=0)]) for chosen in sets if chosen), default=0.0)
    return best, margin
