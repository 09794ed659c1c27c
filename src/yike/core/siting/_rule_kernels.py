# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""Whether a plan meets all that must be met, and what it does not need for that."""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.siting._target_kernels import add_item, drop_item
from yike.core.tables import BoolArray, FloatArray, LongArray


class RuleTable(NamedTuple):
    """Requirements, levels and aims in plain arrays."""

    must: BoolArray  # per requirement
    must_level: BoolArray  # per level
    gate_ptr: LongArray  # level -> gates
    req_ptr: LongArray  # gate -> requirements
    gate_req: LongArray
    at_least: LongArray  # per gate
    aim_ptr: LongArray  # aim -> levels
    aim_level: LongArray
    aim_weight: FloatArray
    wanted: FloatArray


@njit(cache=True)
def requirements_met(goal, people):
    """Which requirements hold when so many people of each pool are reached."""
    met = np.empty(len(goal.req_need), np.bool_)
    for r in range(len(met)):
        p = goal.req_pool[r]
        got = people[p] if p >= 0 else 0.0
        met[r] = got >= goal.req_need[r] - 1e-9 * max(1.0, goal.req_need[r])
    return met


@njit(cache=True)
def levels_met(rules, met):
    """Which level rules hold: those that pass all their gates."""
    out = np.ones(len(rules.must_level), np.bool_)
    for v in range(len(out)):
        for g in range(rules.gate_ptr[v], rules.gate_ptr[v + 1]):
            n = 0
            for q in range(rules.req_ptr[g], rules.req_ptr[g + 1]):
                n += met[rules.gate_req[q]]
            if n < rules.at_least[g]:
                out[v] = False
    return out


@njit(cache=True)
def all_met(rules, goal, people):
    """Whether everything that must be met is met."""
    met = requirements_met(goal, people)
    for r in range(len(met)):
        if rules.must[r] and not met[r]:
            return False
    levels = levels_met(rules, met)
    for v in range(len(levels)):
        if rules.must_level[v] and not levels[v]:
            return False
    for a in range(len(rules.wanted)):
        got = 0.0
        for q in range(rules.aim_ptr[a], rules.aim_ptr[a + 1]):
            if levels[rules.aim_level[q]]:
                got += rules.aim_weight[q]
        if got < rules.wanted[a] - 1e-9 * max(1.0, abs(rules.wanted[a])):
            return False
    return True


@njit(cache=True)
def prune(rules, goal, built, sites, items):
    """Drop what is not needed: whole sites in the order given, then items."""
    held = np.empty(len(goal.site), np.int64)
    for j in sites:
        n = 0
        for e in range(np.searchsorted(goal.site, j), np.searchsorted(goal.site, j + 1)):
            if built.has[e]:
                held[n] = e
                n += 1
        for i in range(n):
            drop_item(goal, built, held[i])
        if n > 0 and not all_met(rules, goal, built.people):
            for i in range(n):
                add_item(goal, built, held[i])
    for e in items:
        if built.has[e]:
            drop_item(goal, built, e)
            if not all_met(rules, goal, built.people):
                add_item(goal, built, e)
