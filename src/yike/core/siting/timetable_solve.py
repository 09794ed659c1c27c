"""
Solve a timetable: search, bound, and the exact program where the town is small enough.

Which stops a crew visits decides who is met; on which half-days is a question of fitting. So the bound
comes from the program over crews and stops (or prices, for large towns), the timetable from the search,
and only where the two do not meet does the whole program have to decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from yike.core.siting._highs import Answer, Program, run_highs
from yike.core.siting.options import SolveOptions
from yike.core.siting.timetable import TimetablePlan, TimetableProblem
from yike.core.siting.timetable_bound import lagrangian_bound
from yike.core.siting.timetable_crews import Merged, empty_week, merge
from yike.core.siting.timetable_program import Built, Wish, crews_program, whole_program, whole_size
from yike.core.siting.timetable_search import Score, Search, meets_floor, score_of
from yike.core.tables import IntArray, PlanStatus

DEFAULTS = SolveOptions()
WHOLE_BINARIES = 6_000
"""Above so many visits that could be, the whole program is hopeless within a minute."""

WHOLE_CELLS = 6_000
CREW_CELLS = 40_000
"""Trades x classes of homes: up to the first in whole visits, up to the second in fractions, then prices."""

CREW_NODES = 200
"""Nodes of the crews' search tree; the bound hardly moves after the first."""

WHOLE_NODES = 1_000
"""Nodes of the whole program's search tree where stops are more than are always solved to the end."""

SEARCH_SHARE = 0.5  # of the time, before programs begin
FLOORS_TRIED = 6
AIMS = (1.0, 0.5, 0.25, 0.1)
"""Floors to aim at, as shares of the way from the worst share reached to its limit."""

SURE = 1e-6


def solve_timetable(problem: TimetableProblem, options: SolveOptions = DEFAULTS) -> TimetablePlan:
    """
    Find a weekly timetable and how far it is from the best.

    Returns
    -------
    TimetablePlan
        "optimal" only when proven. The same problem and seed give the same plan, unless the clock cut the
        search short (``stopped_by`` is "time" then).
    """
    began = options.clock()
    run = _Run(merge(problem), problem, options, began + options.time_limit_s)
    if not run.m.may.any() or not run.m.n_classes:
        found = _Found(empty_week(problem.n_vendors), 0.0, run.base_share(), ["nothing"], True)
    elif problem.fair == "none" or not run.m.is_live.any():
        found = run.most_people()
    elif problem.fair == "lexicographic":
        found = run.worst_first()
    else:
        found = run.weighed()
    return _plan(run, found, options.clock() - began)


@dataclass(eq=False)
class _Found:
    """A timetable with its bounds."""

    at: IntArray
    bound: float
    share_bound: float
    method: list[str]
    is_sure: bool = False


class _Run:
    """One town under one wish for fairness."""

    def __init__(self, m: Merged, problem: TimetableProblem, options: SolveOptions, deadline: float) -> None:
        self.m, self.problem, self.options = m, problem, options
        span = max(0.0, deadline - options.clock())
        self.deadline = self.end = deadline
        self.halfway = deadline - 0.5 * span  # by then the worst community is lifted as far as it goes
        self.search = Search(m, options, deadline - (1 - SEARCH_SHARE) * span)
        self.method: list[str] = []
        self.stopped = ""
        self.chosen: IntArray | None = None  # crews and stops of the crews' program, not yet tried

    def base_share(self) -> float:
        """Worst share before anything is done."""
        return score_of(self.m, empty_week(len(self.m.most))).worst_share

    def worth(self, at: IntArray, wish: Wish) -> float:
        """What a timetable counts under a wish."""
        score = score_of(self.m, at)
        return _worth(score, wish)

    def most_people(self) -> _Found:
        """The most people, nobody first."""
        wish = Wish()
        at = self.search.improve(empty_week(len(self.m.most)))
        at, bound, sure = self.close(at, wish)
        return _Found(at, bound, float("nan"), self.method, sure)

    def worst_first(self) -> _Found:
        """The highest lowest share, then the most people."""
        lift = Wish(people=0.0, share=1.0)
        self.deadline = self.halfway
        at = self.search.improve(empty_week(len(self.m.most)))
        limit = min(self._easy_share(), self.bound_by_crews(lift, at))
        at = self._lift(at, limit)
        at, share_bound, sure_share = self.close(at, lift, limit)
        self.deadline = self.end
        share = score_of(self.m, at).worst_share
        wish = Wish(floor=share)
        for seed in (1, 2):
            more = self.search.improve(at, share, seed=seed)
            if meets_floor(self.m, more, share) and self.worth(more, wish) > self.worth(at, wish):
                at = more
        at, bound, sure = self.close(at, wish)
        share = score_of(self.m, at).worst_share
        return _Found(at, bound, max(share, share_bound), self.method, sure and sure_share)

    def weighed(self) -> _Found:
        """A weighted sum of people and the lowest share."""
        problem = self.problem
        wish = Wish(1 - problem.fairness, problem.fairness * float(problem.group_total.sum()))
        best = self.search.improve(empty_week(len(self.m.most)))
        limit = self._easy_share()
        for k in range(1, FLOORS_TRIED):
            tried = self.search.improve(empty_week(len(self.m.most)), limit * k / (FLOORS_TRIED - 1), seed=k)
            if self.worth(tried, wish) > self.worth(best, wish):
                best = tried
        at, bound, sure = self.close(best, wish)
        return _Found(at, bound, limit, self.method, sure)

    def _lift(self, at: IntArray, limit: float) -> IntArray:
        """Aim at floors above what is reached, some far, some near; afresh first, then from the best week."""
        low = score_of(self.m, at).worst_share
        for k, aim in enumerate((*AIMS, *AIMS)):
            if limit - low <= SURE:
                break
            start = empty_week(len(self.m.most)) if k < len(AIMS) else at
            tried = self.search.improve(start, low + aim * (limit - low), seed=k)
            reached = score_of(self.m, tried).worst_share
            if reached > low:
                at, low = tried, reached
        return at

    def _easy_share(self) -> float:
        """The worst community's share if every stop that reaches it were visited."""
        m = self.m
        gained = np.zeros(len(m.total))
        inside = m.group >= 0
        np.add.at(gained, m.group[inside], m.weight.sum(0)[inside])
        return float(min(1.0, ((m.before + gained)[m.is_live] / m.total[m.is_live]).min()))

    def close(self, at: IntArray, wish: Wish, limit: float | None = None) -> tuple[IntArray, float, bool]:
        """Better timetable, bound, whether it is proven."""
        bound = self.bound_by_crews(wish, at) if limit is None else limit
        if not self.is_sure(self.worth(at, wish), bound):
            at = self._follow_crews(at, wish)
        if not self.is_sure(self.worth(at, wish), bound) and whole_size(self.m) <= WHOLE_BINARIES:
            at, bound = self._decide(at, wish, bound)
        worth = self.worth(at, wish)
        return at, max(worth, bound), self.is_sure(worth, bound)

    def is_sure(self, worth: float, bound: float) -> bool:
        """Whether nothing can be better by more than rounding."""
        return bound - worth <= SURE * max(1.0, abs(worth))

    def bound_by_crews(self, wish: Wish, at: IntArray) -> float:
        """The crews' program, or prices where it would be too large."""
        cells = self.m.n_trades * self.m.n_classes
        if cells > CREW_CELLS:
            return self._bound_by_prices(wish, at)
        is_whole = cells <= WHOLE_CELLS
        built = crews_program(self.m, wish, is_whole)
        answer = self._solve(built, 0.6, max_nodes=CREW_NODES)
        if not np.isfinite(answer.bound) or not (is_whole or answer.status == "optimal"):
            return self._bound_by_prices(wish, at)
        self._note("crews")
        if is_whole and answer.x is not None:
            self.chosen = built.keys[answer.x[: len(built.keys)] > 0.5]
        return answer.bound

    def _bound_by_prices(self, wish: Wish, at: IntArray) -> float:
        bound = wish.share * self._easy_share() if wish.share else 0.0
        if wish.people:
            best = score_of(self.m, at).people
            until = self.options.clock() + 0.8 * max(1.0, self.deadline - self.options.clock())
            bound += wish.people * lagrangian_bound(self.m, best, self.options, until)
        self._note("prices")
        return bound

    def _follow_crews(self, at: IntArray, wish: Wish) -> IntArray:
        """
        Try to put the crews' own plan onto half-days: only stops that the crews' program chose.

        Where they fit, the timetable meets its bound (30 vendors, 60 stops: 2.5 s, where the whole program
        with its five times as many visits does not end within a minute).
        """
        if self.chosen is None:
            return at
        visited = np.zeros((self.m.n_crews, self.m.n_stops), np.bool_)
        visited[self.chosen[:, 0], self.chosen[:, 1]] = True
        narrow = replace(self.m, may=self.m.may & visited[self.m.crew][:, :, None])
        self.chosen = None
        if not 0 < whole_size(narrow) <= WHOLE_BINARIES:
            return at
        built = whole_program(narrow, wish)
        answer = self._solve(built, 0.5, max_nodes=CREW_NODES)
        self._note("whole")
        return self._better(at, built, answer, wish)

    def _better(self, at: IntArray, built: Built, answer: Answer, wish: Wish) -> IntArray:
        """The program's timetable where it is better and keeps the floor."""
        if answer.x is None:
            return at
        found = empty_week(len(self.m.most))
        vendor, stop, half = built.keys[answer.x[: len(built.keys)] > 0.5].T
        found[vendor, half] = stop
        floor_kept = not score_of(self.m, found).worst_share < wish.floor - SURE
        return found if floor_kept and self.worth(found, wish) > self.worth(at, wish) else at

    def _decide(self, at: IntArray, wish: Wish, bound: float) -> tuple[IntArray, float]:
        built = whole_program(self.m, wish)
        start = _start(built, at, self.options)
        is_small = self.m.n_stops <= self.options.exact_up_to
        answer = self._solve(built, 1.0, start, None if is_small else WHOLE_NODES)
        self._note("whole")
        at = self._better(at, built, answer, wish)
        return at, min(bound, answer.bound) if np.isfinite(answer.bound) else bound

    def _solve(
        self, built: Built, share: float, start: np.ndarray | None = None, max_nodes: int | None = None
    ) -> Answer:
        left = max(1.0, share * (self.deadline - self.options.clock()))
        options = replace(self.options, time_limit_s=left)
        answer = run_highs(built.program, options, start, max_nodes=max_nodes)
        if answer.status in ("time", "person"):
            self.stopped = answer.status
        return answer

    def _note(self, word: str) -> None:
        if word not in self.method:
            self.method.append(word)


def _worth(score: Score, wish: Wish) -> float:
    share = 0.0 if not wish.share else wish.share * score.worst_share
    return wish.people * score.people + share


def _start(built: Built, at: IntArray, options: SolveOptions) -> np.ndarray | None:
    """All columns that belong to a timetable: its visits held fast, the rest by a small linear program."""
    program = built.program
    low, high = program.low.copy(), program.high.copy()
    n = len(built.keys)
    held = (at[built.keys[:, 0], built.keys[:, 2]] == built.keys[:, 1]).astype(float)
    low[:n] = high[:n] = held
    fixed = Program(
        program.cost, program.matrix, program.row_low, program.row_high, low, high,
        np.zeros(len(low), np.bool_), maximise=True,
    )  # fmt: skip
    return run_highs(fixed, options).x


def _plan(run: _Run, found: _Found, seconds: float) -> TimetablePlan:
    score = score_of(run.m, found.at)
    problem = run.problem
    objective = score.people
    if problem.fair == "weighted" and run.m.is_live.any():
        fairness = problem.fairness
        objective = _worth(score, Wish(1 - fairness, fairness * float(problem.group_total.sum())))
    vendor, half = np.nonzero(found.at >= 0)
    stop = found.at[vendor, half]
    order = np.lexsort((vendor, stop, half))
    is_fair = problem.fair != "none"
    stopped = run.stopped or ("time" if run.search.out_of_time else "work")
    return TimetablePlan(
        vendor_idx=vendor[order].astype(np.int32),
        stop_idx=stop[order].astype(np.int32),
        half_idx=half[order].astype(np.int32),
        objective=objective,
        bound=objective if found.is_sure else max(objective, found.bound),
        worst_share=score.worst_share if is_fair else float("nan"),
        worst_bound=found.share_bound if is_fair else float("nan"),
        worst_group=score.worst_group if is_fair else -1,
        status=PlanStatus.OPTIMAL if found.is_sure else PlanStatus.BOUNDED,
        stopped_by="proof" if found.is_sure else stopped,
        method="+".join(["search", *found.method]),
        seconds=seconds,
        seed=run.options.seed,
    )
