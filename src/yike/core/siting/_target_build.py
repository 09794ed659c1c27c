"""A first plan for targets: what must be met, greedy building, pruning, ruin-and-repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from yike.core.siting import _rule_kernels as rule_kernels
from yike.core.siting import _target_kernels as kernels
from yike.core.siting._mix_search import Watchman
from yike.core.siting._rule_kernels import RuleTable
from yike.core.siting._target_kernels import Built
from yike.core.siting._target_plain import Goal
from yike.core.siting.options import SolveOptions
from yike.core.tables import BoolArray, FloatArray

if TYPE_CHECKING:
    from yike.core.siting.target import CountGate, TargetPlan


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


def obeys(goal: Goal, built: Built) -> bool:
    """Whether a plan keeps the limits exactly (a solver keeps them within its tolerance)."""
    return bool(built.total[0] <= goal.k and built.total[1] <= goal.budget)
