"""The sites of a run as JSON: per type the curve, and per number of sites who is newly served."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yike.reports.assessment_json.policy import plain_source
from yike.reports.facts import ReportFacts
from yike.reports.siting_lines import (
    KIND_WORDS,
    REASON_WORDS,
    SiteLine,
    gap_of,
    kind_words,
    lines_of,
    proof_words,
    siting_of,
    source_of,
)
from yike.standards.judging import load_siting_limits

SCHEMA = "yike.siting/1"
HOMES, AREAS = 5, 5
"""Homes and communities told per line, most people first; all of them are on the map of report.html."""


def write_siting_json(facts: ReportFacts, path: Path) -> None:
    """Write ``siting.json``: the head indented, then one type a line."""
    told = build_siting(facts)
    types = told.pop("types")
    head = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
    lines = [json.dumps(t, ensure_ascii=False, allow_nan=False, separators=(",", ":")) for t in types]
    body = ",\n".join(lines)
    path.write_text(f'{head[:-2]},\n "types": [\n{body}\n]\n}}\n', "utf-8", newline="\n")


def build_siting(facts: ReportFacts) -> dict[str, Any]:
    """Everything the file says, as plain values; unknown is null, never 0."""
    siting = siting_of(facts)
    p = facts.provenance
    limits = load_siting_limits().values()
    return {
        "schema": SCHEMA,
        "version": facts.version,
        "pack": {"code": p.code, "name": p.name, "as_of": p.as_of, "invented": p.is_invented},
        "rule_pack": facts.rules.code,
        "profile": facts.profile.code,
        "weights": siting.get("weights", "none"),
        "is_estimate": bool(siting.get("is_estimate")),
        "reason": siting.get("reason", ""),
        "reason_label": REASON_WORDS.get(siting.get("reason", ""), ""),
        "limits": [
            {"code": v.code, "value": v.value, "label": v.label, "is_inferred": v.source.is_inferred}
            for v in limits
        ],
        "left_out": [_left_out(facts, row) for row in siting.get("left_out", ())],
        "types": [_type(facts, one) for one in siting.get("types", ())],
    }


def _left_out(facts: ReportFacts, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type_code": row["type_code"],
        "label": facts.types.types[row["type_idx"]].label,
        "reason": row["reason"],
        "reason_label": REASON_WORDS.get(row["reason"], row["reason"]),
    }


def _type(facts: ReportFacts, one: Mapping[str, Any]) -> dict[str, Any]:
    kind, source = facts.types.types[one["type_idx"]], source_of(facts, one)
    return {
        "type_code": kind.code,
        "form_row": kind.form_row,
        "label": kind.label,
        "cutoff_s": one["cutoff_s"],
        "source": plain_source(source),
        "kind": one["kind"],
        "kind_label": KIND_WORDS[one["kind"]],
        "spacing_m": one["spacing_m"],
        "n_offered": one["n_offered"],
        "n_rejected": one["n_rejected"],
        "n_candidates": one["n_candidates"],
        "is_thinned": one["is_thinned"],
        "not_reached": round(one["not_reached"], 1),
        "homes_not_reached": one["homes_not_reached"],
        "has_costs": one["has_costs"],
        "sites": [_site(site) for site in one["sites"]],
        "curve": [_plan(facts, one, plan) for plan in one["plans"]],
    }


def _site(site: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": site["id"],
        "name": site["name"],
        "kind": site["kind"],
        "kind_label": kind_words(site),
        "lon": round(site["lon"], 7),
        "lat": round(site["lat"], 7),
        "area_m2": None if math.isnan(site["area_m2"]) else round(site["area_m2"], 1),
        "cost_fen": site["cost_fen"],
        "source_row": site["source_row"] if site["source_row"] >= 0 else None,
        "n_homes": len(site["place_idx"]),
        "warnings": site["warnings"],
    }


def _plan(facts: ReportFacts, one: Mapping[str, Any], plan: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "k": plan["k"],
        "people": round(plan["people"], 1),
        "bound": round(plan["bound"], 1),
        "share": round(plan["share"], 6),
        "gap": round(gap_of(plan), 6),
        "status": plan["status"],
        "status_label": proof_words(plan),
        "cost_fen": plan["cost_fen"],
        "sites": [_line(facts, line) for line in lines_of(facts, one, plan)],
    }


def _line(facts: ReportFacts, line: SiteLine) -> dict[str, Any]:
    return {
        "order": line.order,
        "site": line.row,
        "people_gained": round(line.people_gained, 1),
        "mean_walk_s": None if math.isnan(line.mean_walk_s) else round(line.mean_walk_s, 1),
        "n_homes": len(line.homes),
        "communities": [{"name": name, "people": round(n, 1)} for name, n in line.areas[:AREAS]],
        "homes": [
            {
                "id": facts.places.place_id[place],
                "name": facts.places.name[place],
                "people": round(float(line.people[i]), 1),
                "before_s": float(line.before_s[i]) if math.isfinite(line.before_s[i]) else None,
                "after_s": int(line.after_s[i]),
            }
            for i, place in enumerate(line.homes[:HOMES].tolist())
        ],
    }
