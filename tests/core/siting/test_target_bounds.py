"""Parts, minimal sets and inequalities of a target plan: exact where they should be, never above the best."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.siting_mix import cheapest_target, reach_from
from siting_towns import mixes
from yike.core.siting import _target_program as program
from yike.core.siting import _target_sets as sets
from yike.core.siting._pool_kernels import minimal_sets, worst_cut
from yike.core.siting._target_parts import parts_of
from yike.core.siting._target_plain import plain_goal
from yike.core.siting.mix import FacilityMix, TypeDemand, plain_mix
from yike.core.siting.options import SolveOptions
from yike.core.siting.target import CountGate, LevelRule, Requirement, TargetPlan, solve_target
from yike.core.tables import PlanStatus
from yike.errors import InfeasibleError

OPTIONS = SolveOptions(rounds=20)


@pytest.fixture
def by_cuts(monkeypatch):
    """Every requirement told by inequalities alone, as in the largest pools."""
    monkeypatch.setattr(sets, "MOST_CELLS", -1)
    monkeypatch.setattr(program, "MOST_PAIRS", -1)


def two_kinds() -> TargetPlan:
    """
    One circle of 10 people at one home; five types, each missed by all; sites A, B, C.

    The level asks for two of types 0, 1, 2 and one of types 3, 4. Types cost 4, 2, 3, 9, 7 yuan; A (10 yuan)
    may take 0, 1 and 4, B (1 yuan) 2 and 3, C (30 yuan) everything.
    """
    everything = np.ones(1) * 10
    may = ((1, 0, 1), (1, 0, 1), (0, 1, 1), (0, 1, 1), (1, 0, 1))
    demands = tuple(
        TypeDemand(t, everything, 300.0, np.array(may[t], bool), 0.0, cost)
        for t, cost in enumerate((4, 2, 3, 9, 7))
    )
    reach = reach_from({(j, 0): 100 for j in range(3)}, 3, 1)
    mix = FacilityMix(reach, demands, np.full(3, np.nan), np.array([10, 1, 30]), max_types_per_site=3)
    group = np.zeros(1, np.int32)
    reqs = tuple(Requirement(f"t{t}", t, group, 0, 1.0, 0.0, 10.0) for t in range(5))
    level = LevelRule(0, (CountGate((0, 1, 2), 2), CountGate((3, 4), 1)), "圈")
    return TargetPlan(mix, reqs, (level,))


def test_level_with_two_gates_passes_both_at_least_cost():
    plan = solve_target(two_kinds(), OPTIONS)

    # A and B open for 11. Two of 0, 1, 2: the cheapest are 1 and 2 (5). One of 3, 4: type 4 (7), not 3 (9).
    assert (plan.objective, plan.status) == (23, PlanStatus.OPTIMAL)
    assert sorted(zip(plan.site_idx.tolist(), plan.type_idx.tolist(), strict=True)) == [
        (0, 1),
        (0, 4),
        (1, 2),
    ]


def test_each_gate_alone_costs_less():
    town = two_kinds()
    first, second = (
        solve_target(replace(town, levels=(LevelRule(0, (gate,)),), requirements=town.requirements), OPTIONS)
        for gate in (CountGate((0, 1, 2, 3, 4), 2), CountGate((3, 4, 0, 1, 2), 1))
    )

    # B alone: types 2 and 3 for 1 + 3 + 9; one type alone: type 2 for 1 + 3
    assert (first.objective, second.objective) == (13, 4)


def test_gate_that_cannot_be_passed_is_the_one_that_is_told():
    town = two_kinds()
    nowhere = np.zeros(3, bool)
    demands = (*town.mix.demands[:3], *(replace(d, is_allowed=nowhere) for d in town.mix.demands[3:]))

    with pytest.raises(InfeasibleError) as caught:
        solve_target(replace(town, mix=replace(town.mix, demands=demands)), OPTIONS)

    assert caught.value.code == "siting.target.level"
    assert (caught.value.facts["best"], caught.value.facts["wanted"]) == (0, 1)
    assert "t3、t4" in caught.value.hint


def test_minimal_sets_of_a_pool_worked_out_by_hand():
    # items reach homes (0, 1), (1, 2), (0), (3) of 4, 3, 2 and 1 people; 6 are needed
    covers = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]], bool)

    found, is_all = minimal_sets(covers, np.array([4.0, 3.0, 2.0, 1.0]), 6.0, 10, 100)

    # item 0 has 7 alone; 1 and 2 have 9, 1 and 3 have 6 (neither does alone), 2 and 3 only 5
    assert is_all
    assert [np.flatnonzero(one).tolist() for one in found] == [[0], [1, 2], [1, 3]]
    assert not minimal_sets(covers, np.array([4.0, 3.0, 2.0, 1.0]), 6.0, 2, 100)[1]


covers_and_needs = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=n, max_size=n),
        st.lists(st.integers(1, 9), min_size=4, max_size=4),
        st.integers(1, 20),
        st.lists(st.floats(0, 1), min_size=n, max_size=n),
    )
)


@given(covers_and_needs)
def test_minimal_sets_and_inequalities_hold_for_every_choice(drawn):
    table, people, need, value = drawn
    covers, weight = np.array(table, bool), np.array(people, float)
    found, _ = minimal_sets(covers, weight, float(need), 1000, 10_000)
    kept = {frozenset(np.flatnonzero(one).tolist()) for one in found}
    violation, gain = worst_cut(covers, weight, float(need), np.array(value), 1.0)

    for size in range(len(table) + 1):
        for chosen in combinations(range(len(table)), size):
            enough = weight[covers[list(chosen)].any(axis=0)].sum() >= need
            assert enough == any(one <= set(chosen) for one in kept)
            if enough and violation > 0:
                assert gain[list(chosen)].sum() >= 1 - 1e-9
    # what is chosen in whole and not enough is always cut off
    whole = np.round(value)
    lacks = weight[covers[whole > 0].any(axis=0)].sum() < need
    assert (worst_cut(covers, weight, float(need), whole, 1.0)[0] > 1e-6) == lacks


@st.composite
def needs_of_circles(draw) -> TargetPlan:
    """Requirements alone, of circles that may have no site in common."""
    mix = replace(draw(mixes()), k=None, budget_fen=None)
    n = mix.reach.n_demand
    group = np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), np.int32)
    reqs = [
        Requirement(f"{t}-{g}", t, group, g, draw(st.sampled_from([0.5, 0.8])), 0.0,
                    float(demand.weight[group == g].sum()))
        for t, demand in enumerate(mix.demands)
        for g in range(3)
    ]  # fmt: skip
    return TargetPlan(mix, tuple(reqs), objective=draw(st.sampled_from(["cost", "projects"])))


@settings(max_examples=60)
@given(needs_of_circles())
def test_parts_add_up_to_the_cheapest(problem):
    cheapest = cheapest_target(problem)
    if cheapest is None:
        with pytest.raises(InfeasibleError):
            solve_target(problem, OPTIONS)
        return

    plan = solve_target(problem, OPTIONS)

    assert plan.objective == pytest.approx(cheapest)
    assert plan.bound == pytest.approx(cheapest)


def test_circles_without_a_common_site_are_parts_of_their_own():
    reach = reach_from({(0, 0): 100, (1, 1): 100, (1, 2): 100}, 2, 3)
    demand = TypeDemand(0, np.array([5.0, 6.0, 7.0]), 300.0, np.ones(2, bool), 0.0, 10)
    mix = FacilityMix(reach, (demand,), np.full(2, np.nan), np.array([3, 4]))
    group = np.arange(3, dtype=np.int32)
    reqs = tuple(Requirement(f"{g}", 0, group, g, 1.0, 0.0, float(5 + g)) for g in range(3))
    problem = TargetPlan(mix, reqs)

    parts = parts_of(problem, plain_goal(problem, plain_mix(mix)[0]))

    # home 0 has a site of its own, homes 1 and 2 share the other
    assert [[r.code for r in part.plan.requirements] for part in parts] == [["0"], ["1", "2"]]
    assert [part.items.tolist() for part in parts] == [[0], [1]]
    plan = solve_target(problem, OPTIONS)
    assert (plan.objective, plan.status, "2 parts" in plan.method) == (27, PlanStatus.OPTIMAL, True)


@settings(max_examples=60)
@given(problem=needs_of_circles())
def test_large_pools_by_inequalities_are_never_bounded_above_the_cheapest(problem):
    cheapest = cheapest_target(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sets, "MOST_CELLS", -1)
        patch.setattr(program, "MOST_PAIRS", -1)
        if cheapest is None:
            with pytest.raises(InfeasibleError):
                solve_target(problem, OPTIONS)
            return

        plan = solve_target(problem, OPTIONS)

    assert plan.bound <= cheapest + 1e-9
    assert plan.objective >= cheapest - 1e-9
    # small enough that the inequalities end in a proof
    assert plan.status is PlanStatus.OPTIMAL


def test_two_gates_by_inequalities(by_cuts):
    plan = solve_target(two_kinds(), OPTIONS)

    assert (plan.objective, plan.status) == (23, PlanStatus.OPTIMAL)
