"""Vector layers: coordinate systems, datums, broken shapes and broken files."""

import struct
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely

from reading import LAT, LON, codes_of, reading_in, square, write_geojson
from yike.core.geo.datum import from_wgs84
from yike.sources.layers import load_layer, read_layer, repair, shift_datum
from yike.sources.pack_spec import FileSpec

BOW_TIE = [[[LON, LAT], [LON + 0.002, LAT + 0.002], [LON + 0.002, LAT], [LON, LAT + 0.002], [LON, LAT]]]


def write_layer(path, shapes, names, crs, driver, **options):
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [np.array(names, dtype=object)],
        ["name"],
        geometry_type=shapes[0].geom_type,
        crs=crs,
        driver=driver,
        **options,
    )
    return path


def test_read_layer_keeps_features_attributes_and_numbers(tmp_path):
    path = write_geojson(
        tmp_path / "a.geojson",
        [
            ("Polygon", square(LON, LAT, 0.01), {"name": "甲", "people": 12}),
            ("Point", [LON, LAT], {"name": "乙"}),
        ],
    )

    layer, faults = read_layer(path)

    assert faults == []
    assert layer.columns == {"name": ("甲", "乙"), "people": (12.0, None)}
    assert layer.row.tolist() == [1, 2]
    assert [g.geom_type for g in layer.geometry] == ["Polygon", "Point"]
    assert layer.datum == ""


def test_read_layer_brings_plane_coordinates_to_degrees(tmp_path):
    # CGCS2000 / 3-degree Gauss-Kruger CM 117E: 500,000 m east is 117° E exactly.
    path = write_layer(
        tmp_path / "plan.gpkg", [shapely.Point(500_000, 4_000_000)], ["甲"], "EPSG:4548", "GPKG"
    )

    layer, faults = read_layer(path)

    assert faults == []
    assert layer.datum == "wgs84"
    assert layer.geometry[0].x == pytest.approx(117.0, abs=1e-9)
    assert layer.geometry[0].y == pytest.approx(36.13, abs=0.01)


def test_read_layer_asks_which_of_several_layers(tmp_path):
    path = tmp_path / "two.gpkg"
    for name in ("streets", "blocks"):
        write_layer(path, [shapely.Point(LON, LAT)], ["甲"], "EPSG:4326", "GPKG", layer=name, append=False)

    nothing, faults = read_layer(path)
    chosen, none = read_layer(path, name="blocks")
    missing, unknown = read_layer(path, name="gates")

    assert nothing is None
    assert [f.code for f in faults] == ["layers.several"]
    assert "streets" in faults[0].message
    assert (len(chosen), none) == (1, [])
    assert missing is None
    assert [f.code for f in unknown] == ["layers.layer_missing"]


def test_read_layer_reads_a_zipped_shapefile_in_gb18030_without_cpg(tmp_path):
    points, names = [shapely.Point(LON, LAT)] * 2, ["大冲社区", "㐀山"]
    write_layer(tmp_path / "s.shp", points, names, "EPSG:4326", "ESRI Shapefile", encoding="GB18030")
    archive = tmp_path / "s.shp.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            packed.write(tmp_path / f"s{suffix}", f"s{suffix}")

    layer, faults = read_layer(archive)

    assert faults == []
    assert layer.columns["name"] == ("大冲社区", "㐀山")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"a.shp": b"x", "a.shx": b"x"}, "layers.zip.parts"),
        ({"readme.txt": b"x"}, "layers.zip.no_shp"),
        ({"../a.shp": b"x", "a.dbf": b"x"}, "layers.zip.unsafe"),
        ({"a.shp": bytes(70 * 1024**2)}, "layers.zip.too_large"),
    ],
)
def test_read_layer_refuses_bad_archives(tmp_path, members, code):
    path = tmp_path / "a.shp.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)

    layer, faults = read_layer(path)

    assert layer is None
    assert [f.code for f in faults] == [code]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.geojson", b"", "layers.unreadable"),
        ("a.geojson", b"\x00\xff" * 5000, "layers.unreadable"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[]}', "layers.empty"),
        ("a.shp.zip", b"no zip", "layers.unreadable"),
        ("a.gpkg", b"SQLite format 3\x00 and nothing", "layers.unreadable"),
        ("a.docx", b"x", "layers.suffix"),
    ],
)
def test_read_layer_tells_what_is_no_layer(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)

    _, faults = read_layer(path)

    assert code in [f.code for f in faults]


def test_read_layer_tells_swapped_and_plane_coordinates(tmp_path):
    swapped = write_geojson(tmp_path / "a.geojson", [("Point", [LAT, LON], {})])
    plane = write_geojson(tmp_path / "b.geojson", [("Point", [500_000, 4_000_000], {})])

    assert [f.code for f in read_layer(swapped)[1]] == ["layers.swapped"]
    assert [f.code for f in read_layer(plane)[1]] == ["layers.crs.missing"]


def test_read_layer_keeps_a_row_for_features_without_shape(tmp_path):
    path = write_geojson(
        tmp_path / "a.geojson", [("", [], {"name": "甲"}), ("Point", [LON, LAT], {"name": "乙"})]
    )

    layer, faults = read_layer(path)

    assert layer.geometry[0] is None
    assert layer.columns["name"] == ("甲", "乙")
    assert [(f.code, f.row) for f in faults] == [("layers.geometry.empty", 1)]


def test_read_layer_tells_coordinates_that_are_not_finite(tmp_path):
    # WKB of a point (little-endian, type 1) with NaN and infinity, as a GeoPackage may hold it.
    bad = struct.pack("<BIdd", 1, 1, float("inf"), 40.0)
    path = tmp_path / "nan.gpkg"
    wkb = np.array([bad, shapely.to_wkb(shapely.Point(LON, LAT))], dtype=object)
    options = {"geometry_type": "Point", "crs": "EPSG:4326", "driver": "GPKG"}
    pyogrio.raw.write(path, wkb, [np.array([1, 2])], ["n"], **options)

    layer, faults = read_layer(path)

    assert layer.geometry[0] is None
    assert [(f.code, f.row) for f in faults] == [("layers.geometry.not_finite", 1)]


def test_repair_makes_a_bow_tie_valid_and_says_so(tmp_path):
    layer, _ = read_layer(write_geojson(tmp_path / "a.geojson", [("Polygon", BOW_TIE, {})]))

    fixed, faults = repair(layer)

    # Two triangles of 0.002° x 0.001° / 2 each.
    assert fixed.geometry[0].is_valid
    assert fixed.geometry[0].area == pytest.approx(2 * 0.002 * 0.001 / 2)
    assert [(f.code, f.row, f.level) for f in faults] == [("layers.geometry.repaired", 1, "warning")]
    assert "自相交" in faults[0].message


def test_repair_gives_up_on_a_polygon_without_area(tmp_path):
    line = [[[LON, LAT], [LON + 0.01, LAT], [LON, LAT], [LON, LAT]]]
    layer, _ = read_layer(write_geojson(tmp_path / "a.geojson", [("Polygon", line, {})]))

    fixed, faults = repair(layer)

    assert fixed.geometry[0] is None
    assert [f.code for f in faults] == ["layers.geometry.broken"]


def test_load_layer_converts_the_declared_datum_and_refuses_other_kinds(tmp_path):
    lon, lat = from_wgs84(LON, LAT, "gcj02")
    write_geojson(
        tmp_path / "a.geojson",
        [("Point", [float(lon), float(lat)], {}), ("Polygon", square(LON, LAT, 0.01), {})],
    )
    ctx = reading_in(tmp_path)

    layer = load_layer(ctx, FileSpec("a.geojson", "gcj02"), "gates", "point")

    assert layer.geometry[0].x == pytest.approx(LON, abs=1e-9)
    assert layer.geometry[1] is None
    assert codes_of(ctx) == ["layers.geometry.kind"]


@pytest.mark.real
def test_city_boundaries_in_gcj02_survive_and_agree_with_their_conversion(shared_data):
    n_repaired, worst = 0, 0.0
    for path in sorted((shared_data / "city-boundaries-gcj02").glob("*_gcj02.geojson")):
        layer, faults = read_layer(path)
        fixed, repaired = repair(shift_datum(layer, "gcj02"))
        expected, _ = read_layer(path.with_name(path.name.replace("gcj02", "wgs84")))
        n_repaired += len(repaired)
        assert faults == []
        for got, want in zip(fixed.geometry, shapely.make_valid(expected.geometry), strict=True):
            worst = max(worst, got.symmetric_difference(want).area / want.area)

    assert n_repaired == 32
    assert worst < 1e-3
