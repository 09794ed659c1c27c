# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
The nearest outlet of every type at once: one search from all outlets, lanes are business types.

A key is ``ticks << 31 | outlet``, so the smaller key is the nearer outlet and ties go to the lowest index.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.access._lane_kernels import KEY_LANES, OUTLET_BITS, relax_keys
from yike.core.tables import IntArray, LongArray


class Direct(NamedTuple):
    """Walks that need no junction, per place."""

    ptr: LongArray
    outlet: IntArray
    ticks: IntArray


@njit(nogil=True, cache=True)
def seed_outlets(keys, width, is_dirty, ends, is_used, service_ptr, service_col, limit):
    """Write every open outlet to the junctions it touches."""
    for o in range(is_used.size):
        if is_used[o] == 0:
            continue
        for k in range(ends.ptr[o], ends.ptr[o + 1]):
            if ends.ticks[k] > limit:
                continue
            key = (np.int64(ends.ticks[k]) << OUTLET_BITS) | o
            junction = np.intp(ends.junction[k])
            is_dirty[junction] = 1
            for s in range(service_ptr[o], service_ptr[o + 1]):
                at = junction * width + service_col[s]
                keys[at] = min(keys[at], key)


@njit(nogil=True, cache=True)
def sweep(keys, width, is_dirty, streets, limit, is_back):
    """Pass every junction's news on to its neighbours, once along the curve; returns how many had news."""
    n = is_dirty.size
    visits = 0
    for i in range(n):
        junction = n - 1 - i if is_back else i
        if is_dirty[junction] == 0:
            continue
        is_dirty[junction] = 0
        visits += 1
        source = np.intp(junction) * width
        for k in range(streets.indptr[junction], streets.indptr[junction + 1]):
            ticks = streets.arcs[2 * k + 1]
            if ticks > limit:
                continue
            target = np.intp(streets.arcs[2 * k]) * width
            news = np.uint8(0)
            for col in range(0, width, KEY_LANES):
                news |= relax_keys(keys, source + col, target + col, np.int64(ticks) << OUTLET_BITS)
            if news:
                is_dirty[streets.arcs[2 * k]] = 1
    return visits


@njit(nogil=True, cache=True)
def read_nearest(
    keys, width, low, high, places, is_attached, direct, offers, limit, nearest_s, nearest_outlet
):
    """Nearest per place of rows ``low`` to ``high``, from the junctions' keys and the direct walks."""
    n_cols = nearest_s.shape[1]
    none = (np.int64(limit) + 1) << OUTLET_BITS
    best = np.empty(width, np.int64)
    for place in range(low, high):
        best[:] = none
        for k in range(places.ptr[place], places.ptr[place + 1]):
            at = np.intp(places.junction[k]) * width
            cost = np.int64(places.ticks[k]) << OUTLET_BITS
            for col in range(width):
                best[col] = min(best[col], keys[at + col] + cost)
        for k in range(direct.ptr[place], direct.ptr[place + 1]):
            outlet = direct.outlet[k]
            if offers.is_used[outlet] == 0:
                continue
            key = (np.int64(direct.ticks[k]) << OUTLET_BITS) | outlet
            for s in range(offers.service_ptr[outlet], offers.service_ptr[outlet + 1]):
                col = offers.service_col[s]
                best[col] = min(best[col], key)
        for col in range(n_cols):
            if not is_attached[place]:
                nearest_s[place, col] = np.nan
                nearest_outlet[place, col] = -1
            elif best[col] < none:
                nearest_s[place, col] = np.float32((best[col] >> OUTLET_BITS) / 65536.0)
                nearest_outlet[place, col] = best[col] & ((np.int64(1) << OUTLET_BITS) - 1)
            else:
                nearest_s[place, col] = np.inf
                nearest_outlet[place, col] = -1
