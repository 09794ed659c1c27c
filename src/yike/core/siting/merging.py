"""Demand points that walk to the same candidates are one row: problems shrink, answers do not change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting import _set_kernels as kernels
from yike.core.siting.reach import Reach
from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray, freeze


@dataclass(frozen=True, eq=False)
class AlikeRows:
    """
    Coverage sets over merged demand points, candidate by candidate.

    Rows are numbered in the order of their first point; points that no candidate reaches have no row.
    """

    ptr: LongArray  # shape (n_candidates + 1,)
    row: IntArray  # rows within reach of each candidate, ascending
    row_of_demand: IntArray  # shape (n_demand,), -1 beyond all candidates
    n_rows: int

    def __post_init__(self) -> None:
        freeze(self)

    def sum_by_row(self, weight: FloatArray) -> FloatArray:
        """Weight of each row: the sum over its points."""
        has = self.row_of_demand >= 0
        return np.bincount(self.row_of_demand[has], weight[has], minlength=self.n_rows).astype(float)


def merge_alike(
    reach: Reach, cutoff_s: float, *, is_live: BoolArray | None = None, label: IntArray | None = None
) -> AlikeRows:
    """
    Merge demand points with the same candidates within a cutoff.

    Parameters
    ----------
    is_live : shape (n_demand,)
        Points that count; the others have no row. None: all.
    label : shape (n_demand,)
        Points with different labels (groups) stay apart.

    Raises
    ------
    ValueError
        ``reach`` was searched less far than ``cutoff_s``.

    Notes
    -----
    Points are merged by a 128-bit sum over their candidates, and every merged row is then checked against
    the sets themselves, so nothing rests on the sum. Time O(pairs).
    """
    if cutoff_s > reach.limit_s:
        raise ValueError(f"reach was searched to {reach.limit_s} s, shorter than {cutoff_s} s")
    live = np.ones(reach.n_demand, bool) if is_live is None else is_live
    row_of = _row_of_demand(reach, cutoff_s, live, label)
    size = np.bincount(row_of[row_of >= 0]).astype(np.int32)
    ptr = np.zeros(reach.n_candidates + 1, np.int64)
    given = reach.ptr, reach.demand_idx, reach.walk_s, float(cutoff_s), row_of
    if not kernels.count_sets(*given, size, ptr):
        raise ArithmeticError("two different covering sets have the same 128-bit sum")
    rows = np.empty(ptr[-1], np.int32)
    kernels.fill_sets(*given, len(size), ptr, rows)
    return AlikeRows(ptr, rows, row_of, len(size))


def _row_of_demand(reach: Reach, cutoff_s: float, is_live: BoolArray, label: IntArray | None) -> IntArray:
    n = reach.n_demand
    first, second, times = np.zeros(n, np.uint64), np.zeros(n, np.uint64), np.zeros(n, np.int32)
    given = reach.ptr, reach.demand_idx, reach.walk_s, float(cutoff_s), is_live
    kernels.sign_demand(*given, first, second, times)
    keys = (second, first) if label is None else (label, second, first)
    live = np.flatnonzero(times)
    order = live[np.lexsort(tuple(key[live] for key in keys))]
    is_new = np.ones(len(order), bool)
    is_new[1:] = np.any([np.diff(key[order]) != 0 for key in keys], axis=0)
    leader = order[np.flatnonzero(is_new)]  # lexsort is stable: the lowest index of its row
    row_of_group = np.empty(len(leader), np.int32)
    row_of_group[np.argsort(leader)] = np.arange(len(leader))
    row_of = np.full(n, -1, np.int32)
    row_of[order] = row_of_group[np.cumsum(is_new) - 1]
    return row_of
