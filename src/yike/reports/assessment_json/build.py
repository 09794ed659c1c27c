"""The assessment as JSON: circles, communities, types, indicators, grades, each with its source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yike.core.circle.plain import number
from yike.core.tables import Coverage, Gaps, GapState, Tri
from yike.errors import Fault, message_of
from yike.reports.assessment_json.policy import plain_source, rule_pack_part, types_part
from yike.reports.facts import ReportFacts
from yike.reports.rows import form_rows

SCHEMA = "yike.assessment/1"


def write_assessment_json(facts: ReportFacts, path: Path) -> None:
    """
    Write ``assessment.json`` of a study: the head indented, then one circle and one community a line.

    Lines are written as they are made; the whole tree of a city of 500 circles would take 0.7 GB.
    """
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for at, (key, value) in enumerate(_parts(facts)):
            out.write(f"{',' if at else '{'}\n{json.dumps(key)}: ")
            if isinstance(value, Iterator):
                out.write("[")
                for row, item in enumerate(value):
                    line = json.dumps(item, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
                    out.write(f"{',' if row else ''}\n{line}")
                out.write("\n]")
            else:
                out.write(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))
        out.write("\n}\n")


def build_assessment(facts: ReportFacts) -> dict[str, Any]:
    """
    Everything the file says, as plain values; unknown is null, never 0.

    Shares have 6 decimals, people and areas 1, seconds 1, person-minutes 1.
    """
    return {key: list(value) if isinstance(value, Iterator) else value for key, value in _parts(facts)}


def _parts(facts: ReportFacts) -> Iterator[tuple[str, Any]]:
    """Keys and values in their order; those of many rows as iterators."""
    yield from _head(facts).items()
    yield "circles", _circles(facts)
    yield "communities", _communities(facts)
    yield "city", facts.extras.get("city", [])
    yield "warnings", (_fault(f) for f in facts.faults)


def _head(facts: ReportFacts) -> dict[str, Any]:
    p = facts.provenance
    return {
        "schema": SCHEMA,
        "version": facts.version,
        "pack": {
            "code": p.code,
            "name": p.name,
            "division": p.division,
            "as_of": p.as_of,
            "invented": p.is_invented,
            "surveyed": p.is_surveyed,
            "map_review_no": p.map_review_no,
            "sources": [
                {
                    "name": s.name,
                    "licence": s.licence,
                    "url": s.url,
                    "as_of": s.as_of,
                    "attribution": s.attribution,
                    "covers": list(s.covers),
                }
                for s in p.sources
            ],
        },
        "estimates": list(p.estimates),
        "profile": {
            "code": facts.profile.code,
            "label": facts.profile.label,
            "speed_m_s": number(facts.profile.speed_m_s),
            "limit_s": facts.access.limit_s,
            "cutoffs_s": list(facts.access.cutoffs_s),
            "source": facts.profile.source,
        },
        "attachment": facts.extras.get("compounds"),
        "rule_pack": rule_pack_part(facts.rules),
        "types": types_part(facts),
    }


def _circles(facts: ReportFacts) -> Iterator[dict[str, Any]]:
    coverage, circles = facts.circle_coverage, facts.circles
    gaps = _gap_rows(facts, facts.gaps)
    return (
        {
            "id": circles.circle_id[i],
            "name": circles.name[i],
            **_people(facts, coverage, i),
            "grade": _grade(facts, i),
            "indicators": _indicators(facts, i),
            "types": _types(facts, coverage, gaps, i, _of(facts, "explanations", "circles", "presence", i)),
            "bundles": _bundles(facts, _of(facts, "bundles", "circles", i)),
            "themes": _themes(facts, _of(facts, "themes", "circles", i)),
            "saturation": _by_type(facts, _of(facts, "saturation", "circles", i)),
            "layout": _layout(facts, i),
            "match": _of(facts, "match", "circles", i),
        }
        for i in range(len(circles))
    )


def _communities(facts: ReportFacts) -> Iterator[dict[str, Any]]:
    coverage, communities = facts.community_coverage, facts.communities
    table = facts.extras.get("community_gaps")
    gaps = _gap_rows(facts, table) if table is not None else {}
    return (
        {
            "id": communities.community_id[i],
            "name": communities.name[i],
            "street": communities.street[i],
            "kind": communities.kind[i],
            "circle": _circle_id(facts, int(communities.circle_idx[i])),
            **_people(facts, coverage, i),
            "types": _types(facts, coverage, gaps, i, None),
            "bundles": _bundles(facts, _of(facts, "bundles", "communities", i)),
        }
        for i in range(len(communities))
    )


def _circle_id(facts: ReportFacts, idx: int) -> str | None:
    return facts.circles.circle_id[idx] if idx >= 0 else None


def _of(facts: ReportFacts, *path: str | int) -> Any:
    """Part of the extras by keys and row, None where a study did not fill it."""
    part: Any = facts.extras
    for step in path:
        if isinstance(step, int):
            part = part[step] if part is not None and step < len(part) else None
        else:
            part = part.get(step) if part is not None else None
    return part


def _people(facts: ReportFacts, coverage: Coverage, i: int) -> dict[str, Any]:
    weights = coverage.weights[i] if coverage.weights else "people"
    known = len(coverage.n_places) > 0
    return {
        "people": number(coverage.people[i], 1),
        "people_attached": number(coverage.people_attached[i], 1),
        "weights": weights,
        "weights_label": message_of(f"circle.weights.{weights}", {}),
        "n_places": int(coverage.n_places[i]) if known else None,
        "n_places_unattached": int(coverage.n_unattached[i]) if known else None,
        "n_places_people_unknown": int(coverage.n_people_unknown[i]) if known else None,
    }


def _grade(facts: ReportFacts, i: int) -> dict[str, Any]:
    a = facts.assessment
    code = a.grade[i]
    labels = {g.code: g.label for g in facts.rules.grades}
    words = {"": "none", "unknown": "unknown"}
    word = words.get(code, "") if labels else "no_scale"
    label = message_of(f"circle.grade.{word}", {}) if word else labels.get(code, code)
    gates = {(g.code, x.code): x.source for g in facts.rules.grades for x in g.gates}
    return {
        "code": code,
        "label": label,
        "reasons": list(a.grade_reason[i]),
        "score": number(a.score[i], 4),
        "score_known_max": number(a.score_known_max[i], 4),
        "gates": [
            {
                **{k: v for k, v in gate.items() if k != "outcome"},
                "outcome": Tri(gate["outcome"]).name.lower(),
                "source": plain_source(gates.get((gate["grade"], gate["gate"]))),
            }
            for gate in _of(facts, "gates", "circles", i) or []
        ],
    }


def _indicators(facts: ReportFacts, i: int) -> list[dict[str, Any]]:
    a = facts.assessment
    rules = {r.code: r for r in facts.rules.indicators}
    why = _of(facts, "explanations", "circles", "indicators", i)
    out = []
    for k, code in enumerate(a.indicator):
        rule = rules[code]
        met = Tri(int(a.is_met[i, k])).name.lower()
        out.append(
            {
                "code": code,
                "label": rule.label,
                "unit": rule.unit,
                "value": number(a.value[i, k]),
                "target": number(a.target[k]),
                "is_met": met,
                "is_met_label": message_of(f"circle.tri.{met}", {}),
                "points": number(a.points[i, k], 4),
                "points_max": number(a.points_max[k], 4),
                "numerator": number(a.numerator[i, k]),
                "denominator": number(a.denominator[i, k]),
                "as_of": facts.provenance.as_of,
                "explanation": why[k] if why else None,
                "source": plain_source(rule.source),
                "points_source": plain_source(rule.points_source) if rule.points is not None else None,
            }
        )
    return out


def _gap_rows(facts: ReportFacts, gaps: Gaps) -> dict[tuple[int, int], dict[str, Any]]:
    """What the gap table says of each (area, business type)."""
    return {
        (int(gaps.circle_idx[r]), int(gaps.type_idx[r])): {
            "shortfall": number(gaps.shortfall[r]),
            "people_unserved": number(gaps.people_unserved[r], 1),
            "person_minutes": number(gaps.person_minutes[r], 1),
            "unserved_by_band": {
                band: number(gaps.unserved_by_band[r, b], 1) for b, band in enumerate(gaps.bands)
            },
            "rank": int(gaps.rank[r]) or None,
            "options": (_of(facts, "options", "circles", r) or []) if gaps is facts.gaps else [],
        }
        for r in range(len(gaps))
    }


def _types(
    facts: ReportFacts,
    coverage: Coverage,
    gaps: dict[tuple[int, int], dict[str, Any]],
    i: int,
    why: list[dict[str, Any]] | None,
) -> list[dict[str, Any]]:
    key = "circle_presence" if coverage is facts.circle_coverage else "community_presence"
    presence = facts.extras.get(key)
    rows = form_rows(facts.types, coverage.type_rows)
    out = []
    for col, type_idx in enumerate(coverage.type_rows):
        state = GapState(int(presence.state[i, col])) if presence is not None else None
        state_of_data = int(presence.data_state[col]) if presence is not None else GapState.MET
        entry = {
            "form_row": rows[col],
            "code": facts.types.types[int(type_idx)].code,
            "label": facts.types.types[int(type_idx)].label,
            "state": None if state is None else state.name.lower(),
            "state_label": None if state is None else message_of(f"circle.state.{state.name.lower()}", {}),
            "share_in_norm": number(coverage.share_in_norm[i, col]),
            "people_in_norm": number(coverage.people_in_norm[i, col], 1),
            "people_within": {
                f"{s:g}s": number(coverage.people_within[i, col, k], 1)
                for k, s in enumerate(coverage.cutoffs_s)
            },
            "mean_nearest_s": number(coverage.mean_nearest_s[i, col], 1),
            "median_nearest_s": number(coverage.median_nearest_s[i, col], 1)
            if coverage.median_nearest_s.size
            else None,
            "n_outlets": None if state_of_data == GapState.NOT_SURVEYED else int(coverage.n_outlets[i, col]),
            **gaps.get((i, int(type_idx)), {}),
        }
        if why is not None:
            entry["explanation"] = why[col]
        out.append(entry)
    return out


def _by_type(facts: ReportFacts, rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Rows that name a column, naming the business type instead."""
    names = form_rows(facts.types, facts.access.type_rows)
    out = []
    for row in rows or []:
        type_idx = int(facts.access.type_rows[row["col"]])
        rest = {k: v for k, v in row.items() if k != "col"}
        if "flag" in rest:
            rest["flag_label"] = message_of(f"circle.saturation.{rest['flag']}", {})
        if "state" in rest:
            rest["state_label"] = message_of(f"circle.state.{rest['state']}", {})
        out.append({"form_row": names[row["col"]], "label": facts.types.types[type_idx].label, **rest})
    return out


def _bundles(facts: ReportFacts, rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    rules = {b.code: b for b in facts.rules.bundles}
    names = form_rows(facts.types, facts.access.type_rows)
    return [
        {
            "code": row["code"],
            "label": rules[row["code"]].label,
            "state": row["state"],
            "state_label": message_of(f"circle.state.{row['state']}", {}),
            "share_all": row["share_all"],
            "slots": [
                {
                    "label": label,
                    "form_rows": [names[c] for c in slot["cols"]],
                    **{k: v for k, v in slot.items() if k != "cols"},
                    "state_label": message_of(f"circle.state.{slot['state']}", {}),
                }
                for label, slot in zip(rules[row["code"]].slot_labels, row["slots"], strict=True)
            ],
            "source": plain_source(rules[row["code"]].source),
        }
        for row in rows or []
    ]


def _themes(facts: ReportFacts, rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    rules = {t.code: t for t in facts.rules.themes}
    return [
        {
            "code": row["code"],
            "label": rules[row["code"]].label,
            "lead_unit": rules[row["code"]].lead_unit,
            **{k: row[k] for k in ("n_types", "n_present", "n_unknown", "share_any", "share_all")},
            "types": _by_type(facts, row["types"]),
            "source": plain_source(rules[row["code"]].source),
        }
        for row in rows or []
    ]


def _layout(facts: ReportFacts, i: int) -> dict[str, Any] | None:
    hint = _of(facts, "layout", "circles", i)
    if hint is None:
        return None
    declared = facts.circles.layout_form[i]
    return {"declared": declared, **hint, "label": message_of(f"circle.layout.{hint['form']}", {})}


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "level": fault.level,
        "where": fault.where,
        "message": fault.message,
        "cure": fault.cure,
    }
