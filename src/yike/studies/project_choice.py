"""Which sites take which types, so that gaps close for the least money: the choice behind a project list."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from yike.core.siting.mix import FacilityMix, TypeDemand
from yike.core.siting.options import SolveOptions
from yike.core.siting.solve import solve
from yike.core.siting.target import Requirement, TargetPlan
from yike.core.tables import BoolArray, FloatArray, SitingPlan
from yike.errors import InfeasibleError, TimeLimitError
from yike.studies.project_ground import Ground, Wish

SHARED_AREA_SHARE = 0.3
"""Part of a further type's room that counter, storeroom and passage of the first one give (推定)."""

LOOSE_GAP = 0.2
"""A plan proven no nearer than this to the best is given a second look at its bound."""

LEAST_GAIN_SHARE = 0.02
"""A gap that cannot be closed gets a site only when that lifts its circle by so much at least."""


@dataclass(frozen=True, eq=False)
class Choice:
    """Sites with types in building order, and what is possible for every wish."""

    site: list[int]  # rows of the ground's candidates
    type_row: list[int]
    share_best: FloatArray  # per wish: with every candidate built
    plan: SitingPlan | None  # None: nothing could be chosen


def choose(
    ground: Ground,
    *,
    budget_fen: int | None = None,
    max_types: int = 4,
    options: SolveOptions | None = None,
) -> Choice:
    """
    Close every gap that can be closed for the least money, and help the others by the best site.

    With a budget: the most residents newly served for that money, whichever gaps that closes.

    Notes
    -----
    A gap that no set of candidates can close asks for what its best single site gives, if that is worth it.
    """
    options = options or SolveOptions()
    best = best_shares(ground)
    wanted = [_as_possible(ground, w, b) for w, b in zip(ground.wishes, best, strict=True)]
    mix = mix_of(ground, budget_fen=budget_fen, max_types=max_types)
    requirements = [r for i, w in enumerate(wanted) if w and (r := requirement_of(ground, w, f"gap-{i}"))]
    if not requirements:
        return Choice([], [], best, None)
    has_budget = budget_fen is not None
    plan = solve(mix, options) if has_budget else _cheapest(mix, tuple(requirements), options)
    row_of = {int(t): k for k, t in enumerate(ground.type_idx)}
    return Choice(plan.site_idx.tolist(), [row_of[t] for t in plan.type_idx.tolist()], best, plan)


def _cheapest(mix: FacilityMix, requirements: tuple[Requirement, ...], options: SolveOptions) -> SitingPlan:
    """
    The cheapest plan that meets every requirement.

    Where the rooms are too small for all of them together, those are kept that the plan with most people
    newly served meets; the others are left to be told.
    """
    try:
        plan = solve(TargetPlan(mix, requirements), options)
        return _with_bound(mix, requirements, plan, options)
    except InfeasibleError as wrong:
        if wrong.code != "siting.target.room":
            raise
        most = solve(mix, options)
        kept = tuple(r for r in requirements if _is_met(mix, r, most))
        return solve(TargetPlan(mix, kept), options) if kept else most


def _with_bound(
    mix: FacilityMix, requirements: tuple[Requirement, ...], plan: SitingPlan, options: SolveOptions
) -> SitingPlan:
    """
    A better bound for a plan too large to be proven: type by type.

    A site takes at most so many types, so each of them carries at least that part of its opening; the sum of
    what every type needs by itself is then never more than what all need together.
    """
    if plan.gap < LOOSE_GAP:
        return plan
    part = replace(mix, site_cost_fen=mix.site_cost_fen // mix.max_types_per_site, max_types_per_site=1)
    rows = sorted({r.demand for r in requirements})
    each = replace(options, time_limit_s=options.time_limit_s / (2 * len(rows)))
    total = 0.0
    for row in rows:
        alone = replace(part, demands=(mix.demands[row],))
        mine = tuple(replace(r, demand=0) for r in requirements if r.demand == row)
        try:
            total += solve(TargetPlan(alone, mine), each).bound
        except TimeLimitError:
            continue  # this type then adds nothing to the bound
    return replace(plan, bound=min(max(plan.bound, total), plan.objective))


def _is_met(mix: FacilityMix, requirement: Requirement, plan: SitingPlan) -> bool:
    demand = mix.demands[requirement.demand]
    reach = mix.reach.within(demand.cutoff_s)
    covered = np.zeros(mix.reach.n_demand, bool)
    for site in plan.site_idx[plan.type_idx == demand.type_idx].tolist():
        covered[reach.demand_of(site)] = True
    mine = covered & (requirement.group_idx == requirement.group)
    got = requirement.reached + math.fsum(demand.weight[mine])
    return got >= requirement.share * requirement.total - 1e-6


def mix_of(
    ground: Ground, *, budget_fen: int | None = None, max_types: int = 4, k: int | None = None
) -> FacilityMix:
    """The ground as a problem of several types on shared sites."""
    demands = tuple(
        TypeDemand(
            int(t), ground.weight[row], float(ground.cutoff_s[row]), ground.is_allowed[row],
            area_m2=float(ground.area_min_m2[row]), cost_fen=int(ground.type_cost_fen[row]),
        )
        for row, t in enumerate(ground.type_idx)
    )  # fmt: skip
    return FacilityMix(
        ground.reach, demands, ground.room_m2, ground.site_cost_fen, k, budget_fen, max_types,
        SHARED_AREA_SHARE,
    )  # fmt: skip


def requirement_of(ground: Ground, wish: Wish, code: str) -> Requirement | None:
    """A wish as a requirement of the solver; None when it asks for nobody."""
    if wish.missing <= 0:
        return None
    return Requirement(
        code, wish.type_row, ground.circle_idx, wish.circle, wish.share, wish.reached, wish.total
    )  # fmt: skip


def best_shares(ground: Ground) -> FloatArray:
    """Share of each wish's people who would reach the type if every candidate were built."""
    out = np.empty(len(ground.wishes))
    for t in range(len(ground.type_idx)):
        covered = _covered_by(ground, np.flatnonzero(ground.is_allowed[t]).tolist(), t)
        for i, wish in enumerate(ground.wishes):
            if wish.type_row == t:
                out[i] = share_with(ground, wish, covered)
    return out


def _covered_by(ground: Ground, candidates: list[int], type_row: int) -> BoolArray:
    covered = np.zeros(len(ground.place_idx), bool)
    for j in candidates:
        covered[ground.pairs(j, type_row)[0]] = True
    return covered


def share_with(ground: Ground, wish: Wish, covered: BoolArray) -> float:
    """Share of a wish's people who reach the type when these rows are covered too."""
    mine = covered & (ground.circle_idx == wish.circle)
    gained = math.fsum(ground.weight[wish.type_row][mine])
    return (wish.reached + gained) / wish.total if wish.total > 0 else math.nan


def _as_possible(ground: Ground, wish: Wish, best: float) -> Wish | None:
    """The wish itself when it can be met, else what its best single site gives, None when that is little."""
    if wish.reached + wish.missing <= best * wish.total + 1e-6:
        return wish
    own = np.where(ground.circle_idx == wish.circle, ground.weight[wish.type_row], 0.0)
    gains = [
        math.fsum(own[ground.pairs(j, wish.type_row)[0]])
        for j in np.flatnonzero(ground.is_allowed[wish.type_row]).tolist()
    ]
    gain = max(gains, default=0.0)
    if gain < LEAST_GAIN_SHARE * wish.total or gain <= 0:
        return None
    return replace(wish, share=(wish.reached + gain) / wish.total)
