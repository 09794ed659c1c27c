"""
What maps draw: features and their collection, with the words of the legend.

Example: ``JsonResponse(collection([feature("circle", shape, label="东关圈", href="/desk/…", sign="met")]))``.
The properties are the contract of ``static/ui/map.js``. Coordinates are WGS-84.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from yike.web.ui.marks import marks

KIND_WORDS = {
    "area": "辖区",
    "community": "社区",
    "circle": "生活圈",
    "outlet": "网点",
    "facility": "公共设施",
    "premises": "闲置空间",
    "need": "需求",
    "stop": "停靠点",
}
Feature = dict[str, Any]


def point(lon: float | None, lat: float | None) -> dict[str, Any] | None:
    """A point, None where it is not known."""
    return None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}


def feature(kind: str, geometry: Mapping[str, Any] | None, *, label: str = "", **more: Any) -> Feature:
    """One feature; ``more``: href, sign, type, count, detail. What is blank is left out."""
    told = {"kind": kind, "label": label, **more}
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {k: v for k, v in told.items() if v not in ("", None)},
    }


def collection(
    features: Iterable[Feature],
    *,
    type_words: Mapping[str, str] | None = None,
    as_of: dt.date | None = None,
    source: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A FeatureCollection with words for its legend; ``type_words`` also sets the order of the types."""
    found = list(features)
    signs = marks()
    words = {f"kind:{code}": word for code, word in KIND_WORDS.items()}
    words |= {f"sign:{code}": mark.word for code, mark in signs.items()}
    words |= {f"type:{code}": word for code, word in (type_words or {}).items()}
    told: dict[str, Any] = {"type": "FeatureCollection", "features": found, "words": words}
    if type_words:
        told["types"] = list(type_words)
    more = {"as_of": as_of.isoformat() if as_of else "", "source": source, "note": note}
    return told | {k: v for k, v in more.items() if v}
