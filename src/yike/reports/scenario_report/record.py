"""``compare.json``: everything the comparison says, as plain values; unknown is null."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from yike.reports.scenario_facts import ScenarioFacts, ScenarioOutcome
from yike.reports.scenario_report import rows
from yike.reports.scenario_report.labels import label

SCHEMA = "yike.scenario-comparison/1"
MOST_PLACES = 5_000


def comparison_record(facts: ScenarioFacts, most_places: int = MOST_PLACES) -> dict[str, Any]:
    """The comparison as plain values."""
    origin = facts.provenance
    return {
        "schema": SCHEMA,
        "version": facts.version,
        "pack": {
            "code": origin.code,
            "name": origin.name,
            "as_of": origin.as_of,
            "invented": origin.is_invented,
            "sources": [
                {"name": s.name, "licence": s.licence, "as_of": s.as_of, "attribution": s.attribution}
                for s in origin.sources
            ],
            "estimates": list(origin.estimates),
        },
        "rule_pack": facts.before.rules.code,
        "profile": facts.before.profile.code,
        "overview": rows.overview(facts),
        "scenarios": [_outcome(facts, o, most_places) for o in facts.outcomes],
    }


def _outcome(facts: ScenarioFacts, outcome: ScenarioOutcome, most_places: int) -> dict[str, Any]:
    places = outcome.after.places
    return {
        "name": outcome.name,
        "note": outcome.note,
        "file": outcome.file,
        "recomputed": outcome.recomputed,
        "recomputed_label": label(f"recomputed.{outcome.recomputed}"),
        "profile": outcome.after.profile.code,
        "at_minute": outcome.after.at_minute,
        "edits": [
            {"number": n, "kind": kind, "kind_label": name, "words": words}
            for n, kind, name, words in outcome.edits
        ],
        "notes": list(outcome.notes),
        "types": rows.type_rows(facts, outcome),
        "circles": rows.area_rows(facts, outcome, "circles"),
        "communities": rows.area_rows(facts, outcome, "communities"),
        "grades": rows.grade_rows(facts, outcome),
        "saturation": rows.saturation_rows(facts, outcome),
        "new_places": [
            {
                "place_id": places.place_id[i],
                "name": places.name[i],
                "people": rows.number(places.people[i], 1),
            }
            for i in outcome.new_places.tolist()
        ],
        "places_changed": outcome.who.n_all,
        "places": rows.who_rows(facts, outcome, most_places),
    }


def write_record(facts: ScenarioFacts, path: Path) -> None:
    """Write ``compare.json``; the same facts give the same bytes."""
    text = json.dumps(comparison_record(facts), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", "utf-8")
