"""
Points in walking order on the thinned streets: neighbours become neighbours in memory.

Every point gets the ends it has on the junctions kept. The order is that of the lowest of them; junctions
come along a Hilbert curve. Without it a million places in random order cost twice the time: every one
of them touches a dozen cold cache lines in each step.
"""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.access._search_kernels import Ends
from yike.core.access._thin_kernels import KEPT
from yike.core.tables import IntArray, LongArray


class Direct(NamedTuple):
    """Walks that need no junction kept, per place."""

    ptr: LongArray | IntArray
    outlet: IntArray
    ticks: IntArray


class Points(NamedTuple):
    """Points in the order of the junctions they join."""

    row: IntArray  # row in the table given
    ends: Ends


@njit(nogil=True, cache=True)
def sort_points(ends, is_used, number, n_kept):
    """Rows of used points, in the order of their lowest end; points without ends come last."""
    n = is_used.size
    start = np.zeros(n_kept + 3, np.int64)
    key = np.full(n, n_kept + 1, np.int32)
    n_used = 0
    for i in range(n):
        if is_used[i]:
            n_used += 1
            for k in range(ends.ptr[i], ends.ptr[i + 1]):
                key[i] = min(key[i], number[ends.junction[k]])
            start[key[i] + 1] += 1
    for j in range(start.size - 1):
        start[j + 1] += start[j]
    row = np.empty(n_used, np.int32)
    for i in range(n):
        if is_used[i]:
            row[start[key[i]]] = i
            start[key[i]] += 1
    return row


@njit(nogil=True, cache=True)
def put(junction, ticks, n, new, cost):
    """Add an end to a point's list of ``n``, or make it cheaper; returns the length."""
    for i in range(n):
        if junction[i] == new:
            ticks[i] = min(ticks[i], cost)
            return n
    junction[n], ticks[n] = new, cost
    return n + 1


@njit(nogil=True, cache=True)
def walk_on(low, high, ends, rank, via, via_ticks, limit, junction, ticks, passed, passed_ticks):
    """
    Ends ``low`` to ``high`` of one point, on the junctions kept; and the junctions it passes on the way.

    Returns how many of both; the last four lists are filled. Junctions are passed in the order they were
    taken out, so each is passed once, at its shortest walk.
    """
    end_junction, end_ticks = ends
    n = 0
    for k in range(low, high):
        if end_ticks[k] <= limit:
            n = put(junction, ticks, n, end_junction[k], end_ticks[k])
    n_passed = 0
    while n:
        first = 0
        for k in range(1, n):
            if rank[junction[k]] < rank[junction[first]]:
                first = k
        v, cost = junction[first], np.int64(ticks[first])
        if rank[v] == KEPT:
            break
        passed[n_passed], passed_ticks[n_passed] = v, cost
        n_passed += 1
        n -= 1
        junction[first], ticks[first] = junction[n], ticks[n]
        for side in range(2):
            if via[2 * v + side] >= 0 and cost + via_ticks[2 * v + side] <= limit:
                n = put(junction, ticks, n, via[2 * v + side], cost + via_ticks[2 * v + side])
    return n, n_passed


@njit(nogil=True, cache=True)
def settle_ends(ends, thinned, limit, row, state, settled, passings):
    """
    Ends of the points ``row`` on the junctions kept, and (point, junction, ticks) where they pass another.

    Works on from ``state`` = (points, ends, passings) done until all is done or a list is full; returns the
    new state. ``settled`` are ptr, junction, ticks; ``passings`` are point, junction, ticks.
    """
    end_ptr, end_junction, end_ticks = ends.ptr, ends.junction, ends.ticks
    rank, via, via_ticks, number = thinned.rank, thinned.via, thinned.via_ticks, thinned.number
    ptr, new_junction, new_ticks = settled
    passing_point, passing_junction, passing_ticks = passings
    junction, ticks = np.empty(rank.size, np.int32), np.empty(rank.size, np.int32)
    passed, passed_ticks = np.empty(rank.size, np.int32), np.empty(rank.size, np.int32)
    done, n_ends, n_passings = state
    for i in range(done, row.size):
        low, high = end_ptr[row[i]], end_ptr[row[i] + 1]
        is_plain = n_ends + high - low <= new_junction.size
        for k in range(low, high):
            is_plain &= rank[end_junction[k]] == KEPT and end_ticks[k] <= limit
        if is_plain:
            for k in range(low, high):
                new_junction[n_ends], new_ticks[n_ends] = number[end_junction[k]], end_ticks[k]
                n_ends += 1
            ptr[i + 1] = n_ends
            continue
        n, n_passed = walk_on(
            low,
            high,
            (end_junction, end_ticks),
            rank,
            via,
            via_ticks,
            limit,
            junction,
            ticks,
            passed,
            passed_ticks,
        )
        if n_ends + n > new_junction.size or n_passings + n_passed > passing_point.size:
            return i, n_ends, n_passings
        for k in range(n):
            new_junction[n_ends], new_ticks[n_ends] = number[junction[k]], ticks[k]
            n_ends += 1
        ptr[i + 1] = n_ends
        for k in range(n_passed):
            passing_point[n_passings], passing_junction[n_passings] = i, passed[k]
            passing_ticks[n_passings] = passed_ticks[k]
            n_passings += 1
    return row.size, n_ends, n_passings


@njit(nogil=True, cache=True)
def group_passings(point, junction, ticks, n_junctions):
    """Per junction, the (point, ticks) that pass it, as ``Ends`` whose points are junctions."""
    ptr = np.zeros(n_junctions + 1, np.int64)
    for k in range(point.size):
        ptr[junction[k] + 1] += 1
    for v in range(n_junctions):
        ptr[v + 1] += ptr[v]
    at = ptr[:-1].copy()
    by_point, by_ticks = np.empty(point.size, np.int32), np.empty(point.size, np.int32)
    for k in range(point.size):
        by_point[at[junction[k]]], by_ticks[at[junction[k]]] = point[k], ticks[k]
        at[junction[k]] += 1
    return Ends(ptr, by_point, by_ticks)


@njit(nogil=True, cache=True)
def count_walks(row, given, place_passings, passing):
    """Most direct walks that there can be."""
    n = given.outlet.size
    for k in range(place_passings[0].size):
        v = place_passings[1][k]
        n += passing.ptr[v + 1] - passing.ptr[v]
    return n


@njit(nogil=True, cache=True)
def settle_direct(row, given, outlet_number, place_passings, passing, limit, ptr, outlets, walks):
    """
    Direct walks of the places ``row``: those given, and those over a junction that both pass.

    ``outlet_number`` turns rows of outlets into the new order (-1 not used). A pair appears once, with its
    shorter walk. Returns the number of pairs.
    """
    given_ptr, given_outlet, given_ticks = given.ptr, given.outlet, given.ticks
    by_place, by_junction, by_ticks = place_passings
    passing_ptr, passing_outlet, passing_ticks = passing.ptr, passing.junction, passing.ticks
    at_walk = np.full(outlet_number.size, -1, np.int64)
    n = at = 0
    for i in range(row.size):
        low = n
        for k in range(given_ptr[row[i]], given_ptr[row[i] + 1]):
            outlet = outlet_number[given_outlet[k]]
            if outlet >= 0 and given_ticks[k] <= limit:
                outlets[n], walks[n] = outlet, given_ticks[k]
                at_walk[outlet] = n
                n += 1
        while at < by_place.size and by_place[at] == i:
            v, cost = by_junction[at], np.int64(by_ticks[at])
            at += 1
            for k in range(passing_ptr[v], passing_ptr[v + 1]):
                outlet, walk = passing_outlet[k], cost + passing_ticks[k]
                if walk > limit:
                    continue
                if at_walk[outlet] < low:
                    outlets[n], walks[n] = outlet, walk
                    at_walk[outlet] = n
                    n += 1
                elif walk < walks[at_walk[outlet]]:
                    walks[at_walk[outlet]] = walk
        ptr[i + 1] = n
    return n
