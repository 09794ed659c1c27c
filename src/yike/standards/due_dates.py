"""Deadlines as documents write them: 2024年9月底, 2023年底, 2025年12月底前, 2024-09-30, 常态化推进."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

STANDING = "常态化"
"""A task that is worked on always: it can never be late, only idle."""

_WHEN = re.compile(
    r"(?P<year>20\d\d)(?:年|-)?(?:(?P<month>\d{1,2})(?:月|-|$))?(?:(?P<day>\d{1,2})日?)?(?P<rest>\D*)"
)
_END_WORDS = ("", "底", "末", "度", "前", "底前", "末前")


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
    if found is None or found["rest"] not in _END_WORDS:
        raise ValueError(text)
    year, month = int(found["year"]), int(found["month"] or 12)
    if not 1 <= month <= 12:
        raise ValueError(text)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= int(found["day"] or last) <= last:
        raise ValueError(text)
    return Due(dt.date(year, month, int(found["day"] or last)), False, text.strip())
