"""Words of the survey form (附件5), as printed."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from yike.standards.data_files import DATA

FOLDER = DATA / "survey_form"


@cache
def words() -> dict[str, Any]:
    """Labels, row names and marks of the form."""
    return tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))


def cell_name(key: str) -> str:
    """A cell as people call it: "便利店 · 网点数量", "居民数量"; rows that share a name with their group."""
    row, _, column = key.partition(".")
    if not column:
        return str(words()["heads"][key])
    return f"{row_name(row)} · {words()['columns'][column]}"


def row_name(row: str) -> str:
    """A row as people call it; 其他 stands in both groups and is named with its group."""
    if row == "ALL":
        return "合计"
    name = str(words()["rows"][row])
    group = words()["basic"] if row.startswith("B") else words()["quality"]
    return f"{name}（{group}）" if name == "其他" else name
