"""Stages of a run: told to the progress line, timed in wall and CPU seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from yike.studies.study import Progress


class Watch:
    """Times stages; equal runs differ in nothing but these numbers."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self.cpu_seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[int, int], None]]:
        """
        Time one stage and announce it; gives a counter ``(done, total)`` for inner progress.

        A stage that is entered twice adds up.
        """
        wall, cpu = time.perf_counter(), time.process_time()
        self.progress(name, 0, 1)
        yield lambda done, total: self.progress(name, done, total)
        self.progress(name, 1, 1)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - wall
        self.cpu_seconds[name] = self.cpu_seconds.get(name, 0.0) + time.process_time() - cpu
