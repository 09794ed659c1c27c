"""Moves of the local search over timetables: add, drop, gain; ruin and recreate."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray

N_HALVES = 14


class Town(NamedTuple):
    """What does not change during a search."""

    ptr: LongArray
    class_idx: IntArray
    weight: FloatArray
    group: IntArray
    crew: IntArray
    mask: LongArray
    may: BoolArray
    near: BoolArray
    most: IntArray
    capacity: IntArray
    worth: FloatArray  # (once, twice)
    need: FloatArray  # per community: people x trades still to meet before its floor is reached
    lift: FloatArray  # per community: what one of these is worth beside its own worth; empty: no floors


class Week(NamedTuple):
    """A timetable and what it meets."""

    at: IntArray  # (n_vendors, 14): stop, -1 none
    n_at: IntArray  # (n_stops, 14)
    used: IntArray  # (n_vendors,)
    seen: IntArray  # (n_trades, n_classes, 7): visits of the day
    days: IntArray  # (n_trades, n_classes): different days
    met: FloatArray  # (n_groups,) met at least once
    delta: FloatArray  # (n_groups,) scratch, zero between calls
    value: FloatArray  # (1,) worth of all that is met, floors included


@njit(cache=True)
def gain_of(town: Town, week: Week, crew: int, stop: int, day: int) -> float:
    """What one more visit would add."""
    mask = town.mask[crew, stop]
    total = 0.0
    fair = len(town.lift) > 0
    for t in range(town.weight.shape[0]):
        if (mask >> t) & 1 == 0:
            continue
        for k in range(town.ptr[stop], town.ptr[stop + 1]):
            c = town.class_idx[k]
            if week.seen[t, c, day] > 0:
                continue
            d = week.days[t, c]
            if d == 0:
                total += town.weight[t, c] * town.worth[0]
                if fair and town.group[c] >= 0:
                    week.delta[town.group[c]] += town.weight[t, c]
            elif d == 1:
                total += town.weight[t, c] * town.worth[1]
    if fair:
        for k in range(town.ptr[stop], town.ptr[stop + 1]):
            g = town.group[town.class_idx[k]]
            if g >= 0 and week.delta[g] > 0.0:
                short = town.need[g] - week.met[g]
                if short > 0.0:
                    total += town.lift[g] * min(short, week.delta[g])
                week.delta[g] = 0.0
    return total


@njit(cache=True)
def add(town: Town, week: Week, vendor: Any, stop: int, half: int) -> None:
    """Put a vendor at a stop."""
    day = half // 2
    week.at[vendor, half] = stop
    week.n_at[stop, half] += 1
    week.used[vendor] += 1
    week.value[0] += gain_of(town, week, town.crew[vendor], stop, day)
    mask = town.mask[town.crew[vendor], stop]
    for t in range(town.weight.shape[0]):
        if (mask >> t) & 1 == 0:
            continue
        for k in range(town.ptr[stop], town.ptr[stop + 1]):
            c = town.class_idx[k]
            if week.seen[t, c, day] == 0:
                if week.days[t, c] == 0 and town.group[c] >= 0:
                    week.met[town.group[c]] += town.weight[t, c]
                week.days[t, c] += 1
            week.seen[t, c, day] += 1


@njit(cache=True)
def drop(town: Town, week: Week, vendor: Any, half: int) -> None:
    """Take a vendor from his stop; the value falls by what coming back would gain."""
    stop = week.at[vendor, half]
    day = half // 2
    mask = town.mask[town.crew[vendor], stop]
    for t in range(town.weight.shape[0]):
        if (mask >> t) & 1 == 0:
            continue
        for k in range(town.ptr[stop], town.ptr[stop + 1]):
            c = town.class_idx[k]
            week.seen[t, c, day] -= 1
            if week.seen[t, c, day] == 0:
                week.days[t, c] -= 1
                if week.days[t, c] == 0 and town.group[c] >= 0:
                    week.met[town.group[c]] -= town.weight[t, c]
    week.at[vendor, half] = -1
    week.n_at[stop, half] -= 1
    week.used[vendor] -= 1
    week.value[0] -= gain_of(town, week, town.crew[vendor], stop, day)


@njit(cache=True)
def fits(town: Town, week: Week, vendor: int, stop: int, half: int) -> bool:
    """Whether the rules allow one more visit."""
    if week.at[vendor, half] >= 0 or not town.may[vendor, stop, half]:
        return False
    if week.used[vendor] >= town.most[vendor] or week.n_at[stop, half] >= town.capacity[stop]:
        return False
    other = week.at[vendor, half ^ 1]
    if other < 0:
        return True
    if half % 2 == 0:
        return bool(town.near[stop, other])
    return bool(town.near[other, stop])


@njit(cache=True)
def _next(dice: LongArray, n: int) -> int:
    """A number below ``n`` (xorshift; the same on every machine)."""
    x = dice[0]
    x ^= (x << 13) & 0x7FFFFFFFFFFFFFFF
    x ^= x >> 7
    x ^= (x << 17) & 0x7FFFFFFFFFFFFFFF
    dice[0] = x if x > 0 else 88172645463325252
    return int(x % n)


@njit(cache=True)
def _place(
    town: Town, week: Week, vendors: IntArray, crew: int, stop: int, day: int, dice: LongArray
) -> bool:
    """Find a vendor of the crew and a half-day for a visit, the one with most time left first."""
    best, best_half, best_left = -1, -1, -1
    first = _next(dice, N_HALVES)
    for vendor in vendors:
        left = town.most[vendor] - week.used[vendor]
        if town.crew[vendor] != crew or left <= best_left:
            continue
        for k in range(N_HALVES):
            half = (first + k) % N_HALVES
            if (day < 0 or half // 2 == day) and fits(town, week, vendor, stop, half):
                best, best_half, best_left = vendor, half, left
                break
    if best < 0:
        return False
    add(town, week, best, stop, best_half)
    return True


@njit(cache=True)
def fill(town: Town, week: Week, vendors: IntArray, dice: LongArray) -> None:
    """
    Add the best visit of these vendors until none adds anything (lazy greedy).

    A gain computed earlier is an upper limit now (the worth is submodular), so only the best one needs to
    be computed again. Where meeting twice counts, a visit's worth depends on the day, so days are kept apart.
    """
    n_crews, n_stops = town.mask.shape
    n_days = 7 if town.worth[1] > 0 else 1
    limit = np.full((n_crews, n_stops, n_days), -1.0)
    is_known = np.zeros(n_crews, np.bool_)
    for vendor in vendors:
        crew = town.crew[vendor]
        if is_known[crew]:
            continue
        is_known[crew] = True
        for s in range(n_stops):
            if town.mask[crew, s] != 0:
                for d in range(n_days):
                    limit[crew, s, d] = gain_of(town, week, crew, s, d)
    flat = limit.reshape(-1)
    while True:
        top = int(np.argmax(flat))
        if flat[top] <= 1e-9:
            return
        crew, stop, d = top // (n_stops * n_days), (top // n_days) % n_stops, top % n_days
        gain = gain_of(town, week, crew, stop, d)
        if gain < flat[top]:
            flat[top] = gain
            # best once more only if nothing else stands above it
            if int(np.argmax(flat)) != top:
                continue
        if gain <= 1e-9:
            flat[top] = -1.0
            continue
        if not _place(town, week, vendors, crew, stop, d if n_days == 7 else -1, dice):
            flat[top] = -1.0


@njit(cache=True)
def ruin_and_recreate(town: Town, week: Week, rounds: int, most_ruined: int, dice: LongArray) -> int:
    """Take vendors out, a few or all of a stop, fill again, keep what is no worse; rounds that got better."""
    n_vendors, n_stops = week.at.shape[0], town.mask.shape[1]
    better = 0
    for _ in range(rounds):
        chosen = np.zeros(n_vendors, np.bool_)
        if _next(dice, 3) == 0:
            stop = _next(dice, n_stops)
            for one in range(n_vendors):
                for h in range(N_HALVES):
                    if week.at[one, h] == stop:
                        chosen[one] = True
            chosen[_next(dice, n_vendors)] = True
        else:
            for _k in range(1 + _next(dice, most_ruined)):
                chosen[_next(dice, n_vendors)] = True
        vendors = np.flatnonzero(chosen).astype(np.int32)
        kept = week.at[vendors].copy()
        value = week.value[0]
        share = _next(dice, 3)  # all of their visits, or about half of them
        for v in vendors:
            for h in range(N_HALVES):
                if week.at[v, h] >= 0 and (share > 0 or _next(dice, 2) == 0):
                    drop(town, week, v, h)
        fill(town, week, vendors, dice)
        if week.value[0] > value + 1e-7:
            better += 1
        elif week.value[0] < value - 1e-7:
            for v in vendors:
                for h in range(N_HALVES):
                    if week.at[v, h] >= 0:
                        drop(town, week, v, h)
            for i in range(len(vendors)):
                for h in range(N_HALVES):
                    if kept[i, h] >= 0:
                        add(town, week, vendors[i], kept[i, h], h)
    return better


@njit(cache=True)
def drop_idle(town: Town, week: Week) -> None:
    """Take visits out that add nobody: a vendor's half-day is not asked for in vain."""
    for vendor in range(week.at.shape[0]):
        for half in range(N_HALVES):
            stop = week.at[vendor, half]
            if stop >= 0:
                value = week.value[0]
                drop(town, week, vendor, half)
                if week.value[0] < value - 1e-6:
                    add(town, week, vendor, stop, half)


def new_dice(seed: int) -> Any:
    """State of the dice; any seed, never zero."""
    return np.array([(seed * 2654435761 + 88172645463325252) & 0x7FFFFFFFFFFFFFFF or 1], np.int64)
