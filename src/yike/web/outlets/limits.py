"""Limits and choices of lists, batch edits and photos, out of ``data/lists.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def limits() -> dict[str, Any]:
    """Every limit by its part: list, edit, photo; payments and licences: what may be chosen."""
    return tomllib.loads((files("yike.web.outlets") / "data" / "lists.toml").read_text("utf-8"))
