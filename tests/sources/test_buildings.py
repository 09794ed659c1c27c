"""Homes from buildings: floor area, totals, and what is said about the estimate."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from reading import LAT, LON, codes_of, reading_in
from yike.sources.areas import by_names
from yike.sources.buildings import places_from_buildings, read_osm_buildings
from yike.sources.osm.extract import OsmBuildings
from yike.sources.pack_spec import PlacesSpec
from yike.sources.spread import load_estimates, respread

HERE = shapely.box(LON, LAT, LON + 0.01, LAT + 0.01)
THERE = shapely.box(LON + 0.01, LAT, LON + 0.02, LAT + 0.01)


def buildings(*rows, **columns) -> OsmBuildings:
    """Rows of (kind, footprint m2, levels, degrees east of LON); all homes by their tag."""
    kind, footprint, levels, east = zip(*rows, strict=True)
    n = len(rows)
    every = {
        "building_id": tuple(f"w{i}" for i in range(n)),
        "name": ("",) * n,
        "kind": kind,
        "lon": LON + np.array(east),
        "lat": np.full(n, LAT + 0.005),
        "footprint_m2": np.array(footprint, np.float64),
        "levels": np.array(levels, np.float64),
        "levels_from": tuple("" if np.isnan(x) else "levels" for x in levels),
        "is_residential": np.ones(n, np.bool_),
        "residential_by": ("tag",) * n,
        "flats": np.full(n, np.nan),
        "polygon": np.full(n, None, dtype=object),
        "has_bare_address": np.zeros(n, np.bool_),
    }
    return OsmBuildings(**{**every, **columns})


def communities(*rows):
    """Communities of (name, people, polygon)."""
    names, people, polygons = zip(*rows, strict=True)
    return replace(
        by_names(names), people=np.array(people, np.float64), polygons=polygons, delineation="polygons"
    )


def test_places_from_buildings_estimates_by_floor_area(tmp_path):
    ctx = reading_in(tmp_path)

    places = places_from_buildings(
        PlacesSpec(source="osm"), ctx, buildings(("apartments", 700, 10, 0), ("house", 70, np.nan, 0))
    )

    # 7,000 m2 / 35 = 200; a house without levels has 2: 140 m2 / 35 = 4.
    assert places.people.tolist() == [200, 4]
    assert places.people_method == "floor_area"
    assert places.is_estimated.all()
    assert len(ctx.estimates) == 1
    for word in ("估算", "推定", "2 栋", "7,140 平方米", "35 平方米", "其中 1 栋没有层数"):
        assert word in ctx.estimates[0]
    places.validate()


def test_places_from_buildings_keeps_community_totals_exact(tmp_path):
    ctx = reading_in(tmp_path)
    ctx.communities = communities(("甲", 100, HERE), ("乙", np.nan, THERE))

    places = places_from_buildings(
        PlacesSpec(source="osm"),
        ctx,
        buildings(
            ("apartments", 100, 1, 0.001),
            ("apartments", 200, 1, 0.002),
            ("apartments", 350, 1, 0.015),
            ("apartments", 100, 1, -0.01),
        ),
    )

    # 甲: 100 x 1/3 = 33.3 and 66.7 -> 33 + 67. 乙 and outside: 350 / 35 and 100 / 35.
    assert places.people.tolist() == [33, 67, 10, 2.9]
    assert places.community_idx.tolist() == [0, 0, 1, -1]
    assert places.people_method == "community_total_by_floor_area"


def test_places_from_buildings_loses_nobody_of_a_community_without_homes(tmp_path):
    ctx = reading_in(tmp_path)
    ctx.communities = communities(("甲", 100, HERE), ("乙", 50, THERE))

    places = places_from_buildings(PlacesSpec(source="osm"), ctx, buildings(("apartments", 100, 1, 0.001)))

    assert places.people.tolist() == [100, 50]
    assert places.name[1] == "乙"
    assert THERE.contains(shapely.Point(places.lon[1], places.lat[1]))
    assert codes_of(ctx) == ["places.buildings.none_in_community"]
    places.validate()


def test_places_from_buildings_shares_the_total_of_the_area(tmp_path):
    ctx = reading_in(tmp_path)

    places = places_from_buildings(
        PlacesSpec(source="osm", total=10),
        ctx,
        buildings(("apartments", 100, 1, 0), ("apartments", 100, 2, 0)),
    )

    # 10 x 1/3 = 3.33, 10 x 2/3 = 6.67.
    assert places.people.tolist() == [3, 7]


def test_places_from_buildings_follows_the_settings_of_the_pack(tmp_path):
    ctx = reading_in(tmp_path)
    spec = PlacesSpec(source="osm", people_per_m2=0.1, default_levels=3, min_area_m2=50)

    places = places_from_buildings(
        spec,
        ctx,
        buildings(("apartments", 100, np.nan, 0), ("apartments", 49, 1, 0), ("house", 50, np.nan, 0)),
    )

    # 100 x 3 x 0.1; too small; houses have 2 levels at most: 50 x 2 x 0.1.
    assert places.people.tolist() == [30, 10]
    assert "每人 10 平方米" in ctx.estimates[0]


def test_places_from_buildings_distrusts_absurd_levels(tmp_path):
    ctx = reading_in(tmp_path)

    places = places_from_buildings(PlacesSpec(source="osm"), ctx, buildings(("apartments", 350, 500, 0)))

    assert places.people.tolist() == [350 * 6 / 35]
    assert codes_of(ctx) == ["places.buildings.levels"]


@pytest.mark.parametrize(("address_is_home", "n_homes"), [(False, 1), (True, 2)])
def test_addressed_buildings_are_homes_only_when_the_pack_says_so(tmp_path, address_is_home, n_homes):
    ctx = reading_in(tmp_path)
    shops = buildings(
        ("apartments", 100, 1, 0),
        ("yes", 100, 1, 0),
        is_residential=np.array([True, False]),
        has_bare_address=np.array([False, True]),
    )

    places = places_from_buildings(PlacesSpec(source="osm", address_is_home=address_is_home), ctx, shops)

    assert len(places) == n_homes
    assert ("门牌" in ctx.estimates[0]) is address_is_home


def test_respread_makes_point_communities_exact_after_delineation(tmp_path):
    ctx = reading_in(tmp_path)
    seeds = replace(communities(("甲", 60, None), ("乙", 40, None)), delineation="walking_voronoi")
    ctx.communities = seeds
    places = places_from_buildings(
        PlacesSpec(source="osm"), ctx, buildings(("apartments", 100, 1, 0), ("apartments", 300, 1, 0))
    )
    assert places.people.tolist() == [25, 75]

    settled = respread(replace(places, community_idx=np.array([0, 1], np.int32)), seeds)

    assert settled.people.tolist() == [60, 40]


def test_read_osm_buildings_without_an_osm_file_is_a_fault(tmp_path):
    ctx = reading_in(tmp_path)

    places = read_osm_buildings(PlacesSpec(source="osm"), ctx)

    assert len(places) == 0
    assert codes_of(ctx, "error") == ["places.source_without_osm"]


def test_every_estimate_is_marked_inferred_and_explained():
    for name, estimate in load_estimates().items():
        assert estimate.source.is_inferred, name
        assert estimate.source.text, name
        assert estimate.value > 0, name
