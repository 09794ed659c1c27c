"""The project list as data: JSON for the workbench, GeoJSON for maps, a scenario that opens every project."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from yike.reports.project_facts import GapLine, Need, ProjectFacts, TypeGain
from yike.reports.project_list import rows as cells
from yike.reports.project_list.shares import kind_shares

SCHEMA = "yike.projects/1"
DECIMALS = 7


def project_data(facts: ProjectFacts) -> dict[str, Any]:
    """The whole list as plain values; null is unknown. Documented in ``docs/guides/projects.md``."""
    low, high, people = cells.totals(facts)
    origin = facts.provenance
    return {
        "schema": SCHEMA,
        "title": facts.title,
        "summary": cells.summary(facts),
        "pack": origin.code,
        "name": origin.name,
        "as_of": origin.as_of,
        "invented": origin.is_invented,
        "rule_pack": facts.rules.code,
        "profile": facts.profile.code,
        "version": facts.version,
        "weights": facts.weights,
        "is_estimate": facts.is_estimate,
        "kinds": list(facts.kinds),
        "budget_fen": facts.budget_fen,
        "totals": {
            "projects": len(facts.projects),
            "cost_low_fen": low,
            "cost_high_fen": high,
            "people_gained": _number(people),
            "gaps": len(facts.gaps),
            "gaps_closed": sum(g.outcome == "closed" for g in facts.gaps),
            "reuse": sum(d.kind == "reuse" for d in facts.details),
            "new": sum(d.kind == "new" for d in facts.details),
            "movable": sum(d.kind == "movable" for d in facts.details),
        },
        "kind_shares": [{k: _plain(v) for k, v in vars(s).items()} for s in kind_shares(facts)],
        "shapes": [{k: _plain(v) for k, v in vars(s).items()} | {"is_inferred": True} for s in facts.shapes],
        "plan": {k: _plain(v) for k, v in vars(facts.plan).items() if k != "seconds"},
        "projects": [_project(facts, i) for i in range(len(facts.projects))],
        "gaps": [_gap(g) for g in facts.gaps],
        "needs": [_need(n) for n in facts.needs],
        "notes": list(facts.notes),
        "sources": [dataclasses.asdict(s) for s in origin.sources],
    }


def _project(facts: ProjectFacts, i: int) -> dict[str, Any]:
    p, d = facts.projects, facts.details[i]
    return {
        "id": p.project_id[i],
        "order": i + 1,
        "name": p.name[i],
        "site": {
            "id": p.site_id[i],
            "name": p.site_name[i],
            "kind": p.site_kind[i],
            "lon": round(float(p.lon[i]), DECIMALS),
            "lat": round(float(p.lat[i]), DECIMALS),
        },
        "types": [g.type_code for g in d.gains],
        "programmes": list(d.programmes),
        "gap_rows": list(p.gap_rows[i]),
        "needs": [facts.needs[k].row for k in d.needs],
        "content": p.content[i],
        "mode": {"code": p.mode[i], "label": d.mode_label, "kind": d.kind, "source": d.mode_source},
        "lead": list(p.lead[i]),
        "supporting": list(p.supporting[i]),
        "units_inferred": d.units_inferred,
        "units_source": d.task_clause,
        "cost": {
            "low_fen": _cost(int(p.cost_low_fen[i])),
            "high_fen": _cost(int(p.cost_high_fen[i])),
            "is_inferred": True,
            "words": d.cost_words,
        },
        "build_shape": _build_shape(facts, p.project_id[i]),
        **_promises(p.site_kind[i]),
        "start_on": p.start_on[i] or None,
        "due_on": p.due_on[i] or None,
        "due_text": p.due_text[i],
        "due_source": d.due_clause,
        "is_late": d.is_late,
        "stage": p.stage[i],
        "progress_share": _number(float(p.progress_share[i])),
        "people_gained": _number(float(p.people_gained[i])),
        "person_minutes_saved": _number(float(p.person_minutes_saved[i])),
        "people_per_wan": _number(float(p.people_per_wan[i])),
        "explanation": p.explanation[i],
        "gains": [_gain(g) for g in d.gains],
        "needs_review": d.needs_review,
        "scenario_edit": dict(d.scenario_edit),
    }


def _build_shape(facts: ProjectFacts, project_id: str) -> dict[str, Any] | None:
    """The shape suggested for the circle that a project mainly serves."""
    for shape in facts.shapes:
        if project_id in shape.projects and shape.code:
            return {"code": shape.code, "label": shape.label, "circle": shape.circle, "is_inferred": True}
    return None


def _promises(site_kind: str) -> dict[str, Any]:
    """Blanks that people fill in for rooms: what is promised for the room, what rent is given up."""
    if site_kind != "premises":
        return {"service_promise": None, "rent_relief": None}
    return {
        "service_promise": {"services": None, "price_cap": None, "checked_on": None},
        "rent_relief": {"fen_a_year": None, "from": None, "until": None},
    }


def _gain(gain: TypeGain) -> dict[str, Any]:
    return {
        "type_code": gain.type_code,
        "type_label": gain.type_label,
        "form_row": gain.form_row,
        "norm_s": gain.norm_s,
        "people": _number(gain.people),
        "places": gain.places,
        "bands": {k: _number(v) for k, v in gain.bands.items()},
        "before_s": _number(gain.before_s),
        "out_of_reach": _number(gain.out_of_reach),
        "after_s": _number(gain.after_s),
        "person_minutes": _number(gain.person_minutes),
        "communities": [
            {
                "community": c.community,
                "circle": c.circle,
                "people": _number(c.people),
                "places": c.places,
                "named": list(c.named),
            }
            for c in gain.communities
        ],
        "clause": gain.clause,
        "gap_rows": list(gain.gap_rows),
    }


def _gap(gap: GapLine) -> dict[str, Any]:
    return {k: _plain(v) for k, v in vars(gap).items()}


def _need(need: Need) -> dict[str, Any]:
    return {k: _plain(v) for k, v in vars(need).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    return _number(value) if isinstance(value, float) else value


def _number(value: float, digits: int = 6) -> float | None:
    if not math.isfinite(value):
        return None
    rounded = round(value, digits)
    return 0.0 if rounded == 0 else rounded


def _cost(fen: int) -> int | None:
    return fen if fen >= 0 else None


def write_json(facts: ProjectFacts, path: Path) -> None:
    """Write ``projects.json``."""
    text = json.dumps(project_data(facts), ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", "utf-8", newline="\n")


def write_geojson(facts: ProjectFacts, path: Path) -> None:
    """Write ``projects.geojson``: one point per project, WGS-84."""
    origin = facts.provenance
    features = [_feature(facts, i) for i in range(len(facts.projects))]
    head = {
        "type": "FeatureCollection",
        "attribution": "；".join(dict.fromkeys(s.attribution or s.name for s in origin.sources)),
        "licences": sorted({s.licence for s in origin.sources}),
        "pack": origin.code,
        "as_of": origin.as_of,
        "invented": origin.is_invented,
        "rule_pack": facts.rules.code,
        "map_review_no": origin.map_review_no,
    }
    start = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    body = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    path.write_text(f'{start},"features":[\n{body}\n]}}\n', "utf-8", newline="\n")


def _feature(facts: ProjectFacts, i: int) -> dict[str, Any]:
    data = _project(facts, i)
    kept = ("id", "order", "name", "types", "lead", "supporting", "due_on", "due_text", "people_gained",
            "explanation", "needs_review")  # fmt: skip
    return {
        "type": "Feature",
        "id": data["id"],
        "properties": {
            **{k: data[k] for k in kept},
            "site_id": data["site"]["id"],
            "site_kind": data["site"]["kind"],
            "type_labels": cells.type_labels(facts, i),
            "mode": data["mode"]["label"],
            "cost_wan": cells.band(int(facts.projects.cost_low_fen[i]), int(facts.projects.cost_high_fen[i])),
        },
        "geometry": {"type": "Point", "coordinates": [data["site"]["lon"], data["site"]["lat"]]},
    }


def write_scenario(facts: ProjectFacts, path: Path) -> None:
    """Write ``projects_scenario.toml``: projects as edits, so that a scenario shows the gaps closed."""
    lines = [
        "# 把项目清单里的网点都“开起来”，与现状对比：yike scenario compare 城市包 本文件 -o 对比",
        'name = "项目全部建成"',
        f"note = {_toml(f'按《{facts.title}》逐项开办')}",
    ]
    for i, detail in enumerate(facts.details):
        lines += ["", f"# {facts.projects.project_id[i]} {facts.projects.name[i]}", "[[edit]]"]
        lines += [f"{key} = {_toml(value)}" for key, value in detail.scenario_edit.items()]
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    return repr(value)
