"""Compiled look-ups of node ids and the cutting of ways into pieces."""

# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def fill_directory(ids, shift, directory):
    """First row of every bucket of ``2**shift`` ids; ``ids`` ascend, the last bucket is an end mark."""
    j = 0
    first, by = np.uint64(ids[0]), np.uint64(shift)
    for bucket in range(len(directory)):
        # unsigned: the distance between two ids may not fit a signed number
        while j < len(ids) and (np.uint64(ids[j]) - first) >> by < np.uint64(bucket):
            j += 1
        directory[bucket] = j


@njit(cache=True)
def find_rows(ids, shift, directory, wanted, rows):
    """Row of each wanted id, -1 where there is none: one jump into the directory, then halving."""
    first, last = ids[0], ids[-1]
    for i in range(len(wanted)):
        w = wanted[i]
        rows[i] = -1
        if w < first or w > last:
            continue
        bucket = np.int64((np.uint64(w) - np.uint64(first)) >> np.uint64(shift))
        a, z = directory[bucket], directory[bucket + 1]
        while a < z:
            middle = (a + z) >> 1
            if ids[middle] < w:
                a = middle + 1
            else:
                z = middle
        if ids[a] == w:
            rows[i] = a


@njit(cache=True)
def count_pieces(ptr, rows, is_kept, is_vertex):
    """
    Mark the nodes of kept ways; (pieces, segments with an end that is not there, ways with such nodes).

    The same node twice in a row makes no piece.
    """
    n_pieces = n_missing = n_cut = 0
    for way in range(len(is_kept)):
        if not is_kept[way]:
            continue
        is_cut = False
        for k in range(ptr[way], ptr[way + 1]):
            if rows[k] >= 0:
                is_vertex[rows[k]] = True
            else:
                is_cut = True
            if k > ptr[way]:
                if rows[k] < 0 or rows[k - 1] < 0:
                    n_missing += 1
                elif rows[k] != rows[k - 1]:
                    n_pieces += 1
        n_cut += is_cut
    return n_pieces, n_missing, n_cut


@njit(cache=True)
def fill_pieces(ptr, rows, is_kept, vertex_of_node, start, end, way_of_piece):
    """Ends and way of every piece, in the order of the file."""
    at = 0
    for way in range(len(is_kept)):
        if not is_kept[way]:
            continue
        for k in range(ptr[way] + 1, ptr[way + 1]):
            a, b = rows[k - 1], rows[k]
            if a >= 0 and b >= 0 and a != b:
                start[at], end[at] = vertex_of_node[a], vertex_of_node[b]
                way_of_piece[at] = np.int32(way)
                at += 1
