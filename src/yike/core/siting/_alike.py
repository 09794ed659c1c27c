"""Homes that walk to the same candidates are one row: problems shrink, their answers do not change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting.reach import Reach
from yike.core.tables import FloatArray, IntArray, LongArray, freeze


@dataclass(frozen=True, eq=False)
class AlikeRows:
    """
    Coverage sets over merged homes, candidate by candidate.

    Rows are numbered in the order of their first home; homes that no candidate reaches have no row.
    """

    ptr: LongArray  # shape (n_candidates + 1,)
    row: IntArray  # rows within reach of each candidate
    row_of_demand: IntArray  # shape (n_demand,), -1 beyond all candidates
    n_rows: int

    def __post_init__(self) -> None:
        freeze(self)

    def sum_by_row(self, weight: FloatArray) -> FloatArray:
        """Weight of each row: the sum over its homes."""
        has = self.row_of_demand >= 0
        return np.bincount(self.row_of_demand[has], weight[has], minlength=self.n_rows).astype(float)


def merge_alike(reach: Reach, label: IntArray | None = None) -> AlikeRows:
    """
    Merge homes with the same candidates within ``reach.limit_s``.

    Parameters
    ----------
    label : shape (n_demand,)
        Homes with different labels (groups) stay apart.

    Notes
    -----
    Candidate sets are compared by two sums of 64 random bits per candidate; that two different sets agree
    in both has a chance below 1e-20 even among a thousand million homes. Time O(pairs).
    """
    m, n = reach.n_candidates, reach.n_demand
    owner = np.repeat(np.arange(m), np.diff(reach.ptr))
    draw = np.random.default_rng(20_240_229).integers(1, 2**63, (2, m), dtype=np.uint64)
    key = np.zeros((n, 3), np.uint64)
    for column in range(2):
        np.add.at(key[:, column], reach.demand_idx, draw[column][owner])
    if label is not None:
        key[:, 2] = label.astype(np.int64).view(np.uint64)
    reached = np.flatnonzero(np.bincount(reach.demand_idx, minlength=n))
    _, first, group = np.unique(key[reached], axis=0, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    row_of_demand = np.full(n, -1, np.int32)
    row_of_demand[reached] = rank[group.ravel()]
    is_first = np.zeros(n, np.bool_)
    is_first[reached[first]] = True
    keep = is_first[reach.demand_idx]
    kept = np.concatenate([[0], np.cumsum(keep)])
    return AlikeRows(kept[reach.ptr], row_of_demand[reach.demand_idx[keep]], row_of_demand, len(first))
