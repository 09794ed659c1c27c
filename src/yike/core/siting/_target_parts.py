"""
Parts of a target plan that share no site: solved one by one, their costs and bounds add up.

Only where nothing else ties them: no level to choose, no budget, no limit of sites.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from yike.core.siting._mix_program import item_columns
from yike.core.siting._target_plain import Goal
from yike.core.tables import IntArray, LongArray

if TYPE_CHECKING:
    from yike.core.siting.target import TargetPlan


class Part(NamedTuple):
    """Some pools with their sites, as a problem of its own."""

    plan: TargetPlan
    goal: Goal
    items: LongArray  # rows of the items of the whole problem


def parts_of(plan: TargetPlan, goal: Goal) -> list[Part]:
    """Split a problem; one part, the whole, where anything ties all of it."""
    is_tied = bool(plan.levels) or goal.k < len(goal.site_cost) or goal.budget < np.inf
    label = np.zeros(len(goal.pool_best), np.int32) if is_tied else _labels(goal)
    n = int(label.max(initial=-1)) + 1
    if n <= 1:
        return [Part(plan, goal, np.arange(len(goal.site)))]
    return [_part(plan, goal, label, c) for c in range(n)]


def _labels(goal: Goal) -> IntArray:
    """Component of each pool: pools are joined by the sites that reach them."""
    n_pools, m = len(goal.pool_best), len(goal.site_cost)
    pool = np.repeat(np.arange(n_pools), np.diff(goal.pool_ptr))
    site = n_pools + goal.site[goal.pool_item].astype(np.int64)
    n = n_pools + m
    _, label = connected_components(coo_array((np.ones(len(pool)), (pool, site)), (n, n)), directed=False)
    return np.unique(label[:n_pools], return_inverse=True)[1].ravel().astype(np.int32)


def _part(plan: TargetPlan, goal: Goal, label: IntArray, c: int) -> Part:
    """Cut one component out, everything numbered anew in the old order."""
    pools = np.flatnonzero(label == c)
    reqs = np.flatnonzero(np.isin(goal.req_pool, pools) & (goal.req_pool >= 0))
    items = np.unique(np.concatenate([np.empty(0, np.int64), *(_items(goal, int(p)) for p in pools)]))
    rows = np.flatnonzero(label[goal.row_pool] == c)
    sites = np.unique(goal.site[items])
    new_row, new_item = _places(rows, len(goal.row_weight)), _places(items, len(goal.site))
    new_pool = _places(pools, len(label))
    owner = np.repeat(np.arange(len(goal.site)), np.diff(goal.item_ptr))
    keep = (new_row[goal.item_row] >= 0) & (new_item[owner] >= 0)
    pair_pool = np.repeat(np.arange(len(label)), np.diff(goal.pool_ptr))
    allowed = np.zeros((len(sites), goal.columns.column.shape[1]), np.bool_)
    allowed[np.searchsorted(sites, goal.site[items]), goal.columns.type_row[items]] = True
    columns = item_columns(allowed)
    small = goal._replace(
        columns=columns,
        item_ptr=_ptr(new_item[owner[keep]], len(items)),
        item_row=new_row[goal.item_row[keep]].astype(np.int32),
        row_weight=goal.row_weight[rows],
        row_pool=new_pool[goal.row_pool[rows]].astype(np.int32),
        pool_ptr=_ptr(new_pool[pair_pool[label[pair_pool] == c]], len(pools)),
        pool_item=new_item[goal.pool_item[label[pair_pool] == c]].astype(np.int32),
        pool_best=goal.pool_best[pools],
        req_pool=new_pool[goal.req_pool[reqs]].astype(np.int32),
        req_need=goal.req_need[reqs],
        site=columns.site,
        item_cost=goal.item_cost[items],
        item_area=goal.item_area[items],
        site_cost=goal.site_cost[sites],
        site_area=goal.site_area[sites],
        k=len(sites),
    )
    kept = tuple(plan.requirements[r] for r in reqs)
    return Part(replace(plan, requirements=kept), small, items)


def _items(goal: Goal, p: int) -> LongArray:
    return goal.pool_item[goal.pool_ptr[p] : goal.pool_ptr[p + 1]].astype(np.int64)


def _places(chosen: LongArray, n: int) -> LongArray:
    """New number of each old row, -1 left out."""
    place = np.full(n, -1, np.int64)
    place[chosen] = np.arange(len(chosen))
    return place


def _ptr(sorted_key: LongArray, n: int) -> LongArray:
    return np.searchsorted(sorted_key, np.arange(n + 1)).astype(np.int64)
