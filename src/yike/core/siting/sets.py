"""The cover sets of a problem at one cutoff: demand points merged, idle and double candidates left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting import _set_kernels as kernels
from yike.core.siting.merging import merge_alike
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
    Points are merged as ``merge_alike`` does.
    """
    alike = merge_alike(reach, cutoff_s, is_live=weight > 0)
    price = np.zeros(reach.n_candidates) if cost is None else cost
    kept = np.flatnonzero(_first_of_each(alike.ptr, alike.row, price))
    ptr, rows = take_sets(alike.ptr, alike.row, kept)
    total = alike.sum_by_row(weight)
    return CoverSets(
        ptr, rows, *turned(ptr, rows, alike.n_rows), total, kept.astype(np.int32), alike.row_of_demand
    )


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
