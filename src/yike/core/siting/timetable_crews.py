"""
The same problem, smaller: homes that reach the same stops are one class, vendors of one trade one crew.

Merging loses nothing: homes of a class are met together, and a crew's visit to a stop brings the same
trades whoever of it comes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting.timetable import HALF_DAYS, TimetableProblem
from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray, freeze


@dataclass(frozen=True, eq=False)
class Merged:
    """What the searches and the programs work on."""

    ptr: LongArray  # shape (n_stops + 1,): slice of class_idx per stop
    class_idx: IntArray
    weight: FloatArray  # shape (n_trades, n_classes)
    group: IntArray  # community of each class, -1 none
    crew: IntArray  # shape (n_vendors,)
    mask: LongArray  # shape (n_crews, n_stops): bits of the trades a visit brings, 0 none
    may: BoolArray  # shape (n_vendors, n_stops, 14): free, open, and of use
    near: BoolArray  # shape (n_stops, n_stops): morning to afternoon
    most: IntArray  # shape (n_vendors,): half-days, no more than are free
    capacity: IntArray
    total: FloatArray  # shape (n_groups,): people x trades of communities that count for fairness
    before: FloatArray  # of these, met before
    is_live: BoolArray  # a stop reaches somebody of the community who counts
    worth: tuple[float, float]

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_classes(self) -> int:
        """Number of classes of homes."""
        return int(self.weight.shape[1])

    @property
    def n_crews(self) -> int:
        """Number of different sets of trades."""
        return int(self.mask.shape[0])

    @property
    def n_trades(self) -> int:
        """Number of trades."""
        return int(self.weight.shape[0])

    @property
    def n_stops(self) -> int:
        """Number of stops."""
        return len(self.ptr) - 1

    def trades_of(self, crew: int, stop: int) -> list[int]:
        """Trades that a visit brings."""
        bits = int(self.mask[crew, stop])
        return [t for t in range(self.n_trades) if bits >> t & 1]


def merge(problem: TimetableProblem) -> Merged:
    """Merge homes and vendors; homes that no stop reaches, and people who do not count, drop out."""
    ptr, class_idx, weight, group = _classes(problem)
    bits = 1 << np.arange(problem.n_trades, dtype=np.int64)
    has_people = _stop_has_people(problem)
    of_vendor = (problem.vendor_trades * bits).sum(1)
    sets, crew = np.unique(of_vendor, return_inverse=True)
    allowed = ((problem.stop_trades & has_people) * bits).sum(1)
    mask = sets[:, None] & allowed[None, :]
    free = problem.vendor_free[:, None, :] & problem.stop_free[None, :, :]
    usable = (problem.stop_capacity > 0)[None, :] & (mask[crew] != 0)
    near = problem.travel_s <= problem.most_travel_s  # NaN compares false: unknown is far
    np.fill_diagonal(near, True)
    most = np.minimum(problem.vendor_most, problem.vendor_free.sum(1)).astype(np.int32)
    total, before, is_live = _groups(problem, weight, group)
    return Merged(
        ptr, class_idx, weight, group, crew.astype(np.int32), mask, free & usable[:, :, None], near, most,
        problem.stop_capacity, total, before, is_live, (problem.worth_once, problem.worth_twice),
    )  # fmt: skip


def _stop_has_people(problem: TimetableProblem) -> BoolArray:
    """Stop x trade: somebody who counts is within reach."""
    reach = problem.reach
    stop = np.repeat(np.arange(problem.n_stops), np.diff(reach.ptr))
    found = np.zeros((problem.n_stops, problem.n_trades), np.bool_)
    for t in range(problem.n_trades):
        np.logical_or.at(found[:, t], stop, problem.weight[t, reach.demand_idx] > 0)
    return found


def _classes(problem: TimetableProblem) -> tuple[LongArray, IntArray, FloatArray, IntArray]:
    reach, n = problem.reach, problem.reach.n_demand
    stop = np.repeat(np.arange(problem.n_stops, dtype=np.int32), np.diff(reach.ptr))
    order = np.lexsort((stop, reach.demand_idx))
    home_ptr = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(reach.demand_idx, minlength=n), out=home_ptr[1:])
    stops, ends = stop[order], home_ptr.tolist()
    groups = problem.group_idx if len(problem.group_idx) else np.full(n, -1, np.int32)
    counts = problem.weight.sum(0) > 0
    known: dict[tuple[int, bytes], int] = {}
    member = np.full(n, -1, np.int64)
    for i in np.flatnonzero(counts & (np.diff(home_ptr) > 0)).tolist():
        key = (int(groups[i]), stops[ends[i] : ends[i + 1]].tobytes())
        member[i] = known.setdefault(key, len(known))
    weight = np.zeros((problem.n_trades, len(known)))
    used = member >= 0
    for t in range(problem.n_trades):
        np.add.at(weight[t], member[used], problem.weight[t, used])
    pairs = [np.frombuffer(key, np.int32) for _, key in known]
    at = np.concatenate([np.empty(0, np.int32), *pairs])
    which = np.repeat(np.arange(len(known), dtype=np.int32), [len(p) for p in pairs])
    by_stop = np.lexsort((which, at))
    ptr = np.zeros(problem.n_stops + 1, np.int64)
    np.cumsum(np.bincount(at, minlength=problem.n_stops), out=ptr[1:])
    group = np.array([g for g, _ in known], np.int32)
    return ptr, which[by_stop], weight, group


def _groups(
    problem: TimetableProblem, weight: FloatArray, group: IntArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    total = problem.group_total
    reachable = np.zeros(len(total))
    in_group = group >= 0
    np.add.at(reachable, group[in_group], weight.sum(0)[in_group])
    return total, problem.group_met, (reachable > 0) & (total > 0)


def empty_week(n_vendors: int) -> IntArray:
    """A timetable without visits: stop of each vendor and half-day, -1 none."""
    return np.full((n_vendors, HALF_DAYS), -1, np.int32)
