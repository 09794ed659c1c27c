"""Plans from what a solver found: what each site gains, how far the plan is proven, why the search ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting.watch import Watch
from yike.core.tables import FloatArray, IntArray, LongArray, PlanStatus, SitingPlan

SAME = 1e-9
"""Values that differ by less, relatively, are one value: sums of float weights in different orders."""


@dataclass(frozen=True, eq=False)
class Found:
    """Sites that a solver found (rows of its own candidates) and what it proved."""

    sites: IntArray
    bound: float
    method: str
    stopped_by: str = "proof"


def plan_of(
    found: Found,
    order: IntArray,
    gained: FloatArray,
    objective: float,
    model: str,
    sense: str,
    watch: Watch,
    cost_fen: LongArray | None = None,
) -> SitingPlan:
    """The plan: optimal when its objective reaches the bound, bounded otherwise."""
    is_proven = objective == found.bound
    if np.isfinite(objective) and np.isfinite(found.bound):
        short = found.bound - objective if sense == "max" else objective - found.bound
        is_proven = short <= SAME * max(1.0, abs(objective), abs(found.bound))
    return SitingPlan(
        site_idx=np.asarray(order, np.int32),
        type_idx=np.full(len(order), -1, np.int32),
        people_gained=np.asarray(gained, float),
        cost_fen=np.zeros(len(order), np.int64) if cost_fen is None else cost_fen,
        model=model,
        sense=sense,
        objective=objective,
        bound=objective if is_proven else found.bound,
        status=PlanStatus.OPTIMAL if is_proven else PlanStatus.BOUNDED,
        stopped_by="proof" if is_proven else found.stopped_by,
        method=found.method,
        seconds=watch.seconds,
        seed=watch.options.seed,
    )


def whole(bound: float, weight: FloatArray, sense: str) -> float:
    """The bound brought to a whole number where all weights are whole (and so every plan's value is)."""
    if np.isinf(bound) or np.any(weight != np.floor(weight)):
        return bound
    room = 1e-6 + SAME * abs(bound)
    return float(np.floor(bound + room)) if sense == "max" else float(np.ceil(bound - room))
