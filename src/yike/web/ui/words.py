"""Figures and days as people read them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

MISSING = "暂缺"


def thousands(value: object) -> str:
    """``12345`` as ``12 345`` with a thin blank, from 10,000 on; what is missing is said."""
    if value is None or value == "":
        return MISSING
    if not isinstance(value, int | float | Decimal):
        return str(value)
    is_long = abs(float(value)) >= 10_000
    return f"{value:,}".replace(",", "\u202f") if is_long else str(value)


def day(value: dt.date | dt.datetime | None) -> str:
    """``2026年11月22日``."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: dt.datetime | None) -> str:
    """``2026年11月22日 17:30``."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local)} {local:%H:%M}"
