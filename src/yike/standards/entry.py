"""Strict reading of standards files: every key known, every fault with file and key in Chinese."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from yike.errors import PolicyFileError
from yike.standards.types import Source

MARKS = ("official", "press", "common", "inferred")
"""How sure we are of a value, surest first."""

INFERENCE = "yike-inference"
"""Document of values that are the project's own inference."""

_WORDS = {
    str: "文字",
    float: "数值",
    int: "整数",
    bool: "true 或 false",
    dt.date: "日期",
    list: "数组",
    dict: "表",
}

T = TypeVar("T")


def read_toml(path: Path) -> Entry:
    """Read a standards file; raises PolicyFileError when it is missing or no TOML."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise PolicyFileError("standards.file.missing", file=path.name) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyFileError("standards.file.broken", file=path.name, found=str(error)) from error
    return Entry(raw, path.name)


class Entry:
    """A TOML table that is read key by key; what nobody asked for is a fault (``done``)."""

    def __init__(self, raw: dict[str, Any], file: str, at: str = "") -> None:
        self.raw = raw
        self.file = file
        self.at = at
        self._left = set(raw)

    def key(self, name: str) -> str:
        """Full name of a key, for messages."""
        return f"{self.at}.{name}" if self.at else name

    def fault(self, code: str, name: str, **facts: Any) -> PolicyFileError:
        """A PolicyFileError about one key of this table."""
        return PolicyFileError(code, file=self.file, key=self.key(name), **facts)

    def has(self, name: str) -> bool:
        """Whether the key is there."""
        return name in self.raw

    def get(self, name: str, kind: type[T], default: T) -> T:
        """The value of a key, or the default when it is absent."""
        return self.need(name, kind) if name in self.raw else default

    def need(self, name: str, kind: type[T]) -> T:
        """The value of a key that must be there and of the stated kind."""
        if name not in self.raw:
            raise self.fault("standards.key.missing", name)
        self._left.discard(name)
        value: Any = self.raw[name]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        is_right = isinstance(value, kind) and not (kind is not bool and isinstance(value, bool))
        if not is_right:
            raise self.fault(
                "standards.key.kind", name, found=value, expected=_WORDS.get(kind, kind.__name__)
            )
        return cast(T, value)

    def number(self, name: str) -> float | None:
        """A number, None when absent."""
        return self.need(name, float) if name in self.raw else None

    def day(self, name: str) -> dt.date | None:
        """A date, None when absent."""
        return self.need(name, dt.date) if name in self.raw else None

    def one_of(self, name: str, allowed: tuple[str, ...], default: str = "") -> str:
        """A word from a closed list; required when no default is given."""
        value = self.get(name, str, default) if default else self.need(name, str)
        if value not in allowed:
            raise self.fault("standards.key.choice", name, found=value, expected="、".join(allowed))
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words, empty when absent."""
        value = self.get(name, list, [])
        if not all(isinstance(word, str) for word in value):
            raise self.fault("standards.key.kind", name, found=value, expected="文字的数组")
        return tuple(value)

    def table(self, name: str) -> Entry:
        """A table under this one, empty when absent."""
        return Entry(self.get(name, dict, {}), self.file, self.key(name))

    def tables(self, name: str) -> Iterator[Entry]:
        """The tables of an array of tables, in file order; named by their code in messages."""
        for i, raw in enumerate(self.get(name, list, [])):
            if not isinstance(raw, dict):
                raise self.fault("standards.key.kind", name, found=raw, expected="表的数组")
            yield Entry(raw, self.file, f"{self.key(name)}[{raw.get('code', i + 1)}]")

    def source(self, document: str, mark: str, default: Source | None = None) -> Source:
        """The ``source`` table: document and mark default to the file's own; required without a default."""
        if default is not None and not self.has("source"):
            return default
        if not self.has("source"):
            raise self.fault("standards.source.missing", "source")
        table = self.table("source")
        clause = table.get("clause", str, "")
        own_mark = table.one_of("mark", MARKS, mark)
        # our own inference must not wear the document's number unless it is about one of its clauses
        ours = own_mark == "inferred" and mark != "inferred" and not clause
        found = Source(
            document=table.get("document", str, INFERENCE if ours else document),
            clause=clause,
            text=table.get("text", str, ""),
            mark=own_mark,
        )
        table.done()
        return found

    def done(self) -> None:
        """Raise PolicyFileError when the table has keys that nobody asked for."""
        if self._left:
            name = sorted(self._left)[0]
            raise self.fault("standards.key.unknown", name)
