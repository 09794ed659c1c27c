"""A list from outside: its rows as values of the register's columns, with what is odd in them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.geo.datum import to_wgs84
from yike.core.tables import Tri
from yike.errors import Fault, YikeError
from yike.sources.headers import plain
from yike.sources.intake import faults_of
from yike.sources.numbers import is_blank
from yike.sources.outlet_fields import parse_yes_no
from yike.sources.pack_keys import BadValueError
from yike.sources.row_datum import datum_word
from yike.sources.tabular import Table, read_table
from yike.web.outlets.directory.cells import CellIn
from yike.web.outlets.directory.kinds import Kind
from yike.web.outlets.intake import Known, ReadList, ReadRow, _renamed, bare_community
from yike.web.outlets.row_values import SERIAL_HEADERS
from yike.web.personal.masks import masked_phone

SECONDS_OFF = 7
"""Decimals of a degree that are kept: 1 cm."""


def read_entries(
    path: Path, *, kind: Kind, branch: str, known: Known, datum: str = "", sheet: str = "", name: str = ""
) -> ReadList:
    """
    Read a list of facilities or premises; a row need not tell where it lies.

    Parameters
    ----------
    branch
        Area code of rows whose community is not known.
    known
        Communities of the branch.
    datum
        As a person said; "" asks, unless every row or the file itself tells.
    name
        File name to show.
    """
    try:
        table = read_table(path, sheet=sheet or None, kind=kind.code)
        table.require("name")
    except YikeError as wrong:
        return ReadList((), tuple(_renamed(f, name) for f in faults_of(wrong)), False)
    reader = _Rows(table, kind, branch, known, datum or table.datum)
    rows = tuple(reader.row(i) for i in range(len(table)))
    for row in rows:
        row.faults = [_renamed(f, name) for f in row.faults]
        row.values |= {"source": name[:200]} if row.values else {}
    lon, lat = reader.lon, reader.lat
    return ReadList(
        rows, tuple(_renamed(f, name) for f in table.faults), reader.asks_datum,
        tuple(n.value for n in lon), tuple(n.value for n in lat),
    )  # fmt: skip


class _Rows:
    """The rows of a table, one by one."""

    def __init__(self, table: Table, kind: Kind, branch: str, known: Known, datum: str) -> None:
        self.table, self.kind, self.branch, self.known, self.datum = table, kind, branch, known, datum
        self.lon, self.lat = table.degrees()
        self.asks_datum = False
        numbered = table.has("id") and plain(table.header("id")) in SERIAL_HEADERS
        self.told = [t for t in kind.told if table.has(t.field) and not (numbered and t.field == "id")]

    def row(self, i: int) -> ReadRow:
        """One row."""
        name = self._cell("name", i)
        row = ReadRow(int(self.table.row_number[i]), {}, [], name)
        for t in self.told:
            if text := self._cell(t.field, i):
                value = t.read(self._opened(row, t.field, i, text))
                row.values |= {} if value is None else {t.column: value}
        if not name:
            row.faults.append(self.table.fault("register.directory.no_name", i, "name"))
        invented = self._cell("invented", i)
        if invented and ("虚构" in invented or parse_yes_no(invented) is Tri.YES):
            row.values["is_invented"] = True
        self._place(row, i)
        self._community(row, i)
        return row

    def _cell(self, field: str, i: int) -> str:
        text = self.table.text(field)[i].replace("\x00", "").strip() if self.table.has(field) else ""
        return "" if is_blank(text) else text

    def _opened(self, row: ReadRow, field: str, i: int, text: str) -> CellIn:
        def odd(code: str, **named: Any) -> None:
            shown = masked_phone(text[:80]) if field == "phone" else text[:80]
            row.faults.append(self.table.fault(code, i, field, **{"found": shown} | named))

        return CellIn(text, self.table.header(field), odd, self._mover(row, i))

    def _datum_of(self, row: ReadRow, i: int) -> str:
        """The datum of a row's points; "" asks for it."""
        cell = self._cell("datum", i)
        try:
            return datum_word(cell) if cell else self.datum
        except BadValueError:
            fault = self.table.fault("datum.row.unknown", i, "datum", found=cell)
            if fault not in row.faults:
                row.faults.append(fault)
            return "wgs84"

    def _mover(self, row: ReadRow, i: int) -> Callable[[float, float], tuple[float, float] | None]:
        def moved(lon: float, lat: float) -> tuple[float, float] | None:
            datum = self._datum_of(row, i)
            if not datum:
                self.asks_datum = True
                return None
            x, y = to_wgs84(np.array([lon]), np.array([lat]), datum)
            return round(float(x[0]), SECONDS_OFF), round(float(y[0]), SECONDS_OFF)

        return moved

    def _place(self, row: ReadRow, i: int) -> None:
        """The row's own point, where it tells one."""
        lon, lat = self.lon[i], self.lat[i]
        if lon.how == "blank" and lat.how == "blank":
            return
        good = math.isfinite(lon.value) and math.isfinite(lat.value)
        if not good or abs(lat.value) > 90 or abs(lon.value) > 180:
            found = f"{self._point_cell('lon', i)}, {self._point_cell('lat', i)}"
            field = "lon" if self.table.has("lon") else "coordinates"
            row.faults.append(self.table.fault("register.directory.point", i, field, found=found))
            return
        at = self._mover(row, i)(lon.value, lat.value)
        if at:
            row.values |= {
                "lon": at[0], "lat": at[1], "source_lon": lon.value, "source_lat": lat.value,
                "source_datum": self._datum_of(row, i),
            }  # fmt: skip

    def _point_cell(self, field: str, i: int) -> str:
        return self._cell(field if self.table.has(field) else "coordinates", i) or "空"

    def _community(self, row: ReadRow, i: int) -> None:
        cell = self._cell("community", i)
        hit = self.known.by_code.get(cell) or self.known.by_name.get(bare_community(cell)) if cell else None
        row.values["area_code"] = self.branch
        if hit:
            row.values["community_id"], row.values["area_code"] = hit
        elif cell:
            fault: Fault = self.table.fault(
                "register.directory.community", i, "community", found=cell, level="warning"
            )
            row.faults.append(fault)
