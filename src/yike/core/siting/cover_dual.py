"""How much any plan of maximal covering could reach: the Lagrangian dual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.siting import _cover_kernels as kernels
from yike.core.siting.cover_core import CoverCore
from yike.core.siting.sets import CoverSets
from yike.core.siting.watch import Watch
from yike.core.tables import FloatArray

PAIRS_PER_STRETCH = 8_000_000
"""Pairs looked at between two looks at the clock: about 10 ms."""


@dataclass(frozen=True, eq=False)
class CoverDual:
    """The best bound, and the prices of covering each row that prove it."""

    bound: float
    price: FloatArray  # shape (n_rows,), 0 <= price <= weight


def bound_by_prices(core: CoverCore, lower: float, rounds: int, watch: Watch) -> CoverDual:
    """
    Upper bound on the weight that ``k`` sites cover.

    Parameters
    ----------
    lower
        Value of a known plan; the steps aim at it.
    rounds
        Steps of the subgradient method.
    """
    sets, k = core.sets, core.k
    price = sets.weight * 0.5
    best_price = price.copy()
    state = np.zeros(1 + sets.n_rows)
    state[0] = bound_at(sets, price, k)
    stretch = max(1, PAIRS_PER_STRETCH // max(1, len(sets.rows)))
    for first in range(0, rounds, stretch):
        if watch.reason() or state[0] <= lower:
            break
        last = min(rounds, first + stretch)
        kernels.descend(
            sets.ptr, sets.rows, sets.weight, price, best_price, k, lower, first, last, rounds, state
        )
    return CoverDual(min(float(state[0]), float(sets.weight.sum())), best_price)


def scores(sets: CoverSets, price: FloatArray) -> FloatArray:
    """Sum of prices of each candidate's rows."""
    score = np.empty(sets.n_candidates)
    kernels.score_sites(sets.ptr, sets.rows, price, score)
    return score


def bound_at(sets: CoverSets, price: FloatArray, k: int) -> float:
    """The bound for ``k`` sites that given prices prove."""
    return float(bounds_at(sets, price, k)[-1]) if k else 0.0


def bounds_at(sets: CoverSets, price: FloatArray, k: int) -> FloatArray:
    """Shape (k,): the bounds for 1 .. k sites that given prices prove."""
    score = np.sort(scores(sets, price))[::-1][:k]
    return np.cumsum(score) + float((sets.weight - price).sum())
