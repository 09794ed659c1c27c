"""
Half-days of the week as people write them: 周一上午；周三下午, 工作日, 每天上午, 周六日, 除周一外.

A week has 14 half-days, ``2 * day + half``; Monday morning is 0. Blank means any. Clock times (周六
8:00-11:30) are read too: a half-day counts when at least two hours of it are meant.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from yike.core.tables import BoolArray
from yike.sources.numbers import is_blank
from yike.sources.opening_hours import DAY_MIN, parse_hours

HALVES = 14
NOON_MIN = 12 * 60
LEAST_MIN = 120  # of a half-day that must be meant for it to count (推定)

_DAY_NUMBER = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6} | {str(i + 1): i for i in range(7)}
_WEEK = "(?:周|星期|礼拜)"
_DAY = "[一二三四五六日天1-7]"
_DAY_LIST = re.compile(rf"{_WEEK}{_DAY}(?:[、,和及与]?{_WEEK}?{_DAY}|[至到\-]{_WEEK}?{_DAY})*")
_TOKEN = re.compile(rf"(?P<to>[至到\-])?[、,和及与]?{_WEEK}?(?P<day>{_DAY})")
_SETS = (
    (re.compile(r"(?:每天|每日|天天|全周|整周|不限|均可|任意|任何时间|全部)(?:都可|均可|都行)?"), range(7)),
    (re.compile(r"(?:每个?)?(?:工作日|平日|平时)"), range(5)),
    (re.compile(r"(?:每个?)?(?:周末|双休日|星期末|节假日)"), range(5, 7)),
)  # fmt: skip
_HALF = (
    (re.compile(r"全天|整天|上下午|上午和?下午|白天"), (0, 1)),
    (re.compile(r"上午|早上|早晨|早市|早|am"), (0,)),
    (re.compile(r"下午|午后|pm"), (1,)),
)
_BUT = re.compile(r"^除(?:了)?(.+?)(?:以外|之外|外)?$")
_OFF = re.compile(r"^(.+?)(?:休息|不可|不行|除外|不来|不开)$")
_PARTS = re.compile(r"[;。\n|/]+")


def parse_half_days(text: str) -> BoolArray | None:
    """
    Half-days that a text names.

    Parameters
    ----------
    text
        A cell; blank means any half-day.

    Returns
    -------
    shape (14,), or None when some part of the text has no reading: half-read days would be wrong days.
    """
    clean = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())
    clean = re.sub("[—–―~〜～－]", "-", clean)
    if is_blank(clean):
        return np.ones(HALVES, np.bool_)
    named, shut = np.zeros(HALVES, np.bool_), np.zeros(HALVES, np.bool_)
    says_when = False
    for part in filter(None, _PARTS.split(clean)):
        but = _BUT.match(part) or _OFF.match(part)
        found = _read(but[1] if but else part)
        if found is None:
            return _by_clock(text)
        if but:
            shut |= found
        else:
            named, says_when = named | found, True
    return (named if says_when else ~named) & ~shut


def _read(part: str) -> BoolArray | None:
    """Days, each with its half-days, one after the other."""
    found = np.zeros(HALVES, np.bool_)
    rest = part.strip(",、")
    while rest:
        days, rest = _days(rest)
        halves, rest = _halves(rest.lstrip("的"))
        if days is None and halves is None:
            return None
        for day in days if days is not None else range(7):
            for half in halves or (0, 1):
                found[2 * day + half] = True
        rest = rest.lstrip(",、和及与")
    return found


def _days(rest: str) -> tuple[list[int] | None, str]:
    for pattern, days in _SETS:
        if hit := pattern.match(rest):
            return list(days), rest[hit.end() :]
    hit = _DAY_LIST.match(rest)
    if hit is None:
        return None, rest
    days_named: list[int] = []
    for token in _TOKEN.finditer(hit[0]):
        day = _DAY_NUMBER[token["day"]]
        first = days_named[-1] if token["to"] and days_named else day
        days_named += [(first + k) % 7 for k in range((day - first) % 7 + 1)]
    return days_named, rest[hit.end() :]


def _halves(rest: str) -> tuple[tuple[int, ...] | None, str]:
    for pattern, halves in _HALF:
        if hit := pattern.match(rest):
            return halves, rest[hit.end() :]
    return None, rest


def _by_clock(text: str) -> BoolArray | None:
    """Half-days of a text with clock times, None when it has none either."""
    hours = parse_hours(text)
    if not hours.is_known or not hours.spans:
        return None
    open_min = np.zeros((7, DAY_MIN), np.bool_)
    flat = open_min.reshape(-1)
    for start, end in hours.spans:
        flat[start:end] = True
    halves = np.stack([open_min[:, :NOON_MIN].sum(1), open_min[:, NOON_MIN:].sum(1)], axis=1)
    return np.asarray(halves.reshape(-1) >= LEAST_MIN)


def half_name(half: int) -> str:
    """``0`` as 周一上午."""
    return f"周{'一二三四五六日'[half // 2]}{'上午' if half % 2 == 0 else '下午'}"
