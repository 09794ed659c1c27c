"""How returned forms are understood, as data."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from yike.standards.survey_words import FOLDER


@cache
def reading() -> dict[str, Any]:
    """Limits and words of ``reading.toml``."""
    return tomllib.loads((FOLDER / "reading.toml").read_text("utf-8"))
