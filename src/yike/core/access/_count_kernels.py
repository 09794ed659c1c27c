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

from yike.core.access._batch_kernels import enter_hood, fill_batch, search_batch
from yike.core.access._lane_kernels import (
    AHEAD,
    CHUNK,
    COUNT_BITS,
    LANES,
    count_chunk,
    fetch_row,
    fill_row,
    lane_array,
    meet_rows,
    turn_chunk,
)
from yike.core.access._search_kernels import Ends, leave
from yike.core.tables import IntArray, LongArray


class Offers(NamedTuple):
    """Open outlets: by end junction (within the limit), their ends, and the columns each of them serves."""

    junction_ptr: LongArray
    junction_outlet: IntArray
    ends: Ends
    service_ptr: LongArray
    service_col: IntArray


class Found(NamedTuple):
    """
    Outlets of a hood, once per type they serve, in the order of their types; and their times by lane.

    Working space of one thread; ``rank_of`` is -1 between hoods.
    """

    rank_of: IntArray  # per outlet: its first rank
    outlet: IntArray  # per rank, as all that follow: the outlet
    first_slot: IntArray
    first_ticks: IntArray
    second_slot: IntArray
    second_ticks: IntArray
    outlet_at: IntArray  # per place in the lines: the outlet (filled only when pairs are wanted)
    line_at: IntArray  # where it stands in the lines of this batch, -1 when no lane arrives
    type_ptr: LongArray  # per column: slice of ranks
    line_ptr: LongArray  # per column: slice of the lines
    rows: IntArray  # 16 rows on their way into the lines, and one to spare
    lines: IntArray  # per lane: ticks to the outlets in reach, by type, each type filled up to whole chunks


def empty_found(n_outlets: int, n_services: int, n_cols: int) -> Found:
    """Room for the outlets of one hood; pages that no hood touches cost no memory."""
    n_lines = n_services + (n_cols + 2) * CHUNK
    n_ranks = max(n_services, n_outlets)
    per_rank = [np.empty(n_ranks, np.int32) for _ in range(6)]
    return Found(
        np.full(n_outlets, -1, np.int32),
        *per_rank[:5],
        outlet_at=np.empty(n_lines, np.int32),
        line_at=per_rank[5],
        type_ptr=np.empty(n_cols + 1, np.int64),
        line_ptr=np.empty(n_cols + 1, np.int64),
        rows=lane_array((CHUNK + 1) * LANES),
        lines=lane_array(n_lines * LANES),
    )


@njit(nogil=True, cache=True)
def outlets_by_junction(ends, limit, n_junctions):
    """Per junction, the outlets that have it as an end within the limit: (ptr, outlet)."""
    end_ptr, junction, ticks = ends.ptr, ends.junction, ends.ticks
    ptr = np.zeros(n_junctions + 1, np.int64)
    for k in range(junction.size):
        ptr[junction[k] + 1] += ticks[k] <= limit
    for j in range(n_junctions):
        ptr[j + 1] += ptr[j]
    at = ptr[:-1].copy()
    outlet = np.empty(ptr[n_junctions], np.int32)
    for o in range(end_ptr.size - 1):
        for k in range(end_ptr[o], end_ptr[o + 1]):
            if ticks[k] <= limit:
                outlet[at[junction[k]]] = o
                at[junction[k]] += 1
    return ptr, outlet


@njit(nogil=True, cache=True)
def list_outlets(hood, n_slots, offers, limit, found):
    """Outlets of the hood by type, with the first two of their ends inside it; returns a line's length."""
    slot_of, junction_of, near = hood.slot_of, hood.junction_of, hood.near
    ends = offers.ends
    end_ptr, end_junction, end_ticks = ends.ptr, ends.junction, ends.ticks
    junction_ptr, junction_outlet = offers.junction_ptr, offers.junction_outlet
    service_ptr, service_col = offers.service_ptr, offers.service_col
    rank_of, seen, ptr = found.rank_of, found.line_at, found.type_ptr
    ptr[:] = 0
    n = 0
    for slot in range(n_slots):
        junction = junction_of[slot]
        for i in range(junction_ptr[junction], junction_ptr[junction + 1]):
            outlet = junction_outlet[i]
            if rank_of[outlet] >= 0:
                continue
            is_near = False
            for k in range(end_ptr[outlet], end_ptr[outlet + 1]):
                end = end_junction[k]
                is_near |= slot_of[end] >= 0 and end_ticks[k] <= limit - near[end]
            if is_near:
                rank_of[outlet] = n
                seen[n] = outlet
                n += 1
                for s in range(service_ptr[outlet], service_ptr[outlet + 1]):
                    ptr[service_col[s] + 1] += 1
    length = 0
    for col in range(ptr.size - 1):
        length += (ptr[col + 1] + CHUNK - 1) // CHUNK
        ptr[col + 1] += ptr[col]
    at = ptr[:-1].copy()
    outlets, first_slot, first_ticks = found.outlet, found.first_slot, found.first_ticks
    second_slot, second_ticks = found.second_slot, found.second_ticks
    for i in range(n):
        outlet = seen[i]
        first = second = -1  # of its ends that lie in the hood: the first two, or twice the only one
        for k in range(end_ptr[outlet], end_ptr[outlet + 1]):
            if slot_of[end_junction[k]] >= 0 and end_ticks[k] <= limit:
                if first < 0:
                    first = k
                    second = k
                elif second == first:
                    second = k
        for s in range(service_ptr[outlet], service_ptr[outlet + 1]):
            rank = at[service_col[s]]
            at[service_col[s]] += 1
            rank_of[outlet] = rank
            outlets[rank] = outlet
            first_slot[rank], first_ticks[rank] = slot_of[end_junction[first]], end_ticks[first]
            second_slot[rank], second_ticks[rank] = slot_of[end_junction[second]], end_ticks[second]
    # an odd number of cache lines, so that lanes do not fall upon each other in the cache
    return (length // 2 * 2 + 1) * CHUNK


@njit(nogil=True, cache=True)
def measure_more(hood, ends, outlet, limit, out, target):
    """The same as ``meet_rows`` for an outlet of more than two ends: one behind several gates."""
    spare = np.intp(CHUNK) * LANES
    near = np.uint32(0)
    for k in range(ends.ptr[outlet], ends.ptr[outlet + 1]):
        if hood.slot_of[ends.junction[k]] < 0 or ends.ticks[k] > limit:
            continue
        at = np.intp(hood.slot_of[ends.junction[k]]) * LANES
        near |= meet_rows(hood.rows, at, ends.ticks[k], at, ends.ticks[k], out, spare, limit)
        for lane in range(LANES):
            out[target + lane] = min(out[target + lane], out[spare + lane])
    return near


@njit(nogil=True, cache=True)
def lay_out(hood, ends, found, limit, length):
    """Bring the walks of this batch into lines: per lane the outlets in reach, by type, 16 at a time."""
    walks, rows, lines, line_at = hood.rows, found.rows, found.lines, found.line_at
    type_ptr, line_ptr, outlets, end_ptr = found.type_ptr, found.line_ptr, found.outlet, ends.ptr
    first_slot, first_ticks = found.first_slot, found.first_ticks
    second_slot, second_ticks = found.second_slot, found.second_ticks
    end = np.intp(0)
    for col in range(type_ptr.size - 1):
        line_ptr[col] = end
        n = np.intp(0)
        for rank in range(type_ptr[col], type_ptr[col + 1]):
            a, b = np.intp(first_slot[rank]) * LANES, np.intp(second_slot[rank]) * LANES
            is_near = meet_rows(walks, a, first_ticks[rank], b, second_ticks[rank], rows, n * LANES, limit)
            if end_ptr[outlets[rank] + 1] - end_ptr[outlets[rank]] > 2:
                is_near |= measure_more(hood, ends, outlets[rank], limit, rows, n * LANES)
            line_at[rank] = end + n if is_near else -1
            n += 1 if is_near else 0
            if n == CHUNK:
                turn_chunk(rows, lines, end, length)
                end += CHUNK
                n = np.intp(0)
        if n > 0:
            for row in range(n, CHUNK):
                fill_row(rows, np.intp(row) * LANES, np.int32(limit + 1))
            turn_chunk(rows, lines, end, length)
            end += CHUNK
    line_ptr[-1] = end


@njit(nogil=True, cache=True)
def count_place(batch, i, found, length, cuts, out):
    """Counts of one place, shape (types, cutoffs), into ``out``."""
    lines, line_ptr = found.lines, found.line_ptr
    a, a_ticks = np.intp(batch.first_lane[i]) * length, batch.first_ticks[i]
    b, b_ticks = np.intp(batch.second_lane[i]) * length, batch.second_ticks[i]
    mask = (np.int64(1) << COUNT_BITS) - 1
    for group in range(0, cuts.size, 3):
        cut_0, cut_1, cut_2 = cuts[group], cuts[group + 1], cuts[group + 2]
        for col in range(out.shape[0]):
            total = np.int64(0)
            for at in range(line_ptr[col], line_ptr[col + 1], CHUNK):
                total += count_chunk(lines, a + at, a_ticks, b + at, b_ticks, cut_0, cut_1, cut_2)
            for k in range(group, min(group + 3, out.shape[1])):
                out[col, k] = total & mask
                total >>= COUNT_BITS


@njit(nogil=True, cache=True)
def add_direct(batch, i, place, found, length, direct, offers, cuts, out):
    """Count the place's direct walks (along its street, in its compound) that the way round missed."""
    rank_of, line_at, lines = found.rank_of, found.line_at, found.lines
    service_ptr, service_col = offers.service_ptr, offers.service_col
    outlets, ticks = direct.outlet, direct.ticks
    a, a_ticks = batch.first_lane[i] * length, batch.first_ticks[i]
    b, b_ticks = batch.second_lane[i] * length, batch.second_ticks[i]
    for k in range(direct.ptr[place], direct.ptr[place + 1]):
        outlet = outlets[k]
        around = np.int64(np.iinfo(np.int32).max)
        at = -1 if rank_of[outlet] < 0 else line_at[rank_of[outlet]]
        if at >= 0:
            around = min(lines[a + at] + a_ticks, lines[b + at] + b_ticks)
        for n in range(out.shape[1]):
            if ticks[k] <= cuts[n] < around:
                for s in range(service_ptr[outlet], service_ptr[outlet + 1]):
                    out[service_col[s], n] += 1


@njit(nogil=True, cache=True)
def count_hood(n_waiting, may_share, given, offers, cuts, limit, work, n_slots, length, counts):
    """Counts of the places of one hood, batch by batch."""
    batch, hood, found = work
    _streets, place_row, places, direct, is_attached = given
    while n_waiting:
        n_places, n_lanes, n_waiting = fill_batch(batch, n_waiting, places, limit, may_share)
        search_batch(batch, n_lanes, hood, n_slots, places, limit)
        lay_out(hood, offers.ends, found, limit, length)
        for i in range(n_places):
            soon = batch.place[min(i + AHEAD, n_places - 1)]
            fetch_row(counts, np.intp(place_row[soon]), counts[0].size)
            place = batch.place[i]
            if is_attached[place_row[place]]:
                out = counts[place_row[place]]
                count_place(batch, i, found, length, cuts, out)
                add_direct(batch, i, place, found, length, direct, offers, cuts, out)


@njit(nogil=True, cache=True)
def count_stretch(low, high, may_share, given, offers, cuts, limit, work, counts):
    """Counts of the places from ``low`` to ``high`` into ``counts``; ``work`` is the thread's own space."""
    batch, hood, found = work
    streets, _place_row, places, _direct, _is_attached = given
    rank_of, outlets = found.rank_of, found.outlet
    while low < high:
        end, n_slots = enter_hood(hood, batch, streets, low, high, places, limit)
        length = list_outlets(hood, n_slots, offers, limit, found)
        count_hood(end - low, may_share, given, offers, cuts, limit, work, n_slots, length, counts)
        for rank in range(found.type_ptr[-1]):
            rank_of[outlets[rank]] = -1
        leave(hood, n_slots)
        low = end
