"""Lists from outside: read with the engine's readers into rows of plain values, faults beside them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.tables import Outlets
from yike.errors import Fault, YikeError
from yike.sources.intake import ReadContext, fault, faults_of
from yike.sources.outlets import read_outlets
from yike.sources.pack_spec import HeadSpec, NetworkSpec, OutletsSpec, PackSpec
from yike.sources.tabular import Table, read_table
from yike.standards.loader import load_types
from yike.web.outlets.list_files import ListFile, list_in
from yike.web.outlets.row_values import RowValues

_COMMUNITY_TAIL = re.compile(r"(社区)?(居民委员会|居委会|村民委员会|村委会|社区|村)$")
_ASKS_DATUM = ("datum.missing", "datum.missing_no_guess", "datum.missing_unclear")


@dataclass
class ReadRow:
    """One row of a list: what it says of an outlet, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    name: str = ""  # as written, also where the row cannot be used

    @property
    def is_bad(self) -> bool:
        """Whether the row cannot be used."""
        return not self.values or any(f.level == "error" for f in self.faults)


@dataclass(frozen=True)
class ReadList:
    """A whole list; ``asks_datum`` when nothing says which datum its points are in."""

    rows: tuple[ReadRow, ...]
    faults: tuple[Fault, ...]  # of the file
    asks_datum: bool
    lon: tuple[float, ...] = ()  # as written, for guessing the datum
    lat: tuple[float, ...] = ()


@dataclass(frozen=True)
class Known:
    """Communities a list may name: how → (id, branch)."""

    by_name: Mapping[str, tuple[int, str]]
    by_code: Mapping[str, tuple[int, str]]


def bare_community(name: str) -> str:
    """A community's name without 社区, 居委会 and the like: lists leave them out."""
    return _COMMUNITY_TAIL.sub("", name.strip()) or name.strip()


def read_list(
    path: Path, *, branch: str, today: dt.date, known: Known, datum: str = "", sheet: str = "", name: str = ""
) -> ReadList:
    """
    Read a list of outlets.

    Parameters
    ----------
    path
        Excel, CSV, GeoJSON, GeoPackage, zipped Shapefile, or the zip of a city pack.
    branch
        Area code of outlets whose community is not known.
    known
        Communities of the branch.
    datum
        As a person said; "" asks, unless every row or the file itself tells.
    name
        File name to show.
    """
    try:
        with list_in(path, datum=datum, sheet=sheet) as found:
            return _read(found, branch=branch, today=today, known=known, name=name)
    except YikeError as wrong:
        return ReadList((), tuple(_renamed(f, name) for f in faults_of(wrong)), False)


def _read(found: ListFile, *, branch: str, today: dt.date, known: Known, name: str) -> ReadList:
    spec = found.spec
    table = read_table(
        found.path, sheet=spec.sheet or None, kind="outlet", columns=spec.columns, crs=spec.crs
    )
    ctx = _context(found.path, table, today)
    outlets = read_outlets(spec, ctx)
    asks = any(f.code in _ASKS_DATUM for f in ctx.faults)
    faults = [_renamed(f, name) for f in ctx.faults if f.code not in _ASKS_DATUM]
    datum = spec.datum or table.datum
    rows = _rows(table, outlets, faults, branch=branch, known=known, datum=datum, name=name)
    if found.is_invented:
        for row in rows:
            row.values |= {"is_invented": True} if row.values else {}
    lon, lat = table.degrees()
    return ReadList(
        rows,
        tuple(f for f in faults if not f.row),
        asks,
        tuple(n.value for n in lon),
        tuple(n.value for n in lat),
    )


def _renamed(f: Fault, name: str) -> Fault:
    """The fault with the name a person gave the file, not the one it is kept under."""
    if not name:
        return f
    kept = {k: v for k, v in asdict(f).items() if k != "facts"}
    facts = {k: name if k == "file" else v for k, v in f.facts.items()}
    return Fault(**kept | {"file": name}, facts=facts)


def _context(path: Path, table: Table, today: dt.date) -> ReadContext:
    lon, lat = table.degrees()
    xs = [n.value for n in lon if np.isfinite(n.value) and abs(n.value) <= 180]
    ys = [n.value for n in lat if np.isfinite(n.value) and abs(n.value) <= 90]
    origin = (float(np.median(xs)), float(np.median(ys))) if xs and ys else (0.0, 0.0)
    head = HeadSpec("register", "register", today.isoformat(), False)
    spec = PackSpec(pack=head, network=NetworkSpec(), outlets=OutletsSpec(file=path.name))
    return ReadContext(path.parent, spec, load_types(), LocalProjection(*origin))


def _rows(
    table: Table,
    outlets: Outlets,
    faults: Sequence[Fault],
    *,
    branch: str,
    known: Known,
    datum: str,
    name: str,
) -> tuple[ReadRow, ...]:
    told: dict[int, list[Fault]] = {}
    for f in faults:
        if f.row:
            told.setdefault(f.row, []).append(f)
    entries: dict[int, list[int]] = {}
    for entry, row in enumerate(outlets.source_row.tolist()):
        entries.setdefault(row, []).append(entry)
    cells = RowValues(table, datum, name)
    rows = []
    for i, number in enumerate(table.row_number.tolist()):
        own = entries.get(number, [])
        values, odd = cells.values(i, outlets, own) if own else ({}, [])
        odd = told.get(number, []) + [_renamed(f, name) for f in odd]
        row = ReadRow(number, values, odd, cells.cell("name", i))
        if own:
            _locate(row, table, i, branch, known, name)
            if not values.get("name"):
                row.faults.append(
                    fault("register.import.no_name", file=name, sheet=table.sheet, row=number,
                          column=table.header("name"))
                )  # fmt: skip
        rows.append(row)
    return tuple(rows)


def _locate(row: ReadRow, table: Table, i: int, branch: str, known: Known, name: str) -> None:
    """Community and area code of a row, by the name or code in its 社区 column."""
    cell = table.text("community")[i].strip()
    hit = known.by_code.get(cell) or known.by_name.get(bare_community(cell)) if cell else None
    if hit:
        row.values["community_id"], row.values["area_code"] = hit
        return
    row.values["area_code"] = branch
    if cell:
        row.faults.append(
            fault(
                "register.import.community", file=name, sheet=table.sheet, row=row.number,
                column=table.header("community"), found=cell, level="warning",
            )
        )  # fmt: skip
