"""Which function does which kind of job; apps register theirs in ``jobs.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yike.web.jobs.queue import Running

Work = Callable[[Running], Mapping[str, Any]]
_KINDS: dict[str, Work] = {}


def does(kind: str) -> Callable[[Work], Work]:
    """Decorator: this function does jobs of a kind; it returns the result, as plain data."""

    def register(work: Work) -> Work:
        if kind in _KINDS:
            raise ValueError(f"two functions do {kind}")
        _KINDS[kind] = work
        return work

    return register


def work_of(kind: str) -> Work | None:
    """The function for a kind, None when nobody registered one."""
    return _KINDS.get(kind)
