"""
Budgeted maximal covering: the most people for the money.

max sum w_i z_i  subject to  z_i <= sum over N_i of x_j,  sum c_j x_j <= B,  x, z in {0, 1}.
Source: Khuller, Moss and Naor (1999). Greedy by gain per money alone can be arbitrarily bad (one large, dear
site); together with the best single site and enumerated beginnings it is not, and swaps improve it. It is
the mix of one type, so the search and the bound are those of ``mix``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yike.core.siting._mix_search import search_mix
from yike.core.siting.mix import FacilityMix, Order, TypeDemand, building_order, plain_mix, plan_of
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import BudgetCover
from yike.core.tables import BoolArray, FloatArray, SitingPlan
from yike.errors import InfeasibleError


def solve_budget(problem: BudgetCover, options: SolveOptions) -> SitingPlan:
    """
    Choose sites for the most weight within a budget.

    Returns
    -------
    SitingPlan
        Fixed sites first, then in the order of weight gained per money.

    Raises
    ------
    InfeasibleError
        The fixed sites alone cost more than the budget.
    """
    began = options.clock()
    fixed = np.unique(problem.fixed)
    fixed_fen = int(problem.cost_fen[fixed].sum())
    if fixed_fen > problem.budget_fen:
        raise InfeasibleError(
            "siting.budget.fixed_too_dear", fixed_yuan=fixed_fen / 100, budget_yuan=problem.budget_fen / 100
        )
    is_free = np.ones(len(problem.cost_fen), np.bool_)
    is_free[fixed] = False
    whole = _as_mix(problem, np.ones(len(is_free), np.bool_))
    first, left = _what_fixed_sites_gain(problem, fixed.tolist())
    rest = _as_mix(problem, is_free, left, problem.budget_fen - fixed_fen)
    mix, people = plain_mix(rest)
    found = search_mix(mix, options)
    tail = building_order(mix, people, found.has, by_cost=True)
    order = Order(
        first.site + tail.site, first.type_row + tail.type_row,
        first.people + tail.people, first.cost_fen + tail.cost_fen,
    )  # fmt: skip
    gained = sum(first.people)
    found = replace(found, objective=found.objective + gained, bound=found.bound + gained)
    return plan_of(whole, order, found, "budget", options, began)


def _as_mix(
    problem: BudgetCover, is_free: BoolArray, weight: FloatArray | None = None, budget: int | None = None
) -> FacilityMix:
    demand = TypeDemand(-1, problem.weight if weight is None else weight, problem.cutoff_s, is_free)
    area = np.full(len(is_free), np.nan)
    budget = problem.budget_fen if budget is None else budget
    return FacilityMix(problem.reach, (demand,), area, problem.cost_fen, None, budget)


def _what_fixed_sites_gain(problem: BudgetCover, fixed: list[int]) -> tuple[Order, FloatArray]:
    """Rows of the fixed sites in building order, and the weight they leave."""
    reach = problem.reach.within(problem.cutoff_s)
    left, order = problem.weight.copy(), Order()
    while fixed:
        gains = {j: float(left[reach.demand_of(j)].sum()) for j in fixed}
        j = min(fixed, key=lambda j: (-gains[j] / (float(problem.cost_fen[j]) + 1.0), j))
        fixed.remove(j)
        order.site.append(j)
        order.type_row.append(0)
        order.people.append(gains[j])
        order.cost_fen.append(int(problem.cost_fen[j]))
        left[reach.demand_of(j)] = 0.0
    return order, left
