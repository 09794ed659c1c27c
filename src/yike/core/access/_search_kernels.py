"""
The bounded search: walking times of 32 starts to every junction within a limit, in one go.

Some hundred neighbouring places share a hood: the junctions within the limit of any of them, found by one
plain search, numbered anew and with their streets laid side by side. Inside it every 32 starts are searched
together, label correcting with a bucket queue. A junction waits in the bucket of ``lowest``, a lower bound
on the walks to it from any start, and waits again whenever one lane improves. Walks are exact in any
order; the order only decides how often a junction is visited (1.8 times; in the order of the lane that
improved last it was 2.9 times, because starts on the far side of a batch came late).

The inner loop has no branch but its end: stores, flags and queue links are written whether they change
or not. With branches an arc cost 18 ns, without 6.
"""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.access._lane_kernels import LANES, fill_row, lane_array, relax_row
from yike.core.tables import IntArray, LongArray

BUCKET_SHIFT = 21
"""Buckets of 2^21 ticks = 32 s, about 40 m. From 25 to 100 m it makes no difference (measured)."""

NOT_WAITING = -2
"""Link of a junction that no list holds; -1 ends a list."""


class Streets(NamedTuple):
    """The junctions' neighbours: ``arcs`` holds (neighbour, ticks) in turn."""

    indptr: IntArray
    arcs: IntArray


class Ends(NamedTuple):
    """The junctions that points can walk to, and what that costs."""

    ptr: LongArray | IntArray
    junction: IntArray
    ticks: IntArray


class Hood(NamedTuple):
    """
    The junctions around some places, and the walks to them from one batch of starts.

    Working space of one thread. ``near`` is ``FAR`` and ``slot_of`` -1 for all junctions outside the hood.
    """

    slot_of: IntArray  # per junction, as the next two
    near: IntArray  # ticks from the nearest start of the hood
    link: IntArray
    head: IntArray  # per bucket, as the next
    last: IntArray
    junction_of: IntArray  # per slot, as all that follow
    ptr: IntArray
    arcs: IntArray  # (slot, ticks) in turn
    rows: IntArray  # LANES ticks per slot
    lowest: IntArray
    is_waiting: IntArray
    is_dead_end: IntArray
    following: IntArray  # per slot, then one per bucket: the first in its list
    tail: IntArray  # per bucket


FAR = np.int32(2**31 - 1)


def empty_hood(n_junctions: int, n_arcs: int, limit: int) -> Hood:
    """Working space for searches up to ``limit`` ticks; pages that no search touches cost no memory."""
    n_buckets = ((limit + 1) >> BUCKET_SHIFT) + 1

    def slots(more: int = 0) -> IntArray:
        return np.empty(n_junctions + more, np.int32)

    return Hood(
        slot_of=np.full(n_junctions, -1, np.int32),
        near=np.full(n_junctions, FAR, np.int32),
        link=np.full(n_junctions, NOT_WAITING, np.int32),
        head=np.full(n_buckets, -1, np.int32),
        last=np.full(n_buckets, -1, np.int32),
        junction_of=slots(),
        ptr=slots(more=1),
        arcs=np.empty(2 * n_arcs, np.int32),
        rows=lane_array(n_junctions * LANES),
        lowest=slots(),
        is_waiting=slots(),
        is_dead_end=slots(),
        following=slots(more=n_buckets),
        tail=np.arange(n_junctions, n_junctions + n_buckets + 1, dtype=np.int32),
    )


@njit(nogil=True, cache=True)
def wait_at(hood, junction, bucket):
    """Put a junction at the end of a bucket's list."""
    hood.link[junction] = -1
    if hood.head[bucket] < 0:
        hood.head[bucket] = junction
    else:
        hood.link[hood.last[bucket]] = junction
    hood.last[bucket] = junction


@njit(nogil=True, cache=True)
def explore(hood, streets, limit):
    """Find the junctions within the limit of those that wait; returns how many."""
    indptr, arcs = streets.indptr, streets.arcs
    near, link, head, last = hood.near, hood.link, hood.head, hood.last
    slot_of, junction_of = hood.slot_of, hood.junction_of
    n_slots = 0
    for bucket in range(head.size):
        while head[bucket] >= 0:
            junction = head[bucket]
            head[bucket] = link[junction]
            link[junction] = NOT_WAITING
            if slot_of[junction] < 0:
                slot_of[junction] = n_slots
                junction_of[n_slots] = junction
                n_slots += 1
            since = int(near[junction])
            for k in range(indptr[junction], indptr[junction + 1]):
                arrival = since + arcs[2 * k + 1]
                other = arcs[2 * k]
                if arrival > limit or arrival >= near[other]:
                    continue
                near[other] = arrival
                if link[other] != NOT_WAITING:
                    continue  # it stays in its later bucket: that costs a visit at most
                at = max(bucket, arrival >> BUCKET_SHIFT)
                link[other] = -1
                if head[at] < 0:
                    head[at] = other
                else:
                    link[last[at]] = other
                last[at] = other
    return n_slots


@njit(nogil=True, cache=True)
def lay_streets(hood, streets, n_slots, limit):
    """Streets of the hood, from slot to slot; those that only lead beyond the limit are left out."""
    indptr, far_arcs = streets.indptr, streets.arcs
    near, slot_of, junction_of = hood.near, hood.slot_of, hood.junction_of
    ptr, arcs, is_dead_end = hood.ptr, hood.arcs, hood.is_dead_end
    n = 0
    for slot in range(n_slots):
        junction = junction_of[slot]
        ptr[slot] = n
        low, high = indptr[junction], indptr[junction + 1]
        # a dead end leads nowhere but back, and back is never shorter
        is_dead_end[slot] = high - low < 2
        for k in range(low, high):
            if int(near[junction]) + far_arcs[2 * k + 1] <= limit:
                arcs[2 * n] = slot_of[far_arcs[2 * k]]
                arcs[2 * n + 1] = far_arcs[2 * k + 1]
                n += 1
    ptr[n_slots] = n


@njit(nogil=True, cache=True)
def clear_rows(hood, n_slots, limit):
    """Nobody has arrived anywhere."""
    rows, lowest, is_waiting, is_dead_end = hood.rows, hood.lowest, hood.is_waiting, hood.is_dead_end
    for slot in range(n_slots):
        fill_row(rows, np.intp(slot) * LANES, np.int32(limit + 1))
        lowest[slot] = limit + 1
        is_waiting[slot] = is_dead_end[slot]


@njit(nogil=True, cache=True)
def seed_lane(hood, lane, slot, ticks):
    """Start a lane at a slot, after ``ticks`` of walking."""
    at = np.intp(slot) * LANES + lane
    hood.rows[at] = min(hood.rows[at], ticks)
    if hood.is_waiting[slot] != 2:
        bucket = ticks >> BUCKET_SHIFT
        hood.following[hood.tail[bucket]] = slot
        hood.tail[bucket] = slot
        hood.is_waiting[slot] = 2
    hood.lowest[slot] = min(hood.lowest[slot], ticks)


@njit(nogil=True, cache=True)
def spread(hood):
    """Walk from the seeded slots until nothing improves; ``rows`` ends with the walking times."""
    # taken out of the tuple once: each access inside the loop would count references (7 ns)
    ptr, arcs, rows, lowest = hood.ptr, hood.arcs, hood.rows, hood.lowest
    is_waiting, is_dead_end, following, tail = hood.is_waiting, hood.is_dead_end, hood.following, hood.tail
    capacity = hood.slot_of.size
    spare = np.uintp(tail.size - 1)  # takes the links of those that need not wait
    for bucket in range(tail.size - 1):
        door, at_bucket = np.int32(capacity + bucket), np.uintp(bucket)
        while tail[at_bucket] != door:
            first = following[np.uintp(door)]
            slot = np.uintp(first)
            following[np.uintp(door)] = following[slot]
            tail[at_bucket] = door if tail[at_bucket] == first else tail[at_bucket]
            is_waiting[slot] = is_dead_end[slot]
            since = lowest[slot]
            source = np.intp(slot) * LANES
            for k in range(np.uintp(ptr[slot]), np.uintp(ptr[slot + np.uintp(1)])):
                to = np.uintp(arcs[k + k])
                ticks = arcs[k + k + np.uintp(1)]
                is_better = relax_row(rows, source, np.intp(to) * LANES, ticks)
                low = min(lowest[to], np.int32(since + ticks))
                lowest[to] = low
                at = np.uintp(max(np.int32(bucket), low >> BUCKET_SHIFT))
                joins = np.int32((is_better != 0) & (is_waiting[to] == 0))
                following[np.uintp(tail[at])] = to
                tail[at if joins else spare] = to
                is_waiting[to] |= joins


@njit(nogil=True, cache=True)
def leave(hood, n_slots):
    """Forget the hood."""
    for slot in range(n_slots):
        junction = hood.junction_of[slot]
        hood.slot_of[junction] = -1
        hood.near[junction] = FAR
