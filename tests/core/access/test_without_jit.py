"""The kernels as plain Python: what numba compiles is what the lines say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]

SCRIPT = """
import numpy as np
import numba
from naive import access as naive
from naive.graphs import random_town
from yike.core.access.access import compute_access
from yike.core.access.times import walk_times
from yike.core.access.update import close_outlet, open_outlet, watch_access

assert numba.config.DISABLE_JIT
settings = {"cutoffs_s": (3.0, 6.0, 9.0), "limit_s": 12.0, "n_threads": 1}
for seed in range(4):
    town = random_town(seed, n_junctions=10, n_places=8, n_outlets=9)
    rows = np.arange(town.n_cols, dtype=np.int32)
    table = compute_access(*town.given, type_rows=rows, is_open=town.is_open, **settings)
    slow = naive.access(*town.given, town.is_open, settings["cutoffs_s"], 12.0)
    fast = table.nearest_s, table.nearest_outlet_idx, table.count
    for a, b in zip(fast, slow, strict=True):
        np.testing.assert_array_equal(a, b)
    times = walk_times(town.graph, town.places, town.outlets, town.direct, 9.0, is_open=town.is_open)
    pairs = naive.walk_times(town.graph, town.places, town.outlets, town.direct, 9.0, town.is_open)
    assert times.outlet_idx.tolist() == [o for row in pairs for o, _ in row]
    assert times.walk_s.tolist() == [s for row in pairs for _, s in row]
    live = watch_access(*town.given, type_rows=rows, is_open=town.is_open, **settings)
    for outlet in range(9):
        (close_outlet if town.is_open[outlet] else open_outlet)(live, outlet)
        town.is_open[outlet] = not town.is_open[outlet]
    after = compute_access(*town.given, type_rows=rows, is_open=town.is_open, **settings)
    np.testing.assert_array_equal(live.table().nearest_s, after.nearest_s)
    np.testing.assert_array_equal(live.table().count, after.count)
print("same")
"""


@pytest.mark.slow
def test_kernels_without_compiling_equal_their_naive_twins():
    places = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])

    # unsigned steps of the search wrap round on purpose; numpy scalars warn of it, compiled code does not
    done = subprocess.run(
        [sys.executable, "-W", "ignore:overflow", "-c", SCRIPT],
        capture_output=True,
        text=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": places},
        timeout=300,
    )

    assert done.stderr == ""
    assert done.stdout == "same\n"
