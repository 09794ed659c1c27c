"""
Where everything stands in the printed survey form: a grid of nine columns, seven of them logical.

Papers are drawn from these boxes, screens may be, and returned files are held against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from yike.standards.survey_form import BASIC_ROWS, COLUMNS, QUALITY_ROWS, TOTAL, TYPE_ROWS, FormDoc, printed
from yike.standards.survey_words import words

N_COLUMNS = 9
HEADER_ROW, TOTAL_ROW, FIRST_TYPE_ROW = 6, 7, 8
NOTE_ROW = FIRST_TYPE_ROW + len(TYPE_ROWS)
NEEDS_COLUMN = 7  # the needs take the last three grid columns


@dataclass(frozen=True)
class Box:
    """
    One cell of the printed grid, merged or not; rows and columns count from 1.

    ``keys`` are the cells of the form printed in it: none in a label, one as a rule, two where 运营主体
    and 智慧服务平台 share a box. ``label`` stands before what the keys print.
    """

    row: int
    column: int
    rows: int
    columns: int
    label: str
    keys: tuple[str, ...]
    role: str  # title | line | label | header | value | note

    @property
    def address(self) -> str:
        """Upper left corner as a sheet counts: "C9"."""
        return address(self.row, self.column)

    @property
    def is_left(self) -> bool:
        """Whether its text starts at the left: long texts do, figures and labels stand in the middle."""
        is_needs = self.column == NEEDS_COLUMN and self.row >= TOTAL_ROW
        return is_needs or self.role in ("line", "note") or "operators" in self.keys

    @property
    def area(self) -> str:
        """The whole box as a sheet counts: "A8:A21", or "C9" when it is one cell."""
        if self.rows == self.columns == 1:
            return self.address
        return f"{self.address}:{address(self.row + self.rows - 1, self.column + self.columns - 1)}"


def address(row: int, column: int) -> str:
    """A cell as a sheet counts, columns up to Z."""
    return f"{chr(64 + column)}{row}"


@cache
def boxes() -> tuple[Box, ...]:
    """Every box of the form, row by row."""
    found = [*_heading(), *_block_a(), *_block_b()]
    return tuple(sorted(found, key=lambda box: (box.row, box.column)))


@cache
def box_of(key: str) -> Box:
    """The box that a cell is printed in."""
    return next(box for box in boxes() if key in box.keys)


def box_text(box: Box, doc: FormDoc) -> str:
    """What is printed in a box; the mark of invented data follows the circle's name."""
    parts = [printed(key, doc.values.get(key), doc.settings) for key in box.keys]
    mark = words()["invented"] if doc.is_invented and "circle" in box.keys else ""
    joined = "\n".join(parts)
    return f"{box.label}{joined}{mark}"


def _box(row: int, first: int, last: int, label: str, role: str, *keys: str, rows: int = 1) -> Box:
    return Box(row, first, rows, last - first + 1, label, keys, role)


def _heading() -> list[Box]:
    text = words()
    return [
        _box(1, 1, 9, text["title"], "title"),
        _box(2, 1, 3, text["circle"], "line", "circle"),
        _box(2, 4, 6, text["city"], "line", "city"),
        _box(2, 7, 9, text["as_of"], "line", "as_of"),
    ]


def _block_a() -> list[Box]:
    text = words()
    return [
        _box(3, 1, 1, text["operator"], "label"),
        _box(3, 2, 5, "", "value", "operators", "has_platform"),
        _box(3, 6, 6, text["layout"], "label"),
        _box(3, 7, 9, "", "value", "layouts"),
        _box(4, 1, 2, text["centres"], "label"),
        _box(4, 3, 4, "", "value", "centres"),
        _box(4, 5, 7, text["residents"], "label"),
        _box(4, 8, 9, "", "value", "residents"),
        _box(5, 1, 4, text["area_share"], "label"),
        _box(5, 5, 9, "", "value", "area_share"),
    ]


def _block_b() -> list[Box]:
    text = words()
    first_quality = FIRST_TYPE_ROW + len(BASIC_ROWS)
    found = [
        _box(HEADER_ROW, column, N_COLUMNS if column == NEEDS_COLUMN else column, label, "header")
        for column, label in enumerate(text["header"], start=1)
    ]
    found += [
        _box(TOTAL_ROW, 1, 2, text["total"], "header"),
        _box(FIRST_TYPE_ROW, 1, 1, text["basic"], "header", rows=len(BASIC_ROWS)),
        _box(first_quality, 1, 1, text["quality"], "header", rows=len(QUALITY_ROWS)),
        _box(NOTE_ROW, 1, 1, text["note"], "label"),
        _box(NOTE_ROW, 2, 9, text["note_text"], "note"),
    ]
    for at, row in enumerate((TOTAL, *TYPE_ROWS), start=TOTAL_ROW):
        if row != TOTAL:
            found.append(_box(at, 2, 2, text["rows"][row], "label"))
        for column, name in enumerate(COLUMNS, start=3):
            last = N_COLUMNS if column == NEEDS_COLUMN else column
            found.append(_box(at, column, last, "", "value", f"{row}.{name}"))
    return found
