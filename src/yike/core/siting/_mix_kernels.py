# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
Many types on many sites: greedy filling, search by taking apart and filling again.

An item is (site, type). Types cover rows of their own, so the gains of a site's types add up; a site is
therefore filled by its best bundle (``_bundle_kernels``) rather than item by item.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.siting._bundle_kernels import best_bundle, best_ratio_bundle
from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray

BY_VALUE, BY_RATIO = 0, 1

MOST_OUT = 6
"""Sites or items that one shake takes out at most."""

LOTS = 3 + 2 * MOST_OUT
"""Random numbers that one shake uses."""


class Mix(NamedTuple):
    """The problem in plain arrays; no limit is ``inf``."""

    ptr: LongArray  # (n_classes * m + 1,): rows of a site under the cutoff of a class
    row: IntArray
    class_of: IntArray  # (n_types,)
    offset: LongArray  # (n_types + 1,): where the rows of a type begin in ``weight``
    weight: FloatArray  # (n_rows in all,) worth x people
    is_allowed: BoolArray  # (m, n_types)
    area: FloatArray  # (n_types,)
    site_area: FloatArray  # (m,)
    shared: float
    site_cost: FloatArray  # (m,)
    type_cost: FloatArray  # (n_types,)
    most_types: int
    k: int
    budget: float


class State(NamedTuple):
    """A plan under construction."""

    has: BoolArray  # (m, n_types)
    count: IntArray  # (n_rows in all,): items that cover the row
    inside: FloatArray  # (m, 3): number of types, sum of areas, largest area
    total: FloatArray  # (3,): weight covered, sites used, money spent


@njit(cache=True)
def new_state(mix):
    """Nothing built."""
    m, n_types = mix.is_allowed.shape
    return State(
        np.zeros((m, n_types), np.bool_), np.zeros(len(mix.weight), np.int32), np.zeros((m, 3)), np.zeros(3)
    )


@njit(cache=True)
def copy_state(source, target):
    """Overwrite a state with another."""
    target.has[:] = source.has
    target.count[:] = source.count
    target.inside[:] = source.inside
    target.total[:] = source.total


@njit(cache=True)
def gain_of(mix, count, j, t):
    """Weight newly covered by an item."""
    base, start = mix.offset[t], mix.class_of[t] * len(mix.site_cost) + j
    total = 0.0
    for q in range(mix.ptr[start], mix.ptr[start + 1]):
        i = base + mix.row[q]
        if count[i] == 0:
            total += mix.weight[i]
    return total


@njit(cache=True)
def add_item(mix, state, j, t):
    """Put a type on a site."""
    base, start = mix.offset[t], mix.class_of[t] * len(mix.site_cost) + j
    for q in range(mix.ptr[start], mix.ptr[start + 1]):
        i = base + mix.row[q]
        if state.count[i] == 0:
            state.total[0] += mix.weight[i]
        state.count[i] += 1
    if state.inside[j, 0] == 0:
        state.total[1] += 1
        state.total[2] += mix.site_cost[j]
    state.has[j, t] = True
    state.inside[j, 0] += 1
    state.inside[j, 1] += mix.area[t]
    state.inside[j, 2] = max(state.inside[j, 2], mix.area[t])
    state.total[2] += mix.type_cost[t]


@njit(cache=True)
def drop_item(mix, state, j, t):
    """Take a type from a site."""
    base, start = mix.offset[t], mix.class_of[t] * len(mix.site_cost) + j
    for q in range(mix.ptr[start], mix.ptr[start + 1]):
        i = base + mix.row[q]
        state.count[i] -= 1
        if state.count[i] == 0:
            state.total[0] -= mix.weight[i]
    state.has[j, t] = False
    state.total[2] -= mix.type_cost[t]
    state.inside[j] = 0.0
    for u in range(len(mix.type_cost)):
        if state.has[j, u]:
            state.inside[j, 0] += 1
            state.inside[j, 1] += mix.area[u]
            state.inside[j, 2] = max(state.inside[j, 2], mix.area[u])
    if state.inside[j, 0] == 0:
        state.total[1] -= 1
        state.total[2] -= mix.site_cost[j]


@njit(cache=True)
def look_at(mix, state, gains, bundle, j, mode):
    """Best bundle to add to a site now: fills ``bundle[j]``, returns its key (value, or value per money)."""
    opening = mix.site_cost[j] if state.inside[j, 0] == 0 else 0.0
    money = mix.budget - state.total[2] - opening
    bundle[j] = False
    if money < 0.0 or (state.inside[j, 0] == 0 and state.total[1] >= mix.k):
        return 0.0
    value = np.zeros(len(mix.type_cost))
    for t in range(len(value)):
        if mix.is_allowed[j, t] and not state.has[j, t]:
            value[t] = gains[j, t]
    if mode == BY_VALUE:
        return best_bundle(
            value, mix.area, mix.type_cost, mix.site_area[j], mix.shared, mix.most_types, money,
            state.inside[j], bundle[j],
        )[0]  # fmt: skip
    worth, paid = best_ratio_bundle(
        value, mix.area, mix.type_cost, opening, mix.site_area[j], mix.shared, mix.most_types, money,
        state.inside[j], bundle[j],
    )  # fmt: skip
    return worth / (paid + 1.0)


@njit(cache=True)
def refresh(mix, state, gains, j):
    """Exact gains of a site's types."""
    for t in range(len(mix.type_cost)):
        if mix.is_allowed[j, t] and not state.has[j, t]:
            gains[j, t] = gain_of(mix, state.count, j, t)


@njit(cache=True)
def fill(mix, state, mode, banned):
    """
    Greedy: take the best bundle of all sites until nothing can be added that gains anything.

    Lazy (Minoux 1978): a key computed earlier is an upper bound, for gains only fall as the plan grows.
    """
    m, n_types = mix.is_allowed.shape
    gains = np.zeros((m, n_types))
    bundle = np.zeros((m, n_types), np.bool_)
    key = np.zeros(m)
    is_fresh = np.zeros(m, np.bool_)
    for j in range(m):
        if not banned[j]:
            refresh(mix, state, gains, j)
            key[j] = look_at(mix, state, gains, bundle, j, mode)
            is_fresh[j] = True
    while m > 0:
        j = np.argmax(key)
        if key[j] <= 0.0:
            break
        if not is_fresh[j]:
            refresh(mix, state, gains, j)
            key[j] = look_at(mix, state, gains, bundle, j, mode)
            is_fresh[j] = True
            continue
        for t in range(n_types):
            if bundle[j, t]:
                add_item(mix, state, j, t)
        is_fresh[:] = False
        refresh(mix, state, gains, j)
        key[j] = look_at(mix, state, gains, bundle, j, mode)
        is_fresh[j] = True


@njit(cache=True)
def empty_site(mix, state, j):
    """Take everything from a site."""
    for t in range(len(mix.type_cost)):
        if state.has[j, t]:
            drop_item(mix, state, j, t)


@njit(cache=True)
def is_better(new, old):
    """More weight, or the same for less money (beyond rounding)."""
    slack = 1e-9 * (1.0 + abs(old[0]))
    return new[0] > old[0] + slack or (new[0] > old[0] - slack and new[2] < old[2] - 0.5)


@njit(cache=True)
def swap_sites(mix, state, mode):
    """One pass: empty each site in turn and fill again, with and without it; keep what is better."""
    m = len(mix.site_cost)
    trial, banned = new_state(mix), np.zeros(m, np.bool_)
    improved = False
    for j in range(m):
        if state.inside[j, 0] == 0:
            continue
        for ban in (True, False):
            copy_state(state, trial)
            empty_site(mix, trial, j)
            banned[j] = ban
            fill(mix, trial, mode, banned)
            banned[j] = False
            if is_better(trial.total, state.total):
                copy_state(trial, state)
                improved = True
                break
    return improved


@njit(cache=True)
def shake(mix, best, lots):
    """
    Take a few sites or items out by lot and fill again; keep what is not worse (ruin and recreate).

    Source: Schrimpf, Schneider, Stamm-Wilbrandt and Dueck (2000).
    ``lots``, numbers in [0, 1) of shape (rounds, ``LOTS``), make every decision, so a seed fixes them all.
    """
    m = len(mix.site_cost)
    state, trial = new_state(mix), new_state(mix)
    copy_state(best, state)
    banned = np.zeros(m, np.bool_)
    for lot in lots:
        used = np.flatnonzero(state.inside[:, 0] > 0)
        if len(used) == 0:
            break
        copy_state(state, trial)
        banned[:] = False
        out = 1 + int(lot[0] * min(MOST_OUT, len(used)))
        by_item = lot[1] < 0.4
        for one in range(out):
            j = used[int(lot[3 + 2 * one] * len(used))]
            if by_item:
                held = np.flatnonzero(trial.has[j])
                if len(held) > 0:
                    drop_item(mix, trial, j, held[int(lot[4 + 2 * one] * len(held))])
            else:
                empty_site(mix, trial, j)
                banned[j] = lot[4 + 2 * one] < 0.5
        mode = BY_RATIO if mix.budget < np.inf and lot[2] < 0.5 else BY_VALUE
        fill(mix, trial, mode, banned)
        if trial.total[0] >= state.total[0] - 1e-9:
            copy_state(trial, state)
            if is_better(state.total, best.total):
                copy_state(state, best)
