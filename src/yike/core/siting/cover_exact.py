"""The rest of a maximal covering problem that the bound leaves open, by HiGHS."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, hstack, identity, vstack

from yike.core.siting._highs import Program, run_highs
from yike.core.siting.cover_core import CoverCore
from yike.core.siting.cover_dual import CoverDual, scores
from yike.core.siting.plans import SAME, Found
from yike.core.siting.sets import CoverSets, take_sets, turned
from yike.core.siting.subsets import MOST, best_cover
from yike.core.siting.watch import Watch
from yike.core.tables import BoolArray, IntArray

MOST_PAIRS = 150_000
"""Pairs of the rest that HiGHS is tried on; with 88,000 it proves the 200 x 2,000 benchmark in a second."""
MOST_NODES = 20_000
"""Branches, so that the end does not hang on the clock."""


def prove_cover(core: CoverCore, sites: IntArray, dual: CoverDual, watch: Watch) -> Found | None:
    """Search what the bound leaves open; None when that is too much."""
    value = core.value(sites)
    kept = np.union1d(np.flatnonzero(may_improve(core, dual, value)), sites).astype(np.int32)
    most = max(MOST, watch.options.exact_up_to)
    if np.diff(core.sets.ptr)[kept].sum() > MOST_PAIRS and len(kept) > most:
        return None
    sets = _only(core.sets, kept)
    if len(kept) <= MOST:
        sites = kept[best_cover(sets, core.k)]
        return Found(sites, core.value(sites), "greedy, rearrangement; Lagrangian reduction, all subsets")
    chosen, bound, status = cover_rows(sets, core.k, np.searchsorted(kept, sites).astype(np.int32), watch)
    if core.value(kept[chosen]) > value:
        sites = kept[chosen]
        value = core.value(sites)
    if status == "optimal":  # what was left out cannot be better either
        return Found(sites, value, "greedy, rearrangement; Lagrangian reduction, HiGHS")
    bound = max(value, min(dual.bound, bound * (1 + SAME)))
    return Found(sites, bound, "greedy, rearrangement; Lagrangian and HiGHS bounds", status)


def cover_rows(sets: CoverSets, k: int, start: IntArray, watch: Watch) -> tuple[IntArray, float, str]:
    """
    Maximal covering by HiGHS.

    Returns
    -------
    sites, bound, status
        The best plan found, ``start`` when none better was; status "optimal" only without a wanted gap.
    """
    m, n = sets.n_candidates, sets.n_rows
    who = csr_array((np.ones(len(sets.cands)), sets.cands, sets.row_ptr), (n, m))
    count = csr_array(np.concatenate([np.ones(m), np.zeros(n)])[None])
    known = np.zeros(m + n)
    known[start] = 1
    known[m:] = np.minimum(1, who @ known[:m])
    answer = run_highs(
        Program(
            np.concatenate([np.zeros(m), sets.weight]),
            vstack([hstack([who, -identity(n)]), count]),
            np.zeros(n + 1),
            np.concatenate([np.full(n, np.inf), [float(k)]]),
            np.zeros(m + n),
            np.ones(m + n),
            np.arange(m + n) < m,
            maximise=True,
        ),
        watch.rest(),
        known,
        max_nodes=MOST_NODES,
    )
    chosen = start if answer.x is None else np.flatnonzero(answer.x[:m] > 0.5).astype(np.int32)
    bound = answer.bound if np.isfinite(answer.bound) else float(sets.weight.sum())
    is_gap_asked = watch.options.wanted_gap > 0 and answer.status == "optimal"
    return chosen, bound, "work" if is_gap_asked else answer.status


def may_improve(core: CoverCore, dual: CoverDual, value: float) -> BoolArray:
    """Candidates that a better plan than ``value`` could hold, by the prices of the dual."""
    score = scores(core.sets, dual.price)
    best = np.sort(score)[::-1][: core.k]
    bound = best.sum() + (core.sets.weight - dual.price).sum()
    with_it = bound - np.maximum(0.0, best[-1] - score)
    keep: BoolArray = with_it > value - SAME * abs(value)
    return keep


def _only(sets: CoverSets, kept: IntArray) -> CoverSets:
    """The sets of some candidates, rows that none of them covers left out and equal rows merged."""
    row_ptr, cands = turned(*take_sets(sets.ptr, sets.rows, kept), sets.n_rows)
    held = np.flatnonzero(np.diff(row_ptr))
    keys = [cands[row_ptr[row] : row_ptr[row + 1]].tobytes() for row in held]
    return merge_rows(keys, sets.weight[held].tolist(), len(kept))


def merge_rows(keys: list[bytes], weight: list[float], m: int) -> CoverSets:
    """Rows from sets of candidates (ascending int32 as bytes); equal ones become one."""
    first: dict[bytes, int] = {}
    row_of = np.array([first.setdefault(key, len(first)) for key in keys], np.int32)
    merged = [np.frombuffer(key, np.int32) for key in first]
    row_ptr = np.cumsum([0, *map(len, merged)])
    cands = np.concatenate([np.empty(0, np.int32), *merged])
    total = np.bincount(row_of, np.array(weight, float), minlength=len(first)).astype(float)
    ptr, rows = turned(row_ptr, cands, m)
    return CoverSets(ptr, rows, row_ptr, cands, total, np.arange(m, dtype=np.int32), row_of)
