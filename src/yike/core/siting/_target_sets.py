"""
Minimal sets of a requirement: with them a program is much tighter than with shares of people.

A plan meets a requirement exactly when it builds all items of one of its minimal sets. With one unknown per
set, the program is as tight as if every requirement were solved by itself and only the items were shared
(Dantzig and Wolfe 1960, one block per requirement); on 300 premises in 60 circles the bound without whole
numbers rose from half of the best cost to nearly four fifths.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from yike.core.siting._pool_kernels import minimal_sets
from yike.core.siting._target_plain import Goal, met_requirements
from yike.core.tables import BoolArray, FloatArray, IntArray

MOST_SETS = 1_000
"""Beyond so many minimal sets a requirement is told by its people."""

MOST_NODES = 30_000
"""Beyond so many steps the search for them is given up."""

MOST_CELLS = 40_000
"""Pools of more items times rows are not searched: their sets are too many."""


class MinimalSets(NamedTuple):
    """All minimal sets of one requirement."""

    items: IntArray  # that reach somebody of its pool
    is_in: BoolArray  # shape (n_sets, n_items)


class Pool(NamedTuple):
    """Who reaches whom in a pool; rows that the same items reach are one."""

    items: IntArray
    covers: BoolArray  # shape (n_items, n_rows)
    weight: FloatArray


def pool_of(goal: Goal, p: int) -> Pool:
    """Cut a pool out of the plain problem."""
    items = goal.pool_item[goal.pool_ptr[p] : goal.pool_ptr[p + 1]]
    rows = np.flatnonzero(goal.row_pool == p)
    place = np.full(len(goal.row_weight), -1, np.int64)
    place[rows] = np.arange(len(rows))
    covers = np.zeros((len(items), len(rows)), np.bool_)
    for k, e in enumerate(items):
        mine = place[goal.item_row[goal.item_ptr[e] : goal.item_ptr[e + 1]]]
        covers[k, mine[mine >= 0]] = True
    if not covers.size:
        return Pool(items, covers, goal.row_weight[rows])
    alike, at = np.unique(covers, axis=1, return_inverse=True)
    return Pool(
        items, np.ascontiguousarray(alike), np.bincount(at.ravel(), goal.row_weight[rows]).astype(float)
    )


def sets_of(goal: Goal) -> dict[int, MinimalSets]:
    """Minimal sets of every open requirement that has not too many; by row of the requirement."""
    is_open = ~met_requirements(goal, np.zeros(len(goal.pool_best)))
    is_open &= met_requirements(goal, goal.pool_best)
    found: dict[int, MinimalSets] = {}
    for r in np.flatnonzero(is_open).tolist():
        pool = pool_of(goal, int(goal.req_pool[r]))
        if pool.covers.size > MOST_CELLS:
            continue
        sets, is_all = minimal_sets(pool.covers, pool.weight, goal.req_need[r], MOST_SETS, MOST_NODES)
        if is_all:
            found[r] = MinimalSets(pool.items, sets)
    return found
