# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
The bounded search: walking times of 32 starts to every junction within a limit, in one go.

Label correcting with a bucket queue. A junction waits in the bucket of ``due``, a lower bound on the walking
times that became smaller since its last visit; it is visited again whenever any lane improves. The
times are exact in any order; the order only decides how often a junction is visited (about 1.3 times).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.access._lane_kernels import LANES, fill_row, relax_row, start_row
from yike.core.tables import IntArray, LongArray

BUCKET_SHIFT = 21
"""Buckets of 2^21 ticks = 32 s, about 40 m. From 25 to 100 m it makes no difference (measured)."""


class Streets(NamedTuple):
    """The junctions' neighbours: ``arcs`` holds (neighbour, ticks) in turn."""

    indptr: IntArray
    arcs: IntArray


class Ends(NamedTuple):
    """The junctions that points can walk to, and what that costs."""

    ptr: LongArray
    junction: IntArray
    ticks: IntArray


class SearchRoom(NamedTuple):
    """Working space of one searching thread; ``slot_of`` is -1 between searches."""

    slot_of: IntArray  # per junction
    junction_of: IntArray  # per slot, as all that follow
    rows: IntArray  # LANES ticks per slot
    due: IntArray
    is_queued: IntArray
    following: IntArray
    head: IntArray  # per bucket
    tail: IntArray


def search_room(n_junctions: int, limit: int) -> SearchRoom:
    """Working space for searches up to ``limit`` ticks; pages that no search touches cost no memory."""
    n_buckets = (limit >> BUCKET_SHIFT) + 1
    per_slot = [np.empty(n_junctions, np.int32) for _ in range(4)]
    return SearchRoom(
        np.full(n_junctions, -1, np.int32),
        per_slot[0],
        np.empty(n_junctions * LANES, np.int32),
        *per_slot[1:],
        np.full(n_buckets, -1, np.int32),
        np.full(n_buckets, -1, np.int32),
    )


@njit(nogil=True, cache=True)
def enqueue(room, slot, bucket):
    """Put a slot at the end of a bucket's list."""
    room.following[slot] = -1
    if room.head[bucket] < 0:
        room.head[bucket] = slot
    else:
        room.following[room.tail[bucket]] = slot
    room.tail[bucket] = slot
    room.is_queued[slot] = 1


@njit(nogil=True, cache=True)
def seed_lane(room, lane, junction, ticks, limit, n_slots):
    """Start a lane at a junction, after ``ticks`` of walking; returns the number of slots in use."""
    slot = room.slot_of[junction]
    if slot < 0:
        slot = np.int32(n_slots)
        n_slots += 1
        room.slot_of[junction] = slot
        room.junction_of[slot] = junction
        room.due[slot] = limit + 1
        room.is_queued[slot] = 0
        fill_row(room.rows, np.intp(slot) * LANES, np.int32(limit + 1))
    at = np.intp(slot) * LANES + lane
    room.rows[at] = min(room.rows[at], ticks)
    room.due[slot] = min(room.due[slot], ticks)
    if room.is_queued[slot] == 0:
        enqueue(room, slot, room.due[slot] >> BUCKET_SHIFT)
    return n_slots


@njit(nogil=True, cache=True)
def spread(room, streets, limit, n_slots):
    """
    Walk from the seeded junctions until nothing within the limit improves; returns the slots in use.

    ``rows`` ends with the walking times, ``limit + 1`` where a lane does not arrive in time.
    """
    for bucket in range(room.head.size):
        while room.head[bucket] >= 0:
            slot = room.head[bucket]
            room.head[bucket] = room.following[slot]
            room.is_queued[slot] = 0
            since = int(room.due[slot])
            room.due[slot] = limit + 1
            junction = room.junction_of[slot]
            source = np.intp(slot) * LANES
            for k in range(streets.indptr[junction], streets.indptr[junction + 1]):
                ticks = streets.arcs[2 * k + 1]
                arrival = since + ticks
                if arrival > limit:
                    continue
                other = streets.arcs[2 * k]
                to = room.slot_of[other]
                if to < 0:
                    to = np.int32(n_slots)
                    n_slots += 1
                    room.slot_of[other] = to
                    room.junction_of[to] = other
                    room.due[to] = limit + 1
                    room.is_queued[to] = 0
                    start_row(room.rows, source, np.intp(to) * LANES, ticks, np.int32(limit + 1))
                elif relax_row(room.rows, source, np.intp(to) * LANES, ticks) == 0:
                    continue
                room.due[to] = min(room.due[to], arrival)
                # a dead end leads nowhere but back, and back is never shorter
                if room.is_queued[to] == 0 and streets.indptr[other + 1] - streets.indptr[other] > 1:
                    enqueue(room, to, max(bucket, room.due[to] >> BUCKET_SHIFT))
    return n_slots


@njit(nogil=True, cache=True)
def leave(room, n_slots):
    """Forget the junctions of a search."""
    for slot in range(n_slots):
        room.slot_of[room.junction_of[slot]] = -1
