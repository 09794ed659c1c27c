"""
Thinner streets: junctions with one or two neighbours are taken out before any search.

A dead end, or a junction that became a mere bend once its dead ends were gone, is left out; its neighbours
are joined by what the walk through it costs, and whoever could walk to it walks on to them. About a
quarter of all junctions go, and as many starts: the search takes half the time. A walk whose farthest
point would be a junction taken out, from place to outlet, is found beforehand and added to the direct
walks. (A contraction hierarchy, stopped where it would begin to add streets.)
"""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.access._search_kernels import Ends, Streets
from yike.core.tables import IntArray, LongArray

MOST_PAIRS = 64
"""Places x outlets at a junction, beyond which it stays: a search is cheaper than that many direct walks."""

KEPT = np.int32(2**31 - 1)


class Thinned(NamedTuple):
    """Where walks go on from the junctions that were taken out."""

    rank: IntArray  # per junction: order in which it was taken out, or KEPT
    via: IntArray  # per junction, two: its neighbours at that time, -1 none
    via_ticks: IntArray
    number: IntArray  # per junction: its number among those kept, or that of one nearby


class Direct(NamedTuple):
    """Walks that need no junction kept, per place."""

    ptr: LongArray
    outlet: IntArray
    ticks: IntArray


class Points(NamedTuple):
    """Points in the order of the junctions they join."""

    row: IntArray  # row in the table given
    ends: Ends


@njit(nogil=True, cache=True)
def count_at_junctions(ends, is_used, n_junctions):
    """Points that have each junction as an end."""
    count = np.zeros(n_junctions, np.int64)
    for i in range(is_used.size):
        if is_used[i]:
            for k in range(ends.ptr[i], ends.ptr[i + 1]):
                count[ends.junction[k]] += 1
    return count


@njit(nogil=True, cache=True)
def drop_parallels(indptr, neighbour, ticks, degree, limit):
    """Keep the shortest of parallel streets and none beyond the limit; the first ``degree`` rows count."""
    for v in range(degree.size):
        low = indptr[v]
        n = low
        for k in range(low, indptr[v + 1]):
            if ticks[k] > limit or neighbour[k] == v:
                continue
            at = low
            while at < n and neighbour[at] != neighbour[k]:
                at += 1
            if at == n:
                neighbour[n], ticks[n] = neighbour[k], ticks[k]
                n += 1
            else:
                ticks[at] = min(ticks[at], ticks[k])
        degree[v] = n - low


@njit(nogil=True, cache=True)
def reroute(indptr, neighbour, ticks, degree, start, old, new, cost, limit):
    """Replace ``start``'s street to ``old`` by one to ``new`` (-1: none), unless it has a shorter one."""
    low = indptr[start]
    at_old = at_new = -1
    for k in range(low, low + degree[start]):
        if neighbour[k] == old:
            at_old = k
        if neighbour[k] == new:
            at_new = k
    if new >= 0 and at_new < 0 and cost <= limit:
        neighbour[at_old], ticks[at_old] = new, cost
        return
    if at_new >= 0:
        ticks[at_new] = min(ticks[at_new], cost)
    last = low + degree[start] - 1
    neighbour[at_old], ticks[at_old] = neighbour[last], ticks[last]
    degree[start] -= 1


@njit(nogil=True, cache=True)
def take_out(indptr, neighbour, ticks, degree, n_places, n_outlets, limit, rank, via, via_ticks):
    """Take junctions out until none of degree 1 or 2 is left, or they are too busy; fills the last three."""
    n = degree.size
    queue = np.empty(n, np.int32)
    is_queued = np.zeros(n, np.uint8)
    head = size = 0
    for v in range(n):
        if 0 < degree[v] <= 2:
            queue[size] = v
            is_queued[v] = 1
            size += 1
    nth = 0
    while size:
        v = queue[head]
        head = head + 1 if head + 1 < n else 0
        size -= 1
        is_queued[v] = 0
        if degree[v] == 0 or n_places[v] * n_outlets[v] > MOST_PAIRS:
            continue
        rank[v] = nth
        nth += 1
        low = indptr[v]
        for side in range(degree[v]):
            other = neighbour[low + 1 - side] if degree[v] == 2 else -1
            cost = np.int64(ticks[low]) + (ticks[low + 1] if degree[v] == 2 else 0)
            start = neighbour[low + side]
            via[2 * v + side] = start
            via_ticks[2 * v + side] = ticks[low + side]
            reroute(indptr, neighbour, ticks, degree, start, v, other, cost, limit)
            n_places[start] += n_places[v]
            n_outlets[start] += n_outlets[v]
            if degree[start] <= 2 and not is_queued[start]:
                at = head + size if head + size < n else head + size - n
                queue[at] = start
                is_queued[start] = 1
                size += 1


@njit(nogil=True, cache=True)
def thin_streets(streets, places, outlets, is_used, limit):
    """Take out what can be taken out: the streets that remain, and how to reach them."""
    n = streets.indptr.size - 1
    neighbour, ticks = streets.arcs[0::2].copy(), streets.arcs[1::2].copy()
    indptr = streets.indptr
    degree = np.empty(n, np.int32)
    drop_parallels(indptr, neighbour, ticks, degree, limit)
    rank = np.full(n, KEPT, np.int32)
    via = np.full(2 * n, -1, np.int32)
    via_ticks = np.zeros(2 * n, np.int32)
    n_places = count_at_junctions(places, np.ones(places.ptr.size - 1, np.uint8), n)
    n_outlets = count_at_junctions(outlets, is_used, n)
    take_out(indptr, neighbour, ticks, degree, n_places, n_outlets, limit, rank, via, via_ticks)
    number = np.empty(n, np.int32)
    n_kept = n_arcs = 0
    for v in range(n):
        number[v] = n_kept
        if rank[v] == KEPT:
            n_kept += 1
            n_arcs += degree[v]
    new_ptr = np.zeros(n_kept + 1, np.int32)
    arcs = np.empty(2 * n_arcs, np.int32)
    at = 0
    for v in range(n):
        if rank[v] == KEPT:
            for k in range(indptr[v], indptr[v] + degree[v]):
                arcs[2 * at], arcs[2 * at + 1] = number[neighbour[k]], ticks[k]
                at += 1
            new_ptr[number[v] + 1] = at
    return Streets(new_ptr, arcs), Thinned(rank, via, via_ticks, number)


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
def grown(array, needed):
    """The array, or a copy with room for at least ``needed``."""
    if needed <= array.size:
        return array
    larger = np.empty(max(needed, array.size * 3 // 2 + 64), array.dtype)
    larger[: array.size] = array
    return larger


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
def walk_on(ends, i, thinned, limit, junction, ticks, passed, passed_ticks):
    """
    Ends of one point on the junctions kept, and the junctions it passes on the way there.

    Returns how many of both; the lists are filled. Junctions are passed in the order they were taken out,
    so each is passed once, at its shortest walk.
    """
    rank, via, via_ticks = thinned.rank, thinned.via, thinned.via_ticks
    n = 0
    for k in range(ends.ptr[i], ends.ptr[i + 1]):
        if ends.ticks[k] <= limit:
            n = put(junction, ticks, n, ends.junction[k], ends.ticks[k])
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
def settle_outlets(ends, is_used, thinned, limit, n_kept):
    """
    Open outlets in the order of the junctions kept, and where they pass those taken out.

    Returns the points, and per junction taken out the (outlet, ticks) that pass it, as ``Ends`` whose
    points are junctions: outlets are numbers in the new order.
    """
    row = sort_points(ends, is_used, thinned.number, n_kept)
    n = thinned.rank.size
    ptr = np.zeros(row.size + 1, np.int64)
    junctions, costs = np.empty(2 * row.size, np.int32), np.empty(2 * row.size, np.int32)
    at_junction, at_outlet = np.empty(row.size, np.int32), np.empty(row.size, np.int32)
    at_ticks = np.empty(row.size, np.int32)
    junction, ticks = np.empty(n, np.int32), np.empty(n, np.int32)
    passed, passed_ticks = np.empty(n, np.int32), np.empty(n, np.int32)
    n_ends = n_all = 0
    count = np.zeros(n + 1, np.int64)
    for i in range(row.size):
        new, n_passed = walk_on(ends, row[i], thinned, limit, junction, ticks, passed, passed_ticks)
        junctions, costs = grown(junctions, n_ends + new), grown(costs, n_ends + new)
        for k in range(new):
            junctions[n_ends], costs[n_ends] = thinned.number[junction[k]], ticks[k]
            n_ends += 1
        ptr[i + 1] = n_ends
        at_junction, at_outlet = grown(at_junction, n_all + n_passed), grown(at_outlet, n_all + n_passed)
        at_ticks = grown(at_ticks, n_all + n_passed)
        for k in range(n_passed):
            at_junction[n_all], at_outlet[n_all], at_ticks[n_all] = passed[k], i, passed_ticks[k]
            count[passed[k] + 1] += 1
            n_all += 1
    for v in range(n):
        count[v + 1] += count[v]
    at = count[:-1].copy()
    outlet, outlet_ticks = np.empty(n_all, np.int32), np.empty(n_all, np.int32)
    for k in range(n_all):
        outlet[at[at_junction[k]]] = at_outlet[k]
        outlet_ticks[at[at_junction[k]]] = at_ticks[k]
        at[at_junction[k]] += 1
    return Points(row, Ends(ptr, junctions[:n_ends], costs[:n_ends])), Ends(count, outlet, outlet_ticks)


@njit(nogil=True, cache=True)
def settle_places(ends, given, outlet_number, passing, thinned, limit, n_kept):
    """
    Places in the order of the junctions kept, and their direct walks.

    ``given`` are direct walks by table rows; ``outlet_number`` turns outlet rows into the new order (-1 not
    used). Returns points and direct walks; a pair appears once, with its shorter walk.
    """
    everyone = np.ones(ends.ptr.size - 1, np.uint8)
    row = sort_points(ends, everyone, thinned.number, n_kept)
    ptr, direct_ptr = np.zeros(row.size + 1, np.int64), np.zeros(row.size + 1, np.int64)
    junctions, costs = np.empty(2 * row.size, np.int32), np.empty(2 * row.size, np.int32)
    outlets, walks = np.empty(given.outlet.size, np.int32), np.empty(given.outlet.size, np.int32)
    n = thinned.rank.size
    junction, ticks = np.empty(n, np.int32), np.empty(n, np.int32)
    passed, passed_ticks = np.empty(n, np.int32), np.empty(n, np.int32)
    at_walk = np.full(outlet_number.size, -1, np.int64)
    n_ends = n_walks = 0
    for i in range(row.size):
        place = row[i]
        new, n_passed = walk_on(ends, place, thinned, limit, junction, ticks, passed, passed_ticks)
        junctions, costs = grown(junctions, n_ends + new), grown(costs, n_ends + new)
        for k in range(new):
            junctions[n_ends], costs[n_ends] = thinned.number[junction[k]], ticks[k]
            n_ends += 1
        ptr[i + 1] = n_ends
        low = n_walks
        more = given.ptr[place + 1] - given.ptr[place]
        outlets, walks = grown(outlets, n_walks + more), grown(walks, n_walks + more)
        for k in range(given.ptr[place], given.ptr[place + 1]):
            outlet = outlet_number[given.outlet[k]]
            if outlet >= 0 and given.ticks[k] <= limit:
                outlets[n_walks], walks[n_walks] = outlet, given.ticks[k]
                at_walk[outlet] = n_walks
                n_walks += 1
        for m in range(n_passed):
            v = passed[m]
            more = passing.ptr[v + 1] - passing.ptr[v]
            outlets, walks = grown(outlets, n_walks + more), grown(walks, n_walks + more)
            for k in range(passing.ptr[v], passing.ptr[v + 1]):
                outlet = passing.junction[k]
                walk = np.int64(passed_ticks[m]) + passing.ticks[k]
                if walk > limit:
                    continue
                if at_walk[outlet] < low:
                    outlets[n_walks], walks[n_walks] = outlet, walk
                    at_walk[outlet] = n_walks
                    n_walks += 1
                elif walk < walks[at_walk[outlet]]:
                    walks[at_walk[outlet]] = walk
        direct_ptr[i + 1] = n_walks
    points = Points(row, Ends(ptr, junctions[:n_ends], costs[:n_ends]))
    return points, Direct(direct_ptr, outlets[:n_walks], walks[:n_walks])
