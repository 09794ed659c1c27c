"""What is left of a covering problem when fixed sites stand and double candidates are out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting.reach import Reach
from yike.core.siting.sets import CoverSets, dominated, sets_of, without
from yike.core.tables import FloatArray, IntArray
from yike.errors import InfeasibleError


@dataclass(frozen=True, eq=False)
class CoverCore:
    """Cover the most weight with ``k`` of the sets, when the fixed sites cover ``base`` already."""

    sets: CoverSets
    k: int
    base: float
    fixed: IntArray  # rows of the problem's candidates

    def value(self, sites: IntArray) -> float:
        """Weight that sites (rows of ``sets``) cover; summed by row, so equal sets have equal values."""
        covered = np.zeros(self.sets.n_rows, bool)
        for j in sites:
            covered[self.sets.rows[self.sets.ptr[j] : self.sets.ptr[j + 1]]] = True
        return float(self.sets.weight[covered].sum())


def core_of(reach: Reach, cutoff_s: float, weight: FloatArray, k: int, fixed: IntArray) -> CoverCore:
    """
    Reduce a problem.

    A candidate whose places another one covers too is left out: some best plan does without it.

    Raises
    ------
    InfeasibleError
        More sites are fixed than ``k``.
    ValueError
        A weight is negative or not finite.
    """
    check_weight(weight)
    fixed = check_fixed(fixed, k)
    left = np.array(weight, float)
    for j in fixed:
        pairs = slice(int(reach.ptr[j]), int(reach.ptr[j + 1]))
        left[reach.demand_idx[pairs][reach.walk_s[pairs] <= cutoff_s]] = 0
    sets = sets_of(reach, cutoff_s, left)
    sets = without(sets, dominated(sets))
    base = float(np.sum(weight) - left.sum())
    return CoverCore(sets, min(k - len(fixed), sets.n_candidates), base, fixed)


def check_weight(weight: FloatArray) -> None:
    """Raise ValueError when weights are negative or not finite."""
    if not np.all(np.isfinite(weight)) or np.any(weight < 0):
        raise ValueError("weights must be finite and at least 0")


def check_fixed(fixed: IntArray, k: int) -> IntArray:
    """The fixed sites, each once; raises InfeasibleError when they are more than ``k``."""
    once = np.unique(fixed).astype(np.int32)
    if len(once) > k:
        raise InfeasibleError("siting.fixed.too_many", fixed=len(once), k=k)
    return once
