"""Several types at once: worked towns, every plan tried, room shared, limits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.siting_mix import all_plans, best_mix, cost_of, fits, plan_as_sets, reach_from, value_of
from siting_towns import mixes, reordered_mix
from yike.core.siting._mix_kernels import BY_VALUE, fill, new_state
from yike.core.siting.mix import FacilityMix, TypeDemand, plain_mix, solve_mix
from yike.core.siting.options import SolveOptions
from yike.core.siting.solve import solve
from yike.core.tables import PlanStatus

OPTIONS = SolveOptions(rounds=60)
EVERYWHERE = np.ones(3, np.bool_)


def row_town(**limits) -> FacilityMix:
    """
    Homes 0, 1, 2 of 100, 60 and 30 people in a row, sites A, B, C beside them.

    A reaches 0 and 1, B 1 and 2, C 2 alone. Repair is missed by all, breakfast by homes 1 and 2.
    """
    reach = reach_from({(0, 0): 200, (0, 1): 400, (1, 1): 100, (1, 2): 400, (2, 2): 100}, 3, 3)
    repair = TypeDemand(6, np.array([100.0, 60.0, 30.0]), 500.0, EVERYWHERE, 20.0, 100)
    breakfast = TypeDemand(5, np.array([0.0, 60.0, 30.0]), 500.0, EVERYWHERE, 30.0, 200)
    given = {"site_area_m2": np.array([25.0, 45.0, np.nan]), "site_cost_fen": np.array([1000, 500, 800])}
    return FacilityMix(reach, (repair, breakfast), **given, **limits)


def rows_of(plan):
    return list(zip(plan.site_idx.tolist(), plan.type_idx.tolist(), plan.people_gained.tolist(), strict=True))


def test_one_type_per_site_and_two_sites():
    plan = solve_mix(row_town(k=2), OPTIONS)

    # A takes repair (100 + 60); A is too small for breakfast (30 > 25); B breakfast (60 + 30)
    assert plan.objective == plan.bound == 160 + 90
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.stopped_by == "proof"
    # B first: 90 people for 500 + 200 fen, against A: 160 for 1000 + 100
    assert rows_of(plan) == [(0, 6, 160.0), (1, 5, 90.0)]
    assert plan.cost_fen.tolist() == [1100, 700]


def test_rooms_are_shared_as_stated():
    # 20 and 30 m2 side by side need 50; B has 45. Sharing a quarter: 0.25 x 30 + 0.75 x 50 = 45 fits exactly.
    apart = solve_mix(row_town(k=1, max_types_per_site=2), OPTIONS)
    together = solve_mix(row_town(k=1, max_types_per_site=2, shared_area_share=0.25), OPTIONS)

    assert apart.objective == 160  # A with repair
    assert rows_of(together) == [(1, 6, 90.0), (1, 5, 90.0)]
    assert together.objective == 180


def test_opening_is_paid_once_and_not_where_a_site_stands():
    town = row_town(budget_fen=800, max_types_per_site=2, shared_area_share=0.25)
    # B with both types: 500 + 100 + 200 = 800, the whole budget
    both = solve_mix(town, OPTIONS)
    stands = solve_mix(replace(town, is_open=np.array([True, False, False])), OPTIONS)

    assert both.objective == 180
    assert sorted(both.cost_fen.tolist()) == [100, 700] or sorted(both.cost_fen.tolist()) == [200, 600]
    # A stands: repair for 100; then B with breakfast for 500 + 200 = 700: 160 + 90
    assert stands.objective == 250
    assert stands.cost_fen.sum() == 800


def test_worth_weighs_people_but_the_rows_count_people():
    town = row_town(k=1)
    dear = replace(town, demands=(town.demands[0], replace(town.demands[1], worth=3.0)))

    plan = solve_mix(dear, OPTIONS)

    assert plan.objective == 270  # B with breakfast: 90 people, three times
    assert rows_of(plan) == [(1, 5, 90.0)]


def test_no_site_no_type_no_money_gives_an_empty_plan():
    assert len(solve_mix(row_town(k=0), OPTIONS)) == 0
    nothing = solve_mix(row_town(budget_fen=0), OPTIONS)
    assert len(nothing) == 0
    assert nothing.objective == 0
    assert nothing.status is PlanStatus.OPTIMAL


def test_unknown_people_or_costs_are_refused():
    with pytest.raises(ValueError, match="unknown number of people"):
        TypeDemand(0, np.array([np.nan]), 500.0, EVERYWHERE)
    with pytest.raises(ValueError, match="unknown cost"):
        replace(row_town(k=1), site_cost_fen=np.array([-1, 0, 0]))


def test_solve_knows_the_mix():
    assert solve(row_town(k=2), OPTIONS).model == "mix"


@settings(max_examples=60)
@given(mixes())
def test_mix_is_as_good_as_every_plan_tried(problem):
    plan = solve_mix(problem, OPTIONS)

    sets = plan_as_sets(plan, problem)
    assert plan.objective == pytest.approx(best_mix(problem))
    assert plan.status is PlanStatus.OPTIMAL
    assert fits(problem, sets)
    assert value_of(problem, sets) == pytest.approx(plan.objective)
    assert cost_of(problem, sets) == plan.cost_fen.sum()


@settings(max_examples=40)
@given(mixes(), st.integers(1, 5))
def test_more_money_and_more_sites_never_hurt(problem, more):
    richer = replace(
        problem,
        k=None if problem.k is None else problem.k + 1,
        budget_fen=None if problem.budget_fen is None else problem.budget_fen + more,
    )

    assert solve_mix(richer, OPTIONS).objective >= solve_mix(problem, OPTIONS).objective - 1e-9


@settings(max_examples=40)
@given(mixes(max_sites=5, n_types=3), st.randoms(use_true_random=False))
def test_order_of_sites_and_homes_changes_nothing_and_fewer_sites_never_help(problem, lots):
    sites = list(range(problem.reach.n_candidates))
    homes = list(range(problem.reach.n_demand))
    lots.shuffle(sites)
    lots.shuffle(homes)
    sites, homes = np.array(sites), np.array(homes)

    whole = solve_mix(problem, OPTIONS).objective

    assert solve_mix(reordered_mix(problem, sites, homes), OPTIONS).objective == pytest.approx(whole)
    assert solve_mix(reordered_mix(problem, sites[1:], homes), OPTIONS).objective <= whole + 1e-9


@settings(max_examples=40)
@given(mixes(max_sites=6, n_types=3))
def test_heuristic_keeps_between_greedy_and_its_bound(problem):
    mix, _ = plain_mix(problem)
    greedy = new_state(mix)
    fill(mix, greedy, BY_VALUE, np.zeros(problem.reach.n_candidates, np.bool_))

    plan = solve_mix(problem, replace(OPTIONS, exact_up_to=0))

    assert greedy.total[0] - 1e-9 <= plan.objective <= plan.bound + 1e-9


def test_same_seed_same_plan():
    rng = np.random.default_rng(1)
    walks = {
        (j, i): float(rng.choice([200, 600])) for j in range(25) for i in range(60) if rng.random() < 0.2
    }
    reach = reach_from(walks, 25, 60)
    weight = rng.integers(1, 50, 60).astype(float)
    allowed = np.ones(25, np.bool_)
    demands = tuple(TypeDemand(t, np.roll(weight, t), 700.0, allowed, 10.0 + t, 3 + t) for t in range(3))
    town = FacilityMix(
        reach, demands, np.full(25, 24.0), rng.integers(5, 20, 25), None, 60, 2, 0.2
    )  # fmt: skip

    first, second = (solve_mix(town, SolveOptions(rounds=30, seed=4)) for _ in range(2))

    assert rows_of(first) == rows_of(second)
    assert first.bound == second.bound


def test_every_plan_of_the_twin_obeys_the_stated_room():
    # the twin itself: two types of 20 and 30 m2 with a quarter shared need 45 m2
    town = row_town(max_types_per_site=2, shared_area_share=0.25)
    both = [frozenset(), frozenset({0, 1}), frozenset()]

    assert both in list(all_plans(town))
    assert both not in list(all_plans(replace(town, site_area_m2=np.array([25.0, 44.9, np.nan]))))
