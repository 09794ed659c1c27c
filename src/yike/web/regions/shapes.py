"""Boundaries: what may be one, and circles and communities as map features."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from yike.web.regions.models import Area, Circle, CommercialCentre
from yike.web.regions.reading import CircleRow
from yike.web.regions.words import sign_of
from yike.web.ui.geojson import Feature, feature, point

DIGITS = 6


def shape_of(told: Any) -> dict[str, Any]:
    """
    A Polygon or MultiPolygon out of GeoJSON as people paste it: a geometry, a feature, a collection of one.

    Raises
    ------
    ValueError, TypeError, KeyError, IndexError
        It is none, a ring has fewer than three corners, or a corner is not in degrees.
    """
    if told["type"] == "FeatureCollection":
        (told,) = told["features"]
    if told["type"] == "Feature":
        told = told["geometry"]
    if told["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": [_ring(r) for r in told["coordinates"]]}
    if told["type"] != "MultiPolygon":
        raise ValueError(told["type"])
    return {"type": "MultiPolygon", "coordinates": [[_ring(r) for r in p] for p in told["coordinates"]]}


def _ring(corners: Sequence[Sequence[float]]) -> list[list[float]]:
    ring = [[round(float(lon), DIGITS), round(float(lat), DIGITS)] for lon, lat, *_ in corners]
    for lon, lat in ring:
        if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
            raise ValueError((lon, lat))
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    if len({tuple(c) for c in ring}) < 3:
        raise ValueError(len(ring))
    return ring


def circle_features(rows: Iterable[CircleRow]) -> list[Feature]:
    """Circles that have a boundary."""
    return [
        feature(
            "circle", r.circle.boundary, label=r.circle.name, href=f"/desk/regions/circles/{r.circle.pk}/",
            sign=sign_of(r.state), detail=f"{len(r.communities)} 个社区",
        )
        for r in rows
        if r.circle.boundary
    ]  # fmt: skip


def community_features(areas: Iterable[Area]) -> list[Feature]:
    """Communities that have a boundary."""
    return [
        feature(
            "community", a.boundary, label=getattr(a, "name", None) or a.code,
            href=f"/desk/regions/areas/{a.pk}/",
        )
        for a in areas
        if a.boundary
    ]  # fmt: skip


def centre_features(circle: Circle, centres: Iterable[CommercialCentre]) -> list[Feature]:
    """Commercial centres that have a place."""
    return [
        feature("facility", point(c.lon, c.lat), label=c.name, detail=circle.name)
        for c in centres
        if c.lon is not None
    ]
