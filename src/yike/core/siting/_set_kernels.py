"""Cover sets of candidates: signed, merged, turned round, compared."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def next_word(state):
    """A pseudo-random 64-bit word (splitmix64); ``state`` has one element and moves on."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(nogil=True, cache=True)
def below(state, n):
    """A pseudo-random number 0 .. n - 1."""
    return np.int64(next_word(state) % np.uint64(n))


@njit(nogil=True, cache=True)
def unit(state):
    """A pseudo-random number in [0, 1)."""
    return np.float64(next_word(state) >> np.uint64(11)) / 9007199254740992.0


@njit(nogil=True, cache=True)
def sign_demand(ptr, demand_idx, walk_s, cutoff_s, is_live, first, second, times):
    """
    Two 64-bit sums per demand point over the candidates that cover it, and how many those are.

    Points with the same covering set have the same sums.
    """
    state = np.zeros(1, np.uint64)
    for j in range(len(ptr) - 1):
        a, b = next_word(state), next_word(state)
        for at in range(ptr[j], ptr[j + 1]):
            i = demand_idx[at]
            if is_live[i] and walk_s[at] <= cutoff_s:
                first[i] += a
                second[i] += b
                times[i] += 1


@njit(nogil=True, cache=True)
def count_sets(ptr, demand_idx, walk_s, cutoff_s, row_of, row_size, set_ptr):
    """
    Sizes of the candidates' sets in merged rows, as a running sum in ``set_ptr``.

    Returns False when a candidate covers a part of a row only: then the rows were merged wrongly.
    """
    seen = np.zeros(len(row_size), np.int32)
    for j in range(len(ptr) - 1):
        n = 0
        for at in range(ptr[j], ptr[j + 1]):
            row = row_of[demand_idx[at]]
            if row >= 0 and walk_s[at] <= cutoff_s:
                n += seen[row] == 0
                seen[row] += 1
        set_ptr[j + 1] = set_ptr[j] + n
        for at in range(ptr[j], ptr[j + 1]):
            row = row_of[demand_idx[at]]
            if row >= 0 and walk_s[at] <= cutoff_s and seen[row] != 0:
                if seen[row] != row_size[row]:
                    return False
                seen[row] = 0
    return True


@njit(nogil=True, cache=True)
def fill_sets(ptr, demand_idx, walk_s, cutoff_s, row_of, n_rows, set_ptr, rows):
    """Write the sets that ``count_sets`` measured."""
    last = np.full(n_rows, -1, np.int32)
    for j in range(len(ptr) - 1):
        to = set_ptr[j]
        for at in range(ptr[j], ptr[j + 1]):
            row = row_of[demand_idx[at]]
            if row >= 0 and walk_s[at] <= cutoff_s and last[row] != j:
                last[row] = j
                rows[to] = row
                to += 1


@njit(nogil=True, cache=True)
def sign_sets(set_ptr, rows, first, second):
    """The same sums per candidate over its rows."""
    n_rows = 0
    for at in range(len(rows)):
        n_rows = max(n_rows, rows[at] + 1)
    state = np.full(1, 1, np.uint64)
    a, b = np.empty(n_rows, np.uint64), np.empty(n_rows, np.uint64)
    for row in range(n_rows):
        a[row], b[row] = next_word(state), next_word(state)
    for j in range(len(set_ptr) - 1):
        for at in range(set_ptr[j], set_ptr[j + 1]):
            first[j] += a[rows[at]]
            second[j] += b[rows[at]]


@njit(nogil=True, cache=True)
def turn(set_ptr, rows, row_ptr, cands):
    """Turn candidate -> rows into row -> candidates, ascending; ``row_ptr`` is zero on entry."""
    n_rows = len(row_ptr) - 1
    for at in range(len(rows)):
        row_ptr[rows[at] + 1] += 1
    for row in range(n_rows):
        row_ptr[row + 1] += row_ptr[row]
    to = row_ptr[:-1].copy()
    for j in range(len(set_ptr) - 1):
        for at in range(set_ptr[j], set_ptr[j + 1]):
            cands[to[rows[at]]] = j
            to[rows[at]] += 1


@njit(nogil=True, cache=True)
def mark_dominated(set_ptr, rows, row_ptr, cands, price, is_out):
    """
    Mark candidates whose set lies inside that of another one that costs no more.

    Of equals the lowest stays. Only candidates at the rarest row of a set can hold it.
    """
    m = len(set_ptr) - 1
    mine = np.zeros(len(row_ptr) - 1, np.bool_)
    for j in range(m):
        size = set_ptr[j + 1] - set_ptr[j]
        rarest, fewest = -1, m + 1
        for at in range(set_ptr[j], set_ptr[j + 1]):
            mine[rows[at]] = True
            n = row_ptr[rows[at] + 1] - row_ptr[rows[at]]
            if n < fewest:
                rarest, fewest = rows[at], n
        if rarest < 0:
            is_out[j] = True
            continue
        for k in range(row_ptr[rarest], row_ptr[rarest + 1]):
            other = cands[k]
            other_size = set_ptr[other + 1] - set_ptr[other]
            if other == j or is_out[other] or other_size < size or price[other] > price[j]:
                continue
            if other_size == size and price[other] == price[j] and other > j:
                continue
            inside = 0
            for at in range(set_ptr[other], set_ptr[other + 1]):
                inside += mine[rows[at]]
            if inside == size:
                is_out[j] = True
                break
        for at in range(set_ptr[j], set_ptr[j + 1]):
            mine[rows[at]] = False
