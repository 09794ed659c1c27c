"""Towns of fixed seed for the models of several types, budgets, capacities, fairness and targets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from yike.core.siting.mix import FacilityMix, TypeDemand
from yike.core.siting.problems import BudgetCover, CapacitatedCover, FairCover
from yike.core.siting.reach import Reach
from yike.core.siting.target import Aim, CountGate, LevelRule, Requirement, TargetPlan

DETOUR = 1.3  # walked metres per straight metre; the streets themselves are the subject of siting_bench.py
LIMIT_S = 900.0
CUTOFF_S = 600.0
WAN_FEN = 1_000_000  # 万元 in fen
TOWNS = {  # size: premises, homes, types, circles
    "15x600x4": (15, 600, 4, 4),
    "60x4kx8": (60, 4_000, 8, 12),
    "300x30kx22": (300, 30_000, 22, 60),
    "1kx10kx1": (1_000, 10_000, 1, 50),
}


@dataclass(frozen=True)
class Town:
    """Homes around hot spots, premises among them, what each neighbourhood lacks."""

    reach: Reach
    demands: tuple[TypeDemand, ...]
    area_m2: np.ndarray  # NaN for every third premise or so
    cost_fen: np.ndarray
    capacity: np.ndarray
    circle: np.ndarray  # of each home, -1 none
    people: np.ndarray


def make_town(size: str, seed: int = 0) -> Town:
    """
    Draw a town. Walks are straight lines times a detour factor, at 1 m/s.

    Neighbourhoods lack a type as a whole (its nearest shop is far from all their homes), types differ in
    cutoff, area and cost, and a premise takes six of ten types.
    """
    m, n, n_types, n_circles = TOWNS[size]
    rng = np.random.default_rng(seed)
    side = 8_000 * np.sqrt(n / 30_000)
    spots = rng.uniform(0, side, (max(5, n // 300), 2))
    spot = rng.integers(0, len(spots), n)
    homes = np.clip(spots[spot] + rng.normal(0, 350, (n, 2)), 0, side)
    rooms = np.clip(homes[rng.integers(0, n, m)] + rng.normal(0, 200, (m, 2)), 0, side)
    reach = straight_reach(rooms, homes)
    people = rng.integers(1, 120, n).astype(float)
    demands = tuple(
        TypeDemand(
            t, people * (rng.random(len(spots)) < rng.uniform(0.2, 0.8))[spot],
            float(rng.choice([600, 900])), rng.random(m) < 0.6, float(rng.choice([6, 15, 30, 60, 120])),
            int(rng.integers(2, 40)) * WAN_FEN,
        )
        for t in range(n_types)
    )  # fmt: skip
    area = np.where(rng.random(m) < 0.3, np.nan, rng.uniform(20, 200, m))
    cost = rng.integers(2, 50, m) * WAN_FEN
    return Town(
        reach, demands, area, cost, rng.integers(500, 4_000, m).astype(float),
        circles_around(reach, rng.choice(m, n_circles, replace=False)), people,
    )  # fmt: skip


def straight_reach(rooms: np.ndarray, homes: np.ndarray) -> Reach:
    """Walks of straight lines times ``DETOUR``."""
    tree = cKDTree(homes)
    near = [np.array(sorted(tree.query_ball_point(xy, LIMIT_S / DETOUR)), np.int32) for xy in rooms]
    walk = [np.hypot(*(homes[i] - xy).T) * DETOUR for i, xy in zip(near, rooms, strict=True)]
    ptr = np.cumsum([0] + [len(i) for i in near]).astype(np.int64)
    flat = np.minimum(np.concatenate(walk), LIMIT_S).astype(np.float32)
    return Reach(ptr, np.concatenate(near), flat, len(homes), LIMIT_S)


def circles_around(reach: Reach, centres: np.ndarray) -> np.ndarray:
    """Homes within the search of a centre are its circle; the first centre wins."""
    circle = np.full(reach.n_demand, -1, np.int32)
    for g, j in enumerate(centres):
        mine = reach.demand_of(int(j))
        circle[mine[circle[mine] < 0]] = g
    return circle


def mix_of(town: Town, *, k: int | None = None, budget_fen: int | None = None, most: int = 4) -> FacilityMix:
    """Up to four types in a premise, a fifth of the smaller areas shared."""
    return FacilityMix(town.reach, town.demands, town.area_m2, town.cost_fen, k, budget_fen, most, 0.2)


def budget_of(town: Town) -> BudgetCover:
    """A twelfth of what all premises cost."""
    weight = town.demands[0].weight
    return BudgetCover(town.reach, weight, CUTOFF_S, town.cost_fen, int(town.cost_fen.sum()) // 12)


def capacitated_of(town: Town) -> CapacitatedCover:
    """A tenth of the premises, each serving 500 to 4,000 people."""
    k = max(2, len(town.capacity) // 10)
    return CapacitatedCover(town.reach, town.demands[0].weight, CUTOFF_S, k, town.capacity)


def fair_of(town: Town, mode: str) -> FairCover:
    """A tenth of the premises, between the circles."""
    total = np.bincount(town.circle[town.circle >= 0], town.people[town.circle >= 0])
    k = max(2, len(town.capacity) // 10)
    return FairCover(town.reach, town.demands[0].weight, CUTOFF_S, k, town.circle, total, mode=mode)


def target_of(town: Town, objective: str) -> TargetPlan:
    """
    In 70 % of the circles three quarters of the types (up to 13) reach 80 % of the people.

    Or in as many circles as all premises together can bring there.
    """
    n_types, n_circles = min(13, len(town.demands)), int(town.circle.max()) + 1
    mix = replace(mix_of(town, most=6), demands=town.demands[:n_types])
    levels_at = max(1, int(0.75 * n_types))
    requirements, levels, possible = [], [], 0
    for g in range(n_circles):
        mine = town.circle == g
        total = float(town.people[mine].sum())
        first = len(requirements)
        for t, demand in enumerate(mix.demands):
            reached = total - float(demand.weight[mine].sum())
            requirements.append(Requirement(f"{g}-{t}", t, town.circle, g, 0.8, reached, total))
        best = [best_of(town, r, mix.demands[r.demand]) for r in requirements[first:]]
        possible += sum(b >= 0.8 for b in best) >= levels_at
        levels.append(LevelRule(g, (CountGate(tuple(range(first, first + n_types)), levels_at),)))
    weight = np.full(n_circles, 1 / n_circles)
    aim = Aim("level", tuple(range(n_circles)), weight, min(0.7, possible / n_circles))
    return TargetPlan(mix, tuple(requirements), tuple(levels), (aim,), objective)


def best_of(town: Town, one: Requirement, demand: TypeDemand) -> float:
    """Share of a circle's people when every allowed premise takes the type."""
    covered = np.zeros(town.reach.n_demand, bool)
    reach = town.reach.within(demand.cutoff_s)
    for j in np.flatnonzero(demand.is_allowed):
        covered[reach.demand_of(int(j))] = True
    mine = covered & (town.circle == one.group)
    return (one.reached + float(demand.weight[mine].sum())) / one.total if one.total else 0.0


def problem_of(model: str, size: str):
    """A problem by the name of its row in results.csv."""
    town = make_town(size)
    m = len(town.cost_fen)
    return {
        "mix_k": lambda: mix_of(town, k=m // 10),
        "mix_budget": lambda: mix_of(town, budget_fen=3 * m * WAN_FEN),
        "mix_k_budget": lambda: mix_of(town, k=m // 10, budget_fen=3 * m * WAN_FEN),
        "budget": lambda: budget_of(town),
        "capacity": lambda: capacitated_of(town),
        "fair_lexicographic": lambda: fair_of(town, "lexicographic"),
        "fair_weighted": lambda: fair_of(town, "weighted"),
        "target_cost": lambda: target_of(town, "cost"),
        "target_projects": lambda: target_of(town, "projects"),
    }[model]()
