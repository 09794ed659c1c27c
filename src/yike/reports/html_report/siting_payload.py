"""What the page's script is given on siting: sites with the homes they could serve, plans, words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from yike.reports.facts import ReportFacts
from yike.reports.html_report.coding import as_base64, coded_points, varints
from yike.reports.siting_lines import area_names, kind_words, proof_words, site_name, siting_of, wan_yuan

MAX_WALK_S = 65_535


def siting_for_script(facts: ReportFacts) -> dict[str, Any]:
    """Types with their sites and plans; homes are rows of the places, in coded columns."""
    siting = siting_of(facts)
    types = siting.get("types") or ()
    areas, area_of = area_names(facts)
    return {
        "weights": siting.get("weights", "people"),
        "estimate": bool(siting.get("is_estimate")),
        "areas": areas if types else [],
        "types": [_type(one, area_of) for one in types],
    }


def _type(one: Mapping[str, Any], area_of: np.ndarray) -> dict[str, Any]:
    sites = one["sites"]
    return {
        "type": one["type_idx"],
        "col": one["column"],
        "norm_s": one["cutoff_s"],
        "street": one["kind"] == "street_point",
        "lack": round(one["not_reached"], 1),
        "money": one["has_costs"],
        "sites": {
            **coded_points(np.array([s["x_m"] for s in sites]), np.array([s["y_m"] for s in sites])),
            "id": [s["id"] for s in sites],
            "warned": [[w["text"] for w in s["warnings"]] for s in sites],
            "name": [site_name(s) for s in sites],
            "kind": [kind_words(s) for s in sites],
            "area": [None if math.isnan(s["area_m2"]) else round(s["area_m2"], 1) for s in sites],
            "cost": [None if s["cost_fen"] is None else wan_yuan(s["cost_fen"]) for s in sites],
            "row": [s["source_row"] for s in sites],
            "homes": [varints(np.diff(s["place_idx"].astype(np.int64), prepend=0)) for s in sites],
            "walk": [as_base64(np.minimum(s["walk_s"], MAX_WALK_S).astype(np.uint16)) for s in sites],
            "in": [varints(area_of[s["place_idx"]].astype(np.int64)) for s in sites],
        },
        "plans": [
            {
                "sites": p["sites"],
                "people": round(p["people"], 1),
                "bound": round(p["bound"], 1),
                "proof": proof_words(p),
                "best": p["status"] == "optimal",
                "cost": None if p["cost_fen"] is None else wan_yuan(p["cost_fen"]),
            }
            for p in one["plans"]
        ],
    }
