"""The cheapest projects that bring so many communities to a level by a day, and what stands when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from yike import __version__
from yike.core.siting.options import SolveOptions
from yike.core.tables import LongArray, PlanStatus, SitingPlan
from yike.errors import InputError
from yike.reports.facts import ReportFacts
from yike.reports.project_facts import PlanRecord, ProjectFacts
from yike.sources.units_file import Overrides, read_units
from yike.studies.base import Base
from yike.studies.pipeline import assess_base, base_of
from yike.studies.project_answers import gap_lines
from yike.studies.project_choice import Choice, best_shares, mix_of
from yike.studies.project_gains import Gained, SiteChoice, gains_of, in_order
from yike.studies.project_lines import Line, lines_of, table_of
from yike.studies.project_words import bounded_words
from yike.studies.projects import ground_with_last_resort
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.target_aims import LevelAim, aims_of, own_aim
from yike.studies.target_levels import Level, Standing, grade_of, level_of, standing_of
from yike.studies.target_problem import Goal, at_level, goal_of, only, solve_aims
from yike.studies.target_record import no_plan, record_of
from yike.studies.watch import Watch


@dataclass(frozen=True)
class TargetSpec:
    """
    What is to be reached: targets of the rule pack by code, or a level, a share and a day of one's own.

    ``shares`` replaces what the level asks of the "basic" or "quality" types.
    """

    targets: tuple[str, ...] = ()
    level: str = ""
    share: float | None = None
    by: str = ""  # ISO date
    counts: str = "communities"  # "communities" | "residents" | "circles"
    shares: Mapping[str, float] = field(default_factory=dict)
    objective: str = "cost"  # "cost" | "projects"
    kinds: tuple[str, ...] = ("premises", "outlet", "stop")
    last_resort: bool = True
    spacing_m: float = 150.0
    any_area: bool = False
    budget_fen: int | None = None
    max_types_per_site: int = 4
    units: Path | None = None
    start_on: str = ""
    title: str = ""
    time_limit_s: float = 60.0
    seed: int = 0


@dataclass(frozen=True, eq=False)
class TargetOutcome:
    """The plan: what ``--json`` prints, and the same as a project list for papers."""

    record: dict[str, Any]
    papers: ProjectFacts


def target_from_pack(study: StudySpec, spec: TargetSpec, progress: Progress = silent) -> TargetOutcome:
    """Read a pack, judge its circles, and plan."""
    watch = Watch(progress)
    base = base_of(replace(study, with_isochrones=False), watch)
    return plan_targets(base, assess_base(base, watch).facts, spec, progress)


def plan_targets(
    base: Base, facts: ReportFacts, spec: TargetSpec, progress: Progress = silent
) -> TargetOutcome:
    """
    Plan for targets.

    New sites change only which types are present; the other gates of a level (satisfaction, checklists,
    chains, areas, the score) are stated as conditions beside the plan. Types whose data cannot tell count
    as absent and cannot be sited. With several due dates, what must stand earlier is the cheapest part of
    the whole plan that meets the earlier aims.

    Raises
    ------
    InfeasibleError
        Says which aim cannot be met, the best that could be, and what would help.
    InputError
        An unknown level or target, or a level that no site changes.
    """
    watch = Watch(progress)
    aims = _aims(facts, spec)
    levels = {a.level: level_of(facts, grade_of(facts.rules, a.level), spec.shares) for a in aims}
    for level in levels.values():
        if not level.parts and not spec.shares:
            raise InputError("projects.target.no_gate", found=level.label)
    standings = {code: standing_of(facts, level) for code, level in levels.items()}
    with watch.stage("整理缺口和候选点"):
        rows = _rows(standings, levels)
        ground = ground_with_last_resort(base, facts.gaps, rows, spec) if len(rows) else no_plan(base)
        mix = mix_of(ground, budget_fen=spec.budget_fen, max_types=spec.max_types_per_site)
        goal = goal_of(ground, mix, list(levels.values()), standings, base.joined.circles.name)
    options = SolveOptions(time_limit_s=spec.time_limit_s, seed=spec.seed)
    with watch.stage("求最省的项目组合"):
        plans = _staged(goal, aims, spec.objective, options)
    with watch.stage("起草项目"):
        return _outcome(base, facts, spec, goal, aims, levels, standings, plans)


def _aims(facts: ReportFacts, spec: TargetSpec) -> tuple[LevelAim, ...]:
    if spec.targets:
        return aims_of(facts, spec.targets)
    if not spec.level or spec.share is None:
        raise InputError("projects.target.nothing")
    grade = grade_of(facts.rules, spec.level)
    return (own_aim(facts, grade.code, grade.label, spec.share, spec.by, spec.counts),)


def _rows(standings: Mapping[str, Standing], levels: Mapping[str, Level]) -> LongArray:
    """Gap rows of circles below a level that count for an open gate of it."""
    rows: set[int] = set()
    for code, standing in standings.items():
        for k, part in enumerate(levels[code].parts):
            for c, lacking in enumerate(standing.lacking[k]):
                if standing.present[k, c] < part.at_least:
                    rows.update(lacking.tolist())
    return np.array(sorted(rows), np.int64)


@dataclass(frozen=True, eq=False)
class Staged:
    """The whole plan, and the part of it that must stand by each earlier day."""

    whole: SitingPlan
    stages: tuple[tuple[tuple[LevelAim, ...], SitingPlan], ...]  # by due date, the whole last


def _staged(goal: Goal, aims: Sequence[LevelAim], objective: str, options: SolveOptions) -> Staged:
    """Solve for all aims, then backwards for what is due earlier, inside what is built anyway."""
    days = sorted({a.due for a in aims if a.due is not None})
    whole = solve_aims(goal, goal.mix, aims, objective, options)
    stages: list[tuple[tuple[LevelAim, ...], SitingPlan]] = [(tuple(aims), whole)]
    for day in reversed(days[:-1]):
        due = tuple(a for a in aims if a.due is not None and a.due <= day)
        part = solve_aims(goal, only(goal.mix, stages[0][1]), due, objective, options)
        stages.insert(0, (due, part))
    return Staged(whole, tuple(stages))


def _outcome(
    base: Base,
    facts: ReportFacts,
    spec: TargetSpec,
    goal: Goal,
    aims: Sequence[LevelAim],
    levels: Mapping[str, Level],
    standings: Mapping[str, Standing],
    staged: Staged,
) -> TargetOutcome:
    ground, whole = goal.ground, staged.whole
    row_of = {int(t): k for k, t in enumerate(ground.type_idx)}
    order = in_order(whole.site_idx.tolist(), [row_of[t] for t in whole.type_idx.tolist()])
    stage_of = _stage_of(staged)
    order.sort(key=lambda c: stage_of[c.site])
    gained = gains_of(base, facts.gaps, ground, order)
    overrides = read_units(spec.units, base.types) if spec.units else Overrides()
    lines = [
        _dated(line, staged.stages[stage_of[line.choice.site]][0])
        for line in lines_of(base, ground, order, gained, overrides, {})
    ]
    papers = _papers(base, facts, spec, goal, aims, lines, gained, whole, order)
    record = record_of(
        base, facts, goal, aims, levels, standings, whole,
        papers=papers,
        stage_due=[_due_of(staged.stages[stage_of[c.site]][0]) for c in order],
        reached=[
            {level: at_level(goal, level, plan) for level in levels} for _, plan in staged.stages
        ],
        stage_aims=[due for due, _ in staged.stages],
    )  # fmt: skip
    return TargetOutcome(record, papers)


def _stage_of(staged: Staged) -> dict[int, int]:
    """Site -> the first stage that builds there."""
    found: dict[int, int] = {}
    for k, (_, plan) in enumerate(staged.stages):
        for site in plan.site_idx.tolist():
            found.setdefault(site, k)
    return found


def _due_of(aims: Sequence[LevelAim]) -> LevelAim | None:
    dated = [a for a in aims if a.due is not None]
    return max(dated, key=lambda a: a.due.isoformat() if a.due else "", default=None)


def _dated(line: Line, aims: Sequence[LevelAim]) -> Line:
    """A project is due when its stage is."""
    last = _due_of(aims)
    if last is None:
        return line
    due = replace(line.due, on=last.due, is_standing=False, text=last.due_text)
    return replace(line, due=due, detail=replace(line.detail, due_clause=last.clause, is_late=False))


def _papers(
    base: Base,
    facts: ReportFacts,
    spec: TargetSpec,
    goal: Goal,
    aims: Sequence[LevelAim],
    lines: Sequence[Line],
    gained: Gained,
    plan: SitingPlan,
    order: Sequence[SiteChoice],
) -> ProjectFacts:
    ground = goal.ground
    told = "；".join(f"{a.label}{a.wanted}{f'（{a.due_text}）' if a.due_text else ''}" for a in aims)
    projects_of: dict[int, list[str]] = {}
    for line in lines:
        for row in dict.fromkeys(r for g in line.gains for r in g.gap_rows):
            projects_of.setdefault(row, []).append(line.project_id)
    choice = Choice([c.site for c in order], [], best_shares(ground), plan)
    gaps = gap_lines(base, facts.gaps, ground, choice, gained, projects_of, {}, False)
    return ProjectFacts(
        title=spec.title or f"{base.pack.provenance.name}一刻钟便民生活圈达标建设项目清单",
        provenance=base.pack.provenance,
        profile=base.profile,
        types=base.types,
        rules=base.rules,
        projects=table_of(ground, lines, spec.start_on),
        details=tuple(line.detail for line in lines),
        gaps=tuple(g for g in gaps if g.projects),
        needs=(),
        plan=PlanRecord(
            plan.model, plan.objective, plan.bound, plan.gap, str(plan.status), words_of(plan),
            plan.seconds, plan.seed, len(ground.candidates), ground.n_rejected,
        ),
        kinds=tuple(dict.fromkeys((*spec.kinds, *ground.candidates.kind))),
        budget_fen=spec.budget_fen,
        weights=ground.weights,
        is_estimate=bool(base.joined.places.is_estimated.any()) or ground.weights == "equal",
        notes=(
            f"目标：{told}。只列达到目标最省的项目，不在清单内的缺口未列入。",
            "等级的其余门槛（满意度、检查表、连锁、面积、得分）不靠补点改变，须另行落实。",
            "投资区间为推定（点位整修一次＋各业态设备和开办），不含租金、土地和运营，立项以测算为准。",
        ),
        version=__version__,
        settings={"aims": [a.code for a in aims]},
    )  # fmt: skip


def words_of(plan: SitingPlan) -> str:
    """How good a target plan is, as far as it is proven."""
    if not len(plan):
        return "不需要新项目。"
    if plan.status is PlanStatus.OPTIMAL:
        return "是达到目标最省的项目组合，已证明最优。"
    return f"这一项目组合{bounded_words(plan)}。"
