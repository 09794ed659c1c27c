"""Every kernel of covering, medians and centres used once, so that it is compiled and kept."""

from __future__ import annotations

import numpy as np

from yike.core.siting.coverage import cover_curve
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import MaxCover, PCenter, PMedian, SetCover
from yike.core.siting.reach import Reach
from yike.core.siting.solve import solve


def touch_siting_kernels() -> None:
    """Solve four tiny problems on a ring, by search and by all subsets."""
    reach = _ring(40, 120)
    everybody = np.ones(reach.n_demand)
    problems = (
        MaxCover(reach, everybody, 300, 3),
        SetCover(reach, everybody > 0, 300),
        PMedian(reach, everybody, 3, 600),
        PCenter(reach, everybody > 0, 6),
    )
    for problem in problems:
        for options in (SolveOptions(rounds=3, n_threads=1, exact_up_to=0), SolveOptions(rounds=3)):
            solve(problem, options)
    small = _ring(8, 24)
    for problem in (
        MaxCover(small, np.ones(24), 200, 2),
        SetCover(small, np.ones(24, bool), 300),
        PMedian(small, np.ones(24), 2, 600),
        PCenter(small, np.ones(24, bool), 2),
    ):
        solve(problem)
    cover_curve(reach, everybody, 300, 3)


def _ring(m: int, n: int) -> Reach:
    """Candidates and homes round a ring of 3,000 s."""
    rooms, homes = np.arange(m) * 3000.0 / m, np.arange(n) * 3000.0 / n
    apart = np.abs(rooms[:, None] - homes[None])
    walk = np.minimum(apart, 3000 - apart)
    who, whom = np.nonzero(walk <= 600)
    ptr = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=m))])
    return Reach(ptr, whom.astype(np.int32), walk[who, whom].astype(np.float32), n, 600.0)
