"""
The timetable as a mixed-integer program, in two sizes, for ``_highs``.

``whole``: a binary for each vendor, stop and half-day; its optimum is the best timetable. ``crews``: a
count for each crew and stop, with a flow of crew-half-days through the week beside it; travel and who of a
crew goes are left out, so its optimum is a bound, and very often it is reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from yike.core.siting._highs import Program
from yike.core.siting.timetable import DAYS, HALF_DAYS
from yike.core.siting.timetable_crews import Merged
from yike.core.tables import FloatArray, IntArray


class _Rows:
    """Rows and columns of a program as they come."""

    def __init__(self) -> None:
        self.cost: list[FloatArray] = []
        self.high: list[FloatArray] = []
        self.integer: list[bool] = []
        self.n = 0
        self.row: list[IntArray] = []
        self.col: list[IntArray] = []
        self.value: list[FloatArray] = []
        self.row_low: list[float] = []
        self.row_high: list[float] = []

    def columns(
        self, n: int, high: float = 1.0, cost: FloatArray | float = 0.0, whole: bool = False
    ) -> IntArray:
        """``n`` new columns from 0 to ``high``."""
        first, self.n = self.n, self.n + n
        self.cost.append(np.broadcast_to(np.asarray(cost, float), (n,)))
        self.high.append(np.full(n, high))
        self.integer += [whole] * n
        return np.arange(first, self.n, dtype=np.int32)

    def add(self, low: float, high: float, *parts: tuple[IntArray, FloatArray | float]) -> None:
        """One row: ``low <= sum of parts <= high``; a part is columns and their factor."""
        at = len(self.row_low)
        for cols, factor in parts:
            self.row.append(np.full(len(cols), at, np.int32))
            self.col.append(np.asarray(cols, np.int32))
            self.value.append(np.broadcast_to(np.asarray(factor, float), (len(cols),)))
        self.row_low.append(low)
        self.row_high.append(high)

    def program(self) -> Program:
        """All of it."""
        shape = (len(self.row_low), self.n)
        cells = np.concatenate(self.value), (np.concatenate(self.row), np.concatenate(self.col))
        return Program(
            np.concatenate(self.cost), csr_array(cells, shape=shape), np.array(self.row_low),
            np.array(self.row_high), np.zeros(self.n), np.concatenate(self.high), np.array(self.integer),
            maximise=True,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Wish:
    """What a program maximises: ``people`` x people + ``share`` x the worst share, above a floor."""

    people: float = 1.0
    share: float = 0.0
    floor: float = 0.0


@dataclass(frozen=True, eq=False)
class Built:
    """A program with the meaning of its first columns."""

    program: Program
    keys: IntArray  # whole: (n, 3) vendor, stop, half-day; crews: (n, 2) crew, stop


def whole_size(m: Merged) -> int:
    """Binaries of the whole program."""
    return int(m.may.sum())


def whole_program(m: Merged, wish: Wish) -> Built:
    """The exact program."""
    rows = _Rows()
    keys = np.argwhere(m.may).astype(np.int32)
    x = rows.columns(len(keys), whole=True)
    vendor, stop, half = keys.T
    _limits(m, rows, x, vendor, stop, half)
    _travel(m, rows, x, vendor, stop, half)
    if m.worth[1] > 0:
        _meet_twice(m, rows, x, keys, wish)
    else:
        pairs, visit = _pairs(m, rows, x, m.crew[vendor], stop, 1.0, False)
        _meet(m, rows, pairs, visit, wish, 1)
    return Built(rows.program(), keys)


def _limits(m: Merged, rows: _Rows, x: IntArray, vendor: IntArray, stop: IntArray, half: IntArray) -> None:
    for cols in _by(vendor * HALF_DAYS + half, x):
        rows.add(0, 1, (cols, 1.0))
    for v, cols in _named(vendor, x):
        if len(cols) > m.most[v]:
            rows.add(0, float(m.most[v]), (cols, 1.0))
    for sh, cols in _named(stop * HALF_DAYS + half, x):
        if len(cols) > m.capacity[sh // HALF_DAYS]:
            rows.add(0, float(m.capacity[sh // HALF_DAYS]), (cols, 1.0))


def _travel(m: Merged, rows: _Rows, x: IntArray, vendor: IntArray, stop: IntArray, half: IntArray) -> None:
    """A morning here shuts out every afternoon that is too far from here."""
    if m.near.all():
        return
    mornings = half % 2 == 0
    day_of = vendor * DAYS + half // 2
    afternoons = dict(_named(day_of[~mornings], np.flatnonzero(~mornings).astype(np.int32)))
    for i in np.flatnonzero(mornings).tolist():
        others = afternoons.get(int(day_of[i]))
        if others is None:
            continue
        far = others[~m.near[stop[i], stop[others]]]
        if len(far):
            rows.add(0, 1, (x[i : i + 1], 1.0), (x[far], 1.0))


def crews_program(m: Merged, wish: Wish, whole: bool = True) -> Built:
    """The bounding program; ``whole=False`` lets counts be fractions, for a weaker and quicker bound."""
    rows = _Rows()
    twice = m.worth[1] > 0
    may = np.zeros((m.n_crews, m.n_stops, HALF_DAYS), np.bool_)
    np.logical_or.at(may, m.crew, m.may)
    keys = np.argwhere(may.any(2)).astype(np.int32)
    days = may.reshape(m.n_crews, m.n_stops, DAYS, 2).any(3).sum(2)[keys[:, 0], keys[:, 1]]
    y = rows.columns(len(keys), whole=whole)
    rows.high[-1] = np.minimum(2.0 if twice else 1.0, days.astype(float))
    at = np.argwhere(may[keys[:, 0], keys[:, 1]]).astype(np.int32)
    q = rows.columns(len(at))
    crew, stop, half = keys[at[:, 0], 0], keys[at[:, 0], 1], at[:, 1]
    for k, cols in _named(at[:, 0], q):
        rows.add(0, 0, (y[k : k + 1], -1.0), (cols, 1.0))
    free = np.zeros((m.n_crews, HALF_DAYS))
    np.add.at(free, m.crew, m.may.any(1).astype(float))
    most = np.bincount(m.crew, weights=np.minimum(m.most, m.may.any(1).sum(1)), minlength=m.n_crews)
    for ch, cols in _named(crew * HALF_DAYS + half, q):
        rows.add(0, float(free[ch // HALF_DAYS, ch % HALF_DAYS]), (cols, 1.0))
    for sh, cols in _named(stop * HALF_DAYS + half, q):
        if len(cols) > m.capacity[sh // HALF_DAYS]:
            rows.add(0, float(m.capacity[sh // HALF_DAYS]), (cols, 1.0))
    for c, cols in _named(keys[:, 0], y):
        rows.add(0, float(most[c]), (cols, 1.0))
    _meet(m, rows, keys, y, wish, 2 if twice else 1)
    return Built(rows.program(), keys)


def _pairs(
    m: Merged, rows: _Rows, x: IntArray, crew: IntArray, stop: IntArray, high: float, whole: bool
) -> tuple[IntArray, IntArray]:
    """One column for each crew and stop: whether any of its visits happens."""
    keys, cols = [], []
    for key, of_pair in _named(crew * m.n_stops + stop, x):
        visit = rows.columns(1, high, whole=whole)
        rows.add(0, np.inf, (of_pair, 1.0), (visit, -1.0))
        keys.append((key // m.n_stops, key % m.n_stops))
        cols.append(visit)
    return np.array(keys, np.int32).reshape(-1, 2), np.concatenate([np.empty(0, np.int32), *cols])


def _meet(m: Merged, rows: _Rows, keys: IntArray, visit: IntArray, wish: Wish, times: int) -> None:
    """People met at least once (and twice) by the visits of crews to stops."""
    met, where = [], []
    for t in range(m.n_trades):
        sources = _sources(m, keys, visit, t)
        for c in np.flatnonzero(m.weight[t] > 0).tolist():
            if c not in sources:
                continue
            z = [rows.columns(1, cost=wish.people * m.weight[t, c] * m.worth[k]) for k in range(times)]
            rows.add(0, np.inf, (sources[c], 1.0), *((one, -1.0) for one in z))
            met.append(z[0])
            where.append((t, c))
    _floors(m, rows, met, where, wish)


def _sources(m: Merged, keys: IntArray, visit: IntArray, trade: int) -> dict[int, IntArray]:
    """Class of homes -> columns of the visits that bring it a trade."""
    brings = np.flatnonzero(m.mask[keys[:, 0], keys[:, 1]] >> trade & 1)
    classes = [m.class_idx[m.ptr[keys[k, 1]] : m.ptr[keys[k, 1] + 1]] for k in brings]
    if not classes:
        return {}
    cols = np.repeat(visit[brings], [len(c) for c in classes])
    return dict(_named(np.concatenate(classes), cols))


def _meet_twice(m: Merged, rows: _Rows, x: IntArray, keys: IntArray, wish: Wish) -> None:
    """The same by days: meeting twice means on two different days."""
    vendor, stop, half = keys.T
    by_day = {}
    for d in range(DAYS):
        of_day = half // 2 == d
        pairs, visit = _pairs(m, rows, x[of_day], m.crew[vendor[of_day]], stop[of_day], 1.0, False)
        by_day[d] = (pairs, visit)
    met, where = [], []
    for t in range(m.n_trades):
        daily = [_sources(m, *by_day[d], t) for d in range(DAYS)]
        for c in np.flatnonzero(m.weight[t] > 0).tolist():
            if not any(c in day for day in daily):
                continue
            u = []
            for day in daily:
                if c in day:
                    u.append(rows.columns(1))
                    rows.add(0, np.inf, (day[c], 1.0), (u[-1], -1.0))
            z = [rows.columns(1, cost=wish.people * m.weight[t, c] * worth) for worth in m.worth]
            rows.add(0, np.inf, (np.concatenate(u), 1.0), (z[0], -1.0), (z[1], -1.0))
            met.append(z[0])
            where.append((t, c))
    _floors(m, rows, met, where, wish)


def _floors(m: Merged, rows: _Rows, met: list[IntArray], where: list[tuple[int, int]], wish: Wish) -> None:
    """The worst share as a column, at least the floor."""
    live = np.flatnonzero(m.is_live)
    if not len(live) or (wish.share == 0 and wish.floor <= 0):
        return
    theta = rows.columns(1, 1.0, cost=wish.share)
    at = np.array(where, np.int64).reshape(-1, 2)
    cols = np.concatenate([np.empty(0, np.int32), *met])
    group = m.group[at[:, 1]]
    for g in live.tolist():
        mine = np.flatnonzero(group == g)
        factor = m.weight[at[mine, 0], at[mine, 1]] / m.total[g]
        already = float(m.before[g] / m.total[g])
        rows.add(-already, np.inf, (cols[mine], factor), (theta, -1.0))
    if wish.floor > 0:
        rows.add(wish.floor - 1e-9, 1.0, (theta, 1.0))


def _by(key: IntArray, cols: IntArray) -> list[IntArray]:
    return [c for _, c in _named(key, cols)]


def _named(key: IntArray, cols: IntArray) -> list[tuple[int, IntArray]]:
    """Columns grouped by a key, in the order of the keys."""
    if not len(key):
        return []
    order = np.argsort(key, kind="stable")
    names, first = np.unique(key[order], return_index=True)
    return list(zip(names.tolist(), np.split(cols[order], first[1:]), strict=True))
