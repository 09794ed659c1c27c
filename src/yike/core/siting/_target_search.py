"""How a target plan is solved: a first plan, then HiGHS for better ones and the proof, part by part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from yike.core.siting._highs import Answer, Program, run_highs
from yike.core.siting._mix_search import Found, Watchman
from yike.core.siting._target_build import Builder, Rules, best_plan, built_of, cost_pair, obeys
from yike.core.siting._target_cuts import Cuts, solve_by_cuts
from yike.core.siting._target_kernels import Built
from yike.core.siting._target_parts import parts_of
from yike.core.siting._target_plain import Goal
from yike.core.siting._target_program import (
    Layout,
    cost_of_bound,
    items_in,
    layout_of,
    start_of,
    target_program,
    unit_of,
)
from yike.core.siting._target_sets import sets_of
from yike.core.siting.options import SolveOptions
from yike.core.tables import BoolArray, FloatArray
from yike.errors import InfeasibleError, TimeLimitError

if TYPE_CHECKING:
    from yike.core.siting.target import TargetPlan

MEDIUM_PAIRS = 20_000
"""Beyond so many the relaxation without whole numbers is solved first."""

MOST_NODES = 3_000
"""Of the search tree when there are more candidates than ``exact_up_to``."""


def search_target(plan: TargetPlan, goal: Goal, options: SolveOptions) -> Found:
    """Find a plan and a bound, part by part where parts share no site; see ``solve_target``."""
    watch = Watchman(options)
    parts = parts_of(plan, goal)
    if len(parts) == 1:
        return _search_part(parts[0].plan, parts[0].goal, options)
    has = np.zeros(len(goal.site), np.bool_)
    found: list[Found] = []
    work = np.cbrt([1 + len(part.goal.item_row) for part in parts])
    # small parts first: what time they leave, the large ones have
    left = float(work.sum())
    for k in np.argsort(work, kind="stable").tolist():
        limits = replace(options, time_limit_s=max(watch.left_s, 0.1) * work[k] / left)
        left -= work[k]
        found.append(_search_part(parts[k].plan, parts[k].goal, limits))
        has[parts[k].items[found[-1].has]] = True
    return _together(has, found)


def _search_part(plan: TargetPlan, goal: Goal, options: SolveOptions) -> Found:
    watch = Watchman(options)
    rules, by_site = Rules(plan, goal), plan.objective == "projects"
    best = best_plan(rules, by_site, options, watch)
    bound, name = 0.0, "no bound but 0"
    if not watch.says_stop() and not (best is not None and not best.has.any()):
        answer, best = _ask_highs(plan, rules, best, options, watch)
        bound = cost_of_bound(goal, answer.bound, by_site)
        name = "HiGHS"
    if best is None:
        raise TimeLimitError("siting.target.no_plan", seconds=round(options.time_limit_s, 1))
    objective = cost_pair(best, by_site)[0]
    proven = bound >= objective - 1e-6 * max(1.0, objective) * 0.1 or objective == 0.0
    why = "proof" if proven else watch.reason or "work"
    return Found(best.has, objective, objective if proven else bound, proven, why, "greedy + repair; " + name)


def _together(has: BoolArray, found: list[Found]) -> Found:
    """The parts as one: proven when all of them are."""
    is_proven = all(one.is_proven for one in found)
    reasons = [one.stopped_by for one in found if not one.is_proven]
    why = next((r for r in ("person", "time", "work") if r in reasons), "proof")
    methods = list(dict.fromkeys(one.method for one in found))
    return Found(
        has, sum(one.objective for one in found), sum(one.bound for one in found), is_proven, why,
        f"{len(found)} parts: " + " / ".join(methods),
    )  # fmt: skip


def _ask_highs(
    plan: TargetPlan, rules: Rules, best: Built | None, options: SolveOptions, watch: Watchman
) -> tuple[Answer, Built | None]:
    goal, by_site = rules.goal, plan.objective == "projects"
    at = layout_of(plan, goal, sets_of(goal))
    program = target_program(plan, rules.must, rules.must_levels, goal, at)
    nodes = None if len(goal.site_cost) <= options.exact_up_to else MOST_NODES
    taker = Taker(rules, at, by_site, best)
    if at.by_cuts:
        answer = solve_by_cuts(Cuts(program, at, goal), options, watch, nodes, taker.take, taker.point)
    else:
        answer = _whole_program(
            program, taker.point(), nodes, options, watch, len(goal.item_row) > MEDIUM_PAIRS
        )
        if answer.x is not None:
            taker.take(answer.x)
    if answer.status == "infeasible":
        raise_joint(plan, goal, options)
    if answer.status in ("time", "person"):
        watch.reason = answer.status
    return answer, taker.best


def _whole_program(
    program: Program, start: FloatArray | None, nodes: int | None, options: SolveOptions, watch: Watchman,
    is_medium: bool,
) -> Answer:  # fmt: skip
    floor = -np.inf
    if is_medium:
        # the whole program may not even get through its root in time: have this bound first
        relaxed = replace(program, is_integer=np.zeros_like(program.is_integer))
        answer = run_highs(relaxed, replace(options, time_limit_s=max(watch.left_s, 0.1)))
        floor = answer.bound if answer.status == "optimal" else -np.inf
    limits = replace(options, time_limit_s=max(watch.left_s, 0.1))
    answer = run_highs(program, limits, start, max_nodes=nodes)
    return replace(answer, bound=float(np.nanmax([answer.bound, floor])))


class Taker:
    """Keeps the best plan of those that a solver's points give."""

    def __init__(self, rules: Rules, at: Layout, by_site: bool, best: Built | None) -> None:
        self.rules, self.by_site, self.best = rules, by_site, best
        self._at = at
        self._builder = Builder(rules, by_site)

    def point(self) -> FloatArray | None:
        """The best plan as a point of the program."""
        if self.best is None:
            return None
        goal, best = self.rules.goal, self.best
        return start_of(self.rules.plan, goal, self._at, best.has, best.count > 0, best.people)

    def take(self, x: FloatArray) -> float:
        """Repair and prune a point; the least cost known, in the program's units."""
        goal = self.rules.goal
        other = built_of(goal, items_in(goal, x))
        nobody = np.zeros(len(goal.site_cost), np.bool_)
        if obeys(goal, other) and (self.rules.all_met(other.people) or self._builder.finish(other, nobody)):
            self.rules.prune(other)
            if self.best is None or cost_pair(other, self.by_site) < cost_pair(self.best, self.by_site):
                self.best = other
        if self.best is None:
            return np.inf
        return cost_pair(self.best, self.by_site)[0] / unit_of(goal, self.by_site)


def raise_joint(plan: TargetPlan, goal: Goal, options: SolveOptions) -> None:
    """Everything can be met alone, but not together: say which limit is in the way and what would do."""
    free = goal._replace(k=len(goal.site_cost), budget=np.inf)
    if goal.budget < np.inf or goal.k < len(goal.site_cost):
        by_site = replace(plan, objective="projects" if goal.budget == np.inf else "cost")
        found = _within(by_site, free, options)
        if found is not None and goal.budget < np.inf:
            raise InfeasibleError(
                "siting.target.budget", budget_yuan=goal.budget / 100, needed_yuan=found.objective / 100,
                at_least_yuan=found.bound / 100,
            )  # fmt: skip
        if found is not None:
            raise InfeasibleError(
                "siting.target.sites", k=goal.k, needed=int(found.objective), at_least=int(found.bound)
            )
    raise InfeasibleError("siting.target.room", most_types=goal.most_types)


def _within(plan: TargetPlan, goal: Goal, options: SolveOptions) -> Found | None:
    """What the targets take without the limits; None when the rooms of the sites stand in the way."""
    try:
        return search_target(plan, goal, options)
    except (InfeasibleError, TimeLimitError):
        return None
