"""New estates (C06, C13): what is in walking reach, what to plan with the homes, the four steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.access.access import compute_access
from yike.core.access.pairs import take_rows
from yike.core.circle.plain import number
from yike.core.geo.projection import LocalProjection
from yike.core.tables import AccessTable, Attachments, ByteArray, GapState, OutletStatus
from yike.errors import InputError, message_of
from yike.reports import words
from yike.sources.scenario_edits import NewEstate
from yike.sources.scenario_file import read_scenario
from yike.standards.documents import source_words
from yike.standards.loader import load_supply
from yike.standards.new_estates import EstateArea, load_estate_policy
from yike.standards.site_rules import load_site_rules
from yike.standards.types import TypeRule
from yike.studies.base import Base
from yike.studies.data_state import data_state_of
from yike.studies.pipeline import base_of, reach_base
from yike.studies.policy import rules_to_core
from yike.studies.scenario_pack import edit_pack
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.watch import Watch

GROUPS = ("basic", "quality")


@dataclass(frozen=True)
class EstateSpec:
    """One new estate: how many people, where, and how much is built (NaN not said)."""

    people: float
    lon: float
    lat: float
    name: str = ""
    floor_m2: float = math.nan


def estate_from_pack(study: StudySpec, spec: EstateSpec, progress: Progress = silent) -> dict[str, Any]:
    """The checklist of one point of a pack; raises InputError for a point outside its streets."""
    base = base_of(study, Watch(progress))
    ground = LocalProjection(base.joined.network.origin_lon, base.joined.network.origin_lat)
    x_m, y_m = (np.asarray(v) for v in ground.forward(np.array([spec.lon]), np.array([spec.lat])))
    return _record(base, [_checklist(base, spec, base.joined.streets.attach(x_m, y_m))])


def estates_of_scenario(study: StudySpec, file: Path, progress: Progress = silent) -> dict[str, Any]:
    """
    The checklists of all new estates of a scenario, with its other edits (new shops, new streets) in place.

    Raises
    ------
    InputError
        The scenario has faults, or no new estate.
    """
    scenario = read_scenario(file)
    edits = [e for e in scenario.edits if isinstance(e, NewEstate)]
    if not edits:
        raise InputError("estate.none", found=file.name)
    watch = Watch(progress)
    before = base_of(study, watch)
    edited = edit_pack(before, scenario)
    base = reach_base(edited.spec, edited.pack, edited.rules, watch)
    first = len(before.pack.places)
    lists = []
    for k, edit in enumerate(edits):
        row, places = first + k, base.joined.places
        spec = EstateSpec(edit.people, float(places.lon[row]), float(places.lat[row]), edit.name)
        at = take_rows(base.joined.place_attachments, np.array([row]))
        lists.append(_checklist(base, spec, at))
    return _record(base, lists)


def _record(base: Base, lists: list[dict[str, Any]]) -> dict[str, Any]:
    policy = load_estate_policy()
    origin = base.pack.provenance
    return {
        "pack": origin.code,
        "name": origin.name,
        "as_of": origin.as_of,
        "invented": origin.is_invented,
        "rule_pack": base.rules.code,
        "profile": base.profile.code,
        "estates": lists,
        "steps_source": source_words(policy.step_source, base.rules.documents),
        "notes": [
            message_of("circle_words.estate.note.walk", {}),
            message_of("circle_words.estate.note.count", {}),
            message_of("circle_words.estate.note.steps", {}),
        ],
    }


def _checklist(base: Base, spec: EstateSpec, at: Attachments) -> dict[str, Any]:
    access = _walks(base, at)
    state = _data_state(base)
    types = [row for rule in base.rules.types if rule.group in GROUPS
             and (row := _type_row(base, spec, rule, access, state)) is not None]  # fmt: skip
    types.sort(key=lambda t: not t["is_required"])
    missing = [t for t in types if t["state"] == "missing"]
    unknown = [t for t in types if t["is_required"] and t["state"] == "unknown"]
    n_basic = sum(t["is_required"] for t in types)
    told = {
        "name": spec.name or "新建小区",
        "people": words.count(spec.people),
        "n": n_basic,
        "reached": n_basic - len(missing) - len(unknown),
        "missing": "、".join(t["label"] for t in missing) or "没有",
        "unknown": "、".join(t["label"] for t in unknown),
    }
    code = "unattached" if not at.is_attached[0] else "unknown" if unknown else "told"
    return {
        "name": spec.name,
        "lon": round(spec.lon, 7),
        "lat": round(spec.lat, 7),
        "people": number(spec.people),
        "is_attached": bool(at.is_attached[0]),
        "distance_to_street_m": number(float(at.distance_m[0])),
        "sentence": message_of(f"circle_words.estate.{code}", told),
        "missing": [t["code"] for t in missing],
        "types": types,
        "areas": [_area(base, spec, area) for area in load_estate_policy().areas],
        "steps": [
            {"code": s.code, "label": s.label, "text": s.text, "planned_on": None, "done_on": None}
            for s in load_estate_policy().steps
        ],
    }


def _walks(base: Base, at: Attachments) -> AccessTable:
    """Walks from the estate to the open outlets of every type."""
    joined, access = base.joined, base.access
    return compute_access(
        joined.graph, at, joined.outlet_attachments, joined.streets.direct(at, joined.outlet_attachments),
        *base.services, len(access.type_rows), type_rows=access.type_rows,
        is_open=joined.outlets.status == OutletStatus.OPEN,
        cutoffs_s=access.cutoffs_s, limit_s=access.limit_s,
        max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip


def _data_state(base: Base) -> ByteArray:
    policy = rules_to_core(base.rules, base.types, base.access.type_rows, load_supply())
    return data_state_of(
        base.joined.outlets, base.joined.places, base.pack.provenance, base.types, base.access.type_rows,
        base.services, policy, from_osm=base.pack.spec.outlets.source == "osm",
    )  # fmt: skip


def _type_row(
    base: Base, spec: EstateSpec, rule: TypeRule, access: AccessTable, data_state: ByteArray
) -> dict[str, Any] | None:
    """One business type: reached in time, to be planned with the homes, or not to be told."""
    type_idx = base.types.idx(rule.code)
    column = np.flatnonzero(access.type_rows == type_idx)
    if not len(column):
        return None
    col = int(column[0])
    seconds, nearest = float(access.nearest_s[0, col]), int(access.nearest_outlet_idx[0, col])
    state = _state(seconds, rule, GapState(data_state[col]))
    outlets = base.joined.outlets
    supply = next((s.per_1000 for s in load_supply() if s.code == rule.code), math.nan)
    wanted = spec.people * supply / 1000.0
    room = load_site_rules().rule(base.types, type_idx).area_min_m2
    source = rule.source if rule.source.clause else rule.within_source
    return {
        "code": rule.code,
        "form_row": base.types.types[type_idx].form_row,
        "label": base.types.types[type_idx].label,
        "group": rule.group,
        "is_required": rule.is_required,
        "within_s": rule.within_s,
        "nearest_s": number(seconds),
        "nearest_id": outlets.outlet_id[nearest] if nearest >= 0 else None,
        "nearest_name": outlets.name[nearest] if nearest >= 0 else None,
        "state": state,
        "suggested_count": None if math.isnan(wanted) else max(round(wanted), 1),
        "area_min_m2": room.value if room else None,
        "area_source": source_words(room.source, base.rules.documents) if room else "",
        "clause": source_words(source, base.rules.documents),
    }


def _state(seconds: float, rule: TypeRule, data: GapState) -> str:
    """``"reached"``, ``"missing"`` (required: plan it), ``"far"`` (not required) or ``"unknown"``."""
    if math.isnan(seconds):
        return "unknown"
    if seconds <= rule.within_s:
        return "reached"
    if data is not GapState.MET:
        return "unknown"
    return "missing" if rule.is_required else "far"


def _area(base: Base, spec: EstateSpec, area: EstateArea) -> dict[str, Any]:
    """One area that is asked for, in square metres where the total floor area is known."""
    least, source, is_own = area.under(base.rules)
    need = least * spec.floor_m2 if area.unit == "share" else least
    return {
        "code": area.code,
        "label": area.label,
        "at_least": least,
        "unit": area.unit,
        "need_m2": number(need),
        "planned_m2": None,
        "is_asked": is_own,
        "clause": source_words(source, base.rules.documents) + ("" if is_own else "（参照，本规则包没有写）"),
    }
