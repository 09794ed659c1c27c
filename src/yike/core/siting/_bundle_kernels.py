# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
Which types one premise should take: the best bundle under room, number of types and money.

A premise that hosts the types S needs the largest area in full and of each further one the share that is
not shared: need(S) = shared * max a_t + (1 - shared) * sum a_t.
"""

import numpy as np
from numba import njit

MOST_NODES = 4_000
"""Of one bundle search; beyond it the bundle found is kept and the relaxed value is its bound."""

SLACK_M2 = 1e-9
"""Rounding of summed areas; an area that fits exactly fits."""


@njit(cache=True)
def bundle_fits(area, n_in, cost, site_area, shared, most, money):
    """Whether a bundle with the given areas (sum, max) obeys all limits."""
    need = shared * area[1] + (1.0 - shared) * area[0]
    return n_in <= most and need <= site_area + SLACK_M2 and cost <= money


@njit(cache=True)
def fill_by_ratio(value, size, order, n, from_rank, room):
    """Most value of the types from a rank on when the last one may be cut: an upper bound."""
    total = 0.0
    for a in range(n):
        i = order[a]
        if i < from_rank:
            continue
        if size[i] <= room:
            room -= size[i]
            total += value[i]
        else:
            if size[i] > 0.0:
                total += value[i] * max(room, 0.0) / size[i]
            break
    return total


@njit(cache=True)
def best_bundle(value, area, cost, site_area, shared, most, money, had, out):
    """
    Choose the types of most value; ``had`` = (number, sum of areas, largest area) already inside.

    Marks the types in ``out``; returns the value and an upper bound, which is the value itself unless the
    search was cut short. Branch and bound over the types by falling value.
    """
    out[:] = False
    most = most - int(had[0])
    n = 0
    types = np.empty(len(value), np.int64)
    for t in range(len(value)):
        if value[t] > 0.0 and cost[t] <= money:
            i = n
            while i > 0 and value[types[i - 1]] < value[t]:
                types[i] = types[i - 1]
                i -= 1
            types[i] = t
            n += 1
    if n == 0 or most <= 0:
        return 0.0, 0.0
    total, sum_a, max_a, spent = 0.0, had[1], had[2], 0.0
    for i in range(min(n, most)):
        t = types[i]
        total += value[t]
        sum_a += area[t]
        max_a = max(max_a, area[t])
        spent += cost[t]
    if shared * max_a + (1.0 - shared) * sum_a <= site_area + SLACK_M2 and spent <= money:
        for i in range(min(n, most)):
            out[types[i]] = True
        return total, total
    return search_bundle(value, area, cost, site_area, shared, most, money, had, types, n, out)


@njit(cache=True)
def search_bundle(value, area, cost, site_area, shared, most, money, had, types, n, out):
    """Depth-first search behind ``best_bundle``; ``types`` fall in value."""
    v, whole, a, c = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):
        v[i] = value[types[i]]
        whole[i] = area[types[i]]
        a[i] = (1.0 - shared) * whole[i]
        c[i] = cost[types[i]]
    prefix = np.zeros(n + 1)
    prefix[1:] = np.cumsum(v)
    by_area = np.argsort(-v / (a + 1e-12), kind="mergesort")
    by_cost = np.argsort(-v / (c + 1e-12), kind="mergesort")
    choice = np.zeros(n + 1, np.int8)  # 0 not tried, 1 taken, 2 left out
    largest = np.zeros(n + 1)
    largest[0] = had[2]
    best, root, depth, nodes = 0.0, -1.0, 0, 0
    got, room_used, spent, taken = 0.0, (1.0 - shared) * had[1], 0.0, 0
    while depth >= 0:
        if choice[depth] == 0:
            nodes += 1
            hope = prefix[min(n, depth + most - taken)] - prefix[depth]
            room = site_area + SLACK_M2 - shared * largest[depth] - room_used
            if room < np.inf:
                hope = min(hope, fill_by_ratio(v, a, by_area, n, depth, room))
            if money < np.inf:
                hope = min(hope, fill_by_ratio(v, c, by_cost, n, depth, money - spent))
            if root < 0.0:
                root = hope
            if got > best:
                best = got
                out[:] = False
                for i in range(depth):
                    if choice[i] == 1:
                        out[types[i]] = True
            if nodes > MOST_NODES:
                return best, root
            if depth == n or taken == most or got + hope <= best:
                depth -= 1
                continue
            top = max(largest[depth], whole[depth])
            fits = shared * top + room_used + a[depth] <= site_area + SLACK_M2 and spent + c[depth] <= money
            choice[depth] = 1 if fits else 2
            if fits:
                got += v[depth]
                room_used += a[depth]
                spent += c[depth]
                taken += 1
            largest[depth + 1] = top if fits else largest[depth]
            depth += 1
            choice[depth] = 0
        elif choice[depth] == 1:
            got -= v[depth]
            room_used -= a[depth]
            spent -= c[depth]
            taken -= 1
            choice[depth] = 2
            largest[depth + 1] = largest[depth]
            depth += 1
            choice[depth] = 0
        else:
            depth -= 1
    return best, best


@njit(cache=True)
def best_ratio_bundle(value, area, cost, open_cost, site_area, shared, most, money, had, out):
    """
    Choose the types of most value per money, the opening of the site included; returns value and cost.

    Dinkelbach (1967): the bundle that is best at the present ratio, until the ratio stands still.
    """
    total, _ = best_bundle(value, area, cost, site_area, shared, most, money, had, out)
    if total <= 0.0:
        return 0.0, 0.0
    n = len(value)
    kept = out.copy()
    spent = open_cost
    for t in range(n):
        if out[t]:
            spent += cost[t]
    for _step in range(8):
        ratio = total / (spent + 1.0)
        best_bundle(value - ratio * cost, area, cost, site_area, shared, most, money, had, out)
        new, paid = 0.0, open_cost
        for t in range(n):
            if out[t]:
                new += value[t]
                paid += cost[t]
        if new <= 0.0 or new / (paid + 1.0) <= ratio * (1.0 + 1e-12):
            break
        kept[:] = out
        total, spent = new, paid
    out[:] = kept
    return total, spent
