"""Numbers and dates as a clerk reads them; unknown is a word, never 0."""

from __future__ import annotations

import datetime as dt
import math

from yike.reports.html_report.labels import label

THIN = "\u202f"
"""Narrow no-break space between groups of three, from 10,000 on."""


def count(value: float) -> str:
    """Whole number; 未知 when NaN."""
    if math.isnan(value):
        return label("word.unknown")
    whole = math.floor(abs(value) + 0.5)
    digits = f"{whole:,}".replace(",", THIN) if whole >= 10_000 else str(whole)
    return f"-{digits}" if value < 0 and whole else digits


def decimal(value: float, places: int = 1) -> str:
    """Number with fixed places, halves away from zero; 未知 when NaN."""
    if math.isnan(value):
        return label("word.unknown")
    step = 10**places
    return f"{math.copysign(math.floor(abs(value) * step + 0.5 + 1e-9) / step, value):.{places}f}"


def share(value: float) -> str:
    """Percentage with one place, such as 61.5%; never rounded up to 100% or down to 0%."""
    if math.isnan(value):
        return label("word.unknown")
    shown = decimal(value * 100)
    if shown == "100.0":
        return "100%" if value >= 1 else "99.9%"
    if shown == "0.0":
        return "0%" if value == 0 else "0.1%"
    return f"{shown}%"


def share_limit(value: float) -> str:
    """A required percentage without idle zeros: 80%, 12.5%."""
    return label("word.none_asked") if math.isnan(value) else f"{value * 100:.6g}%"


def minutes(seconds: float) -> str:
    """Minutes of whole seconds, rounded up, with one place; 走不到 beyond the search, 未知 when NaN."""
    if math.isnan(seconds):
        return label("word.unknown")
    return label("word.unreachable") if math.isinf(seconds) else decimal(math.ceil(seconds) / 60)


def whole_minutes(seconds: float) -> str:
    """A norm in minutes: 10, 7.5."""
    return label("word.none_asked") if math.isnan(seconds) else f"{seconds / 60:.6g}"


def wan(value: float) -> str:
    """Ten thousands with two places, such as 2.60 万."""
    return label("word.unknown") if math.isnan(value) else f"{decimal(value / 10_000, 2)} 万"


def date_words(iso: str) -> str:
    """2026年11月22日; the text itself when it is not a full date, 未注明 when empty."""
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return iso or label("word.not_stated")
    return f"{day.year}年{day.month}月{day.day}日"
