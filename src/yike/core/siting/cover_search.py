"""Plans of maximal covering: greedy, then neighbouring sites rearranged."""

from __future__ import annotations

import numpy as np

from yike.core.siting import _cover_kernels as kernels
from yike.core.siting.cover_core import CoverCore
from yike.core.siting.watch import Watch
from yike.core.tables import FloatArray, IntArray

RUNS = 4
"""The work is split into so many runs, each from the best plan so far and cooling from its own heat."""
HEAT = (0.2, 0.2, 0.1, 0.05)
"""First heat of each run, in shares of the value of an average site."""
STRETCH = 4_000_000
"""Pairs looked at between two looks at the clock: about 5 ms."""


def greedy_chain(core: CoverCore) -> tuple[IntArray, FloatArray]:
    """Up to ``k`` sites, best next first, and what each gains; fewer when no further one gains anything."""
    sets = core.sets
    sites, gained = np.zeros(core.k, np.int64), np.zeros(core.k)
    n = kernels.greedy(sets.ptr, sets.rows, sets.weight, core.k, sites, gained)
    return sites[:n].astype(np.int32), gained[:n]


def rearrange_sites(core: CoverCore, start: IntArray, rounds: int, watch: Watch) -> IntArray:
    """
    The best plan found from ``start`` by taking out a few neighbouring sites at a time.

    Parameters
    ----------
    rounds
        Work, in looks at all pairs, two a round.
    """
    if not len(start):
        return start
    search = _Search(core, start, watch.options.seed)
    room = 2 * rounds * len(core.sets.rows)
    for run in range(RUNS):
        search.restart()
        steps = max(1, room // RUNS // STRETCH)
        for step in range(steps if room else 0):
            if watch.reason():
                return search.best.astype(np.int32)
            search.stretch(HEAT[run] * (1 - step / steps), min(STRETCH, room // RUNS))
    return search.best.astype(np.int32)


class _Search:
    """The state of one local search: who stands, how often each row is covered, what each would gain."""

    def __init__(self, core: CoverCore, start: IntArray, seed: int) -> None:
        self.sets = core.sets
        self.best = start.astype(np.int64)
        self.values = np.full(2, core.value(start))
        self.word = np.array([seed % 2**64], np.uint64)
        self.barred = np.zeros(core.sets.n_candidates + 1, np.int64)

    def restart(self) -> None:
        """Begin at the best plan again, with sums that carry no rounding of the runs before."""
        sets = self.sets
        self.sites = self.best.copy()
        self.slot = np.full(sets.n_candidates, -1, np.int64)
        self.slot[self.sites] = np.arange(len(self.sites))
        self.cover, self.gain = np.zeros(sets.n_rows, np.int32), np.zeros(sets.n_candidates)
        kernels.start_search(
            sets.ptr, sets.rows, sets.row_ptr, sets.cands, sets.weight, self.sites, self.cover, self.gain
        )
        self.values[0] = self.values[1]

    def stretch(self, heat_share: float, room: int) -> None:
        """Some steps at one heat."""
        sets = self.sets
        heat = heat_share * self.values[1] / len(self.sites)
        kernels.rearrange(
            sets.ptr, sets.rows, sets.row_ptr, sets.cands, sets.weight, self.sites, self.slot, self.cover,
            self.gain, self.best, self.values, self.word, self.barred, heat, room,
        )  # fmt: skip
