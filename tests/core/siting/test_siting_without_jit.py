"""The siting kernels as plain Python: what numba compiles is what the lines say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from naive.siting_mix import reach_from
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import (
    BudgetCover,
    CapacitatedCover,
    FairCover,
    MaxCover,
    PCenter,
    PMedian,
    SetCover,
)
from yike.core.siting.solve import solve

TESTS = Path(__file__).parents[2]


def answers():
    """Plans of small problems, found by search and by trying everything."""
    lots = np.random.default_rng(3)
    m, n = 7, 18
    walks = lots.integers(1, 9, (m, n)) * 100.0
    reach = reach_from({(j, i): walks[j, i] for j in range(m) for i in range(n) if walks[j, i] <= 700}, m, n)
    people = lots.integers(1, 9, n).astype(float)
    everybody, group = np.ones(n, bool), (np.arange(n) % 3).astype(np.int32)
    cost = lots.integers(2, 6, m).astype(np.int64)
    problems = (
        MaxCover(reach, people, 300.0, 3),
        SetCover(reach, everybody, 700.0, cost.astype(float)),
        PMedian(reach, people, 3, 700.0),
        PCenter(reach, everybody, 4),
        CapacitatedCover(reach, people, 300.0, 3, np.full(m, 15.0)),
        BudgetCover(reach, people, 300.0, cost, 9),
        FairCover(reach, people, 300.0, 3, group, np.bincount(group, people) + 1.0),
    )
    plans = [
        solve(problem, SolveOptions(rounds=2, n_threads=1, exact_up_to=most))
        for problem in problems
        for most in (0, 20)
    ]
    return [[p.model, p.site_idx.tolist(), p.people_gained.tolist(), p.objective, p.bound] for p in plans]


def test_siting_without_compiling_gives_the_same_plans():
    here = Path(__file__)
    script = (
        "import json, numba; assert numba.config.DISABLE_JIT\n"
        f"from {here.stem} import answers; print(json.dumps(answers()))"
    )
    places = os.pathsep.join([str(here.parent), str(TESTS), os.environ.get("PYTHONPATH", "")])

    # the sums that sign rows wrap round on purpose; numpy scalars warn of it, compiled code does not
    done = subprocess.run(
        [sys.executable, "-W", "ignore:overflow", "-c", script],
        capture_output=True, text=True, timeout=300,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": places},
    )  # fmt: skip

    assert done.stderr == ""
    assert json.loads(done.stdout) == answers()
