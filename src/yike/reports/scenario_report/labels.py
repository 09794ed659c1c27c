"""The comparison's fixed Chinese words, from ``labels.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def all_labels() -> dict[str, Any]:
    """Everything in ``labels.toml``; treat it as read-only."""
    return tomllib.loads((files(__package__) / "labels.toml").read_text("utf-8"))


def label(path: str, **facts: object) -> str:
    """Text at a dotted path, with ``{names}`` filled in."""
    entry: Any = all_labels()
    for word in path.split("."):
        entry = entry[word]
    return str(entry).format_map(facts) if facts else str(entry)


def columns(name: str) -> tuple[str, ...]:
    """Headings of a table."""
    return tuple(all_labels()["columns"][name])
