"""
Maximal covering (MCLP): with ``k`` sites, the most people within the cutoff.

Few candidates: all subsets at once. More: lazy greedy, then a local search that takes neighbouring sites out
and puts better ones in, while the Lagrangian dual bounds what any plan could reach; what the bound leaves
open goes to HiGHS when it is small enough.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yike.core.siting.cover_core import CoverCore, core_of
from yike.core.siting.cover_dual import CoverDual, bound_by_prices, bounds_at
from yike.core.siting.cover_exact import prove_cover
from yike.core.siting.cover_search import greedy_chain, rearrange_sites
from yike.core.siting.options import SolveOptions
from yike.core.siting.order import build_order
from yike.core.siting.plans import SAME, Found, plan_of, whole
from yike.core.siting.problems import MaxCover
from yike.core.siting.reach import Reach
from yike.core.siting.subsets import MOST, best_cover, best_of, few, lost_weight
from yike.core.siting.watch import Watch, side_by_side
from yike.core.tables import FloatArray, IntArray, SitingPlan

ROUNDS = (500, 1000)
"""Fewest and most steps of the dual unless named; per step the search looks at each pair twice."""
WORK = 4e9
"""Looks at pairs that the steps of the dual between those may take: about 8 s."""
CURVE_ROUNDS = 200
"""The same for each descent of a curve."""


def solve_max_cover(problem: MaxCover, options: SolveOptions) -> SitingPlan:
    """
    Solve the MCLP.

    Parameters
    ----------
    options
        ``rounds``: steps of the dual; the local search does work in proportion.

    Returns
    -------
    SitingPlan
        ``objective`` is the weight covered. At most ``k`` rows: sites that would gain nobody are left out,
        fixed ones never. Proven optimal with up to ``exact_up_to`` candidates, and above where the bound
        allows.

    Raises
    ------
    InfeasibleError
        More sites are fixed than ``k`` allows.
    ValueError
        The reach was searched less far than the cutoff, or weights are negative or not finite.
    """
    watch = Watch(options)
    core = core_of(problem.reach, problem.cutoff_s, problem.weight, problem.k, problem.fixed)
    found = solve_core(core, watch)
    sites = np.concatenate([core.fixed, core.sets.candidate_idx[found.sites]])
    within = only_sites(problem.reach, problem.cutoff_s, sites)
    order, gained = build_order(within, problem.weight, range(len(sites)))
    kept = (gained > 0) | np.isin(sites[order], core.fixed)
    return plan_of(
        Found(found.sites, core.base + found.bound, found.method, found.stopped_by),
        sites[order][kept], gained[kept], float(gained.sum()), "mclp", "max", watch,
    )  # fmt: skip


def solve_core(core: CoverCore, watch: Watch) -> Found:
    """Sites of the reduced problem, with a bound."""
    sets, k = core.sets, core.k
    if k == 0 or sets.n_candidates <= k:
        everybody = np.arange(sets.n_candidates if k else 0, dtype=np.int32)
        return Found(everybody, float(sets.weight.sum()) if k else 0.0, "all candidates")
    if sets.n_candidates <= few(watch.options):
        sites = best_cover(sets, k)
        return Found(sites, core.value(sites), "all subsets")
    return _solve_large(core, watch)


def _solve_large(core: CoverCore, watch: Watch) -> Found:
    rounds = _rounds(core, watch)
    start, _ = greedy_chain(core)
    quick = rearrange_sites(core, start, rounds // 10, watch)
    target = core.value(quick)
    sites, dual = side_by_side(
        watch.options,
        lambda: rearrange_sites(core, quick, rounds, watch),
        lambda: bound_by_prices(core, target, rounds, watch),
    )
    value, method = core.value(sites), "greedy, rearrangement; Lagrangian bound"
    dual = CoverDual(whole(dual.bound, core.sets.weight, "max"), dual.price)
    why = watch.reason() or "work"
    gap = (dual.bound - value) / max(dual.bound, SAME)
    if gap <= max(SAME, watch.options.wanted_gap) or watch.reason():
        return Found(sites, max(dual.bound, value), method, why if gap > SAME else "proof")
    proof = prove_cover(core, sites, dual, watch)
    if proof is None:
        return Found(sites, dual.bound, method, why)
    return proof


def _rounds(core: CoverCore, watch: Watch) -> int:
    if watch.options.rounds is not None:
        return max(0, watch.options.rounds)
    return int(np.clip(WORK / max(1, len(core.sets.rows)), *ROUNDS))


def only_sites(reach: Reach, cutoff_s: float, sites: IntArray) -> Reach:
    """The pairs within the cutoff of some candidates alone, in their order."""
    parts = [slice(int(reach.ptr[j]), int(reach.ptr[j + 1])) for j in sites]
    demand = [reach.demand_idx[p][reach.walk_s[p] <= cutoff_s] for p in parts]
    walk = [reach.walk_s[p][reach.walk_s[p] <= cutoff_s] for p in parts]
    ptr = np.cumsum([0, *map(len, demand)])
    none = np.empty(0, np.int32), np.empty(0, np.float32)
    return Reach(
        ptr, np.concatenate([none[0], *demand]), np.concatenate([none[1], *walk]), reach.n_demand, cutoff_s
    )


def cover_curve(
    reach: Reach, weight: FloatArray, cutoff_s: float, k_max: int
) -> tuple[IntArray, FloatArray, FloatArray]:
    """
    Sites in the order in which to build, and what each number of sites brings at best.

    Each plan of ``k`` sites contains the plan of ``k - 1``: the greedy chain, or the best plan of ``k_max``
    sites in building order where that brings more over all k together.

    Returns
    -------
    sites, gained, bound
        Candidate rows; weight gained per step; per k an upper bound for any ``k`` sites. As many as there
        are sites that gain anything, at most ``k_max``.

    Notes
    -----
    One set of dual prices bounds every k, so a few descents serve the whole curve. Work is bounded by
    counts, never by the clock.
    """
    core = core_of(reach, cutoff_s, weight, k_max, np.empty(0, np.int32))
    watch = Watch(SolveOptions(time_limit_s=np.inf, n_threads=1))
    chain, gained = greedy_chain(core)
    k = len(chain)
    if not k:
        return chain, gained, np.empty(0)
    bound = _bounds(core, np.cumsum(gained), watch)
    best = rearrange_sites(core, chain, CURVE_ROUNDS, watch)
    other, other_gained = build_order(_as_reach(core), core.sets.weight, best.tolist())
    if np.cumsum(other_gained).sum() > np.cumsum(gained).sum() * (1 + SAME):
        chain, gained = other, other_gained
    return core.sets.candidate_idx[chain], gained, np.maximum(bound, np.cumsum(gained))


def _bounds(core: CoverCore, value: FloatArray, watch: Watch) -> FloatArray:
    """Upper bound for each k, from descents at k, k / 2, k / 4, ...; exact with few candidates."""
    sets, k = core.sets, len(value)
    if sets.n_candidates <= MOST:
        table = lost_weight(sets)
        every = [best_of(table, sets.n_candidates, n + 1) for n in range(k)]
        return np.array([core.value(sites) for sites in every])
    bound = np.full(k, float(sets.weight.sum()))
    at = k
    while at >= 1:
        dual = bound_by_prices(replace(core, k=at), float(value[at - 1]), CURVE_ROUNDS, watch)
        bound = np.minimum(bound, bounds_at(sets, dual.price, k))
        at //= 2
    bound = np.minimum.accumulate(bound[::-1])[::-1]  # more sites never cover less
    return np.array([whole(b, sets.weight, "max") for b in bound])


def _as_reach(core: CoverCore) -> Reach:
    sets = core.sets
    return Reach(sets.ptr, sets.rows, np.zeros(len(sets.rows), np.float32), sets.n_rows, 0.0)
