"""``yike network``: what is printed, written, and answered by the exit code."""

import json

import pyarrow.parquet as pq
import pyogrio
import pytest
from click.testing import CliRunner

from osm_files import BUNDLED, write_osm
from yike.cli.network import network
from yike.errors import UnreadableFileError

HELSINKI = str(BUNDLED / "helsinki.osm.pbf")
REFERENCE = str(BUNDLED / "reference_paths.json")


def _run(*args):
    return CliRunner().invoke(network, [str(a) for a in args], catch_exceptions=False)


@pytest.mark.parametrize("command", [(), ("build",), ("verify",), ("isochrone",)])
def test_help_is_chinese_and_ends_with_an_example(command):
    text = _run(*command, "--help").output

    assert "示例：" in text
    assert "yike network" in text


def test_build_counts_the_bundled_district():
    found = json.loads(_run("build", HELSINKI, "--json").stdout)

    assert (found["vertices"], found["pieces"]) == (5431, 6426)
    assert found["length_km"] == pytest.approx(87.9, abs=0.05)
    assert found["km_by_kind"]["footway"] == pytest.approx(48.2, abs=0.05)
    assert sum(found["km_by_kind"].values()) == pytest.approx(found["length_km"], abs=0.01)
    assert found["km_by_flag"]["steps"] > 1
    assert found["faults"][0]["code"] == "osm.network.missing_nodes"


def test_build_says_the_same_in_words():
    result = _run("build", HELSINKI)

    assert "顶点 5,431　路段 6,426　总长 87.9 公里" in result.stdout
    assert "路网文件在边缘被裁断" in result.stderr


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_build_writes_a_layer(tmp_path, suffix):
    out = tmp_path / f"streets.{suffix}"

    _run("build", HELSINKI, "-o", out)

    rows = pq.read_metadata(out).num_rows if suffix == "parquet" else pyogrio.read_info(out)["features"]
    assert rows == 6426


def test_build_refuses_other_suffixes(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"streets\.dwg"):
        _run("build", HELSINKI, "-o", tmp_path / "streets.dwg")


def test_build_reads_tables_of_nodes_and_edges(tmp_path):
    (tmp_path / "nodes.csv").write_text("node_id,lon,lat\n1,116.3,40\n2,116.31,40\n")
    (tmp_path / "edges.csv").write_text("from,to,length_m\n1,2,900\n")

    result = _run("build", tmp_path / "edges.csv", "--nodes", tmp_path / "nodes.csv", "--json")

    found = json.loads(result.stdout)
    assert (found["vertices"], found["length_km"]) == (2, 0.9)
    assert found["bounds"] == [116.3, 40.0, 116.31, 40.0]


def test_verify_answers_yes():
    result = _run("verify", HELSINKI, REFERENCE)

    assert result.exit_code == 0
    assert "60/60" in result.stdout
    assert "36/36" in result.stdout


def test_verify_answers_no_and_says_where(tmp_path):
    reference = tmp_path / "wrong.json"
    pairs = [{"from_node": 318118382, "to_node": 317704059, "metres": 140.0}]  # 147.88 m in truth
    counts = [{"from_node": 318118382, "vertices_within_400m": 1037}]  # 1,038 in truth
    reference.write_text(json.dumps({"pairs": pairs, "reach_counts": counts}))

    said = _run("verify", HELSINKI, reference)
    record = json.loads(_run("verify", HELSINKI, reference, "--json").stdout)

    assert said.exit_code == 1
    assert "应为 140.0 米，得 147.88 米" in said.stdout
    assert "应为 1037，得 1038" in said.stdout
    assert record["ok"] is False
    assert record["pairs"]["worst_m"] == pytest.approx(7.88, abs=0.006)


def test_isochrones_grow_with_time(tmp_path):
    out = tmp_path / "iso.geojson"

    result = _run("isochrone", HELSINKI, "--at", "24.9441,60.1719", "--minutes", "15,5", "-o", out)

    features = json.loads(out.read_text("utf-8"))["features"]
    assert result.exit_code == 0
    assert [f["properties"]["minutes"] for f in features] == [5.0, 15.0]
    assert features[0]["properties"]["area_m2"] < features[1]["properties"]["area_m2"]
    assert features[0]["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_isochrones_of_a_point_table_one_each(tmp_path):
    points = tmp_path / "points.csv"
    points.write_text("经度,纬度\n24.9441,60.1719\n24.9400,60.1700\n", "utf-8")

    rows = json.loads(
        _run("isochrone", HELSINKI, "--points", points, "--each", "--minutes", "5", "--json").stdout
    )

    assert [row["start"] for row in rows] == [1, 2]


def test_isochrone_far_from_streets_answers_no():
    result = _run("isochrone", HELSINKI, "--at", "10,10", "--json")

    assert result.exit_code == 1
    assert "第 1 个起点" in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--at", "x"),
        ("--at", "200,10"),
        ("--at", "24.9,60.1", "--minutes", "0"),
        ("--at", "24.9,60.1", "--profile", "bird"),
    ],
)
def test_isochrone_refuses_what_it_cannot_read(options):
    assert CliRunner().invoke(network, ["isochrone", HELSINKI, *options]).exit_code == 2


def test_isochrones_of_a_pack_count_its_people(tmp_path):
    nodes = [(1, 116.30, 40.0), (2, 116.31, 40.0)]
    write_osm(tmp_path, nodes, [(1, [1, 2], {"highway": "path"})], name="network.osm")
    (tmp_path / "places.csv").write_text("id,lon,lat,people\na,116.3010,40.0,10\nb,116.309,40.0,500\n")
    (tmp_path / "pack.toml").write_text(
        '[pack]\ncode = "t"\nname = "试"\nas_of = 2026-01-01\ninvented = true\n'
        '[network]\nfile = "network.osm"\ndatum = "wgs84"\n'
        '[places]\nfile = "places.csv"\ndatum = "wgs84"\n'
        '[[source]]\nname = "x"\nlicence = "x"\n'
    )

    rows = json.loads(_run("isochrone", tmp_path, "--at", "116.3,40.0", "--minutes", "5,15", "--json").stdout)

    # a is 85 m away, b 767 m: 333 m in five minutes at 4 km/h, 1,000 m in fifteen
    assert [row["people"] for row in rows] == [10, 510]
