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
