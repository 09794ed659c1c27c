"""What is left of a p-median problem when fixed sites stand, laid out for searching."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting import _median_kernels as kernels
from yike.core.siting.cover_core import check_fixed, check_weight
from yike.core.siting.problems import PMedian
from yike.core.siting.reach import Reach
from yike.core.tables import Float32Array, FloatArray, IntArray, LongArray


@dataclass(frozen=True, eq=False)
class MedianCore:
    """
    Shorten the walks with ``k`` sites.

    ``end_s`` is what each place walks when no site is added, 0 where it has no weight. Each place knows its
    candidates that are nearer than that, nearest first; each candidate its places.
    """

    reach: Reach
    weight: FloatArray
    end_s: FloatArray
    row_ptr: LongArray
    cand: IntArray  # unsigned 16-bit where that holds all candidates: 50 MB less at 24 million pairs
    near_s: Float32Array
    k: int
    fixed: IntArray

    def useful(self) -> IntArray:
        """Candidates that shorten anybody's walk."""
        is_used = np.zeros(self.reach.n_candidates, bool)
        kernels.mark_used(self.cand, is_used)
        return np.flatnonzero(is_used).astype(np.int32)

    def walks(self, sites: IntArray) -> FloatArray:
        """Each place's walk when sites (rows of the problem's candidates) stand."""
        now = self.end_s.copy()
        for j in sites:
            pairs = slice(int(self.reach.ptr[j]), int(self.reach.ptr[j + 1]))
            at = self.reach.demand_idx[pairs]
            now[at] = np.minimum(now[at], self.reach.walk_s[pairs])
        return now

    def value(self, sites: IntArray) -> float:
        """Total walk, weighted."""
        return float(self.weight @ self.walks(sites))


def median_core(problem: PMedian) -> MedianCore:
    """
    Lay a problem out.

    Raises
    ------
    InfeasibleError
        More sites are fixed than ``k``.
    ValueError
        ``limit_s`` lies beyond the search, or weights are negative or not finite.
    """
    reach, weight = problem.reach, np.asarray(problem.weight, float)
    check_weight(weight)
    if problem.limit_s > reach.limit_s:
        raise ValueError(f"reach was searched to {reach.limit_s} s, shorter than {problem.limit_s} s")
    fixed = check_fixed(problem.fixed, problem.k)
    end_s = end_of(reach, problem.start_s, fixed, problem.limit_s)
    end_s[weight == 0] = 0
    row_ptr, cand, near_s = nearest_lists(reach, end_s)
    k = min(problem.k - len(fixed), reach.n_candidates)
    return MedianCore(reach, weight, end_s, row_ptr, cand, near_s, k, fixed)


def end_of(reach: Reach, start_s: FloatArray | None, fixed: IntArray, limit_s: float) -> FloatArray:
    """What each place walks when nothing but the fixed sites is added; at most ``limit_s``."""
    end = np.full(reach.n_demand, float(limit_s))
    if start_s is not None:
        end = np.minimum(end, start_s)
    for j in fixed:
        pairs = slice(int(reach.ptr[j]), int(reach.ptr[j + 1]))
        at = reach.demand_idx[pairs]
        end[at] = np.minimum(end[at], reach.walk_s[pairs])
    return end


def nearest_lists(reach: Reach, end_s: FloatArray) -> tuple[LongArray, IntArray, Float32Array]:
    """Per place the candidates nearer than ``end_s``, nearest first."""
    row_ptr = np.zeros(reach.n_demand + 1, np.int64)
    kernels.count_near(reach.demand_idx, reach.walk_s, end_s, row_ptr)
    cand = np.empty(row_ptr[-1], np.uint16 if reach.n_candidates < 2**16 else np.int32)
    near_s = np.empty(row_ptr[-1], np.float32)
    kernels.fill_near(reach.ptr, reach.demand_idx, reach.walk_s, end_s, row_ptr, cand, near_s)
    return row_ptr, cand, near_s
