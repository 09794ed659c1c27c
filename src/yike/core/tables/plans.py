"""What to build: proposed sites and the projects made of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yike.core.tables.arrays import FloatArray, IntArray, LongArray, freeze


class PlanStatus(StrEnum):
    """How far a plan is proven; a plan found before time ran out is BOUNDED, never OPTIMAL."""

    OPTIMAL = "optimal"  # proven: no plan is better
    BOUNDED = "bounded"  # a plan, and how far from the best it can be at most


@dataclass(frozen=True, eq=False)
class SitingPlan:
    """
    A proposed site and what it takes in, one row each, in the order in which to build.

    ``people_gained`` counts who is newly served when the rows above it stand already; its unit is that of
    the weights (residents, residents of an age band, voices), NaN where the model does not count people.
    """

    site_idx: IntArray  # row of the candidates
    type_idx: IntArray  # row of BusinessTypes, -1 where the problem names no type
    people_gained: FloatArray
    cost_fen: LongArray  # 0 where the problem has no costs
    model: str  # "mclp", "lscp", "p_median", ...
    sense: str  # "max" | "min"
    objective: float
    bound: float  # no plan is better than this
    status: PlanStatus
    stopped_by: str  # "proof" | "time" | "work" | "person": what ended the search
    method: str  # what found the plan and what proved the bound
    seconds: float
    seed: int

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.site_idx)

    @property
    def gap(self) -> float:
        """Distance between objective and bound as a share of the larger of them; 0 when proven."""
        if self.status is PlanStatus.OPTIMAL or self.objective == self.bound:
            return 0.0
        return abs(self.bound - self.objective) / max(abs(self.bound), abs(self.objective))


@dataclass(frozen=True, eq=False)
class ProjectList:
    """
    Proposed projects (项目清单), one row each, in the order in which to build: what, where, who, by when.

    One project stands on one site and may hold several types. Numbers are for all its types together; a
    resident newly served with two types counts twice in ``people_gained`` (人次), as in a siting plan.
    """

    project_id: tuple[str, ...]
    name: tuple[str, ...]
    site_id: tuple[str, ...]
    site_name: tuple[str, ...]
    site_kind: tuple[str, ...]  # kinds of Candidates
    lon: FloatArray  # WGS-84 degrees
    lat: FloatArray
    type_idx: tuple[tuple[int, ...], ...]  # rows of BusinessTypes
    gap_rows: tuple[tuple[int, ...], ...]  # rows of Gaps that it answers
    content: tuple[str, ...]
    mode: tuple[str, ...]  # code of the way it is done
    lead: tuple[tuple[str, ...], ...]
    supporting: tuple[tuple[str, ...], ...]
    cost_low_fen: LongArray  # -1 unknown
    cost_high_fen: LongArray
    start_on: tuple[str, ...]  # ISO date, "" not set
    due_on: tuple[str, ...]  # ISO date, "" standing or not said
    due_text: tuple[str, ...]
    stage: tuple[str, ...]
    progress_share: FloatArray  # 0-1, NaN not reported
    people_gained: FloatArray  # when the rows above stand already; NaN where no people are known
    person_minutes_saved: FloatArray
    people_per_wan: FloatArray  # people gained per 10,000 yuan of the band's middle, NaN unknown
    explanation: tuple[str, ...]

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.project_id)
