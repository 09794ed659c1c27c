"""One door to all models: ``solve(problem)``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from yike.core.siting.options import SolveOptions
from yike.core.tables import SitingPlan

DEFAULTS = SolveOptions()

SOLVERS = {
    "MaxCover": "coverage.solve_max_cover",
    "SetCover": "set_cover.solve_set_cover",
    "PMedian": "p_median.solve_p_median",
    "PCenter": "p_center.solve_p_center",
    "CapacitatedCover": "capacity.solve_capacitated",
    "BudgetCover": "budget.solve_budget",
    "FairCover": "fairness.solve_fair",
    "FacilityMix": "mix.solve_mix",
    "TargetPlan": "target.solve_target",
}
"""Problem class -> the module and function that solve it, loaded when first asked for."""


def solve(problem: Any, options: SolveOptions = DEFAULTS) -> SitingPlan:
    """
    Solve a siting problem, with a bound.

    Parameters
    ----------
    problem
        One of ``yike.core.siting.problems``, a ``FacilityMix`` or a ``TargetPlan``.

    Returns
    -------
    SitingPlan
        ``status`` is optimal only when proven; otherwise ``bound`` tells how much better a plan could be.

    Raises
    ------
    InfeasibleError
        No plan meets the requirements; says which cannot be met and what would make it feasible.
    """
    module, name = SOLVERS[type(problem).__name__].split(".")
    solver: Callable[[Any, SolveOptions], SitingPlan] = getattr(
        import_module(f"yike.core.siting.{module}"), name
    )
    return solver(problem, options)
