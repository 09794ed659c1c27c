"""Access of every place to every business type: the nearest outlet, and how many within each cutoff."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

import numpy as np

from yike.core.access import _batch_kernels as batches
from yike.core.access import _count_kernels as counting
from yike.core.access import _nearest_kernels as nearest
from yike.core.access._lane_kernels import KEY_LANES, OUTLET_BITS, lane_array
from yike.core.access._search_kernels import empty_hood
from yike.core.access.inputs import SearchInput, cutoff_ticks, search_input
from yike.core.tables import (
    AccessTable,
    Attachments,
    BoolArray,
    DirectWalks,
    Float32Array,
    IntArray,
    LongArray,
    StreetGraph,
)

Progress = Callable[[int, int], None]

STRETCH = 8192
"""Places per piece of work: about 20 ms, so that progress, Ctrl-C and the balance of threads are fine."""


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
    workers = n_threads or os.cpu_count() or 1
    nearest_s, nearest_outlet = find_nearest(given)
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


def find_nearest(given: SearchInput) -> tuple[Float32Array, IntArray]:
    """Seconds to the nearest outlet of each column, and which one."""
    width = -(-given.n_cols // KEY_LANES) * KEY_LANES
    keys = lane_array(given.n_junctions * width, np.int64)
    keys[:] = (given.limit + 1) << OUTLET_BITS
    is_dirty = np.zeros(given.n_junctions, np.uint8)
    offered = (given.outlets.row, given.service_ptr, given.service_col)
    nearest.seed_outlets(
        keys,
        width,
        is_dirty,
        given.outlets.row,
        given.outlets.ends,
        given.service_ptr,
        given.service_col,
        given.limit,
    )
    is_back = False
    while nearest.sweep(keys, width, is_dirty, given.streets, is_back):
        is_back = not is_back
    found = (
        np.empty((given.n_places, given.n_cols), np.float32),
        np.empty((given.n_places, given.n_cols), np.int32),
    )
    nearest.read_nearest(keys, width, 0, given.n_places, given.searched, offered, given.limit, found)
    return found


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
            counting.empty_found(given.n_outlets, len(given.service_col), given.n_cols),
        )

    def count(room: tuple[Any, ...], low: int, high: int) -> None:
        counting.count_stretch(low, high, may_share, given.searched, offers, cuts, limit, room, counts)

    run_stretches(given.n_places, STRETCH, workers, work_room, count, progress)
    return counts


def run_stretches(
    n: int,
    step: int,
    workers: int,
    make_room: Callable[[], Any],
    work: Callable[[Any, int, int], None],
    progress: Progress | None,
) -> None:
    """
    Do ``work(room, low, high)`` over 0..n in threads, each with a room of its own.

    The kernels release the interpreter lock. Ctrl-C is felt between two stretches.
    """

    def stretches() -> Iterator[tuple[int, int]]:
        for low in range(0, n, step):
            yield low, min(low + step, n)

    todo = stretches()
    done = 0
    workers = max(1, min(workers, -(-n // step)))
    rooms = [make_room() for _ in range(workers)]
    if workers == 1:
        for low, high in todo:
            work(rooms[0], low, high)
            if progress:
                progress(high, n)
        return
    with ThreadPoolExecutor(workers) as pool:

        def start(room: Any) -> None:
            part = next(todo, None)
            if part:
                running[pool.submit(work, room, *part)] = (room, part)

        running: dict[Any, tuple[Any, tuple[int, int]]] = {}
        for room in rooms:
            start(room)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                room, (low, high) = running.pop(future)
                future.result()
                start(room)
                done += high - low
                if progress:
                    progress(done, n)
