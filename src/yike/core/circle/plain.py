"""Plain values for JSON: NaN as null, states as words."""

from __future__ import annotations

import math

from yike.core.tables import GapState


def number(value: float, digits: int = 6) -> float | None:
    """A rounded float, None for NaN; infinite stays unsaid too (JSON has no word for it)."""
    value = float(value)
    return round(value, digits) if math.isfinite(value) else None


def state_word(state: int) -> str:
    """``"met"``, ``"gap"``, ``"data_missing"``, ``"not_surveyed"``, ``"unknown"``, ``"not_required"``."""
    return GapState(state).name.lower()
