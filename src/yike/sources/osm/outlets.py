"""Outlets of an OSM file: nodes and areas that the catalogue's OSM tags name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

from yike.core.geo.projection import LocalProjection
from yike.core.tables import FloatArray, Outlets, OutletStatus, Tri
from yike.sources.opening_hours import parse_hours
from yike.sources.osm.extract import Geometries, OsmOutlets
from yike.sources.osm.objects import OsmObjects
from yike.sources.osm.outlines import Outlines
from yike.sources.osm.shapes import area_m2
from yike.standards.classify import classify_osm
from yike.standards.types import BusinessTypes

CARRY = frozenset(
    {
        "addr:full",
        "addr:housenumber",
        "addr:street",
        "brand",
        "contact:phone",
        "name",
        "name:zh",
        "opening_hours",
        "operator",
        "phone",
        "wheelchair",
    }
)

_NEVER_ALONE = frozenset({"name", "repair", "dispensing"})
"""Keys of the catalogue that only refine others: an object with nothing else is no outlet."""


def trigger_keys(types: BusinessTypes) -> frozenset[str]:
    """Keys by which the catalogue knows outlets."""
    return frozenset(key for t in types for tags in t.osm for key in tags) - _NEVER_ALONE


def catalogue_keys(types: BusinessTypes) -> frozenset[str]:
    """Every key the catalogue's tag sets look at."""
    return frozenset(key for t in types for tags in t.osm for key in tags)


class _Classifier:
    """Classifies tags, remembering answers: a city has thousands of outlets and some hundred tag sets."""

    def __init__(self, types: BusinessTypes) -> None:
        self._types = types
        self._keys = sorted(catalogue_keys(types))
        self._known: dict[tuple[Any, ...], tuple[int, ...]] = {}
        self._early: dict[str, bool | None] = {"": None}

    def _opens_before_8(self, hours: str) -> bool | None:
        if hours not in self._early:
            answer = parse_hours(hours).opens_before_8
            self._early[hours] = None if answer == Tri.UNKNOWN else answer == Tri.YES
        return self._early[hours]

    def types_of(self, tags: dict[str, str]) -> tuple[int, ...]:
        early = self._opens_before_8(tags.get("opening_hours", ""))
        asked = (early, *(tags.get(key) for key in self._keys))
        if asked not in self._known:
            self._known[asked] = classify_osm(tags, self._types, opens_before_8=early)
        return self._known[asked]


def read_outlets(objects: OsmObjects, outlines: Outlines, types: BusinessTypes) -> tuple[OsmOutlets, int]:
    """
    Outlets of a file, and how many areas repeat a node (same name and main type, node inside the area).

    Nodes come first by id, then ways, then relations. An object that no tag set of the catalogue fits is
    not an outlet.
    """
    keys = trigger_keys(types)
    is_node, is_area = np.zeros(objects.n_nodes, np.bool_), np.zeros(len(outlines), np.bool_)
    for key in sorted(keys):
        is_node |= objects.node_tags.has(key)
        is_area |= outlines.has(key)
    nodes = np.flatnonzero(is_node).astype(np.int32)
    areas = outlines.take(np.flatnonzero(is_area).astype(np.int32))
    ids = [f"n{i}" for i in objects.node_id[nodes].tolist()] + list(areas.ids)
    tags = objects.node_tags.dicts(nodes) + areas.dicts()
    lon = np.concatenate([objects.node_lon[nodes], areas.lon])
    lat = np.concatenate([objects.node_lat[nodes], areas.lat])
    size_m2 = np.concatenate([np.full(len(nodes), np.nan), area_m2(areas.polygon, areas.lat)])
    classifier = _Classifier(types)
    served = [classifier.types_of(t) for t in tags]
    repeats = _repeats(len(nodes), tags, served, lon, lat, areas.polygon)
    chosen = [i for i, s in enumerate(served) if s and i not in repeats]
    return _table(chosen, ids, tags, served, lon, lat, size_m2, types), len(repeats)


def _repeats(
    n_nodes: int,
    tags: list[dict[str, str]],
    served: list[tuple[int, ...]],
    lon: FloatArray,
    lat: FloatArray,
    polygons: Geometries,
) -> set[int]:
    """Areas in which a node says the same again: a shop mapped as point and as building."""
    twins: dict[tuple[str, int], list[int]] = {}
    for i in range(n_nodes):
        if served[i] and "name" in tags[i]:
            twins.setdefault((tags[i]["name"], served[i][0]), []).append(i)
    repeats = set()
    for i in range(n_nodes, len(tags)):
        if served[i] and (nodes := twins.get((tags[i].get("name", ""), served[i][0]))):
            points = shapely.points(lon[nodes], lat[nodes])
            if shapely.intersects(polygons[i - n_nodes], points).any():
                repeats.add(i)
    return repeats


def _table(
    chosen: list[int],
    ids: list[str],
    tags: list[dict[str, str]],
    served: list[tuple[int, ...]],
    lon: FloatArray,
    lat: FloatArray,
    size_m2: FloatArray,
    types: BusinessTypes,
) -> OsmOutlets:
    rows = [tags[i] for i in chosen]
    services = [sorted(set(served[i])) for i in chosen]

    def column(*keys: str) -> tuple[str, ...]:
        return tuple(next((t[k] for k in keys if k in t), "") for t in rows)

    keys = sorted(trigger_keys(types))
    return OsmOutlets(
        outlet_id=tuple(ids[i] for i in chosen),
        name=column("name:zh", "name"),
        lon=lon[chosen],
        lat=lat[chosen],
        type_idx=np.array([served[i][0] for i in chosen], np.int32),
        service_ptr=np.cumsum([0, *(len(s) for s in services)], dtype=np.int64),
        service_type_idx=np.array([t for s in services for t in s], np.int32),
        brand=column("brand"),
        operator=column("operator"),
        hours=column("opening_hours"),
        phone=column("phone", "contact:phone"),
        address=tuple(_address(t) for t in rows),
        wheelchair=column("wheelchair"),
        tags=tuple(" ".join(f"{k}={t[k]}" for k in keys if k in t) for t in rows),
        area_m2=size_m2[chosen],
    )


def _address(tags: dict[str, str]) -> str:
    parts: Iterable[str] = (tags.get("addr:street", ""), tags.get("addr:housenumber", ""))
    return tags.get("addr:full", "") or " ".join(p for p in parts if p)


def outlets_table(found: OsmOutlets, types: BusinessTypes, projection: LocalProjection) -> Outlets:
    """
    The project's ``Outlets`` from those of OSM.

    A brand makes an outlet a chain's; without one it is unknown. Whether it has staff follows from its
    main type. OSM lists only what is there, so every outlet is open. ``area_m2`` stays unknown: the
    outline of a building is not the floor of the shop.
    """
    n = len(found)
    x_m, y_m = projection.forward(found.lon, found.lat)
    main = found.type_idx.tolist()
    unknown = np.full(n, np.nan)
    return Outlets(
        outlet_id=found.outlet_id,
        name=found.name,
        lon=found.lon,
        lat=found.lat,
        x_m=np.asarray(x_m, np.float64),
        y_m=np.asarray(y_m, np.float64),
        type_idx=found.type_idx,
        service_ptr=found.service_ptr,
        service_type_idx=found.service_type_idx,
        status=np.full(n, OutletStatus.OPEN, np.uint8),
        is_chain=np.array([Tri.YES if brand else Tri.UNKNOWN for brand in found.brand], np.int8),
        is_movable=np.array([types.types[t].is_movable for t in main], np.bool_),
        is_unstaffed=np.array([types.types[t].is_unstaffed for t in main], np.bool_),
        staff=unknown,
        area_m2=unknown,
        capacity=unknown,
        hours=found.hours,
        source_row=np.full(n, -1, np.int32),
        community_idx=np.full(n, -1, np.int32),
        circle_idx=np.full(n, -1, np.int32),
    )
