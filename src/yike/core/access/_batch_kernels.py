"""
Batches: neighbouring places share 32 lanes and are searched together.

A lane is a junction that several places use as an end, or one place with its own ends. The first is
cheaper where places are dense (1.5 places per street: 31,000 searches of 32 lanes become 15,000 for the
same million places), the second where they are few.
"""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

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

MOST_PLACES = 1024
"""Places per hood, so also per batch."""

MOST_STARTS = 192
"""Junctions where places of a hood begin: more make the hood wider than one batch needs."""


class Batch(NamedTuple):
    """The places of one search and the lanes they read; ``lane_of`` is -1 between batches."""

    lane_of: IntArray  # per junction
    start_of: IntArray  # per lane: its junction, or -1 - place
    waiting: IntArray  # places of the hood that no batch has taken yet
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
        *(np.empty(MOST_PLACES, np.int32) for _ in range(6)),
    )


@njit(nogil=True, cache=True)
def may_share_lanes(ends, n_junctions):
    """Whether there are fewer junctions that are ends than points."""
    seen = np.zeros(n_junctions, np.uint8)
    for k in range(ends.junction.size):
        seen[ends.junction[k]] = 1
    return seen.sum() < ends.ptr.size - 1


@njit(nogil=True, cache=True)
def fill_batch(batch, n_waiting, ends, limit, may_share):
    """
    Take waiting places, in order, while their lanes fit; then those that need no new lane.

    A place with one or two ends reads the lanes of those junctions; with none, with more, or where sharing
    does not pay, it has a lane of its own. Returns (places, lanes, places still waiting).
    """
    ptr, junctions, ticks = ends.ptr, ends.junction, ends.ticks
    lane_of, start_of, waiting, taken = batch.lane_of, batch.start_of, batch.waiting, batch.place
    first_lane, first_ticks = batch.first_lane, batch.first_ticks
    second_lane, second_ticks = batch.second_lane, batch.second_ticks
    n_places = n_lanes = n_left = 0
    is_full = False
    for w in range(n_waiting):
        place = waiting[w]
        n_ends = n_new = 0
        for k in range(ptr[place], ptr[place + 1]):
            if ticks[k] <= limit:
                n_ends += 1
                n_new += 1 if lane_of[junctions[k]] < 0 else 0
        shares = may_share and 1 <= n_ends <= 2
        if not shares:
            n_new = 1
        is_full |= n_lanes + n_new > LANES
        if is_full and n_new > 0:
            waiting[n_left] = place
            n_left += 1
            continue
        i = n_places
        n_places += 1
        taken[i] = place
        first_lane[i] = second_lane[i] = n_lanes
        first_ticks[i] = second_ticks[i] = 0
        if not shares:
            start_of[n_lanes] = -1 - place
            n_lanes += 1
            continue
        is_first = True
        for k in range(ptr[place], ptr[place + 1]):
            if ticks[k] > limit:
                continue
            junction = junctions[k]
            if lane_of[junction] < 0:
                lane_of[junction] = n_lanes
                start_of[n_lanes] = junction
                n_lanes += 1
            second_lane[i], second_ticks[i] = lane_of[junction], ticks[k]
            if is_first:
                first_lane[i], first_ticks[i] = lane_of[junction], ticks[k]
            is_first = False
    return n_places, n_lanes, n_left


@njit(nogil=True, cache=True)
def enter_hood(hood, batch, streets, low, high, ends, limit):
    """
    Take places from ``low`` on for one hood and explore the streets around them.

    Returns the end of the places taken, ``high`` at most, and the number of slots.
    """
    ptr, junctions, ticks = ends.ptr, ends.junction, ends.ticks
    near, waiting = hood.near, batch.waiting
    n_starts = 0
    place = low
    while place < high and place - low < MOST_PLACES and n_starts < MOST_STARTS:
        waiting[place - low] = place
        for k in range(ptr[place], ptr[place + 1]):
            if ticks[k] <= limit and near[junctions[k]] != 0:
                near[junctions[k]] = 0
                wait_at(hood, junctions[k], 0)
                n_starts += 1
        place += 1
    n_slots = explore(hood, streets, limit)
    lay_streets(hood, streets, n_slots, limit)
    return place, n_slots


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
