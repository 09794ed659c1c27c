"""Chance that is the same every time: drawn from a name, not from the clock."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def drawn(*names: object) -> random.Random:
    """A source of chance for whatever is named."""
    return random.Random("/".join(map(str, names)))  # noqa: S311 - invented data, nothing to guess


@cache
def texts() -> dict[str, Any]:
    """Invented words of the demonstration."""
    return tomllib.loads((files("yike.web.config.demo") / "data" / "lives.toml").read_text("utf-8"))
