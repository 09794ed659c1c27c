"""Every kernel of the siting models used once, so that it is compiled and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from yike.core.siting.coverage import cover_curve
from yike.core.siting.mix import FacilityMix, TypeDemand
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import (
    BudgetCover,
    CapacitatedCover,
    FairCover,
    MaxCover,
    PCenter,
    PMedian,
    SetCover,
)
from yike.core.siting.reach import Reach
from yike.core.siting.solve import solve
from yike.core.siting.target import Aim, CountGate, LevelRule, Requirement, TargetPlan
from yike.core.tables import FloatArray, IntArray, LongArray

BY_SEARCH = SolveOptions(rounds=20, n_threads=1, exact_up_to=0)
BY_PROOF = SolveOptions(rounds=20, n_threads=1)


def touch_siting_kernels() -> None:
    """Solve every kind of problem on a made-up town, by search and by proof."""
    town, small = _town(40, 200), _town(8, 24)
    for reach in (town, small):
        for problem in _problems(reach):
            for options in (BY_SEARCH, BY_PROOF):
                solve(problem, options)
    solve(SetCover(_ring(7), np.ones(7, bool), 300), BY_PROOF)
    cover_curve(town, np.ones(town.n_demand), 300, 3)


def _problems(reach: Reach) -> list[Any]:
    m, n = reach.n_candidates, reach.n_demand
    people: FloatArray = 1.0 + (np.arange(n) % 7).astype(float)
    is_near = np.zeros(n, bool)
    is_near[reach.demand_idx[reach.walk_s <= 300]] = True  # whom a cover can be asked for
    cost = 10 + np.arange(m, dtype=np.int64) % 5
    group = (np.arange(n) % 3).astype(np.int32)
    total: FloatArray = np.bincount(group, people).astype(float) + 1.0
    return [
        MaxCover(reach, people, 300, 3),
        SetCover(reach, is_near, 300),
        SetCover(reach, is_near, 300, cost.astype(float)),
        PMedian(reach, people, 3, 600),
        PCenter(reach, is_near, 6),
        CapacitatedCover(reach, people, 300, 3, np.full(m, 40.0)),
        BudgetCover(reach, people, 300, cost, 35),
        FairCover(reach, people, 300, 6, group, total),
        FairCover(reach, people, 300, 3, group, total, "weighted"),
        mix := _mix(reach, people, cost),
        _target(mix, group, people, "cost"),
        _target(mix, group, people, "projects"),
    ]


def _mix(reach: Reach, people: FloatArray, cost: LongArray) -> FacilityMix:
    anywhere = np.ones(reach.n_candidates, bool)
    demands = tuple(TypeDemand(t, people, 300.0, anywhere, 30.0, 4 + t) for t in range(2))
    room = np.full(reach.n_candidates, 50.0)
    return FacilityMix(reach, demands, room, cost, 4, 80, max_types_per_site=2, shared_area_share=0.5)


def _target(mix: FacilityMix, group: IntArray, people: FloatArray, objective: str) -> TargetPlan:
    """Half of what could be reached, in two of three groups."""
    near = np.unique(mix.reach.demand_idx[mix.reach.walk_s <= 300])
    wanted = []
    for d in range(len(mix.demands)):
        for g in range(3):
            best, total = people[near[group[near] == g]].sum(), people[group == g].sum()
            share = float(0.5 * best / total)
            wanted.append(Requirement(f"{d}-{g}", d, group, g, share, 0.0, float(total)))
    levels = tuple(LevelRule(g, (CountGate((g, 3 + g), 2),)) for g in range(3))
    aim = Aim("", (0, 1, 2), np.full(3, 1 / 3), 0.6)
    without_limits = replace(mix, k=None, budget_fen=None)
    return TargetPlan(without_limits, tuple(wanted), levels, (aim,), objective)


def _town(m: int, n: int) -> Reach:
    """Candidates and homes strewn over 1,800 s by 1,800 s."""
    lots = np.random.default_rng(7)
    rooms, homes = lots.random((m, 2)) * 1800, lots.random((n, 2)) * 1800
    return _reach(np.abs(rooms[:, None] - homes[None]).sum(axis=2))


def _ring(n: int) -> Reach:
    """A home between each two neighbours of a ring: nothing can be left out beforehand."""
    ahead = (np.arange(n)[None] - np.arange(n)[:, None]) % n
    return _reach(np.where((ahead == 0) | (ahead == n - 1), 200.0, 500.0))


def _reach(walk_s: FloatArray) -> Reach:
    who, whom = np.nonzero(walk_s <= 600)
    ptr = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=len(walk_s)))])
    return Reach(ptr, whom.astype(np.int32), walk_s[who, whom].astype(np.float32), walk_s.shape[1], 600.0)
