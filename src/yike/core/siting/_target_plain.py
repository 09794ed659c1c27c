"""A target plan in plain arrays: pools of people, what items add to them, what requirements need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from yike.core.siting._mix_kernels import Mix
from yike.core.siting._mix_program import Columns, item_columns
from yike.core.siting.merging import AlikeRows, merge_alike
from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray

if TYPE_CHECKING:
    from yike.core.siting.target import TargetPlan


class Goal(NamedTuple):
    """
    The plain problem. A pool is the people of one group who lack one type; requirements draw on pools.

    Items are those of ``columns``; rows are merged homes, each in one pool.
    """

    columns: Columns
    item_ptr: LongArray
    item_row: IntArray
    row_weight: FloatArray
    row_pool: IntArray
    pool_ptr: LongArray  # pool -> items that reach somebody in it
    pool_item: IntArray
    pool_best: FloatArray  # people in the pool whom any allowed item reaches
    req_pool: IntArray  # pool of each requirement, -1 nobody to reach
    req_need: FloatArray  # people still needed; <= 0: met already
    site: IntArray  # of each item
    item_cost: FloatArray
    item_area: FloatArray
    site_cost: FloatArray
    site_area: FloatArray
    shared: float
    most_types: int
    k: int
    budget: float


def plain_goal(plan: TargetPlan, mix: Mix) -> Goal:
    """Lay a target plan out for kernels and programs."""
    columns = item_columns(mix.is_allowed)
    layers = _layers(plan)
    merged = {key: _merge(plan, key, reqs) for key, reqs in layers.items()}
    pool_of_req = np.full(len(plan.requirements), -1, np.int32)
    weights: list[FloatArray] = []
    pools: list[IntArray] = []
    pairs: list[tuple[LongArray, LongArray]] = []
    n_pools = n_rows = 0
    for key, reqs in layers.items():
        alike = merged[key]
        demand, group_idx = key[0], plan.requirements[reqs[0]].group_idx
        label = _label_of_rows(alike, group_idx)
        wanted = sorted({plan.requirements[r].group for r in reqs})
        for r in reqs:
            pool_of_req[r] = n_pools + wanted.index(plan.requirements[r].group)
        weight = alike.sum_by_row(plan.mix.demands[demand].weight)
        keep = np.isin(label, wanted) & (weight > 0)
        new_row = np.where(keep, n_rows + np.cumsum(keep) - 1, -1)
        weights.append(weight[keep])
        pools.append((n_pools + np.searchsorted(wanted, label[keep])).astype(np.int32))
        pairs.append(_pairs(alike, columns.column[:, demand] - columns.n_sites, new_row))
        n_rows, n_pools = n_rows + int(keep.sum()), n_pools + len(wanted)
    item = np.concatenate([np.empty(0, np.int64)] + [p[0] for p in pairs])
    row = np.concatenate([np.empty(0, np.int64)] + [p[1] for p in pairs])
    order = np.lexsort((row, item))
    item, row = item[order], row[order]
    n_items = len(columns.site)
    row_weight = np.concatenate([np.empty(0), *weights])
    row_pool = np.concatenate([np.empty(0, np.int32), *pools])
    touched = np.unique(row_pool[row].astype(np.int64) * max(1, n_items) + item)
    is_reached = np.zeros(n_rows, np.bool_)
    is_reached[row] = True
    return Goal(
        columns, _ptr(item, n_items), row.astype(np.int32), row_weight, row_pool,
        _ptr(touched // max(1, n_items), n_pools), (touched % max(1, n_items)).astype(np.int32),
        np.bincount(row_pool[is_reached], row_weight[is_reached], minlength=n_pools).astype(float),
        pool_of_req, _needs(plan, row_weight), columns.site, mix.type_cost[columns.type_row],
        mix.area[columns.type_row], mix.site_cost, mix.site_area, mix.shared, mix.most_types, mix.k,
        mix.budget,
    )  # fmt: skip


def _layers(plan: TargetPlan) -> dict[tuple[int, int], list[int]]:
    """Requirements by type and grouping (two groupings may overlap, so they stay apart)."""
    layers: dict[tuple[int, int], list[int]] = {}
    groupings: list[IntArray] = []
    for r, one in enumerate(plan.requirements):
        same = (w for w, g in enumerate(groupings) if g is one.group_idx or np.array_equal(g, one.group_idx))
        which = next(same, len(groupings))
        if which == len(groupings):
            groupings.append(one.group_idx)
        layers.setdefault((one.demand, which), []).append(r)
    return layers


def _merge(plan: TargetPlan, key: tuple[int, int], reqs: list[int]) -> AlikeRows:
    cutoff_s = plan.mix.demands[key[0]].cutoff_s
    return merge_alike(plan.mix.reach, cutoff_s, label=plan.requirements[reqs[0]].group_idx)


def _label_of_rows(alike: AlikeRows, group_idx: IntArray) -> IntArray:
    label = np.full(alike.n_rows, -1, np.int32)
    reached = alike.row_of_demand >= 0
    label[alike.row_of_demand[reached]] = group_idx[reached]
    return label


def _pairs(alike: AlikeRows, item_of_site: LongArray, new_row: LongArray) -> tuple[LongArray, LongArray]:
    """(item, row) of a layer; sites where the type is not allowed have an item below 0."""
    item = np.repeat(item_of_site, np.diff(alike.ptr))
    row = new_row[alike.row]
    keep = (item >= 0) & (row >= 0)
    return item[keep], row[keep]


def _ptr(sorted_key: LongArray, n: int) -> LongArray:
    return np.searchsorted(sorted_key, np.arange(n + 1)).astype(np.int64)


def _needs(plan: TargetPlan, row_weight: FloatArray) -> FloatArray:
    """People still needed; rounded up where people are whole, for then the last part of one is one."""
    need = np.array([r.share * r.total - r.reached for r in plan.requirements], float)
    need[need <= 1e-9 * np.array([max(1.0, r.total) for r in plan.requirements], float)] = 0.0
    is_whole = bool((row_weight == np.floor(row_weight)).all())
    return np.ceil(need - 1e-6) if is_whole else need


def met_requirements(goal: Goal, pool_people: FloatArray) -> BoolArray:
    """Which requirements hold when so many people of each pool are reached."""
    has_pool = goal.req_pool >= 0
    got = np.zeros(len(goal.req_need))
    got[has_pool] = pool_people[goal.req_pool[has_pool]]
    return got >= goal.req_need - 1e-9 * np.maximum(1.0, goal.req_need)
