"""All subsets of few candidates at once: what each of them leaves uncovered, and the best of them."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def sum_inside(table, m):
    """Turn weights of sets into sums over all their subsets, in place (zeta transform; Yates 1937)."""
    for j in range(m):
        bit = 1 << j
        for mask in range(len(table)):
            if mask & bit:
                table[mask] += table[mask ^ bit]


@njit(nogil=True, cache=True)
def most_inside(table, m):
    """Turn values of sets into the largest over all their subsets, in place."""
    for j in range(m):
        bit = 1 << j
        for mask in range(len(table)):
            if mask & bit and table[mask ^ bit] > table[mask]:
                table[mask] = table[mask ^ bit]


@njit(nogil=True, cache=True)
def best_of_size(table, m, k, slack):
    """
    Set of at most ``k`` candidates whose complement holds the least; -1 when all hold infinity.

    Among those within ``slack`` of the least the smallest set wins, then the one of the lowest candidates.
    """
    full = (1 << m) - 1
    least = np.inf
    for mask in range(full + 1):
        if count_bits(mask) <= k and table[full ^ mask] < least:
            least = table[full ^ mask]
    best, fewest = -1, m + 1
    for mask in range(full + 1):
        n = count_bits(mask)
        if n > min(k, fewest) or table[full ^ mask] > least + slack or least == np.inf:
            continue
        if n < fewest or comes_before(mask, best):
            best, fewest = mask, n
    return best


@njit(nogil=True, cache=True)
def cheapest_full(table, m, cost):
    """Cheapest set whose complement holds nothing; fewest candidates among equals, then the lowest."""
    full = (1 << m) - 1
    best, least, fewest = -1, np.inf, m + 1
    for mask in range(full + 1):
        if table[full ^ mask] > 0:
            continue
        price, n = 0.0, 0
        for j in range(m):
            if mask >> j & 1:
                price += cost[j]
                n += 1
        slack = 1e-9 * price
        if price < least - slack or (
            price <= least + slack and (n < fewest or (n == fewest and comes_before(mask, best)))
        ):
            best, least, fewest = mask, min(least, price), n
    return best


@njit(nogil=True, cache=True)
def count_bits(mask):
    """Members of a set."""
    n = 0
    while mask:
        mask &= mask - 1
        n += 1
    return n


@njit(nogil=True, cache=True)
def comes_before(a, b):
    """Whether the lowest candidate in which two sets differ is in ``a``."""
    return b < 0 or bool(a & ((a ^ b) & -(a ^ b)))


@njit(nogil=True, cache=True)
def add_nearer(table, walk_ptr, cand, walk_s, weight, end_s, is_worst):
    """
    Enter what a place loses when its nearest candidates are all missing.

    A place with candidates at d1 <= d2 <= ... loses w (d2 - d1) when the first is missing, w (d3 - d2) more
    when the first two are, ...; beyond the last it walks ``end_s``. With ``is_worst`` the walk itself is
    entered: the largest walk of anybody, not the sum.
    """
    for i in range(len(walk_ptr) - 1):
        mask = 0
        for at in range(walk_ptr[i], walk_ptr[i + 1]):
            mask |= 1 << cand[at]
            later = walk_s[at + 1] if at + 1 < walk_ptr[i + 1] else end_s[i]
            if is_worst:
                table[mask] = max(table[mask], later)
            else:
                table[mask] += weight[i] * (later - walk_s[at])
