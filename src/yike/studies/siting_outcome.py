"""The answer of a siting question, and what every model needs for one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from yike.core.siting.reach import Reach, reach_of
from yike.core.tables import Attachments, BoolArray, FloatArray, PlanStatus, SitingPlan
from yike.studies.base import Base
from yike.studies.candidates import CandidateList
from yike.studies.siting_demand import Demand
from yike.studies.siting_problem import SitingSpec
from yike.studies.siting_told import CurvePoint


@dataclass(frozen=True, eq=False)
class SitingOutcome:
    """
    A siting question with its answer.

    ``reach`` and ``weight`` go by rows of the candidates and of the pack's places; ``record`` is what
    ``--json`` prints.
    """

    spec: SitingSpec
    candidates: CandidateList
    reach: Reach
    weight: FloatArray
    plan: SitingPlan
    curve: tuple[CurvePoint, ...]
    record: dict[str, Any]
    demand: Demand


def reach_to(base: Base, candidates: Attachments, counts: BoolArray, limit_s: float) -> Reach:
    """Walks from candidates to the places that count; the others have no pairs, all keep their rows."""
    joined, at = base.joined, base.joined.place_attachments
    wanted = replace(at, is_attached=at.is_attached & counts)
    return reach_of(
        joined.graph, candidates, wanted, joined.streets.direct(candidates, wanted), limit_s,
        max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip


def gaining(plan: SitingPlan) -> SitingPlan:
    """The plan without sites that gain nobody: they only fill up the number asked for."""
    keep = plan.people_gained > 0
    return replace(
        plan, site_idx=plan.site_idx[keep], type_idx=plan.type_idx[keep],
        people_gained=plan.people_gained[keep], cost_fen=plan.cost_fen[keep],
    )  # fmt: skip


def empty_plan(spec: SitingSpec) -> SitingPlan:
    """The plan of nothing, which is the best there is where nobody can be gained."""
    no_row, sense = np.empty(0, np.int32), "min" if spec.model in ("lscp", "p_median", "p_center") else "max"
    return SitingPlan(
        no_row, no_row, np.empty(0), np.empty(0, np.int64), spec.model, sense, 0.0, 0.0,
        PlanStatus.OPTIMAL, "proof", "none", 0.0, spec.seed,
    )  # fmt: skip
