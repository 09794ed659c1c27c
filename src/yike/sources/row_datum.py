"""Lists that mix datums: a 坐标系 column says for each row which one its coordinates are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from yike.core.geo.datum import from_wgs84, to_wgs84
from yike.sources.intake import ReadContext
from yike.sources.numbers import is_blank
from yike.sources.pack_keys import BadValueError, datum
from yike.sources.pack_spec import FileSpec
from yike.sources.tabular import Table

MAKERS = {
    "高德": "gcj02",
    "腾讯": "gcj02",
    "火星坐标": "gcj02",
    "百度": "bd09",
    "天地图": "cgcs2000",
    "国家2000": "cgcs2000",
}
"""What people write instead of a datum: whose map the point was taken from."""

S = TypeVar("S", bound=FileSpec)


def one_datum(ctx: ReadContext, table: Table, spec: S) -> tuple[Table, S]:
    """
    Bring every row to the datum of the file.

    Parameters
    ----------
    ctx
        Takes ``datum.row.unknown`` for words that are no datum.
    table
        With or without a 坐标系 column; blank cells mean the file's datum.
    spec
        Its ``datum`` may be missing when every row names its own; then all rows become WGS-84.

    Returns
    -------
    The table with converted coordinate cells, and the spec that goes with it.
    """
    if not (table.has("datum") and table.has("lon") and table.has("lat")):
        return table, spec
    own = [_datum_of(ctx, table, i) for i in range(len(table))]
    if not spec.datum:
        if not all(own):
            return table, spec  # the file's datum is asked for as usual
        spec = replace(spec, datum="wgs84")
    lon, lat = (list(table.text(name)) for name in ("lon", "lat"))
    readings = table.degrees()
    for i, word in enumerate(own):
        x, y = readings[0][i].value, readings[1][i].value
        if word and word != spec.datum and np.isfinite(x) and np.isfinite(y):
            moved = from_wgs84(*to_wgs84(np.array([x]), np.array([y]), word), spec.datum)
            lon[i], lat[i] = repr(float(moved[0][0])), repr(float(moved[1][0]))
    return _with_cells(table, {"lon": lon, "lat": lat}), spec


def _datum_of(ctx: ReadContext, table: Table, i: int) -> str:
    cell = table.text("datum")[i]
    if is_blank(cell):
        return ""
    try:
        return datum_word(cell)
    except BadValueError:
        ctx.faults.append(table.fault("datum.row.unknown", i, "datum", found=cell))
        return ""


def datum_word(cell: str) -> str:
    """
    The datum a cell names.

    Raises
    ------
    BadValueError
        It names none.
    """
    return MAKERS.get(cell.strip()) or datum(cell)


def _with_cells(table: Table, cells: dict[str, Sequence[str]]) -> Table:
    columns = list(table.columns)
    for name, values in cells.items():
        columns[table.fields[name]] = tuple(values)
    return replace(table, columns=tuple(columns))
