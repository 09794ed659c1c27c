"""Who can walk to which candidate, and in what time: the coverage sets of all siting models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.access.stretches import Progress
from yike.core.access.times import walk_times
from yike.core.tables import Attachments, DirectWalks, Float32Array, IntArray, LongArray, StreetGraph, freeze


@dataclass(frozen=True, eq=False)
class Reach:
    """Sparse walking times, candidate to demand point, up to a limit; absent pairs are beyond it."""

    ptr: LongArray  # shape (n_candidates + 1,)
    demand_idx: IntArray  # ascending inside a slice
    walk_s: Float32Array
    n_demand: int
    limit_s: float

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_candidates(self) -> int:
        """Number of candidates."""
        return len(self.ptr) - 1

    def within(self, cutoff_s: float) -> Reach:
        """
        Only the pairs of at most ``cutoff_s``; a walk of exactly that length stays.

        Raises
        ------
        ValueError
            The search was shorter than ``cutoff_s``.
        """
        if cutoff_s > self.limit_s:
            raise ValueError(f"reach was searched to {self.limit_s} s, shorter than {cutoff_s} s")
        if cutoff_s == self.limit_s:
            return self
        keep = self.walk_s <= cutoff_s
        has = np.diff(self.ptr) > 0
        kept = np.zeros(len(self.ptr), np.int64)  # a running sum over all pairs would take 8 bytes each
        kept[1:][has] = np.add.reduceat(keep, self.ptr[:-1][has], dtype=np.int64)
        return Reach(np.cumsum(kept), self.demand_idx[keep], self.walk_s[keep], self.n_demand, cutoff_s)

    def demand_of(self, candidate_idx: int) -> IntArray:
        """Demand points that walk to a candidate."""
        return self.demand_idx[self.ptr[candidate_idx] : self.ptr[candidate_idx + 1]]


def reach_of(
    graph: StreetGraph,
    candidates: Attachments,
    places: Attachments,
    direct: DirectWalks,
    limit_s: float,
    *,
    max_memory_mb: int = 1024,
    n_threads: int | None = None,
    progress: Progress | None = None,
) -> Reach:
    """
    Search from every candidate to all places within a limit.

    Streets are walked in both directions, so the time to a candidate is the time from it.

    Parameters
    ----------
    direct
        Walks that need no junction, candidate to place: ``streets.direct(candidates, places)``.
    limit_s
        Longest walk; a walk of exactly this length is in.

    Returns
    -------
    Reach
        Candidates and places that are not attached have no pairs.

    Raises
    ------
    StudyError
        The pairs need more than ``max_memory_mb``.
    """
    times = walk_times(
        graph, candidates, places, direct, limit_s,
        is_open=places.is_attached, max_memory_mb=max_memory_mb, n_threads=n_threads, progress=progress,
    )  # fmt: skip
    return Reach(times.ptr, times.outlet_idx, times.walk_s, len(places), limit_s)
