"""Walking times of single pairs, for a stretch of places in walking order."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

import numpy as np
from numba import njit

from yike.core.access._batch_kernels import enter_hood, fill_batch, search_batch
from yike.core.access._count_kernels import lay_out, list_outlets
from yike.core.access._lane_kernels import CHUNK
from yike.core.access._nearest_kernels import to_seconds
from yike.core.access._search_kernels import leave


@njit(nogil=True, cache=True)
def write_pairs(batch, i, place, found, length, direct, outlet_row, limit, ticks, out_idx, out_s):
    """All pairs of one place within the limit into ``out``, by ascending outlet; returns how many."""
    lines, line_at, rank_of, outlet_at = found.lines, found.line_at, found.rank_of, found.outlet_at
    a, a_ticks = batch.first_lane[i] * length, batch.first_ticks[i]
    b, b_ticks = batch.second_lane[i] * length, batch.second_ticks[i]
    end = found.line_ptr[-1]
    for at in range(end):
        ticks[at] = min(lines[a + at] + a_ticks, lines[b + at] + b_ticks)
    n = 0
    for k in range(direct.ptr[place], direct.ptr[place + 1]):
        outlet = direct.outlet[k]
        at = -1 if rank_of[outlet] < 0 else line_at[rank_of[outlet]]
        if at >= 0:
            ticks[at] = min(ticks[at], direct.ticks[k])
        elif direct.ticks[k] <= limit:  # no junction leads there in time
            out_idx[n], out_s[n] = outlet_row[outlet], to_seconds(direct.ticks[k])
            n += 1
    is_sorted = n == 0
    for at in range(end):
        if ticks[at] <= limit and outlet_at[at] >= 0:
            out_idx[n], out_s[n] = outlet_row[outlet_at[at]], to_seconds(ticks[at])
            n += 1
    if not is_sorted:
        order = np.argsort(out_idx[:n])
        out_idx[:n], out_s[:n] = out_idx[:n][order], out_s[:n][order]
    return n


@njit(nogil=True, cache=True)
def sort_ranks(found, outlet_row):
    """Bring the outlets of a hood (all in one column) into the order of their rows."""
    n = found.type_ptr[-1]
    order = np.argsort(outlet_row[found.outlet[:n]])
    for column in (
        found.outlet,
        found.first_slot,
        found.first_ticks,
        found.second_slot,
        found.second_ticks,
    ):
        column[:n] = column[:n][order]
    for rank in range(n):
        found.rank_of[found.outlet[rank]] = rank


@njit(nogil=True, cache=True)
def name_lines(found):
    """Which outlet stands where in the lines; -1 in the gaps."""
    line_at, outlet, outlet_at = found.line_at, found.outlet, found.outlet_at
    outlet_at[: found.line_ptr[-1]] = -1
    for rank in range(found.type_ptr[-1]):
        if line_at[rank] >= 0:
            outlet_at[line_at[rank]] = outlet[rank]


@njit(nogil=True, cache=True)
def write_stretch(low, high, may_share, given, offers, outlet_row, limit, work, ptr, out_idx, out_s):
    """Pairs of the places from ``low`` to ``high`` into their slices, which ``ptr`` gives by rows."""
    batch, hood, found = work
    streets, place_row, places, direct, is_attached = given
    ticks = np.empty(outlet_row.size + 2 * CHUNK, np.int32)
    while low < high:
        end, n_slots = enter_hood(hood, batch, streets, low, high, places, limit)
        length = list_outlets(hood, n_slots, offers, limit, found)
        sort_ranks(found, outlet_row)
        n_waiting = end - low
        while n_waiting:
            n_places, n_lanes, n_waiting = fill_batch(batch, n_waiting, places, limit, may_share)
            search_batch(batch, n_lanes, hood, n_slots, places, limit)
            lay_out(hood, offers.ends, found, limit, length)
            name_lines(found)
            for i in range(n_places):
                place = batch.place[i]
                row = place_row[place]
                if is_attached[row]:
                    here = slice(ptr[row], ptr[row + 1])
                    write_pairs(
                        batch,
                        i,
                        place,
                        found,
                        length,
                        direct,
                        outlet_row,
                        limit,
                        ticks,
                        out_idx[here],
                        out_s[here],
                    )
        for rank in range(found.type_ptr[-1]):
            found.rank_of[found.outlet[rank]] = -1
        leave(hood, n_slots)
        low = end
