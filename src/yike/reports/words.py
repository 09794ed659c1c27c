"""How numbers, dates and states are written for people, in every document alike."""

from __future__ import annotations

import datetime as dt
import math

from yike.core.tables import GapState

UNKNOWN = "未知"
STATE_WORDS = {
    GapState.MET: "● 达标",
    GapState.GAP: "○ 缺口",
    GapState.DATA_MISSING: "▨ 数据缺失",
    GapState.NOT_SURVEYED: "▨ 未调查",
    GapState.UNKNOWN: "▨ 未知",
    GapState.NOT_REQUIRED: "· 不要求",
}


def share(value: float | None, places: int = 0) -> str:
    """0–1 as per cent; 未知 for NaN."""
    if value is None or math.isnan(value):
        return UNKNOWN
    return f"{value * 100:.{places}f}%"


def count(value: float | None) -> str:
    """Whole number with grouping from 10,000; 未知 for NaN."""
    if value is None or math.isnan(value):
        return UNKNOWN
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"


def minutes(seconds: float | None, places: int = 0) -> str:
    """Seconds as minutes; 未知 for NaN, 走不到 for infinity."""
    if seconds is None or math.isnan(seconds):
        return UNKNOWN
    return "走不到" if math.isinf(seconds) else f"{seconds / 60:.{places}f}"


def chinese_date(iso: str) -> str:
    """``2026-11-22`` as 2026年11月22日; 日期未知 when empty."""
    if not iso:
        return "日期未知"
    day = dt.date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
