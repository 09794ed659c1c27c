"""Opening and closing single outlets against full runs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naive.graphs import random_town
from yike.core.access.access import compute_access
from yike.core.access.update import close_outlet, open_outlet, watch_access

SETTINGS = {"cutoffs_s": (3.0, 6.0, 9.0), "limit_s": 12.0, "n_threads": 1}


def full_run(town):
    rows = np.arange(town.n_cols, dtype=np.int32)
    return compute_access(*town.given, type_rows=rows, is_open=town.is_open, **SETTINGS)


def watch(town):
    rows = np.arange(town.n_cols, dtype=np.int32)
    return watch_access(*town.given, type_rows=rows, is_open=town.is_open, **SETTINGS)


def assert_same(table, other):
    for name in ("nearest_s", "nearest_outlet_idx", "count", "is_attached"):
        np.testing.assert_array_equal(getattr(table, name), getattr(other, name), name)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 60))
def test_update_equals_a_full_run_after_every_step(seed, n_junctions):
    town = random_town(seed, n_junctions, n_places=30, n_outlets=20)
    live = watch(town)
    assert_same(live.table(), full_run(town))

    for outlet in np.random.default_rng(seed).integers(0, len(town.outlets), 8):
        (close_outlet if town.is_open[outlet] else open_outlet)(live, int(outlet))
        town.is_open[outlet] = not town.is_open[outlet]
        assert_same(live.table(), full_run(town))


def test_update_there_and_back_changes_nothing():
    town = random_town(11, n_junctions=200, n_places=300, n_outlets=40)
    live = watch(town)
    before = full_run(town)

    for outlet in np.flatnonzero(town.is_open):
        close_outlet(live, int(outlet))
    assert not live.table().count.any()
    assert np.all(live.table().nearest_outlet_idx == -1)
    for outlet in np.flatnonzero(town.is_open)[::-1]:
        open_outlet(live, int(outlet))

    assert_same(live.table(), before)


def test_update_refuses_to_open_what_is_open():
    town = random_town(2)
    live = watch(town)
    served = np.diff(town.service_ptr) > 0
    trading = int(np.flatnonzero(town.is_open & served)[0])

    with pytest.raises(ValueError, match="open already"):
        open_outlet(live, trading)
