"""Covering, medians and centres: small ones equal enumeration, all keep their promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naive import siting as naive
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import MaxCover, PCenter, PMedian, SetCover
from yike.core.siting.solve import solve
from yike.core.tables import PlanStatus
from yike.errors import InfeasibleError

LIMIT_S = 900
SEARCH = SolveOptions(exact_up_to=0, rounds=40)  # as if there were too many candidates to look at all subsets


@st.composite
def towns(draw, most_candidates=7, most_places=9):
    """Walks of candidates to places (some beyond the search, many alike), weights, k."""
    m, n = draw(st.integers(1, most_candidates)), draw(st.integers(1, most_places))
    walk = st.sampled_from([None, 60, 120, 300, 300.5, 600, 600.25, 899, 900, 901])
    walks = draw(st.lists(st.lists(walk, min_size=n, max_size=n), min_size=m, max_size=m))
    weight = draw(st.lists(st.sampled_from([0, 1, 2, 4, 7, 12.5]), min_size=n, max_size=n))
    return naive.reach_from(walks, LIMIT_S), np.array(weight, float), draw(st.integers(0, m + 1))


def keeps_its_word(plan, k=None):
    """What every plan promises."""
    assert plan.bound >= plan.objective if plan.sense == "max" else plan.bound <= plan.objective
    assert plan.status is PlanStatus.BOUNDED or plan.gap == 0
    assert len(set(plan.site_idx.tolist())) == len(plan)
    assert k is None or len(plan) <= k


@given(towns(), st.sampled_from([300.0, 600.0, 900.0]), st.booleans())
def test_max_cover_equals_enumeration(town, cutoff_s, search):
    reach, weight, k = town

    plan = solve(MaxCover(reach, weight, cutoff_s, k), SEARCH if search else SolveOptions())

    best = naive.most_covered(reach, weight, cutoff_s, k)
    keeps_its_word(plan, k)
    assert plan.objective == pytest.approx(plan.people_gained.sum())
    assert plan.objective == pytest.approx(best)
    assert plan.status is PlanStatus.OPTIMAL
    assert np.all(np.diff(plan.people_gained) <= 1e-9)


@given(towns(), st.sampled_from([300.0, 900.0]), st.booleans(), st.booleans())
def test_set_cover_equals_enumeration_or_says_whom_nobody_reaches(town, cutoff_s, search, with_cost):
    reach, weight, _ = town
    must = weight > 0
    cost = np.array([3.0 + (7 * j) % 5 for j in range(reach.n_candidates)]) if with_cost else None
    best = naive.cheapest_cover(reach, must, cutoff_s, cost)
    problem = SetCover(reach, must, cutoff_s, cost)

    if best is None:
        with pytest.raises(InfeasibleError) as caught:
            solve(problem)
        out = set(np.flatnonzero(must)) - naive.covered(reach, range(reach.n_candidates), cutoff_s)
        assert caught.value.facts["places"] == len(out)
        assert set(caught.value.facts["rows"]) == out
        return
    plan = solve(problem, SEARCH if search else SolveOptions())
    keeps_its_word(plan)
    assert plan.objective == pytest.approx(best)
    assert plan.status is PlanStatus.OPTIMAL
    assert set(np.flatnonzero(must)) <= naive.covered(reach, plan.site_idx.tolist(), cutoff_s)


@given(towns(), st.booleans(), st.booleans())
def test_p_median_equals_enumeration(town, search, with_start):
    reach, weight, k = town
    start_s = np.where(np.arange(reach.n_demand) % 3 == 0, 250.0, np.inf) if with_start else None

    plan = solve(PMedian(reach, weight, k, 800.0, start_s), SEARCH if search else SolveOptions())

    keeps_its_word(plan, k)
    assert plan.objective == pytest.approx(naive.least_walk(reach, weight, k, 800.0, start_s))
    assert plan.status is PlanStatus.OPTIMAL
    walks = naive.walks_now(reach, plan.site_idx.tolist(), 800.0, start_s)
    assert plan.objective == pytest.approx(float(np.dot(weight, walks)))


@given(towns(), st.booleans(), st.booleans())
def test_p_center_equals_enumeration(town, search, with_start):
    reach, weight, k = town
    must = weight > 0
    start_s = np.where(np.arange(reach.n_demand) % 2 == 0, 1000.0, np.inf) if with_start else None

    plan = solve(PCenter(reach, must, k, start_s), SEARCH if search else SolveOptions())

    keeps_its_word(plan, k)
    assert plan.objective == naive.shortest_longest(reach, must, k, start_s)
    assert plan.status is PlanStatus.OPTIMAL


@given(towns(), st.data())
def test_fixed_sites_are_part_of_every_plan(town, data):
    reach, weight, k = town
    fixed = data.draw(st.lists(st.integers(0, reach.n_candidates - 1), unique=True, max_size=max(0, k)))
    given_fixed = np.array(fixed, np.int32)

    cover = solve(MaxCover(reach, weight, 600.0, k, given_fixed))
    median = solve(PMedian(reach, weight, k, 900.0, None, given_fixed))
    center = solve(PCenter(reach, weight > 0, k, None, given_fixed))

    assert cover.objective == pytest.approx(naive.most_covered(reach, weight, 600.0, k, fixed))
    assert median.objective == pytest.approx(naive.least_walk(reach, weight, k, 900.0, None, fixed))
    assert center.objective == naive.shortest_longest(reach, weight > 0, k, None, fixed)
    assert all(set(fixed) <= set(plan.site_idx.tolist()) for plan in (cover, median, center))


@given(towns(), st.randoms(use_true_random=False))
def test_renumbering_changes_no_objective(town, random):
    reach, weight, k = town
    walks = [[naive.walk_of(reach, j, i) for i in range(reach.n_demand)] for j in range(reach.n_candidates)]
    cands, places = list(range(reach.n_candidates)), list(range(reach.n_demand))
    random.shuffle(cands)
    random.shuffle(places)
    other = naive.reach_from([[walks[j][i] for i in places] for j in cands], LIMIT_S)
    shuffled = weight[places]

    for ours, theirs in (
        (MaxCover(reach, weight, 600.0, k), MaxCover(other, shuffled, 600.0, k)),
        (PMedian(reach, weight, k, 900.0), PMedian(other, shuffled, k, 900.0)),
        (PCenter(reach, weight > 0, k), PCenter(other, shuffled > 0, k)),
    ):
        assert solve(ours).objective == pytest.approx(solve(theirs).objective)


@given(towns())
def test_more_sites_never_hurt(town):
    reach, weight, _ = town
    for make, sign in (
        (lambda k: MaxCover(reach, weight, 600.0, k), 1),
        (lambda k: PMedian(reach, weight, k, 900.0), -1),
    ):
        values = [sign * solve(make(k)).objective for k in range(reach.n_candidates + 1)]
        assert np.all(np.diff(values) >= -1e-9)
