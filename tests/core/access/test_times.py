"""Walking times of pairs, and the measures on top of them, against naive twins and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive import access as naive
from naive.graphs import random_town
from yike.core.access.access import compute_access
from yike.core.access.catchment import two_step_floating_catchment
from yike.core.access.cumulative import count_within
from yike.core.access.decay import Exponential, Gaussian, Linear, Step, Zones
from yike.core.access.gravity import gravity_access
from yike.core.access.nearest import k_nearest
from yike.core.access.times import walk_time_parts, walk_times
from yike.core.tables import WalkTimes
from yike.errors import CutoffBeyondSearchError, StudyError, has_text


def times_of(rows, limit_s=900.0):
    """WalkTimes from a list of {outlet: seconds} per place."""
    return WalkTimes(
        ptr=np.r_[0, np.cumsum([len(r) for r in rows])].astype(np.int64),
        outlet_idx=np.array([o for r in rows for o in sorted(r)], np.int32),
        walk_s=np.array([r[o] for r in rows for o in sorted(r)], np.float32),
        limit_s=limit_s,
    )


def network_of(town):
    return town.graph, town.places, town.outlets, town.direct


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_walk_times_equal_their_naive_twin(seed, n_junctions):
    town = random_town(seed, n_junctions, n_places=1 + seed % 50, n_outlets=seed % 60)

    times = walk_times(*network_of(town), 9.0, is_open=town.is_open, n_threads=1)

    slow = naive.walk_times(*network_of(town), 9.0, town.is_open)
    assert times.ptr.tolist() == [0, *np.cumsum([len(r) for r in slow]).tolist()]
    assert times.outlet_idx.tolist() == [o for row in slow for o, _ in row]
    assert times.walk_s.tolist() == [s for row in slow for _, s in row]


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10**6))
def test_walk_time_parts_are_the_whole_cut(seed):
    town = random_town(seed, n_places=40, n_outlets=30)
    whole = walk_times(*network_of(town), 9.0)

    parts = list(walk_time_parts(*network_of(town), 9.0, max_memory_mb=0))

    assert [low for low, _, _ in parts] == [0] + [high for _, high, _ in parts[:-1]]
    assert parts[-1][1] == 40
    # no memory at all: every part holds the pairs of one place, and places that have none
    assert all(np.count_nonzero(np.diff(part.ptr)) <= 1 for _, _, part in parts)
    assert np.concatenate([p.outlet_idx for _, _, p in parts]).tolist() == whole.outlet_idx.tolist()
    assert np.concatenate([p.walk_s for _, _, p in parts]).tolist() == whole.walk_s.tolist()


def test_walk_times_refuse_more_than_the_memory_given():
    with pytest.raises(StudyError) as error:
        walk_times(*network_of(random_town(3, n_places=40, n_outlets=30)), 9.0, max_memory_mb=0)

    assert has_text(error.value.code)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_count_within_agrees_with_compute_access(seed):
    town = random_town(seed, n_places=30, n_outlets=40)
    n = len(town.outlets)
    main_type = np.arange(n, dtype=np.int32) % 3
    table = compute_access(
        *network_of(town),
        np.arange(n + 1),
        main_type,
        3,
        type_rows=np.arange(3, dtype=np.int32),
        is_open=town.is_open,
        cutoffs_s=(4.0, 9.0),
        limit_s=9.0,
    )

    times = walk_times(*network_of(town), 9.0, is_open=town.is_open)

    assert np.array_equal(count_within(times, main_type, 3, 4.0), table.count[..., 0])
    assert np.array_equal(count_within(times, main_type, 3, 9.0), table.count[..., 1])
    nearest = k_nearest(times, main_type, 3, 1)
    ok = table.is_attached
    assert np.array_equal(nearest.walk_s[ok, :, 0], table.nearest_s[ok])
    assert np.array_equal(nearest.outlet_idx[..., 0], table.nearest_outlet_idx)


def test_count_within_stops_at_the_cutoff_and_includes_it():
    times = times_of([{0: 300, 1: 600, 2: 600.01, 3: 100}, {}])

    counts = count_within(times, np.array([0, 0, 0, -1]), 2, 600.0)

    assert counts.tolist() == [[2, 0], [0, 0]]


def test_count_within_refuses_a_cutoff_beyond_the_search():
    with pytest.raises(CutoffBeyondSearchError):
        count_within(times_of([{0: 1.0}], limit_s=600.0), np.array([0]), 1, 601.0)


def test_k_nearest_orders_by_walk_then_by_index():
    times = times_of([{0: 50, 1: 20, 2: 50, 3: 10}, {}])

    nearest = k_nearest(times, np.array([0, 0, 0, 1]), 2, 2)

    assert nearest.outlet_idx.tolist() == [[[1, 0], [3, -1]], [[-1, -1], [-1, -1]]]
    assert nearest.walk_s.tolist() == [[[20, 50], [10, np.inf]], [[np.inf] * 2] * 2]


@pytest.mark.parametrize(
    ("decay", "walks", "weights"),
    [
        (Step(600), [0, 600, 601], [1, 1, 0]),
        (Linear(600), [0, 300, 600, 700], [1, 0.5, 0, 0]),
        (Exponential(300), [0, 300, 600], [1, 0.5, 0.25]),
        (Exponential(300, 500), [300, 600], [0.5, 0]),
        (Gaussian(900), [0, 900, 1000], [1, 0, 0]),
        (Zones((300, 600), (1, 0.4)), [0, 300, 301, 600, 601], [1, 1, 0.4, 0.4, 0]),
    ],
)
def test_decay_weights_by_hand(decay, walks, weights):
    assert np.allclose(decay(np.array(walks, float)), weights, atol=1e-12)


@pytest.mark.parametrize(
    "decay", [Step(600), Linear(600), Exponential(300), Gaussian(900), Zones((300, 600), (1, 0.4))]
)
def test_decay_starts_at_one_and_never_grows(decay):
    weights = decay(np.linspace(0, 2000, 500))

    assert weights[0] == 1
    assert np.all(np.diff(weights) <= 0)
    assert weights[-1] >= 0


def test_gravity_sums_faded_weights():
    # type 0: 10 x 0.5 + 4 x 0.25 = 6; type 1: 8 x 0.5 = 4
    times = times_of([{0: 300, 1: 600, 2: 300}, {}])

    access = gravity_access(times, np.array([0, 0, 1]), 2, Exponential(300, 900), np.array([10, 4, 8.0]))

    assert access.tolist() == [[6, 4], [0, 0]]


def test_gravity_is_unknown_where_a_weight_or_the_attachment_is():
    times = times_of([{0: 300}, {1: 300}, {}])

    access = gravity_access(times, np.array([0, 0]), 1, Step(600), np.array([np.nan, 2]), np.array([1, 1, 0]))

    assert np.array_equal(access, [[np.nan], [2], [np.nan]], equal_nan=True)


def test_catchment_shares_capacity_by_hand():
    # clinic 0 (12 beds) is reached by places 0 (100) and 1 (200): 12 / 300 = 0.04 each head
    # clinic 1 (10 beds) is reached by place 1 only: 10 / 200 = 0.05
    times = times_of([{0: 300}, {0: 500, 1: 600}, {}])

    result = two_step_floating_catchment(
        times, np.array([0, 0]), 1, Step(600), np.array([12.0, 10.0]), np.array([100.0, 200.0, 50.0])
    )

    assert np.allclose(result.outlet_ratio, [0.04, 0.05])
    assert np.allclose(result.access, [[0.04], [0.09], [0]])


def test_catchment_leaves_unknown_capacities_out_and_says_so():
    times = times_of([{0: 300, 1: 300, 2: 300}])

    result = two_step_floating_catchment(
        times, np.array([0, 0, 1]), 2, Step(600), np.array([5.0, np.nan, np.nan]), np.array([10.0])
    )

    assert result.n_unknown.tolist() == [1, 1]
    assert np.array_equal(result.access, [[0.5, np.nan]], equal_nan=True)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_catchment_hands_out_what_there_is(seed):
    rng = np.random.default_rng(seed)
    times = times_of(
        [{o: float(rng.integers(0, 900)) for o in range(8) if rng.random() < 0.5} for _ in range(6)]
    )
    capacity, people = rng.random(8) * 50, rng.random(6) * 100 + 1

    result = two_step_floating_catchment(
        times, np.zeros(8, int), 1, Zones((300, 899), (1, 0.3)), capacity, people
    )

    reached = np.isfinite(result.outlet_ratio)
    assert np.isclose((people[:, None] * result.access).sum(), capacity[reached].sum())


def test_catchment_refuses_a_decay_beyond_the_search():
    with pytest.raises(CutoffBeyondSearchError):
        two_step_floating_catchment(
            times_of([{0: 1}]), np.zeros(1, int), 1, Step(901), np.ones(1), np.ones(1)
        )
