"""Which outlet of the register a row means: by code, credit code, phone, or name within 50 m."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from yike.core.geo.projection import LocalProjection, haversine_m
from yike.sources.duplicates import SAME_NAME_WITHIN_M, Duplicate, find_duplicates
from yike.sources.headers import plain
from yike.web.outlets.models import Outlet

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
            "id", "code", "credit_code", "phone", "name", "lon", "lat"
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
        same = [
            k for k in self._by["phone"].get(str(values.get("phone", "")), ()) if self._place[k][2] == name
        ]
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


def duplicates(outlets: Iterable[Outlet]) -> list[tuple[Duplicate, tuple[int, ...]]]:
    """Groups of outlets in the register that look like one, with their keys."""
    rows = list(outlets)
    if not rows:
        return []
    import numpy as np

    lon = np.array([np.nan if o.lon is None else o.lon for o in rows])
    lat = np.array([np.nan if o.lat is None else o.lat for o in rows])
    known = np.isfinite(lon)
    origin = (float(np.median(lon[known])), float(np.median(lat[known]))) if known.any() else (0.0, 0.0)
    x_m, y_m = LocalProjection(*origin).forward(lon, lat)
    groups = find_duplicates(
        [o.name for o in rows], [o.credit_code for o in rows], [o.phone for o in rows], x_m, y_m
    )
    return [(g, tuple(rows[i].pk for i in g.rows)) for g in groups]
