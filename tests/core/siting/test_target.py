"""Targets: the cheapest projects that meet them, the order to build, and words when none can."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.siting_mix import cheapest_target, cost_of, fits, meets, plan_as_sets, reach_from
from siting_towns import mixes
from yike.core.siting.mix import FacilityMix, TypeDemand
from yike.core.siting.options import SolveOptions
from yike.core.siting.solve import solve
from yike.core.siting.target import Aim, CountGate, LevelRule, Requirement, TargetPlan, solve_target
from yike.core.tables import PlanStatus
from yike.errors import InfeasibleError

OPTIONS = SolveOptions(rounds=40)
EVERYWHERE = np.ones(3, np.bool_)


def three_quarters(**limits) -> FacilityMix:
    """
    Circles 0, 1, 2 with homes (0, 1), (2), (3); sites A (homes 0, 1), B (1, 2), C (3).

    Repair is missed by 40, 60, 50 and 80 people; opening costs 10, 25, 30 yuan, repair nothing more.
    """
    walks = {(0, 0): 100, (0, 1): 100, (1, 1): 100, (1, 2): 100, (2, 3): 100}
    repair = TypeDemand(6, np.array([40.0, 60.0, 50.0, 80.0]), 300.0, EVERYWHERE)
    cost = np.array([1000, 2500, 3000])
    return FacilityMix(reach_from(walks, 3, 4), (repair,), np.full(3, np.nan), cost, **limits)


CIRCLES = np.array([0, 0, 1, 2], np.int32)


def share_of(group: int, share: float, reached: float, total: float) -> Requirement:
    return Requirement(f"circle {group}", 0, CIRCLES, group, share, reached, total)


def thirds(at_least: float, **limits) -> TargetPlan:
    """Each circle has the level when 80 % have repair; so many thirds of the circles should."""
    reqs = (share_of(0, 0.8, 0, 100), share_of(1, 0.8, 0, 50), share_of(2, 0.8, 20, 100))
    levels = tuple(LevelRule(g, (CountGate((g,), 1),), f"圈{g}") for g in range(3))
    aim = Aim("三分之二的圈达到基础型", (0, 1, 2), np.full(3, 1 / 3), at_least)
    return TargetPlan(three_quarters(**limits), reqs, levels, (aim,))


def rows_of(plan):
    return list(zip(plan.site_idx.tolist(), plan.people_gained.tolist(), plan.cost_fen.tolist(), strict=True))


def test_cheapest_circles_are_chosen():
    plan = solve_target(thirds(2 / 3), OPTIONS)

    # circle 0 needs A (10 yuan), circle 1 needs B (25), circle 2 needs C (30): A and B
    assert (plan.objective, plan.bound, plan.status) == (3500, 3500, PlanStatus.OPTIMAL)
    # A first: 100 people for 10 yuan; B then adds 50 (home 1 is covered)
    assert rows_of(plan) == [(0, 100.0, 1000), (1, 50.0, 2500)]
    assert (plan.model, plan.sense) == ("target", "min")


def test_all_circles_and_the_order_by_people_per_money():
    plan = solve_target(thirds(1.0), OPTIONS)

    # per yuan: A 100 / 10; then C 80 / 30 = 2.67 before B 50 / 25 = 2
    assert plan.site_idx.tolist() == [0, 2, 1]
    assert plan.objective == 6500


def test_fewest_projects():
    reqs = (share_of(0, 0.6, 0, 100), share_of(1, 0.8, 0, 50))
    town = TargetPlan(three_quarters(), reqs, objective="projects")

    # B alone: 60 of 100 in circle 0 and all 50 of circle 1
    plan = solve(town, OPTIONS)
    assert (plan.objective, plan.bound, plan.site_idx.tolist()) == (1, 1, [1])
    # by money the same one site: 25 against A and B 35
    assert solve(replace(town, objective="cost"), OPTIONS).objective == 2500


def test_what_is_met_today_costs_nothing():
    town = TargetPlan(three_quarters(), (share_of(2, 0.2, 20, 100),))

    plan = solve_target(town, OPTIONS)

    assert len(plan) == 0
    assert (plan.objective, plan.status) == (0, PlanStatus.OPTIMAL)


def test_share_exactly_reached_is_met():
    # 60 of 100: B reaches exactly 60 %
    town = TargetPlan(three_quarters(), (share_of(0, 0.6, 0, 100),))
    only_b = replace(town.mix.demands[0], is_allowed=np.array([False, True, False]))

    assert solve_target(replace(town, mix=replace(town.mix, demands=(only_b,))), OPTIONS).objective == 2500


def test_requirement_beyond_all_candidates_says_the_best_and_what_would_help():
    only_b = replace(three_quarters().demands[0], is_allowed=np.array([False, True, False]))
    town = TargetPlan(replace(three_quarters(), demands=(only_b,)), (share_of(0, 0.8, 0, 100),))

    with pytest.raises(InfeasibleError) as caught:
        solve_target(town, OPTIONS)

    assert caught.value.code == "siting.target.requirement"
    assert caught.value.facts["best"] == pytest.approx(0.6)
    assert caught.value.facts["beyond_people"] == 40
    assert "要求 80.0%，全部候选点都启用也只能到 60.0%（还差 20 人）" in str(caught.value)
    assert "有 40 人不在任何候选点的步行范围内" in caught.value.hint


def test_aim_beyond_all_candidates_names_the_circles_in_the_way():
    only_a = replace(three_quarters().demands[0], is_allowed=np.array([True, False, False]))
    town = replace(thirds(2 / 3), mix=replace(three_quarters(), demands=(only_a,)))

    with pytest.raises(InfeasibleError) as caught:
        solve_target(town, OPTIONS)

    assert caught.value.code == "siting.target.aim"
    assert caught.value.facts["best"] == pytest.approx(1 / 3)
    assert "圈1、圈2" in caught.value.hint


def test_level_that_must_be_met_names_what_is_in_the_way():
    only_a = replace(three_quarters().demands[0], is_allowed=np.array([True, False, False]))
    town = thirds(2 / 3)
    level = LevelRule(9, (CountGate((0, 1, 2), 2),), "街道")
    town = replace(town, mix=replace(town.mix, demands=(only_a,)), levels=(level,), aims=())

    with pytest.raises(InfeasibleError) as caught:
        solve_target(town, OPTIONS)

    assert caught.value.code == "siting.target.level"
    assert (caught.value.facts["best"], caught.value.facts["wanted"]) == (1, 2)
    assert "circle 1、circle 2" in caught.value.hint


def test_too_little_money_says_how_much_it_takes():
    with pytest.raises(InfeasibleError) as caught:
        solve_target(thirds(1.0, budget_fen=6400), OPTIONS)

    assert caught.value.code == "siting.target.budget"
    assert "预算 64 元不够" in str(caught.value)
    assert "需要 65 元（不会少于 65 元）" in caught.value.hint


def test_too_few_sites_says_how_many_it_takes():
    with pytest.raises(InfeasibleError) as caught:
        solve_target(thirds(1.0, k=2), OPTIONS)

    assert caught.value.code == "siting.target.sites"
    assert "需要 3 个点位" in caught.value.hint


def test_one_room_for_two_types_says_that_room_is_in_the_way():
    reach = reach_from({(0, 0): 100}, 1, 1)
    demands = tuple(TypeDemand(t, np.array([10.0]), 300.0, np.ones(1, np.bool_), 20.0, 5) for t in (1, 2))
    mix = FacilityMix(reach, demands, np.array([30.0]), np.array([0]), max_types_per_site=2)
    group = np.zeros(1, np.int32)
    reqs = tuple(Requirement(f"t{t}", t, group, 0, 1.0, 0.0, 10.0) for t in (0, 1))

    with pytest.raises(InfeasibleError) as caught:
        solve_target(TargetPlan(mix, reqs), OPTIONS)

    assert caught.value.code == "siting.target.room"
    # half of the smaller need shared: 0.5 x 20 + 0.5 x 40 = 30 fits
    assert solve_target(TargetPlan(replace(mix, shared_area_share=0.5), reqs), OPTIONS).objective == 10


def test_unknown_objective_is_refused():
    with pytest.raises(ValueError, match="objective"):
        TargetPlan(three_quarters(), (), objective="beauty")


@st.composite
def gates(draw, rows: list[int]) -> tuple[CountGate, ...]:
    """All rows in one gate, or each in a gate of its own (and all of them together in a third)."""
    together = CountGate(tuple(rows), draw(st.integers(1, 2)))
    apart = tuple(CountGate((r,), draw(st.integers(0, 1))) for r in rows)
    return draw(st.sampled_from([(together,), apart, (*apart, together)]))


@st.composite
def plans(draw) -> TargetPlan:
    mix = draw(mixes())
    n = mix.reach.n_demand
    n_groups = draw(st.integers(1, 2))
    group = np.array(draw(st.lists(st.integers(-1, n_groups - 1), min_size=n, max_size=n)), np.int32)
    reqs = []
    for t, demand in enumerate(mix.demands):
        for g in range(n_groups):
            missing, reached = float(demand.weight[group == g].sum()), float(draw(st.integers(0, 4)))
            share = draw(st.sampled_from([0.3, 0.5, 0.8, 1.0]))
            reqs.append(Requirement(f"{t}-{g}", t, group, g, share, reached, missing + reached))
    rules = tuple(
        LevelRule(g, draw(gates([r for r, one in enumerate(reqs) if one.group == g])))
        for g in range(draw(st.integers(0, n_groups)))
    )
    aims: tuple[Aim, ...] = ()
    if rules and draw(st.booleans()):
        aims = (Aim("aim", tuple(range(len(rules))), np.full(len(rules), 1 / len(rules)), 0.5),)
    return TargetPlan(mix, tuple(reqs), rules, aims, draw(st.sampled_from(["cost", "projects"])))


@settings(max_examples=150)
@given(plans())
def test_plan_meets_the_targets_and_no_cheaper_one_does(problem):
    cheapest = cheapest_target(problem)
    if cheapest is None:
        with pytest.raises(InfeasibleError):
            solve_target(problem, OPTIONS)
        return

    plan = solve_target(problem, OPTIONS)

    sets = plan_as_sets(plan, problem.mix)
    assert meets(problem, sets)
    assert fits(problem.mix, sets)
    assert plan.objective == pytest.approx(cheapest)
    assert plan.status is PlanStatus.OPTIMAL
    assert cost_of(problem.mix, sets) == plan.cost_fen.sum()


@settings(max_examples=40)
@given(plans())
def test_bound_never_exceeds_the_cheapest(problem):
    cheapest = cheapest_target(problem)
    if cheapest is None:
        return

    plan = solve_target(problem, replace(OPTIONS, exact_up_to=0))

    assert plan.bound <= cheapest + 1e-9
    assert plan.objective >= cheapest - 1e-9
