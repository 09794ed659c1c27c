"""Compiled loops of compounds: walking times along inner lanes between points of one compound."""

# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit

from yike.core.network._search_kernels import bounded_search

_NO = np.int32(2**31 - 1)


@njit(cache=True)
def lane_pairs(
    indptr, neighbour, neighbour_ticks, edge_from, edge_to, edge_ticks,
    a_ptr, a_edge, a_offset, a_access, b_ptr, b_edge, b_offset, b_access, out_ptr, limit, out,
):  # fmt: skip
    """
    Ticks along lanes from every point A to every point B of the same compound.

    ``a_ptr`` and ``b_ptr`` slice the points by compound; ``out[out_ptr[c] + i * n_b + k]`` gets the ticks of
    the compound's i-th A and k-th B, NO_TICKS where no lane leads. Edges -1: the point has no lane.
    """
    best = np.full(indptr.size - 1, _NO, np.int32)
    touched = np.empty(indptr.size - 1, np.int32)
    heap = np.empty(1024, np.int64)
    start = np.empty(2, np.int32)
    spent = np.empty(2, np.int32)
    for c in range(a_ptr.size - 1):
        n_b = b_ptr[c + 1] - b_ptr[c]
        n_a = a_ptr[c + 1] - a_ptr[c]
        if n_a == 0:
            continue
        for k in range(n_b):
            b = b_ptr[c] + k
            e = b_edge[b]
            if e < 0:
                for i in range(n_a):
                    out[out_ptr[c] + i * n_b + k] = _NO
                continue
            start[0] = edge_from[e]
            start[1] = edge_to[e]
            spent[0] = b_offset[b] + b_access[b]
            spent[1] = edge_ticks[e] - b_offset[b] + b_access[b]
            n_touched, heap = bounded_search(
                indptr, neighbour, neighbour_ticks, start, spent, limit, best, touched, heap
            )
            for i in range(n_a):
                a = a_ptr[c] + i
                f = a_edge[a]
                t = np.int64(_NO)
                if f >= 0:
                    if best[edge_from[f]] != _NO:
                        t = min(t, np.int64(best[edge_from[f]]) + a_offset[a] + a_access[a])
                    if best[edge_to[f]] != _NO:
                        t = min(t, np.int64(best[edge_to[f]]) + edge_ticks[f] - a_offset[a] + a_access[a])
                    if f == e:
                        along = abs(np.int64(a_offset[a]) - b_offset[b])
                        t = min(t, along + a_access[a] + b_access[b])
                out[out_ptr[c] + i * n_b + k] = np.int32(t)
            for j in range(n_touched):
                best[touched[j]] = _NO
