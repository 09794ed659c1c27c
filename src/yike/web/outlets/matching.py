"""Which outlet of the register a row means: by code, credit code, phone, or name within 50 m."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import Substr

from yike.core.geo.projection import LocalProjection, haversine_m
from yike.sources.duplicates import SAME_NAME_WITHIN_M, Duplicate, find_duplicates
from yike.sources.headers import plain
from yike.web.accounts.sealed import mark_of_digits
from yike.web.outlets.models import PHONE, Outlet

BLOCK = 6
"""Digits of an area code that make a block to look for twins in: a district."""

WORDS = {"code": "编号", "credit_code": "统一社会信用代码", "phone": "电话", "name": "名称和位置（50 米内）"}


@dataclass(frozen=True)
class Hit:
    """Outlets that a row may mean, and how they were recognised; none when it is new."""

    keys: tuple[int, ...]
    by: str = ""


class Matcher:
    """The outlets of a branch, ready to be asked."""

    def __init__(self, outlets: QuerySet[Outlet]) -> None:
        self._by: dict[str, dict[str, list[int]]] = {"code": {}, "credit_code": {}, "phone": {}, "name": {}}
        self._place: dict[int, tuple[float | None, float | None, str]] = {}
        columns = outlets.order_by("id").values_list(
            "id", "code", "credit_code", "phone_mark", "name", "lon", "lat"
        )
        for key, code, credit_code, phone, name, lon, lat in columns.iterator(5000):
            told = {"code": code, "credit_code": credit_code, "phone": phone, "name": plain(name)}
            for by, value in told.items():
                if value:
                    self._by[by].setdefault(value, []).append(key)
            self._place[key] = (lon, lat, told["name"])

    def find(self, values: Mapping[str, Any]) -> Hit:
        """The outlets a row means, by the surest sign it has."""
        for by in ("code", "credit_code"):
            if found := self._by[by].get(str(values.get(by, ""))):
                return Hit(tuple(found), by)
        name = plain(str(values.get("name", "")))
        # One phone may serve several shops: the name must be the same too.
        mark = mark_of_digits(str(values.get("phone", "")), PHONE)
        same = [k for k in self._by["phone"].get(mark, ()) if self._place[k][2] == name]
        if same:
            return Hit(tuple(same), "phone")
        near = [k for k in self._by["name"].get(name, ()) if self._is_near(k, values)] if name else []
        return Hit(tuple(near), "name") if near else Hit(())

    def _is_near(self, key: int, values: Mapping[str, Any]) -> bool:
        lon, lat, _ = self._place[key]
        here_lon, here_lat = values.get("lon"), values.get("lat")
        if lon is None or lat is None or here_lon is None or here_lat is None:
            return False
        return float(haversine_m(lon, lat, here_lon, here_lat)) <= SAME_NAME_WITHIN_M


def twins(outlets: QuerySet[Outlet], most: int) -> list[tuple[Duplicate, tuple[int, ...]]]:
    """
    Groups of outlets in the register that look like one, with their keys, until there are ``most``.

    Looked for district by district, so that a large city needs no more memory and mostly ends early.
    """
    found: list[tuple[Duplicate, tuple[int, ...]]] = []
    plain_rows = outlets.order_by()
    blocks = plain_rows.annotate(block=Substr("area_code", 1, BLOCK)).values_list("block", flat=True)
    for block in sorted(set(blocks.distinct())):
        found += _twins_among(plain_rows.filter(area_code__startswith=block).order_by("pk"))
        if len(found) >= most:
            break
    return found[:most]


def _twins_among(outlets: QuerySet[Outlet]) -> list[tuple[Duplicate, tuple[int, ...]]]:
    rows = list(outlets.values_list("pk", "name", "credit_code", "phone", "lon", "lat"))
    keys, names, codes, phones, lons, lats = zip(*rows, strict=True)
    lon, lat = np.array(lons, np.float64), np.array(lats, np.float64)  # None becomes NaN
    known = np.isfinite(lon)
    origin = (float(np.median(lon[known])), float(np.median(lat[known]))) if known.any() else (0.0, 0.0)
    x_m, y_m = LocalProjection(*origin).forward(lon, lat)
    return [(g, tuple(keys[i] for i in g.rows)) for g in find_duplicates(names, codes, phones, x_m, y_m)]
