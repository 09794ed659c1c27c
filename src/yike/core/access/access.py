"""Access of every place to every business type: the nearest outlet, and how many within each cutoff."""

from __future__ import annotations

import numpy as np

from yike.core.access.cumulative import count_outlets
from yike.core.access.inputs import cutoff_ticks, search_input
from yike.core.access.nearest import find_nearest
from yike.core.access.stretches import Progress, threads_to_use
from yike.core.tables import (
    AccessTable,
    Attachments,
    BoolArray,
    DirectWalks,
    IntArray,
    LongArray,
    StreetGraph,
)


def compute_access(
    graph: StreetGraph,
    places: Attachments,
    outlets: Attachments,
    direct: DirectWalks,
    service_ptr: LongArray,
    service_col: IntArray,
    n_cols: int,
    *,
    type_rows: IntArray,
    is_open: BoolArray,
    cutoffs_s: tuple[float, ...] = (300.0, 600.0, 900.0),
    limit_s: float = 3600.0,
    max_memory_mb: int = 1024,
    n_threads: int | None = None,
    progress: Progress | None = None,
) -> AccessTable:
    """
    Walk from every place to the nearest outlet of each type, and count those within each cutoff.

    The walk from place to outlet is the shortest over the ends of both, or the direct walk where there is
    one. All sums are integer ticks, so the result is the same for any number of threads.

    Parameters
    ----------
    graph
        Streets under one walking profile; walked in both directions.
    places, outlets
        How they join the streets. A place without attachment has NaN as its nearest and counts of 0.
    direct
        Walks between place and outlet on one street or in one compound.
    service_ptr, service_col : shapes (n_outlets + 1,) and (n_services,)
        Columns that each outlet serves, 0 .. n_cols - 1; it counts once in each of them.
    type_rows : shape (n_cols,)
        Business type of each column.
    is_open : shape (n_outlets,)
        Outlets that count; all others are left out.
    cutoffs_s
        Longest walks that count, ascending; a walk of exactly the cutoff counts.
    limit_s
        How far to look for the nearest, at least the longest cutoff and at most ``MOST_LIMIT_S``.
    max_memory_mb
        Ceiling for the working space; the tables given and returned are not part of it.
    n_threads
        Threads that search; None for one per processor.
    progress
        Called with places done and all places, from the calling thread.

    Returns
    -------
    AccessTable
        Ties for the nearest go to the outlet of the lowest index.

    Raises
    ------
    CutoffBeyondSearchError
        A cutoff is longer than ``limit_s``.
    ValueError
        Columns disagree, or an index points outside its table.

    Notes
    -----
    One more outlet never lowers a count and never lengthens a walk. Time grows in line with places x
    junctions within the longest cutoff; see docs/concepts/access-kernel.md.
    """
    cuts, limit = cutoff_ticks(cutoffs_s, limit_s)
    if len(type_rows) != n_cols:
        raise ValueError(f"type_rows has {len(type_rows)} rows, expected {n_cols}")
    given = search_input(graph, places, outlets, direct, service_ptr, service_col, n_cols, is_open, limit)
    workers = threads_to_use(n_threads)
    nearest_s, nearest_outlet = find_nearest(given, workers, max_memory_mb)
    counts = count_outlets(given, cuts, len(cutoffs_s), workers, progress)
    return AccessTable(
        nearest_s=nearest_s,
        nearest_outlet_idx=nearest_outlet,
        count=counts,
        is_attached=given.is_attached,
        cutoffs_s=tuple(float(c) for c in cutoffs_s),
        limit_s=float(limit_s),
        type_rows=np.asarray(type_rows, np.int32),
    )
