"""Sparse walking times, place to outlet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from yike.core.access import _batch_kernels as batches
from yike.core.access import _times_kernels as kernels
from yike.core.access.cumulative import WorkRoom, count_outlets, work_room
from yike.core.access.inputs import SearchInput, cutoff_ticks, read_only, search_input
from yike.core.access.pairs import rows_of
from yike.core.access.stretches import STRETCH, Progress, run_stretches, threads_to_use
from yike.core.tables import Attachments, BoolArray, DirectWalks, LongArray, StreetGraph, WalkTimes
from yike.errors import StudyError

PAIR_BYTES = 8
"""Of an outlet index and a float32."""


def walk_times(
    graph: StreetGraph,
    places: Attachments,
    outlets: Attachments,
    direct: DirectWalks,
    limit_s: float,
    *,
    is_open: BoolArray | None = None,
    max_memory_mb: int = 1024,
    n_threads: int | None = None,
    progress: Progress | None = None,
) -> WalkTimes:
    """
    Walking times of all pairs of place and outlet within a limit.

    Two passes: the first counts the pairs of each place, the second writes them where they belong.

    Parameters
    ----------
    graph, places, outlets, direct
        As in ``compute_access``.
    limit_s
        Longest walk; a walk of exactly this length is in.
    is_open : shape (n_outlets,)
        Outlets that count; None for all.
    max_memory_mb
        Ceiling for the pairs; use ``walk_time_parts`` for more.
    n_threads, progress
        As in ``compute_access``; both passes count for the progress.

    Returns
    -------
    WalkTimes
        Seconds are rounded up to the next float32, so that comparing them with a cutoff gives the same
        answer as the exact ticks. A place that is not attached, or reaches nothing, has no pairs.

    Raises
    ------
    StudyError
        The pairs need more than ``max_memory_mb``.
    """
    given, limit, ptr = _count_pairs(graph, places, outlets, direct, limit_s, is_open, n_threads, progress)
    needs_mb = int(ptr[-1]) * PAIR_BYTES / 2**20
    if needs_mb > max_memory_mb:
        raise StudyError("access.pairs_too_many", needs_mb=round(needs_mb), max_memory_mb=max_memory_mb)
    return _write_pairs(given, limit, ptr, limit_s, threads_to_use(n_threads), progress)


def walk_time_parts(
    graph: StreetGraph,
    places: Attachments,
    outlets: Attachments,
    direct: DirectWalks,
    limit_s: float,
    *,
    is_open: BoolArray | None = None,
    max_memory_mb: int = 1024,
    n_threads: int | None = None,
) -> Iterator[tuple[int, int, WalkTimes]]:
    """
    The same in parts: (first place, end, walking times of those places), in order.

    Each part fills at most ``max_memory_mb``; a single place that fills more is a part of its own.
    """
    _, _, ptr = _count_pairs(graph, places, outlets, direct, limit_s, is_open, n_threads, None)
    low = 0
    while low < len(places):
        most = ptr[low] + max_memory_mb * 2**20 // PAIR_BYTES
        high = max(low + 1, int(np.searchsorted(ptr, most, "right")) - 1)
        walks = slice(int(direct.ptr[low]), int(direct.ptr[high]))
        part = DirectWalks(
            direct.ptr[low : high + 1] - direct.ptr[low], direct.outlet_idx[walks], direct.ticks[walks]
        )
        yield (
            low,
            high,
            walk_times(
                graph,
                rows_of(places, low, high),
                outlets,
                part,
                limit_s,
                is_open=is_open,
                max_memory_mb=2**31,
                n_threads=n_threads,
            ),
        )
        low = high


def _count_pairs(
    graph: StreetGraph,
    places: Attachments,
    outlets: Attachments,
    direct: DirectWalks,
    limit_s: float,
    is_open: BoolArray | None,
    n_threads: int | None,
    progress: Progress | None,
) -> tuple[SearchInput, int, LongArray]:
    """The search laid out with all outlets in one column, and where the pairs of each place begin."""
    cuts, limit = cutoff_ticks((limit_s,), limit_s)
    n = len(outlets)
    one_service = np.arange(n + 1), np.zeros(n, np.int32)
    open_ones = np.ones(n, bool) if is_open is None else np.asarray(is_open, bool)
    given = search_input(graph, places, outlets, direct, *one_service, 1, open_ones, limit)
    first_half = progress and (lambda done, total: progress(done, 2 * total))
    counts = count_outlets(given, cuts, 1, threads_to_use(n_threads), first_half)
    ptr = np.zeros(len(places) + 1, np.int64)
    np.cumsum(counts.ravel(), out=ptr[1:])
    return given, limit, ptr


def _write_pairs(
    given: SearchInput, limit: int, ptr: LongArray, limit_s: float, workers: int, progress: Progress | None
) -> WalkTimes:
    outlet_idx, walk_s = np.empty(ptr[-1], np.int32), np.empty(ptr[-1], np.float32)
    offers = given.offers(limit)
    may_share = batches.may_share_lanes(given.places.ends, given.n_junctions)
    slices = read_only(ptr)

    def write(room: WorkRoom, low: int, high: int) -> None:
        kernels.write_stretch(
            low,
            high,
            may_share,
            given.searched,
            offers,
            given.outlets.row,
            limit,
            room,
            slices,
            outlet_idx,
            walk_s,
        )

    second_half = progress and (lambda done, total: progress(total + done, 2 * total))
    run_stretches(given.n_places, STRETCH, workers, lambda: work_room(given, limit), write, second_half)
    return WalkTimes(ptr, outlet_idx, walk_s, float(limit_s))
