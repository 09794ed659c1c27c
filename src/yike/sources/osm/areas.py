"""Residential areas, places, boundaries, gates and the base map of an OSM file."""

from __future__ import annotations

import numpy as np
import shapely

from yike.core.tables import BoolArray, FloatArray, IntArray, Tri, TriArray
from yike.sources.osm.barriers import GATE_VALUES, WALL_VALUES
from yike.sources.osm.extract import Geometries, OsmAreas, OsmGates, OsmShapes
from yike.sources.osm.objects import OsmObjects
from yike.sources.osm.outlines import Outlines
from yike.sources.osm.shapes import Shapes
from yike.sources.osm.tags import TagTable
from yike.sources.osm.walkable import crosses_level

AREA_KEYS = frozenset({"boundary", "landuse", "place"})
AREA_CARRY = frozenset({"admin_level", "name", "name:zh", "place"})
GATE_KEYS = frozenset({"barrier", "entrance"})
GATE_CARRY = frozenset({"access", "foot", "name", "opening_hours"})
BASE_KEYS = frozenset({"landuse", "leisure", "natural", "railway", "waterway"})
BASE_CARRY = frozenset({"name", "tunnel"})
WALL_KEYS = frozenset({"barrier"})

PLACES = frozenset(
    {
        "allotments",
        "borough",
        "city_block",
        "hamlet",
        "isolated_dwelling",
        "neighbourhood",
        "plot",
        "quarter",
        "suburb",
        "town",
        "village",
    }
)

_GREEN = {
    "leisure": frozenset({"common", "dog_park", "garden", "golf_course", "nature_reserve", "park"}),
    "landuse": frozenset(
        {
            "allotments",
            "cemetery",
            "farmland",
            "flowerbed",
            "forest",
            "grass",
            "greenery",
            "meadow",
            "orchard",
            "recreation_ground",
            "village_green",
        }
    ),
    "natural": frozenset({"grassland", "heath", "scrub", "wood"}),
}
_WATER = {
    "natural": frozenset({"bay", "water"}),
    "landuse": frozenset({"basin", "reservoir"}),
    "waterway": frozenset({"dock", "riverbank"}),
    "leisure": frozenset({"marina"}),
}
_WATERWAYS = frozenset({"canal", "drain", "river", "stream"})
_RAILS = frozenset({"light_rail", "monorail", "narrow_gauge", "rail", "subway", "tram"})


def residential_land(outlines: Outlines) -> Geometries:
    """Polygons of landuse=residential."""
    chosen: Geometries = outlines.polygon[outlines.is_in("landuse", frozenset({"residential"}))]
    return chosen


def read_areas(objects: OsmObjects, outlines: Outlines) -> OsmAreas:
    """
    Residential areas, place areas and administrative boundaries, then places mapped as points.

    An area that is both residential and a place is listed once, as residential.
    """
    is_home = outlines.is_in("landuse", frozenset({"residential"}))
    is_place = outlines.is_in("place", PLACES) & ~is_home
    is_boundary = outlines.is_in("boundary", frozenset({"administrative"})) & ~is_home & ~is_place
    chosen = outlines.take(np.flatnonzero(is_home | is_place | is_boundary).astype(np.int32))
    home, place = (chosen.is_in("landuse", frozenset({"residential"})), chosen.is_in("place", PLACES))
    kind = np.where(home, "residential", np.where(place, "place", "boundary")).tolist()
    places = chosen.text("place")
    value = [
        "residential" if k == "residential" else p if k == "place" else "administrative"
        for k, p in zip(kind, places, strict=True)
    ]
    nodes = np.flatnonzero(objects.node_tags.is_in("place", PLACES)).astype(np.int32)
    tags = objects.node_tags.dicts(nodes)
    node_lon, node_lat = objects.node_lon[nodes], objects.node_lat[nodes]
    points = np.asarray(shapely.points(node_lon, node_lat), dtype=object).reshape(len(nodes))
    names = [zh or name for zh, name in zip(chosen.text("name:zh"), chosen.text("name"), strict=True)]
    levels = [_level(text) for text in chosen.text("admin_level")]
    return OsmAreas(
        area_id=(*chosen.ids, *(f"n{i}" for i in objects.node_id[nodes].tolist())),
        name=(*names, *(t.get("name:zh") or t.get("name", "") for t in tags)),
        kind=(*kind, *("place" for _ in tags)),
        value=(*value, *(t["place"] for t in tags)),
        admin_level=np.array([*levels, *(-1 for _ in tags)], np.int32),
        lon=np.concatenate([chosen.lon, node_lon]),
        lat=np.concatenate([chosen.lat, node_lat]),
        geometry=np.concatenate([chosen.polygon, points]),
    )


def _level(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def read_gates(objects: OsmObjects, street_nodes: BoolArray) -> OsmGates:
    """
    Gate-like nodes, by id.

    Parameters
    ----------
    objects
        The file.
    street_nodes : shape (n_nodes,)
        Nodes of walkable ways.
    """
    tags = objects.node_tags
    is_entrance = tags.has("entrance") & ~tags.has("barrier")
    rows = np.flatnonzero(tags.is_in("barrier", GATE_VALUES) | (is_entrance & street_nodes)).astype(np.int32)
    found = tags.dicts(rows)
    return OsmGates(
        node_id=objects.node_id[rows],
        lon=objects.node_lon[rows],
        lat=objects.node_lat[rows],
        kind=tuple(t.get("barrier", "entrance") for t in found),
        name=tuple(t.get("name", "") for t in found),
        foot=_may_walk(tags)[rows],
        hours=tuple(t.get("opening_hours", "") for t in found),
        is_on_street=street_nodes[rows],
    )


def _may_walk(tags: TagTable) -> TriArray:
    yes = frozenset({"yes", "designated", "permissive", "public", "customers"})
    no = frozenset({"no", "private"})
    answer = np.full(tags.n_objects, Tri.UNKNOWN, np.int8)
    for key in ("access", "foot"):  # foot is the narrower word and speaks last
        answer[tags.is_in(key, yes)] = Tri.YES
        answer[tags.is_in(key, no)] = Tri.NO
    return answer


def _first_fit(outlines: Outlines, rules: dict[str, frozenset[str]]) -> tuple[IntArray, list[str]]:
    """Areas that fit one of the rules, and the value by which they do."""
    value = np.full(len(outlines), "", object)
    for key, values in rules.items():
        fits = outlines.is_in(key, values) & (value == "")
        value[fits] = np.array(outlines.text(key), object)[fits]
    rows = np.flatnonzero(value != "").astype(np.int32)
    return rows, value[rows].tolist()


def read_base(objects: OsmObjects, outlines: Outlines, shapes: Shapes) -> OsmShapes:
    """Water, green, railways and walls, for drawing under the streets."""
    columns: list[tuple[list[str], str, list[str], list[str], Geometries]] = []
    for layer, rules in (("water", _WATER), ("green", _GREEN)):
        rows, values = _first_fit(outlines, rules)
        some = outlines.take(rows)
        columns.append((list(some.ids), layer, values, some.text("name"), some.polygon))
    tags = objects.way_tags
    above = ~crosses_level(tags, "tunnel")
    lines = (
        ("waterway", "waterway", _WATERWAYS),
        ("rail", "railway", _RAILS),
        ("wall", "barrier", WALL_VALUES),
    )
    for layer, key, kinds in lines:
        ways = np.flatnonzero(tags.is_in(key, kinds) & above).astype(np.int32)
        place, geometry = shapes.lines(ways)
        some_ways = ways[place]
        found = tags.dicts(some_ways)
        columns.append(
            (
                [f"w{i}" for i in objects.way_id[some_ways].tolist()],
                layer,
                [t[key] for t in found],
                [t.get("name", "") for t in found],
                geometry,
            )
        )
    return OsmShapes(
        shape_id=tuple(i for ids, *_ in columns for i in ids),
        layer=tuple(layer for ids, layer, *_ in columns for _ in ids),
        value=tuple(v for _, _, values, *_ in columns for v in values),
        name=tuple(v for *_, names, _ in columns for v in names),
        geometry=np.concatenate([geometry for *_, geometry in columns]),
    )


def street_node_mask(objects: OsmObjects, is_walkable: BoolArray) -> BoolArray:
    """Nodes of walkable ways, shape (n_nodes,)."""
    sizes = np.diff(objects.way_ptr)
    rows = objects.node_rows(objects.way_ref[np.repeat(is_walkable, sizes)])
    mask = np.zeros(objects.n_nodes, np.bool_)
    mask[rows[rows >= 0]] = True
    return mask


def extent_of(lon: FloatArray, lat: FloatArray) -> tuple[float, float, float, float] | None:
    """West, south, east, north of some points; None of no points."""
    if not len(lon):
        return None
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())
