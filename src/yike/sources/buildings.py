"""
Homes from the residential buildings of an OpenStreetMap file; how many live there is an estimate (估算).

Floor area is footprint x levels; people come from community totals, the area's total, or persons per square
metre (see ``spread.py``). Each step is told in the sentence that every output carries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from yike.core.tables import BoolArray, FloatArray, IntArray, Places
from yike.sources.intake import ReadContext
from yike.sources.osm.extract import OsmBuildings
from yike.sources.pack_join import polygon_of_points
from yike.sources.pack_spec import PlacesSpec
from yike.sources.population import empty_places
from yike.sources.spread import (
    NOT_ESTIMATED,
    Spread,
    load_estimates,
    method_of,
    spread_people,
    total_of_points,
    ways_in_words,
)

HOUSES = frozenset(
    [
        *("house", "detached", "semidetached_house", "terrace", "bungalow"),
        *("cabin", "farm", "villa", "static_caravan"),
    ]
)
"""Values of building=* that are low houses; the others count as blocks of flats."""


@dataclass(frozen=True, eq=False)
class FloorArea:
    """Floor area of homes, and how many of them had no levels of their own."""

    floor_m2: FloatArray
    n_defaulted: int
    flat_levels: float  # levels assumed for blocks of flats
    house_levels: float


def read_osm_buildings(spec: PlacesSpec, ctx: ReadContext) -> Places:
    """Homes of ``[places] source = "osm"``; empty, with a fault, when the file has no buildings."""
    if ctx.osm is None:
        ctx.add("places.source_without_osm", file="pack.toml", column="[places] source", found="osm")
        return empty_places()
    buildings = ctx.osm.buildings
    if buildings is None or not _are_homes(spec, buildings).any():
        ctx.add("places.buildings.none", file=ctx.spec.network.file, level="warning")
        return empty_places()
    return places_from_buildings(spec, ctx, buildings)


def places_from_buildings(spec: PlacesSpec, ctx: ReadContext, buildings: OsmBuildings) -> Places:
    """
    Make places of residential buildings, with people estimated by floor area.

    Parameters
    ----------
    spec
        ``total``, ``people_per_m2``, ``default_levels`` and ``min_area_m2`` go before
        ``standards/data/estimates.toml``.
    ctx
        Its ``communities`` with polygons and stated people decide first. Gets the faults and the sentence
        for ``Provenance.estimates``.
    buildings
        As read from the OSM file.

    Returns
    -------
    Places
        One row per home; ``is_estimated`` everywhere. The people of a community without any home stand at a
        point inside its polygon, so that nobody is lost.
    """
    home = np.flatnonzero(_are_homes(spec, buildings)).astype(np.int32)
    area = floor_area(spec, ctx, buildings, home)
    lon, lat = buildings.lon[home], buildings.lat[home]
    areas = ctx.communities
    polygons = areas.polygons if areas is not None and areas.delineation == "polygons" else ()
    community_idx = polygon_of_points(polygons, lon, lat)
    per_m2 = spec.people_per_m2 or 1.0 / load_estimates()["residential_m2_per_person"].value
    spread = spread_people(
        area.floor_m2,
        community_idx,
        areas.people if areas is not None and polygons else np.empty(0),
        total=spec.total if spec.total is not None else total_of_points(areas),
        per_weight=per_m2,
    )
    n_by_address = int((~buildings.is_residential[home]).sum())
    ctx.estimates.append(estimate_sentence(area, spread, per_m2, n_by_address))
    places = Places(
        place_id=tuple(buildings.building_id[i] for i in home),
        name=tuple(buildings.name[i] for i in home),
        lon=lon,
        lat=lat,
        x_m=np.empty(len(home)),
        y_m=np.empty(len(home)),
        people=spread.people,
        households=buildings.flats[home],
        bands=(),
        people_by_band=np.empty((len(home), 0)),
        community_idx=community_idx,
        circle_idx=np.full(len(home), -1, np.int32),
        compound_idx=np.full(len(home), -1, np.int32),
        is_estimated=spread.how != NOT_ESTIMATED,
        people_method=method_of(spread),
        source_row=np.full(len(home), -1, np.int32),
    )
    return _placed(ctx, _with_homeless(ctx, places, spread.homeless_idx))


def floor_area(spec: PlacesSpec, ctx: ReadContext, buildings: OsmBuildings, home: IntArray) -> FloorArea:
    """Footprint x levels of some buildings; levels missing or absurd come from the estimates."""
    known = load_estimates()
    flat_levels = spec.default_levels or known["default_levels"].value
    house_levels = min(flat_levels, known["default_levels_house"].value)
    levels = buildings.levels[home].copy()
    absurd = (levels > known["max_levels"].value) | (levels <= 0)
    for i in np.flatnonzero(absurd):
        ctx.add(
            "places.buildings.levels",
            file=ctx.spec.network.file,
            level="warning",
            name=buildings.name[home[i]] or buildings.building_id[home[i]],
            found=f"{levels[i]:g}",
        )
    missing = np.isnan(levels) | absurd
    is_house = np.array([buildings.kind[i] in HOUSES for i in home], np.bool_)
    levels[missing] = np.where(is_house, house_levels, flat_levels)[missing]
    return FloorArea(buildings.footprint_m2[home] * levels, int(missing.sum()), flat_levels, house_levels)


def estimate_sentence(area: FloorArea, spread: Spread, people_per_m2: float, n_by_address: int = 0) -> str:
    """What every output says of these people: method and numbers, in Chinese."""
    words = [
        f"居住人口为估算：取 {len(area.floor_m2):,} 栋住宅建筑，建筑面积按占地乘层数计，"
        f"共 {area.floor_m2.sum():,.0f} 平方米"
    ]
    if area.n_defaulted:
        words.append(
            f"其中 {area.n_defaulted:,} 栋没有层数，楼房按 {area.flat_levels:g} 层、"
            f"独立住宅按 {area.house_levels:g} 层计（推定）"
        )
    words += ways_in_words(spread, people_per_m2)
    if n_by_address:
        words.append(f"其中 {n_by_address:,} 栋未注明用途，因有门牌而算作住宅（推定）")
    return "；".join(words) + "。混合用途的建筑未扣除商业面积。"


def _are_homes(spec: PlacesSpec, buildings: OsmBuildings) -> BoolArray:
    smallest = load_estimates()["min_area_m2"].value if spec.min_area_m2 is None else spec.min_area_m2
    homes = buildings.is_residential | (buildings.has_bare_address & spec.address_is_home)
    large: BoolArray = buildings.footprint_m2 >= smallest
    return homes & large


def _with_homeless(ctx: ReadContext, places: Places, homeless_idx: IntArray) -> Places:
    """Add one place for each community whose people found no building."""
    areas = ctx.communities
    if areas is None or not len(homeless_idx):
        return places
    points = [shapely.point_on_surface(areas.polygons[c]) for c in homeless_idx]
    people = areas.people[homeless_idx]
    for c in homeless_idx:
        ctx.add(
            "places.buildings.none_in_community",
            file=ctx.spec.communities.file,
            level="warning",
            name=areas.name[c],
            people=f"{areas.people[c]:,.0f}",
        )
    n = len(points)
    none = np.full(n, -1, np.int32)
    return Places(
        place_id=places.place_id + tuple(f"community-{areas.community_id[c]}" for c in homeless_idx),
        name=places.name + tuple(areas.name[c] for c in homeless_idx),
        lon=np.append(places.lon, [p.x for p in points]),
        lat=np.append(places.lat, [p.y for p in points]),
        x_m=np.empty(len(places) + n),
        y_m=np.empty(len(places) + n),
        people=np.append(places.people, people),
        households=np.append(places.households, np.full(n, np.nan)),
        bands=places.bands,
        people_by_band=np.vstack([places.people_by_band, np.empty((n, 0))]),
        community_idx=np.append(places.community_idx, homeless_idx).astype(np.int32),
        circle_idx=np.append(places.circle_idx, none).astype(np.int32),
        compound_idx=np.append(places.compound_idx, none).astype(np.int32),
        is_estimated=np.append(places.is_estimated, np.ones(n, np.bool_)),
        people_method=places.people_method,
        source_row=np.append(places.source_row, none).astype(np.int32),
    )


def _placed(ctx: ReadContext, places: Places) -> Places:
    x_m, y_m = ctx.projection.forward(places.lon, places.lat)
    return replace(places, x_m=x_m, y_m=y_m)
