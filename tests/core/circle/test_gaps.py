"""Gaps: who lacks what, by how much, in which order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle_tables import LIMIT_S, make_access, make_outlets, make_places
from naive import circle as naive
from yike.core.circle.coverage import area_coverage
from yike.core.circle.gaps import find_gaps
from yike.core.circle.presence import judge_presence
from yike.core.tables import GapState

INF = np.inf


def gaps_of(access, places, *, share=0.8, required=None, data=None, norm_s=600.0, n_areas=1):
    n_cols = access.nearest_s.shape[1]
    none = make_outlets([])
    ids = tuple(f"k{i}" for i in range(n_areas))
    norm = np.full(n_cols, norm_s)
    coverage = area_coverage(access, places, none, places.circle_idx, none.circle_idx, ids, norm)
    needed = np.full(n_cols, share)
    states = np.full(n_cols, GapState.MET, np.uint8) if data is None else np.array(data, np.uint8)
    is_required = np.ones(n_cols, bool) if required is None else np.array(required)
    presence = judge_presence(coverage, needed, is_required, states)
    return find_gaps(access, places, coverage, presence, needed, places.circle_idx)


def places_of(gaps, row):
    return gaps.place_idx[gaps.place_ptr[row] : gaps.place_ptr[row + 1]].tolist()


def test_gap_adds_people_times_minutes_over_the_norm():
    # 10 people 18 minutes away (8 over), 5 people 12 minutes (2 over), 10 people in time
    got = gaps_of(make_access([[18 * 60], [12 * 60], [300]]), make_places([10, 5, 10]))
    assert got.state.tolist() == [GapState.GAP]
    assert got.people_unserved[0] == 15
    assert got.person_minutes[0] == 10 * 8 + 5 * 2
    assert got.shortfall[0] == pytest.approx(0.8 - 0.4)
    assert places_of(got, 0) == [0, 1]


def test_gap_counts_the_cut_off_at_the_search_limit():
    got = gaps_of(make_access([[INF], [300]]), make_places([3, 1]))
    assert got.person_minutes[0] == 3 * (LIMIT_S - 600) / 60


def test_gap_counts_each_age_band():
    places = make_places([10, 5, 7], bands=("60_over",), by_band=[[4], [1], [7]])
    got = gaps_of(make_access([[900], [900], [10]]), places)
    assert got.unserved_by_band.tolist() == [[5]]


def test_gap_does_not_guess_a_band_that_one_place_lacks():
    places = make_places([10, 5], bands=("60_over",), by_band=[[4], [np.nan]])
    assert np.isnan(gaps_of(make_access([[900], [900]]), places).unserved_by_band[0, 0])


def test_gaps_are_ranked_worst_first_and_only_gaps():
    # column 0: 10 people 1 minute over; column 1: 10 people 5 over; column 2: met; column 3: not required
    access = make_access([[660, 900, 10, 900]])
    got = gaps_of(access, make_places([10]), required=[True, True, True, False])
    assert got.type_idx.tolist() == [1, 0, 2, 3]
    assert got.rank.tolist() == [1, 2, 0, 0]
    assert [GapState(s).name for s in got.state] == ["GAP", "GAP", "MET", "NOT_REQUIRED"]


def test_gaps_of_equal_weight_go_to_the_lowest_circle_and_type():
    access = make_access([[900, 900], [900, 900]])
    got = gaps_of(access, make_places([10, 10], circle=[0, 1]), n_areas=2)
    assert list(zip(got.circle_idx.tolist(), got.type_idx.tolist(), strict=True)) == [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    ]


def test_gaps_without_known_people_follow_by_shortfall():
    places = make_places([np.nan, np.nan, 1], circle=[0, 0, 1])
    got = gaps_of(make_access([[900, 900], [900, 10], [700, 700]]), places, n_areas=2)
    assert got.circle_idx.tolist() == [1, 1, 0, 0]
    assert got.type_idx.tolist() == [0, 1, 0, 1]
    assert np.isnan(got.person_minutes[2])
    assert got.share_in_norm[2:].tolist() == [0.0, 0.5]


def test_gaps_say_nothing_of_numbers_the_data_cannot_tell():
    got = gaps_of(make_access([[INF]]), make_places([10]), data=[GapState.DATA_MISSING])
    assert got.state.tolist() == [GapState.DATA_MISSING]
    assert np.isnan([got.people_unserved[0], got.person_minutes[0], got.share_in_norm[0]]).all()
    assert places_of(got, 0) == []


def test_gaps_leave_the_unattached_out():
    got = gaps_of(make_access([[900], [900]], attached=[True, False]), make_places([10, 99]))
    assert got.people_unserved[0] == 10
    assert places_of(got, 0) == [0]


rows = st.lists(
    st.tuples(st.sampled_from([10, 599, 600, 601, 1200, 5000, INF]), st.integers(0, 30), st.integers(-1, 2)),
    min_size=1,
    max_size=15,
)


@given(rows)
@settings(max_examples=80, deadline=None)
def test_gaps_equal_their_naive_twin(town):
    seconds, people, area = zip(*town, strict=True)
    access, places = make_access(np.array(seconds)[:, None]), make_places(people, circle=area)
    got = gaps_of(access, places, n_areas=3)
    for row in range(len(got)):
        area = int(got.circle_idx[row])
        if got.state[row] == GapState.UNKNOWN:
            continue
        minutes = naive.person_minutes(access, places.people, places.circle_idx, area, 0, 600.0)
        assert got.person_minutes[row] == pytest.approx(minutes)
        load = [float(places.people[p]) * (min(seconds[p], LIMIT_S) - 600) for p in places_of(got, row)]
        assert load == sorted(load, reverse=True)


@given(rows, st.integers(0, 14), st.sampled_from([5.0, 700.0]))
@settings(max_examples=60, deadline=None)
def test_adding_an_outlet_never_raises_person_minutes(town, at, walk_s):
    seconds, people, area = zip(*town, strict=True)
    places = make_places(people, circle=area)
    nearer = np.array(seconds)[:, None]
    before = gaps_of(make_access(nearer), places, n_areas=3)
    nearer = nearer.copy()
    nearer[at % len(nearer)] = np.minimum(nearer[at % len(nearer)], walk_s)
    after = gaps_of(make_access(nearer), places, n_areas=3)
    then = dict(zip(before.circle_idx.tolist(), before.person_minutes, strict=True))
    for circle, minutes in zip(after.circle_idx.tolist(), after.person_minutes, strict=True):
        assert np.isnan(minutes) or minutes <= then[circle]
