"""
Find the form in a grid: which cell of the grid holds which cell of the form, or what was changed about it.

A sheet that was ours (its upper part is merged as printed, or it carries a page code) must have every block
in place. A form made by hand needs the seven columns, the twenty-four rows and the labels above.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yike.errors import Fault
from yike.sources.intake import fault
from yike.sources.survey_form.grid import Area, Grid, Place, bare, letters
from yike.sources.survey_form.policy import reading
from yike.standards.survey_form import BASIC_ROWS, COLUMNS, ROWS, TOTAL, TYPE_ROWS
from yike.standards.survey_layout import HEADER_ROW, N_COLUMNS, NOTE_ROW, Box, boxes
from yike.standards.survey_words import row_name, words

FEWEST_LABELS = 8
"""A sheet with fewer of the form's labels is no form (数据来源, a letter)."""

HEADER_CELLS = 7
LONGEST_LABEL = 60  # the longest of the form's heads has 30 characters; a sentence with their words is none


@dataclass
class Found:
    """Where the cells of the form stand, or what is wrong with its structure."""

    places: dict[str, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)  # key -> label that stands in the same cell
    lines: tuple[str, ...] | None = None  # of a form made by hand: text with circle, city, date

    @property
    def is_changed(self) -> bool:
        """Whether nothing may be read."""
        return any(f.level == "error" for f in self.faults)


def is_form(grid: Grid) -> bool:
    """Whether the grid holds the survey form, changed or not."""
    known = {bare(box.label) for box in boxes() if box.label and box.role in ("label", "header")} - {""}
    said = {bare(text) for text in (grid.text(*place) for place in grid.cells) if text}
    has_title = bare(words()["title"]) in said | {bare(text) for text in grid.before}
    return len(known & said) >= FEWEST_LABELS and (has_title or _Search(grid, "").header_row() > 0)


def find_form(grid: Grid, file: str, is_ours: bool) -> Found:
    """
    Hold a grid against the printed form.

    Parameters
    ----------
    file
        For the faults.
    is_ours
        Whether the sheet carries a page code.
    """
    search = _Search(grid, file)
    header = search.header_row()
    if not header:
        search.add("form.header.missing", 0, 0, expected="、".join(words()["header"][:2]))
        return search.found
    columns = search.columns(header)
    if search.found.is_changed:
        return search.found
    rows = search.rows(header, columns)
    if search.found.is_changed:
        return search.found
    offset = header - HEADER_ROW, columns[0] - 1
    if not grid.is_document and (is_ours or search.is_drawn_alike(offset)):
        search.hold_against_print(offset)
    else:
        search.read_by_labels(header, columns, rows)
    return search.found


@dataclass
class _Search:
    grid: Grid
    file: str
    found: Found = field(default_factory=Found)

    def add(self, code: str, row: int, column: int, **named: Any) -> None:
        """Put down a fault; ``row`` 0 is the whole sheet."""
        where = "" if not column else f"第{column}格" if self.grid.is_document else letters(column)
        place = self.grid.place(row, column) if row and column else ""
        self.found.faults.append(
            fault(code, file=self.file, sheet=self.grid.name, row=row, column=where, place=place, **named)
        )

    def header_row(self) -> int:
        """The row with most of the seven heads, each in a cell of its own; 0 when none has three."""
        best, most = 0, 2
        for row in range(1, self.grid.n_rows + 1):
            said = [self.grid.text(row, column) for column in self.grid.columns_of(row)]
            heads = sum(any(_says(text, i) for text in said) for i in range(HEADER_CELLS))
            cells = sum(any(_says(text, i) for i in range(HEADER_CELLS)) for text in said)
            if min(heads, cells) > most:
                best, most = row, min(heads, cells)
        return best

    def columns(self, header: int) -> list[int]:
        """Columns of the seven heads; their order and words must be the form's."""
        labelled = self.grid.columns_of(header)
        labels = [_in_one_line(label) for label in words()["header"]]
        for i in range(max(len(labelled), HEADER_CELLS)):
            if i >= len(labelled):
                self.add("form.column.missing", header, 0, expected=labels[i])
            elif i >= HEADER_CELLS:
                self.add("form.column.added", header, labelled[i], found=self.grid.text(header, labelled[i]))
            elif not _says(self.grid.text(header, labelled[i]), i):
                said = self.grid.text(header, labelled[i])
                self.add("form.column.differs", header, labelled[i], found=said, expected=labels[i])
        return labelled[:HEADER_CELLS]

    def rows(self, header: int, columns: list[int]) -> list[int]:
        """Rows of the 24 row labels; what was added, left out or renamed is told by its place."""
        last = self._last_row(header, columns[0])
        at = list(range(header + 1, last + 1))
        said = [self._row_label(row, columns) for row in at]
        wanted = [_row_label(row) for row in ROWS]
        while said and not said[-1]:
            said.pop()
            at.pop()
        if said == wanted:
            return at
        for kind, a, b, c, d in difflib.SequenceMatcher(None, wanted, said, False).get_opcodes():
            if kind != "equal":
                self._tell_rows(ROWS[a:b], at[c:d], header + 1 + c, columns)
        return at

    def _tell_rows(self, wanted: tuple[str, ...], at: list[int], row: int, columns: list[int]) -> None:
        for i in range(max(len(wanted), len(at))):
            if i >= len(at):
                self.add("form.row.missing", row + i, columns[1], expected=row_name(wanted[i]))
            elif i >= len(wanted):
                said = self.grid.text(at[i], columns[1]) or self.grid.text(at[i], columns[0]) or "空行"
                self.add("form.row.added", at[i], columns[1], found=said)
            else:
                said = self.grid.text(at[i], columns[1]) or "空白"
                self.add("form.row.differs", at[i], columns[1], found=said, expected=row_name(wanted[i]))

    def _last_row(self, header: int, first: int) -> int:
        """The row before 说明, or before the first remark below a form without it."""
        for row in range(header + 1, self.grid.n_rows + 1):
            if bare(self.grid.text(row, first)).startswith(bare(words()["note"])):
                return row - 1
        return min(self.grid.n_rows, header + len(ROWS))

    def _row_label(self, row: int, columns: list[int]) -> str:
        first, second = self.grid.text(row, columns[0]), self.grid.text(row, columns[1])
        if bare(first) == bare(words()["total"]) or bare(second) == bare(words()["total"]):
            return TOTAL
        return _known_label(second)

    def is_drawn_alike(self, offset: Place) -> bool:
        """
        Whether the blocks above the columns are merged as printed; labels in place, where no merges are told.

        The columns below look alike in forms made by hand too: they tell nothing.
        """
        above = {box: _moved(box, offset) for box in boxes() if box.row < HEADER_ROW}
        if self.grid.merges is None:
            labels = [box for box in above if box.role == "label"]
            there = [box for box in labels if _fits(self.grid.text(above[box].top, above[box].left), box)]
            return len(there) >= float(reading()["ours_merges"]) * len(labels)
        wanted = {area for box, area in above.items() if box.rows * box.columns > 1}
        return len(wanted & set(self.grid.merges)) >= float(reading()["ours_merges"]) * len(wanted)

    def hold_against_print(self, offset: Place) -> None:
        """Every label and every merged block must be where the printed form has it."""
        for box in boxes():
            area = _moved(box, offset)
            said = self.grid.text(area.top, area.left)
            for key in box.keys:
                self.found.places[key] = (area.top, area.left)
                self.found.labels[key] = box.label
            if box.role in ("label", "header") and not _fits(said, box):
                self.add(
                    "form.label.differs",
                    area.top,
                    area.left,
                    found=said or "空白",
                    expected=_in_one_line(box.label),
                )
        if self.grid.merges is not None:
            self._hold_merges(offset)
        self._tell_outside(offset)

    def _hold_merges(self, offset: Place) -> None:
        wanted = {_moved(box, offset) for box in boxes() if box.rows * box.columns > 1}
        whole = Area(1 + offset[0], 1 + offset[1], NOTE_ROW + offset[0], N_COLUMNS + offset[1])
        there = {m for m in self.grid.merges or () if _touches(m, whole)}
        for area in sorted(there - wanted, key=_corner):
            self.add("form.merge.added", area.top, area.left, found=_area_words(area))
        for area in sorted(wanted - there, key=_corner):
            self.add("form.merge.missing", area.top, area.left, expected=_area_words(area))

    def _tell_outside(self, offset: Place) -> None:
        right = N_COLUMNS + offset[1]
        for row in range(HEADER_ROW + offset[0], NOTE_ROW + offset[0]):
            for column in self.grid.columns_of(row):
                if column > right or column <= offset[1]:
                    said = self.grid.text(row, column)
                    self.add("form.outside", row, column, found=said, level="warning")

    def read_by_labels(self, header: int, columns: list[int], rows: list[int]) -> None:
        """A form made by hand: figures by row and column, the rest by the labels beside it."""
        self._groups(rows, columns)
        for row, at in zip(ROWS, rows, strict=True):
            self._row_cells(row, at, columns)
        for name, wanted in reading()["label_words"].items():
            self._labelled(name, wanted, header)
        self._joined()
        self.found.lines = tuple(self._lines(header))

    def _row_cells(self, row: str, at: int, columns: list[int]) -> None:
        shift = 0
        if self.grid.is_document:
            there, wanted = self.grid.cells_in_row.get(at, 0), HEADER_CELLS
            shift = 1 if row == TOTAL and there == HEADER_CELLS - 1 else 0
            if there + shift != wanted:
                self.add("form.row.cells", at, 0, found=str(there), expected=str(wanted - (row == TOTAL)))
                return
        for name, column in zip(COLUMNS, columns[2:], strict=True):
            self.found.places[f"{row}.{name}"] = (at, column - shift)

    def _groups(self, rows: list[int], columns: list[int]) -> None:
        """The group's name stands at its first row; elsewhere it may be repeated, and nothing else may be."""
        for row, at in zip(TYPE_ROWS, rows[1:], strict=True):
            group = words()["basic"] if row in BASIC_ROWS else words()["quality"]
            said = self.grid.text(at, columns[0])
            if said and bare(said) not in (bare(group), bare(group).removesuffix("类")):
                self.add("form.label.differs", at, columns[0], found=said, expected=group)

    def _labelled(self, name: str, wanted: list[list[str]], header: int) -> None:
        at = next(
            (p for p in sorted(self.grid.cells) if p[0] < header and _has_words(self.grid.text(*p), wanted)),
            None,
        )
        if at is None:
            self.add("form.label.missing", header, 0, expected=_label_of(name))
            return
        area = self.grid.area_of(at)
        beside = area.right + 1
        if self.grid.is_document and beside > self.grid.cells_in_row.get(at[0], 0):
            self.add("form.label.alone", *at, found=self.grid.text(*at), expected=_label_of(name))
            return
        self.found.places[name] = (at[0], beside)
        if name == "operators":
            self.found.places["has_platform"] = (at[0], beside)

    def _joined(self) -> None:
        """A merged block over two cells of the form has lost one of them."""
        places: dict[Place, list[str]] = {}
        for key, place in self.found.places.items():
            if key != "has_platform":
                places.setdefault(place, []).append(key)
        for area in self.grid.merges or ():
            if sum(area.covers(place) for place in places) > 1:
                self.add("form.merge.added", area.top, area.left, found=_area_words(area))

    def _lines(self, header: int) -> Iterator[str]:
        """Text above the blocks with circle, city and date, a row in one piece."""
        yield from self.grid.before
        first = min(
            (self.found.places[n][0] for n in reading()["label_words"] if n in self.found.places),
            default=header,
        )
        for row in range(1, first):
            yield "　".join(self.grid.text(row, c) for c in self.grid.columns_of(row))


def _head_of(text: str) -> str | None:
    """Which of circle, city and date a cell starts with the printed label of."""
    plain = unicodedata.normalize("NFKC", text).lstrip()
    labels = {key: unicodedata.normalize("NFKC", words()[key]) for key in reading()["line_words"]}
    return next((key for key, label in labels.items() if plain.startswith(label)), None)


def _says(text: str, head: int) -> bool:
    return len(text) <= LONGEST_LABEL and _has_words(text, reading()["header_words"][str(head)])


def _has_words(text: str, wanted: list[list[str]]) -> bool:
    plain = bare(text)
    return any(all(bare(w) in plain for w in every) for every in wanted)


def _row_label(row: str) -> str:
    return TOTAL if row == TOTAL else bare(words()["rows"][row])


def _known_label(said: str) -> str:
    """A row's label; its words in brackets may be left out."""
    plain = bare(said)
    for label in words()["rows"].values():
        if plain in (bare(label), bare(label.partition("（")[0])):
            return bare(label)
    return plain


def _fits(said: str, box: Box) -> bool:
    if box.role == "label" and bare(box.label) in {bare(v) for v in words()["rows"].values()}:
        return _known_label(said) == bare(box.label)
    return bare(said) == bare(box.label)


def _label_of(name: str) -> str:
    labels = {"operators": "operator", "layouts": "layout"}
    return _in_one_line(str(words()[labels.get(name, name)]))


def _in_one_line(label: str) -> str:
    return label.replace("\n", "")


def _moved(box: Box, offset: Place) -> Area:
    top, left = box.row + offset[0], box.column + offset[1]
    return Area(top, left, top + box.rows - 1, left + box.columns - 1)


def _touches(one: Area, other: Area) -> bool:
    apart = (
        one.bottom < other.top or one.top > other.bottom or one.right < other.left or one.left > other.right
    )
    return not apart


def _corner(area: Area) -> Place:
    return area.top, area.left


def _area_words(area: Area) -> str:
    return f"{letters(area.left)}{area.top}:{letters(area.right)}{area.bottom}"
