"""The copy of a pack's tables with red cells and a 原因 column, and the list of all faults before it."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from yike.errors import Fault
from yike.reports.intake_workbook.text import labels
from yike.reports.stable_zip import rewrite_stable

MAX_SHEET_NAME = 31
MAX_LISTED = 50_000
LINE_PT = 15.0
SIGNS_PER_LINE = 33  # Chinese characters in a column 70 wide
_FILLS = {
    "error": PatternFill("solid", fgColor="F8C9C4"),
    "warning": PatternFill("solid", fgColor="FBE9B0"),
    "note": PatternFill("solid", fgColor="E3EAF2"),
}
_HEAD = PatternFill("solid", fgColor="E7ECE9")
_ORDER = {"error": 0, "warning": 1, "note": 2}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,13})(?:\.\d{1,12})?")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class SourceSheet:
    """Cells of one sheet as they came, with the row numbers a person sees (0: a header we added)."""

    file: str
    sheet: str
    rows: Sequence[tuple[str, ...]]
    row_number: Sequence[int]


def write_intake_workbook(sheets: Sequence[SourceSheet], faults: Sequence[Fault], path: Path) -> None:
    """
    Write the workbook of a check.

    Parameters
    ----------
    sheets
        Tables with faulty rows; each becomes a sheet with the same rows at the same numbers.
    faults
        All faults of the pack; those that name a row and column colour a cell (red: error, yellow: warning).
    path
        Where to write; the bytes depend on the arguments alone.
    """
    book = Workbook()
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)
    book.properties.creator = "yike"
    listed = book.active
    _write_list(listed, faults)
    taken = {listed.title}
    for sheet in sheets:
        own = [f for f in faults if f.row and (f.file, f.sheet) == (sheet.file, sheet.sheet)]
        _write_copy(book.create_sheet(_sheet_name(sheet, taken)), sheet, own)
    book.save(path)
    rewrite_stable(path)


def _sheet_name(sheet: SourceSheet, taken: set[str]) -> str:
    """File and sheet as a name Excel accepts, each only once."""
    stem = Path(sheet.file).stem
    wanted = stem if not sheet.sheet or sheet.sheet == stem else f"{stem}-{sheet.sheet}"
    name = wanted = re.sub(r"[\[\]:*?/\\']", "_", wanted)[:MAX_SHEET_NAME] or "表"
    number = 2
    while name.casefold() in {t.casefold() for t in taken}:
        name = f"{wanted[: MAX_SHEET_NAME - 4]}({number})"
        number += 1
    taken.add(name)
    return name


def _write_list(ws: Worksheet, faults: Sequence[Fault]) -> None:
    words = labels()
    ws.title = words["list_sheet"]
    counts = {f"{level}s": sum(f.level == level for f in faults) for level in _ORDER}
    ws.append([words["summary"].format(**counts) if faults else words["clean"]])
    ws.append(words["list_header"])
    for cell in ws[2]:
        cell.fill, cell.font = _HEAD, Font(bold=True)
    for fault in sorted(faults, key=lambda f: _ORDER.get(f.level, 3))[:MAX_LISTED]:
        row = [
            words["level"].get(fault.level, fault.level), fault.file, fault.sheet, fault.row or None,
            fault.column, fault.found, fault.expected, fault.message, fault.cure,
        ]  # fmt: skip
        at_row = ws.max_row + 1
        for at, value in enumerate(row, start=1):
            _put(ws, at_row, at, value)
        ws.cell(at_row, 1).fill = _FILLS.get(fault.level, _HEAD)
        for at in range(1, len(row) + 1):
            ws.cell(at_row, at).alignment = Alignment(wrap_text=True, vertical="top")
        ws.row_dimensions[at_row].height = _height(fault.message, fault.cure, fault.found * 3)
    for at, width in enumerate((8, 22, 14, 7, 16, 24, 14, 70, 70), start=1):
        ws.column_dimensions[get_column_letter(at)].width = width
    ws.freeze_panes = "A3"
    fit_to_page(ws)


def _write_copy(ws: Worksheet, sheet: SourceSheet, faults: Sequence[Fault]) -> None:
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in sorted(faults, key=lambda f: _ORDER.get(f.level, 3)):
        by_row[fault.row].append(fault)
    width = max((len(r) for r in sheet.rows), default=0)
    shift = 1 if 0 in sheet.row_number else 0  # layers have no header row of their own
    columns = _column_of(sheet)
    head_row = _header_row(sheet, columns, faults)
    for number, cells in zip(sheet.row_number, sheet.rows, strict=True):
        for at, text in enumerate(cells, start=1):
            if text:
                _put(ws, number + shift, at, _typed(text))
        _mark_row(ws, number + shift, width + 1, by_row.get(number, []), columns)
    ws.cell(head_row + shift, width + 1, labels()["reason"]).font = Font(bold=True)
    _widths(ws, sheet, width)
    fit_to_page(ws)


def _mark_row(ws: Worksheet, row: int, reason_at: int, faults: list[Fault], columns: dict[str, int]) -> None:
    for fault in reversed(faults):  # the worst last, so that its colour stays
        at = columns.get(fault.column)
        cell: Cell = ws.cell(row, at if at is not None else 1)
        cell.fill = _FILLS.get(fault.level, _HEAD)
    if faults:
        told = list(dict.fromkeys(f"{f.message}{f.cure}" for f in faults))
        cell = _put(ws, row, reason_at, "\n".join(told))
        cell.fill = _FILLS.get(faults[0].level, _HEAD)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        ws.row_dimensions[row].height = _height("\n".join(told))


def _height(*texts: str) -> float:
    """Height of a row in points that shows its wrapped texts; not every program works it out itself."""
    lines = max(sum(1 + (len(line) - 1) // SIGNS_PER_LINE for line in t.split("\n")) for t in texts)
    return min(409.0, LINE_PT * max(1, lines))


def _column_of(sheet: SourceSheet) -> dict[str, int]:
    """Cell text -> column, from the first rows, where headers stand; the first of equals."""
    found: dict[str, int] = {}
    for cells in sheet.rows[:40]:
        for at, text in enumerate(cells, start=1):
            if text:
                found.setdefault(text, at)
    return found


def _header_row(sheet: SourceSheet, columns: dict[str, int], faults: Sequence[Fault]) -> int:
    named = {f.column for f in faults if f.column in columns}
    for number, cells in zip(sheet.row_number, sheet.rows, strict=True):
        if named & set(cells):
            return number
    return sheet.row_number[0] if sheet.row_number else 1


def _typed(text: str) -> Any:
    """Numbers as numbers; ids with leading zeros or more than 15 digits as text."""
    if _NUMBER.fullmatch(text) and len(text.replace(".", "").lstrip("-")) <= 15:
        return float(text) if "." in text else int(text)
    return text


def _put(ws: Worksheet, row: int, at: int, value: Any) -> Cell:
    """Write a cell; a clerk's text is never a formula, and never holds what XML forbids."""
    cell: Cell = ws.cell(row, at)
    if isinstance(value, str):
        cell.value = _NOT_IN_XML.sub("", value)[:32_000]
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
    return cell


def fit_to_page(ws: Worksheet) -> None:
    """Print A4 landscape, all columns on one page's width."""
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", 9
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_setup.fitToHeight = 0


def _widths(ws: Worksheet, sheet: SourceSheet, width: int) -> None:
    for at in range(1, width + 1):
        longest = max((len(r[at - 1]) for r in sheet.rows[:200] if len(r) >= at), default=4)
        ws.column_dimensions[get_column_letter(at)].width = min(max(8, longest * 1.6), 40)
    ws.column_dimensions[get_column_letter(width + 1)].width = 70
