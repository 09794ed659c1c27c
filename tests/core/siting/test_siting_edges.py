"""Siting at the edges: drawn towns, nothing to do, too little time, words for what cannot be."""

from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps import walk_map
from naive import siting as naive
from yike.core.network.attach import direct_walks
from yike.core.siting.coverage import cover_curve
from yike.core.siting.options import SolveOptions
from yike.core.siting.order import build_order
from yike.core.siting.problems import MaxCover, PCenter, PMedian, SetCover
from yike.core.siting.reach import reach_of
from yike.core.siting.solve import solve
from yike.core.tables import PlanStatus
from yike.errors import InfeasibleError


@pytest.fixture(scope="module")
def street():
    """Homes a..f 100 m apart on one street, rooms at p (beside b), q (c), r (e); one metre a second."""
    town = walk_map(
        """
        a-b-c-d-e-f
          | |   |
          p q   r
        """,
        metres_per_cell=50,
    )
    graph = town.graph()
    rooms, homes = town.attach("pqr", graph), town.attach("abcdef", graph)
    return reach_of(graph, rooms, homes, direct_walks(graph, rooms, homes), 700)


PEOPLE = np.array([1.0, 2, 4, 8, 16, 32])
"""Of a..f: powers of two, so that a sum says who was reached."""


def test_max_cover_of_a_drawn_street(street):
    # Each room stands 100 m (two cells) off the street. Within 200 s: p reaches a b c, q b c d, r d e f.
    one = solve(MaxCover(street, PEOPLE, 200, 1))
    two = solve(MaxCover(street, PEOPLE, 200, 2))

    assert (one.site_idx.tolist(), one.objective) == ([2], 8 + 16 + 32)
    assert (two.site_idx.tolist(), two.people_gained.tolist()) == ([2, 0], [56, 1 + 2 + 4])
    assert (two.objective, two.bound, two.status, two.gap) == (63, 63, PlanStatus.OPTIMAL, 0)


def test_set_cover_of_a_drawn_street(street):
    plan = solve(SetCover(street, np.ones(6, bool), 200))

    assert (plan.site_idx.tolist(), plan.objective, plan.status) == ([0, 2], 2, PlanStatus.OPTIMAL)


def test_p_median_of_a_drawn_street(street):
    # From r: f 200 s, e 100, d 200; from q: c 100, b 200, a 300. With p for q: a 200, b 100, c 200: 100 more.
    plan = solve(PMedian(street, PEOPLE, 2, 700))

    assert plan.objective == 32 * 200 + 16 * 100 + 8 * 200 + 4 * 100 + 2 * 200 + 1 * 300
    assert plan.site_idx.tolist() == [2, 1]


def test_p_center_of_a_drawn_street(street):
    one, two = (solve(PCenter(street, np.ones(6, bool), k)) for k in (1, 2))

    assert (one.site_idx.tolist(), one.objective) == ([1], 100 + 300)  # from q: a 300, f 400
    assert (two.site_idx.tolist(), two.objective) == ([0, 2], 200)


def test_what_stands_already_shortens_walks(street):
    start_s = np.array([50, 50, 50, 50, np.inf, np.inf])

    plan = solve(PMedian(street, PEOPLE, 1, 700, start_s))

    assert (plan.site_idx.tolist(), plan.people_gained.tolist()) == ([2], [16 + 32])


@pytest.mark.parametrize("k", [0, 3, 9])
def test_as_many_sites_as_candidates_or_none(street, k):
    cover, median = solve(MaxCover(street, PEOPLE, 200, k)), solve(PMedian(street, PEOPLE, k, 700))

    assert cover.objective == (0 if k == 0 else 63)
    assert len(cover) == (0 if k == 0 else 2)  # q would gain nobody
    assert len(median) == (0 if k == 0 else 3)  # q shortens the walk of c
    assert {cover.status, median.status} == {PlanStatus.OPTIMAL}


def test_nobody_to_serve_needs_no_site(street):
    nobody = np.zeros(6)

    plans = [
        solve(MaxCover(street, nobody, 200, 2)),
        solve(SetCover(street, nobody > 0, 200)),
        solve(PMedian(street, nobody, 2, 700)),
        solve(PCenter(street, nobody > 0, 2)),
    ]

    assert [(len(p), p.objective, p.status) for p in plans] == [(0, 0, PlanStatus.OPTIMAL)] * 4


def test_no_candidates_give_an_empty_plan():
    reach = naive.reach_from([], 900)

    assert len(solve(MaxCover(reach, np.empty(0), 600, 2))) == 0


def test_double_candidates_are_taken_once():
    reach = naive.reach_from([[100, None], [100, None], [None, 100], [None, 100]], 900)

    plan = solve(MaxCover(reach, np.array([3.0, 2.0]), 600, 2))

    assert (plan.site_idx.tolist(), plan.objective) == ([0, 2], 5)


def test_set_cover_names_the_cutoff_that_would_do():
    reach = naive.reach_from([[100, 700, None]], 900)

    with pytest.raises(InfeasibleError) as caught:
        solve(SetCover(reach, np.array([True, True, False]), 600))

    assert caught.value.facts["rows"] == [1]
    assert caught.value.facts["enough_s"] == 700
    assert "2 处居住点中，有 1 处在 10.0 分钟内走不到" in str(caught.value)
    assert "11.7 分钟" in caught.value.hint


def test_set_cover_says_when_no_cutoff_would_do():
    reach = naive.reach_from([[100, 700, None]], 900)

    with pytest.raises(InfeasibleError) as caught:
        solve(SetCover(reach, np.ones(3, bool), 600))

    assert (caught.value.facts["places"], caught.value.facts["no_way"]) == (2, 1)
    assert "其中 1 处在搜索范围（15.0 分钟）内也走不到" in str(caught.value)


def test_cost_decides_between_equal_covers():
    reach = naive.reach_from([[1, 1, None], [1, 1, None], [None, 1, 1]], 900)
    cost = np.array([5.0, 3.0, 2.0])

    plan = solve(SetCover(reach, np.ones(3, bool), 600, cost))

    assert (sorted(plan.site_idx.tolist()), plan.objective) == ([1, 2], 5)
    assert plan.cost_fen.sum() == 5


def test_more_fixed_sites_than_allowed_are_refused(street):
    with pytest.raises(InfeasibleError, match="2 个"):
        solve(MaxCover(street, PEOPLE, 200, 1, np.array([0, 1], np.int32)))


def test_p_center_beyond_the_search_is_infinite():
    reach = naive.reach_from([[100, None], [None, 100]], 900)

    plan = solve(PCenter(reach, np.ones(2, bool), 1))

    assert (plan.objective, plan.bound, plan.status) == (np.inf, np.inf, PlanStatus.OPTIMAL)


@pytest.mark.parametrize("bad", [[-1.0] * 6, [np.nan] * 6, [np.inf] * 6])
def test_weights_that_count_nobody_are_refused(street, bad):
    with pytest.raises(ValueError, match="weights"):
        solve(MaxCover(street, np.array(bad), 200, 1))


@pytest.mark.parametrize(
    "problem",
    [
        lambda r: MaxCover(r, PEOPLE, 701, 1),
        lambda r: SetCover(r, PEOPLE > 0, 701),
        lambda r: PMedian(r, PEOPLE, 1, 701),
    ],
    ids=["max_cover", "set_cover", "p_median"],
)
def test_cutoff_beyond_the_search_is_refused(street, problem):
    with pytest.raises(ValueError, match="700"):
        solve(problem(street))


# --- larger ones


def big_town(seed=3, m=60, n=500):
    """Homes and rooms strewn over a square; walking as the crow flies."""
    rng = np.random.default_rng(seed)
    rooms, homes = rng.random((m, 2)) * 3000, rng.random((n, 2)) * 3000
    walks = np.hypot(*(rooms[:, None] - homes[None]).transpose(2, 0, 1))
    return naive.reach_from(walks.tolist(), 1500), np.floor(rng.gamma(1.5, 20, n))


@pytest.fixture(scope="module")
def big():
    return big_town()


def problems(reach, weight):
    dense, _ = big_town(m=200)  # with 60 rooms nothing is left to search
    coverable = np.zeros(dense.n_demand, bool)
    coverable[dense.within(600).demand_idx] = True
    return {
        "max_cover": MaxCover(reach, weight, 600, 6),
        "set_cover": SetCover(dense, coverable, 600),
        "p_median": PMedian(reach, weight, 6, 1500),
        "p_center": PCenter(dense, coverable, 6),
    }


NAMES = ["max_cover", "set_cover", "p_median", "p_center"]


@pytest.mark.parametrize("name", NAMES)
def test_any_number_of_threads_gives_the_same_bytes(big, name):
    problem = problems(*big)[name]

    one, two = (solve(problem, SolveOptions(rounds=60, n_threads=n, clock=lambda: 0.0)) for n in (1, 2))

    assert one.site_idx.tobytes() == two.site_idx.tobytes()
    assert (one.objective, one.bound, one.method) == (two.objective, two.bound, two.method)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rounds", [0, 5, 60])
def test_plan_and_bound_hold_the_best_between_them(big, name, rounds):
    problem = problems(*big)[name]
    best = solve(problem)

    plan = solve(problem, SolveOptions(rounds=rounds))

    assert best.status is PlanStatus.OPTIMAL
    low, high = sorted((plan.objective, plan.bound))
    assert low <= best.objective * (1 + 1e-9)
    assert high * (1 + 1e-9) >= best.objective


@pytest.mark.parametrize("name", NAMES)
def test_no_time_still_gives_a_plan_with_its_bound(big, name):
    ticks = count()

    plan = solve(problems(*big)[name], SolveOptions(time_limit_s=0.0, clock=lambda: float(next(ticks))))

    assert plan.status is PlanStatus.BOUNDED
    assert plan.stopped_by == "time"
    assert plan.gap > 0


@pytest.mark.parametrize("name", ["max_cover", "p_median", "set_cover"])
def test_a_person_may_stop_the_search(big, name):
    asked = count()

    plan = solve(problems(*big)[name], SolveOptions(should_stop=lambda: next(asked) >= 2))

    assert plan.stopped_by == "person"
    assert len(plan) > 0


def test_search_is_never_worse_than_greedy(big):
    reach, weight = big
    greedy = solve(MaxCover(reach, weight, 600, 6), SolveOptions(rounds=0))

    assert solve(MaxCover(reach, weight, 600, 6), SolveOptions(rounds=20)).objective >= greedy.objective


def test_wanted_gap_ends_the_search_early(big):
    reach, weight = big

    plan = solve(MaxCover(reach, weight, 600, 6), SolveOptions(wanted_gap=0.2, rounds=60))

    assert plan.gap <= 0.2


@given(st.integers(0, 50), st.sampled_from([12, 40]))
def test_curve_is_a_chain_under_its_bound(seed, m):
    reach, weight = big_town(seed, m=m, n=60)

    sites, gained, bound = cover_curve(reach, weight, 600, 5)

    assert len(set(sites.tolist())) == len(sites) <= 5
    for k in range(1, len(sites) + 1):
        covered = naive.covered(reach, sites[:k].tolist(), 600)
        assert gained[:k].sum() == pytest.approx(sum(weight[i] for i in covered))
        best = solve(MaxCover(reach, weight, 600, k)).objective
        assert gained[:k].sum() <= best + 1e-6 <= bound[k - 1] + 2e-6
    assert np.all(np.diff(bound) >= -1e-9)


def test_curve_of_nobody_is_empty():
    sites, gained, bound = cover_curve(naive.reach_from([[None]], 900), np.ones(1), 600, 3)

    assert (len(sites), len(gained), len(bound)) == (0, 0, 0)


def test_build_order_takes_the_most_for_the_money_first():
    reach = naive.reach_from([[1, 1, 1, None], [None, None, 1, 1], [1, None, None, None]], 900)
    weight = np.array([8.0, 4, 2, 1])

    by_gain = build_order(reach, weight, [2, 1, 0])
    by_cost = build_order(reach, weight, [2, 1, 0], np.array([10.0, 2.0, 1.0]))

    assert (by_gain[0].tolist(), by_gain[1].tolist()) == ([0, 1, 2], [14, 1, 0])
    assert (by_cost[0].tolist(), by_cost[1].tolist()) == ([2, 1, 0], [8, 3, 4])  # 8/1, 3/2, 4/10


def test_within_keeps_the_pairs_up_to_the_cutoff():
    reach = naive.reach_from([[600, 601, None], [None, None, None], [None, 599, 600.5]], 900)

    few = reach.within(600)

    assert [few.demand_of(j).tolist() for j in range(3)] == [[0], [], [1]]
    assert (few.limit_s, few.n_demand) == (600, 3)


@given(st.integers(0, 20))
def test_more_than_enough_candidates_to_look_at_are_still_proven_when_asked(seed):
    reach, weight = big_town(seed, m=26, n=40)

    plan = solve(MaxCover(reach, weight, 500, 4), SolveOptions(exact_up_to=26, rounds=2))

    assert plan.status is PlanStatus.OPTIMAL
    assert plan.objective == solve(MaxCover(reach, weight, 500, 4)).objective
