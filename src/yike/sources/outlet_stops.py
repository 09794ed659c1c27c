"""Movable outlets (流动网点): one row for each stop, known as stops of one outlet by their row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from yike.core.tables import IntArray
from yike.sources.intake import ReadContext
from yike.sources.outlet_fields import Stop, parse_stops
from yike.sources.tabular import Table


def stops_as_rows(ctx: ReadContext, table: Table) -> Table:
    """One row for each stop of a movable outlet that lists its stops, with the stop's hours."""
    if not any(table.text("stops")):
        return table
    if not (table.has("lon") and table.has("lat")):
        table = _pair_as_columns(table)
    rows: list[list[str]] = []
    numbers: list[int] = []
    columns, table = _with_columns(table, "id", "hours", "movable")
    for i, cells in enumerate(zip(*table.columns, strict=True)):
        stops, bad = parse_stops(cells[columns["stops"]])
        ctx.faults.extend(table.fault("outlets.stop.bad", i, "stops", found=b) for b in bad)
        name = cells[columns["id"]] or f"W{table.row_number[i]}"
        variants = [_at_stop(cells, columns, f"{name}@{k}", s) for k, s in enumerate(stops, start=1)]
        for row in variants or [list(cells)]:
            rows.append(row)
            numbers.append(int(table.row_number[i]))
    return replace(
        table,
        columns=tuple(zip(*rows, strict=True)) if rows else table.columns,
        row_number=np.array(numbers, np.int32),
    )


def _pair_as_columns(table: Table) -> Table:
    """The same table with 经度 and 纬度 out of its one column 坐标; cells nobody can read go into both."""
    degrees = table.degrees()
    columns, table = _with_columns(table, "lon", "lat")
    cells = list(table.columns)
    for name, values in zip(("lon", "lat"), degrees, strict=True):
        cells[columns[name]] = tuple(
            {"bad": pair, "blank": ""}.get(read.how, repr(read.value))
            for read, pair in zip(values, table.text("coordinates"), strict=True)
        )
    return replace(table, columns=tuple(cells))


def _with_columns(table: Table, *names: str) -> tuple[dict[str, int], Table]:
    """The table with an empty column for each field that has none, so that it can be filled."""
    fields = dict(table.fields)
    headers, columns = table.headers, table.columns
    for name in names:
        if name not in fields:
            fields[name] = len(headers)
            headers, columns = (*headers, table.header(name)), (*columns, ("",) * len(table))
    return fields, replace(table, fields=fields, headers=headers, columns=columns)


def _at_stop(cells: Sequence[str], columns: dict[str, int], name: str, stop: Stop) -> list[str]:
    row = list(cells)
    row[columns["id"]] = name
    row[columns["lon"]], row[columns["lat"]] = repr(stop.lon), repr(stop.lat)
    row[columns["hours"]] = stop.hours or row[columns["hours"]]
    row[columns["movable"]] = "是"
    return row


def first_of_row(row_number: IntArray) -> IntArray:
    """For each entry the first one of the same row of the file: stops of one outlet share a row."""
    _, first, which = np.unique(row_number, return_index=True, return_inverse=True)
    return first[which].astype(np.int32)


def told_once(ctx: ReadContext, first: int) -> None:
    """Keep each fault from position ``first`` on once: the stops of an outlet repeat those of its row."""
    seen = set[tuple[str, str, int, str, str]]()
    kept = []
    for f in ctx.faults[first:]:
        key = (f.code, f.sheet, f.row, f.column, f.found)
        if not f.row or key not in seen:
            kept.append(f)
        seen.add(key)
    ctx.faults[first:] = kept
