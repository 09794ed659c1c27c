"""City packs cut out of larger OSM files."""

import json
import tomllib

import numpy as np
import osmium
import pytest
import shapely

from osm_files import BUNDLED, write_osm
from reading import square, write_geojson
from yike.errors import BadGeometryError, EmptyNetworkError, InputError, UnreadableFileError
from yike.sources.clip import buffered, clip_extract
from yike.sources.osm import read_network
from yike.sources.pack import read_pack

HELSINKI = BUNDLED / "helsinki.osm.pbf"
STEP = 0.01  # about 1.1 km north


def _tall_town(tmp_path):
    """Streets of 1.1 km each, one after the other northward, a shop at each end; a house at the south."""
    nodes = [(i, 116.3, round(40 + i * STEP, 7)) for i in range(1, 9)]
    nodes += [(100 + i, 116.3, round(40 + i * STEP, 7), {"shop": "convenience"}) for i in range(1, 9)]
    ring = [(20, 116.3005, 40.012), (21, 116.3008, 40.012), (22, 116.3008, 40.0123), (23, 116.3005, 40.0123)]
    ways = [(i, [i, i + 1], {"highway": "residential", "name": f"第{i}段"}) for i in range(1, 8)]
    ways += [(50, [20, 21, 22]), (51, [22, 23, 20])]
    relations = [
        (
            60,
            [("way", 50, "outer"), ("way", 51, "outer")],
            {"type": "multipolygon", "building": "apartments"},
        ),
        (61, [("way", 1, "")], {"type": "route", "route": "bus", "name": "1路"}),
        (62, [("way", 7, "")], {"type": "route", "route": "bus"}),
    ]
    return write_osm(tmp_path, nodes + ring, ways, relations)


def _contents(path):
    found = {"n": [], "w": [], "r": []}
    for obj in osmium.FileProcessor(str(path)):
        found[obj.type_str()].append(obj.id)
    return found


def test_ways_and_buildings_stay_whole_and_far_things_go(tmp_path):
    src = _tall_town(tmp_path)

    # the area holds nodes 1 and 2; the margin of 500 m none beyond
    result = clip_extract(src, "116.29,40.005,116.31,40.021", tmp_path / "out", margin_m=500)

    found = _contents(tmp_path / "out" / "network.osm.pbf")
    assert found["w"] == [1, 2, 50, 51]  # way 2 leaves the area and is whole
    assert found["n"] == [1, 2, 3, 20, 21, 22, 23, 101, 102]
    assert found["r"] == [60, 61]
    assert (result.n_nodes, result.n_ways, result.n_relations) == (9, 4, 2)


def test_margin_reaches_further(tmp_path):
    clip_extract(_tall_town(tmp_path), "116.29,40.005,116.31,40.021", tmp_path / "out", margin_m=1500)

    found = _contents(tmp_path / "out" / "network.osm.pbf")
    assert 103 in found["n"]  # the shop 1.0 km north of the area
    assert 104 not in found["n"]


def test_the_margin_is_in_metres_everywhere():
    box = shapely.box(24.9, 60.1, 25.0, 60.2)

    wide = buffered(box, 1500)

    west, south, east, north = wide.bounds
    assert (60.1 - south) * 111_195 == pytest.approx(1500, rel=1e-3)
    assert (24.9 - west) * 111_195 * np.cos(np.radians(60.15)) == pytest.approx(1500, rel=5e-3)
    assert wide.contains(box)
    assert east > 25.0
    assert north > 60.2


def test_the_pack_runs_as_it_stands(tmp_path):
    out = tmp_path / "pack"

    clip_extract(HELSINKI, "24.940,60.168,24.945,60.173", out, margin_m=300, name="试点片区")

    spec = tomllib.loads((out / "pack.toml").read_text("utf-8"))
    assert spec["pack"]["name"] == "试点片区"
    assert spec["source"][0]["licence"] == "ODbL-1.0"
    assert "OpenStreetMap contributors" in (out / "README.md").read_text("utf-8")
    pack = read_pack(out)
    assert [f for f in pack.report.faults if f.level == "error"] == []
    assert len(pack.outlets) > 50
    assert len(pack.communities) == 1
    # people of the margin are walked through, not counted
    in_area = pack.places.community_idx >= 0
    assert 0 < in_area.sum() < len(pack.places)


def test_streets_inside_the_area_are_those_of_the_source(tmp_path):
    clip_extract(HELSINKI, "24.940,60.168,24.945,60.173", tmp_path / "pack", margin_m=0)

    whole, _ = read_network(HELSINKI)
    part, _ = read_network(tmp_path / "pack" / "network.osm.pbf")

    inside = (abs(whole.vertex_lon - 24.9425) <= 0.0025) & (abs(whole.vertex_lat - 60.1705) <= 0.0025)
    assert set(whole.vertex_id[inside].tolist()) <= set(part.vertex_id.tolist())
    assert set(part.piece_way_id.tolist()) <= set(whole.piece_way_id.tolist())
    for way in set(part.piece_way_id.tolist()):
        ours = part.piece_length_m[part.piece_way_id == way]
        np.testing.assert_array_equal(ours, whole.piece_length_m[whole.piece_way_id == way])


def test_clipping_twice_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        clip_extract(HELSINKI, "24.940,60.168,24.945,60.173", tmp_path / name, margin_m=100)

    for file in ("network.osm.pbf", "pack.toml", "area.geojson", "README.md"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_an_area_file_may_hold_several_polygons(tmp_path):
    path = write_geojson(
        tmp_path / "试点.geojson",
        [("Polygon", square(116.29, 40.005, 0.02), {}), ("Polygon", square(116.29, 40.075, 0.02), {})],
    )

    result = clip_extract(_tall_town(tmp_path), str(path), tmp_path / "out", margin_m=0)

    assert result.name == "试点"
    assert _contents(tmp_path / "out" / "network.osm.pbf")["w"] == [1, 2, 7, 50, 51]
    area = json.loads((tmp_path / "out" / "area.geojson").read_text("utf-8"))
    assert area["features"][0]["geometry"]["type"] == "MultiPolygon"


def _named_town(tmp_path):
    nodes = [(1, 116.30, 40.00), (2, 116.31, 40.00), (3, 116.31, 40.01), (4, 116.30, 40.01)]
    nodes += [(5, 116.305, 40.005), (6, 116.306, 40.005), (7, 116.5, 40.5), (8, 116.51, 40.5)]
    ways = [
        (1, [1, 2, 3, 4, 1], {"landuse": "residential", "name": "幸福里小区"}),
        (2, [5, 6], {"highway": "path"}),
        (3, [7, 8], {"highway": "path"}),
    ]
    return write_osm(tmp_path, nodes, ways)


def test_an_area_may_be_named(tmp_path):
    clip_extract(_named_town(tmp_path), "幸福里小区", tmp_path / "out", margin_m=10)

    assert _contents(tmp_path / "out" / "network.osm.pbf")["w"] == [1, 2]


def test_a_name_that_is_not_there_is_told_with_names_like_it(tmp_path):
    with pytest.raises(InputError) as caught:
        clip_extract(_named_town(tmp_path), "幸福里", tmp_path / "out")

    assert caught.value.code == "osm.extract.no_area"
    assert "幸福里小区" in caught.value.hint
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("area", "error", "code"),
    [
        ("116.31,40.0,116.29,40.1", BadGeometryError, "clip.box"),
        ("40.0,116.29,40.1,116.31", BadGeometryError, "clip.box"),
        ("10,10,10.1,10.1", EmptyNetworkError, "clip.empty"),
        ("missing.geojson", UnreadableFileError, "osm.file.missing"),
    ],
)
def test_areas_that_cannot_be_used_are_told(tmp_path, area, error, code):
    with pytest.raises(error) as caught:
        clip_extract(_tall_town(tmp_path), area, tmp_path / "out")

    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", "clip.not_geojson"),
        ('{"type": "Point", "coordinates": [1, 2]}', "clip.no_polygon"),
        (
            '{"type": "Polygon", "coordinates": [[[5e5,4e6],[6e5,4e6],[6e5,5e6],[5e5,4e6]]]}',
            "clip.not_degrees",
        ),
    ],
)
def test_area_files_of_another_kind_are_told(tmp_path, text, code):
    path = tmp_path / "area.geojson"
    path.write_text(text)

    with pytest.raises(InputError) as caught:
        clip_extract(_tall_town(tmp_path), str(path), tmp_path / "out")

    assert caught.value.code == code


def test_a_folder_with_a_pack_is_not_overwritten(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "pack.toml").write_text("mine")

    with pytest.raises(UnreadableFileError) as caught:
        clip_extract(_tall_town(tmp_path), "116.29,40.005,116.31,40.021", tmp_path / "out")

    assert caught.value.code == "clip.exists"
    assert (tmp_path / "out" / "pack.toml").read_text() == "mine"
