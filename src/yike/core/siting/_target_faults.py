"""Which target cannot be met even with all candidates, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from yike.core.siting._target_plain import Goal, met_requirements
from yike.core.tables import BoolArray
from yike.errors import InfeasibleError

if TYPE_CHECKING:
    from yike.core.siting.target import LevelRule, Requirement, TargetPlan


def refuse_impossible(plan: TargetPlan, goal: Goal) -> None:
    """
    Compare each target with what all allowed candidates together could reach.

    Raises
    ------
    InfeasibleError
        Facts: ``label``, ``wanted``, ``best``, ``beyond_people`` (whom no candidate reaches) or the names
        of what stands in the way, ``others`` (further targets that cannot be met), ``all`` (all of them).
    """
    possible = met_requirements(goal, goal.pool_best)
    faults = _requirements(plan, goal, possible) + _levels_and_aims(plan, goal, possible)
    if faults:
        code, facts = faults[0]
        raise InfeasibleError(
            code, others=len(faults) - 1, all=tuple(str(f["label"]) for _, f in faults), **facts
        )


def best_share(plan: TargetPlan, goal: Goal, r: int) -> float:
    """Share of a requirement's people who would have the type if every candidate took it."""
    one, p = plan.requirements[r], goal.req_pool[r]
    more = float(goal.pool_best[p]) if p >= 0 else 0.0
    return (one.reached + more) / one.total if one.total > 0 else float("nan")


def _requirements(plan: TargetPlan, goal: Goal, possible: BoolArray) -> list[tuple[str, dict[str, Any]]]:
    in_levels = {r for level in plan.levels for r in level.presence}
    return [
        ("siting.target.requirement", {
            "label": one.code, "wanted": one.share, "best": best_share(plan, goal, r),
            "missing_people": _missing(plan, goal, r),
            "beyond_people": _beyond(one, best_share(plan, goal, r)),
        })
        for r, one in enumerate(plan.requirements) if r not in in_levels and not possible[r]
    ]  # fmt: skip


def _missing(plan: TargetPlan, goal: Goal, r: int) -> float:
    """People more who must come within reach of some candidate."""
    p = goal.req_pool[r]
    return float(goal.req_need[r] - (goal.pool_best[p] if p >= 0 else 0.0))


def _beyond(one: Requirement, share: float) -> float:
    """People of the group whom no candidate reaches."""
    return float(round((1.0 - share) * one.total, 6))


def _levels_and_aims(plan: TargetPlan, goal: Goal, possible: BoolArray) -> list[tuple[str, dict[str, Any]]]:
    tight = [_tightest(level, possible) for level in plan.levels]
    can = np.array([best >= wanted for best, wanted in tight], np.bool_)
    in_aims = {v for aim in plan.aims for v in aim.levels}
    faults: list[tuple[str, dict[str, Any]]] = []
    for v in range(len(plan.levels)):
        if v not in in_aims and not can[v]:
            faults.append(("siting.target.level", {
                "label": _name(plan, v), "wanted": tight[v][1], "best": tight[v][0],
                "blocked": _blocked(plan, possible, v),
            }))  # fmt: skip
    for aim in plan.aims:
        best = float(aim.weight[can[list(aim.levels)]].sum())
        if best < aim.at_least - 1e-9 * max(1.0, abs(aim.at_least)):
            blocked = [_name(plan, v) for v in aim.levels if not can[v]]
            faults.append(("siting.target.aim", {
                "label": aim.label, "wanted": aim.at_least, "best": best, "n_blocked": len(blocked),
                "blocked": _first_names(blocked),
            }))  # fmt: skip
    return faults


def _tightest(level: LevelRule, possible: BoolArray) -> tuple[int, int]:
    """(most that could be met, wanted) of the gate that lacks most."""
    pairs = [(int(possible[list(gate.presence)].sum()), gate.at_least) for gate in level.gates]
    return min(pairs, key=lambda pair: pair[0] - pair[1], default=(0, 0))


def _name(plan: TargetPlan, v: int) -> str:
    level = plan.levels[v]
    return level.label or f"#{level.group}"


def _blocked(plan: TargetPlan, possible: BoolArray, v: int) -> str:
    return _first_names([plan.requirements[r].code for r in plan.levels[v].presence if not possible[r]])


def _first_names(names: list[str], n: int = 5) -> str:
    return "、".join(names[:n]) + (f" 等 {len(names)} 项" if len(names) > n else "")
