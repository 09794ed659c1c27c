# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""Smallest sets of items that give a pool what it needs, and what a choice of items still lacks."""

import numpy as np
from numba import njit


@njit(cache=True)
def minimal_sets(covers, weight, need, most_sets, most_nodes):
    """
    All sets of items that reach ``need``, none of whose items can be left out.

    Parameters
    ----------
    covers : shape (n_items, n_rows)
        Whether an item reaches a row.
    most_sets, most_nodes
        Give up beyond so many sets, or steps of the depth-first search.

    Returns
    -------
    (sets (n, n_items) bool, whether these are all)
    """
    n_items, n_rows = covers.shape
    later = np.zeros((n_items + 1, n_rows), np.bool_)  # reached by this item or one after it
    for i in range(n_items - 1, -1, -1):
        later[i] = later[i + 1] | covers[i]
    sets = np.zeros((most_sets, n_items), np.bool_)
    count = np.zeros(n_rows, np.int32)
    chosen = np.empty(n_items + 1, np.int64)
    enough = need - 1e-9 * max(1.0, need)
    n_sets, depth, nodes, i = 0, 0, 0, 0
    while True:
        if i < n_items and _can_reach(count, later[i], weight, enough):
            nodes += 1
            if nodes > most_nodes:
                return sets[:n_sets], False
            chosen[depth] = i
            depth += 1
            count += covers[i]
            if _reached(count, weight) < enough:
                i += 1
                continue
            if _is_minimal(covers, count, weight, enough, chosen[:depth]):
                if n_sets == most_sets:
                    return sets[:n_sets], False
                for d in range(depth):
                    sets[n_sets, chosen[d]] = True
                n_sets += 1
        elif depth == 0:
            return sets[:n_sets], True
        # next, the same without the item chosen last
        depth -= 1
        count -= covers[chosen[depth]]
        i = chosen[depth] + 1


@njit(cache=True)
def _reached(count, weight):
    total = 0.0
    for r in range(len(weight)):
        if count[r] > 0:
            total += weight[r]
    return total


@njit(cache=True)
def _can_reach(count, later, weight, enough):
    total = 0.0
    for r in range(len(weight)):
        if count[r] > 0 or later[r]:
            total += weight[r]
    return total >= enough


@njit(cache=True)
def _is_minimal(covers, count, weight, enough, chosen):
    for one in chosen:
        total = 0.0
        for r in range(len(weight)):
            if count[r] > (1 if covers[one, r] else 0):
                total += weight[r]
        if total >= enough:
            return False
    return True


@njit(cache=True)
def worst_cut(covers, weight, need, value, level):
    """
    The most violated of the inequalities sum_e min(gain_e(U), rest) x_e >= rest p, rest = need - people of U.

    ``value`` is x by item, ``level`` p. U grows by falling x and never gives what is needed by itself.
    Returns (violation as a share of ``rest``, coefficients as shares of ``rest``).
    """
    n_items, n_rows = covers.shape
    order = np.argsort(-value, kind="mergesort")
    is_in, reached = np.zeros(n_items, np.bool_), np.zeros(n_rows, np.bool_)
    gain, best, worst = np.zeros(n_items), np.zeros(n_items), 0.0
    rest, at = need, 0
    while True:
        total = 0.0
        for e in range(n_items):
            gain[e] = 0.0
            if not is_in[e]:
                for r in range(n_rows):
                    if covers[e, r] and not reached[r]:
                        gain[e] += weight[r]
                gain[e] = min(gain[e] / rest, 1.0)
                total += gain[e] * value[e]
        if level - total > worst + 1e-9:
            worst = level - total
            best[:] = gain
        # what would reach the need by itself stays out
        while at < n_items and value[order[at]] > 1e-6 and gain[order[at]] * rest >= rest - 1e-6 * need:
            at += 1
        if at == n_items or value[order[at]] <= 1e-6:
            return worst, best
        is_in[order[at]] = True
        reached |= covers[order[at]]
        rest -= gain[order[at]] * rest
        at += 1
