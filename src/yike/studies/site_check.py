"""Check one site: can residents walk to it, whom would it newly serve, which rules does it break."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from yike.core.circle.plain import number
from yike.core.geo.projection import LocalProjection
from yike.core.network.compound import STREET_FRONT_M
from yike.core.siting.candidates import Candidates
from yike.errors import cure_of, message_of
from yike.reports import words
from yike.standards.documents import source_words
from yike.standards.site_rules import load_site_rules
from yike.studies.base import Base
from yike.studies.pipeline import base_of
from yike.studies.site_nearness import near_score
from yike.studies.site_rating import oversupplied, warnings_of
from yike.studies.siting_demand import demand_of
from yike.studies.siting_outcome import reach_to
from yike.studies.siting_problem import cutoff_of
from yike.studies.siting_run import type_code_of
from yike.studies.siting_sites import clause_of
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.watch import Watch


def check_site(
    study: StudySpec,
    type_text: str,
    lon: float,
    lat: float,
    area_m2: float | None = None,
    cutoff_s: float | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """
    Judge one point for one type (B29).

    Parameters
    ----------
    lon, lat
        WGS-84 degrees.
    area_m2
        Of the room, None unknown.
    cutoff_s
        None: the rule pack's norm of the type.

    Returns
    -------
    dict
        ``answer`` "yes" or "no", ``refused`` (nobody can walk to it, too small by a document of the rule
        pack, nobody gained) and ``warnings`` (all other rules), each with ``code`` and ``text``.
    """
    base = base_of(study, Watch(progress))
    code = type_code_of(base.types, type_text)
    type_idx, limit_s = base.types.idx(code), cutoff_of(base, code, cutoff_s)
    here = _candidate(base, lon, lat, area_m2)
    at = base.joined.streets.attach(here.x_m, here.y_m, STREET_FRONT_M)
    demand = demand_of(base, code, limit_s)
    reach = reach_to(base, at, demand.weight > 0, limit_s)
    gained = math.fsum(demand.weight[reach.demand_idx])
    label = base.types.types[type_idx].label
    facts: dict[str, Any] = {"type": label, "minutes": f"{limit_s / 60:g}"}
    refused, row = list[dict[str, str]](), np.zeros(1, np.int64)
    if not at.is_attached[0]:
        network = base.joined.network
        away = np.hypot(network.vertex_x_m - here.x_m[0], network.vertex_y_m - here.y_m[0]).min()
        limit_m = f"{base.joined.streets.walk.max_snap_m:g}"
        refused.append(_said("site.reject.not_attached", {"found": f"{away:,.0f}", "expected": limit_m}))
    elif not gained > 0:
        refused.append(_said("site.warn.beyond_norm", facts))
    refused += _too_small(base, type_idx, area_m2)
    warned = warnings_of(base, type_idx, here, at, row, oversupplied(base, type_idx)) if not refused else [[]]
    score, notes = near_score(base, at)
    clause = clause_of(base, type_idx, limit_s, cutoff_s is not None)
    who = message_of(f"site_words.who_{demand.unit}", {"count": words.count(gained)})
    return {
        "answer": "no" if refused else "yes",
        "sentence": f"步行 {facts['minutes']} 分钟内新增覆盖{who}（{label}）。依据：{clause}。",
        "type_code": code,
        "form_row": base.types.types[type_idx].form_row,
        "label": label,
        "lon": lon,
        "lat": lat,
        "cutoff_s": limit_s,
        "profile": base.profile.code,
        "is_attached": bool(at.is_attached[0]),
        "distance_to_street_m": number(float(at.distance_m[0])),
        "people_gained": number(gained),
        "people_not_reached": number(demand.people_not_reached),
        "unit": demand.unit,
        "near_score": number(float(score[0])),
        "refused": refused,
        "warnings": warned[0],
        "clause": clause,
        "is_estimate": demand.is_estimate,
        "is_invented": base.pack.provenance.is_invented,
        "notes": [*demand.notes, *notes],
    }


def _candidate(base: Base, lon: float, lat: float, area_m2: float | None) -> Candidates:
    network = base.joined.network
    x_m, y_m = LocalProjection(network.origin_lon, network.origin_lat).forward(
        np.array([lon]), np.array([lat])
    )
    none = np.array([-1], np.int32)
    return Candidates(
        ("here",), ("",), ("point",), np.array([lon]), np.array([lat]), np.asarray(x_m), np.asarray(y_m),
        np.array([math.nan if area_m2 is None else area_m2]), np.array([-1], np.int64), ((),), none, none,
    )  # fmt: skip


def _too_small(base: Base, type_idx: int, area_m2: float | None) -> list[dict[str, str]]:
    least = load_site_rules().rule(base.types, type_idx).area_min_m2
    if least is None or area_m2 is None or area_m2 >= least.value:
        return []
    facts = {
        "type": base.types.types[type_idx].label,
        "found": f"{area_m2:g}",
        "expected": f"{least.value:g}",
        "clause": source_words(least.source, base.rules.documents),
    }
    if least.source.mark == "official" and least.source.document in base.rules.lineage:
        return [_said("site.reject.area", facts)]
    return []


def _said(code: str, facts: dict[str, Any]) -> dict[str, str]:
    return {"code": code, "text": message_of(code, facts), "cure": cure_of(code, facts)}
