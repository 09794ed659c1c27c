"""The best plan for each number of sites: never above its bound, never below the greedy chain."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yike.core.siting.cover_plans import cover_plans
from yike.core.siting.order import build_order
from yike.core.siting.reach import Reach

CUTOFF_S = 600.0


def reach_from(rows, n_demand):
    """Candidates as lists of the demand points they reach."""
    ptr = np.cumsum([0, *map(len, rows)])
    flat = np.array([i for row in rows for i in sorted(row)], np.int32)
    return Reach(ptr, flat, np.full(len(flat), 300.0, np.float32), n_demand, CUTOFF_S)


def covered(rows, weight, sites):
    return float(sum(weight[i] for i in set().union(*(rows[j] for j in sites))))


def brute(rows, weight, k):
    return max(covered(rows, weight, sites) for sites in itertools.combinations(range(len(rows)), k))


@st.composite
def towns(draw):
    n = draw(st.integers(1, 12))
    weight = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    rows = draw(st.lists(st.sets(st.integers(0, n - 1)), min_size=1, max_size=9))
    return rows, np.array(weight, float)


@settings(max_examples=60, deadline=None)
@given(towns())
def test_plans_are_the_best_of_all_subsets(town):
    rows, weight = town
    plans = cover_plans(reach_from(rows, len(weight)), weight, CUTOFF_S, 6)
    for k, plan in enumerate(plans, start=1):
        assert covered(rows, weight, plan.sites.tolist()) == plan.gained.sum()
        assert plan.gained.sum() == brute(rows, weight, k) == plan.bound


def test_one_site_is_not_given_up_for_the_sake_of_two():
    # a reaches 6, b and c 5 each and together 10: the best single is no part of the best pair.
    rows = [{0, 1}, {0, 2}, {1, 3}]
    plans = cover_plans(reach_from(rows, 4), np.array([3.0, 3.0, 2.0, 2.0]), CUTOFF_S, 3)
    assert [p.sites.tolist() for p in plans] == [[0], [1, 2]]
    assert [p.gained.sum() for p in plans] == [6.0, 10.0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_candidates_keep_below_the_bound_and_above_greedy(seed):
    rng = np.random.default_rng(seed)
    rows = [set(rng.choice(400, rng.integers(3, 25), replace=False).tolist()) for _ in range(120)]
    weight = rng.integers(1, 100, 400).astype(float)
    reach = reach_from(rows, 400)
    _, gained = build_order(reach, weight, range(120))
    people = [float(p.gained.sum()) for p in cover_plans(reach, weight, CUTOFF_S, 12)]
    bound = [p.bound for p in cover_plans(reach, weight, CUTOFF_S, 12)]

    assert len(people) == 12
    assert people == sorted(people)
    assert all(p >= g for p, g in zip(people, np.cumsum(gained), strict=False))
    assert all(b >= p for b, p in zip(bound, people, strict=True))
    assert bound[0] == people[0] == max(covered(rows, weight, [j]) for j in range(120))


def test_nobody_in_need_gives_no_plan():
    assert cover_plans(reach_from([{0}], 1), np.zeros(1), CUTOFF_S, 3) == []
