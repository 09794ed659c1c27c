"""circles.geojson and isochrones.geojson: RFC 7946 and what the areas say."""

import dataclasses
import json

import shapely
from shapely.geometry import MultiPolygon, Polygon, shape

from drawn_facts import drawn_facts
from yike.reports.circle_geojson.build import (
    plain_geometry,
    write_circles_geojson,
    write_isochrones_geojson,
)


def written(write, tmp_path, facts=None):
    path = tmp_path / "a.geojson"
    write(facts or drawn_facts(), path)
    return json.loads(path.read_text("utf-8"))


def test_collection_names_its_origin(tmp_path):
    got = written(write_circles_geojson, tmp_path)
    assert got["type"] == "FeatureCollection"
    assert got["attribution"] == "© OpenStreetMap 贡献者"
    assert (got["licences"], got["as_of"], got["invented"]) == (["ODbL-1.0"], "2026-01-01", True)
    assert "crs" not in got  # RFC 7946 knows WGS-84 alone


def test_circle_says_people_shares_and_gaps(tmp_path):
    feature = written(write_circles_geojson, tmp_path)["features"][0]
    said = feature["properties"]
    assert (feature["id"], said["name"], said["communities"]) == ("k0", "画中圈", ["社区0", "社区1"])
    assert (said["people"], said["people_attached"]) == (105.0, 100.0)
    assert said["share_in_norm"]["B01"] == 0.9
    assert "B03" in said["gaps"]
    assert "B01" not in said["gaps"]
    assert shape(feature["geometry"]).is_valid


def test_circle_without_a_boundary_has_a_null_geometry(tmp_path):
    facts = drawn_facts()
    circles = dataclasses.replace(facts.circles, polygons=(None,))
    got = written(write_circles_geojson, tmp_path, dataclasses.replace(facts, circles=circles))
    assert got["features"][0]["geometry"] is None


def test_isochrones_are_listed_largest_first_with_their_measures(tmp_path):
    features = written(write_isochrones_geojson, tmp_path)["features"]
    assert [f["properties"]["cutoff_s"] for f in features] == [900.0, 300.0]
    said = features[0]["properties"]
    assert (said["minutes"], said["area_m2"], said["street_m"], said["people"]) == (
        15.0,
        70000.0,
        1600.0,
        100.0,
    )


def test_no_isochrones_make_an_empty_collection(tmp_path):
    facts = dataclasses.replace(drawn_facts(), isochrones=())
    assert written(write_isochrones_geojson, tmp_path, facts)["features"] == []


def test_same_facts_give_the_same_bytes(tmp_path):
    for write in (write_circles_geojson, write_isochrones_geojson):
        one, two = tmp_path / "1", tmp_path / "2"
        write(drawn_facts(), one)
        write(drawn_facts(), two)
        assert one.read_bytes() == two.read_bytes()


def test_rings_follow_the_right_hand_rule_and_close():
    clockwise = Polygon([(0, 0), (0, 3), (3, 3), (3, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    got = plain_geometry(clockwise)
    outer, hole = got["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(hole).is_ccw
    assert outer[0] == outer[-1]


def test_geometry_is_rounded_to_seven_decimals():
    got = plain_geometry(Polygon([(1 / 3, 0), (1, 0), (1, 1)]))
    assert [0.3333333, 0.0] in got["coordinates"][0]


def test_many_parts_stay_many_parts_and_nothing_stays_nothing():
    parts = MultiPolygon([Polygon([(0, 0), (1, 0), (1, 1)]), Polygon([(5, 5), (6, 5), (6, 6)])])
    assert plain_geometry(parts)["type"] == "MultiPolygon"
    assert plain_geometry(Polygon()) is None
    assert plain_geometry(None) is None
