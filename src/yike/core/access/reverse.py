"""Walking times searched from the outlets: the cheaper way where they are few."""

from __future__ import annotations

import numpy as np

from yike.core.access._pair_kernels import turn_pairs
from yike.core.access.pairs import take_rows
from yike.core.access.stretches import Progress
from yike.core.access.times import walk_times
from yike.core.tables import Attachments, BoolArray, DirectWalks, StreetGraph, WalkTimes

MUCH_FEWER = 4
"""Places per outlet from which the search begins at the outlets; the pairs have to be turned round then."""


def walk_times_from_fewer(
    graph: StreetGraph,
    places: Attachments,
    outlets: Attachments,
    direct: DirectWalks,
    limit_s: float,
    *,
    is_open: BoolArray,
    max_memory_mb: int = 1024,
    n_threads: int | None = None,
    progress: Progress | None = None,
) -> WalkTimes:
    """
    ``walk_times``, searched from the side that has fewer points; the same bytes.

    For one business type: 163 stores within an hour of 17,000 homes take 163 searches, not 17,000. It needs
    the memory of the pairs twice while they are turned round.

    Parameters
    ----------
    graph, places, outlets, direct, limit_s, is_open, max_memory_mb, n_threads, progress
        As in ``walk_times``; streets are walked in both directions.
    """
    rows = np.flatnonzero(np.asarray(is_open, bool) & outlets.is_attached)
    if MUCH_FEWER * len(rows) > len(places):
        return walk_times(
            graph, places, outlets, direct, limit_s,
            is_open=is_open, max_memory_mb=max_memory_mb, n_threads=n_threads, progress=progress,
        )  # fmt: skip
    times = walk_times(
        graph,
        take_rows(outlets, rows),
        places,
        _from_outlets(direct, rows, len(outlets)),
        limit_s,
        is_open=places.is_attached,
        max_memory_mb=max_memory_mb // 2,
        n_threads=n_threads,
        progress=progress,
    )
    n = len(times.walk_s)
    ptr = np.zeros(len(places) + 1, np.int64)
    outlet_idx, walk_s = np.empty(n, np.int32), np.empty(n, np.float32)
    name = rows.astype(np.int32)
    turn_pairs(times.ptr, times.outlet_idx, times.walk_s, name, ptr, outlet_idx, walk_s)
    return WalkTimes(ptr, outlet_idx, walk_s, times.limit_s)


def _from_outlets(direct: DirectWalks, rows: np.ndarray, n_outlets: int) -> DirectWalks:
    """Direct walks of some outlets, as if they were the places."""
    n_places = len(direct.ptr) - 1
    ptr = np.zeros(n_outlets + 1, np.int64)
    place, ticks = np.empty(len(direct.ticks), np.int32), np.empty(len(direct.ticks), np.int32)
    name = np.arange(n_places, dtype=np.int32)
    turn_pairs(direct.ptr, direct.outlet_idx, direct.ticks, name, ptr, place, ticks)
    n = np.diff(ptr)[rows]
    new = np.concatenate([[0], np.cumsum(n)]).astype(np.int64)
    taken = np.repeat(ptr[rows] - new[:-1], n) + np.arange(new[-1])
    return DirectWalks(new, place[taken], ticks[taken])
