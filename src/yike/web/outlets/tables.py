"""The border with the engine: outlets of the register as its table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from django.db.models import QuerySet

from yike.core.geo.projection import LocalProjection
from yike.core.tables import FloatArray, IntArray, LongArray, Outlets, OutletStatus, Tri
from yike.sources.outlet_services import add_early, pack_services
from yike.standards.loader import load_types
from yike.web.outlets.models import Outlet

STATUS = {
    "open": OutletStatus.OPEN,
    "planned": OutletStatus.PLANNED,
    "suspended": OutletStatus.SUSPENDED,
    "closed": OutletStatus.CLOSED,
}
_TRI = {True: Tri.YES, False: Tri.NO, None: Tri.UNKNOWN}


def to_table(
    outlets: QuerySet[Outlet],
    *,
    projection: LocalProjection | None = None,
    community_idx: Mapping[int, int] | None = None,
) -> Outlets:
    """
    Outlets with a place, as studies take them; a movable one gives a row for each stop.

    Parameters
    ----------
    projection
        Of the network they are joined to; without it around the outlets' own middle.
    community_idx
        Row of each community (by its key) in the study's table; others are -1.

    Returns
    -------
    Outlets
        In the order of the register's keys. Ids are the codes people gave, or ``W`` and the key.
    """
    placed = outlets.filter(lon__isnull=False).order_by("pk").prefetch_related("services", "stops")
    rows = [(o, k) for o in placed.iterator(2000) for k in range(max(1, len(o.stops.all())))]
    owners = [o for o, _ in rows]
    first = np.array([i - k for i, (_, k) in enumerate(rows)], np.int32)
    points = np.array([_point(o, k) for o, k in rows], np.float64).reshape(-1, 2)
    x_m, y_m = (projection or _around(points)).forward(points[:, 0], points[:, 1])
    type_idx, ptr, service_types = _types(owners)
    known = community_idx or {}
    return Outlets(
        outlet_id=_ids(rows),
        name=tuple(o.name for o in owners),
        lon=points[:, 0],
        lat=points[:, 1],
        x_m=x_m,
        y_m=y_m,
        type_idx=np.array(type_idx, np.int32),
        service_ptr=ptr,
        service_type_idx=service_types,
        status=np.array([STATUS[o.status] for o in owners], np.uint8),
        is_chain=np.array([_TRI[o.is_chain] for o in owners], np.int8),
        is_movable=np.array([o.is_movable for o in owners], np.bool_),
        is_unstaffed=np.array([o.is_unstaffed for o in owners], np.bool_),
        staff=_numbers([o.staff for o in owners]),
        area_m2=_numbers([o.area_m2 for o in owners]),
        capacity=_numbers([o.capacity for o in owners]),
        hours=tuple(_hours(o, k) for o, k in rows),
        source_row=np.full(len(rows), -1, np.int32),
        community_idx=np.array([known.get(o.community_id or 0, -1) for o in owners], np.int32),
        circle_idx=np.full(len(rows), -1, np.int32),
        unit_idx=first,
        checked_on=tuple(o.verified_on.isoformat() if o.verified_on else "" for o in owners),
    )


def _around(points: FloatArray) -> LocalProjection:
    """A projection around the middle of some points; anywhere for none."""
    return LocalProjection(*np.median(points, axis=0)) if len(points) else LocalProjection(0.0, 0.0)


def _types(owners: Sequence[Outlet]) -> tuple[list[int], LongArray, IntArray]:
    types = load_types()
    at = {t.code: i for i, t in enumerate(types)}
    type_idx = [at.get(o.type_code, -1) for o in owners]
    services = [[at[s.type_code] for s in o.services.all() if s.type_code in at] for o in owners]
    ptr, packed = pack_services(types, type_idx, services)
    ptr, packed, _ = add_early(types, ptr, packed, [bool(o.opens_early) for o in owners])
    return type_idx, ptr, packed


def _ids(rows: Sequence[tuple[Outlet, int]]) -> tuple[str, ...]:
    """Codes as given, once each; stops are numbered from 1."""
    ids, seen = [], set[str]()
    for outlet, stop in rows:
        name = outlet.code or f"W{outlet.pk}"
        if stop == 0 and name in seen:
            name = f"{name}#{outlet.pk}"
        seen.add(name)
        ids.append(f"{name}@{stop + 1}" if len(outlet.stops.all()) else name)
    return tuple(ids)


def _point(outlet: Outlet, stop: int) -> tuple[float, float]:
    stops = outlet.stops.all()
    if len(stops):
        return stops[stop].lon, stops[stop].lat
    return outlet.lon or 0.0, outlet.lat or 0.0


def _hours(outlet: Outlet, stop: int) -> str:
    stops = outlet.stops.all()
    return (stops[stop].hours if len(stops) else "") or outlet.hours


def _numbers(values: Sequence[float | None]) -> FloatArray:
    return np.array([math.nan if v is None else float(v) for v in values], np.float64)
