"""Outlets that join after the watch began, against full runs that knew them all along."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.graphs import random_town
from yike.core.access.access import compute_access
from yike.core.access.newcomers import admit_outlets
from yike.core.access.update import close_outlet, open_outlet, watch_access
from yike.core.tables import Attachments, DirectWalks

SETTINGS = {"cutoffs_s": (3.0, 6.0, 9.0), "limit_s": 12.0, "n_threads": 1}
PER_POINT = ("is_attached", "piece_idx", "edge_idx", "edge_offset_ticks", "access_ticks", "distance_m")


def some_points(points, rows):
    """The attachments of some points."""
    n_ends = np.diff(points.end_ptr)[rows]
    taken = [np.arange(points.end_ptr[r], points.end_ptr[r + 1]) for r in rows]
    at = np.concatenate([*taken, []]).astype(np.int64)
    more = ("foot_x_m", "foot_y_m", "compound_idx", "rule")
    return Attachments(
        **{name: getattr(points, name)[rows] for name in (*PER_POINT, *more)},
        end_ptr=np.r_[0, np.cumsum(n_ends)].astype(np.int64),
        end_junction_idx=points.end_junction_idx[at],
        end_ticks=points.end_ticks[at],
    )


def some_walks(direct, rows):
    """Direct walks to some outlets, numbered in their order."""
    place = np.repeat(np.arange(len(direct.ptr) - 1), np.diff(direct.ptr))
    number = np.full(int(max(direct.outlet_idx.max(initial=0), max(rows, default=0))) + 1, -1)
    number[rows] = np.arange(len(rows))
    outlet = number[direct.outlet_idx]
    kept = outlet >= 0
    order = np.lexsort((outlet[kept], place[kept]))
    ptr = np.searchsorted(place[kept][order], np.arange(len(direct.ptr))).astype(np.int64)
    return DirectWalks(ptr, outlet[kept][order].astype(np.int32), direct.ticks[kept][order])


def some_services(town, rows):
    cols = [town.service_col[town.service_ptr[r] : town.service_ptr[r + 1]] for r in rows]
    ptr = np.r_[0, np.cumsum([len(c) for c in cols])].astype(np.int64)
    return ptr, np.concatenate([*cols, []]).astype(np.int32)


def newcomers_of(town, rows):
    """The arguments of ``admit_outlets`` for some outlets of a town."""
    rows = np.asarray(rows, np.int64)
    return some_points(town.outlets, rows), some_walks(town.direct, rows), *some_services(town, rows)


def watch_only(town, rows):
    rows = np.asarray(rows, np.int64)
    points, walks, ptr, col = newcomers_of(town, rows)
    return watch_access(
        town.graph, town.places, points, walks, ptr, col, town.n_cols,
        type_rows=np.arange(town.n_cols, dtype=np.int32), is_open=town.is_open[rows], **SETTINGS,
    )  # fmt: skip


def full_run(town, is_open):
    rows = np.arange(town.n_cols, dtype=np.int32)
    return compute_access(*town.given, type_rows=rows, is_open=is_open, **SETTINGS)


def assert_same(table, other):
    for name in ("nearest_s", "nearest_outlet_idx", "count", "is_attached"):
        np.testing.assert_array_equal(getattr(table, name), getattr(other, name), name)


@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(0, 12), st.integers(0, 8))
@settings(max_examples=60)
def test_newcomers_give_the_table_of_a_full_run(seed, n_junctions, n_known, n_first):
    town = random_town(seed, n_junctions, n_places=30, n_outlets=20)
    live = watch_only(town, range(n_known))
    is_open = town.is_open & (np.arange(20) < n_known)

    for batch in (range(n_known, n_known + n_first), range(n_known + n_first, 20)):
        live, handles = admit_outlets(live, *newcomers_of(town, batch))
        assert handles.tolist() == list(batch)
        assert_same(live.table(), full_run(town, is_open))  # they are closed
        for handle in handles:
            open_outlet(live, int(handle))
            is_open[handle] = True
            assert_same(live.table(), full_run(town, is_open))

    for outlet in np.random.default_rng(seed).permutation(np.flatnonzero(is_open)):
        close_outlet(live, int(outlet))
        is_open[outlet] = False
    assert_same(live.table(), full_run(town, is_open))


@given(st.integers(0, 10**6), st.integers(2, 60))
def test_newcomers_may_stand_for_a_row_that_moves(seed, n_junctions):
    """The last outlet takes the first one's row, as if the first had moved to its place."""
    town = random_town(seed, n_junctions, n_places=30, n_outlets=9)
    town.is_open[:] = True
    live = watch_only(town, range(8))
    points, walks, _, _ = newcomers_of(town, [8])
    live, handles = admit_outlets(live, points, walks, *some_services(town, [0]), row=np.array([0], np.int32))
    moved = random_town(seed, n_junctions, n_places=30, n_outlets=9)
    order = [8, *range(1, 8)]
    moved.outlets, moved.direct = some_points(town.outlets, order), some_walks(town.direct, order)
    moved.service_ptr, moved.service_col = some_services(town, range(8))

    close_outlet(live, 0)
    open_outlet(live, int(handles[0]))

    assert_same(live.table(), full_run(moved, np.ones(8, bool)))


def test_newcomers_refuse_columns_that_are_not_watched():
    town = random_town(3)
    live = watch_only(town, range(10))
    points, walks, ptr, _ = newcomers_of(town, [11])
    ptr = np.array([0, 1], np.int64)

    with pytest.raises(ValueError, match="outside the columns"):
        admit_outlets(live, points, walks, ptr, np.array([town.n_cols], np.int32))
