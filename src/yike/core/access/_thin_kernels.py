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

from yike.core.access._search_kernels import Streets
from yike.core.tables import IntArray

MOST_PAIRS = 64
"""Places x outlets at a junction, beyond which it stays: a search is cheaper than that many direct walks."""

KEPT = np.int32(2**31 - 1)


class Thinned(NamedTuple):
    """Where walks go on from the junctions that were taken out."""

    rank: IntArray  # per junction: order in which it was taken out, or KEPT
    via: IntArray  # per junction, two: its neighbours at that time, -1 none
    via_ticks: IntArray
    number: IntArray  # per junction: its number among those kept, or that of one nearby


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
def is_two_way(indptr, neighbour, ticks):
    """Whether every street leads back at the same cost: sums of scrambled arcs, there and back, agree."""
    balance = np.int64(0)
    for start in range(indptr.size - 1):
        u = np.int64(start)
        for k in range(indptr[start], indptr[start + 1]):
            v, cost = np.int64(neighbour[k]), np.int64(ticks[k])
            balance += ((u * 2654435761) ^ (v * 40503 + cost)) & 0x7FFFFFFF
            balance -= ((v * 2654435761) ^ (u * 40503 + cost)) & 0x7FFFFFFF
    return balance == 0


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
