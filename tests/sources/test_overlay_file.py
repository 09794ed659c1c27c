"""The planner's overlay file: TOML or GeoJSON, every entry read or told."""

import pytest

from reading import reading_in, write_geojson
from yike.core.network.overlay import AddPath, CloseStreet, OpenGate
from yike.errors import UnreadableFileError
from yike.sources.overlay import read_overlay
from yike.sources.overlay_file import read_overlay_file
from yike.sources.pack_spec import FileSpec

TOML = """
[[path]]
name = "河边小路"
points = [[116.320, 39.995], [116.321, 39.996]]
steps = true

[[close]]
name = "施工"
way = 123456789

[[close]]
point = [116.3, 40]

[[gate]]
name = "东门"
point = [116.3215, 39.9950]
within_m = 20
"""


def _toml(tmp_path, text):
    path = tmp_path / "overlay.toml"
    path.write_text(text, "utf-8")
    return path


def test_toml_entries_become_edits(tmp_path):
    edits, faults = read_overlay_file(_toml(tmp_path, TOML))

    path, by_way, by_point, gate = edits
    assert path == AddPath((116.320, 116.321), (39.995, 39.996), "河边小路", True, 10.0)
    assert isinstance(by_way, CloseStreet)
    assert (by_way.way_id, by_way.name) == (123456789, "施工")
    assert (by_point.way_id, by_point.lon, by_point.lat) == (0, 116.3, 40.0)
    assert gate == OpenGate(116.3215, 39.9950, 20.0, "东门")
    assert faults == []


def test_geojson_features_become_edits(tmp_path):
    features = [
        (
            "LineString",
            [[116.32, 39.995], [116.321, 39.996]],
            {"action": "add", "stairs": True, "name": "小路"},
        ),
        ("MultiLineString", [[[1, 1], [1, 2]], [[2, 1], [2, 2]]], {"action": "补路"}),
        ("Point", [116.3, 40.0], {"action": "close"}),
        ("LineString", [[1, 1], [1, 2]], {"action": "封闭", "way_id": 77}),
        ("Point", [116.3, 40.0], {"action": "open_gate", "名称": "东门"}),
        ("Point", [116.3, 40.0], {}),
    ]

    edits, faults = read_overlay_file(write_geojson(tmp_path / "overlay.geojson", features))

    assert [type(e) for e in edits] == [
        AddPath,
        AddPath,
        AddPath,
        CloseStreet,
        CloseStreet,
        OpenGate,
        OpenGate,
    ]
    assert (edits[0].is_steps, edits[0].name) == (True, "小路")
    assert edits[4].way_id == 77
    assert edits[5].name == "东门"
    assert faults == []


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("[[lift]]\nx = 1", "overlay.section", "[[lift]]"),
        ("[path]\npoints = [[1, 2], [3, 4]]", "overlay.section", "[[path]]"),
        ("path = [1, 2]", "overlay.section", "[[path]]"),
        ("[[path]]\npoints = [[1, 2]]", "overlay.points", "[[path]] points"),
        ("[[path]]\npoints = [[1, 2], [300, 4]]", "overlay.point", "[[path]] points"),
        ("[[path]]\npoints = [[1, 2], [3, 4]]\nsteps = 'yes'", "overlay.flag", "[[path]] steps"),
        ("[[path]]\npoints = [[1, 2], [3, 4]]\nwidth = 3", "overlay.key", "[[path]] width"),
        ("[[close]]\nname = 'x'", "overlay.close", "[[close]] way"),
        ("[[close]]\nway = 'A1'", "overlay.way", "[[close]] way"),
        ("[[gate]]\npoint = [nan, 4]", "overlay.point", "[[gate]] point"),
        ("[[gate]]\nname = 'x'", "overlay.point", "[[gate]] point"),
        ("[[gate]]\npoint = [1, 2]\nwithin_m = 0", "overlay.metres", "[[gate]] within_m"),
    ],
)
def test_entries_that_cannot_be_used_are_told(tmp_path, text, code, column):
    edits, faults = read_overlay_file(_toml(tmp_path, text))

    assert edits == ()
    assert [(f.code, f.column) for f in faults] == [(code, column)]
    assert faults[0].message
    assert faults[0].cure


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (("Point", [1, 2], {"action": "lift"}), "pack.overlay.action"),
        (("Point", [1, 2], {"action": "add"}), "pack.overlay.shape"),
        (("LineString", [[1, 2], [1, 3]], {"action": "open_gate"}), "pack.overlay.shape"),
        (("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 0]]], {}), "pack.overlay.shape"),
        (("Point", [1, 2], {"action": "close", "way_id": "A1"}), "overlay.way"),
    ],
)
def test_features_that_cannot_be_used_are_told(tmp_path, feature, code):
    good = ("Point", [1, 2], {"action": "open_gate"})

    edits, faults = read_overlay_file(write_geojson(tmp_path / "overlay.geojson", [good, feature]))

    assert len(edits) == 1
    assert [(f.code, f.row) for f in faults] == [(code, 2)]


@pytest.mark.parametrize(
    ("name", "content"), [("o.toml", "[[path]"), ("o.geojson", "nonsense"), ("o.txt", "x")]
)
def test_files_of_another_kind_are_told(tmp_path, name, content):
    (tmp_path / name).write_text(content)

    with pytest.raises(UnreadableFileError) as caught:
        read_overlay_file(tmp_path / name)

    assert caught.value.code == "overlay.unreadable"


def test_a_pack_tries_the_edits_on_its_streets(tmp_path):
    # the streets of ``reading`` cross at (116.32, 40.0)
    text = """
    [[path]]
    name = "接得上"
    points = [[116.321, 40.00001], [116.322, 40.001]]
    [[path]]
    name = "接不上"
    points = [[116.321, 40.005], [116.322, 40.006]]
    [[close]]
    way = 99
    """
    _toml(tmp_path, text)
    ctx = reading_in(tmp_path, overlay=FileSpec("overlay.toml"))

    edits = read_overlay(ctx.spec.overlay, ctx)

    assert [e.name for e in edits] == ["接得上"]
    assert [(f.code, f.row, f.column) for f in ctx.faults] == [
        ("network.overlay.path", 2, "[[path]]"),
        ("network.overlay.close", 1, "[[close]]"),
    ]
    assert ctx.found["overlay"] == {"edits": 1}


def test_a_pack_without_overlay_has_no_edits(tmp_path):
    ctx = reading_in(tmp_path)

    assert read_overlay(ctx.spec.overlay, ctx) == ()
