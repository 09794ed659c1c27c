"""The clock and the person who waits: why a search stops before its work is done."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from yike.core.siting.options import SolveOptions

A = TypeVar("A")
B = TypeVar("B")


class Watch:
    """Looks at the clock and asks ``should_stop`` between the steps of one search."""

    def __init__(self, options: SolveOptions) -> None:
        self.options = options
        self.began = options.clock()
        self._stopped = ""

    @property
    def seconds(self) -> float:
        """Since the search began."""
        return self.options.clock() - self.began

    @property
    def left_s(self) -> float:
        """Until the time limit, at least 0."""
        return max(0.0, self.options.time_limit_s - self.seconds)

    def reason(self) -> str:
        """Why to stop now: "time", "person", or "" to go on; once given it stays."""
        if not self._stopped:
            if self.options.should_stop():
                self._stopped = "person"
            elif self.left_s <= 0:
                self._stopped = "time"
        return self._stopped

    def rest(self) -> SolveOptions:
        """
        The options for a part of the search: the time that is left, and one thread.

        HiGHS picks another one of equally good plans when it has more threads.
        """
        return replace(self.options, time_limit_s=self.left_s, n_threads=1)


def side_by_side(options: SolveOptions, first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Both results, found in two threads when the options allow; neither may look at the other."""
    if options.n_threads == 1:
        return first(), second()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(second)
        return first(), other.result()
