"""Coverage: shares of residents, by hand and against the naive twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle_tables import make_access, make_outlets, make_places
from naive import circle as naive
from yike.core.circle.columns import fold_services
from yike.core.circle.coverage import area_coverage, within_norm

INF = np.inf


def cover(access, places, outlets=None, norm_s=(600.0,), n_areas=1):
    outlets = make_outlets([]) if outlets is None else outlets
    ids = tuple(f"k{i}" for i in range(n_areas))
    norm = np.array(norm_s, float)
    return area_coverage(access, places, outlets, places.circle_idx, outlets.circle_idx, ids, norm)


def test_coverage_counts_people_not_places():
    # 30 people at 4 minutes, 50 at exactly 10, 20 at 12, 0 never
    access = make_access([[240], [600], [720], [INF]])
    got = cover(access, make_places([30, 50, 20, 0]))
    assert got.people[0] == 100
    assert got.people_in_norm[0, 0] == 80
    assert got.share_in_norm[0, 0] == 0.8
    assert got.people_within[0, 0].tolist() == [30, 80, 100]
    assert got.mean_nearest_s[0, 0] == (30 * 240 + 50 * 600 + 20 * 720) / 100
    assert got.median_nearest_s[0, 0] == 600


def test_coverage_counts_unattached_people_apart():
    access = make_access([[240], [240]], attached=[True, False])
    got = cover(access, make_places([30, 70]))
    assert (got.people[0], got.people_attached[0]) == (100, 30)
    assert got.share_in_norm[0, 0] == 1.0
    assert got.n_unattached.tolist() == [1]


def test_coverage_leaves_unknown_people_out_and_counts_the_places():
    got = cover(make_access([[240], [900], [900]]), make_places([30, 10, np.nan]))
    assert got.weights == ("people",)
    assert got.share_in_norm[0, 0] == 0.75
    assert got.n_people_unknown.tolist() == [1]


def test_coverage_weighs_places_alike_where_nobody_knows_the_people():
    got = cover(make_access([[240], [900], [900], [100]]), make_places([np.nan] * 4))
    assert got.weights == ("equal",)
    assert got.share_in_norm[0, 0] == 0.5
    assert np.isnan(got.people[0])
    assert np.isnan(got.people_in_norm[0, 0])
    assert np.isnan(got.people_within[0]).all()


def test_coverage_of_an_empty_area_is_unknown():
    got = cover(make_access([[240]]), make_places([10]), n_areas=2)
    assert got.weights == ("people", "none")
    assert np.isnan(got.share_in_norm[1, 0])
    assert np.isnan(got.median_nearest_s[1, 0])


def test_coverage_of_no_areas_and_no_places_is_empty():
    got = cover(make_access(np.empty((0, 1))), make_places([]), n_areas=0)
    assert got.share_in_norm.shape == (0, 1)


def test_coverage_without_a_norm_is_unknown_but_counts_by_cutoff():
    got = cover(make_access([[240]]), make_places([10]), norm_s=(np.nan,))
    assert np.isnan(got.share_in_norm[0, 0])
    assert got.people_within[0, 0, 0] == 10


def test_within_norm_believes_exact_counts_over_rounded_seconds():
    # 600 s and one tick: float32 shows 600.0, the kernel counted in ticks and says no
    access = make_access([[600.0]], count=[[[0, 0, 1]]])
    assert not within_norm(access, np.array([600.0]))[0, 0]
    assert within_norm(access, np.array([601.0]))[0, 0]


def test_outlets_count_once_per_type_and_only_when_open_and_inside():
    # o0 serves types 0 and 1, o1 is closed, o2 lies outside every circle
    outlets = make_outlets([(0, 1), 0, 0], status=[0, 3, 0], circle_idx=[0, 0, -1])
    got = cover(make_access([[1, 1]]), make_places([1]), outlets, (600.0, 600.0))
    assert got.n_outlets.tolist() == [[1, 1]]


def test_fold_services_counts_a_sub_type_for_its_row_too_and_once():
    # types: 0 repair, 1 shoe repair (of 0), 2 tailor (of 0), 3 laundry; columns: repair, shoe repair, laundry
    ptr = np.array([0, 2, 3, 4, 5], np.int64)
    served = np.array([1, 2, 3, 0, -1], np.int32)
    parent = np.array([-1, 0, 0, -1], np.int32)
    got_ptr, got_col = fold_services(ptr, served, parent, np.array([0, 1, 3], np.int32))
    assert got_ptr.tolist() == [0, 2, 3, 4, 4]
    assert got_col.tolist() == [0, 1, 2, 0]


people_lists = st.lists(st.integers(0, 40), min_size=1, max_size=12)


@st.composite
def towns(draw):
    people = draw(people_lists)
    n = len(people)
    seconds = draw(st.lists(st.sampled_from([0, 299, 300, 600, 601, 2000, INF]), min_size=n, max_size=n))
    attached = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    area = draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=n, max_size=n))
    return make_access(np.array(seconds)[:, None], attached=attached), make_places(people, circle=area)


@given(towns(), st.sampled_from([300.0, 450.0, 600.0, 1800.0]))
@settings(max_examples=80, deadline=None)
def test_coverage_equals_its_naive_twin(town, norm_s):
    access, places = town
    got = cover(access, places, norm_s=(norm_s,), n_areas=2)
    for area in (0, 1):
        inside, whole = naive.people_in_norm(access, places.people, places.circle_idx, area, 0, norm_s)
        if got.weights[area] == "none":
            continue
        assert got.people_attached[area] == whole
        assert got.people_in_norm[area, 0] == inside
        assert got.share_in_norm[area, 0] == (
            float(inside / whole) if whole else pytest.approx(np.nan, nan_ok=True)
        )
        median = naive.median_nearest(access, places.people, places.circle_idx, area, 0)
        assert got.median_nearest_s[area, 0] == pytest.approx(median, nan_ok=True)


@given(towns(), st.integers(0, 11), st.sampled_from([10.0, 400.0, 800.0]))
@settings(max_examples=60, deadline=None)
def test_adding_an_outlet_never_lowers_coverage(town, at, walk_s):
    access, places = town
    before = cover(access, places, n_areas=2)
    nearer = access.nearest_s.copy()
    nearer[at % len(places)] = np.fmin(nearer[at % len(places)], walk_s)
    after = cover(make_access(nearer, attached=access.is_attached), places, n_areas=2)
    known = ~np.isnan(before.share_in_norm)
    assert (after.share_in_norm[known] >= before.share_in_norm[known]).all()
    assert (after.people_within[known[:, 0]] >= before.people_within[known[:, 0]]).all()
