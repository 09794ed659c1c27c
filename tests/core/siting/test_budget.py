"""Budgeted covering: worked towns and every subset tried."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.siting_mix import best_budget, reach_from
from siting_towns import numbers, reaches, reordered
from yike.core.siting.budget import solve_budget
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import BudgetCover
from yike.core.siting.solve import solve
from yike.core.tables import PlanStatus
from yike.errors import InfeasibleError

OPTIONS = SolveOptions(rounds=60)


@st.composite
def towns(draw, max_sites=7):
    reach = draw(reaches(max_sites))
    m, n = reach.n_candidates, reach.n_demand
    weight = np.array(draw(numbers(n, 0, 9)), float) / draw(st.sampled_from([1, 1, 3]))
    cost = np.array(draw(numbers(m, 1, 9)), np.int64)
    return BudgetCover(
        reach, weight, float(draw(st.sampled_from([300, 500]))), cost, draw(st.integers(0, 20))
    )


def test_one_dear_site_beats_many_cheap_ones():
    # a: 2 people for 1, b: 99 people for 100. With 100 to spend, gain per money takes a and cannot pay b.
    reach = reach_from({(0, 0): 100, (1, 1): 100}, 2, 2)
    plan = solve_budget(BudgetCover(reach, np.array([2.0, 99.0]), 300.0, np.array([1, 100]), 100), OPTIONS)

    assert plan.site_idx.tolist() == [1]
    assert (plan.objective, plan.bound, plan.status) == (99.0, 99.0, PlanStatus.OPTIMAL)
    assert plan.cost_fen.tolist() == [100]


def test_fixed_sites_come_first_and_their_money_is_spent():
    # fixed site 1 (3 people, 4 fen) leaves 2 fen: site 2 (5 people, 2 fen), not site 0 (10 people, 5 fen)
    reach = reach_from({(0, 0): 100, (1, 1): 100, (2, 2): 100}, 3, 3)
    town = BudgetCover(
        reach, np.array([10.0, 3.0, 5.0]), 300.0, np.array([5, 4, 2]), 6, fixed=np.array([1], np.int32)
    )

    plan = solve(town, OPTIONS)

    assert plan.site_idx.tolist() == [1, 2]
    assert plan.people_gained.tolist() == [3.0, 5.0]
    assert (plan.objective, plan.bound, plan.model) == (8.0, 8.0, "budget")


def test_fixed_sites_that_cost_too_much_are_refused_in_words():
    reach = reach_from({(0, 0): 100}, 1, 1)
    town = BudgetCover(reach, np.ones(1), 300.0, np.array([50_000]), 20_000, fixed=np.array([0], np.int32))

    with pytest.raises(InfeasibleError, match="共需 500 元，超过预算 200 元") as caught:
        solve_budget(town, OPTIONS)

    assert "提高预算" in caught.value.hint


@settings(max_examples=80)
@given(towns())
def test_budget_is_as_good_as_every_subset_tried(problem):
    plan = solve_budget(problem, OPTIONS)

    assert plan.objective == pytest.approx(best_budget(problem))
    assert plan.objective == pytest.approx(plan.people_gained.sum())
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.cost_fen.sum() <= problem.budget_fen


@settings(max_examples=40)
@given(towns(), st.integers(1, 10))
def test_more_budget_never_hurts(problem, more):
    richer = replace(problem, budget_fen=problem.budget_fen + more)

    assert solve_budget(richer, OPTIONS).objective >= solve_budget(problem, OPTIONS).objective - 1e-9


@settings(max_examples=40)
@given(towns(), st.randoms(use_true_random=False))
def test_order_of_sites_changes_nothing(problem, lots):
    sites = list(range(problem.reach.n_candidates))
    lots.shuffle(sites)
    other = replace(
        problem, reach=reordered(problem.reach, np.array(sites), np.arange(problem.reach.n_demand)),
        cost_fen=problem.cost_fen[sites],
    )  # fmt: skip

    assert solve_budget(other, OPTIONS).objective == pytest.approx(solve_budget(problem, OPTIONS).objective)


@settings(max_examples=40)
@given(towns())
def test_heuristic_alone_stays_under_its_bound(problem):
    plan = solve_budget(problem, replace(OPTIONS, exact_up_to=0))

    assert plan.objective <= plan.bound + 1e-9
    assert plan.bound >= best_budget(problem) - 1e-9
