"""One outlet opens or closes: the places around it, and the junctions it is or was the nearest for."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.access._lane_kernels import OUTLET_BITS
from yike.core.access._nearest_kernels import to_seconds
from yike.core.access._search_kernels import BUCKET_SHIFT, FAR, NOT_WAITING, Ends, explore, leave, wait_at
from yike.core.tables import ByteArray, IntArray


class Marks(NamedTuple):
    """Working space of one update; all marks are 0 between updates."""

    is_marked: ByteArray  # per junction
    junctions: IntArray  # those marked, in the order they were found
    queue: IntArray  # a ring of junctions, and whether each is in it
    is_queued: ByteArray
    walk: IntArray  # per place: ticks to the outlet, FAR between updates
    places: IntArray  # those with a walk


def empty_marks(n_junctions: int, n_places: int) -> Marks:
    """Room for one update."""
    return Marks(
        np.zeros(n_junctions, np.uint8),
        np.empty(n_junctions, np.int32),
        np.empty(n_junctions + 1, np.int32),
        np.zeros(n_junctions, np.uint8),
        np.full(n_places, FAR, np.int32),
        np.empty(n_places, np.int32),
    )


@njit(nogil=True, cache=True)
def points_by_junction(ends, n_junctions):
    """The other way round: per junction, the (point, ticks) that have it as an end."""
    ptr = np.zeros(n_junctions + 1, np.int64)
    for k in range(ends.junction.size):
        ptr[ends.junction[k] + 1] += 1
    for j in range(n_junctions):
        ptr[j + 1] += ptr[j]
    at = ptr[:-1].copy()
    point, ticks = np.empty(ends.junction.size, np.int32), np.empty(ends.junction.size, np.int32)
    for i in range(ends.ptr.size - 1):
        for k in range(ends.ptr[i], ends.ptr[i + 1]):
            j = ends.junction[k]
            point[at[j]], ticks[at[j]] = i, ends.ticks[k]
            at[j] += 1
    return Ends(ptr, point, ticks)


@njit(nogil=True, cache=True)
def note_walk(marks, place, ticks, n):
    """Note a walk from a place to the outlet; returns the number of places noted."""
    if marks.walk[place] == FAR:
        marks.places[n] = place
        n += 1
    marks.walk[place] = min(marks.walk[place], ticks)
    return n


@njit(nogil=True, cache=True)
def add_to_counts(outlet, sign, city, ends, walks, services, cuts, limit, hood, marks, counts):
    """Add ``sign`` to the counts of every place that has the outlet within a cutoff."""
    streets, place_row, is_attached, at_junction = city
    for k in range(ends.ptr[outlet], ends.ptr[outlet + 1]):
        if ends.ticks[k] <= limit and ends.ticks[k] < hood.near[ends.junction[k]]:
            hood.near[ends.junction[k]] = ends.ticks[k]
            if hood.link[ends.junction[k]] == NOT_WAITING:
                wait_at(hood, ends.junction[k], ends.ticks[k] >> BUCKET_SHIFT)
    n_slots = explore(hood, streets, limit)
    n = 0
    for slot in range(n_slots):
        junction = hood.junction_of[slot]
        for k in range(at_junction.ptr[junction], at_junction.ptr[junction + 1]):
            walk = np.int64(hood.near[junction]) + at_junction.ticks[k]
            if walk <= limit:
                n = note_walk(marks, at_junction.junction[k], np.int32(walk), n)
    leave(hood, n_slots)
    for k in range(walks.ptr[outlet], walks.ptr[outlet + 1]):
        if walks.ticks[k] <= limit:
            n = note_walk(marks, walks.junction[k], walks.ticks[k], n)
    for i in range(n):
        place = marks.places[i]
        if is_attached[place_row[place]]:
            for c in range(counts.shape[2]):
                if marks.walk[place] <= cuts[c]:
                    for s in range(services.service_ptr[outlet], services.service_ptr[outlet + 1]):
                        counts[place_row[place], services.service_col[s], c] += sign
        marks.walk[place] = FAR


@njit(nogil=True, cache=True)
def mark(marks, junction, n):
    """Mark a junction once; returns the number of marked ones."""
    if marks.is_marked[junction] == 0:
        marks.is_marked[junction] = 1
        marks.junctions[n] = junction
        n += 1
    return n


@njit(nogil=True, cache=True)
def pass_on(keys, width, col, streets, marks, head, size, n):
    """Carry better keys from the queued junctions onwards; returns the number of marked ones."""
    queue, is_queued = marks.queue, marks.is_queued
    while size:
        junction = queue[head]
        head = head + 1 if head + 1 < queue.size else 0
        size -= 1
        is_queued[junction] = 0
        key = keys[np.intp(junction) * width + col]
        for k in range(streets.indptr[junction], streets.indptr[junction + 1]):
            other = streets.arcs[2 * k]
            new = key + (np.int64(streets.arcs[2 * k + 1]) << OUTLET_BITS)
            if new < keys[np.intp(other) * width + col]:
                keys[np.intp(other) * width + col] = new
                n = mark(marks, other, n)
                if is_queued[other] == 0:
                    is_queued[other] = 1
                    queue[(head + size) % queue.size] = other
                    size += 1
    return n


@njit(nogil=True, cache=True)
def open_keys(outlet, row, col, keys, width, streets, ends, limit, marks):
    """Write a new outlet to all junctions it is the nearest of; returns how many are marked."""
    n = size = 0
    for k in range(ends.ptr[outlet], ends.ptr[outlet + 1]):
        junction = ends.junction[k]
        key = (np.int64(ends.ticks[k]) << OUTLET_BITS) | row
        if ends.ticks[k] <= limit and key < keys[np.intp(junction) * width + col]:
            keys[np.intp(junction) * width + col] = key
            n = mark(marks, junction, n)
            if marks.is_queued[junction] == 0:
                marks.is_queued[junction] = 1
                marks.queue[size] = junction
                size += 1
    return pass_on(keys, width, col, streets, marks, 0, size, n)


@njit(nogil=True, cache=True)
def clear_keys(outlet, row, col, keys, width, none, streets, ends, marks):
    """Forget an outlet at all junctions it was the nearest of; they are marked. Returns how many."""
    outlet_mask = (np.int64(1) << OUTLET_BITS) - 1
    n = 0
    for k in range(ends.ptr[outlet], ends.ptr[outlet + 1]):
        key = keys[np.intp(ends.junction[k]) * width + col]
        if key < none and key & outlet_mask == row:
            n = mark(marks, ends.junction[k], n)
    i = 0
    while i < n:  # its junctions hang together: the walk to each leads over others of them
        junction = marks.junctions[i]
        i += 1
        keys[np.intp(junction) * width + col] = none
        for k in range(streets.indptr[junction], streets.indptr[junction + 1]):
            other = streets.arcs[2 * k]
            key = keys[np.intp(other) * width + col]
            if key < none and key & outlet_mask == row:
                n = mark(marks, other, n)
    return n


@njit(nogil=True, cache=True)
def close_keys(outlet, col, keys, width, none, streets, ends, offers, outlet_row, is_open, marks):
    """Give the junctions of a closed outlet their next nearest; returns how many are marked."""
    n = clear_keys(outlet, outlet_row[outlet], col, keys, width, none, streets, ends, marks)
    size = 0
    for i in range(n):
        junction = marks.junctions[i]
        best = none
        for k in range(streets.indptr[junction], streets.indptr[junction + 1]):
            key = keys[np.intp(streets.arcs[2 * k]) * width + col]
            best = min(best, key + (np.int64(streets.arcs[2 * k + 1]) << OUTLET_BITS))
        for k in range(offers.junction_ptr[junction], offers.junction_ptr[junction + 1]):
            other = offers.junction_outlet[k]
            if is_open[other] and serves(offers, other, col):
                for e in range(ends.ptr[other], ends.ptr[other + 1]):
                    if ends.junction[e] == junction:
                        best = min(best, (np.int64(ends.ticks[e]) << OUTLET_BITS) | outlet_row[other])
        if best < none:
            keys[np.intp(junction) * width + col] = best
            marks.is_queued[junction] = 1
            marks.queue[size] = junction
            size += 1
    return pass_on(keys, width, col, streets, marks, 0, size, n)


@njit(nogil=True, cache=True)
def serves(offers, outlet, col):
    """Whether the outlet serves the column."""
    for s in range(offers.service_ptr[outlet], offers.service_ptr[outlet + 1]):
        if offers.service_col[s] == col:
            return True
    return False


@njit(nogil=True, cache=True)
def refresh(
    outlet, col, keys, width, none, city, ends, direct, walks, offers, outlet_row, is_open, marks, n, found
):
    """Read the nearest anew for the places at the ``n`` marked junctions and those with a direct walk."""
    _streets, place_row, is_attached, at_junction = city
    n_places = 0
    for i in range(n):
        junction = marks.junctions[i]
        marks.is_marked[junction] = 0
        for k in range(at_junction.ptr[junction], at_junction.ptr[junction + 1]):
            n_places = note_walk(marks, at_junction.junction[k], 0, n_places)
    for k in range(walks.ptr[outlet], walks.ptr[outlet + 1]):
        n_places = note_walk(marks, walks.junction[k], 0, n_places)
    nearest_s, nearest_idx = found
    outlet_mask = (np.int64(1) << OUTLET_BITS) - 1
    for i in range(n_places):
        place = marks.places[i]
        marks.walk[place] = FAR
        if not is_attached[place_row[place]]:
            continue
        best = none
        for k in range(ends.ptr[place], ends.ptr[place + 1]):
            key = keys[np.intp(ends.junction[k]) * width + col]
            best = min(best, key + (np.int64(ends.ticks[k]) << OUTLET_BITS))
        for k in range(direct.ptr[place], direct.ptr[place + 1]):
            other = direct.outlet[k]
            if is_open[other] and serves(offers, other, col):
                best = min(best, (np.int64(direct.ticks[k]) << OUTLET_BITS) | outlet_row[other])
        is_found = best < none
        nearest_s[place_row[place], col] = to_seconds(best >> OUTLET_BITS) if is_found else np.inf
        nearest_idx[place_row[place], col] = np.int32(best & outlet_mask) if is_found else -1
