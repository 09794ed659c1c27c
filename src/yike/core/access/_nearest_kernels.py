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

BLOCK = 2048
"""Junctions that are swept together: their keys fill a fifth of a second cache of 2 MiB."""

PASSES = 4
"""Passes over a block before the next has its turn."""


@njit(nogil=True, cache=True)
def to_seconds(ticks):
    """
    Seconds as float32, rounded up.

    Up, so that ``seconds <= cutoff`` says the same as the ticks for every cutoff that float32 can hold.
    """
    ticks = np.int32(ticks)
    # bits beyond the 24 of a float32, as a mask; without a loop or a branch, so that it runs on vectors
    over = ticks >> np.int32(24)
    over |= over >> np.int32(1)
    over |= over >> np.int32(2)
    over |= over >> np.int32(4)
    return np.float32((ticks + over) & ~over) * np.float32(1 / TICKS_PER_S)


@njit(nogil=True, cache=True)
def seed_outlets(keys, first_col, width, is_dirty, row, ends, service_ptr, service_col):
    """Write every open outlet to the junctions it touches, for ``width`` columns from ``first_col``."""
    ptr, junctions, ticks = ends.ptr, ends.junction, ends.ticks
    for o in range(row.size):
        for k in range(ptr[o], ptr[o + 1]):
            key = (np.int64(ticks[k]) << OUTLET_BITS) | row[o]
            junction = np.intp(junctions[k])
            for s in range(service_ptr[o], service_ptr[o + 1]):
                col = service_col[s] - first_col
                if 0 <= col < width:
                    is_dirty[junction] = 1
                    keys[junction * width + col] = min(keys[junction * width + col], key)


@njit(nogil=True, cache=True)
def sweep(keys, width, is_dirty, streets, is_back):
    """
    Pass every junction's news on to its neighbours, once along the curve; returns how many had news.

    Block by block, up to ``PASSES`` times there and back while it still has news: its keys stay in the
    cache (0.11 s -> 0.07 s for a million places; no matter for a tenth of them).
    """
    n = is_dirty.size
    n_blocks = (n + BLOCK - 1) // BLOCK
    visits = 0
    for nth in range(n_blocks):
        low = (n_blocks - 1 - nth if is_back else nth) * BLOCK
        turn = is_back
        for _ in range(PASSES):
            found = sweep_block(keys, width, is_dirty, streets, low, min(low + BLOCK, n), turn)
            visits += found
            turn = not turn
            if found == 0:
                break
    return visits


@njit(nogil=True, cache=True)
def sweep_block(keys, width, is_dirty, streets, low, high, is_back):
    """One pass over the junctions from ``low`` to ``high``; returns how many had news."""
    indptr, arcs = streets.indptr, streets.arcs
    visits = 0
    for i in range(high - low):
        junction = np.uintp(high - 1 - i if is_back else low + i)
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
def read_nearest(keys, first_col, width, low, high, given, offered, limit, found):
    """Nearest of the places from ``low`` to ``high``, from the junctions' keys and the direct walks."""
    _streets, place_row, places, direct, is_attached = given
    outlet_row, service_ptr, service_col = offered
    seconds, outlets = found
    n_all = seconds.shape[1]
    seconds_flat, outlets_flat = seconds.reshape(-1), outlets.reshape(-1)
    ptr, junctions, ticks = places.ptr, places.junction, places.ticks
    walk_ptr, walk_outlet, walk_ticks = direct.ptr, direct.outlet, direct.ticks
    none = (np.int64(limit) + 1) << OUTLET_BITS
    outlet_mask = (np.int64(1) << OUTLET_BITS) - 1
    n_cols = min(width, n_all - first_col)
    best = np.empty(width, np.int64)
    for place in range(low, high):
        soon = np.intp(place_row[min(place + AHEAD, high - 1)])
        fetch_row(seconds, soon, n_all)
        fetch_row(outlets, soon, n_all)
        row = place_row[place]
        at_row = np.intp(row) * n_all + first_col
        if not is_attached[row]:
            for col in range(n_cols):
                seconds_flat[at_row + col] = np.nan
                outlets_flat[at_row + col] = -1
            continue
        best[:] = none
        for k in range(ptr[place], ptr[place + 1]):
            at, cost = np.intp(junctions[k]) * width, np.int64(ticks[k]) << OUTLET_BITS
            for col in range(width):
                best[col] = min(best[col], keys[at + col] + cost)
        for k in range(walk_ptr[place], walk_ptr[place + 1]):
            outlet = walk_outlet[k]
            key = (np.int64(walk_ticks[k]) << OUTLET_BITS) | outlet_row[outlet]
            for s in range(service_ptr[outlet], service_ptr[outlet + 1]):
                col = service_col[s] - first_col
                if 0 <= col < width:
                    best[col] = min(best[col], key)
        for col in range(n_cols):
            is_found = best[col] < none
            there = to_seconds(np.int32(best[col] >> OUTLET_BITS))
            seconds_flat[at_row + col] = there if is_found else np.float32(np.inf)
            outlets_flat[at_row + col] = np.int32(best[col] & outlet_mask) if is_found else np.int32(-1)
