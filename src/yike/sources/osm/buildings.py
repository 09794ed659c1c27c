"""Buildings: footprint, levels, and whether people live in them."""

from __future__ import annotations

import re

import numpy as np
import shapely

from yike.core.tables import BoolArray, FloatArray
from yike.sources.osm.extract import Geometries, OsmBuildings
from yike.sources.osm.outlines import Outlines
from yike.sources.osm.shapes import area_m2

KEYS = frozenset({"building"})
CARRY = frozenset(
    {
        *("addr:housenumber", "amenity", "building:flats", "building:levels", "height", "landuse", "name"),
        *("office", "shop", "tourism"),
    }
)

RESIDENTIAL = frozenset(
    {
        "apartments",
        "bungalow",
        "cabin",
        "detached",
        "dormitory",
        "farm",
        "ger",
        "house",
        "residential",
        "semidetached_house",
        "static_caravan",
        "terrace",
    }
)
"""Values of building=* in which people live."""

UNSTATED = frozenset({"yes"})
"""Values that do not say: residential only inside landuse=residential, and without a use of their own."""

_NOT_BUILDINGS = frozenset({"no", "construction", "roof", "ruins", "collapsed", "proposed"})
_USES = ("amenity", "office", "shop", "tourism")
_LEVEL_HEIGHT_M = 3.0
_MAX_LEVELS = 200.0
_NUMBER = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(?:m|米)?\s*$")


def read_number(text: str) -> float:
    """A plain positive number, perhaps with the unit metre; NaN for anything else (``5;6``, ``3-4``)."""
    found = _NUMBER.match(text)
    return float(found.group(1).replace(",", ".")) if found else float("nan")


def _numbers(texts: list[str]) -> FloatArray:
    return np.array([read_number(text) if text else np.nan for text in texts], np.float64)


def _levels(levels: FloatArray, height_m: FloatArray) -> tuple[FloatArray, tuple[str, ...]]:
    """Levels as mapped, else height by 3 m each, else NaN; and where each came from."""
    levels = np.where((levels > 0) & (levels <= _MAX_LEVELS), levels, np.nan)
    by_height = np.maximum(1.0, np.round(height_m / _LEVEL_HEIGHT_M))
    by_height = np.where((height_m > 0) & (by_height <= _MAX_LEVELS), by_height, np.nan)
    given, estimated = ~np.isnan(levels), ~np.isnan(by_height)
    source = np.where(given, "levels", np.where(estimated, "height", ""))
    return np.where(given, levels, by_height), tuple(source.tolist())


def _inside(lon: FloatArray, lat: FloatArray, polygons: Geometries) -> BoolArray:
    inside = np.zeros(len(lon), np.bool_)
    if len(polygons) and len(lon):
        points = shapely.points(lon, lat)
        hit = shapely.STRtree(points).query(polygons, predicate="contains")
        inside[hit[1]] = True
    return inside


def read_buildings(outlines: Outlines, residential_land: Geometries) -> OsmBuildings:
    """
    Buildings of a file.

    Parameters
    ----------
    outlines
        All areas of the file.
    residential_land
        Polygons of landuse=residential, for buildings that do not say what they are.
    """
    is_building = outlines.has("building") & ~outlines.is_in("building", _NOT_BUILDINGS)
    chosen = outlines.take(np.flatnonzero(is_building).astype(np.int32))
    kind = chosen.text("building")
    is_home = chosen.is_in("building", RESIDENTIAL)
    is_unstated = chosen.is_in("building", UNSTATED)
    for use in _USES:
        is_unstated &= ~chosen.has(use)
    by_land = np.zeros(len(chosen), np.bool_)
    by_land[is_unstated] = _inside(chosen.lon[is_unstated], chosen.lat[is_unstated], residential_land)
    levels, source = _levels(_numbers(chosen.text("building:levels")), _numbers(chosen.text("height")))
    return OsmBuildings(
        building_id=chosen.ids,
        name=tuple(chosen.text("name")),
        kind=tuple(kind),
        lon=chosen.lon,
        lat=chosen.lat,
        footprint_m2=area_m2(chosen.polygon, chosen.lat),
        levels=levels,
        levels_from=source,
        is_residential=is_home | by_land,
        residential_by=tuple(np.where(is_home, "tag", np.where(by_land, "landuse", "")).tolist()),
        flats=_numbers(chosen.text("building:flats")),
        polygon=chosen.polygon,
        has_bare_address=is_unstated & chosen.has("addr:housenumber"),
    )
