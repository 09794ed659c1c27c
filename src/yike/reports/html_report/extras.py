"""Measures beyond the tables, read gently: what is absent is left out, never invented."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from yike.reports.facts import ReportFacts

FOR_SCRIPT = ("options", "bundles")


def of_area(facts: ReportFacts, key: str, area: int) -> Any:
    """What an extra says of one area; None where it says nothing."""
    found = facts.extras.get(key)
    if isinstance(found, Mapping):
        return found.get(facts.circle_coverage.area_ids[area], found.get(area))
    if isinstance(found, Sequence) and not isinstance(found, str) and area < len(found):
        return found[area]
    return None


def rows_of_area(facts: ReportFacts, key: str, area: int) -> list[Mapping[str, Any]]:
    """The rows (tables of named values) of one area; empty where there are none."""
    found = of_area(facts, key, area)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return [row for row in found if isinstance(row, Mapping)]


def share_of(row: Mapping[str, Any], key: str) -> float:
    """A number of a row, NaN where it is null or absent."""
    value = row.get(key)
    return math.nan if value is None else float(value)


def extras_for_script(facts: ReportFacts) -> dict[str, Any]:
    """The extras that the reasons use, as plain values."""
    return {key: plain(facts.extras[key]) for key in FOR_SCRIPT if facts.extras.get(key) is not None}


def plain(value: Any) -> Any:
    """Nested mappings, sequences and numbers as JSON values; NaN and endless become None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
