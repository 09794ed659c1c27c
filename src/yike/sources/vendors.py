"""Moving vendors (流动服务者) and the stops where they may stand (停靠点), read for timetables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from yike.core.tables import BoolArray, FloatArray, IntArray, check_lengths, freeze
from yike.errors import InputError
from yike.sources.half_days import HALVES, parse_half_days
from yike.sources.intake import ReadContext, input_error
from yike.sources.located import read_located, read_rows, rows_of, unique_ids
from yike.sources.numbers import is_blank
from yike.sources.outlet_fields import split_services
from yike.sources.pack_spec import FileSpec
from yike.sources.premises import ANY_WORDS
from yike.sources.tabular import Table
from yike.standards.classify import classify

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Vendors:
    """
    Craftsmen, carts and trucks, one row each.

    ``phone`` is personal data: it goes to the vendor's own paper and nowhere else.
    """

    vendor_id: tuple[str, ...]
    name: tuple[str, ...]
    trades: tuple[tuple[int, ...], ...]  # rows of the catalogue, as written, without repeats
    is_free: BoolArray  # shape (n, 14) by half-day of the week
    most: IntArray  # half-days a week, at most 14
    phone: tuple[str, ...]
    source_row: IntArray

    def __post_init__(self) -> None:
        freeze(self)
        check_lengths(self, len(self), "name", "trades", "is_free", "most", "phone", "source_row")

    def __len__(self) -> int:
        return len(self.vendor_id)


@dataclass(frozen=True, eq=False)
class Stops:
    """Places where vendors may stand, one row each."""

    stop_id: tuple[str, ...]
    name: tuple[str, ...]
    address: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    capacity: IntArray  # vendors at a time
    trades: tuple[tuple[int, ...], ...]  # rows of the catalogue; empty: any
    is_open: BoolArray  # shape (n, 14): half-days on which one may stand there, market days
    source_row: IntArray  # -1 where we made the stop

    def __post_init__(self) -> None:
        freeze(self)
        columns = ("name", "address", "lon", "lat", "x_m", "y_m", "capacity", "trades", "is_open")
        check_lengths(self, len(self), *columns, "source_row")

    def __len__(self) -> int:
        return len(self.stop_id)


def read_vendors(spec: FileSpec, ctx: ReadContext) -> Vendors | None:
    """
    Read the vendors of a pack.

    Parameters
    ----------
    spec
        Section ``[vendors]``: a table with 编号, 名称, 业态, 可服务时段, 每周最多半天, 电话.
    ctx
        Takes the faults; the count goes to ``found["vendors"]``.

    Returns
    -------
    Vendors
        None when the pack names no such file or it cannot be read. A blank 可服务时段 is any half-day, a
        blank 每周最多半天 as many as are free.
    """
    table = read_rows(ctx, spec, "vendors", "vendor") if spec.file else None
    if table is None:
        return None
    missing = table.missing("trades")
    if missing:
        ctx.faults.extend(missing)
        return None
    ctx.found["vendors"] = {"rows": len(table)}
    ids = unique_ids(ctx, table, "vendor-")
    return Vendors(
        vendor_id=ids,
        name=_named(table, ids),
        trades=tuple(_trades(ctx, table, i, "vendors", is_needed=True) for i in range(len(table))),
        is_free=_half_days(ctx, table, "free", "vendors") & ~_days_off(ctx, table),
        most=_whole(ctx, table, "most", "vendors", blank=HALVES, low=0, high=HALVES),
        phone=table.text("phone"),
        source_row=table.row_number.astype(np.int32),
    )


def read_stops(spec: FileSpec, ctx: ReadContext) -> Stops | None:
    """
    Read the stops of a pack.

    Parameters
    ----------
    spec
        Section ``[stops]``: 编号, 名称, 地址, 经度, 纬度, 同时容量, 允许业态, 可用时段; a table or points.
    ctx
        Takes the faults; the count goes to ``found["stops"]``.

    Returns
    -------
    Stops
        None when the pack names no such file or it cannot be read. A blank 同时容量 is one vendor at a time.
    """
    rows = read_located(ctx, spec, "stops", "stop") if spec.file else None
    if rows is None:
        return None
    table = rows.table
    ctx.found["stops"] = {"rows": len(rows)}
    ids = unique_ids(ctx, table, "stop-")
    return Stops(
        stop_id=ids,
        name=_named(table, ids),
        address=table.text("address"),
        lon=rows.lon,
        lat=rows.lat,
        x_m=rows.x_m,
        y_m=rows.y_m,
        capacity=_whole(ctx, table, "capacity", "stops", blank=1, low=0, high=99),
        trades=tuple(_trades(ctx, table, i, "stops", is_needed=False) for i in range(len(table))),
        is_open=_half_days(ctx, table, "free", "stops"),
        source_row=rows_of(rows),
    )


def read_vendor_file(path: Path, ctx: ReadContext, columns: FileSpec | None = None) -> Vendors:
    """Vendors of a file outside the pack; raises InputError with every fault."""
    return _outside(path, ctx, columns, read_vendors)


def read_stop_file(path: Path, ctx: ReadContext, datum: str = "") -> Stops:
    """Stops of a file outside the pack; raises InputError with every fault."""
    return _outside(path, ctx, FileSpec(datum=datum), read_stops)


def _outside(
    path: Path, ctx: ReadContext, spec: FileSpec | None, read: Callable[[FileSpec, ReadContext], T | None]
) -> T:
    here = replace(ctx, dir=path.parent, faults=[], settled={})
    found = read(replace(spec or FileSpec(), file=path.name), here)
    ctx.digests.update(here.digests)
    ctx.faults.extend(here.faults)
    if found is None or any(f.level == "error" for f in here.faults):
        raise (
            input_error(here.faults, path.name) if here.faults else InputError("vendors.none", file=path.name)
        )
    return found


def _named(table: Table, ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name or key for name, key in zip(table.text("name"), ids, strict=True))


def _trades(ctx: ReadContext, table: Table, i: int, room: str, *, is_needed: bool) -> tuple[int, ...]:
    cell = table.text("trades")[i]
    if not is_needed and any(word in cell for word in ANY_WORDS):
        return ()
    words = split_services(cell)
    if is_needed and not words:
        ctx.faults.append(table.fault(f"{room}.trade.missing", i, "trades"))
    found: list[int] = []
    for word in words:
        match = classify(word, ctx.types)
        if match.type_idx < 0:
            near = "、".join(match.suggestions) or "没有相近的"
            ctx.faults.append(table.fault(f"{room}.trade.unknown", i, "trades", found=word, near=near))
        elif match.type_idx not in found:
            found.append(match.type_idx)
    return tuple(found)


def _half_days(ctx: ReadContext, table: Table, name: str, room: str) -> BoolArray:
    free = np.ones((len(table), HALVES), np.bool_)
    for i, cell in enumerate(table.text(name)):
        read = parse_half_days(cell)
        if read is None:
            ctx.faults.append(table.fault(f"{room}.free.bad", i, name, found=cell))
        else:
            free[i] = read
    return free


def _days_off(ctx: ReadContext, table: Table) -> BoolArray:
    """Half-days that the column 休息日 names; blank is none."""
    off = np.zeros((len(table), HALVES), np.bool_)
    for i, cell in enumerate(table.text("off")):
        if is_blank(cell):
            continue
        read = parse_half_days(cell.strip().removesuffix("休息").removesuffix("休"))
        if read is None:
            ctx.faults.append(table.fault("vendors.off.bad", i, "off", found=cell))
        else:
            off[i] = read
    return off


def _whole(
    ctx: ReadContext, table: Table, name: str, room: str, *, blank: int, low: int, high: int
) -> IntArray:
    """Whole numbers from low to high."""
    values = table.numbers(name, ctx.faults, at_least=low, code=f"{room}.{name}")
    whole = np.full(len(table), blank, np.int32)
    for i in np.flatnonzero(np.isfinite(values)).tolist():
        if values[i] != round(values[i]) or values[i] > high:
            expected = f"{low} 至 {high} 的整数"
            ctx.faults.append(
                table.fault(f"{room}.{name}.whole", i, name, found=f"{values[i]:g}", expected=expected)
            )
        else:
            whole[i] = int(values[i])
    return whole
