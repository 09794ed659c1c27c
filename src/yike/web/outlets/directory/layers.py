"""Facilities and premises as a map draws them: each by itself, stops of movable ones beside."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from yike.web.outlets.directory.choices import settings
from yike.web.outlets.directory.kinds import Kind
from yike.web.outlets.directory.lists import state_of
from yike.web.ui.geojson import Feature, collection, feature, point

SIGN_WORDS = {
    "facility": {"stopped": "已停用", "waiting": "未启用"},
    "premises": {"stopped": "已在用", "unknown": "状态不清楚"},
}


def layer_of(kind: Kind, found: QuerySet[Any], today: dt.date) -> dict[str, Any]:
    """The entries as features; a note tells where there are too many."""
    most = settings()["list"]["most_on_map"]
    rows = list(found.order_by("pk")[: most + 1])
    features = [f for e in rows[:most] for f in _features(kind, e, today)]
    codes = {getattr(e, kind.type_column) for e in rows} - {""}
    words = {c: kind.type_label(c) for c in sorted(codes)}
    note = f"太多，只画了前 {most:,} 处；请用筛选缩小范围" if len(rows) > most else ""
    told = collection(features, as_of=today, type_words=words, note=note)
    told["words"] |= {f"sign:{sign}": word for sign, word in SIGN_WORDS[kind.code].items()}
    return told


def _features(kind: Kind, entry: Any, today: dt.date) -> list[Feature]:
    code, href = getattr(entry, kind.type_column), f"{kind.url}{entry.pk}/"
    sign, word = state_of(entry, today)
    told: dict[str, Any] = {"href": href, "type": code, "sign": "" if sign == "met" else sign}
    detail = " · ".join(t for t in (kind.type_label(code), word) if t)
    own = feature(kind.code, point(entry.lon, entry.lat), label=entry.name, detail=detail, **told)
    stops = [
        feature("stop", point(s["lon"], s["lat"]), label=f"{entry.name}：{s['place'] or '停靠点'}",
                detail=s["hours"], **told)
        for s in getattr(entry, "stops", ())
    ]  # fmt: skip
    return ([own] if entry.lon is not None else []) + stops
