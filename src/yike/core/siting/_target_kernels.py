# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""Greedy steps towards requirements: the item that brings pools nearest to their needs for its money."""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.tables import BoolArray, FloatArray, IntArray


class Built(NamedTuple):
    """A plan under construction."""

    has: BoolArray  # per item
    count: IntArray  # per row
    people: FloatArray  # per pool
    inside: FloatArray  # per site: number of types, sum of areas, largest area
    total: FloatArray  # (2,): sites used, money spent


@njit(cache=True)
def add_item(goal, built, e):
    """Build an item."""
    for q in range(goal.item_ptr[e], goal.item_ptr[e + 1]):
        i = goal.item_row[q]
        if built.count[i] == 0:
            built.people[goal.row_pool[i]] += goal.row_weight[i]
        built.count[i] += 1
    j = goal.site[e]
    if built.inside[j, 0] == 0:
        built.total[0] += 1
        built.total[1] += goal.site_cost[j]
    built.has[e] = True
    built.inside[j, 0] += 1
    built.inside[j, 1] += goal.item_area[e]
    built.inside[j, 2] = max(built.inside[j, 2], goal.item_area[e])
    built.total[1] += goal.item_cost[e]


@njit(cache=True)
def drop_item(goal, built, e):
    """Take an item away."""
    for q in range(goal.item_ptr[e], goal.item_ptr[e + 1]):
        i = goal.item_row[q]
        built.count[i] -= 1
        if built.count[i] == 0:
            built.people[goal.row_pool[i]] -= goal.row_weight[i]
    j = goal.site[e]
    built.has[e] = False
    built.total[1] -= goal.item_cost[e]
    built.inside[j] = 0.0
    first, last = np.searchsorted(goal.site, j), np.searchsorted(goal.site, j + 1)
    for other in range(first, last):
        if built.has[other]:
            built.inside[j, 0] += 1
            built.inside[j, 1] += goal.item_area[other]
            built.inside[j, 2] = max(built.inside[j, 2], goal.item_area[other])
    if built.inside[j, 0] == 0:
        built.total[0] -= 1
        built.total[1] -= goal.site_cost[j]


@njit(cache=True)
def added_cost(goal, built, e, by_site):
    """Money (or sites, with a little for the item) that an item adds; ``inf`` where it does not fit."""
    j = goal.site[e]
    is_new = built.inside[j, 0] == 0
    n_types, areas = built.inside[j, 0] + 1, built.inside[j, 1] + goal.item_area[e]
    largest = max(built.inside[j, 2], goal.item_area[e])
    if n_types > goal.most_types or (is_new and built.total[0] >= goal.k):
        return np.inf
    if goal.shared * largest + (1.0 - goal.shared) * areas > goal.site_area[j] + 1e-9:
        return np.inf
    money = goal.item_cost[e] + (goal.site_cost[j] if is_new else 0.0)
    if built.total[1] + money > goal.budget:
        return np.inf
    if by_site:
        return (1.0 if is_new else 0.0) + 0.01
    return money + 1.0


@njit(cache=True)
def progress(goal, built, need, e, seen):
    """Share of the open needs that an item meets, summed over pools; ``seen`` is working space of zeros."""
    for q in range(goal.item_ptr[e], goal.item_ptr[e + 1]):
        i = goal.item_row[q]
        if built.count[i] == 0:
            seen[goal.row_pool[i]] += goal.row_weight[i]
    total = 0.0
    for q in range(goal.item_ptr[e], goal.item_ptr[e + 1]):
        p = goal.row_pool[goal.item_row[q]]
        if seen[p] > 0.0:
            open_need = need[p] - built.people[p]
            if open_need > 0.0:
                total += min(seen[p], open_need) / need[p]
            seen[p] = 0.0
    return total


@njit(cache=True)
def is_short(built, need, p):
    """Whether a pool has not what it needs."""
    return built.people[p] < need[p] - 1e-9 * max(1.0, need[p])


@njit(cache=True)
def reach_needs(goal, built, pools, need, by_site, added, banned):
    """
    Add items until each of ``pools`` has what it needs; most progress per cost first.

    Fills ``added`` with the items and returns their number, or -1 - number when that cannot be reached.
    """
    n = 0
    seen = np.zeros(len(need))
    tried = np.full(len(built.has), -1, np.int64)
    step = 0
    while True:
        step += 1
        best, best_e, open_pools = 0.0, -1, 0
        for p in pools:
            if not is_short(built, need, p):
                continue
            open_pools += 1
            for a in range(goal.pool_ptr[p], goal.pool_ptr[p + 1]):
                e = goal.pool_item[a]
                if built.has[e] or tried[e] == step or banned[goal.site[e]]:
                    continue
                tried[e] = step
                cost = added_cost(goal, built, e, by_site)
                if cost == np.inf:
                    continue
                rate = progress(goal, built, need, e, seen) / cost
                if rate > best * (1.0 + 1e-12):
                    best, best_e = rate, e
        if open_pools == 0:
            return n
        if best_e < 0:
            return -1 - n
        add_item(goal, built, best_e)
        added[n] = best_e
        n += 1
