"""One sheet of a workbook or one table of a document, before anyone knows whether it is a form."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Raw = str | int | float | bool | dt.date | dt.time | dt.timedelta | None
Place = tuple[int, int]  # row and column from 1


@dataclass(frozen=True)
class Area:
    """A merged block, corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def covers(self, place: Place) -> bool:
        """Whether a cell lies in the block."""
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right


@dataclass(frozen=True)
class Grid:
    """
    Cells by place; a merged block has its value at its upper left corner.

    ``merges`` is None where the file's kind does not tell them. ``broken`` are formulas without a result and
    results that are errors, as shown. ``before`` is the text above a table of a document. ``carried`` is
    where a page code may stand: the foot of the page.
    """

    name: str
    cells: dict[Place, Raw]
    merges: tuple[Area, ...] | None = None
    broken: dict[Place, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    carried: str = ""
    is_document: bool = False
    cells_in_row: dict[int, int] = field(default_factory=dict)  # of a document's table

    @property
    def n_rows(self) -> int:
        """Last row with anything in it."""
        return max((row for row, _ in self.cells), default=0)

    def text(self, row: int, column: int) -> str:
        """A cell as text, as a person would read it."""
        return text_of(self.cells.get((row, column)))

    def columns_of(self, row: int) -> list[int]:
        """Columns of a row that hold something."""
        return sorted(c for (r, c), raw in self.cells.items() if r == row and text_of(raw).strip())

    def place(self, row: int, column: int) -> str:
        """A cell as people find it: "光明!D14", or "表1 第14行第4格" in a document."""
        if self.is_document:
            return f"{self.name} 第{row}行第{column}格"
        return f"{self.name}!{letters(column)}{row}"

    def area_of(self, place: Place) -> Area:
        """The block a cell lies in, itself where it is not merged."""
        found = next((m for m in self.merges or () if m.covers(place)), None)
        return found or Area(*place, *place)


def letters(column: int) -> str:
    """A column as sheets count: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def text_of(raw: Raw) -> str:
    """What a person reads in a cell; numbers without noise behind the tenth digit."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else _plain(raw)
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ")
    return raw.isoformat() if isinstance(raw, (dt.date, dt.time)) else str(raw)


def _plain(number: float) -> str:
    return f"{number:.10f}".rstrip("0") if abs(number) < 1e15 else repr(number)


_NO_WORD = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """A label without width, blanks and punctuation, to compare it by; ％ stays out too."""
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()


Look = Callable[[Any], bool]
