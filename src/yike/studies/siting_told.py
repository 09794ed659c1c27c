"""What a siting answer is told from: the question, who lacks, what was offered, the plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

from yike.core.siting.reach import Reach
from yike.core.tables import SitingPlan
from yike.studies.base import Base
from yike.studies.candidates import CandidateList
from yike.studies.siting_demand import Demand
from yike.studies.siting_problem import SitingSpec


@dataclass(frozen=True)
class CurvePoint:
    """What ``k`` sites bring: the best plan known, and a bound on any plan."""

    k: int
    people: float
    bound: float
    share: float  # of those not reached


@dataclass(frozen=True, eq=False)
class Told:
    """Everything a record is made from; ``reach`` holds only walks within the cutoff."""

    base: Base
    spec: SitingSpec
    found: CandidateList
    reach: Reach
    demand: Demand
    plan: SitingPlan
    cutoff_s: float
    curve: tuple[CurvePoint, ...]
    notes: tuple[str, ...]
    search_s: float = 0.0  # how far the model looked


def finite(value: float) -> float | None:
    """The number, None where it is unknown or endless."""
    return float(value) if math.isfinite(value) else None
