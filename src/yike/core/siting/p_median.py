"""
P-median: with ``k`` sites, the least walking in all.

Few candidates: all subsets at once. More: lazy greedy, then neighbouring sites taken out and better ones put
in, while the Lagrangian dual bounds what any plan could reach; what the bound leaves open is looked at in
full when it is small enough.
"""

from __future__ import annotations

import heapq

import numpy as np

from yike.core.siting.median_core import MedianCore, median_core
from yike.core.siting.median_exact import best_of_all, prove_median
from yike.core.siting.median_search import bound_by_prices, greedy_chain, rearrange_sites
from yike.core.siting.options import SolveOptions
from yike.core.siting.plans import SAME, Found, plan_of
from yike.core.siting.problems import PMedian
from yike.core.siting.subsets import few
from yike.core.siting.watch import Watch, side_by_side
from yike.core.tables import FloatArray, IntArray, SitingPlan

ROUNDS = (250, 2000)
"""Fewest and most steps of the dual when the options name none; the search looks at each pair once a step."""
WORK = 2e9
"""Looks at pairs that the steps between those may take: about 4 s."""


def solve_p_median(problem: PMedian, options: SolveOptions) -> SitingPlan:
    """
    Solve the p-median problem.

    Parameters
    ----------
    options
        ``rounds``: steps of the dual; the local search does work in proportion.

    Returns
    -------
    SitingPlan
        ``objective`` is the total walk in seconds times weight; ``people_gained`` the weight whose walk a
        site shortens when those above it stand. At most ``k`` rows: sites that save nobody a step are left
        out, fixed ones never.

    Raises
    ------
    InfeasibleError
        More sites are fixed than ``k`` allows.
    ValueError
        ``limit_s`` lies beyond the search, or weights are negative or not finite.
    """
    watch = Watch(options)
    core = median_core(problem)
    found = _solve(core, watch)
    sites = np.concatenate([core.fixed, found.sites]).astype(np.int32)
    order, gained = _order(problem, sites)
    kept = (gained > 0) | np.isin(order, core.fixed)
    return plan_of(found, order[kept], gained[kept], core.value(sites), "p_median", "min", watch)


def _solve(core: MedianCore, watch: Watch) -> Found:
    useful = core.useful()
    if core.k == 0 or len(useful) <= core.k:
        sites = useful if core.k else np.empty(0, np.int32)
        return Found(sites, core.value(sites), "all candidates")
    if len(useful) <= few(watch.options):
        sites = best_of_all(core, useful)
        return Found(sites, core.value(sites), "all subsets")
    rounds = _rounds(core, watch)
    start, _ = greedy_chain(core)
    quick = rearrange_sites(core, start, rounds // 10, watch)
    sites, dual = side_by_side(
        watch.options,
        lambda: rearrange_sites(core, quick, rounds, watch),
        lambda: bound_by_prices(core, quick, rounds, watch),
    )
    value, method = core.value(sites), "greedy, rearrangement; Lagrangian bound"
    gap = (value - dual.bound) / max(value, SAME)
    why = watch.reason() or "work"
    if gap <= max(SAME, watch.options.wanted_gap) or watch.reason():
        return Found(sites, min(dual.bound, value), method, why)
    return prove_median(core, sites, dual, watch) or Found(sites, dual.bound, method, why)


def _rounds(core: MedianCore, watch: Watch) -> int:
    if watch.options.rounds is not None:
        return max(0, watch.options.rounds)
    return int(np.clip(WORK / max(1, len(core.near_s)), *ROUNDS))


def _order(problem: PMedian, sites: IntArray) -> tuple[IntArray, FloatArray]:
    """Sites by the walking they save, and the weight whose walk each shortens."""
    reach = problem.reach
    now = np.full(reach.n_demand, float(problem.limit_s))
    if problem.start_s is not None:
        now = np.minimum(now, problem.start_s)

    def entry(j: int) -> tuple[float, int, float]:
        pairs = slice(int(reach.ptr[j]), int(reach.ptr[j + 1]))
        at = reach.demand_idx[pairs]
        saved = np.maximum(0.0, now[at] - reach.walk_s[pairs])
        weight = problem.weight[at]
        return -float(weight @ saved), j, float(weight[saved > 0].sum())

    heap = [entry(int(j)) for j in sites]
    heapq.heapify(heap)
    order, gained = [], []
    while heap:
        fresh = entry(heap[0][1])
        if heap[0][:2] < fresh[:2]:
            heapq.heapreplace(heap, fresh)
            continue
        heapq.heappop(heap)
        order.append(fresh[1])
        gained.append(fresh[2])
        pairs = slice(int(reach.ptr[fresh[1]]), int(reach.ptr[fresh[1] + 1]))
        at = reach.demand_idx[pairs]
        now[at] = np.minimum(now[at], reach.walk_s[pairs])
    return np.array(order, np.int32), np.array(gained, float)
