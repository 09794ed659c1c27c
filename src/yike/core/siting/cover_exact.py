"""The rest of a maximal covering problem that the bound leaves open, by HiGHS."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, hstack, identity, vstack

from yike.core.siting._highs import Program, run_highs
from yike.core.siting.cover_core import CoverCore
from yike.core.siting.cover_dual import CoverDual, scores
from yike.core.siting.plans import SAME, Found
from yike.core.siting.sets import CoverSets, take_sets, turned
from yike.core.siting.watch import Watch
from yike.core.tables import BoolArray, IntArray

MOST_PAIRS = 150_000
"""Pairs of the rest that HiGHS is tried on; with 88,000 it proves the 200 x 2,000 benchmark in a second."""
MOST_NODES = 20_000
"""Branches, so that the end does not hang on the clock."""


def prove_cover(core: CoverCore, sites: IntArray, dual: CoverDual, watch: Watch) -> Found | None:
    """Search what the bound leaves open; None when that is too much."""
    rest = np.flatnonzero(may_improve(core, dual, core.value(sites)))
    kept = np.union1d(rest, sites)
    size = np.diff(core.sets.ptr)[kept].sum()
    if size > MOST_PAIRS:
        return None
    sets = _only(core.sets, kept)
    m, n = len(kept), sets.n_rows
    who = csr_array((np.ones(len(sets.cands)), sets.cands, sets.row_ptr), (n, m))
    count = csr_array(np.concatenate([np.ones(m), np.zeros(n)])[None])
    matrix = vstack([hstack([who, -identity(n)]), count])
    start = np.zeros(m + n)
    start[np.searchsorted(kept, sites)] = 1
    start[m:] = np.minimum(1, who @ start[:m])
    answer = run_highs(
        Program(
            np.concatenate([np.zeros(m), sets.weight]), matrix,
            np.concatenate([np.zeros(n), [0.0]]), np.concatenate([np.full(n, np.inf), [float(core.k)]]),
            np.zeros(m + n), np.ones(m + n), np.arange(m + n) < m, maximise=True,
        ),
        watch.rest(), start, max_nodes=MOST_NODES,
    )  # fmt: skip
    if answer.x is not None:
        chosen = kept[np.flatnonzero(answer.x[:m] > 0.5)].astype(np.int32)
        sites = chosen if core.value(chosen) > core.value(sites) else sites
    value = core.value(sites)
    if answer.status in ("optimal", "infeasible"):  # what was left out cannot be better either
        return Found(sites, value, "greedy, rearrangement; Lagrangian reduction, HiGHS")
    bound = max(value, min(dual.bound, answer.bound * (1 + SAME)))
    return Found(sites, bound, "greedy, rearrangement; Lagrangian and HiGHS bounds", answer.status)


def may_improve(core: CoverCore, dual: CoverDual, value: float) -> BoolArray:
    """Candidates that a better plan than ``value`` could hold, by the prices of the dual."""
    score = scores(core.sets, dual.price)
    least = np.sort(score)[::-1][core.k - 1]
    bound = np.sort(score)[::-1][: core.k].sum() + (core.sets.weight - dual.price).sum()
    with_it = bound - np.maximum(0.0, least - score)
    keep: BoolArray = with_it > value - SAME * abs(value)
    return keep


def _only(sets: CoverSets, kept: IntArray) -> CoverSets:
    """The sets of some candidates, rows that none of them covers left out and equal rows merged."""
    ptr, rows = take_sets(sets.ptr, sets.rows, kept)
    row_ptr, cands = turned(ptr, rows, sets.n_rows)
    names: dict[bytes, int] = {}
    row_of = np.full(sets.n_rows, -1, np.int32)
    for row in range(sets.n_rows):
        if row_ptr[row] < row_ptr[row + 1]:
            key = cands[row_ptr[row] : row_ptr[row + 1]].tobytes()
            row_of[row] = names.setdefault(key, len(names))
    merged = [np.frombuffer(key, np.int32) for key in names]
    row_ptr = np.cumsum([0, *map(len, merged)])
    cands = np.concatenate([np.empty(0, np.int32), *merged])
    weight = np.bincount(row_of[row_of >= 0], sets.weight[row_of >= 0], minlength=len(names))
    ptr, rows = turned(row_ptr, cands, len(kept))
    return CoverSets(ptr, rows, row_ptr, cands, weight, sets.candidate_idx[kept], row_of)
