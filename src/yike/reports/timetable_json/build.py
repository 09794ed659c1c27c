"""Write a timetable as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yike.reports.timetable_facts import TimetableFacts, TradeReach, Visit
from yike.reports.timetable_view import TimetableView

FORMAT = 1  # raised when a key changes its meaning or goes


def write_timetable_json(facts: TimetableFacts, path: Path) -> None:
    """
    Write ``timetable.json``.

    The file says nothing of how long the search took, so the same timetable has the same bytes; ``yike
    timetable solve --json`` tells the seconds.
    """
    text = json.dumps(build_timetable(facts), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", "utf-8")


def build_timetable(facts: TimetableFacts) -> dict[str, Any]:
    """The document as plain data. Telephones stay out: they are for posters that their owners agreed to."""
    view, origin = TimetableView(facts), facts.provenance
    return {
        "format": FORMAT,
        "title": facts.title,
        "pack": origin.code,
        "name": origin.name,
        "division": origin.division,
        "as_of": origin.as_of,
        "is_invented": view.is_invented,
        "first_day": facts.first_day.isoformat(),
        "last_day": facts.last_day.isoformat() if facts.last_day else None,
        "walk_s": facts.walk_s,
        "public_url": facts.public_url,
        "objective": _known(facts.objective),
        "bound": _known(facts.bound),
        "gap": _known(facts.gap),
        "status": facts.status,
        "status_label": view.proof,
        "method": facts.method,
        "seed": facts.seed,
        "trades": [{"code": code, "label": label} for code, label in facts.trades],
        "halves": [{"code": code, "label": label} for code, label in facts.half_labels],
        "vendors": [
            {"id": v.vendor_id, "name": v.name, "trades": list(v.trades)} for v in facts.vendors
        ],
        "stops": [
            {
                "id": s.stop_id, "name": s.name, "address": s.address, "community": s.community,
                "lon": s.lon, "lat": s.lat,
            }
            for s in facts.stops
        ],
        "visits": visit_rows(view.visits),
        "reach": reach_rows(facts.reach),
        "notes": list(facts.notes),
        "estimates": list(origin.estimates),
        "sources": [
            {
                "name": s.name, "licence": s.licence, "url": s.url, "as_of": s.as_of,
                "attribution": s.attribution,
            }
            for s in origin.sources
        ],
    }  # fmt: skip


def visit_rows(visits: Sequence[Visit]) -> list[dict[str, Any]]:
    """Who stands where and when; people unknown are null."""
    return [
        {
            "vendor_id": v.vendor_id, "stop_id": v.stop_id, "day": v.day, "half": v.half,
            "begins": v.begins, "ends": v.ends, "people": _known(v.people),
        }
        for v in visits
    ]  # fmt: skip


def reach_rows(reach: Sequence[TradeReach]) -> list[dict[str, Any]]:
    """People who meet each trade before and after, in all and by community; unknown is null."""
    return [
        {
            "trade": r.trade, "community": r.community, "people": _known(r.people),
            "before": _known(r.before), "before_least": _known(r.before_least),
            "before_words": r.before_words, "after_once": _known(r.after_once),
            "after_twice": _known(r.after_twice),
        }
        for r in reach
    ]  # fmt: skip


def _known(value: float) -> float | None:
    """Null for what JSON has no number for: unknown, and a gap nobody could bound."""
    return value if math.isfinite(value) else None
