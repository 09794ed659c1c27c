"""The mix as a mixed-integer program, for HiGHS."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

from yike.core.siting._highs import Program
from yike.core.siting._mix_kernels import Mix
from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray


class Columns(NamedTuple):
    """Where the unknowns stand: sites first, then items, then whatever follows."""

    n_sites: int
    site: IntArray  # of each item
    type_row: IntArray
    column: LongArray  # shape (m, n_types): column of an item, -1 not allowed

    @property
    def n(self) -> int:
        """Columns of sites and items."""
        return self.n_sites + len(self.site)


class RowList:
    """Rows of a program, gathered block by block."""

    def __init__(self) -> None:
        self.n = 0
        self._parts: list[tuple[LongArray, LongArray, FloatArray]] = []
        self._low: list[FloatArray] = []
        self._high: list[FloatArray] = []

    def add(
        self, row: LongArray | IntArray, column: LongArray | IntArray, value: FloatArray, low: FloatArray,
        high: FloatArray,
    ) -> None:  # fmt: skip
        """Append rows; ``row`` counts from 0 inside the block."""
        self._parts.append((row.astype(np.int64) + self.n, column.astype(np.int64), value.astype(float)))
        self._low.append(low)
        self._high.append(high)
        self.n += len(low)

    def add_one(self, column: LongArray | IntArray, value: FloatArray, low: float, high: float) -> None:
        """Append a single row."""
        self.add(np.zeros(len(column), np.int64), column, value, np.array([low]), np.array([high]))

    def matrix(self, n_columns: int) -> csr_array:
        """All rows as one sparse matrix."""
        row, column, value = (np.concatenate([p[i] for p in self._parts]) for i in range(3))
        return csr_array(coo_array((value, (row, column)), (self.n, n_columns)))

    def limits(self) -> tuple[FloatArray, FloatArray]:
        """Lower and upper limits of all rows."""
        return np.concatenate(self._low), np.concatenate(self._high)


def item_columns(is_allowed: BoolArray) -> Columns:
    """Number the sites and the allowed items."""
    site, type_row = np.nonzero(is_allowed)
    column = np.full(is_allowed.shape, -1, np.int64)
    column[site, type_row] = len(is_allowed) + np.arange(len(site))
    return Columns(len(is_allowed), site.astype(np.int32), type_row.astype(np.int32), column)


def add_site_rows(rows: RowList, mix: Mix, columns: Columns) -> None:
    """What every plan obeys: opened before used, number of types, room, number of sites, budget."""
    site, n_items, m = columns.site, len(columns.site), columns.n_sites
    item = m + np.arange(n_items)
    each = np.arange(n_items)
    one = np.ones(n_items)
    rows.add(
        np.tile(each, 2), np.concatenate([item, site]), np.concatenate([one, -one]),
        np.full(n_items, -np.inf), np.zeros(n_items),
    )  # fmt: skip
    rows.add(
        np.concatenate([site, np.arange(m)]), np.concatenate([item, np.arange(m)]),
        np.concatenate([one, np.full(m, -float(mix.most_types))]), np.full(m, -np.inf), np.zeros(m),
    )  # fmt: skip
    _add_room_rows(rows, mix, columns)
    if mix.k < m:
        rows.add_one(np.arange(m), np.ones(m), -np.inf, float(mix.k))
    if np.isfinite(mix.budget):
        cost = np.concatenate([mix.site_cost, mix.type_cost[columns.type_row]])
        unit = _common_unit(cost)
        rows.add_one(np.arange(columns.n), cost / unit, -np.inf, float(np.floor(mix.budget / unit)))


def _common_unit(cost: FloatArray) -> float:
    """Greatest common divisor, so that the budget row has the smallest whole numbers (tolerances matter)."""
    return float(max(1, np.gcd.reduce(cost.astype(np.int64)))) if len(cost) else 1.0


def _add_room_rows(rows: RowList, mix: Mix, columns: Columns) -> None:
    """
    Room of each premise: for every type t it may take, shared a_t x_t + (1 - shared) sum a_u x_u <= A y.

    The row of the largest type inside is the binding one, so the maximum needs no unknown of its own.
    """
    for j in np.flatnonzero(np.isfinite(mix.site_area)):
        mine = np.flatnonzero(columns.site == j)
        area = mix.area[columns.type_row[mine]]
        column = columns.n_sites + mine
        for i in range(len(mine)) if mix.shared > 0.0 else range(min(1, len(mine))):
            value = (1.0 - mix.shared) * area
            value[i] += mix.shared * area[i]
            rows.add_one(np.append(column, j), np.append(value, -float(mix.site_area[j])), -np.inf, 1e-9)


def mix_program(mix: Mix) -> tuple[Program, Columns]:
    """Maximal covering by items: z_i <= sum of the items that cover row i."""
    columns = item_columns(mix.is_allowed)
    n_cover = len(mix.weight)
    rows = RowList()
    add_site_rows(rows, mix, columns)
    part_row, part_column = cover_pairs(mix, columns)
    every = np.arange(n_cover)
    rows.add(
        np.concatenate([every, part_row]), np.concatenate([columns.n + every, part_column]),
        np.concatenate([np.ones(n_cover), -np.ones(len(part_row))]),
        np.full(n_cover, -np.inf), np.zeros(n_cover),
    )  # fmt: skip
    n = columns.n + n_cover
    low, high = rows.limits()
    cost = np.concatenate([np.zeros(columns.n), mix.weight])
    return Program(
        cost, rows.matrix(n), low, high, np.zeros(n), np.ones(n), np.arange(n) < columns.n, maximise=True
    ), columns


def cover_pairs(mix: Mix, columns: Columns) -> tuple[LongArray, LongArray]:
    """All (cover row, column of an item that covers it)."""
    m = columns.n_sites
    rows, where = [], []
    for t in range(len(mix.type_cost)):
        start = int(mix.class_of[t]) * m
        ptr = mix.ptr[start : start + m + 1]
        column = np.repeat(columns.column[:, t], np.diff(ptr))
        keep = column >= 0
        rows.append((mix.offset[t] + mix.row[ptr[0] : ptr[-1]])[keep])
        where.append(column[keep])
    return np.concatenate(rows).astype(np.int64), np.concatenate(where).astype(np.int64)


def start_point(mix: Mix, columns: Columns, has: BoolArray, count: IntArray) -> FloatArray:
    """A plan as a point of ``mix_program``."""
    return np.concatenate([has.any(axis=1), has[columns.site, columns.type_row], count > 0]).astype(float)


def items_of(columns: Columns, x: FloatArray, shape: tuple[int, ...]) -> BoolArray:
    """The items that a point of a program builds."""
    has = np.zeros(shape, np.bool_)
    chosen = x[columns.n_sites : columns.n] > 0.5
    has[columns.site[chosen], columns.type_row[chosen]] = True
    return has
