# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
The nearest outlet of every type at once: one search from all outlets, lanes are business types.

A key is ``ticks << 31 | outlet``, so the smaller key is the nearer outlet and ties go to the lowest index.
"""

import numpy as np
from numba import njit

from yike.core.access._lane_kernels import AHEAD, KEY_LANES, OUTLET_BITS, fetch_row, relax_keys
from yike.core.tables import TICKS_PER_S


@njit(nogil=True, cache=True)
def seed_outlets(keys, width, is_dirty, row, ends, service_ptr, service_col, limit):
    """Write every open outlet to the junctions it touches."""
    ptr, junctions, ticks = ends.ptr, ends.junction, ends.ticks
    for o in range(row.size):
        for k in range(ptr[o], ptr[o + 1]):
            if ticks[k] > limit:
                continue
            key = (np.int64(ticks[k]) << OUTLET_BITS) | row[o]
            junction = np.intp(junctions[k])
            is_dirty[junction] = 1
            for s in range(service_ptr[o], service_ptr[o + 1]):
                at = junction * width + service_col[s]
                keys[at] = min(keys[at], key)


@njit(nogil=True, cache=True)
def sweep(keys, width, is_dirty, streets, is_back):
    """Pass every junction's news on to its neighbours, once along the curve; returns how many had news."""
    indptr, arcs = streets.indptr, streets.arcs
    n = is_dirty.size
    visits = 0
    for i in range(n):
        junction = np.uintp(n - 1 - i if is_back else i)
        if is_dirty[junction] == 0:
            continue
        is_dirty[junction] = 0
        visits += 1
        source = np.intp(junction) * width
        for k in range(np.uintp(indptr[junction]), np.uintp(indptr[junction + np.uintp(1)])):
            to = np.uintp(arcs[k + k])
            step = np.int64(arcs[k + k + np.uintp(1)]) << OUTLET_BITS
            target = np.intp(to) * width
            news = np.uint8(0)
            for col in range(0, width, KEY_LANES):
                news |= relax_keys(keys, source + col, target + col, step)
            is_dirty[to] |= np.uint8(news != 0)
    return visits


@njit(nogil=True, cache=True)
def read_nearest(keys, width, low, high, given, offered, limit, found):
    """Nearest of the places from ``low`` to ``high``, from the junctions' keys and the direct walks."""
    _streets, place_row, places, direct, is_attached = given
    outlet_row, service_ptr, service_col = offered
    nearest_s, nearest_idx = found
    ptr, junctions, ticks = places.ptr, places.junction, places.ticks
    walk_ptr, walk_outlet, walk_ticks = direct.ptr, direct.outlet, direct.ticks
    none = (np.int64(limit) + 1) << OUTLET_BITS
    outlet_mask = (np.int64(1) << OUTLET_BITS) - 1
    best = np.empty(width, np.int64)
    for place in range(low, high):
        best[:] = none
        for k in range(ptr[place], ptr[place + 1]):
            at = np.intp(junctions[k]) * width
            lower_keys(best, keys, at, width, np.int64(ticks[k]) << OUTLET_BITS)
        for k in range(walk_ptr[place], walk_ptr[place + 1]):
            outlet = walk_outlet[k]
            key = (np.int64(walk_ticks[k]) << OUTLET_BITS) | outlet_row[outlet]
            for s in range(service_ptr[outlet], service_ptr[outlet + 1]):
                best[service_col[s]] = min(best[service_col[s]], key)
        soon = np.intp(place_row[min(place + AHEAD, high - 1)])
        fetch_row(nearest_s, soon, nearest_s.shape[1])
        fetch_row(nearest_idx, soon, nearest_s.shape[1])
        row = place_row[place]
        seconds, outlets = nearest_s[row], nearest_idx[row]
        nothing = np.float32(np.inf) if is_attached[row] else np.float32(np.nan)
        for col in range(seconds.size):
            is_found = is_attached[row] and best[col] < none
            ticks_there = np.float32(np.int32(best[col] >> OUTLET_BITS))
            seconds[col] = ticks_there * np.float32(1 / TICKS_PER_S) if is_found else nothing
            outlets[col] = best[col] & outlet_mask if is_found else -1


@njit(nogil=True, cache=True)
def lower_keys(best, keys, at, width, cost):
    """``best = min(best, keys[at] + cost)``, type by type."""
    for col in range(width):
        best[col] = min(best[col], keys[at + col] + cost)
