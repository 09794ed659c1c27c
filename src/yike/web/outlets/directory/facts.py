"""One entry as groups of facts and lists, as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yike.web.outlets.directory import cells
from yike.web.outlets.directory.choices import form_types, kind_label, types_text
from yike.web.outlets.directory.kinds import FACILITY, Kind
from yike.web.personal.masks import masked_phone
from yike.web.ui import words

Groups = list[tuple[str, list[tuple[str, str]]]]
Lines = list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]
UNKNOWN = "暂缺"


def facts_of(kind: Kind, entry: Any, community: str, *, is_whole: bool) -> Groups:
    """Groups of (label, text); unknown reads 暂缺; telephone numbers are masked unless ``is_whole``."""
    own = _facility(entry, is_whole) if kind is FACILITY else _premises(entry)
    place = ("位置", [
        ("社区", community or UNKNOWN), ("地址", entry.address or UNKNOWN), ("经纬度", _point(entry)),
    ])  # fmt: skip
    source = ("来源", [("来源", entry.source or "手工登记"), ("编号", entry.code or UNKNOWN)])
    return [own[0], place, *own[1:], source]


def _facility(f: Any, is_whole: bool) -> Groups:
    kind = FACILITY.type_label(f.type_code) or UNKNOWN
    if f.type_code in form_types():
        kind += "（也是调查表的业态，表里按网点计数）"
    return [
        ("基本情况", [
            ("类型", kind), ("运营单位", f.provider or UNKNOWN),
            ("服务能力", words.thousands(cells.tidy(f.capacity))),
        ]),
        ("服务", [
            ("服务时间", f.hours or UNKNOWN),
            ("电话", (f.phone if is_whole else masked_phone(f.phone)) or UNKNOWN),
            ("无障碍", _three(f.is_accessible)), ("形式", "流动" if f.is_movable else "固定"),
            ("启用", _day(f.begins_on)), ("停用", _day(f.ends_on) if f.ends_on else "没有停用"),
        ]),
    ]  # fmt: skip


def _premises(p: Any) -> Groups:
    return [
        ("基本情况", [
            ("空间类型", kind_label(p.kind_code) or UNKNOWN),
            ("面积", _with(words.thousands(cells.tidy(p.area_m2)), "平方米")),
            ("产权单位", p.owner or UNKNOWN), ("使用状态", p.state or UNKNOWN),
        ]),
        ("利用", [
            ("可引入业态", types_text(p.allowed_types)), ("拟用途", p.use or UNKNOWN),
            ("可用时间", p.hours or UNKNOWN),
            ("改造费用", _with(words.thousands(cells.yuan(p.cost_fen)), "元")),
            ("年租金", "免租" if p.rent_fen == 0 else _with(words.thousands(cells.yuan(p.rent_fen)), "元")),
        ]),
    ]  # fmt: skip


def lists_of(kind: Kind, entry: Any) -> Lines:
    """Price list and stops: heading, column heads, lines."""
    if kind is not FACILITY:
        return []
    prices = [
        (p["item"], cells.price_text(p["price_fen"]) or UNKNOWN, p.get("note") or "—") for p in entry.prices
    ]
    stops = [
        (s["place"] or "—", f"{s['lon']:.6f}, {s['lat']:.6f}", s["hours"] or UNKNOWN) for s in entry.stops
    ]
    told: Lines = [("价目", ("项目", "价格", "说明"), prices)]
    if entry.is_movable or stops:
        told.append(("停靠点", ("地点", "经纬度（WGS-84）", "时间"), stops))
    return told


def _point(entry: Any) -> str:
    if entry.lon is None:
        return UNKNOWN
    return f"{entry.lon:.6f}, {entry.lat:.6f}（WGS-84；原 {entry.get_source_datum_display() or '未注明'}）"


def _three(value: bool | None) -> str:
    return {True: "有", False: "没有", None: UNKNOWN}[value]


def _day(day: Any) -> str:
    return words.day(day) if day else UNKNOWN


def _with(text: str, unit: str) -> str:
    return text if text == words.thousands(None) else f"{text} {unit}"
