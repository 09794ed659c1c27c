# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
Covering by groups: what a plan leaves each group with, and which of two plans is fairer.

A plan is judged by the vector of shares served, lowest first, and last by the weight covered; vectors are
compared word by word (leximin).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.siting._descent_kernels import is_spent, is_stalled, note_bound
from yike.core.tables import FloatArray, IntArray, LongArray

SLACK = 1e-9
"""Rounding of shares; two shares this close are the same."""


class Groups(NamedTuple):
    """The problem in plain arrays; a row lies in one group (-1: none)."""

    ptr: LongArray
    row: IntArray
    weight: FloatArray
    group: IntArray
    base: FloatArray  # share of each group served before anything is built
    total: FloatArray  # people of each group, > 0
    lexicographic: bool
    fairness: float


@njit(cache=True)
def judge(groups, covered, out):
    """
    Fill ``out`` with what the plan is judged by, the first entry first.

    Lexicographic: shares from the lowest up, then the weight covered. Weighted: the weighted value.
    """
    n = len(groups.base)
    share = np.empty(n)
    for g in range(n):
        share[g] = groups.base[g] + covered[g] / groups.total[g]
    if groups.lexicographic:
        out[:n] = np.sort(share)
        out[n] = covered.sum()
        return
    everybody = 0.0
    for g in range(n):
        everybody += share[g] * groups.total[g]
    lowest = share.min() if n > 0 else 0.0
    people = max(groups.total.sum(), 1e-300)
    out[0] = (1.0 - groups.fairness) * everybody / people + groups.fairness * lowest
    # among equals: more people, in a place that cannot outweigh the first
    out[1] = covered.sum()


@njit(cache=True)
def compare(a, b):
    """1 when ``a`` is better, -1 when worse, 0 alike."""
    for i in range(len(a)):
        slack = SLACK * max(1.0, abs(b[i]))
        if a[i] > b[i] + slack:
            return 1
        if a[i] < b[i] - slack:
            return -1
    return 0


@njit(cache=True)
def add_site(groups, count, covered, j):
    """Build a site; ``covered`` has one more entry for people in no group (the last)."""
    for q in range(groups.ptr[j], groups.ptr[j + 1]):
        i = groups.row[q]
        if count[i] == 0:
            covered[groups.group[i]] += groups.weight[i]
        count[i] += 1


@njit(cache=True)
def drop_site(groups, count, covered, j):
    """Take a site away."""
    for q in range(groups.ptr[j], groups.ptr[j + 1]):
        i = groups.row[q]
        count[i] -= 1
        if count[i] == 0:
            covered[groups.group[i]] -= groups.weight[i]


@njit(cache=True)
def look_at(groups, count, covered, j, after, out):
    """Judge the plan with one more site."""
    after[:] = covered
    for q in range(groups.ptr[j], groups.ptr[j + 1]):
        i = groups.row[q]
        if count[i] == 0:
            after[groups.group[i]] += groups.weight[i]
    judge(groups, after, out)


@njit(cache=True)
def width_of(groups):
    """Length of a judgement."""
    return len(groups.base) + 1 if groups.lexicographic else 2


@njit(cache=True)
def best_next(groups, count, covered, is_in, out):
    """The site that makes the plan best; its judgement in ``out``; -1 when all are in."""
    after = np.empty(len(covered))
    trial = np.empty(width_of(groups))
    best = -1
    for j in range(len(is_in)):
        if is_in[j]:
            continue
        look_at(groups, count, covered, j, after, trial)
        if best < 0 or compare(trial, out) > 0:
            best = j
            out[:] = trial
    return best


@njit(cache=True)
def fill(groups, count, covered, is_in, k, by_weight):
    """Greedy to ``k`` sites: fairest next, or (``by_weight``) most people next."""
    verdict = np.empty(width_of(groups))
    while is_in.sum() < k:
        if by_weight:
            best, j = -1.0, -1
            for c in range(len(is_in)):
                gain = 0.0
                if not is_in[c]:
                    for q in range(groups.ptr[c], groups.ptr[c + 1]):
                        if count[groups.row[q]] == 0:
                            gain += groups.weight[groups.row[q]]
                    if gain > best:
                        best, j = gain, c
        else:
            j = best_next(groups, count, covered, is_in, verdict)
        if j < 0:
            break
        add_site(groups, count, covered, j)
        is_in[j] = True


@njit(cache=True)
def swap(groups, count, covered, is_in, is_fixed, passes):
    """Take each site out and put the best one in, until nothing is fairer."""
    now, verdict = np.empty(width_of(groups)), np.empty(width_of(groups))
    judge(groups, covered, now)
    for _pass in range(passes):
        improved = False
        for out in range(len(is_in)):
            if not is_in[out] or is_fixed[out]:
                continue
            drop_site(groups, count, covered, out)
            is_in[out] = False
            j = best_next(groups, count, covered, is_in, verdict)
            if j >= 0 and compare(verdict, now) > 0:
                now[:] = verdict
                improved = True
            else:
                j = out
            add_site(groups, count, covered, j)
            is_in[j] = True
        if not improved:
            break
    return now


@njit(cache=True)
def shake(groups, count, covered, is_in, is_fixed, now, lots):
    """
    Take a few sites out by lot and fill again, fairest next; a plan that is fairer is kept.

    ``lots``, numbers in [0, 1), make every decision; ``now`` holds the judgement of the plan, in and out.
    """
    verdict = np.empty(len(now))
    for lot in lots:
        free = np.flatnonzero(is_in & ~is_fixed)
        if len(free) < 2:
            return
        before = is_in.copy()
        for draw in lot[: 2 + int(lot[-1] * (len(lot) - 2))]:
            j = free[int(draw * len(free))]
            if is_in[j]:
                drop_site(groups, count, covered, j)
                is_in[j] = False
        fill(groups, count, covered, is_in, before.sum(), False)
        judge(groups, covered, verdict)
        if compare(verdict, now) > 0:
            now[:] = verdict
            continue
        for j in range(len(is_in)):
            if is_in[j] and not before[j]:
                drop_site(groups, count, covered, j)
            elif before[j] and not is_in[j]:
                add_site(groups, count, covered, j)
        is_in[:] = before


@njit(cache=True)
def enumerate_all(groups, free, count, covered, is_in, n_more, best_in, best):
    """
    Try every choice of ``n_more`` among ``free``; leaves the fairest in ``best_in`` and ``best``.

    Choices are walked in order, sites added and dropped one by one, so a step costs one site's rows.
    """
    picked = np.empty(n_more, np.int64)
    trial = np.empty(len(best))
    depth, at = 0, 0
    while True:
        if depth == n_more:
            judge(groups, covered, trial)
            if compare(trial, best) > 0:
                best[:] = trial
                best_in[:] = is_in
            at = len(free)
        if at > len(free) - (n_more - depth) or depth == n_more:
            depth -= 1
            if depth < 0:
                break
            at = picked[depth]
            drop_site(groups, count, covered, free[at])
            is_in[free[at]] = False
            at += 1
            continue
        add_site(groups, count, covered, free[at])
        is_in[free[at]] = True
        picked[depth] = at
        depth += 1
        at += 1


@njit(cache=True)
def group_bound_steps(groups, is_fixed, k, price, lift, memory, known, steps, best_price, best_lift):
    """
    Subgradient steps for the bound of (1 - f) share of all + f min share; f = 1 bounds the lowest share.

    ``lift`` (sum f, >= 0) weighs the groups: min_g r_g <= sum lift_g r_g, so a person of group g is worth
    (1 - f) / everybody + lift_g / total_g, and covering with these worths is relaxed as in the mix (price
    per person in [0, worth]). ``memory`` = (best bound, step size, stale steps).
    """
    count, slope = np.empty(len(groups.weight)), np.empty(len(groups.base))
    for _step in range(steps):
        bound = relaxed_shares(groups, is_fixed, k, price, lift, count, slope)
        if note_bound(memory, bound):
            best_price[:] = price
            best_lift[:] = lift
        if is_stalled(memory, 20.0):
            price[:] = best_price
            lift[:] = best_lift
            if is_spent(memory):
                break
            continue
        if not move_prices(groups, price, lift, count, slope, memory[1] * max(bound - known, 1e-9)):
            break


@njit(cache=True)
def relaxed_shares(groups, is_fixed, k, price, lift, count, slope):
    """
    Value of the relaxed problem at these prices.

    ``count`` gets how often each row is covered by the sites it takes, ``slope`` the share of each group
    whose people are worth more than their price.
    """
    plain = plain_worth(groups)
    bound = 0.0
    for g in range(len(groups.base)):
        bound += groups.base[g] * groups.total[g] * plain
    for g in range(len(groups.base)):
        bound += lift[g] * groups.base[g]
    value = np.zeros(len(is_fixed))
    for j in range(len(is_fixed)):
        for q in range(groups.ptr[j], groups.ptr[j + 1]):
            value[j] += price[groups.row[q]] * groups.weight[groups.row[q]]
    chosen = np.argsort(np.where(is_fixed, -np.inf, -value), kind="mergesort")
    count[:] = 0.0
    for j in chosen[: min(k, len(is_fixed))]:
        bound += value[j]
        for q in range(groups.ptr[j], groups.ptr[j + 1]):
            count[groups.row[q]] += 1.0
    slope[:] = groups.base
    for i in range(len(count)):
        worth = worth_of(groups, plain, lift, i)
        if worth > price[i]:
            bound += groups.weight[i] * (worth - price[i])
            if groups.group[i] >= 0:
                slope[groups.group[i]] += groups.weight[i] / groups.total[groups.group[i]]
    return bound


@njit(cache=True)
def move_prices(groups, price, lift, count, slope, length):
    """Move prices and lifts along the subgradient; False when it is zero."""
    people, plain = groups.total.sum(), plain_worth(groups)
    mean = slope.mean()
    norm = 0.0
    for g in range(len(slope)):
        # prices per person are about 1 / people: the lifts of whole groups move in their scale
        norm += (slope[g] - mean) ** 2 * groups.fairness
    for i in range(len(count)):
        push = (1.0 if worth_of(groups, plain, lift, i) > price[i] else 0.0) - count[i]
        if (push < 0.0 and price[i] <= 0.0) or (push == 0.0):
            continue
        norm += groups.weight[i] * push * push / people
    if norm == 0.0:
        return False
    far = length / norm
    for i in range(len(count)):
        push = (1.0 if worth_of(groups, plain, lift, i) > price[i] else 0.0) - count[i]
        price[i] = max(0.0, price[i] + far * push / people)
    for g in range(len(slope)):
        lift[g] -= far * (slope[g] - mean) * groups.fairness
    to_simplex(lift, groups.fairness)
    return True


@njit(cache=True)
def plain_worth(groups):
    """Worth of a person in the share of all."""
    return (1.0 - groups.fairness) / groups.total.sum()


@njit(cache=True)
def worth_of(groups, plain, lift, i):
    """Worth of a person of a row: in the share of all and in that of its group."""
    g = groups.group[i]
    return plain + lift[g] / groups.total[g] if g >= 0 else 0.0


@njit(cache=True)
def to_simplex(lift, total):
    """Nearest point with entries >= 0 that sum to ``total`` (Held, Wolfe and Crowder 1974)."""
    down = -np.sort(-lift)
    run, theta = 0.0, 0.0
    for i in range(len(lift)):
        run += down[i]
        cut = (run - total) / (i + 1)
        if down[i] - cut > 0.0:
            theta = cut
    for i in range(len(lift)):
        lift[i] = max(0.0, lift[i] - theta)
