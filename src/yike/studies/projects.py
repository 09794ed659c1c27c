"""From gaps to a project list (项目清单): sites for every gap, who gains, who leads, when, for how much."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from yike import __version__
from yike.core.siting.options import SolveOptions
from yike.core.tables import Gaps, GapState, LongArray
from yike.errors import InputError
from yike.reports.facts import ReportFacts
from yike.reports.project_facts import PlanRecord, ProjectFacts
from yike.sources.needs import NeedRow, read_needs
from yike.sources.units_file import Overrides, read_units
from yike.standards.classify import classify
from yike.studies.base import Base
from yike.studies.build_shapes import shapes_of
from yike.studies.pipeline import assess_base, base_of
from yike.studies.project_answers import answer_needs, gap_lines, voices_of
from yike.studies.project_choice import Choice, best_shares, choose
from yike.studies.project_gains import gains_of, in_order
from yike.studies.project_ground import Ground, gap_rows, ground_of
from yike.studies.project_lines import Line, lines_of, table_of
from yike.studies.project_words import status_words
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.target_record import no_plan
from yike.studies.watch import Watch

LAST_RESORT = "street_point"
HAIR = 1e-9


@dataclass(frozen=True)
class ProjectSpec:
    """
    How to draft.

    ``types`` are names or codes, none means every type with a gap. Points along the streets
    (``last_resort``) are looked at only for gaps that the other kinds cannot close. Premises smaller than
    the site rules hold good are passed over unless ``any_area``.
    """

    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("premises", "outlet", "stop")
    last_resort: bool = True
    spacing_m: float = 150.0
    any_area: bool = False
    budget_fen: int | None = None
    max_types_per_site: int = 4
    needs: Path | None = None
    units: Path | None = None
    start_on: str = ""
    title: str = ""
    time_limit_s: float = 60.0
    seed: int = 0


def draft_from_pack(study: StudySpec, spec: ProjectSpec, progress: Progress = silent) -> ProjectFacts:
    """Read a pack, find its gaps, and draft."""
    watch = Watch(progress)
    base = base_of(replace(study, with_isochrones=False), watch)
    facts = assess_base(base, watch).facts
    return draft_projects(base, facts, spec, progress)


def draft_projects(
    base: Base, facts: ReportFacts, spec: ProjectSpec, progress: Progress = silent
) -> ProjectFacts:
    """
    Draft the project list of a base and its gaps.

    Parameters
    ----------
    facts
        Of the same base (``assess_base``): its gaps are answered.

    Returns
    -------
    ProjectFacts
        Projects in building order (people gained per 10,000 yuan), every gap of the types with what
        becomes of it, every need with its answer. The same input gives the same list, unless the time
        limit cut the search short, which the plan then says.

    Raises
    ------
    InputError
        Nobody knows a type that was asked for, or the needs or units file is wrong.
    """
    watch = Watch(progress)
    with watch.stage("整理缺口和候选点"):
        needs = (
            read_needs(spec.needs, base.joined.circles, base.joined.communities, base.types)[0]
            if spec.needs
            else ()
        )
        overrides = read_units(spec.units, base.types) if spec.units else Overrides()
        rows = gap_rows(facts.gaps, _type_rows(base, spec.types))
        ground = ground_with_last_resort(base, facts.gaps, rows, spec) if len(rows) else None
    if ground is None:
        return _empty(base, facts, spec, needs)
    with watch.stage("选择点位"):
        options = SolveOptions(time_limit_s=spec.time_limit_s, seed=spec.seed)
        choice = choose(
            ground, budget_fen=spec.budget_fen, max_types=spec.max_types_per_site, options=options
        )
    with watch.stage("起草项目"):
        return _facts(base, facts, spec, ground, choice, needs, overrides)


def _type_rows(base: Base, names: Sequence[str]) -> tuple[int, ...]:
    found = []
    for name in names:
        hit = classify(name, base.types)
        if hit.type_idx < 0:
            near = "、".join(hit.suggestions) or "没有相近的"
            raise InputError("projects.type", found=name, near=near)
        found.append(base.types.with_parents(hit.type_idx)[-1])
    return tuple(dict.fromkeys(found))


class GroundSpec(Protocol):
    """The part of a spec that says where to look for sites."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of candidates."""

    @property
    def last_resort(self) -> bool:
        """Whether points along the streets may help where nothing else does."""

    @property
    def spacing_m(self) -> float:
        """Distance of these points."""

    @property
    def any_area(self) -> bool:
        """Whether rooms smaller than the site rules hold good will do."""


def ground_with_last_resort(base: Base, gaps: Gaps, rows: LongArray, spec: GroundSpec) -> Ground:
    """Candidates of the kinds asked for; points along streets for types that cannot do without."""
    first = tuple(k for k in spec.kinds if k != LAST_RESORT)
    ground = ground_of(base, gaps, rows, first, spec.spacing_m, any_area=spec.any_area)
    if not spec.last_resort and LAST_RESORT not in spec.kinds:
        return ground
    wanting = {
        wish.type_row: None
        for wish, best in zip(ground.wishes, best_shares(ground).tolist(), strict=True)
        if best < wish.share - HAIR
    }
    if not wanting:
        return ground
    more = {int(ground.type_idx[t]): (LAST_RESORT,) for t in wanting}
    return ground_of(base, gaps, rows, first, spec.spacing_m, more=more, any_area=spec.any_area)


def _facts(
    base: Base,
    facts: ReportFacts,
    spec: ProjectSpec,
    ground: Ground,
    choice: Choice,
    needs: tuple[NeedRow, ...],
    overrides: Overrides,
) -> ProjectFacts:
    order = in_order(choice.site, choice.type_row)
    gained = gains_of(base, facts.gaps, ground, order)
    lines = lines_of(base, ground, order, gained, overrides, _needs_of(ground, facts.gaps, needs))
    gaps = gap_lines(
        base, facts.gaps, ground, choice, gained, _projects_of(lines),
        voices_of(needs, len(base.joined.circles)), spec.budget_fen is not None,
    )  # fmt: skip
    people_estimated = bool(base.joined.places.is_estimated.any())
    return ProjectFacts(
        title=_title(base, spec),
        provenance=base.pack.provenance,
        profile=base.profile,
        types=base.types,
        rules=base.rules,
        projects=table_of(ground, lines, spec.start_on),
        details=tuple(line.detail for line in lines),
        gaps=gaps,
        needs=answer_needs(base, facts.gaps, needs, gaps),
        plan=_record(ground, choice),
        kinds=tuple(dict.fromkeys((*spec.kinds, *ground.candidates.kind))),
        budget_fen=spec.budget_fen,
        weights=ground.weights,
        is_estimate=people_estimated or ground.weights == "equal",
        notes=_notes(ground, lines, spec, people_estimated),
        shapes=shapes_of(base, lines),
        version=__version__,
        settings={"seed": spec.seed, "max_types_per_site": spec.max_types_per_site},
    )


def _title(base: Base, spec: ProjectSpec) -> str:
    return spec.title or f"{base.pack.provenance.name}一刻钟便民生活圈建设项目清单"


def _projects_of(lines: Sequence[Line]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for line in lines:
        for row in dict.fromkeys(r for g in line.gains for r in g.gap_rows):
            found.setdefault(row, []).append(line.project_id)
    return found


def _needs_of(ground: Ground, gaps: Gaps, needs: Sequence[NeedRow]) -> dict[int, tuple[int, ...]]:
    """Gap row -> rows of the needs list (0-based) that ask for it."""
    return {
        w.gap_row: tuple(
            i
            for i, need in enumerate(needs)
            if need.type_idx == int(gaps.type_idx[w.gap_row]) and need.circle_idx in (-1, w.circle)
        )
        for w in ground.wishes
    }


def _record(ground: Ground, choice: Choice) -> PlanRecord:
    plan = choice.plan
    nan = math.nan
    return PlanRecord(
        model=plan.model if plan else "none",
        objective=plan.objective if plan else nan,
        bound=plan.bound if plan else nan,
        gap=plan.gap if plan else nan,
        status=str(plan.status) if plan else "none",
        words=status_words(plan),
        seconds=plan.seconds if plan else 0.0,
        seed=plan.seed if plan else 0,
        n_candidates=len(ground.candidates),
        n_rejected=ground.n_rejected,
    )


def _notes(
    ground: Ground, lines: Sequence[Line], spec: ProjectSpec, people_estimated: bool
) -> tuple[str, ...]:
    """What a reader must know before believing a line."""
    said = {
        "投资区间为推定（点位整修一次＋各业态设备和开办），不含租金、土地和运营，立项以测算为准。": bool(
            lines
        ),
        "牵头、配合单位取自规则包的任务清单；文件只写责任单位的，以第一个单位为牵头，属推定，可修改。": bool(
            lines
        ),
        "“新增可达”按步行路网逐点计算，同一居民新增两类业态计两次；前面的项目建成后再算后面的。": bool(lines),
        "生成的街边点不是已知空房，须现场踏勘落实。": any(
            ground.candidates.kind[x.choice.site] == LAST_RESORT for x in lines
        ),
        "居民人数为估算。": people_estimated,
        "没有居民人数，按居住点个数计算（估算）。": ground.weights == "equal",
        "只计算一批资金内的项目，未列入的缺口见清单末。": spec.budget_fen is not None,
    }
    return tuple(text for text, is_true in said.items() if is_true)


def _why_empty(gaps: Gaps) -> str:
    """Why there is nothing to draft; that nothing was found lacking is only said where somebody looked."""
    unclear = (GapState.DATA_MISSING, GapState.NOT_SURVEYED, GapState.UNKNOWN)
    n_unclear = int(np.isin(gaps.state, unclear).sum())
    if n_unclear and not (gaps.state == GapState.MET).any():
        return f"{n_unclear} 项业态未调查或数据缺失，判断不了有没有缺口，无从起草；请先补查网点。"
    tail = f"另有 {n_unclear} 项未调查或数据缺失，判断不了。" if n_unclear else ""
    return f"没有发现缺口，不需要项目。{tail}"


def _empty(base: Base, facts: ReportFacts, spec: ProjectSpec, needs: tuple[NeedRow, ...]) -> ProjectFacts:
    """The list of a pack without gaps."""
    nothing = no_plan(base)
    return ProjectFacts(
        title=_title(base, spec),
        provenance=base.pack.provenance,
        profile=base.profile,
        types=base.types,
        rules=base.rules,
        projects=table_of(nothing, (), ""),
        details=(),
        gaps=(),
        needs=answer_needs(base, facts.gaps, needs, ()),
        plan=PlanRecord("none", math.nan, math.nan, math.nan, "none", _why_empty(facts.gaps), 0.0, 0, 0, 0),
        kinds=spec.kinds,
        budget_fen=spec.budget_fen,
        weights="people",
        is_estimate=False,
        notes=("未调查、数据缺失的业态判断不了有没有缺口，不起草项目。",),
        version=__version__,
    )
