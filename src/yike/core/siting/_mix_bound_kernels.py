# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
Upper bounds of the mix by Lagrangian relaxation of the cover rows.

With a price u_i in [0, w_i] on each row, L(u) = sum (w_i - u_i) + the best bundles when each site is paid
the prices of the rows it covers. The sites part then; the budget is priced by ``lam``. Every u and lam >= 0
gives a bound. Source: Galvao and ReVelle (1996) for maximal covering; Held, Wolfe and Crowder (1974).
"""

import numpy as np
from numba import njit

from yike.core.siting._bundle_kernels import best_bundle
from yike.core.siting._descent_kernels import is_spent, is_stalled, note_bound


@njit(cache=True)
def prices_by_item(mix, price, out):
    """Prices that each item collects."""
    m, n_types = mix.is_allowed.shape
    for t in range(n_types):
        base, start = mix.offset[t], mix.class_of[t] * m
        for j in range(m):
            total = 0.0
            if mix.is_allowed[j, t]:
                for q in range(mix.ptr[start + j], mix.ptr[start + j + 1]):
                    total += price[base + mix.row[q]]
            out[j, t] = total


@njit(cache=True)
def pick_sites(mix, value, lam, picks):
    """Best bundles at a price of money: fills ``picks``; their value (without ``lam * budget``) and cost."""
    m, n_types = mix.is_allowed.shape
    nothing = np.zeros(3)
    worth = np.zeros(m)
    for j in range(m):
        _, bound = best_bundle(
            value[j] - lam * mix.type_cost, mix.area, np.zeros(n_types), mix.site_area[j], mix.shared,
            mix.most_types, np.inf, nothing, picks[j],
        )  # fmt: skip
        worth[j] = max(0.0, bound - lam * mix.site_cost[j])
    chosen = np.argsort(-worth, kind="mergesort")
    total, spent, used = 0.0, 0.0, 0
    for rank in range(m):
        j = chosen[rank]
        if worth[j] <= 0.0 or used >= mix.k:
            picks[j] = False
            continue
        used += 1
        total += worth[j]
        spent += mix.site_cost[j]
        for t in range(n_types):
            if picks[j, t]:
                spent += mix.type_cost[t]
    return total, spent


@njit(cache=True)
def inner_best(mix, value, lam, low, high):
    """
    Least bound over the price of money, and the two picks on both sides of it.

    ``low`` overspends (or is the pick at price 0), ``high`` does not. Returns bound, price, share of ``low``.
    """
    if mix.budget == np.inf:
        total, _ = pick_sites(mix, value, 0.0, low)
        return total, 0.0, 1.0
    total, spent_low = pick_sites(mix, value, 0.0, low)
    if spent_low <= mix.budget:
        return total, 0.0, 1.0
    best, at = total, 0.0
    left, right = 0.0, max(lam, 1e-9) * 1.25
    while True:
        total, spent_high = pick_sites(mix, value, right, high)
        if total + right * mix.budget < best:
            best, at = total + right * mix.budget, right
        if spent_high <= mix.budget:
            break
        low[:] = high
        left, spent_low = right, spent_high
        right *= 2.0
    middle = np.empty_like(low)
    first = lam * 0.8
    for step in range(12):
        lam_mid = first if step == 0 and left < first < right else 0.5 * (left + right)
        total, spent = pick_sites(mix, value, lam_mid, middle)
        if total + lam_mid * mix.budget < best:
            best, at = total + lam_mid * mix.budget, lam_mid
        if spent > mix.budget:
            left, spent_low = lam_mid, spent
            low[:] = middle
        else:
            right, spent_high = lam_mid, spent
            high[:] = middle
        if right - left <= 1e-4 * right:
            break
    share = (mix.budget - spent_high) / (spent_low - spent_high)
    return best, at, share


@njit(cache=True)
def add_counts(mix, picks, share, count):
    """Add how often the picked items cover each row, times a share."""
    m, n_types = mix.is_allowed.shape
    for t in range(n_types):
        base, start = mix.offset[t], mix.class_of[t] * m
        for j in range(m):
            if picks[j, t]:
                for q in range(mix.ptr[start + j], mix.ptr[start + j + 1]):
                    count[base + mix.row[q]] += share


@njit(cache=True)
def lower_bound_steps(mix, price, move, best_price, memory, known, steps, low, high):
    """
    Subgradient steps with deflection on the prices per person, in place.

    ``memory`` = (best bound, step size, steps since the last improvement, price of money); ``known`` is the
    value of a plan.
    """
    n = len(mix.weight)
    value = np.zeros(mix.is_allowed.shape)
    count = np.empty(n)
    for _step in range(steps):
        prices_by_item(mix, price, value)
        total, lam, share = inner_best(mix, value, memory[3], low, high)
        memory[3] = lam
        bound = total
        for i in range(n):
            bound += mix.weight[i] - price[i]
        if note_bound(memory, bound):
            best_price[:] = price
        if is_stalled(memory, 15.0):
            price[:] = best_price
            move[:] = 0.0
            if is_spent(memory):
                break
            continue
        count[:] = 0.0
        add_counts(mix, low, share, count)
        if share < 1.0:
            add_counts(mix, high, 1.0 - share, count)
        norm = 0.0
        for i in range(n):
            slope = 1.0 - count[i]
            if (slope < 0.0 and price[i] <= 0.0) or (slope > 0.0 and price[i] >= mix.weight[i]):
                slope = 0.0
            move[i] = slope + 0.5 * move[i]
            norm += mix.weight[i] * move[i] * move[i]
        if norm == 0.0:
            break
        length = memory[1] * max(bound - known, 1e-6 * abs(bound)) / norm
        for i in range(n):
            price[i] = min(mix.weight[i], max(0.0, price[i] + length * mix.weight[i] * move[i]))
