"""
P-center: with ``k`` sites, the shortest longest walk.

Few candidates: all subsets at once. More: whether a walk of ``t`` can be promised is a set covering problem
with ``k`` sites at cutoff ``t``; only walks that occur can be the answer, so it is found by halving them.
"""

from __future__ import annotations

import numpy as np

from yike.core.siting.cover_core import check_fixed
from yike.core.siting.coverage import only_sites
from yike.core.siting.median_core import end_of, nearest_lists
from yike.core.siting.options import SolveOptions
from yike.core.siting.order import build_order
from yike.core.siting.plans import Found, plan_of
from yike.core.siting.problems import PCenter
from yike.core.siting.reach import Reach
from yike.core.siting.set_cover import cover_with
from yike.core.siting.set_cover_search import FULL, QUICK, Effort
from yike.core.siting.subsets import best_of, few, longest_table
from yike.core.siting.watch import Watch
from yike.core.tables import BoolArray, FloatArray, IntArray, SitingPlan


def solve_p_center(problem: PCenter, options: SolveOptions) -> SitingPlan:
    """
    Solve the p-center problem.

    Returns
    -------
    SitingPlan
        ``objective`` is the longest walk of ``must`` in seconds, +inf where somebody stays beyond the search
        whatever ``k`` sites stand; ``people_gained`` counts places brought within the objective.

    Raises
    ------
    InfeasibleError
        More sites are fixed than ``k`` allows.
    """
    watch = Watch(options)
    reach, must = problem.reach, np.asarray(problem.must, bool)
    fixed = check_fixed(problem.fixed, problem.k)
    end_s = end_of(reach, problem.start_s, fixed, np.inf)
    end_s[~must] = 0
    found = _solve(reach, must, end_s, problem.k - len(fixed), watch)
    objective = longest(reach, end_s, found.sites)
    sites = np.concatenate([fixed, found.sites]).astype(np.int32)
    cutoff_s = min(objective, reach.limit_s)
    start = np.full(reach.n_demand, np.inf) if problem.start_s is None else problem.start_s
    left = (must & (start > cutoff_s)).astype(float)
    order, gained = build_order(only_sites(reach, cutoff_s, sites), left, range(len(sites)))
    return plan_of(found, sites[order], gained, objective, "p_center", "min", watch)


def longest(reach: Reach, end_s: FloatArray, sites: IntArray) -> float:
    """The longest walk when sites stand; 0 when nobody must be served."""
    now = end_s.copy()
    for j in sites:
        pairs = slice(int(reach.ptr[j]), int(reach.ptr[j + 1]))
        at = reach.demand_idx[pairs]
        now[at] = np.minimum(now[at], reach.walk_s[pairs])
    return float(now.max(initial=0.0))


def _solve(reach: Reach, must: BoolArray, end_s: FloatArray, k: int, watch: Watch) -> Found:
    row_ptr, cand, near_s = nearest_lists(reach, end_s)
    useful = np.unique(cand).astype(np.int32)
    nearest = end_s.copy()
    has = np.diff(row_ptr) > 0
    nearest[has] = near_s[row_ptr[:-1][has]]
    floor = float(nearest.max(initial=0.0))
    nobody = np.empty(0, np.int32)
    if k <= 0 or len(useful) <= k:
        sites = useful if k > 0 else nobody
        return Found(sites, longest(reach, end_s, sites), "all candidates")
    if len(useful) <= few(watch.options):
        mine = np.searchsorted(useful, cand).astype(np.int32)
        table = np.maximum(longest_table(row_ptr, mine, near_s, end_s, len(useful)), floor)
        sites = useful[best_of(table, len(useful), k)] if np.isfinite(floor) else nobody
        return Found(sites, longest(reach, end_s, sites), "all subsets")
    if np.isinf(floor):
        return Found(nobody, np.inf, "out of reach")
    del row_ptr, cand, near_s
    return _halve(reach, must, end_s, k, floor, watch)


def _halve(reach: Reach, must: BoolArray, end_s: FloatArray, k: int, floor: float, watch: Watch) -> Found:
    """
    Search the walks that occur.

    ``bad`` and below are proven too short, ``good`` and above can be promised; a walk where the covering
    problem stays open counts as neither: the plan is then sought above it and the proof below it.
    """
    walks = np.unique(np.concatenate([reach.walk_s[must[reach.demand_idx]].astype(float), end_s[must]]))
    walks = walks[(walks >= floor) & np.isfinite(walks)]
    best = np.empty(0, np.int32)
    bad, good = -1, len(walks) if np.isinf(longest(reach, end_s, best)) else len(walks) - 1
    unknown = good  # lowest walk where the covering problem stayed open
    low, is_first = -1, True
    while low + 1 < good and (is_first or not watch.reason()):
        at = good - 1 if is_first else (low + good) // 2  # first of all, any plan
        is_first = False
        sites, fewest = _promise(reach, must, end_s, float(walks[at]), k, watch)
        if sites is not None:
            best, good = sites, int(np.searchsorted(walks, longest(reach, end_s, sites)))
        elif fewest > k:
            low = bad = at
        else:
            low, unknown = at, min(unknown, at)
    unknown = min(unknown, good)
    while bad + 1 < unknown and not watch.reason():
        at = (bad + unknown) // 2
        sites, fewest = _promise(reach, must, end_s, float(walks[at]), k, watch, FULL)
        if sites is not None:
            best, good, unknown = sites, at, at
        elif fewest > k:
            bad = at
        else:
            unknown = at
    bound = float(walks[bad + 1]) if bad + 1 < len(walks) else np.inf
    why = watch.reason() or "work"
    return Found(best, bound, "halving of cutoffs, set covering at each", why)


def _promise(
    reach: Reach,
    must: BoolArray,
    end_s: FloatArray,
    walk_s: float,
    k: int,
    watch: Watch,
    effort: Effort = QUICK,
) -> tuple[IntArray | None, float]:
    """At most ``k`` sites that bring everybody within a walk, or None; and how few sites can."""
    left = must & (end_s > walk_s)
    sites, fewest = cover_with(reach, left, min(walk_s, reach.limit_s), k, watch, effort)
    return (sites, fewest) if len(sites) <= k else (None, fewest)
