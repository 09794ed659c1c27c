"""Chosen sites as lines of a project list: name, content, way, units, deadline, investment, explanation."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yike.core.tables import ProjectList
from yike.reports.project_facts import Project, TypeGain
from yike.sources.units_file import Override, Overrides
from yike.standards.documents import source_words
from yike.standards.due_dates import NOT_SAID, Due
from yike.standards.project_policy import (
    FEN_PER_WAN,
    CostBand,
    ProjectMode,
    load_costs,
    load_modes,
    mode_for,
    programme_of,
)
from yike.standards.tasks import Agencies, agencies_for
from yike.standards.types import RulePack, Target
from yike.studies.base import Base
from yike.studies.project_gains import Gained, SiteChoice
from yike.studies.project_ground import Ground
from yike.studies.project_words import content_words, cost_words, explanation_words, project_name

WAY_OF_SITE = {"outlet": "add_function", "stop": "movable", "premises": "reuse", "street_point": ""}
"""Kind of site -> way of filling a gap, as task tables call it."""

LEVEL_INDICATORS = ("community_coverage_share", "community_share_", "circles_")
"""Targets of building circles; those of satisfaction or chains set no date for a project."""

PLANNED = "待立项"


@dataclass(frozen=True)
class Line:
    """One project before it becomes a row of the table."""

    project_id: str
    name: str
    choice: SiteChoice
    content: str
    mode: ProjectMode
    lead: tuple[str, ...]
    supporting: tuple[str, ...]
    cost_fen: tuple[int, int]
    due: Due
    explanation: str
    gains: tuple[TypeGain, ...]
    detail: Project


def lines_of(
    base: Base,
    ground: Ground,
    order: Sequence[SiteChoice],
    gained: Gained,
    overrides: Overrides,
    needs_of: dict[int, tuple[int, ...]],
) -> tuple[Line, ...]:
    """
    One line per site, numbered in building order.

    Parameters
    ----------
    needs_of
        Gap row -> rows of the needs list that it answers.
    """
    numbers = max(2, len(str(len(order))))
    return tuple(
        _line(base, ground, choice, gained.gains[i], overrides, needs_of, f"P{i + 1:0{numbers}d}")
        for i, choice in enumerate(order)
    )


def _line(
    base: Base,
    ground: Ground,
    choice: SiteChoice,
    gains: tuple[TypeGain, ...],
    overrides: Overrides,
    needs_of: dict[int, tuple[int, ...]],
    project_id: str,
) -> Line:
    sites, j = ground.candidates, choice.site
    kind, site_id, origin = sites.kind[j], sites.candidate_id[j], int(sites.origin_idx[j])
    codes, labels = tuple(g.type_code for g in gains), [g.type_label for g in gains]
    own = overrides.of(site_id, codes[0])
    owner = base.pack.premises.owner[origin] if kind == "premises" and origin >= 0 else ""
    mode = _mode(kind, codes, owner, own)
    agencies = [agencies_for(code, base.rules, base.types, WAY_OF_SITE[kind]) for code in codes]
    lead, supporting = _units(agencies, own)
    due, due_clause = _due(base, agencies, own)
    cost, words = _cost(ground, choice, gains, overrides)
    name = sites.name[j] or site_id
    return Line(
        project_id=project_id,
        name=project_name(main_circle(gains) or base.pack.provenance.name, labels, mode),
        choice=choice,
        content=content_words(kind, name, float(sites.area_m2[j]), labels, mode),
        mode=mode,
        lead=lead,
        supporting=supporting,
        cost_fen=cost,
        due=due,
        explanation=explanation_words(gains, base.access.limit_s),
        gains=gains,
        detail=Project(
            gains=gains,
            mode_label=mode.label,
            mode_text=mode.text,
            mode_source=source_words(mode.source, base.rules.documents),
            kind=mode.kind,
            programmes=_programmes(codes),
            task_clause=_task_clause(base.rules, agencies, own),
            due_clause=due_clause,
            is_late=_is_late(due, base.pack.provenance.as_of),
            units_inferred=own.lead is None and any(a.is_inferred for a in agencies),
            cost_words=words,
            needs=tuple(sorted({n for g in gains for r in g.gap_rows for n in needs_of.get(r, ())})),
            needs_review="点位为推算，须现场踏勘" if kind == "street_point" else "",
            scenario_edit=_scenario_edit(ground, j, labels, name),
        ),
    )


def _mode(kind: str, codes: tuple[str, ...], owner: str, own: Override) -> ProjectMode:
    proposed = mode_for(kind, codes, owner)
    if own.mode is None:
        return proposed
    return next((m for m in load_modes() if m.code == own.mode), proposed)


def _units(agencies: Sequence[Agencies], own: Override) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Leads of all types of a site; who leads one of them does not co-operate on another."""
    lead = tuple(dict.fromkeys(u for a in agencies for u in a.lead)) if own.lead is None else own.lead
    others = [u for a in agencies for u in a.supporting] if own.supporting is None else own.supporting
    return lead, tuple(u for u in dict.fromkeys(others) if u not in lead)


def _due(base: Base, agencies: Sequence[Agencies], own: Override) -> tuple[Due, str]:
    """The earliest deadline of the tasks, else that of the rule pack's next target, and its clause."""
    if own.due is not None:
        return own.due, ""
    dated = sorted((a for a in agencies if a.due.on is not None), key=lambda a: a.due.on or dt.date.max)
    if dated and dated[0].due_task:
        return dated[0].due, source_words(dated[0].due_task.source, base.rules.documents)
    target = next_target(base.rules, base.pack.provenance.as_of)
    if target is not None:
        return Due(target.due, False, target.due_text), source_words(target.source, base.rules.documents)
    standing = next((a for a in agencies if a.due.is_standing and a.due_task), None)
    if standing and standing.due_task:
        return standing.due, source_words(standing.due_task.source, base.rules.documents)
    return NOT_SAID, ""


def next_target(rules: RulePack, as_of: str) -> Target | None:
    """The building target that falls due next; when all have passed, the last one."""
    dated = [t for t in rules.targets if t.due and t.indicator.startswith(LEVEL_INDICATORS)]
    dated.sort(key=lambda t: (t.due or dt.date.max, t.code))
    ahead = [t for t in dated if not _is_late(Due(t.due, False, ""), as_of)]
    last = [t for t in dated if t.due == dated[-1].due]
    return next(iter(ahead or last), None)


def _is_late(due: Due, as_of: str) -> bool:
    return due.on is not None and bool(as_of) and due.on < dt.date.fromisoformat(as_of)


def _cost(
    ground: Ground, choice: SiteChoice, gains: Sequence[TypeGain], overrides: Overrides
) -> tuple[tuple[int, int], str]:
    sites, costs, j = ground.candidates, load_costs(), choice.site
    kind, site_id = sites.kind[j], sites.candidate_id[j]
    known = int(sites.cost_fen[j]) if kind == "premises" else -1
    fixed = [overrides.of(site_id, g.type_code).cost_fen for g in gains]
    if fixed and all(f is not None for f in fixed):
        pairs = [f for f in fixed if f is not None]
        if site_id in overrides.sites and overrides.sites[site_id].cost_fen is not None:
            pairs = pairs[:1]  # the site's own figure is for the whole project
        return (sum(p[0] for p in pairs), sum(p[1] for p in pairs)), "自定"
    site = costs.of_site(kind)
    bands: list[tuple[str, CostBand]] = [(g.type_label, costs.of_type(g.type_code)) for g in gains]
    low = (known if known >= 0 else site.low_fen) + sum(b.low_fen for _, b in bands)
    high = (known if known >= 0 else site.high_fen) + sum(b.high_fen for _, b in bands)
    return (low, high), cost_words(known, site, bands)


def main_circle(gains: Sequence[TypeGain]) -> str:
    """Name of the circle where most people gain, "" where no circle is known."""
    people: dict[str, float] = {}
    for gain in gains:
        for c in gain.communities:
            people[c.circle] = people.get(c.circle, 0.0) + (c.places if math.isnan(c.people) else c.people)
    return min(people, key=lambda name: (-people[name], name), default="")


def _programmes(codes: Sequence[str]) -> tuple[str, ...]:
    found = [p.label for code in codes if (p := programme_of(code))]
    return tuple(dict.fromkeys(found))


def _task_clause(rules: RulePack, agencies: Sequence[Agencies], own: Override) -> str:
    if own.lead is not None:
        return "自定"
    tasks = dict.fromkeys(t for a in agencies for t in ((a.task,) if a.task else ()))
    return "；".join(source_words(t.source, rules.documents) for t in tasks)


def _scenario_edit(ground: Ground, j: int, labels: Sequence[str], name: str) -> dict[str, Any]:
    """The project as an edit of a scenario file: open it there, and see the gap close."""
    sites = ground.candidates
    if sites.kind[j] == "outlet":
        return {"do": "增加功能", "outlet": sites.candidate_id[j], "type": list(labels)}
    edit: dict[str, Any] = {"do": "新增网点", "type": labels[0], "name": name}
    if len(labels) > 1:
        edit["services"] = list(labels[1:])
    return edit | {"point": [round(float(sites.lon[j]), 7), round(float(sites.lat[j]), 7)]}


def table_of(ground: Ground, lines: Sequence[Line], start_on: str) -> ProjectList:
    """The lines as a table."""
    sites = ground.candidates
    at = [line.choice.site for line in lines]
    people = np.array([_sum([g.people for g in x.gains]) for x in lines], np.float64)
    low = np.array([x.cost_fen[0] for x in lines], np.int64)
    high = np.array([x.cost_fen[1] for x in lines], np.int64)
    middle_wan = (low + high) / 2.0 / FEN_PER_WAN
    return ProjectList(
        project_id=tuple(x.project_id for x in lines),
        name=tuple(x.name for x in lines),
        site_id=tuple(sites.candidate_id[j] for j in at),
        site_name=tuple(sites.name[j] or sites.candidate_id[j] for j in at),
        site_kind=tuple(sites.kind[j] for j in at),
        lon=sites.lon[at].astype(np.float64),
        lat=sites.lat[at].astype(np.float64),
        type_idx=tuple(tuple(int(ground.type_idx[r]) for r in x.choice.type_rows) for x in lines),
        gap_rows=tuple(tuple(dict.fromkeys(r for g in x.gains for r in g.gap_rows)) for x in lines),
        content=tuple(x.content for x in lines),
        mode=tuple(x.mode.code for x in lines),
        lead=tuple(x.lead for x in lines),
        supporting=tuple(x.supporting for x in lines),
        cost_low_fen=low,
        cost_high_fen=high,
        start_on=(start_on,) * len(lines),
        due_on=tuple(x.due.on.isoformat() if x.due.on else "" for x in lines),
        due_text=tuple(x.due.text for x in lines),
        stage=(PLANNED,) * len(lines),
        progress_share=np.full(len(lines), np.nan),
        people_gained=people,
        person_minutes_saved=np.array([_sum([g.person_minutes for g in x.gains]) for x in lines], np.float64),
        people_per_wan=np.where(middle_wan > 0, people / np.maximum(middle_wan, 1e-9), np.nan),
        explanation=tuple(x.explanation for x in lines),
    )


def _sum(values: Sequence[float]) -> float:
    return math.fsum(values) if values else 0.0
