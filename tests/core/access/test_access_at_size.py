"""The access kernel on towns of several hoods and stretches: against scipy, and whatever the order."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from naive.graphs import random_town
from yike.core.access.access import compute_access
from yike.core.tables import TICKS_PER_S, Attachments, DirectWalks

CUTOFFS_S = (5.0, 10.0, 15.0, 20.0)
LIMIT_S = 30.0
NAMES = ("nearest_s", "nearest_outlet_idx", "count")


def run(town, **settings):
    return compute_access(
        *town.given,
        type_rows=np.arange(town.n_cols, dtype=np.int32),
        is_open=town.is_open,
        **{"cutoffs_s": CUTOFFS_S, "limit_s": LIMIT_S, **settings},
    )


def all_pairs_s(town):
    """Seconds from every place to every outlet, by scipy; +inf where there is no way."""
    graph, places, outlets, direct = town.graph, town.places, town.outlets, town.direct
    n = graph.n_junctions
    ticks = graph.neighbour_ticks.astype(float)
    between = dijkstra(csr_matrix((ticks, graph.neighbour_idx, graph.indptr), (n, n)))
    walks = np.full((len(places), len(outlets)), np.inf)
    place_of_end = np.repeat(np.arange(len(places)), np.diff(places.end_ptr))
    outlet_of_end = np.repeat(np.arange(len(outlets)), np.diff(outlets.end_ptr))
    per_end = between[places.end_junction_idx][:, outlets.end_junction_idx]
    per_end = per_end + places.end_ticks[:, None] + outlets.end_ticks[None, :]
    np.minimum.at(walks, (place_of_end[:, None], outlet_of_end[None, :]), per_end)
    place_of_walk = np.repeat(np.arange(len(places)), np.diff(direct.ptr))
    np.minimum.at(walks, (place_of_walk, direct.outlet_idx), direct.ticks)
    return walks / TICKS_PER_S


@pytest.mark.parametrize(("seed", "tick"), [(1, TICKS_PER_S), (2, 40_961), (3, 65_537)])
def test_access_equals_scipy_on_a_larger_town(seed, tick):
    town = random_town(seed, n_junctions=900, n_places=1500, n_outlets=300, n_cols=11, tick=tick)
    walks = all_pairs_s(town)

    table = run(town, n_threads=2)

    attached = town.places.is_attached
    served = np.zeros((len(town.outlets), town.n_cols), bool)
    served[np.repeat(np.arange(len(town.outlets)), np.diff(town.service_ptr)), town.service_col] = True
    for col in range(town.n_cols):
        of_type = np.flatnonzero(served[:, col] & town.is_open)
        near = walks[:, of_type]
        for k, cutoff_s in enumerate(CUTOFFS_S):
            assert np.array_equal(table.count[:, col, k], (near <= cutoff_s).sum(1) * attached)
        best = near.min(1)
        reached = attached & (best <= LIMIT_S)
        assert np.array_equal(table.nearest_outlet_idx[reached, col], of_type[near.argmin(1)[reached]])
        assert np.allclose(table.nearest_s[reached, col], best[reached], rtol=2**-23, atol=0)
        assert np.all(table.nearest_s[attached & ~reached, col] == np.inf)
        assert np.all(np.isnan(table.nearest_s[~attached, col]))


def test_access_does_not_depend_on_the_order_of_places():
    town = random_town(4, n_junctions=300, n_places=2500, n_outlets=200)
    table = run(town)
    order = np.random.default_rng(4).permutation(len(town.places))

    town.places, town.direct = reordered(town.places, order), reordered_walks(town.direct, order)
    other = run(town)

    for name in NAMES:
        np.testing.assert_array_equal(getattr(other, name), getattr(table, name)[order], name)


def reordered(points, order):
    n = np.diff(points.end_ptr)[order]
    ptr = np.r_[0, np.cumsum(n)]
    pick = np.repeat(points.end_ptr[order] - ptr[:-1], n) + np.arange(ptr[-1])
    ends = {
        "end_ptr": ptr,
        "end_junction_idx": points.end_junction_idx[pick],
        "end_ticks": points.end_ticks[pick],
    }
    return Attachments(**{k: v[order] for k, v in vars(points).items() if k not in ends}, **ends)


def reordered_walks(direct, order):
    n = np.diff(direct.ptr)[order]
    ptr = np.r_[0, np.cumsum(n)]
    pick = np.repeat(direct.ptr[order] - ptr[:-1], n) + np.arange(ptr[-1])
    return DirectWalks(ptr, direct.outlet_idx[pick], direct.ticks[pick])


def test_access_is_the_same_with_little_memory():
    town = random_town(5, n_junctions=300, n_places=400, n_outlets=200, n_cols=19)

    table, other = run(town), run(town, max_memory_mb=0)  # 8 types at a time

    for name in NAMES:
        np.testing.assert_array_equal(getattr(table, name), getattr(other, name), name)


def test_access_stops_between_stretches():
    town = random_town(6, n_junctions=200, n_places=40_000, n_outlets=20)
    seen = []

    def stop(done, total):
        seen.append((done, total))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(town, n_threads=2, progress=stop)

    assert len(seen) == 1
    assert seen[0][0] < seen[0][1]


def test_access_of_nobody_and_of_nothing():
    nobody = run(random_town(7, n_places=0))
    nothing = run(random_town(7, n_outlets=0))

    assert nobody.count.shape == (0, 3, 4)
    assert not nothing.count.any()
    assert np.all(nothing.nearest_outlet_idx == -1)
