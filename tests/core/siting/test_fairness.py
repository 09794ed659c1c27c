"""Fair covering: the worst-served group first, proven in every place of the order."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.siting_mix import best_leximin, best_weighted, covered_by, reach_from, shares_of, weight_of
from siting_towns import numbers, reaches, reordered
from yike.core.siting import fairness
from yike.core.siting.fairness import solve_fair
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import FairCover, MaxCover
from yike.core.siting.solve import solve
from yike.core.tables import PlanStatus

OPTIONS = SolveOptions(rounds=200)


@st.composite
def towns(draw, mode="lexicographic", max_sites=6):
    reach = draw(reaches(max_sites))
    m, n = reach.n_candidates, reach.n_demand
    n_groups = draw(st.integers(1, 3))
    weight = np.array(draw(numbers(n, 0, 9)), float)
    group = np.array(draw(numbers(n, -1, n_groups - 1)), np.int32)
    extra = np.array(draw(numbers(n_groups, 0, 5)), float)
    total = np.bincount(group[group >= 0], weight[group >= 0], minlength=n_groups) + extra
    total[0] = max(total[0], 1.0)
    share = draw(st.sampled_from([0.0, 0.3, 0.5, 1.0]))
    return FairCover(reach, weight, 500.0, draw(st.integers(1, m)), group, total, mode=mode, fairness=share)


def verdict(problem, plan):
    sites = plan.site_idx.tolist()
    covered = weight_of(problem.weight, covered_by(problem.reach, problem.cutoff_s, sites))
    return (*(round(s, 9) for s in sorted(shares_of(problem, sites))), round(covered, 6))


def two_villages(**how) -> FairCover:
    """A large village of 100 of which site 0 serves 90, a small one of 10 of which site 1 serves 8."""
    reach = reach_from({(0, 0): 100, (1, 1): 100, (2, 2): 100}, 3, 4)
    weight = np.array([90.0, 8.0, 10.0, 2.0])  # homes 0, 2 in the large village; 1, 3 in the small one
    return FairCover(reach, weight, 300.0, 1, np.array([0, 1, 0, 1]), np.array([100.0, 10.0]), **how)


def test_worst_served_village_is_lifted_first():
    # nobody is served. One site: 0 gives (0.9, 0), 1 gives (0, 0.8), 2 gives (0.1, 0): the lowest is 0
    # always, the second lowest at best 0.9
    assert solve_fair(two_villages(), OPTIONS).site_idx.tolist() == [0]
    # with two sites: 0 and 1 give (0.9, 0.8), lowest 0.8
    plan = solve_fair(replace(two_villages(), k=2), OPTIONS)
    assert sorted(plan.site_idx.tolist()) == [0, 1]
    assert plan.objective == pytest.approx(0.8)
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.model == "fair_lexicographic"


def test_what_stands_already_counts_in_the_share():
    # the large village has 100 people of whom 60 are served today (weights 30 and 10 are left)
    town = replace(two_villages(), weight=np.array([30.0, 8.0, 10.0, 2.0]))

    # site 1: (0.6, 0.8); site 0: (0.9, 0): the small village first
    plan = solve_fair(town, OPTIONS)

    assert plan.site_idx.tolist() == [1]
    assert plan.objective == pytest.approx(0.6)
    assert plan.people_gained.tolist() == [8.0]


def test_weighted_form_follows_its_weight():
    # site 0: 0.5 x 90/110 = 0.409; site 1: 0.5 x 8/110 = 0.036; the lowest share is 0 with either
    plan = solve(two_villages(mode="weighted", fairness=0.5), OPTIONS)

    assert plan.site_idx.tolist() == [0]
    assert plan.objective == pytest.approx(0.5 * 90 / 110)


def test_groups_without_people_are_left_out():
    town = replace(two_villages(), group_total=np.array([100.0, 10.0, 0.0]), k=2)

    assert solve_fair(town, OPTIONS).objective == pytest.approx(0.8)


def test_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="mode"):
        solve_fair(two_villages(mode="kind"), OPTIONS)


@settings(max_examples=60)
@given(towns())
def test_every_place_of_the_order_is_as_good_as_every_choice_tried(problem):
    plan = solve_fair(problem, OPTIONS)

    assert verdict(problem, plan) == pytest.approx(best_leximin(problem))
    assert plan.status is PlanStatus.OPTIMAL


@settings(max_examples=30)
@given(towns())
def test_sequence_of_programs_finds_what_trying_all_finds(problem):
    groups = fairness.plain_groups(problem)
    k, nobody = min(problem.k, problem.reach.n_candidates), np.zeros(problem.reach.n_candidates, np.bool_)
    start = nobody.copy()
    start[:k] = True

    proof = fairness.prove_lexicographic(groups, nobody, k, start, OPTIONS)

    shares = sorted(shares_of(problem, np.flatnonzero(proof.is_in).tolist()))
    assert proof.is_proven
    assert shares == pytest.approx(list(best_leximin(problem)[:-1]), abs=1e-6)
    assert proof.bound == pytest.approx(shares[0], abs=1e-6)


@settings(max_examples=60)
@given(towns(mode="weighted"))
def test_weighted_is_as_good_as_every_choice_tried(problem):
    assert solve_fair(problem, OPTIONS).objective == pytest.approx(best_weighted(problem))


@settings(max_examples=30)
@given(towns(mode="weighted"))
def test_program_of_the_weighted_form_finds_what_trying_all_finds(problem):
    groups = fairness.plain_groups(problem)
    k, nobody = min(problem.k, problem.reach.n_candidates), np.zeros(problem.reach.n_candidates, np.bool_)
    start = nobody.copy()
    start[:k] = True

    proof = fairness.prove_weighted(groups, nobody, k, start, OPTIONS)

    assert proof.bound == pytest.approx(best_weighted(problem), abs=1e-6)


@settings(max_examples=40)
@given(st.one_of(towns(), towns(mode="weighted")))
def test_heuristic_alone_stays_under_its_bound(problem):
    plan = solve_fair(problem, replace(OPTIONS, exact_up_to=0))

    best = best_weighted(problem) if problem.mode == "weighted" else best_leximin(problem)[0]
    assert plan.objective <= best + 1e-9 <= plan.bound + 2e-9


@settings(max_examples=30)
@given(towns())
def test_lowest_share_is_no_lower_than_that_of_plain_covering(problem):
    plain = solve(MaxCover(problem.reach, problem.weight, problem.cutoff_s, problem.k), OPTIONS)

    assert solve_fair(problem, OPTIONS).objective >= min(shares_of(problem, plain.site_idx.tolist())) - 1e-9


@settings(max_examples=30)
@given(towns(), st.randoms(use_true_random=False))
def test_one_more_site_never_hurts_and_order_changes_nothing(problem, lots):
    now = solve_fair(problem, OPTIONS).objective
    homes = list(range(problem.reach.n_demand))
    lots.shuffle(homes)
    other = replace(
        problem, reach=reordered(problem.reach, np.arange(problem.reach.n_candidates), np.array(homes)),
        weight=problem.weight[homes], group_idx=problem.group_idx[homes],
    )  # fmt: skip

    assert solve_fair(replace(problem, k=problem.k + 1), OPTIONS).objective >= now - 1e-9
    assert solve_fair(other, OPTIONS).objective == pytest.approx(now)
