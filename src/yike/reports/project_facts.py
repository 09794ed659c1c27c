"""What the papers of a project list are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yike.core.network.profile import WalkProfile
from yike.core.tables import ProjectList, Provenance
from yike.standards.types import BusinessTypes, RulePack


@dataclass(frozen=True)
class CommunityGain:
    """Residents of one community who are newly served."""

    community: str  # name, "" where no community is known
    circle: str
    people: float  # NaN unknown
    places: int
    named: tuple[str, ...]  # some of the places, those with most people first


@dataclass(frozen=True)
class TypeGain:
    """What one type at one project does, when the projects above it stand already."""

    type_code: str
    type_label: str
    form_row: str
    norm_s: float
    people: float  # newly within the norm; NaN where no people are known
    places: int
    bands: Mapping[str, float]  # age band -> people newly within the norm
    before_s: float  # mean walk of those who reached one at all, NaN when nobody did
    out_of_reach: float  # people (or places) who reached none within the search
    after_s: float  # mean walk to the project
    person_minutes: float
    communities: tuple[CommunityGain, ...]
    clause: str  # in words
    gap_rows: tuple[int, ...]


@dataclass(frozen=True)
class Project:
    """What goes with a row of the ``ProjectList``: who gains, and where each statement comes from."""

    gains: tuple[TypeGain, ...]
    mode_label: str
    mode_text: str
    mode_source: str
    kind: str  # "reuse" | "new" | "movable"
    programmes: tuple[str, ...]  # labels of the key projects
    task_clause: str  # of the units, "" none
    due_clause: str
    is_late: bool  # the deadline lay before the date of the data
    units_inferred: bool
    cost_words: str  # how the investment was reckoned
    needs: tuple[int, ...]  # rows of ``ProjectFacts.needs``
    needs_review: str  # "" or why somebody must look on the spot
    scenario_edit: Mapping[str, Any]  # the same as an edit of a scenario file


@dataclass(frozen=True)
class GapLine:
    """One gap and what becomes of it."""

    row: int  # of Gaps
    rank: int
    circle_id: str
    circle: str
    type_code: str
    type_label: str
    norm_s: float
    people_unserved: float
    voices: float  # NaN nobody was asked
    share_before: float
    share_required: float
    share_after: float
    share_best: float  # with every candidate built
    outcome: str  # "closed" | "partly" | "left"
    reason: str  # code: why it is not closed, "" when it is
    reason_text: str
    projects: tuple[str, ...]  # project ids


@dataclass(frozen=True)
class Need:
    """One row of the needs list (需求清单) and the answer to it."""

    row: int  # as a person counts in the sheet
    circle: str
    type_code: str  # "" when no type was recognised
    type_label: str
    text: str
    voices: float
    source: str
    is_urgent: bool
    decision: str  # "project" | "existing" | "not_now"
    answer: str
    projects: tuple[str, ...] = ()


@dataclass(frozen=True)
class CircleShape:
    """In which shape (建设形态) a circle is suggested to be built; always to be confirmed by people."""

    circle_id: str
    circle: str
    code: str  # "" no suggestion
    label: str
    why: str
    clause: str
    projects: tuple[str, ...]  # project ids


@dataclass(frozen=True)
class PlanRecord:
    """How the sites were chosen, and how far from the best the choice can be."""

    model: str
    objective: float
    bound: float
    gap: float
    status: str  # "optimal" | "bounded" | "heuristic"
    words: str  # the same as a sentence
    seconds: float
    seed: int
    n_candidates: int
    n_rejected: int


@dataclass(frozen=True)
class ProjectFacts:
    """Everything a project list may say; writers take only this."""

    title: str
    provenance: Provenance
    profile: WalkProfile
    types: BusinessTypes
    rules: RulePack
    projects: ProjectList
    details: tuple[Project, ...]  # one per row of ``projects``
    gaps: tuple[GapLine, ...]  # of the types drafted for, by rank
    needs: tuple[Need, ...]
    plan: PlanRecord
    kinds: tuple[str, ...]  # kinds of candidates looked at
    budget_fen: int | None
    weights: str  # "people" | "equal": places alike, 估算
    is_estimate: bool
    notes: tuple[str, ...] = ()
    shapes: tuple[CircleShape, ...] = ()  # of the circles that get projects
    version: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unit_word(self) -> str:
        """What gains are counted in."""
        return "人" if self.weights == "people" else "处居住点"
