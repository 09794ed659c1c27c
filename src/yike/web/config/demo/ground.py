"""Where the invented communities of 天水 lie: hexagons, seven to a circle at most; none is real."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import shapely

from yike.web.config.demo.chance import texts
from yike.web.config.demo.people import PROGRAM
from yike.web.regions.actions import change_circle
from yike.web.regions.models import Area, Circle

RADIUS_M = 420.0
METRES_PER_DEG = 111_319.49
FLOWER = ((0, 0), (1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))  # the middle and its six neighbours
FLOWERS = ((0, 0), (2, 1), (-1, 3), (-3, 2), (-2, -1), (1, -3), (3, -2))  # middles of flowers that just touch


def homes_of(circle: Circle) -> dict[int, tuple[float, float]]:
    """(lon, lat) of every community of a circle, by key: the leading one in the middle."""
    keys = list(
        circle.members.filter(ends_on__isnull=True)
        .order_by("community__code")
        .values_list("community", flat=True)
    )
    keys.sort(key=lambda k: k != circle.lead_community_id)
    near = Circle.objects.filter(code__startswith="TS2023-", area_code__startswith=circle.area_code[:6])
    rank = list(near.order_by("code").values_list("pk", flat=True)).index(circle.pk)
    middle = texts()["shops"]["middle"][circle.area_code[:6]]
    return {
        key: _place(middle, FLOWERS[rank % len(FLOWERS)], FLOWER[i % len(FLOWER)])
        for i, key in enumerate(keys)
    }


def home_of(community: Area) -> tuple[float, float]:
    """(lon, lat) of a community of a circle."""
    member = community.circle_memberships.get(ends_on__isnull=True)
    return homes_of(member.circle)[community.pk]


def draw_boundaries(circles: list[Circle], *, now: dt.datetime) -> None:
    """The hexagons of its communities as the boundary of every circle of 天水 that has none."""
    for circle in circles:
        if circle.boundary is None and circle.code.startswith("TS2023-"):
            shape = shapely.union_all([_hexagon(place) for place in homes_of(circle).values()])
            fields = {"boundary": _geojson(shape)}
            change_circle(who=PROGRAM, circle=circle, fields=fields, now=now)


def _place(middle: list[float], flower: tuple[int, int], petal: tuple[int, int]) -> tuple[float, float]:
    q, r = flower[0] + petal[0], flower[1] + petal[1]
    x = RADIUS_M * math.sqrt(3) * (q + r / 2)
    y = RADIUS_M * 1.5 * r
    squeeze = math.cos(math.radians(middle[1]))
    return middle[0] + x / METRES_PER_DEG / squeeze, middle[1] + y / METRES_PER_DEG


def _hexagon(place: tuple[float, float]) -> shapely.Polygon:
    """A hair wider than its cell, so that neighbours grow together."""
    squeeze = math.cos(math.radians(place[1]))
    reach = RADIUS_M * 1.002 / METRES_PER_DEG
    turns = [math.radians(30 + 60 * k) for k in range(6)]
    return shapely.Polygon(
        [(place[0] + reach * math.cos(t) / squeeze, place[1] + reach * math.sin(t)) for t in turns]
    )


def _geojson(shape: Any) -> dict[str, Any]:
    rings = [list(shape.exterior.coords)]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in r] for r in rings]}
