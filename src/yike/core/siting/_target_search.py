"""How a target plan is solved: greedy, pruning, ruin-and-repair; HiGHS for the proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from yike.core.siting import _rule_kernels as rule_kernels
from yike.core.siting import _target_kernels as kernels
from yike.core.siting._highs import Answer, Program, run_highs
from yike.core.siting._mix_search import Found, Watchman
from yike.core.siting._rule_kernels import RuleTable
from yike.core.siting._target_cuts import Cuts, solve_by_cuts
from yike.core.siting._target_kernels import Built
from yike.core.siting._target_parts import parts_of
from yike.core.siting._target_plain import Goal
from yike.core.siting._target_program import (
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
    from yike.core.siting.target import CountGate, TargetPlan

MEDIUM_PAIRS = 20_000
"""Beyond so many the relaxation without whole numbers is solved first."""

MOST_NODES = 3_000
"""Of the search tree when there are more candidates than ``exact_up_to``."""


class Rules:
    """What must be met, and whether a plan meets it."""

    def __init__(self, plan: TargetPlan, goal: Goal) -> None:
        self.plan, self.goal = plan, goal
        in_levels = {r for level in plan.levels for r in level.presence}
        self.must = [r for r in range(len(plan.requirements)) if r not in in_levels]
        in_aims = {v for aim in plan.aims for v in aim.levels}
        self.must_levels = [v for v in range(len(plan.levels)) if v not in in_aims]
        self.table = _rule_table(plan, self.must, self.must_levels)
        # the dearest first; sites before items
        self.sites = np.argsort(-goal.site_cost, kind="stable")
        self.items = np.argsort(-goal.item_cost, kind="stable")

    def levels_met(self, people: FloatArray) -> BoolArray:
        """Which level rules hold."""
        met = rule_kernels.requirements_met(self.goal, people)
        return np.asarray(rule_kernels.levels_met(self.table, met), np.bool_)

    def all_met(self, people: FloatArray) -> bool:
        """Whether everything that must be met is met."""
        return bool(rule_kernels.all_met(self.table, self.goal, people))

    def prune(self, built: Built) -> None:
        """Drop what is not needed."""
        rule_kernels.prune(self.table, self.goal, built, self.sites, self.items)


def _rule_table(plan: TargetPlan, must: list[int], must_levels: list[int]) -> RuleTable:
    is_must, is_level = np.zeros(len(plan.requirements), np.bool_), np.zeros(len(plan.levels), np.bool_)
    is_must[must], is_level[must_levels] = True, True
    none = np.empty(0, np.int64)
    gates = [gate for level in plan.levels for gate in level.gates]
    return RuleTable(
        is_must, is_level,
        np.cumsum([0] + [len(v.gates) for v in plan.levels]).astype(np.int64),
        np.cumsum([0] + [len(g.presence) for g in gates]).astype(np.int64),
        np.concatenate([none, *(np.array(g.presence) for g in gates)]).astype(np.int64),
        np.array([g.at_least for g in gates], np.int64),
        np.cumsum([0] + [len(a.levels) for a in plan.aims]).astype(np.int64),
        np.concatenate([none, *(np.array(a.levels) for a in plan.aims)]).astype(np.int64),
        np.concatenate([np.empty(0), *(a.weight for a in plan.aims)]),
        np.array([a.at_least for a in plan.aims], float),
    )  # fmt: skip


def reaches(value: float, wanted: float) -> bool:
    """Whether a sum of weights is enough, rounding aside."""
    return value >= wanted - 1e-9 * max(1.0, abs(wanted))


def new_built(goal: Goal) -> Built:
    """Nothing built."""
    return Built(
        np.zeros(len(goal.site), np.bool_), np.zeros(len(goal.row_weight), np.int32),
        np.zeros(len(goal.pool_best)), np.zeros((len(goal.site_cost), 3)), np.zeros(2),
    )  # fmt: skip


def built_of(goal: Goal, has: BoolArray) -> Built:
    """A plan from its items."""
    built = new_built(goal)
    for e in np.flatnonzero(has):
        kernels.add_item(goal, built, e)
    return built


class Builder:
    """Adds to a plan until the rules are met."""

    def __init__(self, rules: Rules, by_site: bool) -> None:
        self.rules, self.goal, self.by_site = rules, rules.goal, by_site
        self.need = np.zeros(len(self.goal.pool_best))
        self.added = np.empty(len(self.goal.site), np.int64)

    def finish(self, built: Built, banned: BoolArray) -> bool:
        """Meet what must be met, then the cheapest levels of each aim; False when it does not succeed."""
        rules = self.rules
        if self._reach(built, rules.must, banned) is None:
            return False
        for v in rules.must_levels:
            if self._reach_level(built, v, banned) is None:
                return False
        return all(self._reach_aim(built, a, banned) for a in range(len(rules.plan.aims)))

    def _spent(self, built: Built) -> float:
        return float(built.total[0] if self.by_site else built.total[1])

    def _reach(self, built: Built, reqs: list[int], banned: BoolArray) -> list[int] | None:
        """Build for requirements together; the items added, None (and nothing built) when impossible."""
        pools = sorted({int(self.goal.req_pool[r]) for r in reqs if self.goal.req_need[r] > 0})
        self.need[:] = 0.0
        for r in reqs:
            p = self.goal.req_pool[r]
            if p >= 0:
                self.need[p] = max(self.need[p], self.goal.req_need[r])
        if any(p < 0 for p in pools):
            return None
        n = kernels.reach_needs(
            self.goal, built, np.array(pools, np.int64), self.need, self.by_site, self.added, banned
        )
        items: list[int] = self.added[: n if n >= 0 else -1 - n].tolist()
        if n < 0:
            self._undo(built, items)
            return None
        return items

    def _undo(self, built: Built, items: list[int]) -> None:
        for e in reversed(items):
            kernels.drop_item(self.goal, built, e)

    def _reach_level(self, built: Built, v: int, banned: BoolArray) -> list[int] | None:
        """Meet a level gate by gate; the items added, None (and nothing built) when impossible."""
        items: list[int] = []
        for gate in self.rules.plan.levels[v].gates:
            got = self._reach_gate(built, gate, banned)
            if got is None:
                self._undo(built, items)
                return None
            items += got
        return items

    def _reach_gate(self, built: Built, gate: CountGate, banned: BoolArray) -> list[int] | None:
        """Meet a gate by its cheapest requirements, one after another."""
        items: list[int] = []
        while True:
            met = rule_kernels.requirements_met(self.goal, built.people)
            missing = [r for r in gate.presence if not met[r]]
            short = gate.at_least - (len(gate.presence) - len(missing))
            if short <= 0:
                return items
            ranked = []
            for r in missing:
                before = self._spent(built)
                tried = self._reach(built, [r], banned)
                if tried is not None:
                    ranked.append((self._spent(built) - before, r))
                    self._undo(built, tried)
            if len(ranked) < short:
                self._undo(built, items)
                return None
            # as many at once as are missing: their costs hardly touch each other
            got = self._reach(built, [r for _, r in sorted(ranked)[:short]], banned)
            if got is None:
                got = self._reach(built, [min(ranked)[1]], banned)
            if got is None:
                self._undo(built, items)
                return None
            items += got

    def _reach_aim(self, built: Built, a: int, banned: BoolArray) -> bool:
        """Reach levels by rising cost per weight until the aim is met; costs are looked at again when due."""
        aim = self.rules.plan.aims[a]
        weight = dict(zip(aim.levels, aim.weight.tolist(), strict=True))
        rate: dict[int, float] = {}
        is_fresh: set[int] = set()
        while True:
            levels = self.rules.levels_met(built.people)
            got = sum(w for v, w in weight.items() if levels[v])
            if reaches(got, aim.at_least):
                return True
            open_levels = [v for v in aim.levels if not levels[v] and rate.get(v, 0.0) < np.inf]
            if not open_levels:
                return False
            v = min(open_levels, key=lambda v: (rate.get(v, 0.0), v))
            before = self._spent(built)
            items = self._reach_level(built, v, banned)
            if items is None:
                rate[v] = np.inf
                continue
            # what is more than needed buys nothing
            useful = min(weight[v], aim.at_least - got)
            new_rate = (self._spent(built) - before) / max(useful, 1e-300)
            others = [rate.get(u, 0.0) for u in open_levels if u != v]
            if v in is_fresh or not others or new_rate <= min(others):
                is_fresh.clear()
                continue
            self._undo(built, items)
            rate[v] = new_rate
            is_fresh.add(v)


def cost_pair(built: Built, by_site: bool) -> tuple[float, float]:
    """What is compared: sites then items, or money then items."""
    n_items = float(built.has.sum())
    return (float(built.total[0]) if by_site else float(built.total[1]), n_items)


def best_plan(rules: Rules, by_site: bool, options: SolveOptions, watch: Watchman) -> Built | None:
    """Greedy, pruned, then taken apart and repaired; None when greedy finds no plan."""
    goal = rules.goal
    m = len(goal.site_cost)
    builder, best = Builder(rules, by_site), new_built(goal)
    if not builder.finish(best, np.zeros(m, np.bool_)):
        return None
    rules.prune(best)
    lots = np.random.default_rng(options.seed)
    rounds = (
        options.rounds
        if options.rounds is not None
        else int(np.clip(2e7 / max(1, len(goal.item_row)), 10, 300))
    )
    for _round in range(rounds):
        used = np.flatnonzero(best.inside[:, 0] > 0)
        if watch.says_stop() or len(used) == 0:
            break
        out = lots.choice(used, min(len(used), int(lots.integers(1, 5))), replace=False)
        banned = np.zeros(m, np.bool_)
        banned[out] = lots.random(len(out)) < 0.6
        has = best.has.copy()
        has[np.isin(goal.site, out)] = False
        trial = built_of(goal, has)
        if not builder.finish(trial, banned):
            continue
        rules.prune(trial)
        if cost_pair(trial, by_site) < cost_pair(best, by_site):
            best = trial
    return best


def search_target(plan: TargetPlan, goal: Goal, options: SolveOptions) -> Found:
    """Find a plan and a bound, part by part where parts share no site; see ``solve_target``."""
    watch = Watchman(options)
    parts = parts_of(plan, goal)
    if len(parts) == 1:
        return _search_part(parts[0].plan, parts[0].goal, options)
    has = np.zeros(len(goal.site), np.bool_)
    found: list[Found] = []
    work = np.sqrt([1 + len(part.goal.item_row) for part in parts])
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
    start = None if best is None else start_of(plan, goal, at, best.has, best.count > 0, best.people)
    nodes = None if len(goal.site_cost) <= options.exact_up_to else MOST_NODES
    taker = Taker(rules, by_site, best)
    if at.by_cuts:
        answer = solve_by_cuts(Cuts(program, at, goal), options, watch, nodes, start, taker.take)
    else:
        answer = _whole_program(program, start, nodes, options, watch, len(goal.item_row) > MEDIUM_PAIRS)
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

    def __init__(self, rules: Rules, by_site: bool, best: Built | None) -> None:
        self.rules, self.by_site, self.best = rules, by_site, best
        self._builder = Builder(rules, by_site)

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


def obeys(goal: Goal, built: Built) -> bool:
    """Whether a plan keeps the limits exactly (a solver keeps them within its tolerance)."""
    return bool(built.total[0] <= goal.k and built.total[1] <= goal.budget)


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
