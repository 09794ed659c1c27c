"""Where to add a type: candidates, who lacks it, the model's plan, and the record that tells it all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from yike.core.siting.cover_plans import cover_plans
from yike.core.siting.options import SolveOptions
from yike.core.siting.order import build_order
from yike.core.siting.problems import MaxCover
from yike.core.siting.reach import Reach
from yike.core.siting.solve import solve
from yike.core.tables import FloatArray, PlanStatus, SitingPlan
from yike.standards.site_rules import load_site_rules
from yike.studies.base import Base
from yike.studies.candidates import CandidateList, circle_rows_of, find_candidates
from yike.studies.siting_demand import Demand, demand_of
from yike.studies.siting_multi import site_many
from yike.studies.siting_outcome import SitingOutcome, empty_plan, gaining, reach_to
from yike.studies.siting_problem import MODELS, SitingSpec, check_spec, cutoff_of, problem_of, search_s
from yike.studies.siting_record import record_of
from yike.studies.siting_told import CurvePoint, Told
from yike.studies.study import Progress, silent

CURVE_SITES = 10
"""The curve shows so many sites at least, where there are so many candidates."""


def site(base: Base, spec: SitingSpec, progress: Progress = silent) -> SitingOutcome:
    """
    Answer one siting question.

    Parameters
    ----------
    base
        ``pipeline.base_of``: the pack's open outlets count as open facilities.
    spec
        The question.
    progress
        Told each stage.

    Returns
    -------
    SitingOutcome
        With ``record["answer"]`` "no" and an empty plan where there is nothing to choose or nobody to gain;
        ``record["reason"]`` says why. Time apart, the same question gives the same answer.

    Raises
    ------
    InputError
        The question cannot be asked so.
    InfeasibleError
        No plan meets the requirements of the model.
    """
    spec = check_spec(spec)
    if spec.model == "multi":
        return site_many(base, spec, progress)
    cutoff_s = cutoff_of(base, spec.type_code, spec.cutoff_s)
    progress("查找候选点", 0, 1)
    found = find_candidates(
        base, spec.type_code, spec.kinds, spacing_m=spec.spacing_m, near=spec.near,
        circle_ids=spec.circle_ids, strict=spec.strict, spaces=spec.spaces,
    )  # fmt: skip
    far_s = search_s(spec, cutoff_s)
    demand = demand_of(
        base, spec.type_code, cutoff_s, spec.weights, circles=circle_rows_of(base, spec.circle_ids),
        needs=spec.needs, search_s=far_s,
    )  # fmt: skip
    counted = demand.everybody if spec.model == "p_median" else demand.weight
    progress("计算候选点的步行范围", 0, 1)
    reach = reach_to(base, found.attachments, counted > 0, far_s)
    progress("选址求解", 0, 1)
    plan, notes = _plan(base, spec, found, reach, demand, cutoff_s)
    near_reach = reach.within(cutoff_s)
    curve = _curve(near_reach, demand.weight, cutoff_s, spec, plan)
    told = Told(base, spec, found, near_reach, demand, plan, cutoff_s, curve, tuple(notes), far_s)
    return SitingOutcome(spec, found, reach, demand.weight, plan, curve, record_of(told), demand)


def _plan(
    base: Base, spec: SitingSpec, found: CandidateList, reach: Reach, demand: Demand, cutoff_s: float
) -> tuple[SitingPlan, list[str]]:
    """Solve the model; the empty plan where nobody can be gained."""
    if not len(found) or not (np.diff(reach.ptr) > 0).any():
        return empty_plan(spec), []
    problem, notes = problem_of(base, spec, found.candidates, reach, demand, cutoff_s)
    plan = solve(problem, SolveOptions(time_limit_s=spec.time_limit_s, seed=spec.seed))
    if isinstance(problem, MaxCover):
        plan = exact_sums(plan, problem)
        if spec.near and found.score is not None:
            plan = nearer(plan, problem, found.score)
    if spec.model in ("capacitated", "equity"):
        plan = gaining(plan)
    return plan, notes


def exact_sums(plan: SitingPlan, problem: MaxCover) -> SitingPlan:
    """The plan in building order, its sums added up exactly, without sites that gain nobody."""
    reach = problem.reach.within(problem.cutoff_s)
    order, gained = build_order(reach, problem.weight, plan.site_idx.tolist())
    keep = np.asarray(gained) > 0
    served = np.zeros(reach.n_demand, bool)
    for j in order:
        served[reach.demand_of(int(j))] = True
    objective = math.fsum(problem.weight[served])
    is_proven = plan.status is PlanStatus.OPTIMAL
    return replace(
        plan,
        site_idx=np.asarray(order, np.int32)[keep],
        type_idx=np.full(int(keep.sum()), -1, np.int32),
        people_gained=np.asarray(gained, float)[keep],
        cost_fen=np.zeros(int(keep.sum()), np.int64),
        objective=objective,
        bound=objective if is_proven else max(plan.bound, objective),
    )


def nearer(plan: SitingPlan, problem: MaxCover, score: FloatArray) -> SitingPlan:
    """
    Swap sites for ones nearer to public facilities, while the plan stays within the stated share of its gain.

    One site at a time, the worst-scored first, each to the best score that the allowance leaves; of equal
    scores the one that gains most. The bound stays that of the plan without swaps.
    """
    reach, weight = problem.reach.within(problem.cutoff_s), problem.weight
    floor = plan.objective * (1 - load_site_rules().near_give_up_share.value)
    sites = plan.site_idx.tolist()
    for at in sorted(range(len(sites)), key=lambda i: (score[sites[i]], i)):
        others = [s for i, s in enumerate(sites) if i != at]
        left = weight.copy()
        for s in others:
            left[reach.demand_of(s)] = 0.0
        base_gain = math.fsum(weight) - math.fsum(left)
        gain = np.add.reduceat(np.append(left[reach.demand_idx], 0.0), reach.ptr[:-1])
        gain = np.where(np.diff(reach.ptr) > 0, gain, 0.0)
        ok = (base_gain + gain >= floor) & (score > score[sites[at]]) & ~np.isin(np.arange(len(gain)), others)
        if ok.any():
            sites[at] = max(np.flatnonzero(ok).tolist(), key=lambda j: (score[j], gain[j], -j))
    if sites == plan.site_idx.tolist():
        return plan
    swapped = exact_sums(replace(plan, site_idx=np.array(sites, np.int32)), problem)
    is_best = swapped.objective >= plan.objective
    status = plan.status if is_best else PlanStatus.BOUNDED
    return replace(
        swapped, bound=max(plan.bound, swapped.objective), status=status,
        stopped_by=plan.stopped_by, method=f"{plan.method}+near",
    )  # fmt: skip


def _curve(
    reach: Reach, weight: FloatArray, cutoff_s: float, spec: SitingSpec, plan: SitingPlan
) -> tuple[CurvePoint, ...]:
    """
    The most people found for 1, 2, … sites, with a bound for each number; the plan's own at its number.

    Every point is a plan of its own: with one more site the others may stand elsewhere. Proven with few
    candidates. It ends where one more site gains nobody.
    """
    k_max = min(spec.k_max or max(CURVE_SITES, spec.k), reach.n_candidates)
    if not (np.diff(reach.ptr) > 0).any():
        return ()
    total = math.fsum(weight)
    own = len(plan) if spec.model == "mclp" and "+near" not in plan.method else -1
    points: list[CurvePoint] = []
    for k, (least, most) in enumerate(_best_by_number(reach, weight, cutoff_s, k_max), start=1):
        if k == own:
            least, most = max(least, plan.objective), min(most, plan.bound)
        if points and least <= points[-1].people:
            break
        points.append(CurvePoint(k, least, max(least, most), least / total if total else 0.0))
    return tuple(points)


def _best_by_number(
    reach: Reach, weight: FloatArray, cutoff_s: float, k_max: int
) -> Iterator[tuple[float, float]]:
    """People and bound of the best plan known for each number of sites."""
    if reach.n_candidates > SolveOptions().exact_up_to:
        for found in cover_plans(reach, weight, cutoff_s, k_max):
            yield math.fsum(found.gained), found.bound
        return
    for k in range(1, k_max + 1):
        problem = MaxCover(reach, weight, cutoff_s, k)
        plan = exact_sums(solve(problem, SolveOptions(time_limit_s=math.inf)), problem)
        yield plan.objective, plan.bound


__all__ = ["MODELS", "Demand", "SitingOutcome", "SitingSpec", "demand_of", "site"]
