"""The cover sets of a problem at one cutoff: demand points merged, idle and double candidates left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting import _set_kernels as kernels
from yike.core.siting.reach import Reach
from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray, freeze


@dataclass(frozen=True, eq=False)
class CoverSets:
    """
    Who covers what: candidates to rows and back.

    A row stands for all demand points that the same candidates cover; its weight is the sum of theirs.
    Points of no weight and points that nobody covers have no row.
    """

    ptr: LongArray  # shape (n_candidates + 1,)
    rows: IntArray
    row_ptr: LongArray  # shape (n_rows + 1,)
    cands: IntArray  # ascending inside a row
    weight: FloatArray  # shape (n_rows,)
    candidate_idx: IntArray  # row of the problem's candidates
    row_of: IntArray  # shape (n_demand,): row of each demand point, -1 none

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_candidates(self) -> int:
        """Number of candidates that cover anything at all."""
        return len(self.ptr) - 1

    @property
    def n_rows(self) -> int:
        """Number of merged rows."""
        return len(self.weight)


def sets_of(
    reach: Reach, cutoff_s: float, weight: FloatArray, *, cost: FloatArray | None = None
) -> CoverSets:
    """
    Cover sets at a cutoff.

    Parameters
    ----------
    weight : shape (n_demand,), >= 0
        Points of weight 0 are left out.
    cost : shape (n_candidates,)
        Of candidates with the same set the cheapest stays; None: the first.

    Raises
    ------
    ValueError
        ``reach`` was searched less far than ``cutoff_s``.

    Notes
    -----
    Two points are merged by a 128-bit sum over their candidates, and every merged row is then checked
    against the sets themselves, so nothing rests on the sum.
    """
    if cutoff_s > reach.limit_s:
        raise ValueError(f"reach was searched to {reach.limit_s} s, shorter than {cutoff_s} s")
    row_of = _merged_rows(reach, cutoff_s, weight)
    ptr, rows = _gather(reach, cutoff_s, row_of)
    kept = np.flatnonzero(_first_of_each(ptr, rows, np.zeros(len(ptr) - 1) if cost is None else cost))
    ptr, rows = take_sets(ptr, rows, kept)
    n_rows = int(row_of.max(initial=-1)) + 1
    live = row_of >= 0
    total = np.bincount(row_of[live], weights=weight[live], minlength=n_rows).astype(float)
    return CoverSets(ptr, rows, *turned(ptr, rows, n_rows), total, kept.astype(np.int32), row_of)


def turned(ptr: LongArray, rows: IntArray, n_rows: int) -> tuple[LongArray, IntArray]:
    """Row to candidates, from candidate to rows."""
    row_ptr, cands = np.zeros(n_rows + 1, np.int64), np.empty(len(rows), np.int32)
    kernels.turn(ptr, rows, row_ptr, cands)
    return row_ptr, cands


def take_sets(ptr: LongArray, rows: IntArray, kept: IntArray | LongArray) -> tuple[LongArray, IntArray]:
    """Only the sets of some candidates."""
    if len(kept) == len(ptr) - 1:
        return ptr, rows
    is_kept = np.zeros(len(ptr) - 1, bool)
    is_kept[kept] = True
    size = np.diff(ptr)
    return np.concatenate([[0], np.cumsum(size[kept])]), rows[np.repeat(is_kept, size)]


def without(sets: CoverSets, is_out: BoolArray) -> CoverSets:
    """The same sets without some candidates; rows stay as they are, even those that nobody covers now."""
    kept = np.flatnonzero(~is_out)
    ptr, rows = take_sets(sets.ptr, sets.rows, kept)
    row_ptr, cands = turned(ptr, rows, sets.n_rows)
    return CoverSets(ptr, rows, row_ptr, cands, sets.weight, sets.candidate_idx[kept], sets.row_of)


def dominated(sets: CoverSets, price: FloatArray | None = None) -> BoolArray:
    """Candidates whose set lies inside that of another one that costs no more."""
    is_out = np.zeros(sets.n_candidates, bool)
    price = np.ones(sets.n_candidates) if price is None else price
    kernels.mark_dominated(sets.ptr, sets.rows, sets.row_ptr, sets.cands, price, is_out)
    return is_out


def _merged_rows(reach: Reach, cutoff_s: float, weight: FloatArray) -> IntArray:
    n = reach.n_demand
    first, second, times = np.zeros(n, np.uint64), np.zeros(n, np.uint64), np.zeros(n, np.int32)
    kernels.sign_demand(reach.ptr, reach.demand_idx, reach.walk_s, cutoff_s, weight > 0, first, second, times)
    live = np.flatnonzero(times)
    order = live[np.lexsort((second[live], first[live]))]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (np.diff(first[order]) != 0) | (np.diff(second[order]) != 0)
    leader = order[np.flatnonzero(is_new)]  # lexsort is stable: the lowest index of its row
    row_of_group = np.empty(len(leader), np.int32)
    row_of_group[np.argsort(leader)] = np.arange(len(leader))
    row_of = np.full(n, -1, np.int32)
    row_of[order] = row_of_group[np.cumsum(is_new) - 1]
    return row_of


def _gather(reach: Reach, cutoff_s: float, row_of: IntArray) -> tuple[LongArray, IntArray]:
    size = np.bincount(row_of[row_of >= 0]).astype(np.int32)
    ptr = np.zeros(reach.n_candidates + 1, np.int64)
    given = reach.ptr, reach.demand_idx, reach.walk_s, cutoff_s, row_of
    if not kernels.count_sets(*given, size, ptr):
        raise ArithmeticError("two different covering sets have the same 128-bit sum")
    rows = np.empty(ptr[-1], np.int32)
    kernels.fill_sets(*given, len(size), ptr, rows)
    return ptr, rows


def _first_of_each(ptr: LongArray, rows: IntArray, cost: FloatArray) -> BoolArray:
    """Which candidates cover something, and are the cheapest with their set, the first among equals."""
    m = len(ptr) - 1
    first, second = np.zeros(m, np.uint64), np.zeros(m, np.uint64)
    kernels.sign_sets(ptr, rows, first, second)
    order = np.lexsort((cost, second, first))  # stable: the lowest of equals comes first
    same = np.zeros(m, bool)
    same[order[1:]] = (np.diff(first[order]) == 0) & (np.diff(second[order]) == 0)
    for j in np.flatnonzero(same):  # the sums agree: let the sets say so themselves
        before = order[np.flatnonzero(order == j)[0] - 1]
        same[j] = set(rows[ptr[j] : ptr[j + 1]].tolist()) == set(rows[ptr[before] : ptr[before + 1]].tolist())
    return ~same & (np.diff(ptr) > 0)
