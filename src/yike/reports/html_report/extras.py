"""Measures beyond the tables, read gently: what is absent is left out, never invented."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from yike.reports.facts import ReportFacts
from yike.reports.html_report.summary import is_short

MAX_OPTIONS, MAX_GAPS = 3, 300
"""Options per gap, and gaps that carry them, in the page; all of them are in gaps.csv."""

EXPLAINED = ("n_rows", "rows", "row_kind", "n_unknown", "low", "high")


def circles_of(facts: ReportFacts, *keys: str) -> Sequence[Any]:
    """What an extra says of the circles, one entry each (or per gap); empty where it is absent."""
    found: Any = facts.extras
    for key in (*keys[:1], "circles", *keys[1:]):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def of_circle(facts: ReportFacts, c: int, *keys: str) -> Any:
    """What an extra says of one circle; None where it says nothing."""
    found = circles_of(facts, *keys)
    return found[c] if c < len(found) else None


def rows_of_circle(facts: ReportFacts, c: int, *keys: str) -> list[Mapping[str, Any]]:
    """The rows (tables of named values) of one circle; empty where there are none."""
    found = of_circle(facts, c, *keys)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return [row for row in found if isinstance(row, Mapping)]


def number_of(row: Mapping[str, Any], key: str) -> float:
    """A number of a row, NaN where it is null or absent."""
    value = row.get(key)
    return math.nan if value is None else float(value)


def extras_for_script(facts: ReportFacts) -> dict[str, Any]:
    """The extras that the reasons use, as plain values."""
    short = is_short(facts)
    return {
        "bundles": plain(circles_of(facts, "bundles")),
        "options": _options(facts),
        "explained": [] if short else _explained(facts),
        "gates": [] if short else plain(circles_of(facts, "gates")),
        "weights": plain(circles_of(facts, "weights")),
    }


def _options(facts: ReportFacts) -> dict[str, list[dict[str, Any]]]:
    """Row of the gaps table -> sentences on how to close it, best first."""
    listed = enumerate(circles_of(facts, "options"))
    rows = [(str(i), list(found)[:MAX_OPTIONS]) for i, found in listed if found][:MAX_GAPS]
    return {
        i: [{"text": str(o.get("text", "")), "estimate": bool(o.get("is_estimate"))} for o in found]
        for i, found in rows
    }


def _explained(facts: ReportFacts) -> list[Any]:
    """Per circle and indicator: rows behind the number and the change that would meet the target."""
    found = []
    for of_area in circles_of(facts, "explanations", "indicators"):
        cells = []
        for one in of_area:
            change = one.get("change") or {}
            cells.append(plain({k: one.get(k) for k in EXPLAINED}) | {"change": change.get("text", "")})
        found.append(cells)
    return found


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
