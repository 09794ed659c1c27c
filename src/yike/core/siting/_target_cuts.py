"""
Large pools by inequalities instead of one unknown per home, found as they are needed.

Where a set U of items does not give a pool what it needs, the others must give the rest:
sum over e outside U of min(gain_e(U), rest) x_e >= rest p. All these together are exact at whole numbers, and
each of them holds for every plan, so any selection of them gives a valid bound. Source: Wolsey (1982) for
submodular covering; knapsack covers of Carr, Fleischer, Leung and Phillips (2000).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from yike.core.siting._highs import Answer, Program, run_highs
from yike.core.siting._mix_search import Watchman
from yike.core.siting._pool_kernels import worst_cut
from yike.core.siting._target_plain import Goal
from yike.core.siting._target_program import Layout
from yike.core.siting._target_sets import Pool, pool_of
from yike.core.siting.options import SolveOptions
from yike.core.tables import FloatArray

MOST_ROUNDS = 40
"""Of inequalities for the program without whole numbers."""

MOST_PROGRAMS = 12
"""Programs in whole numbers that are solved one after another, each with what the last one broke."""

LEAST_VIOLATION = 0.02


class Cuts:
    """A program that grows by the inequalities that its answers break."""

    def __init__(self, program: Program, at: Layout, goal: Goal) -> None:
        self.program = program
        self._at, self._goal = at, goal
        self._pools: dict[int, Pool] = {r: pool_of(goal, int(goal.req_pool[r])) for r in at.by_cuts}

    def add(self, x: FloatArray, least: float) -> int:
        """Add the worst inequality of each pool that a point breaks; returns how many."""
        n_sites = self._goal.columns.n_sites
        rows, columns, values, n = [], [], [], 0
        for r, pool in self._pools.items():
            column = n_sites + pool.items
            p = self._at.req + r
            need = float(self._goal.req_need[r])
            # a plan that lacks no more than rounding holds
            need -= 1e-9 * max(1.0, need)
            worst, gain = worst_cut(pool.covers, pool.weight, need, x[column], x[p])
            if worst < least:
                continue
            used = np.flatnonzero(gain > 1e-9)
            rows.append(np.full(len(used) + 1, n))
            columns.append(np.append(column[used], p))
            values.append(np.append(gain[used], -1.0))
            n += 1
        if n:
            flat = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
            self._append(csr_array(coo_array(flat, (n, len(x)))))
        return n

    def _append(self, more: csr_array) -> None:
        n = more.shape[0]
        self.program = replace(
            self.program,
            matrix=vstack([self.program.matrix, more], format="csr"),
            row_low=np.concatenate([self.program.row_low, np.full(n, -1e-9)]),
            row_high=np.concatenate([self.program.row_high, np.full(n, np.inf)]),
        )


def solve_by_cuts(
    cuts: Cuts,
    options: SolveOptions,
    watch: Watchman,
    max_nodes: int | None,
    take: Callable[[FloatArray], float],
    known: Callable[[], FloatArray | None],
) -> Answer:
    """
    Tighten without whole numbers, then with them, until no inequality is broken or the time is up.

    Parameters
    ----------
    take
        Makes a plan of a point; returns the least cost known so far, in the program's units.
    known
        The best plan so far as a point; it breaks nothing.

    Returns
    -------
    Answer
        ``bound`` is valid whenever the search ends; ``status`` "optimal" only when nothing was broken.
    """
    bound, status = -np.inf, "work"
    whole = cuts.program.is_integer
    for _round in range(MOST_ROUNDS):
        relaxed = replace(cuts.program, is_integer=np.zeros_like(whole))
        answer = run_highs(relaxed, _within(options, watch, 0.4))
        if answer.status == "infeasible":
            return answer
        if answer.status != "optimal" or answer.x is None:
            break
        bound = max(bound, answer.bound)
        take(answer.x)
        if watch.left_s < 0.6 * options.time_limit_s or not cuts.add(answer.x, LEAST_VIOLATION):
            break
    for _program in range(MOST_PROGRAMS):
        if watch.says_stop():
            break
        answer = run_highs(cuts.program, _within(options, watch, 0.6), known(), max_nodes=max_nodes)
        status = answer.status
        if status == "infeasible":
            return answer
        bound = max(bound, answer.bound)
        if answer.x is None:
            break
        best = take(answer.x)
        if bound >= best - 1e-6 or not cuts.add(np.round(answer.x), 1e-6) or status != "optimal":
            break
        status = "work"
    return Answer(None, float("nan"), bound, status)


def _within(options: SolveOptions, watch: Watchman, share: float) -> SolveOptions:
    return replace(options, time_limit_s=max(watch.left_s, 0.1) * share)
