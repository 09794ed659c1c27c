"""Weekly rounds of moving vendors: towns worked out by hand, every week there is, and what always holds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive import timetable as naive
from yike.core.siting import timetable_solve
from yike.core.siting.options import SolveOptions
from yike.core.siting.reach import Reach
from yike.core.siting.timetable import TimetableProblem
from yike.core.siting.timetable_bound import lagrangian_bound
from yike.core.siting.timetable_crews import merge
from yike.core.siting.timetable_solve import solve_timetable
from yike.core.tables import PlanStatus

QUICK = SolveOptions(rounds=100)
MON_AM, MON_PM, TUE_AM, TUE_PM = 0, 1, 2, 3


def reach_of_lists(homes_of_stops, n_homes):
    ptr = np.concatenate([[0], np.cumsum([len(h) for h in homes_of_stops])]).astype(np.int64)
    homes = np.array([i for h in homes_of_stops for i in sorted(h)], np.int32)
    return Reach(ptr, homes, np.zeros(len(homes), np.float32), n_homes, 600.0)


def halves(*named):
    free = np.zeros(14, bool)
    free[list(named)] = True
    return free


def town(homes_of_stops, people, vendors, **changes):
    """``vendors``: (trades, free half-days); ``people``: one row a trade."""
    weight = np.atleast_2d(np.array(people, float))
    n_trades, n_homes = weight.shape
    n_stops = len(homes_of_stops)
    given = {
        "reach": reach_of_lists(homes_of_stops, n_homes),
        "weight": weight,
        "vendor_trades": np.array([[t in trades for t in range(n_trades)] for trades, _ in vendors]),
        "vendor_free": np.array([halves(*free) for _, free in vendors]),
        "vendor_most": np.full(len(vendors), 14, np.int32),
        "stop_trades": np.ones((n_stops, n_trades), bool),
        "stop_free": np.ones((n_stops, 14), bool),
        "stop_capacity": np.full(n_stops, 9, np.int32),
        "travel_s": np.zeros((n_stops, n_stops)),
    }
    return TimetableProblem(**(given | changes))


def visits_of(plan):
    return list(zip(plan.vendor_idx.tolist(), plan.stop_idx.tolist(), plan.half_idx.tolist(), strict=True))


# Three stops: A reaches homes of 8 and 4 people, B of 4 and 2, C of 1.
THREE_STOPS = [{0, 1}, {1, 2}, {3}]
PEOPLE = [8, 4, 2, 1]


def test_one_half_day_goes_to_the_stop_with_most_people():
    plan = solve_timetable(town(THREE_STOPS, PEOPLE, [({0}, [MON_AM])]), QUICK)

    assert visits_of(plan) == [(0, 0, MON_AM)]
    assert plan.objective == plan.bound == 8 + 4
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.stopped_by == "proof"
    assert plan.gap == 0


def test_two_vendors_of_one_trade_share_the_town():
    # A and B together meet 8 + 4 + 2, A and C 8 + 4 + 1: nobody counts twice.
    plan = solve_timetable(town(THREE_STOPS, PEOPLE, [({0}, [MON_AM]), ({0}, [MON_AM])]), QUICK)

    assert sorted(plan.stop_idx.tolist()) == [0, 1]
    assert plan.objective == 8 + 4 + 2


def test_two_trades_are_met_each_for_itself():
    # A cobbler and a cook both go to A: 12 people meet each of them.
    plan = solve_timetable(town(THREE_STOPS, [PEOPLE, PEOPLE], [({0}, [MON_AM]), ({1}, [MON_AM])]), QUICK)

    assert plan.stop_idx.tolist() == [0, 0]
    assert plan.objective == 12 + 12


def test_a_full_stop_sends_the_second_vendor_on():
    # One at a time at A: either the other trade goes to B (6), or nobody is there with it.
    vendors = [({0}, [MON_AM]), ({1}, [MON_AM])]
    plan = solve_timetable(
        town(THREE_STOPS, [PEOPLE, PEOPLE], vendors, stop_capacity=np.array([1, 1, 1], np.int32)), QUICK
    )

    assert sorted(plan.stop_idx.tolist()) == [0, 1]
    assert plan.objective == 12 + 6


def test_a_market_day_keeps_a_stop_shut_on_other_days():
    only_tuesday = np.ones((3, 14), bool)
    only_tuesday[0] = halves(TUE_AM)
    monday, tuesday = ([({0}, [h])] for h in (MON_AM, TUE_AM))

    on_monday = solve_timetable(town(THREE_STOPS, PEOPLE, monday, stop_free=only_tuesday), QUICK)
    on_tuesday = solve_timetable(town(THREE_STOPS, PEOPLE, tuesday, stop_free=only_tuesday), QUICK)

    assert (on_monday.objective, on_tuesday.objective) == (4 + 2, 8 + 4)


def test_a_stop_takes_its_trades_only():
    allowed = np.array([[False], [True], [True]])
    plan = solve_timetable(town(THREE_STOPS, PEOPLE, [({0}, [MON_AM])], stop_trades=allowed), QUICK)

    assert plan.stop_idx.tolist() == [1]


def test_half_days_a_week_are_limited():
    everything = [({0}, [MON_AM, TUE_AM, 4])]
    plan = solve_timetable(town(THREE_STOPS, PEOPLE, everything, vendor_most=np.array([2], np.int32)), QUICK)

    assert len(plan) == 2
    assert plan.objective == 8 + 4 + 2


def test_stops_of_one_day_are_near_each_other():
    # A and B are too far apart for one day, A and C are not: 8 + 4 + 1 instead of 8 + 4 + 2.
    travel = np.array([[0, 3000, 600], [3000, 0, 600], [600, 600, 0.0]])
    one_day = [({0}, [MON_AM, MON_PM])]
    plan = solve_timetable(town(THREE_STOPS, PEOPLE, one_day, travel_s=travel, most_travel_s=1800), QUICK)

    assert sorted(plan.stop_idx.tolist()) == [0, 2]
    assert plan.objective == 13
    assert plan.status is PlanStatus.OPTIMAL


def test_unknown_travel_is_far():
    travel = np.full((3, 3), np.nan)
    plan = solve_timetable(
        town(THREE_STOPS, PEOPLE, [({0}, [MON_AM, MON_PM])], travel_s=travel, most_travel_s=1e9), QUICK
    )

    assert plan.objective == 12


def test_meeting_twice_counts_on_two_days_only():
    # Mornings and afternoons of Monday at A are one day: 12 once. With Tuesday at A too: 12 * 1.5.
    same_day = town([{0}], [12], [({0}, [MON_AM, MON_PM])], worth_twice=0.5)
    two_days = town([{0}], [12], [({0}, [MON_AM, TUE_AM])], worth_twice=0.5)

    assert solve_timetable(same_day, QUICK).objective == 12
    assert solve_timetable(two_days, QUICK).objective == 18


def test_visits_that_add_nobody_are_not_asked_for():
    plan = solve_timetable(town([{0}], [5], [({0}, [MON_AM, TUE_AM, TUE_PM])]), QUICK)

    assert len(plan) == 1


def fair_town(**changes):
    """A big community at A (90 people) and B (60), a small one at C (10): two half-days."""
    given = {
        "group_idx": np.array([0, 0, 1], np.int32),
        "group_total": np.array([150.0, 10.0]),
        "group_met": np.zeros(2),
        "fair": "lexicographic",
    }
    return town([{0}, {1}, {2}], [90, 60, 10], [({0}, [MON_AM, TUE_AM])], **(given | changes))


def test_the_worst_community_comes_first():
    # A and B: shares 1 and 0. A and C: 0.6 and 1, which is fairer; B and C: 0.4 and 1.
    fair = solve_timetable(fair_town(), QUICK)
    unfair = solve_timetable(fair_town(fair="none"), QUICK)

    assert sorted(fair.stop_idx.tolist()) == [0, 2]
    assert (fair.objective, fair.worst_share, fair.worst_bound) == (
        100,
        pytest.approx(0.6),
        pytest.approx(0.6),
    )
    assert fair.status is PlanStatus.OPTIMAL
    assert (unfair.objective, sorted(unfair.stop_idx.tolist())) == (150, [0, 1])


def test_a_weight_on_the_worst_community_trades_it_for_people():
    # A and B: 0.9 * 150 = 135. A and C: 0.9 * 100 + 0.1 * 160 * 0.6 = 99.6. With half the weight on the
    # worst: 75 against 50 + 0.5 * 160 * 0.6 = 98.
    light = solve_timetable(fair_town(fair="weighted", fairness=0.1), QUICK)
    heavy = solve_timetable(fair_town(fair="weighted", fairness=0.5), QUICK)

    assert (light.objective, heavy.objective) == (pytest.approx(135), pytest.approx(98))
    assert sorted(heavy.stop_idx.tolist()) == [0, 2]


def test_a_community_that_no_stop_reaches_does_not_count_as_the_worst():
    stuck = fair_town(
        group_idx=np.array([0, 0, 1], np.int32),
        group_total=np.array([150.0, 10.0, 500.0]),
        group_met=np.zeros(3),
    )

    assert solve_timetable(stuck, QUICK).worst_share == pytest.approx(0.6)


def test_who_was_met_before_counts_for_the_share():
    # All of the small community are served already: A and B it is, and the worst share is 1.
    served = replace(fair_town(), weight=np.array([[90.0, 60, 0]]), group_met=np.array([0.0, 10.0]))
    plan = solve_timetable(served, QUICK)

    assert (plan.objective, plan.worst_share) == (150, 1)


@pytest.mark.parametrize("gone", ["vendors", "stops", "homes", "time"])
def test_nothing_to_plan_is_an_empty_timetable(gone):
    given = {
        "vendors": town([{0}], [1], [({0}, [])]),
        "stops": town([{0}], [1], [({0}, [MON_AM])], stop_capacity=np.zeros(1, np.int32)),
        "homes": town([set()], [1], [({0}, [MON_AM])]),
        "time": town([{0}], [1], [({0}, [MON_AM])], vendor_most=np.zeros(1, np.int32)),
    }[gone]
    plan = solve_timetable(given, QUICK)

    assert (len(plan), plan.objective, plan.bound) == (0, 0, 0)
    assert plan.status is PlanStatus.OPTIMAL


def test_wrong_shapes_are_told_at_once():
    good = town(THREE_STOPS, PEOPLE, [({0}, [MON_AM])])

    for name, wrong in (
        ("travel_s", np.zeros((2, 3))),
        ("weight", np.full((1, 4), -1.0)),
        ("worth_twice", 2.0),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            replace(good, **{name: wrong})


@st.composite
def towns(draw, fair="none", twice=False):
    n_stops, n_homes, n_trades = draw(st.integers(1, 3)), draw(st.integers(1, 5)), draw(st.integers(1, 2))
    homes = st.sets(st.integers(0, n_homes - 1), max_size=3)
    people = st.lists(st.integers(0, 9), min_size=n_homes, max_size=n_homes)
    trades = st.sets(st.integers(0, n_trades - 1), min_size=1)
    slots = st.sets(st.sampled_from([0, 1, 2, 3]), max_size=3)
    vendors = draw(st.lists(st.tuples(trades, slots), min_size=1, max_size=2))
    weight = [draw(people) for _ in range(n_trades)]
    flags = st.lists(st.booleans(), min_size=n_stops * 14, max_size=n_stops * 14)
    rooms = st.lists(st.integers(0, 2), min_size=n_stops, max_size=n_stops)
    travel = st.lists(st.sampled_from([100.0, 900.0, np.nan]), min_size=n_stops**2, max_size=n_stops**2)
    group = np.array(draw(st.lists(st.integers(-1, 1), min_size=n_homes, max_size=n_homes)), np.int32)
    met = np.array(draw(st.lists(st.integers(0, 5), min_size=2, max_size=2)), float)
    sums = [np.array(weight, float)[:, group == g].sum() for g in range(2)]
    return town(
        [draw(homes) for _ in range(n_stops)],
        weight,
        vendors,
        stop_free=np.array(draw(flags)).reshape(n_stops, 14) | (np.arange(14) % 3 == 0),
        stop_capacity=np.array(draw(rooms), np.int32),
        vendor_most=np.array([draw(st.integers(0, 3)) for _ in vendors], np.int32),
        travel_s=np.array(draw(travel)).reshape(n_stops, n_stops),
        most_travel_s=500.0,
        worth_twice=0.5 if twice else 0.0,
        fair=fair,
        group_idx=group,
        group_total=np.array(sums) + met,
        group_met=met,
    )


@settings(max_examples=60)
@given(towns())
def test_the_plan_is_the_best_of_all_weeks(p):
    plan = solve_timetable(p, QUICK)

    assert naive.broken(p, visits_of(plan)) == []
    assert plan.objective == pytest.approx(naive.people_met(p, visits_of(plan)))
    assert plan.objective == pytest.approx(naive.best_people(p))
    assert plan.status is PlanStatus.OPTIMAL


@settings(max_examples=40)
@given(towns(twice=True))
def test_the_plan_is_the_best_of_all_weeks_when_twice_counts(p):
    plan = solve_timetable(p, QUICK)

    assert naive.broken(p, visits_of(plan)) == []
    assert plan.objective == pytest.approx(naive.best_people(p))
    assert plan.status is PlanStatus.OPTIMAL


@settings(max_examples=40)
@given(towns(fair="lexicographic"))
def test_the_fair_plan_is_the_fairest_of_all_weeks(p):
    plan = solve_timetable(p, QUICK)
    share, people = naive.best_fair(p)

    assert naive.broken(p, visits_of(plan)) == []
    assert plan.objective == pytest.approx(people)
    if plan.worst_group >= 0:
        assert plan.worst_share == pytest.approx(share)


@settings(max_examples=40)
@given(towns(fair="weighted"))
def test_the_weighed_plan_is_the_best_of_all_weeks(p):
    plan = solve_timetable(p, QUICK)

    assert naive.broken(p, visits_of(plan)) == []
    if plan.worst_group >= 0:
        assert plan.objective == pytest.approx(naive.best_weighed(p))


@settings(max_examples=40)
@given(towns(), st.booleans())
def test_prices_are_never_below_the_best(p, twice):
    p = replace(p, worth_twice=0.5) if twice else p
    bound = lagrangian_bound(merge(p), 0.0, SolveOptions(), np.inf)

    assert bound >= naive.best_people(p) - 1e-6


@settings(max_examples=30)
@given(towns(), st.integers(0, 13))
def test_a_further_free_half_day_never_hurts(p, half):
    free = p.vendor_free.copy()
    free[0, half] = True

    assert solve_timetable(replace(p, vendor_free=free), QUICK).objective >= (
        solve_timetable(p, QUICK).objective - 1e-6
    )


@settings(max_examples=30)
@given(towns(), st.randoms(use_true_random=False))
def test_renumbering_homes_and_stops_changes_nothing(p, random):
    stops, homes = list(range(p.n_stops)), list(range(p.reach.n_demand))
    random.shuffle(stops)
    random.shuffle(homes)
    new_home = np.argsort(homes)
    lists = [{int(new_home[i]) for i in p.reach.demand_of(s)} for s in stops]
    other = replace(
        p, reach=reach_of_lists(lists, len(homes)), weight=p.weight[:, homes],
        stop_trades=p.stop_trades[stops], stop_free=p.stop_free[stops], stop_capacity=p.stop_capacity[stops],
        travel_s=p.travel_s[np.ix_(stops, stops)], group_idx=p.group_idx[homes],
    )  # fmt: skip

    assert solve_timetable(other, QUICK).objective == pytest.approx(solve_timetable(p, QUICK).objective)


def random_town(seed, fair="none", twice=0.0):
    """Eight vendors of three trades, 25 stops, 400 homes: too large to try every week."""
    dice = np.random.default_rng(seed)
    stop, home = dice.random((25, 2)), dice.random((400, 2))
    far = np.hypot(*(stop[:, None] - home[None]).transpose(2, 0, 1))
    group = (home[:, 0] * 4).astype(np.int32)
    people = dice.integers(1, 50, (3, 400)).astype(float)
    return town(
        [set(np.flatnonzero(row < 0.15).tolist()) for row in far],
        people,
        [({v % 3}, np.flatnonzero(dice.random(14) < 0.5).tolist()) for v in range(8)],
        vendor_most=np.full(8, 4, np.int32),
        stop_capacity=np.ones(25, np.int32),
        travel_s=np.hypot(*(stop[:, None] - stop[None]).transpose(2, 0, 1)) * 3000,
        most_travel_s=1200.0,
        worth_twice=twice,
        fair=fair,
        group_idx=group,
        group_total=np.bincount(group, weights=people.sum(0), minlength=4),
        group_met=np.zeros(4),
    )


@pytest.mark.parametrize(("fair", "twice"), [("none", 0.0), ("none", 0.5), ("lexicographic", 0.0)])
def test_a_larger_town_keeps_the_rules_and_its_bound(fair, twice):
    p = random_town(1, fair, twice)
    plan = solve_timetable(p, SolveOptions(rounds=300, time_limit_s=6))

    assert naive.broken(p, visits_of(plan)) == []
    assert plan.objective == pytest.approx(naive.people_met(p, visits_of(plan)))
    assert plan.objective <= plan.bound * (1 + 1e-9)
    assert plan.gap < 0.03


def test_prices_take_over_where_the_program_would_be_too_large(monkeypatch):
    monkeypatch.setattr(timetable_solve, "CREW_CELLS", 0)
    monkeypatch.setattr(timetable_solve, "WHOLE_BINARIES", 0)
    p = random_town(2)
    plan = solve_timetable(p, SolveOptions(rounds=400))

    assert plan.method == "search+prices"
    assert plan.status is PlanStatus.BOUNDED
    assert plan.objective < plan.bound <= plan.objective * 1.05


def test_the_same_seed_gives_the_same_week():
    one, two = (solve_timetable(random_town(3), SolveOptions(rounds=200)) for _ in range(2))

    assert visits_of(one) == visits_of(two)
    assert (one.objective, one.bound) == (two.objective, two.bound)


def test_a_clock_that_ran_out_gives_the_best_so_far_with_a_bound():
    ticks = iter(range(10_000))
    plan = solve_timetable(random_town(4), SolveOptions(time_limit_s=2, clock=lambda: float(next(ticks))))

    assert plan.stopped_by in ("time", "proof")
    assert 0 < plan.objective <= plan.bound
