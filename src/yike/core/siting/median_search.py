"""Plans of the p-median, and how short the walks could be at best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting import _median_kernels as kernels
from yike.core.siting.median_core import MedianCore
from yike.core.siting.watch import Watch
from yike.core.tables import FloatArray, IntArray

HEAT = (0.1, 0.05, 0.1, 0.03)
"""First heat of each run, in shares of what an average site saves."""
STRETCH = 4_000_000
"""Pairs looked at between two looks at the clock: about 10 ms."""


@dataclass(frozen=True, eq=False)
class MedianDual:
    """The best lower bound of the total walk, and the prices that prove it."""

    bound: float
    price: FloatArray  # shape (n_demand,), 0 <= price <= weight * end_s


def greedy_chain(core: MedianCore) -> tuple[IntArray, FloatArray]:
    """Up to ``k`` sites, best next first, and the walking each saves; fewer when no further one saves any."""
    reach = core.reach
    sites, gained = np.zeros(core.k, np.int64), np.zeros(core.k)
    n = kernels.greedy(
        reach.ptr, reach.demand_idx, reach.walk_s, core.weight, core.end_s.copy(), core.k, sites, gained
    )
    return sites[:n].astype(np.int32), gained[:n]


def rearrange_sites(core: MedianCore, start: IntArray, rounds: int, watch: Watch) -> IntArray:
    """The best plan found from ``start``; the work is one look at all pairs a round."""
    if not len(start):
        return start
    search = _Search(core, start, watch.options.seed)
    room = rounds * len(core.near_s)
    for heat in HEAT:
        search.restart()
        steps = max(1, room // len(HEAT) // STRETCH)
        for step in range(steps if room else 0):
            if watch.reason():
                return search.best.astype(np.int32)
            search.stretch(heat * (1 - step / steps), min(STRETCH, room // len(HEAT)))
    return search.best.astype(np.int32)


class _Search:
    """The state of one local search: who stands, who serves each place, what each candidate would save."""

    def __init__(self, core: MedianCore, start: IntArray, seed: int) -> None:
        reach = core.reach
        self.pairs = reach.ptr, reach.demand_idx, reach.walk_s
        self.near = core.row_ptr, core.cand, core.near_s
        self.core = core
        self.best = start.astype(np.int64)
        self.values = np.full(2, core.value(start))
        self.idle = float(core.weight @ core.end_s)
        self.word = np.array([seed % 2**64], np.uint64)
        self.barred = np.zeros(reach.n_candidates + 1, np.int64)
        self.now_s, self.who = np.empty(reach.n_demand), np.empty(reach.n_demand, np.int32)
        self.gain = np.empty(reach.n_candidates)

    def restart(self) -> None:
        """Begin at the best plan again, with sums that carry no rounding of the runs before."""
        self.sites = self.best.copy()
        self.slot = np.full(self.core.reach.n_candidates, -1, np.int64)
        self.slot[self.sites] = np.arange(len(self.sites))
        kernels.start_search(
            *self.pairs, *self.near, self.core.weight, self.core.end_s, self.sites, self.now_s, self.who,
            self.gain, np.zeros(1, np.int64),
        )  # fmt: skip
        self.values[0] = self.values[1]

    def stretch(self, heat_share: float, room: int) -> None:
        """Some steps at one heat."""
        heat = heat_share * (self.idle - self.values[1]) / len(self.sites)
        kernels.rearrange(
            *self.pairs, *self.near, self.core.weight, self.core.end_s, self.sites, self.slot, self.now_s,
            self.who, self.gain, self.best, self.values, self.word, self.barred, heat, room,
        )  # fmt: skip


def bound_by_prices(core: MedianCore, sites: IntArray, rounds: int, watch: Watch) -> MedianDual:
    """
    Lower bound of the total walk with ``k`` sites.

    Parameters
    ----------
    sites
        A known plan; the steps aim at its value and begin at what its places walk, and a bit.
    """
    reach, walks = core.reach, core.walks(sites)
    upper = float(core.weight @ walks)
    price = core.weight * np.minimum(core.end_s, 1.2 * walks + 60.0)
    best_price = price.copy()
    state = np.zeros(1 + reach.n_demand)
    state[0] = -np.inf
    for step in range(rounds):
        if watch.reason() or state[0] >= upper:
            break
        kernels.descend(
            reach.ptr, reach.demand_idx, reach.walk_s, core.row_ptr, core.cand, core.near_s, core.weight,
            core.end_s, price, best_price, core.k, upper, step, step + 1, rounds, state,
        )  # fmt: skip
    if np.isinf(state[0]):  # stopped before the first step: everybody at the nearest candidate there is
        return MedianDual(float(core.weight @ nearest_of(core)), core.weight * 0.0)
    return MedianDual(float(state[0]), best_price)


def nearest_of(core: MedianCore) -> FloatArray:
    """What each place walks when all candidates stand."""
    near = core.end_s.copy()
    has = np.diff(core.row_ptr) > 0
    near[has] = core.near_s[core.row_ptr[:-1][has]]
    return near


def scores(core: MedianCore, price: FloatArray) -> tuple[FloatArray, float]:
    """Score of each candidate at given prices, and the sum of the prices."""
    score = np.empty(core.reach.n_candidates)
    total = kernels.score_sites(core.row_ptr, core.cand, core.near_s, core.weight, price, score)
    return score, float(total)
