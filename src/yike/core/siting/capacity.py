"""
Capacitated covering with homes that may be split.

max sum w_i y_ij  subject to  sum over j of y_ij <= 1,  sum over i of w_i y_ij <= C_j x_j,  y_ij <= x_j,
sum x_j = k,  x in {0, 1},  y >= 0. Source: Current and Storbeck (1988).

For given sites the best service is a maximum flow, and it is submodular in the sites, so greedy keeps
1 - 1/e of the best (Nemhauser, Wolsey and Fisher 1978).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yike.core.siting import _flow_kernels as kernels
from yike.core.siting._flow_kernels import Flow, Homes
from yike.core.siting._highs import Program, run_highs
from yike.core.siting._mix_program import RowList
from yike.core.siting._mix_search import Watchman, is_closed
from yike.core.siting.merging import merge_alike
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import CapacitatedCover
from yike.core.tables import BoolArray, PlanStatus, SitingPlan

SMALL_PAIRS = 20_000
"""With at most so many (site, row) pairs HiGHS is asked, whatever the number of candidates."""

SWAP_LOOKS = 60
"""Candidates tried in place of one site, the most promising first."""


def solve_capacitated(problem: CapacitatedCover, options: SolveOptions) -> SitingPlan:
    """
    Choose ``k`` sites that can serve the most weight; a home may be split between sites.

    Returns
    -------
    SitingPlan
        In the order of weight gained; ``people_gained`` is what the site adds to the service of those
        above it. Sites that would add nothing are not named (except fixed ones).

    Notes
    -----
    HiGHS for small and medium problems (never with ``options.exact_up_to`` = 0); else lazy greedy and
    swaps, each plan valued by maximum flow, with a Lagrangian bound (the rows' limits relaxed, inner problem
    a fractional knapsack per site).
    """
    began = options.clock()
    watch = Watchman(options)
    homes = plain_homes(problem)
    is_fixed = np.zeros(len(homes.capacity), np.bool_)
    is_fixed[problem.fixed] = True
    k = max(min(problem.k, len(is_fixed)), int(is_fixed.sum()))
    slack = 1e-9 * max(1.0, float(homes.weight.max(initial=0.0)))
    flow = _greedy_with_swaps(homes, is_fixed, k, slack, watch)
    bound = _bound(homes, is_fixed, k, float(flow.total[0]), options, watch)
    name = "Lagrangian bound"
    is_small = options.exact_up_to > 0 and (
        len(is_fixed) <= options.exact_up_to or len(homes.row) <= SMALL_PAIRS
    )
    if not is_closed(float(flow.total[0]), bound, options.wanted_gap) and is_small and not watch.says_stop():
        flow, bound = _ask_highs(homes, is_fixed, k, flow, bound, slack, options, watch)
        name = "HiGHS"
    proven = is_closed(float(flow.total[0]), bound, 0.0)
    sites, gained = _order(homes, flow, is_fixed, slack)
    objective = float(sum(gained))
    return SitingPlan(
        np.array(sites, np.int32), np.full(len(sites), -1, np.int32), np.array(gained, float),
        np.zeros(len(sites), np.int64), "capacity", "max", objective, objective if proven else bound,
        PlanStatus.OPTIMAL if proven else PlanStatus.BOUNDED, "proof" if proven else watch.reason or "work",
        "lazy greedy + swaps, maximum flow; " + name, options.clock() - began, options.seed,
    )  # fmt: skip


def plain_homes(problem: CapacitatedCover) -> Homes:
    """Merge homes alike (they may be split, so nothing is lost) and lay the problem out both ways."""
    merged = merge_alike(problem.reach, problem.cutoff_s)
    back = np.argsort(merged.row, kind="stable")
    counts = np.bincount(merged.row, minlength=merged.n_rows)
    m = len(merged.ptr) - 1
    return Homes(
        merged.ptr, merged.row, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        back.astype(np.int64), np.repeat(np.arange(m, dtype=np.int32), np.diff(merged.ptr)),
        merged.sum_by_row(problem.weight), problem.capacity.astype(float),
    )  # fmt: skip


def _greedy_with_swaps(homes: Homes, is_fixed: BoolArray, k: int, slack: float, watch: Watchman) -> Flow:
    flow: Flow = kernels.flow_of(homes, np.flatnonzero(is_fixed), slack)
    alone = kernels.simple_hope(homes)
    kernels.greedy_flow(homes, flow, k, slack, alone.copy())
    for _pass in range(8):
        if watch.says_stop() or not kernels.swap_pass(homes, flow, is_fixed, alone, slack, SWAP_LOOKS):
            break
    return flow


def _bound(
    homes: Homes, is_fixed: BoolArray, k: int, known: float, options: SolveOptions, watch: Watchman
) -> float:
    """Subgradient descent on the row prices."""
    n = len(homes.weight)
    best = float(homes.weight.sum())
    price, best_price, move = np.full(n, 0.3), np.full(n, 0.3), np.zeros(n)
    count, value = np.zeros(n), np.zeros(len(homes.capacity))
    step, stale = 1.0, 0
    for _step in range(options.rounds if options.rounds is not None else 400):
        if watch.says_stop() or is_closed(known, best, options.wanted_gap) or step < 1e-4:
            break
        order = np.argsort(price, kind="stable")
        total = float(kernels.relaxed_value(homes, price, order, is_fixed, k, count, value))
        stale = 0 if total < best * (1 - 1e-7) else stale + 1
        if total < best:
            best, best_price = total, price.copy()
        if stale >= 15:
            step, stale, price, move = step * 0.6, 0, best_price.copy(), np.zeros(n)
            continue
        # per person: what the prices of a row ask for more (or less) service of
        slope = np.divide(homes.weight - count, homes.weight, out=np.zeros(n), where=homes.weight > 0)
        slope[((slope > 0) & (price <= 0)) | ((slope < 0) & (price >= 1))] = 0.0
        move = slope + 0.5 * move
        norm = float((homes.weight * move * move).sum())
        if norm == 0.0:
            break
        price = np.clip(price - step * (total - known) / norm * move, 0.0, 1.0)
    return max(best, known)


def _ask_highs(
    homes: Homes, is_fixed: BoolArray, k: int, flow: Flow, bound: float, slack: float,
    options: SolveOptions, watch: Watchman,
) -> tuple[Flow, float]:  # fmt: skip
    """Let HiGHS prove or improve; the plan it names is valued by the flow again."""
    m, n_pairs = len(is_fixed), len(homes.row)
    program = _program(homes, is_fixed, k)
    start = np.concatenate([flow.is_in.astype(float), flow.served])
    limits = replace(options, time_limit_s=max(watch.left_s, 0.1))
    nodes = None if m <= options.exact_up_to else 2_000
    answer = run_highs(program, limits, start if len(start) == m + n_pairs else None, max_nodes=nodes)
    if answer.status in ("time", "person"):
        watch.reason = answer.status
    if answer.x is not None:
        other = kernels.flow_of(homes, np.flatnonzero(answer.x[:m] > 0.5), slack)
        if other.total[0] > flow.total[0] and other.is_in.sum() <= k:
            flow = other
    bound = min(bound, max(answer.bound, float(flow.total[0])))
    if answer.status == "optimal" and is_closed(float(flow.total[0]), answer.objective, 1e-7):
        bound = float(flow.total[0])
    return flow, bound


def _program(homes: Homes, is_fixed: BoolArray, k: int) -> Program:
    """People served per (site, row) pair, after the sites."""
    m, n, n_pairs = len(is_fixed), len(homes.weight), len(homes.row)
    pair = m + np.arange(n_pairs)
    one = np.ones(n_pairs)
    rows = RowList()
    rows.add(homes.row, pair, one, np.full(n, -np.inf), homes.weight)
    site = homes.site_of_pair
    rows.add(
        np.concatenate([site, np.arange(m)]), np.concatenate([pair, np.arange(m)]),
        np.concatenate([one, -homes.capacity]), np.full(m, -np.inf), np.zeros(m),
    )  # fmt: skip
    each = np.arange(n_pairs)
    rows.add(
        np.tile(each, 2), np.concatenate([pair, site]), np.concatenate([one, -homes.weight[homes.row]]),
        np.full(n_pairs, -np.inf), np.zeros(n_pairs),
    )  # fmt: skip
    rows.add_one(np.arange(m), np.ones(m), -np.inf, float(k))
    low, high = rows.limits()
    n_columns = m + n_pairs
    floor = np.zeros(n_columns)
    floor[:m][is_fixed] = 1.0
    top = np.concatenate([np.ones(m), homes.weight[homes.row]])
    cost = np.concatenate([np.zeros(m), one])
    is_integer = np.arange(n_columns) < m
    return Program(cost, rows.matrix(n_columns), low, high, floor, top, is_integer, maximise=True)


def _order(homes: Homes, flow: Flow, is_fixed: BoolArray, slack: float) -> tuple[list[int], list[float]]:
    """Fixed sites first, then what adds most next; sites that add nothing are left out unless fixed."""
    state = kernels.new_flow(homes)
    left = set(np.flatnonzero(flow.is_in).tolist())
    sites: list[int] = []
    gained: list[float] = []
    while left:
        ranked = [(not is_fixed[j], -_gain(homes, state, j, slack), j) for j in sorted(left)]
        is_free, minus, j = min(ranked)
        left.remove(j)
        if is_free and -minus <= slack:
            continue
        sites.append(j)
        gained.append(float(kernels.add_site(homes, state, j, slack)))
    return sites, gained


def _gain(homes: Homes, state: Flow, j: int, slack: float) -> float:
    trial = kernels.new_flow(homes)
    kernels.copy_flow(state, trial)
    return float(kernels.add_site(homes, trial, j, slack))
