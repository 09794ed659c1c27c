"""Tables of a Word document as grids: cells counted as they stand in their row, ticks of every kind read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from yike.errors import UnreadableFileError
from yike.sources.survey_form.grid import Area, Grid, Place, Raw
from yike.sources.tabular_sheet import refuse_bomb

SIGNS = {  # of the Wingdings family, in which Word keeps ticked boxes
    "wingdings": {"FE": "☑", "FD": "☒", "FC": "✓", "FB": "×", "A8": "□", "6F": "□", "6E": "■"},
    "wingdings 2": {"52": "☑", "50": "✓", "51": "☒", "53": "☒", "54": "☒", "A3": "□", "4F": "×"},
}


@dataclass
class _Cell:
    text: str
    span: int
    goes_on: bool  # the lower part of a block merged downwards


def read_document(path: Path) -> list[Grid]:
    """
    Read every table that stands in the document's body.

    Raises
    ------
    UnreadableFileError
        Damaged, a zip bomb, or no document.
    """
    refuse_bomb(path)
    try:
        document: Any = Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as wrong:
        raise UnreadableFileError("table.file.damaged", file=path.name, found=str(wrong)) from None
    foot = "　".join(_feet(document))
    grids: list[Grid] = []
    before: list[str] = []
    for block in document.element.body:
        if block.tag == qn("w:p"):
            before.append(_text(block))
        elif block.tag == qn("w:tbl"):
            grids.append(_grid(f"表{len(grids) + 1}", block, tuple(before), foot))
            before = []
    return grids


def _feet(document: Any) -> Iterator[str]:
    for section in document.sections:
        for part in (section.footer, section.first_page_footer, section.even_page_footer):
            yield _text(part._element)


def _grid(name: str, table: Any, before: tuple[str, ...], foot: str) -> Grid:
    rows = [list(_cells(row)) for row in table.iter(qn("w:tr")) if _table_of(row) is table]
    cells: dict[Place, Raw] = {}
    areas: list[Area] = []
    open_at: dict[int, tuple[int, int]] = {}  # grid column -> row and ordinal of the block that goes on there
    for r, row in enumerate(rows, start=1):
        grid_column = 0
        for ordinal, cell in enumerate(row, start=1):
            if cell.goes_on and grid_column in open_at:
                top, left = open_at[grid_column]
                areas.append(Area(top, left, r, left))
            else:
                open_at[grid_column] = (r, ordinal)
                if cell.text.strip():
                    cells[r, ordinal] = cell.text
            grid_column += cell.span
    counts = {r: len(row) for r, row in enumerate(rows, start=1)}
    return Grid(
        name, cells, _longest(areas), before=before, carried=foot, is_document=True, cells_in_row=counts
    )


def _longest(areas: list[Area]) -> tuple[Area, ...]:
    last = {(a.top, a.left): a for a in areas}  # each is longer than the one before
    return tuple(last.values())


def _table_of(row: Any) -> Any:
    return next(a for a in row.iterancestors() if a.tag == qn("w:tbl"))


def _cells(row: Any) -> Iterator[_Cell]:
    for cell in row.iter(qn("w:tc")):
        if next(a for a in cell.iterancestors() if a.tag == qn("w:tr")) is not row:
            continue  # of a table within
        marks = cell.find(qn("w:tcPr"))
        span = marks.find(qn("w:gridSpan")) if marks is not None else None
        down = marks.find(qn("w:vMerge")) if marks is not None else None
        goes_on = down is not None and down.get(qn("w:val"), "continue") == "continue"
        yield _Cell(_text(cell), int(span.get(qn("w:val"), "1")) if span is not None else 1, goes_on)


def _text(element: Any) -> str:
    """Text with line ends and ticks; deleted text left out, text in controls kept."""
    parts: list[str] = []
    for piece in element.iter():
        tag = piece.tag
        if tag == qn("w:t"):
            parts.append(piece.text or "")
        elif tag == qn("w:tab"):
            if piece.getparent().tag == qn("w:r"):
                parts.append("\t")
        elif tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif tag == qn("w:sym"):
            parts.append(_sign(piece))
        elif tag == qn("w:p") and parts:
            parts.append("\n")
    return "".join(parts).strip("\n")


def _sign(symbol: Any) -> str:
    font = (symbol.get(qn("w:font")) or "").casefold()
    code = (symbol.get(qn("w:char")) or "")[-2:].upper()
    return SIGNS.get(font, {}).get(code, "")
