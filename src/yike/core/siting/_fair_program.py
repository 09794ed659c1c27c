"""Fair covering as mixed-integer programs, for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from yike.core.siting._fair_kernels import Groups
from yike.core.siting._highs import Program, run_highs
from yike.core.siting._mix_program import RowList
from yike.core.siting.options import SolveOptions
from yike.core.tables import BoolArray, FloatArray

MOST_GROUPS = 15
"""The sequence has one program per group, each larger than the one before."""

MOST_NODES = 1_000
"""Of each search tree: the same limit of work on every machine."""


@dataclass(frozen=True, eq=False)
class Proof:
    """What HiGHS could prove; ``bound`` is of the first place."""

    is_in: BoolArray | None
    bound: float
    is_proven: bool
    stopped_by: str


def prove_weighted(
    groups: Groups, is_fixed: BoolArray, k: int, is_in: BoolArray, options: SolveOptions
) -> Proof:
    """Solve the weighted form: one program with the lowest share as an unknown."""
    m, n = len(is_fixed), len(groups.weight)
    rows = _cover_rows(groups, m, k)
    for g in range(len(groups.base)):
        _add_share_row(rows, groups, m, g, np.array([m + n]), np.array([-1.0]), -float(groups.base[g]))
    people = groups.total.sum()
    worth = np.where(groups.group >= 0, groups.weight / people, 0.0) * (1.0 - groups.fairness)
    cost = np.concatenate([np.zeros(m), worth, [groups.fairness]])
    low, high = rows.limits()
    floor = np.concatenate([is_fixed.astype(float), np.zeros(n), [-np.inf]])
    program = Program(
        cost, rows.matrix(m + n + 1), low, high, floor, np.append(np.ones(m + n), np.inf),
        np.arange(m + n + 1) < m, maximise=True,
    )  # fmt: skip
    shares, covered = _shares(groups, is_in)
    start = np.concatenate([is_in, covered, [shares.min()]]).astype(float)
    answer = run_highs(program, options, start, max_nodes=MOST_NODES)
    constant = (1.0 - groups.fairness) * float((groups.base * groups.total).sum() / people)
    found = None if answer.x is None else answer.x[:m] > 0.5
    return Proof(found, answer.bound + constant, answer.status == "optimal", answer.status)


def prove_lexicographic(
    groups: Groups, is_fixed: BoolArray, k: int, is_in: BoolArray, options: SolveOptions
) -> Proof:
    """
    Raise the sum of the p lowest shares, p = 1, 2, ..., each held while the next is raised; then the weight.

    Stops at the first step that cannot be proven; the plan it ends with is a plan all the same.
    """
    began, m = monotonic(), len(is_fixed)
    held: list[float] = []
    bound, plan = float("inf"), is_in
    n_groups = len(groups.base)
    if n_groups > MOST_GROUPS:
        n_groups = 1
    for p in range(1, n_groups + 2):
        is_last = p == n_groups + 1
        if is_last and n_groups < len(groups.base):
            break
        left = options.time_limit_s - (monotonic() - began)
        program, start = _level_program(groups, is_fixed, k, held, plan, weigh=is_last)
        limits = replace(options, time_limit_s=max(left, 0.1))
        answer = run_highs(program, limits, start, max_nodes=MOST_NODES)
        if p == 1:
            bound = answer.bound
        if answer.x is not None:
            plan = answer.x[:m] > 0.5
        if answer.status != "optimal" or answer.x is None:
            return Proof(plan, bound, False, answer.status)
        shares = np.sort(_shares(groups, plan)[0])
        held.append(float(shares[:p].sum()))
    return Proof(plan, bound, n_groups == len(groups.base), "proof")


def _level_program(
    groups: Groups, is_fixed: BoolArray, k: int, held: list[float], plan: BoolArray, *, weigh: bool
) -> tuple[Program, FloatArray]:
    """The program of the next level: earlier sums held, the next one (or the weight) raised."""
    m, n, n_groups = len(is_fixed), len(groups.weight), len(groups.base)
    rows = _cover_rows(groups, m, k)
    n_levels = len(held) + (0 if weigh else 1)
    shares, covered = _shares(groups, plan)
    start = [plan.astype(float), covered.astype(float)]
    for level in range(n_levels):
        at = m + n + level * (n_groups + 1)
        short = at + 1 + np.arange(n_groups)
        for g in range(n_groups):
            _add_share_row(
                rows, groups, m, g, np.array([short[g], at]), np.array([1.0, -1.0]), -float(groups.base[g])
            )
        if level < len(held):
            value = np.concatenate([[level + 1.0], -np.ones(n_groups)])
            rows.add_one(np.append(at, short), value, held[level] - 1e-8, np.inf)
        t = np.sort(shares)[level]
        start += [np.array([t]), np.maximum(0.0, t - shares)]
    n_columns = m + n + n_levels * (n_groups + 1)
    cost = np.zeros(n_columns)
    if weigh:
        cost[m : m + n] = groups.weight / max(1.0, float(groups.weight.sum()))
    else:
        at = n_columns - n_groups - 1
        cost[at], cost[at + 1 :] = float(n_levels), -1.0
    floor = np.zeros(n_columns)
    floor[:m][is_fixed] = 1.0
    floor[m + n :: n_groups + 1] = -np.inf
    top = np.full(n_columns, np.inf)
    top[: m + n] = 1.0
    low, high = rows.limits()
    is_integer = np.arange(n_columns) < m
    program = Program(cost, rows.matrix(n_columns), low, high, floor, top, is_integer, maximise=True)
    return program, np.concatenate(start)


def _cover_rows(groups: Groups, m: int, k: int) -> RowList:
    """z_i <= sum of the sites that cover row i; at most k sites."""
    n = len(groups.weight)
    rows, every = RowList(), np.arange(n)
    site = np.repeat(np.arange(m), np.diff(groups.ptr))
    rows.add(
        np.concatenate([every, groups.row]), np.concatenate([m + every, site]),
        np.concatenate([np.ones(n), -np.ones(len(site))]), np.full(n, -np.inf), np.zeros(n),
    )  # fmt: skip
    rows.add_one(np.arange(m), np.ones(m), -np.inf, float(k))
    return rows


def _add_share_row(
    rows: RowList, groups: Groups, m: int, g: int, extra: np.ndarray, value: FloatArray, low: float
) -> None:
    """Share of a group without its base, plus extra unknowns, is at least ``low``."""
    mine = np.flatnonzero(groups.group == g)
    rows.add_one(
        np.concatenate([m + mine, extra]),
        np.concatenate([groups.weight[mine] / groups.total[g], value]), low, np.inf,
    )  # fmt: skip


def _shares(groups: Groups, is_in: BoolArray) -> tuple[FloatArray, BoolArray]:
    """Shares of the groups under a plan, and the rows it covers."""
    covered = np.zeros(len(groups.weight), np.bool_)
    for j in np.flatnonzero(is_in):
        covered[groups.row[groups.ptr[j] : groups.ptr[j + 1]]] = True
    mine = covered & (groups.group >= 0)
    people = np.bincount(groups.group[mine], groups.weight[mine], minlength=len(groups.base))
    return groups.base + people / groups.total, covered
