"""Cells of an outlet list that are words: yes or no, status, chain, dates, services, stops."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from yike.core.tables import OutletStatus, Tri
from yike.sources.numbers import clean_text, is_blank, parse_degrees


def _words(listed: str) -> list[str]:
    return listed.split("|")


_YES = frozenset(_words("是|有|√|✓|☑|■|y|yes|true|1|对|t|连锁|自助|无人|流动"))
_NO = frozenset(_words("否|不是|没有|无|×|✗|□|☐|n|no|false|0|f|非连锁|有人|固定|单店|个体"))

_STATUS_WORDS = (
    # Order matters: "停业装修" is suspended, "暂停营业" is not open though it holds 营业.
    (
        OutletStatus.CLOSED,
        ("关闭", "已关", "关店", "注销", "撤销", "吊销", "倒闭", "搬迁", "迁出", "拆除", "closed"),
    ),
    (OutletStatus.SUSPENDED, ("停业", "暂停", "歇业", "装修", "休业", "停用", "suspended")),
    (OutletStatus.PLANNED, ("筹", "规划", "拟", "在建", "未开业", "待开", "计划", "planned")),
    (
        OutletStatus.OPEN,
        ("营业", "在营", "开业", "正常", "存续", "运营", "开放", "在用", "open", "active", "使用中"),
    ),
)

_SERVICE_SEPARATORS = re.compile(r"[、,，;；/+＋\n|]+")
_OWN_HOURS = re.compile(r"[(（][^()（）]*\d[^()（）]*[)）]")
"""A service's own hours in brackets, "早餐（6:00-9:00）": they may hold separators."""

_STOP_SEPARATORS = re.compile(r"[;；\n]+")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?(?:[ T].*)?")


@dataclass(frozen=True)
class Stop:
    """One place where a movable outlet stands, and when."""

    lon: float
    lat: float
    hours: str
    place: str = ""


def parse_yes_no(text: str) -> Tri | None:
    """YES, NO, UNKNOWN for a blank cell, or None for a word that is neither."""
    if not text:
        return Tri.UNKNOWN
    word = clean_text(text).casefold()
    if word in _NO:
        return Tri.NO
    if word in _YES:
        return Tri.YES
    return Tri.UNKNOWN if is_blank(text) else None


def parse_status(text: str) -> OutletStatus | None:
    """Trading status; a blank cell means open, None a word nobody knows."""
    if is_blank(text):
        return OutletStatus.OPEN
    word = clean_text(text).casefold()
    return next((status for status, words in _STATUS_WORDS if any(w in word for w in words)), None)


def parse_chain(chain: str, mode: str, brand: str) -> Tri | None:
    """
    Whether an outlet belongs to a chain.

    The column 连锁 decides; else 直营 or 加盟 means yes; else a brand's name means yes. None where 连锁 holds
    a word that is neither yes nor no.
    """
    said = parse_yes_no(chain)
    if said is None and any(w in chain for w in ("直营", "加盟")):
        return Tri.YES
    if said is not Tri.UNKNOWN:
        return said
    word = clean_text(mode)
    if any(w in word for w in ("直营", "加盟", "特许")) or word == "连锁":
        return Tri.YES
    if any(w in word for w in ("单店", "个体", "独立", "自营", "非连锁")):
        return Tri.NO
    return Tri.UNKNOWN if is_blank(brand) or parse_yes_no(brand) is Tri.NO else Tri.YES


def parse_date(text: str) -> dt.date | None:
    """Date of "2026-01-15", "2026/1/15", "2026年1月" (its first day); None when it is none."""
    found = _DATE.fullmatch(clean_text(text))
    if not found:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None


def split_services(text: str) -> list[str]:
    """Words of a services cell."""
    if not text:
        return []
    parts = (clean_text(p) for p in _SERVICE_SEPARATORS.split(_OWN_HOURS.sub("", text)))
    return [w for w in parts if w and not is_blank(w)]


def parse_stops(text: str) -> tuple[list[Stop], list[str]]:
    """
    Stops of a movable outlet: "东门 116.31,39.98 周二 8:00-10:00；116.32,39.99 周四".

    Returns
    -------
    Stops, and the parts that could not be read.
    """
    stops, bad = [], []
    for part in _STOP_SEPARATORS.split(text):
        words = clean_text(part).replace("，", ",")
        if not words:
            continue
        place, words = _place_before(words)
        found = re.match(r"\(?([^,\s]+)\s*[,\s]\s*([^,\s)]+)\)?\s*,?\s*(.*)", words)
        lon = parse_degrees(found[1]) if found else None
        lat = parse_degrees(found[2]) if found else None
        if found and lon and lat and lon.how not in ("bad", "blank") and lat.how not in ("bad", "blank"):
            stops.append(Stop(lon.value, lat.value, found[3], place))
        else:
            bad.append(part.strip())
    return stops, bad


def _place_before(words: str) -> tuple[str, str]:
    """The name before a stop's point, where there is one."""
    first, _, rest = words.partition(" ")
    is_name = bool(rest) and "," not in first and parse_degrees(first.strip("(")).how == "bad"
    return (first, rest.strip()) if is_name else ("", words)
