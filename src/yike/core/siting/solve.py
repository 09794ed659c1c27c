"""One door to all models: ``solve(problem)``."""

from __future__ import annotations

from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import MaxCover, Problem
from yike.core.tables import SitingPlan

DEFAULTS = SolveOptions()


def solve(problem: Problem, options: SolveOptions = DEFAULTS) -> SitingPlan:
    """
    Solve a siting problem, with a bound.

    Returns
    -------
    SitingPlan
        ``status`` is optimal only when proven; otherwise ``bound`` tells how much better a plan could be.

    Raises
    ------
    InfeasibleError
        No plan meets the requirements; says which cannot be met and what would make it feasible.
    """
    from yike.core.siting.coverage import solve_max_cover

    if isinstance(problem, MaxCover):
        return solve_max_cover(problem, options)
    raise NotImplementedError(type(problem).__name__)
