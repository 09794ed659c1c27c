"""Cumulative opportunities: how many outlets of each type are within a walk."""

from __future__ import annotations

import numpy as np

from yike.core.access import _batch_kernels as batches
from yike.core.access import _count_kernels as kernels
from yike.core.access._search_kernels import Hood, empty_hood
from yike.core.access.inputs import SearchInput, check_cutoff
from yike.core.access.pairs import place_of_pair
from yike.core.access.stretches import STRETCH, Progress, run_stretches
from yike.core.tables import IntArray, WalkTimes


def count_outlets(
    given: SearchInput, cuts: IntArray, n_cuts: int, workers: int, progress: Progress | None
) -> IntArray:
    """Outlets of each column within each cutoff, shape (n_places, n_cols, n_cuts)."""
    counts = np.zeros((given.n_places, given.n_cols, n_cuts), np.int32)
    limit = int(cuts.max()) if len(cuts) else -1
    if limit < 0 or not counts.size:
        if progress:
            progress(given.n_places, given.n_places)
        return counts
    offers = given.offers(limit)
    may_share = batches.may_share_lanes(given.places.ends, given.n_junctions)

    def count(room: WorkRoom, low: int, high: int) -> None:
        kernels.count_stretch(low, high, may_share, given.searched, offers, cuts, limit, room, counts)

    run_stretches(given.n_places, STRETCH, workers, lambda: work_room(given, limit), count, progress)
    return counts


WorkRoom = tuple[batches.Batch, Hood, kernels.Found]


def work_room(given: SearchInput, limit: int) -> WorkRoom:
    """Working space of one thread for searches up to ``limit`` ticks."""
    return (
        batches.empty_batch(given.n_junctions),
        empty_hood(given.n_junctions, len(given.streets.arcs) // 2, limit),
        kernels.empty_found(given.n_outlets, len(given.service_col), given.n_cols),
    )


def count_within(times: WalkTimes, type_idx: IntArray, n_types: int, cutoff_s: float) -> IntArray:
    """
    Count the outlets of each business type that each place can walk to in time.

    Cumulative opportunities: an outlet counts in full up to the cutoff and not at all beyond it.

    Parameters
    ----------
    times
        Walking times, place to outlet, in seconds; pairs beyond the search limit are absent.
    type_idx : shape (n_outlets,)
        Business type of each outlet, 0 .. n_types - 1; -1 counts nowhere.
    cutoff_s
        Longest walk that counts; a walk of exactly this length counts.

    Returns
    -------
    shape (n_places, n_types), int32
        A place that reaches nothing has 0; no row is left out.

    Raises
    ------
    CutoffBeyondSearchError
        The search was shorter than ``cutoff_s``, so counts would be too small without anyone noticing.

    Notes
    -----
    Adding an outlet or raising the cutoff never lowers a count. Time O(n_pairs).
    Source: Wachs and Kumagai (1973).
    """
    check_cutoff(cutoff_s, times.limit_s)
    row, col = place_of_pair(times), np.asarray(type_idx)[times.outlet_idx]
    counts_in = (times.walk_s <= cutoff_s) & (col >= 0)
    n_places = len(times.ptr) - 1
    flat = np.bincount(row[counts_in] * n_types + col[counts_in], minlength=n_places * n_types)
    return flat.reshape(n_places, n_types).astype(np.int32)
