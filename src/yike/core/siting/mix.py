"""
Several types at once (一点多用): which premises take which types, for the most people newly covered.

With x_jt = 1 when site j takes type t, y_j = 1 when it is used, N_ti = the sites within the cutoff of type t
of demand point i:

max sum_t worth_t sum_i w_ti z_ti  subject to  z_ti <= sum over N_ti of x_jt,  x_jt <= y_j <= 1,
sum_t x_jt <= most types,  need_j(x) <= A_j,  sum y_j <= k,  sum f_j y_j + sum c_t x_jt <= B.

The room that a site needs: the largest of its types in full, and of each further type the part that is not
shared, need(S) = s max a_t + (1 - s) sum a_t (s = ``shared_area_share``; one type alone needs its own area).
The objective is monotone submodular. Source: multi-type covering as in Schilling et al. (1979); budgets by
Khuller, Moss and Naor (1999); the bound as in Galvao and ReVelle (1996).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from yike.core.siting import _mix_kernels as kernels
from yike.core.siting._mix_kernels import Mix
from yike.core.siting._mix_search import Found, search_mix
from yike.core.siting.merging import merge_alike
from yike.core.siting.options import SolveOptions
from yike.core.siting.reach import Reach
from yike.core.tables import BoolArray, FloatArray, LongArray, PlanStatus, SitingPlan, freeze


@dataclass(frozen=True, eq=False)
class TypeDemand:
    """Who lacks one type, where it may go, and what it takes."""

    type_idx: int  # row of BusinessTypes
    weight: FloatArray  # shape (n_demand,), >= 0: people not yet reached
    cutoff_s: float
    is_allowed: BoolArray  # shape (n_candidates,)
    area_m2: float = 0.0
    cost_fen: int = 0  # of the type itself, on top of the opening of the site
    worth: float = 1.0  # of one person of this type in the objective

    def __post_init__(self) -> None:
        freeze(self)
        if not (self.weight >= 0).all():
            raise ValueError("TypeDemand.weight has a negative or unknown number of people")


@dataclass(frozen=True, eq=False)
class FacilityMix:
    """
    Several types at once on candidates that may take more than one; see the module's text.

    ``k`` bounds the sites used, those that stand already included; ``budget_fen`` the money. None: no limit.
    Movable facilities are candidates like others, with their own costs.
    """

    reach: Reach
    demands: tuple[TypeDemand, ...]
    site_area_m2: FloatArray  # shape (n_candidates,), NaN unknown: no limit
    site_cost_fen: LongArray  # shape (n_candidates,), >= 0: opening
    k: int | None = None
    budget_fen: int | None = None
    max_types_per_site: int = 1
    shared_area_share: float = 0.0
    is_open: BoolArray | None = None  # sites that stand already: opening costs nothing

    def __post_init__(self) -> None:
        freeze(self)
        if (self.site_cost_fen < 0).any():
            raise ValueError("FacilityMix.site_cost_fen has a negative or unknown cost")
        if not 0.0 <= self.shared_area_share <= 1.0:
            raise ValueError(f"shared_area_share is {self.shared_area_share}, not between 0 and 1")


@dataclass(frozen=True, eq=False)
class Order:
    """Items in building order, each with the people it adds and the money it takes."""

    site: list[int] = field(default_factory=list)
    type_row: list[int] = field(default_factory=list)
    people: list[float] = field(default_factory=list)
    cost_fen: list[int] = field(default_factory=list)


def solve_mix(problem: FacilityMix, options: SolveOptions) -> SitingPlan:
    """
    Choose sites and types for the most people newly covered.

    Small problems by HiGHS to proven optimality (never with ``options.exact_up_to`` = 0); larger ones by
    lazy greedy (by gain, and by gain per money), swaps and ruin-and-recreate, with the Lagrangian bound.

    Returns
    -------
    SitingPlan
        One row per (site, type), the rows of a site together; sites in the order of people gained per
        money (of people gained where nothing costs). The first row of a site carries its opening cost.
        ``objective`` counts people times worth, ``people_gained`` people.
    """
    began = options.clock()
    mix, people = plain_mix(problem)
    found = search_mix(mix, options)
    order = building_order(mix, people, found.has, by_cost=bool(mix.site_cost.any() or mix.type_cost.any()))
    return plan_of(problem, order, found, "mix", options, began)


def plan_of(
    problem: FacilityMix, order: Order, found: Found, model: str, options: SolveOptions, began: float
) -> SitingPlan:
    """Lay out what was found as a plan."""
    type_idx = np.array([d.type_idx for d in problem.demands], np.int32)
    return SitingPlan(
        np.array(order.site, np.int32), type_idx[np.array(order.type_row, np.int64)],
        np.array(order.people, float), np.array(order.cost_fen, np.int64), model, "max",
        found.objective, found.bound, PlanStatus.OPTIMAL if found.is_proven else PlanStatus.BOUNDED,
        found.stopped_by, found.method, options.clock() - began, options.seed,
    )  # fmt: skip


def plain_mix(problem: FacilityMix) -> tuple[Mix, FloatArray]:
    """
    Merge the homes of each type and lay the problem out for the kernels.

    Returns
    -------
    The arrays, and the people of each cover row (its weight without the type's worth).
    """
    cutoffs = sorted({d.cutoff_s for d in problem.demands})
    merged = [merge_alike(problem.reach, c) for c in cutoffs]
    class_of = np.array([cutoffs.index(d.cutoff_s) for d in problem.demands], np.int32)
    people = [merged[c].sum_by_row(d.weight) for c, d in zip(class_of, problem.demands, strict=True)]
    weight = [p * d.worth for p, d in zip(people, problem.demands, strict=True)]
    m = problem.reach.n_candidates
    starts = np.cumsum([0] + [len(a.row) for a in merged])
    ptr = np.concatenate([a.ptr[:-1] + s for a, s in zip(merged, starts, strict=False)] + [starts[-1:]])
    opening = problem.site_cost_fen.astype(float)
    if problem.is_open is not None:
        opening = np.where(problem.is_open, 0.0, opening)
    area = np.where(np.isnan(problem.site_area_m2), np.inf, problem.site_area_m2)
    allowed = np.array([d.is_allowed for d in problem.demands], np.bool_).reshape(len(problem.demands), m).T
    type_area = np.array([d.area_m2 for d in problem.demands], float)
    fits = type_area[None, :] <= area[:, None] + 1e-9
    return Mix(
        ptr.astype(np.int64), np.concatenate([np.empty(0, np.int32)] + [a.row for a in merged]),
        class_of, np.cumsum([0] + [len(w) for w in weight]).astype(np.int64),
        np.concatenate([np.empty(0), *weight]), np.ascontiguousarray(allowed & fits), type_area, area,
        float(problem.shared_area_share), opening,
        np.array([d.cost_fen for d in problem.demands], float),
        min(problem.max_types_per_site, len(problem.demands)),
        m if problem.k is None else min(problem.k, m),
        np.inf if problem.budget_fen is None else float(problem.budget_fen),
    ), np.concatenate([np.empty(0), *people])  # fmt: skip


def building_order(
    mix: Mix, people: FloatArray, has: BoolArray, *, by_cost: bool, is_kept: BoolArray | None = None
) -> Order:
    """
    Order a plan for building: next the site that adds most people for its money (or simply most people).

    Inside a site the same, type by type. An item that adds nobody when its turn comes is left out: all it
    covers is covered by the rows above it; items of ``is_kept`` stay.
    """
    plain = mix._replace(weight=people)
    state = kernels.new_state(plain)
    left = {int(j) for j in np.flatnonzero(has.any(axis=1))}
    order = Order()
    while left:
        ranked = []
        for j in sorted(left):
            gains = {int(t): kernels.gain_of(plain, state.count, j, t) for t in np.flatnonzero(has[j])}
            cost = mix.site_cost[j] + sum(mix.type_cost[t] for t in gains)
            ranked.append((-sum(gains.values()) / (cost + 1.0 if by_cost else 1.0), j, gains))
        _, j, gains = min(ranked, key=lambda one: one[:2])
        left.remove(j)
        per = {t: g / (mix.type_cost[t] + 1.0 if by_cost else 1.0) for t, g in gains.items()}
        opening = int(mix.site_cost[j])
        for t in sorted(gains, key=lambda t: (-per[t], t)):
            if gains[t] <= 0.0 and (is_kept is None or not is_kept[j, t]):
                continue
            kernels.add_item(plain, state, j, t)
            order.site.append(j)
            order.type_row.append(t)
            order.people.append(float(gains[t]))
            order.cost_fen.append(int(mix.type_cost[t]) + opening)
            opening = 0
    return order
