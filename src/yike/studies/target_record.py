"""What ``yike siting target --json`` says: aims, projects by day, circles before and after, conditions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from yike.core.siting.candidates import Candidates
from yike.core.siting.reach import Reach
from yike.core.tables import BoolArray, SitingPlan
from yike.reports.facts import ReportFacts
from yike.reports.project_facts import ProjectFacts
from yike.standards.project_policy import FEN_PER_WAN
from yike.studies.base import Base
from yike.studies.project_ground import Ground
from yike.studies.target_aims import LevelAim
from yike.studies.target_levels import Level, Standing
from yike.studies.target_problem import Goal


def no_plan(base: Base) -> Ground:
    """A ground without candidates or homes: nothing lacks."""
    none, row, whole = np.empty(0), np.empty(0, np.int32), np.empty(0, np.int64)
    sites = Candidates((), (), (), none, none, none, none, none, whole, (), row, row)
    reach = Reach(np.zeros(1, np.int64), row, np.empty(0, np.float32), 0, 0.0)
    known = bool((np.nan_to_num(base.joined.places.people) > 0).any())
    return Ground(
        row, none, sites, np.empty((0, 0), bool), reach, whole, row, np.empty((0, 0)),
        "people" if known else "equal", whole, whole, none, none, (), 0, (),
    )  # fmt: skip


def record_of(
    base: Base,
    facts: ReportFacts,
    goal: Goal,
    aims: Sequence[LevelAim],
    levels: Mapping[str, Level],
    standings: Mapping[str, Standing],
    plan: SitingPlan,
    *,
    papers: ProjectFacts,
    stage_due: Sequence[LevelAim | None],
    reached: Sequence[Mapping[str, BoolArray]],
    stage_aims: Sequence[Sequence[LevelAim]],
) -> dict[str, Any]:
    """
    The plan as plain values.

    Parameters
    ----------
    stage_due
        Per project: the aim whose day it must meet.
    reached
        Per stage: level -> circles at it once the stage stands.
    stage_aims
        Per stage: the aims that are due then.
    """
    now = {code: np.array([not p for p in s.open_parts], bool) for code, s in goal.states.items()}
    projects = papers.projects
    return {
        "schema": "yike.target/1",
        "pack": base.pack.provenance.code,
        "name": base.pack.provenance.name,
        "as_of": base.pack.provenance.as_of,
        "invented": base.pack.provenance.is_invented,
        "rule_pack": base.rules.code,
        "status": str(plan.status),
        "objective": _number(plan.objective),
        "bound": _number(plan.bound),
        "gap": _number(plan.gap),
        "seconds": round(plan.seconds, 3),
        "seed": plan.seed,
        "method": plan.method,
        "words": papers.plan.words,
        "n_candidates": len(goal.ground.candidates),
        "aims": [_aim(a, now, reached, stage_aims) for a in aims],
        "projects": [
            {
                "id": projects.project_id[i],
                "order": i + 1,
                "due_on": projects.due_on[i] or None,
                "for": stage_due[i].code if stage_due[i] else None,  # type: ignore[union-attr]
                "name": projects.name[i],
                "site_id": projects.site_id[i],
                "site_name": projects.site_name[i],
                "site_kind": projects.site_kind[i],
                "lon": round(float(projects.lon[i]), 7),
                "lat": round(float(projects.lat[i]), 7),
                "types": [g.type_code for g in papers.details[i].gains],
                "cost_low_fen": int(projects.cost_low_fen[i]),
                "cost_high_fen": int(projects.cost_high_fen[i]),
                "people_gained": _number(float(projects.people_gained[i])),
                "people_per_wan": _number(float(projects.people_per_wan[i])),
                "lead": list(projects.lead[i]),
                "explanation": projects.explanation[i],
            }
            for i in range(len(projects))
        ],
        "by_day": _by_day(papers, stage_due),
        "circles": _circles(facts, goal, standings, now, reached[-1] if reached else now),
        "conditions": [_condition(level, c) for level in levels.values() for c in level.conditions],
        "gates": [
            {
                "level": level.code,
                "gate": p.gate,
                "label": p.label,
                "types": [facts.types.types[t].code for t in p.types],
                "at_least": p.at_least,
                "clause": p.clause,
            }
            for level in levels.values()
            for p in level.parts
        ],
        "notes": list(papers.notes),
    }


def _aim(
    aim: LevelAim,
    now: Mapping[str, BoolArray],
    reached: Sequence[Mapping[str, BoolArray]],
    stage_aims: Sequence[Sequence[LevelAim]],
) -> dict[str, Any]:
    stage = next(k for k, due in enumerate(stage_aims) if any(a is aim or a.code == aim.code for a in due))
    before = float(aim.weight[now[aim.level]].sum())
    after = float(aim.weight[reached[stage][aim.level]].sum())
    return {
        "code": aim.code,
        "label": aim.label,
        "level": aim.level,
        "counts": aim.counts,
        "wanted": aim.at_least,
        "before": _number(before),
        "after": _number(after),
        "is_met": after >= aim.at_least - 1e-9,
        "due_on": aim.due.isoformat() if aim.due else None,
        "due_text": aim.due_text,
        "clause": aim.clause,
    }


def _by_day(papers: ProjectFacts, stage_due: Sequence[LevelAim | None]) -> list[dict[str, Any]]:
    """Projects, money and people by the day they are due: what each year's budget must carry."""
    days: dict[str, dict[str, Any]] = {}
    for i, aim in enumerate(stage_due):
        day = aim.due.isoformat() if aim and aim.due else ""
        row = days.setdefault(day, {"due_on": day or None, "projects": 0, "cost_low_fen": 0,
                                    "cost_high_fen": 0, "people_gained": 0.0})  # fmt: skip
        row["projects"] += 1
        row["cost_low_fen"] += int(papers.projects.cost_low_fen[i])
        row["cost_high_fen"] += int(papers.projects.cost_high_fen[i])
        gained = float(papers.projects.people_gained[i])
        row["people_gained"] = _number(row["people_gained"] + (0.0 if math.isnan(gained) else gained))
    return [days[day] for day in sorted(days)]


def _circles(
    facts: ReportFacts,
    goal: Goal,
    standings: Mapping[str, Standing],
    now: Mapping[str, BoolArray],
    after: Mapping[str, BoolArray],
) -> list[dict[str, Any]]:
    inside = facts.communities.circle_idx
    return [
        {
            "circle_id": facts.circles.circle_id[c],
            "name": facts.circles.name[c],
            "communities": int((inside == c).sum()),
            "people": _number(float(facts.circle_coverage.people[c])),
            "levels": {
                code: {
                    "before": bool(now[code][c]),
                    "after": bool(after[code][c]),
                    "possible": bool(state.is_possible[c]),
                    "short": [p.at_least for p in state.open_parts[c]],
                    "unknown_types": int(standings[code].unknown[:, c].sum()),
                }
                for code, state in goal.states.items()
            },
        }
        for c in range(len(facts.circles))
    ]


def _condition(level: Level, condition: Any) -> dict[str, Any]:
    return {"level": level.code, **vars(condition)}


def _number(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None


def summary_of(record: Mapping[str, Any]) -> list[str]:
    """The record in a few sentences, for the terminal."""
    lines = []
    for aim in record["aims"]:
        due = f"，{aim['due_text']}" if aim["due_text"] else ""
        sign = "●" if aim["is_met"] else "○"
        wanted, before, after = (_told(aim, aim[k]) for k in ("wanted", "before", "after"))
        told = f"现 {before}，建成后 {after}（只看业态门槛）"
        lines.append(f"{sign} {aim['label']} {wanted}{due}：{told}　依据：{aim['clause']}")
    low = sum(p["cost_low_fen"] for p in record["projects"]) / FEN_PER_WAN
    high = sum(p["cost_high_fen"] for p in record["projects"]) / FEN_PER_WAN
    n = len(record["projects"])
    if n:
        lines.append(f"需要 {n} 个项目，估算投资 {low:g}～{high:g} 万元（推定）。{record['words']}")
    else:
        lines.append("就补点能改变的门槛看，已经达到，不需要新项目。")
    for c in record["conditions"]:
        state = f"已达 {c['met']} 圈、未达 {c['unmet']} 圈、未知 {c['unknown']} 圈"
        lines.append(f"另须满足：{c['label']} {c['limit']}（{state}）")
    return lines


def _told(aim: Mapping[str, Any], value: float | None) -> str:
    if value is None:
        return "未知"
    return f"{value:g} 个" if aim["counts"] == "circles" else f"{value:.1%}"
