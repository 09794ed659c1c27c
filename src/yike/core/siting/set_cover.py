"""
Set covering (LSCP): the fewest sites, or the cheapest, that cover everybody who must be.

First what can be said without searching: who is out of reach of all, rows that others imply, candidates that
others replace, sites without which somebody stays out; then each independent part by itself: all subsets
when few candidates are left, else greedy, a local search, the Lagrangian dual, and HiGHS from the best plan.
"""

from __future__ import annotations

import numpy as np

from yike.core.siting.coverage import only_sites
from yike.core.siting.options import SolveOptions
from yike.core.siting.order import build_order
from yike.core.siting.plans import Found, plan_of
from yike.core.siting.problems import SetCover
from yike.core.siting.reach import Reach
from yike.core.siting.set_cover_core import reduce_cover
from yike.core.siting.set_cover_search import FULL, QUICK, Effort, solve_part
from yike.core.siting.sets import sets_of
from yike.core.siting.watch import Watch
from yike.core.tables import BoolArray, FloatArray, IntArray, SitingPlan
from yike.errors import InfeasibleError


def solve_set_cover(problem: SetCover, options: SolveOptions) -> SitingPlan:
    """
    Solve the LSCP.

    Returns
    -------
    SitingPlan
        ``objective`` is the number of sites, or their cost; ``people_gained`` counts places of ``must``;
        ``cost_fen`` the costs, rounded. Proven optimal with up to ``exact_up_to`` candidates that matter.

    Raises
    ------
    InfeasibleError
        Some of ``must`` have no candidate within the cutoff. Facts: ``places`` how many, ``of`` all of
        them, ``rows`` the first of them, ``cutoff_s``, ``enough_s`` the least cutoff that would do (+inf
        when even the whole search does not reach them), ``no_way`` how many no cutoff of the search helps.
    ValueError
        A cost is not positive, or the reach was searched less far than the cutoff.
    """
    watch = Watch(options)
    must = np.asarray(problem.must, bool)
    cost = _cost(problem)
    _refuse_unreached(problem.reach, must, problem.cutoff_s)
    sites, bound, method = _solve(problem.reach, must, problem.cutoff_s, cost, watch)
    found = Found(sites, bound, method, watch.reason() or "work")
    within = only_sites(problem.reach, problem.cutoff_s, sites)
    price = None if problem.cost is None else cost[sites]
    at, gained = build_order(within, must.astype(float), range(len(sites)), price)
    order = sites[at]
    prices = np.rint(cost[order]).astype(np.int64) if problem.cost is not None else None
    objective = float(cost[order].sum())
    return plan_of(found, order, gained, objective, "lscp", "min", watch, prices)


def cover_with(
    reach: Reach, must: BoolArray, cutoff_s: float, enough: int, watch: Watch, effort: Effort = QUICK
) -> tuple[IntArray, float]:
    """
    Few sites that cover all of ``must``, and a lower bound of how few can.

    Parameters
    ----------
    enough
        Stop at a cover of so many, or when the bound says that none exists.
    """
    cost = np.ones(reach.n_candidates)
    sites, bound, _ = _solve(reach, must, cutoff_s, cost, watch, enough, effort)
    return sites, bound


def _solve(
    reach: Reach,
    must: BoolArray,
    cutoff_s: float,
    cost: FloatArray,
    watch: Watch,
    enough: int = 0,
    effort: Effort = FULL,
) -> tuple[IntArray, float, str]:
    sets = sets_of(reach, cutoff_s, must.astype(float), cost=cost)
    core = reduce_cover(sets, cost[sets.candidate_idx])
    chosen = [core.essential]
    bound = float(core.cost_of_essential)
    methods = [] if len(core.parts) else ["reductions"]
    for part in core.parts:
        rest = max(0.0, enough - bound) if len(core.parts) == 1 else 0.0
        sites, low, method = solve_part(part, watch, rest, effort)
        chosen.append(part.candidate_idx[sites])
        bound += low
        methods.append(method)
    rows = np.sort(np.concatenate(chosen))
    return sets.candidate_idx[rows], bound, "; ".join(dict.fromkeys(methods))


def _cost(problem: SetCover) -> FloatArray:
    if problem.cost is None:
        return np.ones(problem.reach.n_candidates)
    cost = np.asarray(problem.cost, float)
    if not np.all(np.isfinite(cost)) or np.any(cost <= 0):
        raise ValueError("costs must be finite and greater than 0")
    return cost


def _refuse_unreached(reach: Reach, must: BoolArray, cutoff_s: float) -> None:
    if cutoff_s > reach.limit_s:
        raise ValueError(f"reach was searched to {reach.limit_s} s, shorter than {cutoff_s} s")
    nearest = nearest_walks(reach)
    out = np.flatnonzero(must & (nearest > cutoff_s))
    if not len(out):
        return
    enough = float(nearest[out].max())
    code = "siting.set_cover.too_far" if np.isfinite(enough) else "siting.set_cover.no_way"
    raise InfeasibleError(
        code, places=len(out), of=int(must.sum()), rows=out[:20].tolist(), cutoff_s=cutoff_s,
        enough_s=enough, enough_min=_minutes(enough), cutoff_min=_minutes(cutoff_s),
        limit_min=_minutes(reach.limit_s), no_way=int(np.isinf(nearest[out]).sum()),
    )  # fmt: skip


def _minutes(seconds: float) -> float:
    """Minutes to a tenth, rounded up, so that what is written does suffice."""
    return float(np.ceil(seconds / 6) / 10) if np.isfinite(seconds) else seconds


def nearest_walks(reach: Reach) -> FloatArray:
    """Each demand point's walk to the nearest candidate; +inf beyond the search."""
    nearest = np.full(reach.n_demand, np.inf)
    np.minimum.at(nearest, reach.demand_idx, reach.walk_s)
    return nearest
