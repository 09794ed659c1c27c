"""Compiled search that also tells which seed is nearest: ties go to the lowest seed."""

# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit

from yike.core.network._search_kernels import pop, push


@njit(cache=True)
def labelled_search(indptr, neighbour, ticks, start, start_ticks, start_label, limit, best, label):
    """
    Shortest ticks to the nearest start and the lowest label among the nearest.

    ``best`` holds NO_TICKS on entry, ``label`` -1; both keep it beyond ``limit``. A junction whose label
    improves at equal ticks is expanded again, so zero-length pieces do no harm.
    """
    heap = np.empty(1024, np.int64)
    n = 0
    for k in range(start.size):
        j = start[k]
        t = start_ticks[k]
        if t <= limit and (t < best[j] or (t == best[j] and start_label[k] < label[j])):
            best[j] = t
            label[j] = start_label[k]
            heap, n = push(heap, n, (np.int64(t) << 32) | np.int64(j))
    while n > 0:
        key, n = pop(heap, n)
        t = np.int64(key >> 32)
        j = np.int32(key & 0x7FFFFFFF)
        if t > best[j]:
            continue
        for q in range(indptr[j], indptr[j + 1]):
            x = neighbour[q]
            arrive = t + ticks[q]
            if arrive > limit:
                continue
            if arrive < best[x] or (arrive == best[x] and label[j] < label[x]):
                best[x] = arrive
                label[x] = label[j]
                heap, n = push(heap, n, (arrive << 32) | np.int64(x))
