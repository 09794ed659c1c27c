"""Maximal covering."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, hstack, identity, vstack

from yike.core.siting._highs import Program, run_highs
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import MaxCover
from yike.core.tables import PlanStatus, SitingPlan


def solve_max_cover(problem: MaxCover, options: SolveOptions) -> SitingPlan:
    """Solve the MCLP exactly; a first version that the fast one replaces."""
    began = options.clock()
    reach = problem.reach.within(problem.cutoff_s)
    m, n = reach.n_candidates, reach.n_demand
    who = csr_array((np.ones(len(reach.demand_idx)), reach.demand_idx, reach.ptr), (m, n)).T
    matrix = vstack([hstack([who, -identity(n)]), csr_array(np.concatenate([np.ones(m), np.zeros(n)])[None])])
    k = min(problem.k, m)
    inf = np.inf
    low = np.zeros(m + n)
    low[problem.fixed] = 1
    answer = run_highs(
        Program(
            np.concatenate([np.zeros(m), problem.weight]), matrix,
            np.concatenate([np.zeros(n), [k]]), np.concatenate([np.full(n, inf), [k]]),
            low, np.ones(m + n), np.arange(m + n) < m, maximise=True,
        ), options,
    )  # fmt: skip
    assert answer.x is not None
    chosen = np.flatnonzero(answer.x[:m] > 0.5).tolist()
    order: list[int] = []
    gained: list[float] = []
    left = problem.weight.copy()
    while len(order) < len(chosen):
        gain = [(-left[reach.demand_of(j)].sum(), j) for j in chosen if j not in order]
        g, j = min(gain)
        order.append(j)
        gained.append(-g)
        left[reach.demand_of(j)] = 0
    proven = answer.status == "optimal"
    return SitingPlan(
        np.array(order, np.int32), np.full(len(order), -1, np.int32), np.array(gained, float),
        np.zeros(len(order), np.int64), "mclp", "max", float(sum(gained)),
        float(sum(gained)) if proven else answer.bound,
        PlanStatus.OPTIMAL if proven else PlanStatus.BOUNDED,
        "proof" if proven else answer.status, "highs", options.clock() - began, options.seed,
    )  # fmt: skip
