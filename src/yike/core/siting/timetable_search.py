"""
Timetables by lazy greedy and ruin-and-recreate: good ones for towns too large to solve exactly.

The people met are a monotone submodular function of the visits, so greedy alone is never far off
(Nemhauser, Wolsey and Fisher 1978). Floors for communities are lifted as in Saturate (Krause et al. 2008):
for a stated share, people of communities below it count many times over.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np

from yike.core.siting import _timetable_kernels as kernels
from yike.core.siting.options import SolveOptions
from yike.core.siting.timetable import DAYS, HALF_DAYS
from yike.core.siting.timetable_crews import Merged, empty_week
from yike.core.tables import FloatArray, IntArray

LIFT = 100.0
"""What one person below a community's floor is worth; the floor itself is checked afterwards."""

WORK = 36_000_000
"""Rounds x pairs of stop and class of homes: ten seconds at most; bounds a search whatever the machine."""

ROUNDS = (200, 4_000)
SLICE = 20  # rounds between two looks at the clock
MOST_RUINED = 3
EPS = 1e-9


@dataclass(frozen=True, eq=False)
class Score:
    """What a timetable is worth; ``people`` and ``worst_share`` before any weighing."""

    people: float  # people x trades, times worth
    worst_share: float  # NaN without communities that count
    worst_group: int


def score_of(m: Merged, at: IntArray) -> Score:
    """Worth of a timetable, summed afresh."""
    days = days_met(m, at)
    once, twice = m.worth
    met = m.weight * (days >= 1)
    people = fsum((met * once).ravel()) + fsum((m.weight * (days >= 2) * twice).ravel())
    share = shares_of(m, met)
    if not m.is_live.any():
        return Score(people, float("nan"), -1)
    worst = int(np.where(m.is_live, share, np.inf).argmin())
    return Score(people, float(share[worst]), worst)


def days_met(m: Merged, at: IntArray) -> IntArray:
    """On how many different days each class of homes meets each trade, shape (n_trades, n_classes)."""
    seen = np.zeros((m.n_trades, m.n_classes, DAYS), np.bool_)
    for vendor, half in np.argwhere(at >= 0).tolist():
        stop = int(at[vendor, half])
        classes = m.class_idx[m.ptr[stop] : m.ptr[stop + 1]]
        for t in m.trades_of(int(m.crew[vendor]), stop):
            seen[t, classes, half // 2] = True
    days: IntArray = seen.sum(2).astype(np.int32)
    return days


def shares_of(m: Merged, met: FloatArray) -> FloatArray:
    """Share of each community that meets a trade, over all trades; NaN where nobody counts."""
    gained = np.zeros(len(m.total))
    inside = m.group >= 0
    np.add.at(gained, m.group[inside], met.sum(0)[inside])
    with np.errstate(invalid="ignore", divide="ignore"):
        share: FloatArray = np.where(m.total > 0, (m.before + gained) / m.total, np.nan)
    return share


class Search:
    """One merged town, searched again and again under different floors."""

    def __init__(self, m: Merged, options: SolveOptions, deadline: float) -> None:
        self.m, self.options, self.deadline = m, options, deadline
        self.out_of_time = False
        self._vendors = np.arange(len(m.most), dtype=np.int32)
        pairs = max(1, int(m.ptr[-1]))
        days = DAYS if m.worth[1] > 0 else 1  # a visit's worth is looked up for each day apart
        rounds = int(np.clip(WORK // (pairs * days), *ROUNDS))
        self.rounds = rounds if options.rounds is None else options.rounds

    def improve(self, at: IntArray, floor: float = 0.0, seed: int = 0) -> IntArray:
        """A timetable no worse than ``at``, filled up and searched; counts people below ``floor`` first."""
        town, week = self._start(floor)
        for vendor, half in np.argwhere(at >= 0).tolist():
            kernels.add(town, week, vendor, int(at[vendor, half]), half)
        dice = kernels.new_dice(self.options.seed + seed)
        kernels.fill(town, week, self._vendors, dice)
        for _ in range(0, self.rounds, SLICE):
            if self.options.clock() >= self.deadline or self.options.should_stop():
                self.out_of_time = True
                break
            kernels.ruin_and_recreate(town, week, SLICE, MOST_RUINED, dice)
        kernels.drop_idle(town, week)
        return week.at.copy()

    def _start(self, floor: float) -> tuple[kernels.Town, kernels.Week]:
        m = self.m
        need = np.where(m.is_live, np.maximum(0.0, floor * m.total - m.before), 0.0)
        lift = _lift(m) if need.any() else np.empty(0)
        n_groups = max(1, len(m.total), int(m.group.max(initial=-1)) + 1)
        town = kernels.Town(
            m.ptr, m.class_idx, m.weight, m.group, m.crew, m.mask, m.may, m.near, m.most, m.capacity,
            np.array(m.worth), need, lift,
        )  # fmt: skip
        week = kernels.Week(
            empty_week(len(m.most)), np.zeros((m.n_stops, HALF_DAYS), np.int32),
            np.zeros(len(m.most), np.int32), np.zeros((m.n_trades, m.n_classes, DAYS), np.int32),
            np.zeros((m.n_trades, m.n_classes), np.int32), np.zeros(n_groups),
            np.zeros(n_groups), np.zeros(1),
        )  # fmt: skip
        return town, week


def _lift(m: Merged) -> FloatArray:
    """Worth of a person below the floor; a whole community weighs the same whatever its size."""
    lift = np.zeros(len(m.total))
    lift[m.is_live] = LIFT * m.total[m.is_live].mean() / m.total[m.is_live]
    return lift


def meets_floor(m: Merged, at: IntArray, floor: float) -> bool:
    """Whether no community that counts is below the floor."""
    score = score_of(m, at)
    return not score.worst_share < floor - EPS
