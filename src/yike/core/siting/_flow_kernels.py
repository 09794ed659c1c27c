# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
Capacitated covering: how much a set of sites can serve is a maximum flow, grown site by site.

Homes (rows) offer their weight, sites take at most their capacity; a row may be split. Adding a site only
needs augmenting paths into it (Ford and Fulkerson 1956; shortest ones, Edmonds and Karp 1972).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray


class Homes(NamedTuple):
    """The problem in plain arrays, both ways round."""

    ptr: LongArray  # rows of a site
    row: IntArray
    back_ptr: LongArray  # (row -> pairs): positions in ``row``
    back_pair: LongArray
    site_of_pair: IntArray
    weight: FloatArray
    capacity: FloatArray


class Flow(NamedTuple):
    """Who is served where."""

    is_in: BoolArray  # (m,)
    served: FloatArray  # per pair
    left: FloatArray  # per row: weight not served
    room: FloatArray  # per site: capacity not used
    total: FloatArray  # (1,)


@njit(cache=True)
def new_flow(homes):
    """Nobody served."""
    return Flow(
        np.zeros(len(homes.capacity), np.bool_), np.zeros(len(homes.row)), homes.weight.copy(),
        homes.capacity.copy(), np.zeros(1),
    )  # fmt: skip


@njit(cache=True)
def copy_flow(source, target):
    """Overwrite a flow with another."""
    target.is_in[:] = source.is_in
    target.served[:] = source.served
    target.left[:] = source.left
    target.room[:] = source.room
    target.total[:] = source.total


@njit(cache=True)
def add_site(homes, flow, j, slack):
    """
    Open a site: it takes unserved rows first, then rows of others that can refill themselves.

    Returns the weight gained.
    """
    before = flow.total[0]
    flow.is_in[j] = True
    for q in range(homes.ptr[j], homes.ptr[j + 1]):
        take = min(flow.room[j], flow.left[homes.row[q]])
        if take > 0.0:
            push(homes, flow, j, q, take)
    while flow.room[j] > slack and augment(homes, flow, j, slack):
        pass
    return flow.total[0] - before


@njit(cache=True)
def push(homes, flow, j, q, amount):
    """Serve some of an unserved row."""
    flow.served[q] += amount
    flow.left[homes.row[q]] -= amount
    flow.room[j] -= amount
    flow.total[0] += amount


@njit(cache=True)
def augment(homes, flow, j, slack):
    """One shortest augmenting path into site ``j``; False when there is none."""
    m = len(homes.capacity)
    via = np.full(m, -1, np.int64)  # pair (row, next site) whose row the site would give up
    gives = np.full(m, -1, np.int64)  # pair (row, this site) that it would give up
    queue = np.empty(m, np.int64)
    seen = np.zeros(m, np.bool_)
    row_seen = np.zeros(len(homes.weight), np.bool_)
    queue[0], head, tail = j, 0, 1
    seen[j] = True
    while head < tail:
        s = queue[head]
        head += 1
        for q in range(homes.ptr[s], homes.ptr[s + 1]):
            i = homes.row[q]
            if flow.left[i] > slack:
                move_along(homes, flow, j, s, q, via, gives)
                return True
            if row_seen[i]:
                continue
            row_seen[i] = True
            for b in range(homes.back_ptr[i], homes.back_ptr[i + 1]):
                other = homes.back_pair[b]
                t = homes.site_of_pair[other]
                if flow.served[other] > slack and not seen[t]:
                    seen[t] = True
                    via[t], gives[t] = q, other
                    queue[tail] = t
                    tail += 1
    return False


@njit(cache=True)
def move_along(homes, flow, j, last, q, via, gives):
    """Push the most that a path carries: the last site takes an unserved row, each passes one on."""
    amount = min(flow.left[homes.row[q]], flow.room[j])
    s = last
    while s != j:
        amount = min(amount, flow.served[gives[s]])
        s = homes.site_of_pair[via[s]]
    flow.served[q] += amount
    flow.left[homes.row[q]] -= amount
    s = last
    while s != j:
        flow.served[gives[s]] -= amount
        flow.served[via[s]] += amount
        s = homes.site_of_pair[via[s]]
    flow.room[j] -= amount
    flow.total[0] += amount


@njit(cache=True)
def flow_of(homes, sites, slack):
    """Best service of a set of sites."""
    flow = new_flow(homes)
    for j in sites:
        add_site(homes, flow, j, slack)
    return flow


@njit(cache=True)
def greedy_flow(homes, flow, k, slack, hope):
    """
    Add the site that gains most until ``k`` are open.

    ``hope[j]``: upper bounds of the gains (the flow value is submodular, so earlier gains are).
    """
    trial = new_flow(homes)
    n_in = flow.is_in.sum()
    is_fresh = np.zeros(len(hope), np.bool_)
    for j in range(len(hope)):
        if flow.is_in[j]:
            hope[j] = -1.0
    while n_in < k:
        j = np.argmax(hope)
        if hope[j] <= 0.0:
            break
        if not is_fresh[j]:
            copy_flow(flow, trial)
            hope[j] = add_site(homes, trial, j, slack)
            is_fresh[j] = True
            continue
        add_site(homes, flow, j, slack)
        hope[j] = -1.0
        is_fresh[:] = False
        n_in += 1


@njit(cache=True)
def simple_hope(homes):
    """What each site could serve if it were alone: weight within reach, at most its capacity."""
    hope = np.zeros(len(homes.capacity))
    for j in range(len(hope)):
        total = 0.0
        for q in range(homes.ptr[j], homes.ptr[j + 1]):
            total += homes.weight[homes.row[q]]
        hope[j] = min(total, homes.capacity[j])
    return hope


@njit(cache=True)
def left_hope(homes, flow, alone):
    """Cheap bound of each site's gain on a flow: the weight not served, and what it could serve alone."""
    unserved = flow.left.sum()
    hope = np.empty(len(alone))
    for j in range(len(alone)):
        hope[j] = min(alone[j], unserved)
    return hope


@njit(cache=True)
def swap_pass(homes, flow, is_fixed, alone, slack, most_looks):
    """
    One pass of swaps: each site that is in is taken out and the best other one put in; keep what is better.

    Returns whether anything improved. ``most_looks`` bounds the candidates looked at per site.
    """
    improved = False
    k = flow.is_in.sum()
    for out in range(len(alone)):
        if not flow.is_in[out] or is_fixed[out]:
            continue
        rest = new_flow(homes)
        for j in range(len(alone)):
            if flow.is_in[j] and j != out:
                add_site(homes, rest, j, slack)
        hope = left_hope(homes, rest, alone)
        hope[out] = -1.0
        need = flow.total[0] - rest.total[0]
        trial = new_flow(homes)
        best, best_j, looks = need + slack * 10 + 1e-9 * flow.total[0], -1, 0
        order = np.argsort(-hope, kind="mergesort")
        for j in order:
            if hope[j] <= best or looks >= most_looks:
                break
            if rest.is_in[j]:
                continue
            looks += 1
            copy_flow(rest, trial)
            gain = add_site(homes, trial, j, slack)
            if gain > best:
                best, best_j = gain, j
        if best_j >= 0:
            add_site(homes, rest, best_j, slack)
            copy_flow(rest, flow)
            improved = True
    return improved and k > 0


@njit(cache=True)
def relaxed_value(homes, price, order, is_fixed, k, count, value):
    """
    Lagrangian value at row prices in [0, 1] per person.

    L(u) = sum w_i u_i + the k best sites when each takes the cheapest people up to its capacity, earning
    1 - u each (a fractional knapsack). ``order``: rows by rising price. Fills ``count`` (people served per
    row by the sites picked).
    """
    m = len(homes.capacity)
    room = homes.capacity.copy()
    value[:] = 0.0
    take = np.zeros(len(homes.row))
    for i in order:
        for b in range(homes.back_ptr[i], homes.back_ptr[i + 1]):
            q = homes.back_pair[b]
            j = homes.site_of_pair[q]
            amount = min(room[j], homes.weight[i])
            if amount > 0.0 and price[i] < 1.0:
                take[q] = amount
                room[j] -= amount
                value[j] += amount * (1.0 - price[i])
    total = 0.0
    for i in range(len(price)):
        total += homes.weight[i] * price[i]
    count[:] = 0.0
    chosen = np.argsort(np.where(is_fixed, -np.inf, -value), kind="mergesort")
    for rank in range(min(k, m)):
        j = chosen[rank]
        total += value[j]
        for q in range(homes.ptr[j], homes.ptr[j + 1]):
            count[homes.row[q]] += take[q]
    return total
