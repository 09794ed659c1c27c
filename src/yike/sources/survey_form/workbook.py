"""Sheets of a workbook (xlsx, xls, et, ods) as grids, with what only the file's own text tells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from yike.errors import UnreadableFileError
from yike.sources.survey_form.grid import Area, Grid, Place, Raw
from yike.sources.tabular_sheet import refuse_bomb

MAX_ROWS, MAX_COLUMNS = 5_000, 500
"""A form has 31 rows and 9 columns; what lies further out is a slip, and loading it would fill the memory."""

_CELL = re.compile(r"([A-Z]+)(\d+)")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class _Seen:
    """What the text of one sheet's part tells beside its values."""

    footer: str = ""
    broken: dict[Place, str] = field(default_factory=dict)


def read_workbook(path: Path) -> list[Grid]:
    """
    Read every sheet.

    Raises
    ------
    UnreadableFileError
        Damaged, encrypted, a zip bomb, too far spread, or no workbook.
    """
    refuse_bomb(path)
    seen = _look_into(path) if zipfile.is_zipfile(path) else {}
    try:
        with path.open("rb") as stream:  # a path would be judged by its suffix
            book = CalamineWorkbook.from_filelike(stream)
            tables = [m.name for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
            return [_grid(book.get_sheet_by_name(name), seen.get(name, _Seen())) for name in tables]
    except PasswordError:
        raise UnreadableFileError("table.file.encrypted", file=path.name) from None
    except (CalamineError, OSError, ValueError) as wrong:
        raise UnreadableFileError("table.file.damaged", file=path.name, found=str(wrong)) from None


def _grid(sheet: CalamineSheet, seen: _Seen) -> Grid:
    rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS) if sheet.start is not None else []
    cells: dict[Place, Raw] = {
        (row, column): raw
        for row, values in enumerate(rows, start=1)
        for column, raw in enumerate(values[:MAX_COLUMNS], start=1)
        if raw != ""
    }
    cells |= seen.broken
    merges = sheet.merged_cell_ranges
    areas = None if merges is None else tuple(Area(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in merges)
    return Grid(sheet.name, cells, areas, seen.broken, carried=seen.footer)


def _look_into(path: Path) -> dict[str, _Seen]:
    """Page feet, errors and formulas without results, by sheet; nothing for what is no xlsx."""
    try:
        with zipfile.ZipFile(path) as packed:
            return {name: _scan(path, packed, part, name) for name, part in _parts(packed)}
    except (KeyError, ET.ParseError, zipfile.BadZipFile):
        return {}  # an ods, or damaged: the workbook's own reader says so


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Names of sheets and the members they are in."""
    relations = ET.fromstring(packed.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (sizes are checked before)
    target = {r.get("Id"): r.get("Target", "") for r in relations}
    for sheet in ET.fromstring(packed.read("xl/workbook.xml")).iter():  # noqa: S314
        if _tag(sheet) == "sheet":
            part = target.get(sheet.get(_RELATION), "")
            yield sheet.get("name", ""), part.lstrip("/") if part.startswith("/") else f"xl/{part}"


def _scan(path: Path, packed: zipfile.ZipFile, part: str, name: str) -> _Seen:
    seen = _Seen()
    with packed.open(part) as stream:
        for _, element in ET.iterparse(stream):  # noqa: S314
            tag = _tag(element)
            if tag == "c":
                _scan_cell(path, name, element, seen)
                element.clear()
            elif tag == "oddFooter":
                seen.footer = element.text or ""
    return seen


def _scan_cell(path: Path, sheet: str, element: ET.Element, seen: _Seen) -> None:
    parts = {_tag(child): child.text or "" for child in element}
    if "f" not in parts and "v" not in parts and "is" not in parts:
        return  # format alone
    found = _CELL.fullmatch(element.get("r", ""))
    if not found:
        return
    column = 0
    for sign in found[1]:
        column = column * 26 + ord(sign) - 64
    place = int(found[2]), column
    if place[0] > MAX_ROWS or place[1] > MAX_COLUMNS:
        raise UnreadableFileError("form.file.spread", file=path.name, sheet=sheet, found=element.get("r", ""))
    if element.get("t") == "e":
        seen.broken[place] = parts.get("v", "#VALUE!")
    elif "f" in parts and not parts.get("v"):
        seen.broken[place] = f"={parts['f']}"


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
