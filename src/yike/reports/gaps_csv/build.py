"""The gap table as CSV: one row per circle and asked business type, gaps first, the worst on top."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

from yike.core.tables import GapState
from yike.errors import message_of
from yike.reports.facts import ReportFacts
from yike.reports.rows import form_row_of
from yike.standards.types import Source

COLUMNS = (
    "circle_id",
    "circle_name",
    "form_row",
    "type_label",
    "state",
    "state_label",
    "norm_min",
    "share_in_norm",
    "share_required",
    "shortfall",
    "people_unserved",
    "person_minutes",
)
"""Columns before those of the age bands."""

CLOSING = ("rank", "option", "source_document", "source_clause", "is_inferred", "as_of", "invented")
"""Columns after those of the age bands."""


def write_gaps_csv(facts: ReportFacts, path: Path) -> None:
    """Write ``gaps.csv`` of a study: UTF-8 with a byte-order mark, so that spreadsheets read it right."""
    path.write_bytes(gaps_text(facts).encode("utf-8-sig"))


def gaps_text(facts: ReportFacts) -> str:
    """
    The table as text; an unknown number is an empty cell, never 0.

    ``is_inferred`` is 1 where the walk, the share or the demand itself is our own proposal (推定).
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    bands = tuple(f"unserved_{band}" for band in facts.gaps.bands)
    writer.writerow((*COLUMNS, *bands, *CLOSING))
    for row in range(len(facts.gaps)):
        writer.writerow(_cells(facts, row))
    return out.getvalue()


def _cells(facts: ReportFacts, row: int) -> list[Any]:
    gaps = facts.gaps
    circle, type_idx = int(gaps.circle_idx[row]), int(gaps.type_idx[row])
    kind = facts.types.types[type_idx]
    state = GapState(int(gaps.state[row])).name.lower()
    bands = [_number(x, 1) for x in gaps.unserved_by_band[row]]
    rule = facts.rules.rule(kind.code)
    sources = [rule.source, rule.within_source, rule.share_source] if rule else []
    clause = _clause(sources)
    return [
        _text(facts.circles.circle_id[circle]),
        _text(facts.circles.name[circle]),
        form_row_of(facts.types, type_idx),
        _text(kind.label),
        state,
        message_of(f"circle.state.{state}", {}),
        _number(gaps.norm_s[row] / 60.0, 2),
        _number(gaps.share_in_norm[row], 6),
        _number(gaps.share_required[row], 6),
        _number(gaps.shortfall[row], 6),
        _number(gaps.people_unserved[row], 1),
        _number(gaps.person_minutes[row], 1),
        *bands,
        int(gaps.rank[row]) or "",
        _text(_first_option(facts, row)),
        _text(clause.document if clause else ""),
        _text(clause.clause if clause else ""),
        int(any(s.is_inferred for s in sources)),
        facts.provenance.as_of,
        int(facts.provenance.is_invented),
    ]


def _clause(sources: list[Source]) -> Source | None:
    """The clause to quote: that of the demand, else of the walk."""
    return next((s for s in sources if s.document), None)


def _first_option(facts: ReportFacts, row: int) -> str:
    options = facts.extras.get("options", {}).get("circles", [])
    found = options[row] if row < len(options) else []
    return str(found[0]["text"]) if found else ""


def _number(value: float, digits: int) -> str:
    if not math.isfinite(value):
        return ""
    text = f"{round(float(value), digits):.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _text(text: str) -> str:
    # a cell that starts like a formula would be run by a spreadsheet
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
