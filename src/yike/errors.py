"""
The error tree, and faults of input as data.

::

    YikeError
    |- InputError(ValueError)
    |    |- MissingColumnError
    |    |- DuplicateIdError
    |    |- BadGeometryError
    |    |- CoordinateSystemError
    |    |- OutsideAreaError
    |    `- UnreadableFileError
    |- PolicyFileError(ValueError)
    |- StudyError(RuntimeError)
    |    |- CutoffBeyondSearchError
    |    |- EmptyNetworkError
    |    |- NoCandidatesError
    |    `- CancelledError
    |- SolverError(RuntimeError)
    |    |- InfeasibleError
    |    `- TimeLimitError
    `- RefusedError

Every error has a ``code`` (``"outlets.type.unknown"``), ``facts`` (named values) and a message and cure in
Chinese from ``messages/zh/<first word of code>.toml``; a code without a text is a bug that a test finds.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _texts(room: str) -> dict[str, Any]:
    try:
        raw = (files("yike") / "messages" / "zh" / f"{room}.toml").read_text("utf-8")
    except FileNotFoundError:
        return {}
    return tomllib.loads(raw)


class _Facts(dict[str, Any]):
    """Leaves unknown names in braces, so a missing fact never hides the message."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@cache
def _look_up(code: str) -> dict[str, str]:
    room, _, rest = code.partition(".")
    entry: Any = _texts(room)
    for word in rest.split("."):
        entry = entry.get(word, {}) if isinstance(entry, dict) else {}
    return entry if isinstance(entry, dict) else {}


def message_of(code: str, facts: dict[str, Any]) -> str:
    """Chinese sentence of a code with its facts filled in; the code itself when it has no text."""
    text = _look_up(code).get("text", "")
    return text.format_map(_Facts(facts)) if text else f"{code} {facts}"


def cure_of(code: str, facts: dict[str, Any]) -> str:
    """Chinese sentence on what to do about it; empty when the messages name none."""
    return _look_up(code).get("cure", "").format_map(_Facts(facts))


def has_text(code: str) -> bool:
    """Whether the code has a Chinese text."""
    return bool(_look_up(code).get("text"))


class YikeError(Exception):
    """Root of all errors that a person may see."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        super().__init__(message_of(code, facts))

    @property
    def hint(self) -> str:
        """What to do about it, in Chinese."""
        return cure_of(self.code, self.facts)

    @property
    def sentence(self) -> str:
        """What is wrong and what to do about it, each ending in one full stop."""
        return "".join(f"{part.rstrip('。')}。" for part in (str(self), self.hint) if part)


@dataclass(frozen=True)
class Fault:
    """
    One thing wrong with the input: where, what was found, what was expected, and the cure.

    ``row`` counts as a person counts in the sheet (the header is row 1); 0 when the fault is the file's.
    ``level`` is "error" (the row or file cannot be used), "warning" (used, but look) or "note".
    """

    code: str
    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    found: str = ""
    expected: str = ""
    level: str = "error"
    facts: dict[str, Any] = field(default_factory=dict)

    def _named(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "found": self.found,
            "expected": self.expected,
            **self.facts,
        }

    @property
    def message(self) -> str:
        """What is wrong, in Chinese, without the place."""
        return message_of(self.code, self._named())

    @property
    def cure(self) -> str:
        """What to do about it, in Chinese."""
        return cure_of(self.code, self._named())

    @property
    def record(self) -> dict[str, Any]:
        """The fault as plain data for JSON; ``row`` is None where it is the file's."""
        place = {"file": self.file, "sheet": self.sheet, "row": self.row or None, "column": self.column}
        return {
            "level": self.level, "code": self.code, **place, "found": self.found, "expected": self.expected,
            "message": self.message, "cure": self.cure,
        }  # fmt: skip

    @property
    def where(self) -> str:
        """The place in words: file, sheet, row, column."""
        parts = [self.file]
        if self.sheet:
            parts.append(f"工作表“{self.sheet}”")
        if self.row:
            parts.append(f"第 {self.row} 行")
        if self.column:
            # what pack.toml calls [network] file is a key, not a column
            # and a cell of a document's table is one already: 第2格
            is_named = self.column.startswith("[") or self.column.endswith("格")
            parts.append(f"“{self.column}”" + ("" if is_named else "列"))
        return " ".join(p for p in parts if p)


class InputError(YikeError, ValueError):
    """The data given is wrong; ``faults`` holds every fault found, not only the first."""

    def __init__(self, code: str, faults: tuple[Fault, ...] = (), **facts: Any) -> None:
        self.faults = faults
        super().__init__(code, **facts)


class MissingColumnError(InputError):
    """A column that must be there is not."""


class DuplicateIdError(InputError):
    """Two rows claim the same id."""


class BadGeometryError(InputError):
    """A coordinate or polygon cannot be used."""


class CoordinateSystemError(InputError):
    """The datum is not declared, not known, or does not fit the network."""


class OutsideAreaError(InputError):
    """A point lies outside what the pack covers."""


class UnreadableFileError(InputError):
    """The file is missing, damaged, too large or not of the stated kind."""


class PolicyFileError(YikeError, ValueError):
    """A standards file is wrong: file, key, why."""


class StudyError(YikeError, RuntimeError):
    """A study cannot be carried out as asked."""


class CutoffBeyondSearchError(StudyError):
    """A cutoff is longer than the search, so counts would be too small without anyone noticing."""


class EmptyNetworkError(StudyError):
    """The network has nothing to walk on."""


class NoCandidatesError(StudyError):
    """There is nothing to choose from."""


class CancelledError(StudyError):
    """The person stopped the run."""


class SolverError(YikeError, RuntimeError):
    """An optimisation did not end well."""


class InfeasibleError(SolverError):
    """No plan meets the requirements."""


class TimeLimitError(SolverError):
    """Time ran out; carries the best plan and its bound."""


class RefusedError(YikeError):
    """A person may not do this, or not now."""
