"""Naive twins of the advanced siting models: every choice, judged by its definition."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog

from yike.core.siting.mix import FacilityMix
from yike.core.siting.problems import BudgetCover, CapacitatedCover, FairCover
from yike.core.siting.reach import Reach
from yike.core.siting.target import TargetPlan


def reach_from(walks: dict[tuple[int, int], float], n_sites: int, n_homes: int, limit_s: float = 900.0):
    """Reach from a table (site, home) -> seconds."""
    ptr, idx, walk = [0], [], []
    for j in range(n_sites):
        for i in range(n_homes):
            if (j, i) in walks and walks[j, i] <= limit_s:
                idx.append(i)
                walk.append(walks[j, i])
        ptr.append(len(idx))
    return Reach(
        np.array(ptr, np.int64), np.array(idx, np.int32), np.array(walk, np.float32), n_homes, limit_s
    )


def covered_by(reach: Reach, cutoff_s: float, sites) -> set[int]:
    """Homes within the cutoff of any of the sites."""
    found = set()
    for j in sites:
        for q in range(reach.ptr[j], reach.ptr[j + 1]):
            if reach.walk_s[q] <= cutoff_s:
                found.add(int(reach.demand_idx[q]))
    return found


def weight_of(weight, homes) -> float:
    """Sum over a set of homes."""
    return float(sum(weight[i] for i in sorted(homes)))


def best_budget(problem: BudgetCover) -> float:
    """Best weight over all subsets that the budget pays and that hold the fixed sites."""
    best = -1.0
    for sites in subsets(problem.reach.n_candidates):
        if (
            set(problem.fixed.tolist()) <= set(sites)
            and sum(problem.cost_fen[list(sites)]) <= problem.budget_fen
        ):
            covered = covered_by(problem.reach, problem.cutoff_s, sites)
            best = max(best, weight_of(problem.weight, covered))
    return best


def subsets(n: int):
    """All subsets of 0..n-1."""
    for size in range(n + 1):
        yield from combinations(range(n), size)


def served_by(problem: CapacitatedCover, sites) -> float:
    """Most weight that the sites can serve: the assignment as a linear program."""
    pairs = [
        (j, int(problem.reach.demand_idx[q]))
        for j in sites
        for q in range(problem.reach.ptr[j], problem.reach.ptr[j + 1])
        if problem.reach.walk_s[q] <= problem.cutoff_s
    ]
    if not pairs:
        return 0.0
    rows, limits = [], []
    for i in sorted({i for _, i in pairs}):
        rows.append([1.0 if p[1] == i else 0.0 for p in pairs])
        limits.append(problem.weight[i])
    for j in sites:
        rows.append([1.0 if p[0] == j else 0.0 for p in pairs])
        limits.append(problem.capacity[j])
    return float(-linprog([-1.0] * len(pairs), A_ub=rows, b_ub=limits).fun)


def best_capacitated(problem: CapacitatedCover) -> float:
    """Best service over all choices of k sites that hold the fixed ones."""
    fixed = set(problem.fixed.tolist())
    n = problem.reach.n_candidates
    return max(
        served_by(problem, sites)
        for sites in combinations(range(n), min(problem.k, n))
        if fixed <= set(sites)
    )


def shares_of(problem: FairCover, sites) -> list[float]:
    """Share served of each group that has people."""
    covered = covered_by(problem.reach, problem.cutoff_s, sites)
    shares = []
    for g, total in enumerate(problem.group_total):
        if total > 0:
            mine = [i for i in range(problem.reach.n_demand) if problem.group_idx[i] == g]
            missing = sum(problem.weight[i] for i in mine if i not in covered)
            shares.append((total - missing) / total)
    return shares


def best_leximin(problem: FairCover) -> tuple[float, ...]:
    """Shares from the lowest up, then the weight covered, of the fairest choice."""
    n = problem.reach.n_candidates
    return max(
        (
            *(round(s, 9) for s in sorted(shares_of(problem, sites))),
            round(weight_of(problem.weight, covered_by(problem.reach, problem.cutoff_s, sites)), 6),
        )
        for sites in combinations(range(n), min(problem.k, n))
    )


def best_weighted(problem: FairCover) -> float:
    """Best of (1 - f) share of all + f lowest share."""
    n, totals = problem.reach.n_candidates, [t for t in problem.group_total if t > 0]

    def value(sites) -> float:
        shares = shares_of(problem, sites)
        whole = sum(s * t for s, t in zip(shares, totals, strict=True)) / sum(totals)
        return (1 - problem.fairness) * whole + problem.fairness * min(shares)

    return max(value(sites) for sites in combinations(range(n), min(problem.k, n)))


def fits(problem: FacilityMix, plan: list[frozenset[int]]) -> bool:
    """Whether the types of each site obey room, number of types, permission, number of sites and budget."""
    shared = problem.shared_area_share
    for j, types in enumerate(plan):
        area = [problem.demands[t].area_m2 for t in types]
        if len(types) > problem.max_types_per_site or not all(
            problem.demands[t].is_allowed[j] for t in types
        ):
            return False
        need = shared * max(area, default=0.0) + (1 - shared) * sum(area)
        if not np.isnan(problem.site_area_m2[j]) and need > problem.site_area_m2[j] + 1e-9:
            return False
    if problem.k is not None and sum(bool(t) for t in plan) > problem.k:
        return False
    return problem.budget_fen is None or cost_of(problem, plan) <= problem.budget_fen


def cost_of(problem: FacilityMix, plan: list[frozenset[int]]) -> int:
    """Money that a plan takes."""
    stands = problem.is_open if problem.is_open is not None else np.zeros(len(plan), bool)
    opening = sum(int(problem.site_cost_fen[j]) for j, types in enumerate(plan) if types and not stands[j])
    return opening + sum(problem.demands[t].cost_fen for types in plan for t in types)


def value_of(problem: FacilityMix, plan: list[frozenset[int]]) -> float:
    """People newly covered times worth."""
    total = 0.0
    for t, demand in enumerate(problem.demands):
        sites = [j for j, types in enumerate(plan) if t in types]
        total += demand.worth * weight_of(demand.weight, covered_by(problem.reach, demand.cutoff_s, sites))
    return total


def all_plans(problem: FacilityMix):
    """Every plan that obeys the limits."""
    n_types = len(problem.demands)
    choices = [frozenset(s) for s in subsets(n_types) if len(s) <= problem.max_types_per_site]
    for plan in product(choices, repeat=problem.reach.n_candidates):
        if fits(problem, list(plan)):
            yield list(plan)


def best_mix(problem: FacilityMix) -> float:
    """Best value over every plan."""
    return max(value_of(problem, plan) for plan in all_plans(problem))


def meets(problem: TargetPlan, plan: list[frozenset[int]]) -> bool:
    """Whether a plan meets all that must be met, by the definition."""
    met = []
    for one in problem.requirements:
        demand = problem.mix.demands[one.demand]
        sites = [j for j, types in enumerate(plan) if one.demand in types]
        covered = covered_by(problem.mix.reach, demand.cutoff_s, sites)
        newly = weight_of(demand.weight, {i for i in covered if one.group_idx[i] == one.group})
        met.append(one.reached + newly >= one.share * one.total - 1e-9 * max(1.0, one.total))
    levels = [
        all(sum(met[r] for r in gate.presence) >= gate.at_least for gate in v.gates) for v in problem.levels
    ]
    aims = [
        sum(w for v, w in zip(a.levels, a.weight, strict=True) if levels[v]) >= a.at_least - 1e-9
        for a in problem.aims
    ]
    named = {r for v in problem.levels for r in v.presence}
    aimed = {v for a in problem.aims for v in a.levels}
    free = all(m for r, m in enumerate(met) if r not in named)
    return free and all(v for i, v in enumerate(levels) if i not in aimed) and all(aims)


def cheapest_target(problem: TargetPlan) -> float | None:
    """Least money (or sites) over every plan that meets the targets; None when none does."""
    best = None
    for plan in all_plans(problem.mix):
        if meets(problem, plan):
            cost = cost_of(problem.mix, plan) if problem.objective == "cost" else sum(map(bool, plan))
            best = cost if best is None else min(best, cost)
    return best


def plan_as_sets(plan, problem: FacilityMix) -> list[frozenset[int]]:
    """A SitingPlan as the sets of types per site."""
    row_of = {d.type_idx: t for t, d in enumerate(problem.demands)}
    sets: list[set[int]] = [set() for _ in range(problem.reach.n_candidates)]
    for j, t in zip(plan.site_idx.tolist(), plan.type_idx.tolist(), strict=True):
        sets[j].add(row_of[t])
    return [frozenset(s) for s in sets]
