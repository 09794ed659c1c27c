"""Cumulative opportunities: how many outlets of each type are within a walk."""

from __future__ import annotations

from typing import Any

import numpy as np

from yike.core.access import _batch_kernels as batches
from yike.core.access import _count_kernels as kernels
from yike.core.access._search_kernels import empty_hood
from yike.core.access.inputs import SearchInput
from yike.core.access.stretches import STRETCH, Progress, run_stretches
from yike.core.tables import IntArray


def count_outlets(
    given: SearchInput, cuts: IntArray, n_cuts: int, workers: int, progress: Progress | None
) -> IntArray:
    """Outlets of each column within each cutoff."""
    counts = np.zeros((given.n_places, given.n_cols, n_cuts), np.int32)
    limit = int(cuts.max()) if len(cuts) else -1
    if limit < 0 or not counts.size:
        return counts
    offers = given.offers(limit)
    n_starts = batches.count_end_junctions(given.places.ends, given.n_junctions)
    may_share = bool(n_starts < given.n_places)

    def work_room() -> tuple[Any, ...]:
        return (
            batches.empty_batch(given.n_junctions),
            empty_hood(given.n_junctions, len(given.streets.arcs) // 2, limit),
            kernels.empty_found(given.n_outlets, len(given.service_col), given.n_cols),
        )

    def count(room: tuple[Any, ...], low: int, high: int) -> None:
        kernels.count_stretch(low, high, may_share, given.searched, offers, cuts, limit, room, counts)

    run_stretches(given.n_places, STRETCH, workers, work_room, count, progress)
    return counts
