"""Reads for everybody: which areas there are, how many circles and outlets each has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from yike.web.outlets.models import Status
from yike.web.outlets.queries import live_outlets
from yike.web.regions.models import Area, Circle
from yike.web.regions.queries import named


@dataclass(frozen=True)
class Served:
    """One district or county that has circles."""

    name: str
    circles: int
    outlets: int
    is_invented: bool


def areas_served(today: dt.date) -> list[Served]:
    """Districts and counties with circles, by code; outlets are those open now."""
    circles: dict[str, list[bool]] = {}
    for code, is_invented in Circle.objects.values_list("area_code", "is_invented"):
        circles.setdefault(code[:6], []).append(is_invented)
    open_now = live_outlets().filter(status=Status.OPEN).order_by()
    outlets: dict[str, int] = {}
    for row in open_now.values("area_code").annotate(n=Count("id")):
        outlets[row["area_code"][:6]] = outlets.get(row["area_code"][:6], 0) + row["n"]
    units = named(Area.objects.filter(branch__in=circles), today).order_by("branch")
    return [
        Served(
            getattr(a, "name", None) or a.code, len(circles[a.branch]), outlets.get(a.branch, 0),
            any(circles[a.branch]),
        )
        for a in units
    ]  # fmt: skip
