"""Opening hours as people write them: enough to tell "24 h", "open late" and "opens early"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from yike.core.tables import Tri, TriArray

DAY_MIN = 24 * 60

_ALL_DAY = re.compile(r"24\s*/\s*7|24\s*(小时|h\b|hours)|全天|昼夜")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*(?:--?|[–—~至到]+)\s*(\d{1,2}):(\d{2})")
_HALF_WIDTH = {0xFF10 + k: str(k) for k in range(10)} | {0xFF1A: ":", 0xFF5E: "~", 0xFF0D: "-", 0xFF0F: "/"}


@dataclass(frozen=True)
class OpenHours:
    """Spans of an ordinary day in minutes; an end beyond 1440 lies after midnight."""

    spans: tuple[tuple[int, int], ...]

    @property
    def is_all_day(self) -> bool:
        """Open round the clock."""
        return any(end - start >= DAY_MIN for start, end in self.spans)

    @property
    def opens_min(self) -> int:
        """First opening of the day."""
        return min(start for start, _ in self.spans)

    @property
    def closes_min(self) -> int:
        """Last closing of the day, beyond 1440 after midnight."""
        return max(end for _, end in self.spans)


def read_hours(text: str) -> OpenHours | None:
    """
    Opening hours of an ordinary day, None when the text does not say.

    Understands ``24小时``, ``24/7``, ``07:00-22:30``, ``7:00—14:00,17:00—21:00``, ``18:00-02:00`` and the
    spans inside an OpenStreetMap ``opening_hours`` text; days of the week are not told apart: the spans
    of all days are taken together. ``00:00-24:00`` and ``08:00-08:00`` are round the clock.
    """
    text = text.translate(_HALF_WIDTH)
    if _ALL_DAY.search(text):
        return OpenHours(((0, DAY_MIN),))
    spans = []
    for h1, m1, h2, m2 in _SPAN.findall(text):
        start, end = int(h1) * 60 + int(m1), int(h2) * 60 + int(m2)
        if start >= DAY_MIN or int(m1) > 59 or int(m2) > 59 or end > 2 * DAY_MIN:
            return None
        spans.append((start, end if end > start else end + DAY_MIN))
    return OpenHours(tuple(sorted(set(spans)))) if spans else None


def is_open_late(hours: Iterable[str], from_min: float) -> TriArray:
    """Whether each outlet is still open after a minute of the day, e.g. after 21:00."""
    return _judge(hours, lambda h: h.is_all_day or h.closes_min > from_min)


def is_all_day(hours: Iterable[str]) -> TriArray:
    """Whether each outlet is open round the clock."""
    return _judge(hours, lambda h: h.is_all_day)


def _judge(hours: Iterable[str], test: Callable[[OpenHours], bool]) -> TriArray:
    known: dict[str, int] = {}
    for text in hours:
        if text not in known:
            read = read_hours(text) if text else None
            known[text] = Tri.UNKNOWN if read is None else int(test(read))
    return np.array([known[text] for text in hours], np.int8)
