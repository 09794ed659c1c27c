"""How long people walk, and to how many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.tables.arrays import BoolArray, Float32Array, IntArray, LongArray, freeze


@dataclass(frozen=True, eq=False)
class WalkTimes:
    """Sparse walking times, place to outlet, up to a limit; absent pairs are beyond it."""

    ptr: LongArray  # shape (n_places + 1,)
    outlet_idx: IntArray  # ascending inside a slice
    walk_s: Float32Array
    limit_s: float

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class AccessTable:
    """
    Place x business type: seconds to the nearest outlet, which one, and how many within each cutoff.

    ``nearest_s`` is ``+inf`` where none lies within ``limit_s`` and ``NaN`` where the place is 未接入.
    """

    nearest_s: Float32Array  # shape (n_places, n_types)
    nearest_outlet_idx: IntArray  # shape (n_places, n_types), -1 none; ties to the lowest index
    count: IntArray  # shape (n_places, n_types, n_cutoffs); 0 where 未接入 (see is_attached)
    is_attached: BoolArray
    cutoffs_s: tuple[float, ...]
    limit_s: float
    type_rows: IntArray  # business type (row of BusinessTypes) of each column

    def __post_init__(self) -> None:
        freeze(self)

    def column_of(self, type_idx: int) -> int:
        """Column of a business type; raises KeyError when the table has none."""
        hit = np.flatnonzero(self.type_rows == type_idx)
        if not len(hit):
            raise KeyError(type_idx)
        return int(hit[0])
