"""The access kernel against its naive twin, hand-worked streets and properties."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive import access as naive
from naive.graphs import (
    Town,
    attachments,
    direct_walks,
    random_town,
    street_ends,
    street_graph,
)
from yike.core.access.access import compute_access
from yike.core.tables import TICKS_PER_S
from yike.errors import CutoffBeyondSearchError, StudyError, has_text

S = TICKS_PER_S


def run(town, **settings):
    return compute_access(
        *town.given,
        type_rows=np.arange(town.n_cols, dtype=np.int32),
        is_open=town.is_open,
        **{"cutoffs_s": (3.0, 6.0, 9.0), "limit_s": 12.0, "n_threads": 1, **settings},
    )


def same(table, other):
    return all(
        np.array_equal(getattr(table, name), getattr(other, name), equal_nan=name == "nearest_s")
        for name in ("nearest_s", "nearest_outlet_idx", "count", "is_attached")
    )


def straight_street(outlet_spots, is_open=None):
    """One street of 10 s from junction 0 to 1, place 2 s along it, outlets at the given spots."""
    edges = [(0, 1, 10 * S)]
    place = (0, 2 * S, 0)
    n = len(outlet_spots)
    return Town(
        street_graph(2, edges),
        attachments([street_ends(edges, place)]),
        attachments([street_ends(edges, spot) for spot in outlet_spots]),
        direct_walks([place], outlet_spots),
        np.arange(n + 1),
        np.zeros(n, np.int32),
        1,
        np.ones(n, bool) if is_open is None else np.array(is_open),
    )


def test_access_walks_straight_along_a_shared_street():
    # place at 2 s; outlets at 5 s (walk 3) and at 9 s plus 1 s off the street (walk 8)
    table = run(straight_street([(0, 5 * S, 0), (0, 9 * S, 1 * S)]))

    assert table.nearest_s.tolist() == [[3.0]]
    assert table.nearest_outlet_idx.tolist() == [[0]]
    assert table.count.tolist() == [[[1, 1, 2]]]


def test_access_counts_a_walk_of_exactly_the_cutoff_and_not_one_tick_more():
    table = run(straight_street([(0, 5 * S, 0), (0, 5 * S, 1)]))

    assert table.count[0, 0, 0] == 1


def test_access_ties_go_to_the_lowest_outlet():
    table = run(straight_street([(0, 6 * S, 0), (0, 4 * S, 0), (0, 0, 0)]))  # walks 4, 2, 2

    assert table.nearest_outlet_idx.tolist() == [[1]]


def test_access_leaves_closed_outlets_out():
    table = run(straight_street([(0, 5 * S, 0), (0, 9 * S, 0)], is_open=[False, True]))

    assert (table.nearest_s[0, 0], table.nearest_outlet_idx[0, 0]) == (7.0, 1)
    assert table.count.tolist() == [[[0, 0, 1]]]


def test_access_marks_unattached_unreachable_and_reached_apart():
    edges = [(0, 1, 4 * S), (2, 3, 4 * S)]  # two islands
    town = Town(
        street_graph(4, edges),
        attachments([[(0, 0)], [(2, 0)], []]),
        attachments([[(1, 0)]]),
        direct_walks([None] * 3, [None]),
        np.array([0, 1]),
        np.array([0], np.int32),
        1,
        np.array([True]),
    )

    table = run(town)

    assert table.nearest_s[0, 0] == 4.0
    assert table.nearest_s[1, 0] == np.inf
    assert np.isnan(table.nearest_s[2, 0])
    assert table.nearest_outlet_idx.ravel().tolist() == [0, -1, -1]
    assert table.count[:, 0].tolist() == [[0, 1, 1], [0, 0, 0], [0, 0, 0]]
    assert table.is_attached.tolist() == [True, True, False]


def test_access_takes_the_better_of_several_gates():
    edges = [(0, 1, 5 * S)]
    town = Town(
        street_graph(2, edges),
        attachments([[(0, 6 * S), (1, 2 * S), (0, 4 * S)]]),
        attachments([[(0, 0)], [(1, 1 * S)]]),
        direct_walks([None], [None, None]),
        np.array([0, 1, 2]),
        np.array([0, 1], np.int32),
        2,
        np.ones(2, bool),
    )

    assert run(town).nearest_s.tolist() == [[4.0, 3.0]]


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10**6), st.integers(1, 40), st.sampled_from([(), (5.0,), (3.0, 6.0, 9.0), (1, 2, 3, 4)])
)
def test_access_equals_its_naive_twin(seed, n_junctions, cutoffs_s):
    town = random_town(seed, n_junctions, n_places=1 + seed % 60, n_outlets=seed % 50, n_cols=1 + seed % 11)

    table = run(town, cutoffs_s=cutoffs_s)

    nearest_s, nearest_outlet, count = naive.access(*town.given, town.is_open, cutoffs_s, 12.0)
    assert np.array_equal(table.nearest_s, nearest_s, equal_nan=True)
    assert np.array_equal(table.nearest_outlet_idx, nearest_outlet)
    assert np.array_equal(table.count, count)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_access_one_more_outlet_never_hurts(seed):
    town = random_town(seed)
    before = run(town)
    town.is_open = np.ones_like(town.is_open)

    after = run(town)

    assert np.all(after.count >= before.count)
    ok = before.is_attached
    assert np.all(after.nearest_s[ok] <= before.nearest_s[ok])


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_access_longer_cutoff_never_lowers(seed):
    table = run(random_town(seed), cutoffs_s=(2.0, 4.0, 5.0, 12.0))

    assert np.all(np.diff(table.count, axis=2) >= 0)
    assert np.array_equal(table.count[..., -1] > 0, np.isfinite(table.nearest_s))


def test_access_same_bytes_with_two_threads():
    town = random_town(5, n_junctions=400, n_places=20_000, n_outlets=60, n_cols=9)

    assert same(run(town, n_threads=1), run(town, n_threads=2))


def test_access_reports_progress_to_the_end():
    seen = []

    run(random_town(1, n_places=20_000), progress=lambda done, total: seen.append((done, total)))

    assert seen[-1] == (20_000, 20_000)
    assert seen == sorted(seen)


def test_access_refuses_cutoffs_beyond_the_search():
    with pytest.raises(CutoffBeyondSearchError) as error:
        run(random_town(1), cutoffs_s=(13.0,))

    assert has_text(error.value.code)


def test_access_refuses_a_search_without_end():
    with pytest.raises(StudyError) as error:
        run(random_town(1), limit_s=90_000.0)

    assert has_text(error.value.code)


def test_access_refuses_services_that_point_outside():
    town = random_town(1)
    town.service_col = town.service_col + 99

    with pytest.raises(ValueError, match="service_col"):
        run(town)


def test_access_refuses_a_street_that_does_not_lead_back():
    town = random_town(1)
    ticks = town.graph.neighbour_ticks.copy()
    ticks[0] += 1
    town.graph = replace(town.graph, neighbour_ticks=ticks)

    with pytest.raises(ValueError, match="lead back"):
        run(town)
