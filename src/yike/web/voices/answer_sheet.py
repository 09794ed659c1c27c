"""A workbook of paper questionnaires, one a row: what each row says, and every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yike.errors import Fault, RefusedError
from yike.sources.intake import fault
from yike.sources.numbers import clean_text, is_blank, parse_number
from yike.sources.tabular import Sheet, read_sheets
from yike.web.voices.actions.surveys import clean_number
from yike.web.voices.exports import (
    AGE,
    HOUSEHOLD,
    MISSING,
    NUMBER,
    OTHER,
    OVERALL,
    REACH,
    SCORE,
    URGENT,
    YEARS,
)
from yike.web.voices.questions import questionnaire, row_labels, settings
from yike.web.voices.sheet import MOST_TEXT

HEADER_WITHIN_ROWS = 10
NEVER = ("0", "没用过", "不了解", "无", "—", "-")


@dataclass
class ReadAnswers:
    """Rows that can be entered, faults of the others, and how many rows there were."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    n_rows: int = 0


def read_answers(path: Path, *, taken: Mapping[str, str] | None = None) -> ReadAnswers:
    """
    Read a sheet of answers.

    Parameters
    ----------
    taken
        Numbers that the survey has already, and where, in words.

    Raises
    ------
    UnreadableFileError, RefusedError
        Not a table, no column of numbers, too many rows.
    """
    sheet, at, columns = _find(read_sheets(path))
    numbers = [n for n in range(at + 1, len(sheet.rows)) if any(not is_blank(c) for c in sheet.rows[n])]
    if len(numbers) > settings().most_import_rows:
        raise RefusedError(
            "voices.file.rows", status=409, found=len(numbers), limit=settings().most_import_rows
        )
    read = ReadAnswers(n_rows=len(numbers))
    seen = dict(taken or {})
    for n in numbers:
        row = _Row(path.name, sheet, n, columns)
        values = row.values(seen)
        read.faults += row.faults
        if not row.faults:
            read.rows.append({"row": sheet.row_number[n], **values})
    return read


def _find(sheets: Sequence[Sheet]) -> tuple[Sheet, int, dict[str, int]]:
    for sheet in sheets:
        for at, cells in enumerate(sheet.rows[:HEADER_WITHIN_ROWS]):
            headers = {clean_text(c): i for i, c in enumerate(cells) if not is_blank(c)}
            if NUMBER in headers:
                return sheet, at, headers
    found = "、".join(c for s in sheets[:1] for c in (s.rows[0] if s.rows else ()) if c)
    raise RefusedError("voices.file.columns", status=409, found=found[:200] or "没有")


class _Row:
    """One sheet of paper being read."""

    def __init__(self, file: str, sheet: Sheet, n: int, columns: Mapping[str, int]) -> None:
        self._file, self._sheet, self._n, self._columns = file, sheet, n, columns
        self.faults: list[Fault] = []

    def values(self, seen: dict[str, str]) -> dict[str, Any]:
        """Columns of an answer; ``seen`` learns the number."""
        asked, labels = questionnaire(), {clean_text(k): v for k, v in _labels().items()}
        told: dict[str, Any] = {
            "number": self._number(seen),
            "age_band": self._choice(AGE, asked.age_bands),
            "household": self._choice(HOUSEHOLD, asked.households),
            "years": self._choice(YEARS, asked.years),
            "overall": self._score(OVERALL),
            "satisfaction": {},
            "reach": {},
            "missing": self._rows_in(MISSING, labels),
            "urgent": self._rows_in(URGENT, labels)[: settings().most_urgent],
            "missing_text": self._words(),
        }
        for row, name in asked.rows:
            if (score := self._score(f"{name}{SCORE}")) is not None:
                told["satisfaction"][row] = score
            if reach := self._reach(f"{name}{REACH}"):
                told["reach"][row] = reach
        told["missing"] += [row for row in told["urgent"] if row not in told["missing"]]
        if not told["satisfaction"] and told["overall"] is None and not self.faults:
            self._fault("voices.cell.empty", OVERALL, "")
        return told

    def _cell(self, header: str) -> str:
        i = self._columns.get(clean_text(header), -1)
        cells = self._sheet.rows[self._n]
        return clean_text(cells[i]).strip() if 0 <= i < len(cells) and not is_blank(cells[i]) else ""

    def _fault(self, code: str, column: str, found: str, **facts: Any) -> None:
        row = self._sheet.row_number[self._n]
        self.faults.append(
            fault(code, file=self._file, sheet=self._sheet.name, row=row, column=column, found=found, **facts)
        )

    def _number(self, seen: dict[str, str]) -> str:
        cell = self._cell(NUMBER).removesuffix(".0")
        if not cell:
            self._fault("voices.cell.blank_number", NUMBER, "")
            return ""
        number = clean_number(cell)
        if number in seen:
            self._fault("voices.cell.number", NUMBER, cell, other=seen[number])
        seen.setdefault(number, f"第 {self._sheet.row_number[self._n]} 行")
        return number

    def _score(self, column: str) -> int | None:
        cell = self._cell(column)
        if not cell or cell in NEVER:
            return None
        by_label = {label: value for value, label in questionnaire().scale}
        if cell in by_label:
            return by_label[cell]
        read = parse_number(cell)
        if read.how != "bad" and read.value in by_label.values():
            return int(read.value)
        if read.how != "bad" and read.value == 0:
            return None
        self._fault("voices.cell.score", column, cell)
        return None

    def _reach(self, column: str) -> str:
        cell = self._cell(column).removesuffix(".0")
        words = {label: code for code, label in questionnaire().reach}
        words |= dict(questionnaire().reach_digits) | {"是": "yes", "否": "no", "√": "yes", "×": "no"}
        if cell and cell not in words:
            self._fault("voices.cell.reach", column, cell)
        return words.get(cell, "")

    def _choice(self, column: str, choices: Sequence[tuple[str, str]]) -> str:
        cell = "".join(self._cell(column).split()).replace("-", "–")
        words = {"".join(clean_text(label).split()).replace("-", "–"): code for code, label in choices}
        if cell and cell not in words:
            expected = "、".join(label for _, label in choices)
            self._fault("voices.cell.choice", column, self._cell(column), expected=expected)
        return words.get(cell, "")

    def _rows_in(self, column: str, labels: Mapping[str, str]) -> list[str]:
        found = []
        for word in _split(self._cell(column)):
            row = labels.get(word) or (word.upper() if word.upper() in labels.values() else "")
            if not row:
                self._fault("voices.cell.row", column, word)
            elif row not in found:
                found.append(row)
        return found

    def _words(self) -> str:
        cell = self._cell(OTHER)
        if len(cell) > MOST_TEXT:
            self._fault("voices.cell.long", OTHER, cell[:20], limit=MOST_TEXT)
        return cell


def _split(text: str) -> list[str]:
    for mark in "；;,，/ \n":
        text = text.replace(mark, "、")
    return [word for word in text.split("、") if word]


def _labels() -> dict[str, str]:
    """Names of rows as people write them, with and without what stands in brackets."""
    names = {row_labels()[row]: row for row, _ in questionnaire().missing}
    return names | {name.split("(")[0]: row for name, row in names.items()}
