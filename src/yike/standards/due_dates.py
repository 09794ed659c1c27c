"""Deadlines as documents write them: 2024年9月底, 2023年底, 2025年12月底前, 常态化推进."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

STANDING = "常态化"
"""A task that is worked on always: it can never be late, only idle."""

_WHEN = re.compile(
    r"(?P<year>20\d\d)\s*年?(?:\s*(?P<month>\d{1,2})\s*月)?(?:\s*(?P<day>\d{1,2})\s*日)?\s*(?P<rest>.*)"
)
_END_WORDS = ("底", "末", "度", "前", "")


@dataclass(frozen=True)
class Due:
    """A deadline: the last day that still keeps it, and the words of the document."""

    on: dt.date | None  # None: standing, or not said
    is_standing: bool
    text: str  # as written, "" not said


NOT_SAID = Due(None, False, "")


def parse_due(text: str) -> Due:
    """
    Read a deadline; month ends and year ends become their last day, the words are kept.

    "2024年9月度" (a misprint for 月底) reads as the end of the month.

    Raises
    ------
    ValueError
        The words name no date and are not 常态化.
    """
    words = re.sub(r"\s+", "", text)
    if not words:
        return NOT_SAID
    if words.startswith(STANDING):
        return Due(None, True, text.strip())
    found = _WHEN.fullmatch(words)
    if found is None or not any(found["rest"].startswith(w) for w in _END_WORDS if w or not found["rest"]):
        raise ValueError(text)
    year, month = int(found["year"]), int(found["month"] or 12)
    if not 1 <= month <= 12:
        raise ValueError(text)
    day = int(found["day"] or calendar.monthrange(year, month)[1])
    return Due(dt.date(year, month, day), False, text.strip())
