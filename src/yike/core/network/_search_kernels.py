"""Compiled bounded shortest-path searches: binary heap of ``ticks << 32 | junction`` words."""

# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit

_NO = np.int32(2**31 - 1)


@njit(cache=True, inline="always")
def push(heap, n, key):
    """Add a key to a heap of ``n`` words; returns the heap (grown when full) and its size."""
    if n == heap.size:
        bigger = np.empty(2 * n + 16, np.int64)
        bigger[:n] = heap
        heap = bigger
    k = n
    while k > 0:
        up = (k - 1) >> 1
        if heap[up] <= key:
            break
        heap[k] = heap[up]
        k = up
    heap[k] = key
    return heap, n + 1


@njit(cache=True, inline="always")
def pop(heap, n):
    """Take the smallest key from a heap of ``n`` words."""
    top = heap[0]
    n -= 1
    if n > 0:
        key = heap[n]
        k = 0
        while True:
            child = 2 * k + 1
            if child >= n:
                break
            if child + 1 < n and heap[child + 1] < heap[child]:
                child += 1
            if heap[child] >= key:
                break
            heap[k] = heap[child]
            k = child
        heap[k] = key
    return top, n


@njit(cache=True)
def bounded_search(indptr, neighbour, ticks, start, start_ticks, limit, best, touched, heap):
    """
    Shortest ticks from many starts, up to and including ``limit``.

    ``best`` holds NO_TICKS on entry and keeps it where nothing arrives; ``touched`` gets the junctions
    reached. Returns their number and the heap for the next call.
    """
    n_heap = 0
    n_touched = 0
    for k in range(start.size):
        j = start[k]
        t = start_ticks[k]
        if t <= limit and t < best[j]:
            if best[j] == _NO:
                touched[n_touched] = j
                n_touched += 1
            best[j] = t
            heap, n_heap = push(heap, n_heap, (np.int64(t) << 32) | np.int64(j))
    while n_heap > 0:
        key, n_heap = pop(heap, n_heap)
        t = np.int64(key >> 32)
        j = np.int32(key & 0x7FFFFFFF)
        if t > best[j]:
            continue
        for q in range(indptr[j], indptr[j + 1]):
            x = neighbour[q]
            arrive = t + ticks[q]
            if arrive <= limit and arrive < best[x]:
                if best[x] == _NO:
                    touched[n_touched] = x
                    n_touched += 1
                best[x] = arrive
                heap, n_heap = push(heap, n_heap, (arrive << 32) | np.int64(x))
    return n_touched, heap


@njit(cache=True)
def locate_vertices(chain_ptr, chain_vertex, edge_of, place_in_chain):
    """An edge of each vertex and its position in the chain columns; -1 for vertices on no edge."""
    for e in range(chain_ptr.size - 1):
        for k in range(chain_ptr[e], chain_ptr[e + 1]):
            v = chain_vertex[k]
            if edge_of[v] < 0:
                edge_of[v] = e
                place_in_chain[v] = k


@njit(cache=True)
def spread_to_vertices(
    edge_from, edge_to, edge_ticks, chain_ptr, chain_vertex, chain_ticks, best, limit, out
):
    """Ticks of every vertex from those of the junctions, through its chain."""
    for e in range(edge_from.size):
        a = np.int64(best[edge_from[e]])
        b = np.int64(best[edge_to[e]])
        if a > limit and b > limit:
            continue
        for k in range(chain_ptr[e], chain_ptr[e + 1]):
            t = min(a + chain_ticks[k], b + edge_ticks[e] - chain_ticks[k])
            if t <= limit and t < out[chain_vertex[k]]:
                out[chain_vertex[k]] = t


@njit(cache=True)
def spread_along_edges(
    start_edge, start_offset, start_ticks, chain_ptr, chain_vertex, chain_ticks, limit, out
):
    """Ticks of vertices on a start's own edge, walking along it."""
    for i in range(start_edge.size):
        e = start_edge[i]
        for k in range(chain_ptr[e], chain_ptr[e + 1]):
            t = np.int64(start_ticks[i]) + abs(np.int64(start_offset[i]) - chain_ticks[k])
            if t <= limit and t < out[chain_vertex[k]]:
                out[chain_vertex[k]] = t
