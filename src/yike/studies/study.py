"""What goes into a study and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yike.reports.facts import ReportFacts

Progress = Callable[[str, int, int], None]
"""Called with (stage in Chinese, done, total); raise ``KeyboardInterrupt`` in it to stop the run."""


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class StudySpec:
    """
    One run: a pack, a date, a rule pack, a profile.

    ``rule_pack``, ``profile``, ``limit_s`` and ``at_minute`` (of the day: which gates and timed closures are
    open) override what the pack says; None leaves it to the pack.
    """

    pack: Path
    rule_pack: str | None = None
    profile: str | None = None
    limit_s: float | None = None
    at_minute: int | None = None
    max_memory_mb: int = 1024
    n_threads: int | None = None
    with_isochrones: bool = True
    with_siting: bool = False  # the best sites per type that lacks; for the files that show them


@dataclass(frozen=True)
class StudyResult:
    """The facts of a run, with what is needed to repeat it."""

    facts: ReportFacts
    digests: Mapping[str, str]  # input file -> sha256
    seconds: Mapping[str, float]  # stage -> wall seconds; the only part that differs between equal runs
    cpu_seconds: Mapping[str, float]
    versions: Mapping[str, str]
    settings: Mapping[str, Any] = field(default_factory=dict)
