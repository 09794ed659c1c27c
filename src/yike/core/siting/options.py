"""How long and how to search."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def never() -> bool:
    """Nobody asks to stop."""
    return False


@dataclass(frozen=True)
class SolveOptions:
    """
    Limits of one search.

    Work is bounded by ``rounds``, so the same problem gives the same plan on every machine; the clock only
    cuts a search short, and then the plan says ``stopped_by = "time"``.
    """

    time_limit_s: float = 60.0
    seed: int = 0
    rounds: int | None = None  # local search restarts and bound iterations; None: what the method holds good
    n_threads: int | None = None
    exact_up_to: int = 20  # with at most so many candidates the plan is always proven optimal
    wanted_gap: float = 0.0  # stop when the proven gap is no larger
    should_stop: Callable[[], bool] = never  # asked between steps; the best plan so far is returned
    clock: Callable[[], float] = time.monotonic
