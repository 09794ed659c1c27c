"""Capacitated covering: worked towns, every choice tried with a linear program."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.siting_mix import best_capacitated, reach_from, served_by
from siting_towns import numbers, reaches, reordered
from yike.core.siting.capacity import solve_capacitated
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import CapacitatedCover
from yike.core.siting.solve import solve
from yike.core.tables import PlanStatus

OPTIONS = SolveOptions(rounds=60)


@st.composite
def towns(draw, max_sites=6):
    reach = draw(reaches(max_sites))
    m, n = reach.n_candidates, reach.n_demand
    weight = np.array(draw(numbers(n, 0, 9)), float) / draw(st.sampled_from([1, 1, 4]))
    capacity = np.array(draw(numbers(m, 0, 15)), float)
    return CapacitatedCover(reach, weight, 500.0, draw(st.integers(1, m)), capacity)


def test_homes_are_split_and_passed_on():
    # a (10) reaches homes 0 and 1, b (10) home 0 only; homes of 8 and 9 people.
    # b takes all 8 of home 0, so that a can take all 9 of home 1.
    reach = reach_from({(0, 0): 100, (0, 1): 100, (1, 0): 100}, 2, 2)
    town = CapacitatedCover(reach, np.array([8.0, 9.0]), 300.0, 2, np.array([10.0, 10.0]))

    plan = solve_capacitated(town, OPTIONS)

    assert plan.objective == 17
    # a alone serves its 10, b then frees it for the rest: 7 more
    assert plan.site_idx.tolist() == [0, 1]
    assert plan.people_gained.tolist() == [10.0, 7.0]
    assert plan.status is PlanStatus.OPTIMAL


def test_a_small_place_loses_to_a_large_one_with_fewer_around():
    # site 0 reaches 100 people but takes 20; site 1 reaches 30 and takes 50
    reach = reach_from({(0, 0): 100, (1, 1): 100}, 2, 2)
    town = CapacitatedCover(reach, np.array([100.0, 30.0]), 300.0, 1, np.array([20.0, 50.0]))

    assert solve(town, OPTIONS).site_idx.tolist() == [1]
    assert solve(replace(town, fixed=np.array([0], np.int32)), OPTIONS).objective == 20


@settings(max_examples=60)
@given(towns())
def test_capacity_is_as_good_as_every_choice_tried(problem):
    plan = solve_capacitated(problem, OPTIONS)

    assert plan.objective == pytest.approx(best_capacitated(problem), abs=1e-6)
    assert plan.objective == pytest.approx(served_by(problem, plan.site_idx.tolist()), abs=1e-6)
    assert plan.status is PlanStatus.OPTIMAL
    assert len(plan) <= problem.k


@settings(max_examples=40)
@given(towns())
def test_more_sites_and_larger_sites_never_hurt(problem):
    now = solve_capacitated(problem, OPTIONS).objective

    assert solve_capacitated(replace(problem, k=problem.k + 1), OPTIONS).objective >= now - 1e-6
    larger = replace(problem, capacity=problem.capacity + 1)
    assert solve_capacitated(larger, OPTIONS).objective >= now - 1e-6


@settings(max_examples=40)
@given(towns(), st.randoms(use_true_random=False))
def test_order_of_homes_changes_nothing(problem, lots):
    homes = list(range(problem.reach.n_demand))
    lots.shuffle(homes)
    other = replace(
        problem, reach=reordered(problem.reach, np.arange(problem.reach.n_candidates), np.array(homes)),
        weight=problem.weight[homes],
    )  # fmt: skip

    found = solve_capacitated(problem, OPTIONS).objective
    assert solve_capacitated(other, OPTIONS).objective == pytest.approx(found, abs=1e-6)


@settings(max_examples=40)
@given(towns())
def test_bound_holds_without_the_solver(problem):
    plan = solve_capacitated(problem, replace(OPTIONS, exact_up_to=0))

    assert plan.objective <= best_capacitated(problem) + 1e-6 <= plan.bound + 2e-6
