# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
Batches: neighbouring places share 32 lanes and are searched together.

A lane is a junction that several places use as an end, or one place with its own ends. The first is
cheaper where places are dense (1.5 places per street: 31,000 searches of 32 lanes become 15,000 for the
same million places), the second where they are few.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.access._lane_kernels import LANES
from yike.core.access._search_kernels import (
    clear_rows,
    explore,
    lay_streets,
    seed_lane,
    spread,
    wait_at,
)
from yike.core.tables import IntArray

MOST_PLACES = 512
"""Places per hood, so also per batch."""


class Batch(NamedTuple):
    """The places of one search and the lanes they read; ``lane_of`` is -1 between batches."""

    lane_of: IntArray  # per junction
    start_of: IntArray  # per lane: its junction, or -1 - place
    place: IntArray  # per place of the batch, as all that follow
    first_lane: IntArray
    first_ticks: IntArray
    second_lane: IntArray
    second_ticks: IntArray


def empty_batch(n_junctions: int) -> Batch:
    """Room for one batch."""
    return Batch(
        np.full(n_junctions, -1, np.int32),
        np.empty(LANES, np.int32),
        *(np.empty(MOST_PLACES, np.int32) for _ in range(5)),
    )


@njit(nogil=True, cache=True)
def order_by_junction(ends, n_junctions):
    """Rows of points in the order of their lowest end junction; points without ends come last."""
    n = ends.ptr.size - 1
    start = np.zeros(n_junctions + 2, np.int64)
    first = np.full(n, n_junctions, np.int32)
    for i in range(n):
        for k in range(ends.ptr[i], ends.ptr[i + 1]):
            first[i] = min(first[i], ends.junction[k])
        start[first[i] + 1] += 1
    for j in range(n_junctions + 1):
        start[j + 1] += start[j]
    order = np.empty(n, np.int32)
    for i in range(n):
        order[start[first[i]]] = i
        start[first[i]] += 1
    return order


@njit(nogil=True, cache=True)
def count_end_junctions(ends, n_junctions):
    """Number of junctions that are an end of any point."""
    seen = np.zeros(n_junctions, np.uint8)
    for k in range(ends.junction.size):
        seen[ends.junction[k]] = 1
    return seen.sum()


@njit(nogil=True, cache=True)
def needs_own_lane(ends, place, limit, may_share):
    """Whether a place is searched by itself: nobody shares, or it has not one or two ends in reach."""
    n = 0
    for k in range(ends.ptr[place], ends.ptr[place + 1]):
        if ends.ticks[k] <= limit:
            n += 1
    return not may_share or n < 1 or n > 2


@njit(nogil=True, cache=True)
def join_own(batch, n_places, n_lanes, place):
    """Add a place with a lane of its own; returns the lanes in use, or -1 when the batch is full."""
    if n_lanes == LANES:
        return -1
    batch.start_of[n_lanes] = -1 - place
    batch.place[n_places] = place
    batch.first_lane[n_places] = n_lanes
    batch.first_ticks[n_places] = 0
    batch.second_lane[n_places] = n_lanes
    batch.second_ticks[n_places] = 0
    return n_lanes + 1


@njit(nogil=True, cache=True)
def join_shared(batch, n_places, n_lanes, place, ends, limit):
    """Add a place that reads its end junctions' lanes; returns the lanes in use, or -1 when full."""
    new = 0
    for k in range(ends.ptr[place], ends.ptr[place + 1]):
        if ends.ticks[k] <= limit and batch.lane_of[ends.junction[k]] < 0:
            new += 1
    if n_lanes + new > LANES:
        return -1
    batch.place[n_places] = place
    is_first = True
    for k in range(ends.ptr[place], ends.ptr[place + 1]):
        if ends.ticks[k] > limit:
            continue
        junction = ends.junction[k]
        if batch.lane_of[junction] < 0:
            batch.lane_of[junction] = n_lanes
            batch.start_of[n_lanes] = junction
            n_lanes += 1
        if is_first:
            batch.first_lane[n_places] = batch.lane_of[junction]
            batch.first_ticks[n_places] = ends.ticks[k]
        batch.second_lane[n_places] = batch.lane_of[junction]
        batch.second_ticks[n_places] = ends.ticks[k]
        is_first = False
    return n_lanes


@njit(nogil=True, cache=True)
def fill_batch(batch, order, low, high, ends, limit, may_share):
    """Take places from ``order[low:high]`` while they fit; returns (places, lanes)."""
    n_places = 0
    n_lanes = 0
    while low + n_places < high and n_places < MOST_PLACES:
        place = order[low + n_places]
        if needs_own_lane(ends, place, limit, may_share):
            joined = join_own(batch, n_places, n_lanes, place)
        else:
            joined = join_shared(batch, n_places, n_lanes, place, ends, limit)
        if joined < 0:
            break
        n_lanes = joined
        n_places += 1
    return n_places, n_lanes


@njit(nogil=True, cache=True)
def enter_hood(hood, streets, order, low, high, ends, limit):
    """Explore the streets around the places ``order[low:high]``; returns the number of slots."""
    for i in range(low, high):
        place = order[i]
        for k in range(ends.ptr[place], ends.ptr[place + 1]):
            if ends.ticks[k] <= limit and hood.near[ends.junction[k]] != 0:
                hood.near[ends.junction[k]] = 0
                wait_at(hood, ends.junction[k], 0)
    n_slots = explore(hood, streets, limit)
    lay_streets(hood, streets, n_slots, limit)
    return n_slots


@njit(nogil=True, cache=True)
def search_batch(batch, n_lanes, hood, n_slots, ends, limit):
    """Search all lanes of a batch and make the batch ready for the next."""
    clear_rows(hood, n_slots, limit)
    for lane in range(n_lanes):
        start = batch.start_of[lane]
        if start >= 0:
            seed_lane(hood, lane, hood.slot_of[start], 0)
            batch.lane_of[start] = -1
            continue
        place = -1 - start
        for k in range(ends.ptr[place], ends.ptr[place + 1]):
            if ends.ticks[k] <= limit:
                seed_lane(hood, lane, hood.slot_of[ends.junction[k]], ends.ticks[k])
    spread(hood)
