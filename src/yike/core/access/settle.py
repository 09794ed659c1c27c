"""Bring places and outlets into walking order on the thinned streets."""

from __future__ import annotations

import numpy as np

from yike.core.access import _settle_kernels as kernels
from yike.core.access._search_kernels import Ends
from yike.core.access._settle_kernels import Direct, Points
from yike.core.access._thin_kernels import KEPT, Thinned
from yike.core.tables import ByteArray, IntArray

Passings = tuple[IntArray, IntArray, IntArray]


def settle_points(
    ends: Ends, is_used: ByteArray, thinned: Thinned, limit: int, n_kept: int
) -> tuple[Points, Passings]:
    """Used points in the order of the junctions kept, and where they pass those taken out."""
    row = kernels.sort_points(ends, is_used, thinned.number, n_kept)
    ptr = np.zeros(len(row) + 1, np.int32)
    settled = [np.empty(2 * len(row) + 64, np.int32) for _ in range(2)]
    passings = [np.empty(len(row) // 2 + 64, np.int32) for _ in range(3)]
    state = (0, 0, 0)
    while True:
        state = kernels.settle_ends(ends, thinned, limit, row, state, (ptr, *settled), tuple(passings))
        if state[0] == len(row):
            break
        # a list is full: gates with many ends, or long rows of dead ends
        settled = [np.resize(a, 2 * len(a) + 64) for a in settled]
        passings = [np.resize(a, 2 * len(a) + 64) for a in passings]
    points = Points(row, Ends(ptr, *(a[: state[1]] for a in settled)))
    point, junction, ticks = (a[: state[2]] for a in passings)
    return points, (point, junction, ticks)


def settle_all(
    places: Ends, outlets: Ends, given: Direct, is_used: ByteArray, thinned: Thinned, limit: int
) -> tuple[Points, Points, Direct, Passings]:
    """
    Places and open outlets in the order of the junctions kept, and all direct walks between them.

    Last come the junctions taken out that places pass: outlets that join later meet them there.
    """
    n_kept = int(np.count_nonzero(thinned.rank == KEPT))
    new_outlets, outlet_passings = settle_points(outlets, is_used, thinned, limit, n_kept)
    passing = kernels.group_passings(*outlet_passings, len(thinned.rank))
    everyone = np.ones(len(places.ptr) - 1, np.uint8)
    new_places, place_passings = settle_points(places, everyone, thinned, limit, n_kept)
    number = np.full(len(is_used), -1, np.int32)
    number[new_outlets.row] = np.arange(len(new_outlets.row), dtype=np.int32)
    most = kernels.count_walks(new_places.row, given, place_passings, passing)
    ptr, outlet, ticks = (
        np.zeros(len(everyone) + 1, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.int32),
    )
    n = kernels.settle_direct(
        new_places.row, given, number, place_passings, passing, limit, ptr, outlet, ticks
    )
    return new_places, new_outlets, Direct(ptr, outlet[:n], ticks[:n]), place_passings
