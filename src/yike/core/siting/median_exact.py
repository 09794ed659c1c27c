"""The p-median of few candidates: every subset, or HiGHS on what the bound leaves open."""

from __future__ import annotations

import numpy as np

from yike.core.siting.cover_exact import MOST_PAIRS, cover_rows, merge_rows
from yike.core.siting.median_core import MedianCore, nearest_lists
from yike.core.siting.median_search import MedianDual, scores
from yike.core.siting.plans import SAME, Found
from yike.core.siting.reach import Reach
from yike.core.siting.subsets import MOST, best_of, nearest_table
from yike.core.siting.watch import Watch
from yike.core.tables import BoolArray, Float32Array, FloatArray, IntArray, LongArray

MOST_LISTED = 1_000_000
"""Pairs of the rest that are laid out anew, before merging tells how many count: 20 MB."""


def best_of_all(core: MedianCore, kept: IntArray) -> IntArray:
    """At most ``k`` of some candidates, the best of all subsets."""
    row_ptr, cand, near_s = _lists(core, kept)
    table = nearest_table(row_ptr, cand, near_s, core.weight, core.end_s, len(kept))
    slack = 1e-12 * float(table[-1])
    return kept[best_of(table, len(kept), core.k, slack)]


def prove_median(core: MedianCore, sites: IntArray, dual: MedianDual, watch: Watch) -> Found | None:
    """
    Search what the bound leaves open; None when that is too much.

    With the candidates of a place sorted by walk, a place loses w (d2 - d1) when its nearest is missing,
    w (d3 - d2) more when the two nearest are, and so on: a covering problem over such sets of candidates
    (Cornuejols, Nemhauser and Wolsey 1980; Garcia, Labbe and Marin 2011).
    """
    value = core.value(sites)
    kept = np.union1d(np.flatnonzero(_may_improve(core, dual, value)), sites).astype(np.int32)
    if len(kept) <= MOST:
        sites = best_of_all(core, kept)
        return Found(sites, core.value(sites), "greedy, rearrangement; Lagrangian reduction, all subsets")
    is_forced = len(kept) <= watch.options.exact_up_to
    if int(np.diff(core.reach.ptr)[kept].sum()) > MOST_LISTED and not is_forced:
        return None
    row_ptr, cand, near_s = _lists(core, kept)
    size = np.diff(row_ptr)
    if int((size * (size + 1) // 2).sum()) > 20 * MOST_PAIRS and not is_forced:
        return None
    sets = merge_rows(*_lost(core, row_ptr, cand, near_s), len(kept))
    if len(sets.cands) > MOST_PAIRS and not is_forced:
        return None
    nearest = float(core.weight @ _nearest(core, row_ptr, near_s))
    chosen, bound, status = cover_rows(sets, core.k, np.searchsorted(kept, sites).astype(np.int32), watch)
    if core.value(kept[chosen]) < value:
        sites = kept[chosen]
        value = core.value(sites)
    if status == "optimal":
        return Found(sites, value, "greedy, rearrangement; Lagrangian reduction, HiGHS")
    least = min(value, max(dual.bound, nearest + float(sets.weight.sum()) - bound * (1 + SAME)))
    return Found(sites, least, "greedy, rearrangement; Lagrangian and HiGHS bounds", status)


def _may_improve(core: MedianCore, dual: MedianDual, value: float) -> BoolArray:
    score, total = scores(core, dual.price)
    low = np.sort(score)
    with_it = total + low[: core.k].sum() + np.maximum(0.0, score - low[core.k - 1])
    keep: BoolArray = with_it < value + SAME * abs(value)
    return keep


def _lists(core: MedianCore, kept: IntArray) -> tuple[LongArray, IntArray, Float32Array]:
    """Nearest-first lists of some candidates alone, numbered within them."""
    reach = core.reach
    parts = [slice(int(reach.ptr[j]), int(reach.ptr[j + 1])) for j in kept]
    few = Reach(
        np.cumsum([0, *(p.stop - p.start for p in parts)]),
        np.concatenate([np.empty(0, np.int32), *(reach.demand_idx[p] for p in parts)]),
        np.concatenate([np.empty(0, np.float32), *(reach.walk_s[p] for p in parts)]),
        reach.n_demand,
        reach.limit_s,
    )
    return nearest_lists(few, core.end_s)


def _nearest(core: MedianCore, row_ptr: LongArray, near_s: Float32Array) -> FloatArray:
    near = core.end_s.copy()
    has = np.diff(row_ptr) > 0
    near[has] = near_s[row_ptr[:-1][has]]
    return near


def _lost(
    core: MedianCore, row_ptr: LongArray, cand: IntArray, near_s: Float32Array
) -> tuple[list[bytes], list[float]]:
    """Sets of candidates, and the walking lost when all of a set are missing."""
    keys, lost = [], []
    for row in np.flatnonzero(np.diff(row_ptr)):
        mine = cand[row_ptr[row] : row_ptr[row + 1]].astype(np.int32)
        walks = np.append(near_s[row_ptr[row] : row_ptr[row + 1]].astype(float), core.end_s[row])
        for n in np.flatnonzero(np.diff(walks) > 0):
            keys.append(np.sort(mine[: n + 1]).tobytes())
            lost.append(float(core.weight[row] * (walks[n + 1] - walks[n])))
    return keys, lost
