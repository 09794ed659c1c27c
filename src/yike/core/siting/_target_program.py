"""A target plan as a mixed-integer program, for HiGHS."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from yike.core.siting._highs import Program
from yike.core.siting._mix_kernels import Mix
from yike.core.siting._mix_program import RowList, add_site_rows
from yike.core.siting._target_plain import Goal, met_requirements
from yike.core.siting._target_sets import MinimalSets
from yike.core.tables import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from yike.core.siting.target import TargetPlan


class Layout(NamedTuple):
    """Where the unknowns begin: sites and items, cover rows, requirements, levels, minimal sets."""

    rows: IntArray  # cover rows that have an unknown: those of requirements told by their people
    cover: int
    req: int
    level: int
    set: int
    n: int
    sets: dict[int, MinimalSets]  # by requirement
    by_cuts: tuple[int, ...] = ()  # requirements of large pools, told by inequalities alone


MOST_PAIRS = 60_000
"""With more (item, row) pairs, requirements without minimal sets are told by inequalities alone."""


def layout_of(plan: TargetPlan, goal: Goal, sets: dict[int, MinimalSets]) -> Layout:
    """Number the columns."""
    others = [(r, p) for r, p in _open_pools(goal) if r not in sets]
    rows = np.flatnonzero(np.isin(goal.row_pool, [p for _, p in others])).astype(np.int32)
    is_large = int(np.isin(goal.item_row, rows).sum()) > MOST_PAIRS
    if is_large:
        rows = rows[:0]
    cover = goal.columns.n
    req = cover + len(rows)
    level = req + len(plan.requirements)
    first = level + len(plan.levels)
    n = first + sum(len(s.is_in) for s in sets.values())
    by_cuts = tuple(r for r, _ in others) if is_large else ()
    return Layout(rows, cover, req, level, first, n, sets, by_cuts)


def _open_pools(goal: Goal) -> list[tuple[int, int]]:
    """(requirement, pool) where somebody is still to be reached and can be."""
    can = met_requirements(goal, goal.pool_best)
    return [(r, int(p)) for r, p in enumerate(goal.req_pool) if p >= 0 and goal.req_need[r] > 0 and can[r]]


def unit_of(goal: Goal, by_site: bool) -> float:
    """What one unit of the program's objective is: whole numbers as small as may be."""
    if by_site:
        return 1.0
    cost = np.concatenate([goal.site_cost, goal.item_cost]).astype(np.int64)
    return float(max(1, np.gcd.reduce(cost))) if len(cost) else 1.0


def target_program(
    plan: TargetPlan, must: list[int], must_levels: list[int], goal: Goal, at: Layout
) -> Program:
    """Lay out the program of ``target``'s text; requirements by their minimal sets where there are some."""
    rows = RowList()
    add_site_rows(rows, _as_mix(goal), goal.columns)
    _add_cover_rows(rows, goal, at)
    _add_needs(rows, goal, at)
    _add_item_rows(rows, goal, at)
    _add_sets(rows, at, goal.columns.n_sites)
    _add_levels(rows, plan, goal, at)
    for aim in plan.aims:
        slack = 1e-9 * max(1.0, abs(aim.at_least))
        rows.add_one(at.level + np.array(aim.levels), aim.weight, aim.at_least - slack, np.inf)
    floor = np.zeros(at.n)
    floor[at.req + np.array(must, np.int64)] = 1.0
    floor[at.level + np.array(must_levels, np.int64)] = 1.0
    top = np.ones(at.n)
    top[at.req : at.level][~met_requirements(goal, goal.pool_best)] = 0.0
    is_integer = np.ones(at.n, np.bool_)
    is_integer[at.cover : at.req] = False
    is_integer[at.set :] = False  # where items are whole, some whole set is among them
    low, high = rows.limits()
    return Program(_costs(plan, goal, at), rows.matrix(at.n), low, high, floor, top, is_integer)


def _as_mix(goal: Goal) -> Mix:
    """What ``add_site_rows`` reads of a mix; costs and areas go by item there, so types stand for items."""
    n_types = goal.columns.column.shape[1]
    cost, area = np.zeros(n_types), np.zeros(n_types)
    cost[goal.columns.type_row] = goal.item_cost
    area[goal.columns.type_row] = goal.item_area
    nothing = np.empty(0, np.int64)
    return Mix(
        nothing, nothing.astype(np.int32), nothing.astype(np.int32), nothing, np.empty(0),
        goal.columns.column >= 0, area, goal.site_area, goal.shared, goal.site_cost, cost,
        goal.most_types, goal.k, goal.budget,
    )  # fmt: skip


def _add_cover_rows(rows: RowList, goal: Goal, at: Layout) -> None:
    n = len(at.rows)
    place = np.full(len(goal.row_weight), -1, np.int64)
    place[at.rows] = np.arange(n)
    item = goal.columns.n_sites + np.repeat(np.arange(len(goal.site)), np.diff(goal.item_ptr))
    row = place[goal.item_row]
    item, row = item[row >= 0], row[row >= 0]
    every = np.arange(n)
    rows.add(
        np.concatenate([every, row]), np.concatenate([at.cover + every, item]),
        np.concatenate([np.ones(n), -np.ones(len(item))]), np.full(n, -np.inf), np.zeros(n),
    )  # fmt: skip


def _add_needs(rows: RowList, goal: Goal, at: Layout) -> None:
    """People of the pool who are newly reached >= what is needed, when the requirement counts as met."""
    pool = goal.row_pool[at.rows]
    by_pool = np.argsort(pool, kind="stable")
    first = np.searchsorted(pool[by_pool], np.arange(len(goal.pool_best) + 1))
    for r, p in _open_pools(goal):
        if r in at.sets or r in at.by_cuts:
            continue
        mine = by_pool[first[p] : first[p + 1]]
        # no single row needs more than what is asked for: a tighter relaxation
        value = np.minimum(goal.row_weight[at.rows[mine]], goal.req_need[r])
        rows.add_one(np.append(at.cover + mine, at.req + r), np.append(value, -goal.req_need[r]), 0.0, np.inf)


def _add_item_rows(rows: RowList, goal: Goal, at: Layout) -> None:
    """
    The same needs in terms of items, which cuts off fractions of large sites (knapsack cover inequalities).

    No item counts for more than the need; and at least so many items as the largest ones would take.
    Valid for all plans; on 60 candidates the bound rose from a tenth of the best cost to over half of it.
    Source: Carr, Fleischer, Leung and Phillips (2000).
    """
    people = _people_of_items(goal)
    for r, p in _open_pools(goal):
        if r in at.sets:
            continue
        need = float(goal.req_need[r])
        mine = slice(goal.pool_ptr[p], goal.pool_ptr[p + 1])
        item = goal.columns.n_sites + goal.pool_item[mine]
        most = np.minimum(people[mine], need)
        rows.add_one(np.append(item, at.req + r), np.append(most, -need), 0.0, np.inf)
        in_order = np.cumsum(-np.sort(-most))
        fewest = int(np.searchsorted(in_order, need * (1.0 - 1e-9))) + 1
        if fewest > 1:
            rows.add_one(
                np.append(item, at.req + r), np.append(np.ones(len(item)), -float(fewest)), 0.0, np.inf
            )


def _add_sets(rows: RowList, at: Layout, n_sites: int) -> None:
    """One of the minimal sets when the requirement counts as met; an item as soon as a set holds it."""
    first = at.set
    for r, (items, is_in) in at.sets.items():
        mine = first + np.arange(len(is_in))
        first += len(is_in)
        rows.add_one(np.append(mine, at.req + r), np.append(np.ones(len(mine)), -1.0), 0.0, np.inf)
        for k in np.flatnonzero(is_in.any(axis=0)).tolist():
            holds = mine[is_in[:, k]]
            value = np.append(np.ones(len(holds)), -1.0)
            rows.add_one(np.append(holds, n_sites + items[k]), value, -np.inf, 0.0)


def _people_of_items(goal: Goal) -> FloatArray:
    """People of a pool whom an item reaches, for each entry of ``pool_item``."""
    n_items = max(1, len(goal.site))
    item = np.repeat(np.arange(len(goal.site)), np.diff(goal.item_ptr))
    key = goal.row_pool[goal.item_row].astype(np.int64) * n_items + item
    pool = np.repeat(np.arange(len(goal.pool_best)), np.diff(goal.pool_ptr))
    place = np.searchsorted(pool * n_items + goal.pool_item, key)
    return np.bincount(place, goal.row_weight[goal.item_row], len(goal.pool_item)).astype(float)


def _add_levels(rows: RowList, plan: TargetPlan, goal: Goal, at: Layout) -> None:
    """A level asks for what is missing to its number; what is met today cannot stand for half a level."""
    met = met_requirements(goal, np.zeros(len(goal.pool_best)))
    for v, level in enumerate(plan.levels):
        for presence, at_least in level.gates:
            missing = np.array([r for r in presence if not met[r]], np.int64)
            short = at_least - (len(presence) - len(missing))
            if short > 0:
                value = np.append(np.ones(len(missing)), -float(short))
                rows.add_one(np.append(at.req + missing, at.level + v), value, 0.0, np.inf)


def _costs(plan: TargetPlan, goal: Goal, at: Layout) -> FloatArray:
    cost = np.zeros(at.n)
    m = goal.columns.n_sites
    if plan.objective == "projects":
        # sites alone: whole steps, which HiGHS rounds its bound to; items not needed are pruned afterwards
        cost[:m] = 1.0
    else:
        unit = unit_of(goal, by_site=False)
        cost[:m], cost[m : at.cover] = goal.site_cost / unit, goal.item_cost / unit
    return cost


def cost_of_bound(goal: Goal, bound: float, by_site: bool) -> float:
    """A bound of the program as a bound of fen or sites; both are whole."""
    if not np.isfinite(bound):
        return 0.0
    return max(0.0, ceil(bound - 1e-5) * unit_of(goal, by_site))


def items_in(goal: Goal, x: FloatArray) -> BoolArray:
    """Items that a point of the program builds."""
    m = goal.columns.n_sites
    return np.asarray(x[m : m + len(goal.site)] > 0.5)


def start_of(
    plan: TargetPlan, goal: Goal, at: Layout, has: BoolArray, covered: BoolArray, people: FloatArray
) -> FloatArray:
    """A plan as a point of the program."""
    is_used = np.zeros(goal.columns.n_sites)
    is_used[goal.site[has]] = 1.0
    met = met_requirements(goal, people)
    levels = [all(met[list(p)].sum() >= n for p, n in v.gates) for v in plan.levels]
    chosen = np.zeros(at.n - at.set)
    first = 0
    for items, is_in in at.sets.values():
        whole = np.flatnonzero(~(is_in & ~has[items]).any(axis=1))
        if len(whole):
            chosen[first + whole[0]] = 1.0
        first += len(is_in)
    return np.concatenate([is_used, has, covered[at.rows], met, np.array(levels, float), chosen]).astype(
        float
    )
