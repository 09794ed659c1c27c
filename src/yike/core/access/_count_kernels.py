# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
Counts within cutoffs, for a stretch of places in walking order.

The outlets that a batch finds are laid out by business type, 16 at a time, one line per lane; a place then
reads the lines of its (at most two) lanes, adds its own cost and compares 16 outlets at once.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.access._batch_kernels import end_batch, fill_batch, search_batch
from yike.core.access._lane_kernels import CHUNK, COUNT_BITS, LANES, count_chunk, meet_rows
from yike.core.tables import ByteArray, IntArray, LongArray


class Offers(NamedTuple):
    """Open outlets: by end junction (within the limit), and the columns each of them serves."""

    junction_ptr: LongArray
    junction_outlet: IntArray
    service_ptr: LongArray
    service_col: IntArray
    is_used: ByteArray


class Found(NamedTuple):
    """Outlets that a batch reaches; ``rank_of`` is -1 between batches."""

    rank_of: IntArray  # per outlet
    outlet: IntArray  # per rank, as found
    rows: IntArray  # LANES ticks per rank
    line: IntArray  # per rank: where it stands in the lines (one of its types)
    lines: IntArray  # per lane: ticks of every outlet, by type, each type padded to whole chunks
    type_ptr: LongArray  # per column: where its chunks begin in a line


def empty_found(n_outlets: int, n_services: int, n_cols: int) -> Found:
    """Room for the outlets of one batch; pages that no batch touches cost no memory."""
    return Found(
        np.full(n_outlets, -1, np.int32),
        np.empty(n_outlets, np.int32),
        np.empty((n_outlets + 2) * LANES, np.int32),
        np.empty(n_outlets, np.int32),
        np.empty((n_services + (n_cols + 2) * CHUNK) * LANES, np.int32),
        np.empty(n_cols + 1, np.int64),
    )


@njit(nogil=True, cache=True)
def outlets_by_junction(ends, is_used, limit, n_junctions):
    """Per junction, the outlets that have it as an end within the limit: (ptr, outlet)."""
    ptr = np.zeros(n_junctions + 1, np.int64)
    for o in range(is_used.size):
        for k in range(ends.ptr[o], ends.ptr[o + 1]):
            if is_used[o] and ends.ticks[k] <= limit:
                ptr[ends.junction[k] + 1] += 1
    for j in range(n_junctions):
        ptr[j + 1] += ptr[j]
    at = ptr[:-1].copy()
    outlet = np.empty(ptr[n_junctions], np.int32)
    for o in range(is_used.size):
        for k in range(ends.ptr[o], ends.ptr[o + 1]):
            if is_used[o] and ends.ticks[k] <= limit:
                outlet[at[ends.junction[k]]] = o
                at[ends.junction[k]] += 1
    return ptr, outlet


@njit(nogil=True, cache=True)
def measure_outlet(room, ends, outlet, limit, out, target):
    """Walking times of all lanes to one outlet, into ``out[target]``; 0 when none arrives in time."""
    low, high = ends.ptr[outlet], ends.ptr[outlet + 1]
    first = second = -1
    for k in range(low, high):
        if ends.ticks[k] <= limit and room.slot_of[ends.junction[k]] >= 0:
            if first < 0:
                first = k
            second = k
    a = np.intp(room.slot_of[ends.junction[first]]) * LANES
    b = np.intp(room.slot_of[ends.junction[second]]) * LANES
    near = meet_rows(room.rows, a, ends.ticks[first], b, ends.ticks[second], out, target, limit)
    for k in range(first + 1, second):  # more than two ends: an outlet behind several gates
        slot = room.slot_of[ends.junction[k]]
        if ends.ticks[k] <= limit and slot >= 0:
            c = np.intp(slot) * LANES
            near |= meet_rows(room.rows, c, ends.ticks[k], c, ends.ticks[k], out, target + LANES, limit)
            for lane in range(LANES):
                out[target + lane] = min(out[target + lane], out[target + LANES + lane])
    return near


@njit(nogil=True, cache=True)
def find_outlets(room, n_slots, ends, offers, limit, found):
    """Outlets within the limit of any lane, with their rows; returns how many."""
    n_found = 0
    for slot in range(n_slots):
        junction = room.junction_of[slot]
        for k in range(offers.junction_ptr[junction], offers.junction_ptr[junction + 1]):
            outlet = offers.junction_outlet[k]
            if found.rank_of[outlet] >= 0:
                continue
            if measure_outlet(room, ends, outlet, limit, found.rows, np.intp(n_found) * LANES):
                found.rank_of[outlet] = n_found
                found.outlet[n_found] = outlet
                n_found += 1
    return n_found


@njit(nogil=True, cache=True)
def lay_out(found, n_found, offers, limit):
    """Bring the rows into lines by type; returns the length of a line."""
    ptr = found.type_ptr
    ptr[:] = 0
    for rank in range(n_found):
        outlet = found.outlet[rank]
        for k in range(offers.service_ptr[outlet], offers.service_ptr[outlet + 1]):
            ptr[offers.service_col[k] + 1] += 1
    for col in range(ptr.size - 1):
        ptr[col + 1] = ptr[col] + (ptr[col + 1] + CHUNK - 1) // CHUNK * CHUNK
    # an odd number of cache lines, so that lanes do not fall upon each other in the cache
    length = np.intp(ptr[-1] // CHUNK // 2 * 2 + 1) * CHUNK
    for lane in range(LANES):
        found.lines[lane * length : (lane + 1) * length] = limit + 1
    at = ptr[:-1].copy()
    for rank in range(n_found):
        outlet = found.outlet[rank]
        for k in range(offers.service_ptr[outlet], offers.service_ptr[outlet + 1]):
            place = at[offers.service_col[k]]
            at[offers.service_col[k]] += 1
            found.line[rank] = place
            for lane in range(LANES):
                found.lines[lane * length + place] = found.rows[rank * LANES + lane]
    return length


@njit(nogil=True, cache=True)
def count_place(batch, i, found, length, cuts, out):
    """Counts of one place, shape (types, cutoffs), into ``out``."""
    a, a_ticks = np.intp(batch.first_lane[i]) * length, batch.first_ticks[i]
    b, b_ticks = np.intp(batch.second_lane[i]) * length, batch.second_ticks[i]
    mask = (np.int64(1) << COUNT_BITS) - 1
    for group in range(0, cuts.size, 3):
        for col in range(out.shape[0]):
            total = np.int64(0)
            for at in range(found.type_ptr[col], found.type_ptr[col + 1], CHUNK):
                total += count_chunk(
                    found.lines,
                    a + at,
                    a_ticks,
                    b + at,
                    b_ticks,
                    cuts[group],
                    cuts[group + 1],
                    cuts[group + 2],
                )
            for k in range(group, min(group + 3, out.shape[1])):
                out[col, k] = total & mask
                total >>= COUNT_BITS


@njit(nogil=True, cache=True)
def add_direct(batch, i, found, length, direct, offers, cuts, out):
    """Count outlets on the place's own street (or in its compound) that the way round missed."""
    place = batch.place[i]
    for k in range(direct.ptr[place], direct.ptr[place + 1]):
        outlet = direct.outlet[k]
        if offers.is_used[outlet] == 0:
            continue
        around = np.int64(np.iinfo(np.int32).max)
        if found.rank_of[outlet] >= 0:
            at = found.line[found.rank_of[outlet]]
            first = found.lines[batch.first_lane[i] * length + at] + batch.first_ticks[i]
            second = found.lines[batch.second_lane[i] * length + at] + batch.second_ticks[i]
            around = min(first, second)
        for n in range(out.shape[1]):
            if direct.ticks[k] <= cuts[n] < around:
                for s in range(offers.service_ptr[outlet], offers.service_ptr[outlet + 1]):
                    out[offers.service_col[s], n] += 1


@njit(nogil=True, cache=True)
def count_stretch(order, low, high, may_share, given, offers, cuts, limit, work, counts):
    """Counts of the places ``order[low:high]`` into ``counts``; ``work`` is the thread's own space."""
    batch, room, found = work
    streets, places, outlets, direct, is_attached = given
    while low < high:
        n_places, n_lanes = fill_batch(batch, order, low, high, places, limit, may_share)
        n_slots = search_batch(batch, n_lanes, room, streets, places, limit)
        n_found = find_outlets(room, n_slots, outlets, offers, limit, found)
        length = lay_out(found, n_found, offers, limit)
        for i in range(n_places):
            if not is_attached[batch.place[i]]:
                continue
            out = counts[batch.place[i]]
            count_place(batch, i, found, length, cuts, out)
            add_direct(batch, i, found, length, direct, offers, cuts, out)
        for rank in range(n_found):
            found.rank_of[found.outlet[rank]] = -1
        end_batch(batch, n_lanes, room, n_slots)
        low += n_places
