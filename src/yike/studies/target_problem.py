"""A target as a problem of the solver: requirements, levels of circles, aims; stages by due date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from yike.core.siting.mix import FacilityMix
from yike.core.siting.options import SolveOptions
from yike.core.siting.solve import solve
from yike.core.siting.target import Aim, CountGate, LevelRule, Requirement, TargetPlan
from yike.core.tables import BoolArray, SitingPlan
from yike.errors import InfeasibleError
from yike.studies.project_choice import best_shares, requirement_of, share_with
from yike.studies.project_ground import Ground
from yike.studies.target_aims import LevelAim
from yike.studies.target_levels import Level, Standing

HAIR = 1e-9


@dataclass(frozen=True)
class OpenPart:
    """A gate that a circle does not pass yet: so many more of these requirements must be met."""

    presence: tuple[int, ...]  # rows of the requirements
    at_least: int


@dataclass(frozen=True, eq=False)
class LevelState:
    """One level over all circles, on a ground."""

    level: Level
    open_parts: tuple[tuple[OpenPart, ...], ...]  # per circle; none: at the level as far as sites count
    is_possible: BoolArray  # per circle: every open part can be met by the candidates
    is_doubtful: BoolArray  # per circle: not possible only because data cannot tell of some types


@dataclass(frozen=True, eq=False)
class Goal:
    """Everything that targets are solved from."""

    ground: Ground
    mix: FacilityMix
    requirements: tuple[Requirement, ...]
    wish_of: tuple[int, ...]  # row of the ground's wishes of each requirement
    states: Mapping[str, LevelState]
    circle_names: tuple[str, ...]


def goal_of(
    ground: Ground,
    mix: FacilityMix,
    levels: Sequence[Level],
    standings: Mapping[str, Standing],
    names: tuple[str, ...],
) -> Goal:
    """Requirements for every wish, and what each level still asks of each circle."""
    pairs = [
        (i, r)
        for i, wish in enumerate(ground.wishes)
        if (r := requirement_of(ground, wish, f"{names[wish.circle]}·{wish.gap_row}")) is not None
    ]
    row_of = {ground.wishes[i].gap_row: k for k, (i, _) in enumerate(pairs)}
    best = best_shares(ground)
    can = np.array([best[i] >= ground.wishes[i].share - HAIR for i, _ in pairs], bool)
    states = {level.code: _state(level, standings[level.code], row_of, can, len(names)) for level in levels}
    return Goal(ground, mix, tuple(r for _, r in pairs), tuple(i for i, _ in pairs), states, names)


def _state(level: Level, standing: Standing, row_of: Mapping[int, int], can: BoolArray, n: int) -> LevelState:
    open_parts, possible, told = [], np.ones(n, bool), np.ones(n, bool)
    for c in range(n):
        mine = []
        for k, part in enumerate(level.parts):
            short = part.at_least - int(standing.present[k, c])
            if short > 0:
                presence = tuple(row_of[r] for r in standing.lacking[k][c].tolist() if r in row_of)
                mine.append(OpenPart(presence, short))
                n_can = int(can[list(presence)].sum())
                possible[c] &= n_can >= short
                told[c] &= n_can + int(standing.unknown[k, c]) >= short
        open_parts.append(tuple(mine))
    return LevelState(level, tuple(open_parts), possible, told & ~possible)


def solve_aims(
    goal: Goal, mix: FacilityMix, aims: Sequence[LevelAim], objective: str, options: SolveOptions
) -> SitingPlan:
    """
    The cheapest plan that meets all aims; a circle counts when it passes every gate of the level.

    Raises
    ------
    InfeasibleError
        An aim that cannot be met even with all candidates, alone or together with the others.
    """
    for aim in aims:
        _refuse_hopeless(goal, aim)
    return solve(_plan_of(goal, mix, aims, objective), options)


def _reaches(aim: LevelAim, at: BoolArray) -> bool:
    return float(aim.weight[at].sum()) >= aim.at_least - HAIR * max(1.0, aim.at_least)


def _refuse_hopeless(goal: Goal, aim: LevelAim) -> None:
    state = goal.states[aim.level]
    best = float(aim.weight[state.is_possible].sum())
    if _reaches(aim, state.is_possible):
        return
    with_data = float(aim.weight[state.is_possible | state.is_doubtful].sum())
    if with_data >= aim.at_least - HAIR * max(1.0, aim.at_least):
        raise InfeasibleError(
            "projects.target.data", label=aim.label, wanted=aim.wanted, best=aim.told(best),
            n_circles=int(state.is_doubtful.sum()),
        )  # fmt: skip
    blocked = [goal.circle_names[c] for c in np.flatnonzero(~state.is_possible)]
    shown = "、".join(blocked[:5]) + (f" 等 {len(blocked)} 个" if len(blocked) > 5 else "")
    raise InfeasibleError(
        "siting.target.aim", label=aim.label, wanted=aim.at_least, best=best, n_blocked=len(blocked),
        blocked=shown, others=0, all=(aim.label,),
    )  # fmt: skip


def _plan_of(goal: Goal, mix: FacilityMix, aims: Sequence[LevelAim], objective: str) -> TargetPlan:
    """What is open yet: circles at a level today are taken off the aims, those that cannot get there too."""
    rules: list[LevelRule] = []
    row: dict[tuple[str, int], int] = {}
    solver_aims = []
    for aim in aims:
        state = goal.states[aim.level]
        mine, weight, left = [], [], aim.at_least
        for c, parts in enumerate(state.open_parts):
            if not parts:
                left -= float(aim.weight[c])
            elif state.is_possible[c] and aim.weight[c] > 0:
                if (aim.level, c) not in row:
                    gates = tuple(CountGate(p.presence, p.at_least) for p in parts)
                    row[aim.level, c] = len(rules)
                    rules.append(LevelRule(c, gates, goal.circle_names[c]))
                mine.append(row[aim.level, c])
                weight.append(float(aim.weight[c]))
        if left > HAIR:
            solver_aims.append(Aim(aim.label, tuple(mine), np.array(weight), left))
    # level rules that no aim names, and requirements that no rule names, would be musts
    used = sorted({v for a in solver_aims for v in a.levels})
    at = {v: k for k, v in enumerate(used)}
    kept = tuple(replace(a, levels=tuple(at[v] for v in a.levels)) for a in solver_aims)
    return _with_used_requirements(
        TargetPlan(mix, goal.requirements, (), kept, objective), [rules[v] for v in used]
    )


def _with_used_requirements(plan: TargetPlan, rules: Sequence[LevelRule]) -> TargetPlan:
    used = sorted({r for rule in rules for r in rule.presence})
    at = {r: k for k, r in enumerate(used)}
    kept = tuple(
        replace(
            rule, gates=tuple(CountGate(tuple(at[r] for r in g.presence), g.at_least) for g in rule.gates)
        )
        for rule in rules
    )
    return replace(plan, requirements=tuple(plan.requirements[r] for r in used), levels=kept)


def met_by(goal: Goal, plan: SitingPlan) -> BoolArray:
    """Which requirements a plan meets."""
    ground = goal.ground
    row_of = {int(t): k for k, t in enumerate(ground.type_idx)}
    covered = np.zeros((len(ground.type_idx), len(ground.place_idx)), bool)
    for site, kind in zip(plan.site_idx.tolist(), plan.type_idx.tolist(), strict=True):
        covered[row_of[kind]][ground.pairs(site, row_of[kind])[0]] = True
    wishes = [ground.wishes[i] for i in goal.wish_of]
    return np.array([share_with(ground, w, covered[w.type_row]) >= w.share - HAIR for w in wishes], bool)


def at_level(goal: Goal, level: str, plan: SitingPlan) -> BoolArray:
    """Circles that pass every gate of a level that sites can change, once a plan is built."""
    met = met_by(goal, plan)
    open_parts = goal.states[level].open_parts
    return np.array(
        [all(int(met[list(p.presence)].sum()) >= p.at_least for p in parts) for parts in open_parts], bool
    )


def only(mix: FacilityMix, plan: SitingPlan) -> FacilityMix:
    """The same problem with nothing allowed but what a plan builds: for what is to stand earlier."""
    pairs = set(zip(plan.site_idx.tolist(), plan.type_idx.tolist(), strict=True))
    demands = []
    for demand in mix.demands:
        allowed = np.array([(j, demand.type_idx) in pairs for j in range(mix.reach.n_candidates)], bool)
        demands.append(replace(demand, is_allowed=allowed))
    return replace(mix, demands=tuple(demands), budget_fen=None)
