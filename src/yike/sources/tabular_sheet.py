"""Workbooks (XLSX, XLS, WPS's ET) as text cells, merged cells filled in, zip bombs refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from yike.errors import UnreadableFileError
from yike.sources.tabular import Sheet
from yike.sources.tabular_text import tidy

MAX_UNPACKED_BYTES = 1_500_000_000
MAX_RATIO = 200
MAX_CELLS = 40_000_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"


def is_workbook(path: Path) -> bool:
    """Whether the content, not the name, is a workbook's."""
    with path.open("rb") as stream:
        start = stream.read(8)
    return start == _OLE or start[:4] == _ZIP


def read_workbook(path: Path) -> list[Sheet]:
    """
    Read every visible sheet.

    Raises
    ------
    UnreadableFileError
        Damaged, encrypted, a zip bomb, or no workbook.
    """
    refuse_bomb(path)
    try:
        with path.open("rb") as stream:  # a path would be judged by its suffix
            book = CalamineWorkbook.from_filelike(stream)
            return [_read_sheet(path, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except PasswordError:
        raise UnreadableFileError("table.file.encrypted", file=path.name) from None
    except (CalamineError, OSError, ValueError) as wrong:
        raise UnreadableFileError("table.file.damaged", file=path.name, found=str(wrong)) from None


def refuse_bomb(path: Path) -> None:
    """Refuse a zip that unpacks to far more than a table can be."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        size = sum(i.file_size for i in packed.infolist())
    if size > MAX_UNPACKED_BYTES or (size > 50_000_000 and size > MAX_RATIO * path.stat().st_size):
        raise UnreadableFileError("table.file.bomb", file=path.name, found=f"{size / 1e6:.0f} MB")


def _read_sheet(path: Path, sheet: CalamineSheet) -> Sheet:
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise UnreadableFileError("table.file.cells", file=path.name, found=sheet.name)
    merges = sheet.merged_cell_ranges or []
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    if sheet.start is None:
        return Sheet(sheet.name, rows, numbers)
    cells = [tuple(_as_text(c) for c in row) for row in sheet.to_python(skip_empty_area=False)]
    _fill_merged(cells, merges)
    for number, row in enumerate(cells, start=1):
        if any(row):
            rows.append(row)
            numbers.append(number)
    return Sheet(sheet.name, rows, numbers)


def _fill_merged(cells: list[tuple[str, ...]], merges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give every cell of a merged block its block's value, as the reader of the sheet sees it."""
    for (top, left), (bottom, right) in merges:
        if top >= len(cells) or left >= len(cells[top]) or not cells[top][left]:
            continue
        value = cells[top][left]
        for row in range(top, min(bottom + 1, len(cells))):
            old = cells[row]
            cells[row] = old[:left] + (value,) * (min(right + 1, len(old)) - left) + old[right + 1 :]


def _as_text(cell: Any) -> str:
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)
