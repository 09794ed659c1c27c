"""
Numbers as people type them: １２, 12个, 1,234, 1.2万, 116°19′40″.

Blank words (—, 无, 不详) mean unknown, which is NaN and never 0. What could mean two things ("12,5") is
refused, not guessed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

_BLANK_LIST = "|-|--|—|——|/|\\|无|不详|未知|不明|暂无|null|none|na|n/a|#n/a|nil|?"
BLANK_WORDS = frozenset(_BLANK_LIST.split("|"))
"""Cells that say nobody knows; the first is the empty cell."""

_UNITS = (
    "个|家|人|名|位|户|处|座|张|台|辆|间|栋|层|m2|m²|㎡|平方米|平米|平|米|m|元|万元|口|岁|套|组|床|年"
    "|km|公里|分钟|所|只"
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:e[+-]?\d+)?|[+-]?\.\d+", re.IGNORECASE)
_WITH_UNIT = re.compile(
    rf"(?P<about>约|大约|共|计)?\s*(?P<number>{_NUMBER.pattern})\s*(?P<wan>万)?\s*(?:{_UNITS})?"
    r"(?P<more>左右|余|多)?",
    re.IGNORECASE,
)
# NFKC turns the double prime into two primes, so "′′" stands for seconds.
_DEGREES = re.compile(
    r"(?P<side>[NSEW]|东经|西经|北纬|南纬)?\s*(?P<deg>\d{1,3})\s*[°度]\s*"
    r"(?:(?P<min>\d{1,2}(?:\.\d+)?)\s*[′'’分]\s*)?"
    r"(?:(?P<sec>\d{1,2}(?:\.\d+)?)\s*(?:′′|\"|”|''|秒)\s*)?(?P<after>[NSEW])?",
    re.IGNORECASE,
)
_DECIMAL_DEGREES = re.compile(
    r"(?P<side>[NSEW]|东经|西经|北纬|南纬)?\s*(?P<number>[+-]?\d+(?:\.\d+)?)\s*°?\s*(?P<after>[NSEW])?",
    re.IGNORECASE,
)
_NEGATIVE_SIDES = ("S", "W", "西经", "南纬")


@dataclass(frozen=True)
class Number:
    """A cell read as a number: the value, and how it came about."""

    value: float  # NaN when blank or bad
    how: str  # "plain" | "cleaned" (width, unit, separators) | "about" | "blank" | "bad"


_BAD = Number(math.nan, "bad")
_BLANK = Number(math.nan, "blank")


def clean_text(text: str) -> str:
    """Half-width, without blanks at the ends or signs that nobody sees."""
    return unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "").strip()


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, 无 or 不详."""
    return not text or clean_text(text).casefold() in BLANK_WORDS


def parse_number(text: str) -> Number:
    """
    Read a cell as a number.

    Parameters
    ----------
    text
        As in the sheet. "12个", "１２", "1,234", "1.2万" and "约30人" are understood; "nan", "inf",
        "12,5" and "十二" are not.

    Returns
    -------
    Number
        Blank words give NaN with ``how`` "blank"; what cannot be read gives NaN with ``how`` "bad".
    """
    if not text:
        return _BLANK
    if text.isascii() and text.isdigit():
        return Number(float(text), "plain")
    cleaned = clean_text(text)
    if cleaned.casefold() in BLANK_WORDS:
        return _BLANK
    found = _WITH_UNIT.fullmatch(cleaned)
    if not found:
        return _BAD
    value = float(found["number"].replace(",", "")) * (10_000 if found["wan"] else 1)
    if not math.isfinite(value):
        return _BAD
    if found["about"] in ("约", "大约") or found["more"]:
        return Number(value, "about")
    return Number(value, "plain" if found["number"] == text else "cleaned")


def parse_degrees(text: str) -> Number:
    """
    Read a cell as degrees: decimal, or degrees, minutes and seconds; south and west are negative.

    Examples
    --------
    >>> parse_degrees("116°19′30″E").value
    116.325
    """
    try:
        value = float(text)
    except ValueError:
        return _parse_written_degrees(clean_text(text))
    return Number(value, "plain") if math.isfinite(value) else _BAD


def _parse_written_degrees(cleaned: str) -> Number:
    if cleaned.casefold() in BLANK_WORDS:
        return _BLANK
    found = _DECIMAL_DEGREES.fullmatch(cleaned)
    if found:
        value = float(found["number"])
    else:
        found = _DEGREES.fullmatch(cleaned)
        if not found:
            return _BAD
        value = int(found["deg"]) + float(found["min"] or 0) / 60 + float(found["sec"] or 0) / 3600
    side = (found["side"] or found["after"] or "").upper()
    return Number(-value if side in _NEGATIVE_SIDES else value, "cleaned")
