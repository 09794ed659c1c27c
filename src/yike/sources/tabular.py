"""
Tables as clerks keep them, read as text columns with the row numbers a person sees.

CSV (UTF-8 with or without BOM, UTF-16, GB18030; commas, semicolons, tabs), XLSX, XLS and ET-made
workbooks, and points of GeoJSON, GeoPackage or zipped Shapefile. The header row is found below titles
and merged cells; blank formatted rows are no rows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yike.core.tables import FloatArray, IntArray
from yike.errors import Fault, MissingColumnError, UnreadableFileError
from yike.sources.headers import match_headers, nearest_headers, synonyms
from yike.sources.intake import fault
from yike.sources.numbers import Number, clean_text, is_blank, parse_degrees, parse_number

SHEET_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
LAYER_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".shp.zip", ".zip")
MAX_TABLE_BYTES = 400_000_000
HEADER_WITHIN_ROWS = 40
"""A header further down than this is not found; forms have a handful of title rows at most."""

EXAMPLE_WORDS = ("示例", "样例", "例：", "（例）", "(例)")


@dataclass(frozen=True)
class Sheet:
    """Rows of one sheet as text, before anyone knows where the header is."""

    name: str
    rows: list[tuple[str, ...]]
    row_number: list[int]  # as a person counts, 1 is the first row of the sheet
    faults: tuple[Fault, ...] = ()
    encoding: str = ""


@dataclass(frozen=True)
class Table:
    """
    One table: headers as written, cells as text, rows with the numbers a person sees.

    ``fields`` tells which column is which of our fields; a field that is not there reads as blank.
    """

    file: str
    sheet: str
    kind: str
    headers: tuple[str, ...]
    header_row: int
    columns: tuple[tuple[str, ...], ...]  # one tuple of cells per header
    row_number: IntArray
    fields: Mapping[str, int]
    encoding: str = ""
    faults: tuple[Fault, ...] = ()
    datum: str = ""  # "wgs84" where a layer's own coordinate system settles it

    def __len__(self) -> int:
        return len(self.row_number)

    def has(self, name: str) -> bool:
        """Whether the table has a column for the field."""
        return name in self.fields

    def header(self, name: str) -> str:
        """Header of a field as the file writes it; the field's usual Chinese header when it is missing."""
        if name in self.fields:
            return self.headers[self.fields[name]]
        words = synonyms(self.kind).get(name, ())
        return next((w for w in words if not w.isascii()), name)

    def text(self, name: str) -> tuple[str, ...]:
        """Cells of a field, "" where the column is missing."""
        if name not in self.fields:
            return ("",) * len(self)
        return self.columns[self.fields[name]]

    def numbers(
        self,
        name: str,
        faults: list[Fault],
        *,
        at_least: float | None = None,
        code: str = "table.number",
        level: str = "error",
    ) -> FloatArray:
        """
        Cells of a field as numbers, NaN where blank or unreadable.

        Parameters
        ----------
        name
            Field.
        faults
            Gets one ``table.number.bad`` or ``table.number.small`` for each bad cell.
        at_least
            Smaller numbers are faults and become NaN.
        code
            First part of the fault's code.
        level
            Of the faults: "warning" where the row can do without the number.
        """
        values = np.full(len(self), np.nan)
        if not self.has(name):
            return values
        for i, cell in enumerate(self.text(name)):
            read = parse_number(cell)
            if read.how == "bad":
                faults.append(self.fault(f"{code}.bad", i, name, found=cell, level=level))
            elif at_least is not None and read.value < at_least:
                expected = f"≥ {at_least:g}"
                faults.append(
                    self.fault(f"{code}.small", i, name, found=cell, expected=expected, level=level)
                )
            else:
                values[i] = read.value
        return values

    def degrees(self) -> tuple[list[Number], list[Number]]:
        """Longitude and latitude of every row, from two columns or from one that holds both."""
        if self.has("lon") and self.has("lat"):
            return [parse_degrees(c) for c in self.text("lon")], [parse_degrees(c) for c in self.text("lat")]
        pairs = [_split_pair(cell) for cell in self.text("coordinates")]
        return [p[0] for p in pairs], [p[1] for p in pairs]

    def fault(self, code: str, row: int, name: str = "", **named: object) -> Fault:
        """Fault of a row (0-based row of this table) and field."""
        number = int(self.row_number[row]) if row >= 0 else 0
        column = self.header(name) if name else ""
        return fault(code, file=self.file, sheet=self.sheet, row=number, column=column, **named)

    def require(self, *names: str) -> None:
        """
        Check that the fields have columns; "lon" and "lat" may share one ("坐标").

        Raises
        ------
        MissingColumnError
            With one fault for each missing field, naming the headers that look like it.
        """
        faults = tuple(self.missing(*names))
        if faults:
            shown = "、".join(f.column for f in faults)
            raise MissingColumnError("table.columns", faults, file=self.file, names=shown)

    def missing(self, *names: str) -> list[Fault]:
        """One fault for each field without a column, naming the headers that look like it."""
        absent = [n for n in names if not self.has(n) and not (n in ("lon", "lat") and self._has_pair())]
        return [
            fault(
                "table.column.missing",
                file=self.file,
                sheet=self.sheet,
                row=self.header_row,
                column=self.header(n),
                found="、".join(h for h in self.headers if h),
                near="、".join(nearest_headers(n, self.kind, self.headers)) or "没有",
                words="、".join(synonyms(self.kind).get(n, (n,))[:6]),
            )
            for n in absent
        ]

    def _has_pair(self) -> bool:
        return self.has("coordinates")


def _split_pair(cell: str) -> tuple[Number, Number]:
    """Longitude and latitude out of "116.325,39.99", "(116.325 39.99)" and the like."""
    cleaned = clean_text(cell).strip("()[]")
    if is_blank(cleaned):
        return parse_degrees(""), parse_degrees("")
    parts = [p for p in re.split(r"[,;\s]+", cleaned) if p]
    if len(parts) != 2:
        return Number(math.nan, "bad"), Number(math.nan, "bad")
    return parse_degrees(parts[0]), parse_degrees(parts[1])


def read_table(
    path: Path,
    *,
    sheet: str | None = None,
    kind: str = "outlet",
    columns: Mapping[str, str] | None = None,
    crs: str = "",
) -> Table:
    """
    Read a table of any kind, find its header and drop blank rows.

    Parameters
    ----------
    path
        The file; its suffix says what it should be, its content decides.
    sheet
        Sheet or layer by name; without it the sheet whose header fits best.
    kind
        What the table holds, a section of ``headers.toml``.
    columns
        Field -> header, where the pack says so itself.
    crs
        Coordinate system of a layer, instead of what the file says.

    Returns
    -------
    Table
        Rows marked as examples (示例) are left out. ``faults`` holds notes on the encoding and the like.

    Raises
    ------
    UnreadableFileError
        Missing, empty, too large, damaged, or no table at all.
    """
    check_readable(path)
    name = path.name.lower()
    if name.endswith(LAYER_SUFFIXES):
        from yike.sources.tabular_layer import read_layer_table

        return read_layer_table(path, layer=sheet, kind=kind, columns=columns or {}, crs=crs)
    sheets = read_sheets(path)
    wanted = _pick_sheets(path, sheets, sheet)
    best = max(
        (_with_header(path, s, kind, columns or {}) for s in wanted),
        key=lambda t: len(t.fields),  # the first of equals
    )
    if not best.fields:
        raise UnreadableFileError(
            "table.header.none", file=path.name, found=_first_words(wanted[0]), words=_wanted_words(kind)
        )
    return best


def check_readable(path: Path) -> None:
    """Raise UnreadableFileError for a file that is missing, empty or far too large for a table."""
    if not path.is_file():
        raise UnreadableFileError("table.file.missing", file=path.name)
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError("table.file.empty", file=path.name)
    if size > MAX_TABLE_BYTES:
        raise UnreadableFileError(
            "table.file.large", file=path.name, found=f"{size / 1e6:.0f} MB", limit="400 MB"
        )


def read_sheets(path: Path) -> list[Sheet]:
    """
    Every sheet of a workbook, or the one of a text file, before anyone looks for a header.

    The content decides, not the name: clerks rename .xls to .xlsx and CSV to .xls.

    Raises
    ------
    UnreadableFileError
        Damaged, encrypted, a zip bomb, not text, or nothing in it.
    """
    from yike.sources.tabular_sheet import is_workbook, read_workbook
    from yike.sources.tabular_text import read_text

    sheets = read_workbook(path) if is_workbook(path) else [read_text(path)]
    if not any(s.rows for s in sheets):
        raise UnreadableFileError("table.file.blank", file=path.name)
    return sheets


def _pick_sheets(path: Path, sheets: list[Sheet], sheet: str | None) -> list[Sheet]:
    if not sheet or (len(sheets) == 1 and not sheets[0].name):
        return [s for s in sheets if s.rows]
    hit = [s for s in sheets if clean_text(s.name) == clean_text(sheet)]
    if not hit or not hit[0].rows:
        names = "、".join(s.name for s in sheets if s.rows)
        raise UnreadableFileError("table.sheet.missing", file=path.name, found=sheet, names=names)
    return hit


def _with_header(path: Path, sheet: Sheet, kind: str, declared: Mapping[str, str]) -> Table:
    at, headers, fields = _find_header(sheet.rows, kind, declared)
    width = len(headers)
    keep = [
        i for i in range(at + 1, len(sheet.rows)) if any(sheet.rows[i]) and not _is_example(sheet.rows[i])
    ]
    rows = [sheet.rows[i] for i in keep]
    padded = [r[:width] if len(r) >= width else r + ("",) * (width - len(r)) for r in rows]
    cells = tuple(zip(*padded, strict=True)) if padded else ((),) * width
    return Table(
        file=path.name,
        sheet=sheet.name,
        kind=kind,
        headers=headers,
        header_row=sheet.row_number[at] if sheet.rows else 0,
        columns=cells,
        row_number=np.array([sheet.row_number[i] for i in keep], np.int32),
        fields=fields,
        encoding=sheet.encoding,
        faults=sheet.faults + _wide_rows(path, sheet, keep, width),
    )


def _wide_rows(path: Path, sheet: Sheet, keep: list[int], width: int) -> tuple[Fault, ...]:
    """Cells beyond the last header: usually an unquoted comma in a CSV, which shifts the row's columns."""
    wide = [i for i in keep if len(sheet.rows[i]) > width and any(sheet.rows[i][width:])]
    return tuple(
        fault(
            "table.row.wide", file=path.name, sheet=sheet.name, row=sheet.row_number[i],
            found=str(len(sheet.rows[i])), expected=str(width), level="warning",
        )
        for i in wide[:50]
    )  # fmt: skip


def _is_example(row: Sequence[str]) -> bool:
    first = next((c for c in row if c), "")
    return first.startswith(EXAMPLE_WORDS) or "示例" in row


def _find_header(
    rows: list[tuple[str, ...]], kind: str, declared: Mapping[str, str]
) -> tuple[int, tuple[str, ...], dict[str, int]]:
    """
    Row that names the most fields, alone or joined with the row above it (two-storey headers).

    Returns the row (of ``rows``), its headers and the fields found.
    """
    best: tuple[int, tuple[str, ...], dict[str, int]] = (0, rows[0] if rows else (), {})
    for at, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        if not any(row):
            continue
        for headers in _header_candidates(rows, at):
            fields = match_headers(headers, kind, declared)
            if len(fields) > len(best[2]):
                best = (at, headers, fields)
    return best


def _header_candidates(rows: list[tuple[str, ...]], at: int) -> list[tuple[str, ...]]:
    row = rows[at]
    above = rows[at - 1] if at and any(rows[at - 1]) else ()
    if not above:
        return [row]
    width = max(len(row), len(above))
    low = row + ("",) * (width - len(row))
    high = above + ("",) * (width - len(above))
    return [row, tuple(a or b for a, b in zip(low, high, strict=True))]


def _first_words(sheet: Sheet) -> str:
    row = next((r for r in sheet.rows if any(r)), ())
    return "、".join(c for c in row if c)[:60]


def _wanted_words(kind: str) -> str:
    known = synonyms(kind)
    fields = dict.fromkeys(("name", *list(known)[:4], "lon", "lat"))
    return "、".join(next((w for w in known.get(f, ()) if not w.isascii()), f) for f in fields)
