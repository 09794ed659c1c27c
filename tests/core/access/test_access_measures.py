"""Access measures on drawn towns with numbers by hand, against naive twins, and their laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from maps import walk_map
from naive import measures as naive
from naive.graphs import attachments, random_town
from naive.graphs import direct_walks as no_walks
from yike.core.access.access import compute_access
from yike.core.access.catchment import two_step_floating_catchment
from yike.core.access.cumulative import count_within
from yike.core.access.decay import Exponential, Gaussian, InversePower, Linear, Step, Zones, thirds
from yike.core.access.gravity import gravity_access
from yike.core.access.nearest import k_nearest, mean_walk_s
from yike.core.access.pairs import by_service
from yike.core.access.reverse import walk_times_from_fewer
from yike.core.access.times import walk_times
from yike.core.network.attach import direct_walks
from yike.core.tables import TICKS_PER_S, WalkTimes

DECAYS = [Step(9), Linear(9), Exponential(3, 9), Gaussian(9), InversePower(3, 2, 9), Zones((3, 9), (1, 0.4))]


def times_in(town, homes, shops, limit_s):
    graph = town.graph()
    places, outlets = town.attach(homes, graph), town.attach(shops, graph)
    return walk_times(graph, places, outlets, direct_walks(graph, places, outlets), limit_s)


def slice_of(times, place):
    cut = slice(times.ptr[place], times.ptr[place + 1])
    return dict(zip(times.outlet_idx[cut].tolist(), times.walk_s[cut].tolist(), strict=True))


# h to a 300 m, b 600, d 700, c 1000; g to a 100, b 400, d 500, c 800
TOWN = walk_map(
    """
    h---g-a-----b
                |
          c-----d
    """,
    metres_per_cell=50,
)


def test_walk_times_of_a_drawn_town_by_hand():
    times = times_in(TOWN, "hg", "abcd", 700)

    assert slice_of(times, 0) == {0: 300, 1: 600, 3: 700}  # c at 1000 s is beyond; d at exactly 700 is in
    assert slice_of(times, 1) == {0: 100, 1: 400, 3: 500}


def test_walk_times_are_the_same_both_ways():
    there, back = times_in(TOWN, "hg", "abcd", 1000), times_in(TOWN, "abcd", "hg", 1000)

    assert [[slice_of(there, h)[s] for s in range(4)] for h in range(2)] == [
        [slice_of(back, s)[h] for s in range(4)] for h in range(2)
    ]


def test_mean_walk_is_endless_where_fewer_than_k_are_found():
    times = times_in(TOWN, "hg", "abcd", 700)

    nearest = k_nearest(times, np.array([0, 0, 1, 1]), 2, 2)

    # h: a 300, b 600 -> 450, of the other type only d; g: a 100, b 400 -> 250
    assert mean_walk_s(nearest).tolist() == [[450, np.inf], [250, np.inf]]
    assert np.isnan(mean_walk_s(nearest, np.array([True, False]))[1]).all()


def test_services_count_once_in_each_type_they_serve():
    times = times_in(TOWN, "h", "ab", 700)
    service_ptr, service_col = np.array([0, 2, 3]), np.array([0, 2, 0])  # a serves 0 and 2, b serves 0

    spread, outlet_of = by_service(times, service_ptr)

    assert count_within(spread, service_col, 3, 600).tolist() == [[2, 0, 1]]
    assert outlet_of.tolist() == [0, 0, 1]


def test_catchment_of_a_drawn_town_by_hand():
    # 400 s: h (100 people) reaches a; g (300) reaches a and b
    # a has 20 seats for 400 people: 0.05; b has 30 for 300: 0.1
    times = times_in(TOWN, "hg", "ab", 400)

    result = two_step_floating_catchment(
        times, np.zeros(2, int), 1, Step(400), np.array([20.0, 30.0]), np.array([100.0, 300.0])
    )

    assert np.allclose(result.access, [[0.05], [0.15]])


def test_enhanced_catchment_of_a_drawn_town_by_hand():
    # zones of 200 s: a from h 300 s -> 0.68, from g 100 s -> 1: 20 / (100 x 0.68 + 300) = 0.054348
    # b from h 600 s -> 0.22, from g 400 s -> 0.68: 30 / (100 x 0.22 + 300 x 0.68) = 0.132743
    times = times_in(TOWN, "hg", "ab", 600)

    result = two_step_floating_catchment(
        times, np.zeros(2, int), 1, thirds(600), np.array([20.0, 30.0]), np.array([100.0, 300.0])
    )

    assert np.allclose(result.outlet_ratio, [20 / 368, 30 / 226])
    assert np.allclose(result.access, [[0.68 * 20 / 368 + 0.22 * 30 / 226], [20 / 368 + 0.68 * 30 / 226]])


def test_catchment_is_unknown_where_only_unknown_capacity_is_reached():
    # h reaches a and b, g too; a unknown. c is reached by nobody within 600 s
    times = times_in(TOWN, "hg", "ab", 350)  # h: a; g: a

    result = two_step_floating_catchment(
        times, np.zeros(2, int), 1, Step(350), np.array([np.nan, 30.0]), np.array([100.0, 300.0])
    )

    assert np.isnan(result.access).all()


def test_catchment_is_unknown_where_nobody_known_shares():
    times = times_in(TOWN, "h", "a", 600)

    result = two_step_floating_catchment(
        times, np.zeros(1, int), 1, Step(600), np.array([20.0]), np.array([np.nan])
    )

    assert np.isnan(result.access[0, 0])


def test_inverse_power_by_hand():
    # scale 300 s, power 2: after 300 s (1 + 1) ** -2 = 1/4, after 600 s 1/9, cut at 600 s
    assert np.allclose(InversePower(300, 2, 600)(np.array([0, 300, 600, 601.0])), [1, 1 / 4, 1 / 9, 0])


@pytest.mark.parametrize("decay", DECAYS)
def test_decay_is_one_at_the_door_falls_and_ends_at_its_reach(decay):
    weights = decay(np.linspace(0, 20, 500))

    assert weights[0] == 1
    assert np.all(np.diff(weights) <= 0)
    assert weights.min() >= 0
    assert decay(np.array([decay.reach_s + 1e-6]))[0] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Linear(0),
        lambda: Gaussian(-1),
        lambda: Exponential(0),
        lambda: InversePower(300, 0),
        lambda: Zones((300, 600), (0.9, 0.2)),
        lambda: Zones((600, 300), (1, 0.2)),
        lambda: thirds(0),
    ],
)
def test_decay_refuses_what_is_no_decay(wrong):
    with pytest.raises(ValueError):
        wrong()


def walks_of(town, limit_s=9.0, is_open=None):
    return walk_times(town.graph, town.places, town.outlets, town.direct, limit_s, is_open=is_open)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from(DECAYS))
def test_measures_equal_their_naive_twins(seed, decay):
    rng = np.random.default_rng(seed)
    town = random_town(seed, n_places=15, n_outlets=20)
    times, kind = walks_of(town), rng.integers(-1, 3, 20)
    capacity, people = rng.integers(1, 50, 20).astype(float), rng.integers(1, 90, 15).astype(float)
    rows = naive.rows_of(times)

    nearest = k_nearest(times, kind, 3, 4)
    gravity = gravity_access(times, kind, 3, decay, capacity)
    shared = two_step_floating_catchment(times, kind, 3, decay, capacity, people)

    slow = naive.k_nearest(rows, kind, 3, 4)
    assert count_within(times, kind, 3, 5.0).tolist() == naive.count_within(rows, kind, 3, 5.0)
    assert nearest.walk_s.tolist() == [[[s for s, _ in cell] for cell in row] for row in slow]
    assert nearest.outlet_idx.tolist() == [[[o for _, o in cell] for cell in row] for row in slow]
    assert np.allclose(gravity, naive.gravity(rows, kind, 3, decay, capacity))
    expected = np.array(naive.catchment(rows, kind, 3, decay, capacity, people))
    known = ~np.isnan(shared.access)
    assert np.allclose(shared.access[known], expected[known])
    assert np.all(expected[~known] == 0)  # reached with no weight at all: nobody shares it


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_services_of_pairs_count_as_compute_access_does(seed):
    town = random_town(seed, n_places=20, n_outlets=25)
    table = compute_access(
        *town.given,
        type_rows=np.arange(town.n_cols, dtype=np.int32),
        is_open=town.is_open,
        cutoffs_s=(4.0, 9.0),
        limit_s=9.0,
    )

    times, outlet_of = by_service(walks_of(town, is_open=town.is_open), town.service_ptr)

    counts = [count_within(times, town.service_col, town.n_cols, c) for c in (4.0, 9.0)]
    nearest = k_nearest(times, town.service_col, town.n_cols, 1).outlet_idx[..., 0]
    assert np.array_equal(np.stack(counts, axis=2), table.count)
    assert np.array_equal(np.where(nearest >= 0, np.r_[outlet_of, -1][nearest], -1), table.nearest_outlet_idx)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_one_more_outlet_never_lowers_gravity_or_a_count(seed):
    town = random_town(seed, n_places=20, n_outlets=25)
    kind = np.arange(25) % 3
    some, all_of_them = walks_of(town, is_open=town.is_open), walks_of(town)

    assert np.all(count_within(all_of_them, kind, 3, 6.0) >= count_within(some, kind, 3, 6.0))
    assert np.all(
        gravity_access(all_of_them, kind, 3, Gaussian(9))
        >= gravity_access(some, kind, 3, Gaussian(9)) - 1e-12
    )


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_renumbering_outlets_changes_no_measure(seed):
    town = random_town(seed, n_places=20, n_outlets=25)
    times, kind = walks_of(town), np.arange(25) % 3
    new_of = np.random.default_rng(seed).permutation(25)
    moved = [{int(new_of[o]): s for o, s in row.items()} for row in naive.rows_of(times)]
    renumbered = WalkTimes(
        times.ptr,
        np.array([o for row in moved for o in sorted(row)], np.int32),
        np.array([row[o] for row in moved for o in sorted(row)], np.float32),
        times.limit_s,
    )
    new_kind = np.empty(25, int)
    new_kind[new_of] = kind

    assert np.array_equal(count_within(times, kind, 3, 6.0), count_within(renumbered, new_kind, 3, 6.0))
    assert np.array_equal(k_nearest(times, kind, 3, 3).walk_s, k_nearest(renumbered, new_kind, 3, 3).walk_s)
    assert np.allclose(
        gravity_access(times, kind, 3, Linear(9)), gravity_access(renumbered, new_kind, 3, Linear(9))
    )


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_walk_times_equal_scipys_dijkstra(seed):
    town = random_town(seed, n_junctions=30, n_places=1, n_outlets=1)
    graph, n = town.graph, 30
    everywhere = attachments([[(j, 0)] for j in range(n)])

    times = walk_times(graph, everywhere, everywhere, no_walks([None] * n, [None] * n), 9.0)

    # scipy takes 0 for no street and adds parallel ones up: keep the shortest, zeros a bit above 0
    short = {}
    for j in range(n):
        for k in range(graph.indptr[j], graph.indptr[j + 1]):
            to, ticks = int(graph.neighbour_idx[k]), max(float(graph.neighbour_ticks[k]), 1e-4)
            short[j, to] = min(ticks, short.get((j, to), np.inf))
    ends = np.array([*short], int).reshape(-1, 2)
    matrix = csr_matrix((list(short.values()), (ends[:, 0], ends[:, 1])), (n, n))
    seconds = np.rint(dijkstra(matrix)) / TICKS_PER_S if short else np.where(np.eye(n) > 0, 0, np.inf)
    assert [slice_of(times, j) for j in range(n)] == [
        {o: seconds[j, o] for o in range(n) if seconds[j, o] <= 9.0} for j in range(n)
    ]


def test_walk_times_same_bytes_with_two_threads():
    town = random_town(5, n_junctions=400, n_places=20_000, n_outlets=60)

    one, two = (
        walk_times(town.graph, town.places, town.outlets, town.direct, 9.0, n_threads=n) for n in (1, 2)
    )

    assert [a.tobytes() for a in (one.ptr, one.outlet_idx, one.walk_s)] == [
        a.tobytes() for a in (two.ptr, two.outlet_idx, two.walk_s)
    ]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_walk_times_from_few_outlets_are_the_same_bytes(seed, n_junctions):
    town = random_town(seed, n_junctions, n_places=60, n_outlets=12)

    times = walk_times_from_fewer(
        town.graph, town.places, town.outlets, town.direct, 9.0, is_open=town.is_open
    )

    other = walks_of(town, is_open=town.is_open)
    assert [a.tobytes() for a in (times.ptr, times.outlet_idx, times.walk_s)] == [
        a.tobytes() for a in (other.ptr, other.outlet_idx, other.walk_s)
    ]
