"""The best plan known for each number of sites, one by one: what a slider of k shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from yike.core.siting.cover_core import CoverCore, core_of
from yike.core.siting.cover_search import greedy_chain, rearrange_sites
from yike.core.siting.coverage import cover_curve
from yike.core.siting.options import SolveOptions
from yike.core.siting.order import build_order
from yike.core.siting.plans import SAME
from yike.core.siting.reach import Reach
from yike.core.siting.watch import Watch
from yike.core.tables import FloatArray, IntArray

LOOKS = 10_000_000
"""Looks at pairs that the search for each k may take; on 1.1 million pairs about 30 ms."""
MOST_ROUNDS = 100


@dataclass(frozen=True, eq=False)
class CoverPlan:
    """Sites in building order, what each gains when those before it stand, and what no k sites exceed."""

    sites: IntArray
    gained: FloatArray
    bound: float


def cover_plans(reach: Reach, weight: FloatArray, cutoff_s: float, k_max: int) -> list[CoverPlan]:
    """
    Plans of 1, 2, ... sites, each as good as could be found, not each containing the one before.

    The chain of ``cover_curve`` trades a little at one k for more at another; here every k may also take
    the greedy sites, and a local search from the better of both where the bound leaves something open.

    Parameters
    ----------
    weight : shape (n_demand,)
        Who is not yet served.
    k_max
        The list ends earlier where no further site gains anything.

    Notes
    -----
    More sites never cover less. Work is bounded by counts, never by the clock, and runs on one thread.
    """
    chain, _, bound = cover_curve(reach, weight, cutoff_s, k_max)
    if not len(chain):
        return []
    core = core_of(reach, cutoff_s, weight, k_max, np.empty(0, np.int32))
    watch = Watch(SolveOptions(time_limit_s=np.inf, n_threads=1))
    greedy, own = greedy_chain(core)
    bound = _tightened(bound, float(own[0]))
    rows = np.searchsorted(core.sets.candidate_idx, chain).astype(np.int32)
    rounds = min(MOST_ROUNDS, LOOKS // (2 * max(1, len(core.sets.rows))))
    best = np.empty(0, np.int32)
    plans: list[CoverPlan] = []
    for k in range(1, len(chain) + 1):
        ways = [rows[:k], greedy[:k], _with_next(core, best)]
        best = max(ways, key=core.value)
        if core.value(best) < bound[k - 1] * (1 - SAME):
            best = rearrange_sites(replace(core, k=k), best, rounds, watch)
        if plans and core.value(best) <= plans[-1].gained.sum() * (1 + SAME):
            break
        sites, gained = build_order(reach.within(cutoff_s), weight, core.sets.candidate_idx[best])
        plans.append(CoverPlan(sites, gained, max(float(bound[k - 1]), float(gained.sum()))))
    return plans


def _with_next(core: CoverCore, sites: IntArray) -> IntArray:
    """The same sites and the one that adds most to them; the lowest row of equals."""
    sets = core.sets
    left = sets.weight.copy()
    for j in sites:
        left[sets.rows[sets.ptr[j] : sets.ptr[j + 1]]] = 0
    own = np.repeat(np.arange(sets.n_candidates), np.diff(sets.ptr))
    gain = np.bincount(own, left[sets.rows], sets.n_candidates)
    return np.append(sites, np.argmax(gain)).astype(np.int32)


def _tightened(bound: FloatArray, best_single: float) -> FloatArray:
    """
    Bounds that also know the best single site.

    Of the best k sites the one that adds least adds at most a k-th of the whole, so the other k - 1 cover
    at least (k - 1) / k of it: best(k) <= best(k - 1) * k / (k - 1).
    """
    out = np.array(bound, float)
    out[0] = min(out[0], best_single)
    for k in range(2, len(out) + 1):
        out[k - 1] = min(out[k - 1], out[k - 2] * k / (k - 1))
    return out
