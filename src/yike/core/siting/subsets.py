"""
Few candidates: the value of every subset at once, so that the best is proven by looking at all.

A place that only some candidates cover is lost when those are all missing. So the weights are entered at
the set of candidates that would have to be missing, and one transform over all subsets (2^m values, m 2^m
additions) gives what any choice leaves uncovered: its complement's value. Walks to the nearest work the
same way, step by step: what is lost when the nearest is missing, when the two nearest are, and so on.
"""

from __future__ import annotations

import numpy as np

from yike.core.siting import _subset_kernels as kernels
from yike.core.siting.options import SolveOptions
from yike.core.siting.sets import CoverSets
from yike.core.tables import Float32Array, FloatArray, IntArray, LongArray

MOST = 22
"""Candidates that a table of all subsets is made for: 4 million values, 32 MB, 0.2 s."""


def few(options: SolveOptions) -> int:
    """With how many candidates all subsets are looked at."""
    return min(MOST, options.exact_up_to)


def members(mask: int) -> IntArray:
    """Candidates in a set; none for -1."""
    if mask < 0:
        return np.empty(0, np.int32)
    return np.array([j for j in range(mask.bit_length()) if mask >> j & 1], np.int32)


def lost_weight(sets: CoverSets) -> FloatArray:
    """Shape (2^m,): the weight that is lost when exactly these candidates are missing."""
    table = np.zeros(1 << sets.n_candidates)
    np.add.at(table, _masks(sets.row_ptr, sets.cands), sets.weight)
    kernels.sum_inside(table, sets.n_candidates)
    return table


def best_cover(sets: CoverSets, k: int) -> IntArray:
    """At most ``k`` candidates that cover the most weight."""
    table = lost_weight(sets)
    mask = kernels.best_of_size(table, sets.n_candidates, k, 1e-9 * float(sets.weight.sum()))
    return members(int(mask))


def cheapest_cover(sets: CoverSets, cost: FloatArray) -> IntArray:
    """The cheapest candidates that cover every row."""
    table = np.zeros(1 << sets.n_candidates)
    np.add.at(table, _masks(sets.row_ptr, sets.cands), 1.0)
    kernels.sum_inside(table, sets.n_candidates)
    return members(int(kernels.cheapest_full(table, sets.n_candidates, cost)))


def nearest_table(
    walk_ptr: LongArray, cand: IntArray, walk_s: Float32Array, weight: FloatArray, end_s: FloatArray, m: int
) -> FloatArray:
    """
    Shape (2^m,): by how much the total walk grows over everybody's nearest when these are missing.

    Parameters
    ----------
    walk_ptr, cand, walk_s
        Per place its candidates, nearest first.
    end_s
        Walk of a place that none of its candidates serves.
    """
    table = np.zeros(1 << m)
    kernels.add_nearer(table, walk_ptr, cand, walk_s, weight, end_s, False)
    kernels.sum_inside(table, m)
    return table


def longest_table(
    walk_ptr: LongArray, cand: IntArray, walk_s: Float32Array, end_s: FloatArray, m: int
) -> FloatArray:
    """Shape (2^m,): the longest walk that comes about because these are missing; 0 where nobody loses."""
    table = np.zeros(1 << m)
    kernels.add_nearer(table, walk_ptr, cand, walk_s, np.ones(len(end_s)), end_s, True)
    kernels.most_inside(table, m)
    return table


def best_of(table: FloatArray, m: int, k: int, slack: float = 0.0) -> IntArray:
    """At most ``k`` of ``m`` candidates whose missing ones cost the least."""
    return members(int(kernels.best_of_size(table, m, k, slack)))


def _masks(row_ptr: LongArray, cands: IntArray) -> LongArray:
    bits = np.left_shift(np.int64(1), cands.astype(np.int64))
    return np.add.reduceat(bits, row_ptr[:-1]) if len(row_ptr) > 1 else np.empty(0, np.int64)
