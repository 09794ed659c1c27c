"""
Compiled loops of the contraction.

A half-edge ``2 * piece + side`` leaves the piece's from-vertex (side 0) or to-vertex (side 1); ``h ^ 1`` is
the same piece the other way. Only vertices with exactly two half-edges need their links stored, so no
adjacency of the uncontracted network is built.
"""

# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def count_links(piece_from, piece_to, piece_s, degree, link):
    """Half-edges per vertex, and the first two of each. Negative seconds mark pieces not walked."""
    for p in range(piece_from.size):
        if piece_s[p] < 0.0:
            continue
        for side in range(2):
            v = piece_from[p] if side == 0 else piece_to[p]
            d = degree[v]
            if d < 2:
                link[2 * v + d] = 2 * p + side
            degree[v] = d + 1


@njit(cache=True)
def find_chains(
    piece_from, piece_to, piece_s, degree, link, max_chain_s, is_junction, start_half, end_half, n_inner
):
    """
    Walk every chain once; returns the number of edges.

    ``start_half`` leaves the edge's first junction, ``end_half`` leaves its last one backwards. A chain that
    would grow beyond ``max_chain_s`` is cut by making the vertex reached a junction; an isolated ring gets
    one junction at its first piece's from-vertex.
    """
    n_pieces = piece_from.size
    seen = np.zeros(n_pieces, np.uint8)
    m = 0
    for phase in range(2):
        for half in range(2 * n_pieces):
            p = half >> 1
            if seen[p] or piece_s[p] < 0.0:
                continue
            v = piece_from[p] if half & 1 == 0 else piece_to[p]
            if not is_junction[v]:
                if phase == 0:
                    continue
                is_junction[v] = True
            first = half
            last_back = half ^ 1
            h = half
            total = 0.0
            inner = 0
            while True:
                p = h >> 1
                if inner > 0 and total + piece_s[p] > max_chain_s:
                    v = piece_from[p] if h & 1 == 0 else piece_to[p]
                    is_junction[v] = True
                    start_half[m] = first
                    end_half[m] = last_back
                    n_inner[m] = inner - 1
                    m += 1
                    first = h
                    total = 0.0
                    inner = 0
                seen[p] = 1
                total += piece_s[p]
                last_back = h ^ 1
                v = piece_to[p] if h & 1 == 0 else piece_from[p]
                if is_junction[v]:
                    break
                inner += 1
                h = link[2 * v + 1] if link[2 * v] == last_back else link[2 * v]
            start_half[m] = first
            end_half[m] = last_back
            n_inner[m] = inner
            m += 1
    return m


@njit(cache=True)
def order_edges(edge_a, edge_b, n_junctions, ptr, order):
    """Stable counting sort of edges by (lower junction, higher junction)."""
    m = edge_a.size
    for e in range(m):
        ptr[min(edge_a[e], edge_b[e]) + 1] += 1
    for j in range(n_junctions):
        ptr[j + 1] += ptr[j]
    pos = ptr[:-1].copy()
    for e in range(m):
        j = min(edge_a[e], edge_b[e])
        k = pos[j]
        pos[j] += 1
        high = max(edge_a[e], edge_b[e])
        while k > ptr[j] and max(edge_a[order[k - 1]], edge_b[order[k - 1]]) > high:
            order[k] = order[k - 1]
            k -= 1
        order[k] = e


@njit(cache=True)
def fill_chains(
    piece_from,
    piece_to,
    piece_s,
    link,
    first_half,
    chain_ptr,
    ticks_per_s,
    chain_vertex,
    chain_ticks,
    piece_edge,
    piece_start,
    piece_reversed,
    piece_ticks,
):
    """
    Lay every edge out: vertices, offsets, and where each piece lies.

    Seconds are summed in float64 from the edge's start and rounded once per vertex, so a piece's ticks are
    the difference of its ends' offsets and all of them add up to the edge's.
    """
    for e in range(first_half.size):
        k = chain_ptr[e]
        end = chain_ptr[e + 1] - 1
        h = first_half[e]
        p = h >> 1
        chain_vertex[k] = piece_from[p] if h & 1 == 0 else piece_to[p]
        chain_ticks[k] = 0
        total = 0.0
        while True:
            p = h >> 1
            v = piece_to[p] if h & 1 == 0 else piece_from[p]
            total += piece_s[p]
            t = np.int32(np.rint(total * ticks_per_s))
            piece_edge[p] = e
            piece_start[p] = chain_ticks[k]
            piece_reversed[p] = h & 1 == 1
            piece_ticks[p] = t - chain_ticks[k]
            k += 1
            chain_vertex[k] = v
            chain_ticks[k] = t
            if k == end:
                break
            h = link[2 * v + 1] if link[2 * v] == h ^ 1 else link[2 * v]


@njit(cache=True)
def fill_csr(edge_from, edge_to, edge_ticks, indptr, neighbour, ticks):
    """Neighbours of each junction in edge order, loops left out."""
    for e in range(edge_from.size):
        if edge_from[e] != edge_to[e]:
            indptr[edge_from[e] + 1] += 1
            indptr[edge_to[e] + 1] += 1
    for j in range(indptr.size - 1):
        indptr[j + 1] += indptr[j]
    pos = indptr[:-1].copy()
    for e in range(edge_from.size):
        a = edge_from[e]
        b = edge_to[e]
        if a == b:
            continue
        neighbour[pos[a]] = b
        ticks[pos[a]] = edge_ticks[e]
        pos[a] += 1
        neighbour[pos[b]] = a
        ticks[pos[b]] = edge_ticks[e]
        pos[b] += 1


@njit(cache=True)
def _root(parent, j):
    while parent[j] != j:
        parent[j] = parent[parent[j]]
        j = parent[j]
    return j


@njit(cache=True)
def label_components(edge_from, edge_to, n_inner, component, size):
    """Component of each junction (numbered by first junction) and its vertices; returns their number."""
    n = component.size
    parent = np.arange(n)
    for e in range(edge_from.size):
        a = _root(parent, edge_from[e])
        b = _root(parent, edge_to[e])
        if a < b:
            parent[b] = a
        elif b < a:
            parent[a] = b
    k = 0
    for j in range(n):
        r = _root(parent, j)
        if r == j:
            component[j] = k
            k += 1
        else:
            component[j] = component[r]
        size[component[j]] += 1
    for e in range(edge_from.size):
        size[component[edge_from[e]]] += n_inner[e]
    return k
