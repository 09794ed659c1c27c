"""
The cheapest set of projects that meets targets, and the order in which to build it.

With the x, y and limits of ``mix``, p_r = 1 when requirement r is met, l_v = 1 when level rule v is:

min sum f_j y_j + sum c_t x_jt  (or the number of sites used)  subject to
  z_ti <= sum over N_ti of x_jt,
  reached_r + sum over its group of w_ti z_ti >= share_r total_r when p_r = 1,
  sum over its presence of p_r >= at_least, for each gate of v, when l_v = 1,
  sum of weight_v l_v >= at_least_a for each aim.

A requirement that no level rule names must be met, and so must a level rule that no aim names; the others
are met where that is cheapest. Requirements with few minimal sets of sites are told by these sets instead
of z (``_target_sets``). Source: partial set covering with several demands (Daskin and Owen 1999),
levels as in goal-driven acceptance (a level asks for a number of types, a plan for a share of communities).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from yike.core.siting import _target_search as search
from yike.core.siting._target_faults import refuse_impossible
from yike.core.siting._target_plain import plain_goal
from yike.core.siting.mix import FacilityMix, building_order, plain_mix
from yike.core.siting.options import SolveOptions
from yike.core.tables import FloatArray, IntArray, PlanStatus, SitingPlan, freeze


@dataclass(frozen=True, eq=False)
class Requirement:
    """At least a share of a group's people must have a type within its cutoff."""

    code: str  # what a message calls it
    demand: int  # row of ``FacilityMix.demands``
    group_idx: IntArray  # shape (n_demand,), -1 in no group
    group: int
    share: float
    reached: float  # people of the group who reach one today
    total: float  # people of the group who count

    def __post_init__(self) -> None:
        freeze(self)


class CountGate(NamedTuple):
    """At least so many of these requirements are met."""

    presence: tuple[int, ...]  # rows of ``TargetPlan.requirements``
    at_least: int


@dataclass(frozen=True)
class LevelRule:
    """A level of a group: it passes all gates, as so many basic types and so many quality types."""

    group: int
    gates: tuple[CountGate, ...]
    label: str = ""  # what a message calls it

    @property
    def presence(self) -> tuple[int, ...]:
        """Requirements that any gate names, ascending."""
        return tuple(sorted({r for gate in self.gates for r in gate.presence}))


@dataclass(frozen=True, eq=False)
class Aim:
    """A weighted number of levels that must be reached."""

    label: str
    levels: tuple[int, ...]  # rows of ``TargetPlan.levels``
    weight: FloatArray  # shape (n_levels,), of each level named: 1 / communities, people / all people, ...
    at_least: float

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class TargetPlan:
    """What must be met, at least cost or with the fewest sites; see the module's text."""

    mix: FacilityMix  # its ``k`` and ``budget_fen`` hold too where given
    requirements: tuple[Requirement, ...]
    levels: tuple[LevelRule, ...] = ()
    aims: tuple[Aim, ...] = ()
    objective: str = "cost"  # "cost" | "projects": sites used

    def __post_init__(self) -> None:
        if self.objective not in ("cost", "projects"):
            raise ValueError(f"objective is {self.objective!r}, not 'cost' or 'projects'")


def solve_target(problem: TargetPlan, options: SolveOptions) -> SitingPlan:
    """
    Find the cheapest (or smallest) set of sites and types that meets all that must be met.

    Returns
    -------
    SitingPlan
        One row per (site, type), a site's rows together, sites in the order of people newly reached per
        money (per site where the number of projects counts, or nothing costs). ``objective``: fen, or sites.

    Raises
    ------
    InfeasibleError
        A requirement, level or aim cannot be met even with all candidates (says the best that could be and
        how many people no candidate reaches); or all can, but not within the budget, the number of sites or
        the room of the sites (says what would be needed).
    TimeLimitError
        No plan was found in time, and none was proven impossible.

    Notes
    -----
    Parts that share no site are solved one by one where no level, budget or number of sites ties them.
    Greedy (most progress per money; levels with the least cost per weight first), pruning and ruin-and-
    recreate give a plan, HiGHS proves or improves it: requirements by their minimal sets, by their homes
    where these are too many, by inequalities found on the way where the homes are too many as well.
    """
    began = options.clock()
    mix, people = plain_mix(problem.mix)
    goal = plain_goal(problem, mix)
    refuse_impossible(problem, goal)
    found = search.search_target(problem, goal, options)
    has = np.zeros(mix.is_allowed.shape, np.bool_)
    has[goal.site[found.has], goal.columns.type_row[found.has]] = True
    by_cost = problem.objective == "cost" and bool(mix.site_cost.any() or mix.type_cost.any())
    order = building_order(mix, people, has, by_cost=by_cost, is_kept=has)
    type_idx = np.array([d.type_idx for d in problem.mix.demands], np.int32)
    return SitingPlan(
        np.array(order.site, np.int32), type_idx[np.array(order.type_row, np.int64)],
        np.array(order.people, float), np.array(order.cost_fen, np.int64), "target", "min",
        found.objective, found.bound, PlanStatus.OPTIMAL if found.is_proven else PlanStatus.BOUNDED,
        found.stopped_by, found.method, options.clock() - began, options.seed,
    )  # fmt: skip
