"""
Covering that lifts the worst-served group first.

The share of group g that is served, what stands already included, is r_g = (T_g - W_g + sum over g of
w_i z_i) / T_g, with T_g all its people and W_g those not served yet. Groups without people have no share and
are left out; people in no group count only in the weight covered.

Lexicographic (leximin): sort a plan's shares from the lowest up; of two plans the better one has the larger
share at the first place where they differ, and if none does, covers more weight. It is solved as a sequence
of maximisations: theta_p, the sum of the p lowest shares, for p = 1, 2, ..., each held at its best while the
next is raised, with theta_p = max over t of p t - sum of max(0, t - r_g), which is linear in r; for sets
that are not convex, as here, raising shares one group at a time would not be right. Source: Ogryczak, Pioro
and Tomaszewski (2005); the first step alone is the max-min of Marsh and Schilling (1994).

Weighted: max (1 - f) sum T_g r_g / sum T_g + f min r_g.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import comb

import numpy as np

from yike.core.siting import _fair_kernels as kernels
from yike.core.siting._fair_kernels import Groups
from yike.core.siting._fair_program import prove_lexicographic, prove_weighted
from yike.core.siting._mix_search import Watchman, is_closed
from yike.core.siting.merging import merge_alike
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import FairCover
from yike.core.tables import BoolArray, FloatArray, IntArray, PlanStatus, SitingPlan

MOST_CHOICES = 250_000
"""All choices are tried when there are at most so many; 10 of 20 sites are 184,756."""

SHAKE_WORK = 60_000_000
"""Rows and shares looked at by shaking when no number of rounds is named: a second or two."""

SMALL_PAIRS = 30_000
"""With at most so many (site, row) pairs HiGHS is asked."""


@dataclass(eq=False)
class Fair:
    """The best plan so far and what is proven about it."""

    is_in: BoolArray
    verdict: FloatArray
    bound: float
    is_proven: bool
    name: str


def solve_fair(problem: FairCover, options: SolveOptions) -> SitingPlan:
    """
    Choose ``k`` sites so that the worst-served group is lifted first, or by a stated weight.

    Returns
    -------
    SitingPlan
        ``objective`` is the lowest share (lexicographic) or the weighted value; ``optimal`` in
        lexicographic mode means that every later place of the order is proven too, so a plan may be
        "bounded" with gap 0: the lowest share is proven, the rest is not. Rows: fixed sites first, then
        fairest next.

    Raises
    ------
    ValueError
        Unknown ``mode``.
    """
    if problem.mode not in ("lexicographic", "weighted"):
        raise ValueError(f"mode is {problem.mode!r}, not 'lexicographic' or 'weighted'")
    began = options.clock()
    watch = Watchman(options)
    groups = plain_groups(problem)
    m = problem.reach.n_candidates
    is_fixed = np.zeros(m, np.bool_)
    is_fixed[problem.fixed] = True
    k = max(min(problem.k, m), int(is_fixed.sum()))
    fair = _improved_greedy(groups, is_fixed, k, options, watch)
    if comb(m - int(is_fixed.sum()), k - int(is_fixed.sum())) <= MOST_CHOICES and options.exact_up_to > 0:
        _try_all(groups, is_fixed, k, fair)
    else:
        _prove(groups, is_fixed, k, fair, options, watch)
    return _plan(problem, groups, is_fixed, fair, watch, options, began)


def plain_groups(problem: FairCover) -> Groups:
    """Merge homes alike inside each group; leave groups without people out."""
    has_people = problem.group_total > 0
    new_idx = np.append(np.where(has_people, np.cumsum(has_people) - 1, -1), -1).astype(np.int32)
    group: IntArray = new_idx[problem.group_idx]
    merged = merge_alike(problem.reach, problem.cutoff_s, label=group)
    of_row = np.full(merged.n_rows, -1, np.int32)
    reached = merged.row_of_demand >= 0
    of_row[merged.row_of_demand[reached]] = group[reached]
    total = problem.group_total[has_people].astype(float)
    is_grouped = group >= 0
    unserved = np.bincount(group[is_grouped], problem.weight[is_grouped], minlength=len(total))
    return Groups(
        merged.ptr, merged.row, merged.sum_by_row(problem.weight), of_row, 1.0 - unserved / total, total,
        problem.mode == "lexicographic", float(problem.fairness),
    )  # fmt: skip


def _improved_greedy(
    groups: Groups, is_fixed: BoolArray, k: int, options: SolveOptions, watch: Watchman
) -> Fair:
    """Fairest-next and most-people-next, both swapped and shaken; the fairer of the two."""
    best: Fair | None = None
    lots = np.random.default_rng(options.seed)
    work = max(1, len(groups.row) + len(is_fixed) * len(groups.base) * 5)
    rounds = options.rounds if options.rounds is not None else int(np.clip(SHAKE_WORK // work, 20, 1000))
    for by_weight in (False, True):
        count, covered, is_in = _start(groups, is_fixed)
        kernels.fill(groups, count, covered, is_in, k, by_weight)
        passes = 0 if watch.says_stop() else 10
        verdict = kernels.swap(groups, count, covered, is_in, is_fixed, passes)
        for _block in range(0, rounds, 20):
            if watch.says_stop():
                break
            kernels.shake(groups, count, covered, is_in, is_fixed, verdict, lots.random((20, 5)))
        if best is None or kernels.compare(verdict, best.verdict) > 0:
            best = Fair(is_in.copy(), verdict.copy(), float("inf"), False, "")
    assert best is not None
    return best


def _start(groups: Groups, is_fixed: BoolArray) -> tuple[IntArray, FloatArray, BoolArray]:
    count, covered = np.zeros(len(groups.weight), np.int32), np.zeros(len(groups.base) + 1)
    for j in np.flatnonzero(is_fixed):
        kernels.add_site(groups, count, covered, j)
    return count, covered, is_fixed.copy()


def _try_all(groups: Groups, is_fixed: BoolArray, k: int, fair: Fair) -> None:
    """Every choice: the plan is proven in all places of the order."""
    count, covered, is_in = _start(groups, is_fixed)
    free = np.flatnonzero(~is_fixed)
    kernels.enumerate_all(
        groups, free, count, covered, is_in, k - int(is_fixed.sum()), fair.is_in, fair.verdict
    )
    fair.bound, fair.is_proven, fair.name = float(fair.verdict[0]), True, "every choice tried"


def _prove(
    groups: Groups, is_fixed: BoolArray, k: int, fair: Fair, options: SolveOptions, watch: Watchman
) -> None:
    """Lagrangian bound of the first place; HiGHS for what is small enough."""
    fair.bound = _bound(groups, is_fixed, k, float(fair.verdict[0]), options, watch)
    fair.name = "Lagrangian bound"
    if len(groups.row) > SMALL_PAIRS or options.exact_up_to == 0 or watch.says_stop():
        return
    limits = replace(options, time_limit_s=max(watch.left_s, 0.1))
    prove = prove_lexicographic if groups.lexicographic else prove_weighted
    proof = prove(groups, is_fixed, k, fair.is_in, limits)
    fair.name = "HiGHS"
    fair.bound = min(fair.bound, proof.bound)
    if proof.is_in is not None and proof.is_in.sum() <= k:
        verdict = _verdict(groups, proof.is_in)
        if kernels.compare(verdict, fair.verdict) > 0:
            fair.is_in, fair.verdict = proof.is_in, verdict
    fair.bound = max(fair.bound, float(fair.verdict[0]))
    if is_closed(float(fair.verdict[0]), fair.bound, 1e-7):
        fair.bound = float(fair.verdict[0])
    fair.is_proven = proof.is_proven and fair.bound == float(fair.verdict[0])
    if proof.stopped_by in ("time", "person"):
        watch.reason = proof.stopped_by


def _verdict(groups: Groups, is_in: BoolArray) -> FloatArray:
    _, covered, _ = _start(groups, is_in)
    verdict = np.empty(kernels.width_of(groups))
    kernels.judge(groups, covered, verdict)
    return verdict


def _bound(
    groups: Groups, is_fixed: BoolArray, k: int, known: float, options: SolveOptions, watch: Watchman
) -> float:
    """Least upper bound of the first place that the subgradient search reaches."""
    n_groups = len(groups.base)
    if n_groups == 0:
        return known
    if groups.lexicographic:
        groups = groups._replace(fairness=1.0)
    lift = np.full(n_groups, groups.fairness / n_groups)
    people = groups.total.sum()
    worth = np.append(lift / groups.total + (1.0 - groups.fairness) / people, 0.0)
    price = 0.5 * worth[groups.group]
    best_price, best_lift = price.copy(), lift.copy()
    memory = np.array([_all_sites(groups), 1.0, 0.0])
    steps = options.rounds if options.rounds is not None else 1500
    for first in range(0, steps, 100):
        if watch.says_stop() or memory[1] < 1e-4 or is_closed(known, float(memory[0]), options.wanted_gap):
            break
        kernels.group_bound_steps(
            groups, is_fixed, k, price, lift, memory, known, min(100, steps - first), best_price, best_lift
        )
    return max(float(memory[0]), known)


def _all_sites(groups: Groups) -> float:
    """First place of the order when everything is built."""
    covered = np.bincount(groups.group[groups.group >= 0], groups.weight[groups.group >= 0], len(groups.base))
    share = groups.base + covered / groups.total
    lowest = float(share.min(initial=1.0))
    whole = float((share * groups.total).sum() / max(groups.total.sum(), 1e-300))
    return (1.0 - groups.fairness) * whole + groups.fairness * lowest


def _plan(
    problem: FairCover, groups: Groups, is_fixed: BoolArray, fair: Fair, watch: Watchman,
    options: SolveOptions, began: float,
) -> SitingPlan:  # fmt: skip
    count, covered, is_in = _start(groups, np.zeros_like(is_fixed))
    sites: list[int] = []
    gained: list[float] = []
    verdict = np.empty(kernels.width_of(groups))
    for step in (fair.is_in & is_fixed, fair.is_in & ~is_fixed):
        for _ in range(int(step.sum())):
            j = int(kernels.best_next(groups, count, covered, is_in | ~step, verdict))
            before = covered.sum()
            kernels.add_site(groups, count, covered, j)
            is_in[j] = True
            sites.append(j)
            gained.append(float(covered.sum() - before))
    objective = float(fair.verdict[0]) if len(groups.base) or not groups.lexicographic else float("nan")
    return SitingPlan(
        np.array(sites, np.int32), np.full(len(sites), -1, np.int32), np.array(gained, float),
        np.zeros(len(sites), np.int64), f"fair_{problem.mode}", "max", objective,
        fair.bound if len(groups.base) else objective,
        PlanStatus.OPTIMAL if fair.is_proven else PlanStatus.BOUNDED,
        "proof" if fair.is_proven else watch.reason or "work", "fairest-next greedy + swaps; " + fair.name,
        options.clock() - began, options.seed,
    )  # fmt: skip
