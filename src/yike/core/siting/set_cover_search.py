"""One part of a set covering problem: all subsets, or search, dual and HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from yike.core.siting import _set_cover_kernels as kernels
from yike.core.siting._highs import Program, run_highs
from yike.core.siting.plans import SAME, whole
from yike.core.siting.set_cover_core import CoverPart
from yike.core.siting.subsets import cheapest_cover, few
from yike.core.siting.watch import Watch
from yike.core.tables import BoolArray, FloatArray, IntArray

ROUNDS = 1000
"""Steps of the dual when the options name none; the search looks at each pair in proportion."""
STRETCH = 5_000_000
MOST_PAIRS = 400_000
"""Pairs that HiGHS is tried on."""
MOST_NODES = 20_000


@dataclass(frozen=True)
class Effort:
    """How hard to try on one part."""

    looks: int = 10  # of the search at each pair, per round
    most_pairs: int = MOST_PAIRS  # that HiGHS is tried on


FULL, QUICK = Effort(), Effort(looks=1, most_pairs=MOST_PAIRS // 8)
"""For a plan; and for one of the dozen questions that a p-center asks."""


def solve_part(
    part: CoverPart, watch: Watch, enough: float = 0.0, effort: Effort = FULL
) -> tuple[IntArray, float, str]:
    """
    A cheap cover and a bound of the cheapest.

    Parameters
    ----------
    enough
        A cover of this cost ends the search, as does a bound above it.
    """
    sets, cost = part.sets, part.cost
    if sets.n_candidates <= few(watch.options):
        sites = cheapest_cover(sets, cost)
        return sites, float(cost[sites].sum()), "all subsets"
    rounds = ROUNDS if watch.options.rounds is None else max(0, watch.options.rounds)
    is_in = _greedy(part, np.ones(sets.n_rows))
    bound, price = bound_by_prices(part, float(cost[is_in].sum()), rounds, watch)
    other = _greedy(part, price + 1e-3 * float(price.max(initial=1.0)))
    is_in = other if cost[other].sum() < cost[is_in].sum() else is_in
    bound = whole(bound, cost, "min")
    is_in = search(part, is_in, max(bound, enough), effort.looks * rounds * len(sets.rows), watch)
    spent = float(cost[is_in].sum())
    sites, method = np.flatnonzero(is_in).astype(np.int32), "greedy, row weighting; Lagrangian bound"
    is_enough = spent <= enough or bound > enough > 0
    gap = (spent - bound) / spent
    if gap <= max(SAME, watch.options.wanted_gap) or is_enough or watch.reason() or not rounds:
        return sites, min(bound, spent), method
    if len(sets.rows) > effort.most_pairs and sets.n_candidates > watch.options.exact_up_to:
        return sites, bound, method
    return _prove(part, sites, bound, watch)


def search(part: CoverPart, is_in: BoolArray, target: float, room: int, watch: Watch) -> BoolArray:
    """The best cover found from a given one; stops at ``target``."""
    sets = part.sets
    best, totals = is_in.copy(), np.array([part.cost[is_in].sum()])
    word, worth = np.array([watch.options.seed % 2**64], np.uint64), np.ones(sets.n_rows)
    for _ in range(-(-room // STRETCH)):
        if watch.reason() or totals[0] <= target * (1 + SAME):
            break
        kernels.search(
            sets.ptr, sets.rows, sets.row_ptr, sets.cands, part.cost, best, totals, worth, word,
            min(STRETCH, room), target * (1 + SAME),
        )  # fmt: skip
    return best


def bound_by_prices(part: CoverPart, upper: float, rounds: int, watch: Watch) -> tuple[float, FloatArray]:
    """Lower bound of the cost of any cover, and the prices that prove it."""
    sets = part.sets
    share = part.cost / np.maximum(1, np.diff(sets.ptr))
    price = np.minimum.reduceat(
        share[sets.cands], sets.row_ptr[:-1]
    )  # a feasible dual: sum over a set <= cost
    best, state = price.copy(), np.zeros(1 + sets.n_rows)
    state[0] = price.sum()
    stretch = max(1, STRETCH // len(sets.rows))
    for first in range(0, rounds, stretch):
        if watch.reason() or state[0] >= upper:
            break
        last = min(rounds, first + stretch)
        kernels.descend(sets.ptr, sets.rows, part.cost, price, best, upper, first, last, rounds, state)
    return float(state[0]), best


def _greedy(part: CoverPart, worth: FloatArray) -> BoolArray:
    is_in = np.zeros(part.sets.n_candidates, bool)
    kernels.greedy(part.sets.ptr, part.sets.rows, part.sets.n_rows, part.cost, worth, is_in)
    return is_in


def _prove(part: CoverPart, sites: IntArray, bound: float, watch: Watch) -> tuple[IntArray, float, str]:
    sets, cost = part.sets, part.cost
    m, n = sets.n_candidates, sets.n_rows
    start = np.zeros(m)
    start[sites] = 1
    answer = run_highs(
        Program(
            cost, csr_array((np.ones(len(sets.cands)), sets.cands, sets.row_ptr), (n, m)),
            np.ones(n), np.full(n, np.inf), np.zeros(m), np.ones(m), np.ones(m, bool),
        ),
        watch.rest(), start, max_nodes=MOST_NODES,
    )  # fmt: skip
    if answer.x is not None:
        chosen = np.flatnonzero(answer.x > 0.5).astype(np.int32)
        sites = chosen if cost[chosen].sum() < cost[sites].sum() - SAME else sites
    spent = float(cost[sites].sum())
    if answer.status == "optimal" and watch.options.wanted_gap <= 0:
        return sites, spent, "greedy, row weighting; Lagrangian bound, HiGHS"
    low = max(bound, whole(answer.bound * (1 - SAME), cost, "min")) if np.isfinite(answer.bound) else bound
    return sites, min(low, spent), "greedy, row weighting; Lagrangian and HiGHS bounds"
