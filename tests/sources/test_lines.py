"""Line layers: split at crossings of one level, joined at ends, everything told."""

import zipfile

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from osm_files import BUNDLED
from reading import write_geojson
from yike.core.geo.datum import from_wgs84
from yike.core.geo.projection import LocalProjection
from yike.core.tables import PieceFlag
from yike.errors import EmptyNetworkError, UnreadableFileError
from yike.sources.lines import read_lines
from yike.sources.noding import node_lines
from yike.sources.osm import read_network

LON, LAT = 116.32, 40.0
LOCAL = LocalProjection(LON, LAT)


def _degrees(xy):
    """Local metres as degrees."""
    lon, lat = LOCAL.inverse(*np.array(xy, float).T)
    return np.column_stack([lon, lat]).tolist()


def _layer(tmp_path, *lines):
    """GeoJSON of lines in metres, each (coordinates, properties)."""
    rows = [("LineString", _degrees(xy), tags) for xy, tags in lines]
    return write_geojson(tmp_path / "roads.geojson", rows)


def _codes(faults, level=None):
    return [f.code for f in faults if level in (None, f.level)]


CROSS = (([(0, -100), (0, 100)], {}), ([(-100, 0), (100, 0)], {}))


def _degrees_of_vertices(network):
    ends = np.concatenate([network.piece_from_idx, network.piece_to_idx])
    return sorted(np.bincount(ends, minlength=network.n_vertices).tolist())


def test_lines_are_split_where_they_cross(tmp_path):
    network, faults = read_lines(_layer(tmp_path, *CROSS), "wgs84")

    # four arms of 100 m around one junction
    assert (network.n_vertices, network.n_pieces) == (5, 4)
    assert network.piece_length_m.tolist() == pytest.approx([100] * 4, abs=0.2)
    assert _degrees_of_vertices(network) == [1, 1, 1, 1, 4]
    assert sorted(network.piece_way_id.tolist()) == [1, 1, 2, 2]
    assert _codes(faults) == ["lines.crossings.split"]


def test_lines_are_not_split_when_told(tmp_path):
    network, _ = read_lines(_layer(tmp_path, *CROSS), "wgs84", split=False)

    assert (network.n_vertices, network.n_pieces) == (4, 2)


@pytest.mark.parametrize("field", ["layer", "level", "bridge", "tunnel", "桥", "层"])
def test_lines_of_different_levels_cross_without_meeting(tmp_path, field):
    street, bridge = CROSS[0][0], CROSS[1][0]

    network, faults = read_lines(_layer(tmp_path, (street, {}), (bridge, {field: "1"})), "wgs84")

    assert network.n_pieces == 2
    assert _codes(faults) == ["lines.crossings.apart"]


@pytest.mark.parametrize("value", ["0", "no", "否", None, 0])
def test_level_words_that_say_no_are_the_ground(tmp_path, value):
    street, other = CROSS[0][0], CROSS[1][0]

    network, _ = read_lines(_layer(tmp_path, (street, {}), (other, {"bridge": value})), "wgs84")

    assert network.n_pieces == 4


def test_a_ramp_that_ends_on_a_vertex_meets_the_street_below(tmp_path):
    street = [(-100, 0), (0, 0), (100, 0)]
    path = _layer(tmp_path, (street, {}), ([(0, 0), (0, 80)], {"bridge": "yes"}))

    network, _ = read_lines(path, "wgs84")

    assert _degrees_of_vertices(network) == [1, 1, 1, 3]
    assert sorted(network.piece_flags.tolist()) == [0, 0, PieceFlag.BRIDGE]


@pytest.mark.parametrize(
    ("gap_m", "snap_m", "meets"), [(0.4, 0.5, True), (0.6, 0.5, False), (0.6, 1.0, True)]
)
def test_ends_within_the_tolerance_are_joined(tmp_path, gap_m, snap_m, meets):
    path = _layer(tmp_path, ([(-100, 0), (0, 0)], {}), ([(gap_m, 0), (100, 0)], {}))

    network, faults = read_lines(path, "wgs84", snap_m=snap_m)

    assert network.n_vertices == (3 if meets else 4)
    assert ("lines.ends.joined" in _codes(faults)) == meets


def test_an_end_near_the_middle_of_a_line_joins_it(tmp_path):
    path = _layer(tmp_path, ([(-100, 0), (100, 0)], {}), ([(0, 0.3), (0, 80)], {}))

    network, _ = read_lines(path, "wgs84", snap_m=0.5)

    assert _degrees_of_vertices(network) == [1, 1, 1, 3]


def test_a_line_that_crosses_itself_meets_itself(tmp_path):
    loop = [(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)]

    network, _ = read_lines(_layer(tmp_path, (loop, {})), "wgs84")

    # crossing at (50, 0): a tail, a loop that comes back, a tail
    assert _degrees_of_vertices(network) == [1, 1, 2, 2, 2, 4]
    assert network.piece_length_m.sum() == pytest.approx(100 + 50 + 50 + 100, abs=0.5)


def test_overlapping_lines_meet_at_both_ends_of_the_overlap(tmp_path):
    path = _layer(tmp_path, ([(0, 0), (100, 0)], {}), ([(50, 0), (150, 0)], {}))

    network, _ = read_lines(path, "wgs84")

    assert network.n_vertices == 4  # 0, 50, 100, 150; the overlap is there twice
    assert network.n_pieces == 4


def test_three_dimensional_and_multi_part_lines(tmp_path):
    a, b = _degrees([(0, 0), (50, 0)]), _degrees([(80, 0), (90, 0)])
    parts = [[[*xy, 55.0] for xy in part] for part in (a, b)]
    path = write_geojson(tmp_path / "multi.geojson", [("MultiLineString", parts, {"name": "分段路"})])

    network, _ = read_lines(path, "wgs84")

    assert network.n_pieces == 2
    assert network.piece_length_m.sum() == pytest.approx(60, abs=0.1)
    assert network.piece_way_id.tolist() == [1, 1]
    assert network.names == ("分段路",)


def test_zero_length_and_foreign_shapes_are_faults_of_their_feature(tmp_path):
    point = _degrees([(0, 0)])[0]
    rows = [
        ("LineString", _degrees([(0, 0), (50, 0)]), {}),
        ("LineString", [point, point], {}),
        ("Point", point, {}),
        ("LineString", _degrees([(0, 60), (0.1, 60)]), {}),
    ]
    path = write_geojson(tmp_path / "roads.geojson", rows)

    network, faults = read_lines(path, "wgs84")

    assert network.n_pieces == 1
    assert [(f.code, f.row, f.level) for f in faults if f.level != "note"] == [
        ("lines.geometry.kind", 3, "error"),
        ("lines.zero_length", 2, "warning"),
        ("lines.shorter_than_snap", 4, "warning"),
    ]
    assert all(f.message and f.cure for f in faults)


def test_kinds_names_stairs_and_streets_closed_to_pedestrians(tmp_path):
    path = _layer(
        tmp_path,
        ([(0, 0), (50, 0)], {"道路等级": "支路", "道路名称": "学院路"}),
        ([(0, 10), (50, 10)], {"道路等级": "台阶"}),
        ([(0, 20), (50, 20)], {"道路等级": "高速公路"}),
        ([(0, 30), (50, 30)], {"道路等级": "支路", "步行": "否"}),
        ([(0, 40), (50, 40)], {"道路等级": "支路", "台阶": "是"}),
    )

    network, faults = read_lines(path, "wgs84")

    assert network.piece_way_id.tolist() == [1, 2, 5]
    assert [network.kinds[k] for k in network.piece_kind_idx] == ["支路", "台阶", "支路"]
    assert network.piece_flags.tolist() == [0, PieceFlag.STEPS, PieceFlag.STEPS]
    assert [network.names[n] if n >= 0 else "" for n in network.piece_name_idx] == ["学院路", "", ""]
    assert [f.facts["count"] for f in faults if f.code == "lines.not_walkable"] == [2]


def test_declared_datum_is_brought_to_wgs84(tmp_path):
    line = np.array(_degrees([(0, 0), (100, 0)]))
    shifted = np.column_stack(from_wgs84(line[:, 0], line[:, 1], "gcj02"))
    path = write_geojson(tmp_path / "gcj.geojson", [("LineString", shifted.tolist(), {})])

    network, _ = read_lines(path, "gcj02")

    np.testing.assert_allclose(network.vertex_lon, line[:, 0], atol=1e-7)
    np.testing.assert_allclose(network.vertex_lat, line[:, 1], atol=1e-7)


def _write_plane(path, crs):
    """One street of 100 m in CGCS2000 Gauss-Kruger, zone around 117 degrees (EPSG:4548)."""
    import pyproj

    to_plane = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:4548", always_xy=True)
    x, y = to_plane.transform(LON, LAT)
    wkb = shapely.to_wkb(np.array([shapely.LineString([(x, y), (x + 100, y)])], object))
    pyogrio.raw.write(path, wkb, [], [], geometry_type="LineString", crs=crs)
    return path


def test_a_plane_layer_is_read_by_its_own_coordinate_system(tmp_path):
    network, _ = read_lines(_write_plane(tmp_path / "plane.gpkg", "EPSG:4548"))

    assert network.vertex_lon[0] == pytest.approx(LON, abs=1e-6)
    assert network.vertex_lat[0] == pytest.approx(LAT, abs=1e-6)
    assert network.piece_length_m[0] == pytest.approx(100, abs=0.3)


def test_a_zipped_shapefile_and_a_declared_coordinate_system(tmp_path):
    shp = _write_plane(tmp_path / "roads.shp", "EPSG:4548")
    archive = tmp_path / "roads.shp.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for part in sorted(tmp_path.glob("roads.*")):
            if part.suffix in (".shp", ".shx", ".dbf"):  # the .prj is left out
                out.write(part, part.name)
    assert shp.exists()

    with pytest.raises(UnreadableFileError) as caught:
        read_lines(archive)
    network, _ = read_lines(archive, crs="EPSG:4548")

    assert [f.code for f in caught.value.faults] == ["layers.crs.missing"]
    assert network.vertex_lon[0] == pytest.approx(LON, abs=1e-6)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"not a layer", b'{"type": "FeatureCollection", "features": []}']
)
def test_layers_without_lines_are_told(tmp_path, content):
    path = tmp_path / "roads.geojson"
    path.write_bytes(content)

    with pytest.raises((UnreadableFileError, EmptyNetworkError)) as caught:
        read_lines(path, "wgs84")

    assert caught.value.code in ("lines.unreadable", "lines.empty")
    assert "roads.geojson" in str(caught.value)


def _as_lines(network):
    """The ways of a network as one line each, with their bridge and tunnel flags."""
    ends = np.stack([network.piece_from_idx, network.piece_to_idx], 1)
    coords = np.stack([network.vertex_lon[ends], network.vertex_lat[ends]], 2)
    new_line = np.ones(network.n_pieces, bool)
    new_line[1:] = (ends[1:, 0] != ends[:-1, 1]) | (np.diff(network.piece_way_id) != 0)
    groups = np.split(np.arange(network.n_pieces), np.flatnonzero(new_line)[1:])
    lines = [shapely.LineString([coords[g[0], 0], *coords[g, 1]]) for g in groups]
    level = [int(network.piece_flags[g[0]] & (PieceFlag.BRIDGE | PieceFlag.TUNNEL)) for g in groups]
    return np.array(lines, object), np.array([str(v) for v in level], object)


def test_real_streets_come_back_from_unsplit_lines(tmp_path):
    streets, _ = read_network(BUNDLED / "helsinki.osm.pbf")
    lines, level = _as_lines(streets)
    path = tmp_path / "ways.gpkg"
    pyogrio.raw.write(
        path, shapely.to_wkb(lines), [level], ["layer"], geometry_type="LineString", crs="EPSG:4326"
    )

    network, _ = read_lines(path, "wgs84", snap_m=0.0)

    assert network.piece_length_m.sum() == pytest.approx(streets.piece_length_m.sum(), rel=1e-6)
    # a few pairs of mapped paths cross without a common node: there our layer meets and OSM does not
    assert streets.n_vertices <= network.n_vertices <= 1.03 * streets.n_vertices


points = st.tuples(st.integers(0, 12), st.integers(0, 12))
drawn = st.lists(st.lists(points, min_size=2, max_size=4, unique=True), min_size=1, max_size=8)


@given(drawn)
def test_noding_keeps_the_drawing_and_meets_at_every_crossing(lines):
    shapes = np.array([shapely.LineString(xy) for xy in lines], object)

    noded = node_lines(shapes, np.zeros(len(shapes), np.int32), 0.0, True)

    ends = np.stack([noded.piece_from_idx, noded.piece_to_idx], 1)
    xy = np.column_stack([noded.vertex_x_m, noded.vertex_y_m])
    pieces = shapely.linestrings(xy[ends])
    # where a line runs back over itself it is kept once, so the drawings are compared, not the sums
    drawing = shapely.union_all(shapes)
    assert shapely.union_all(pieces).length == pytest.approx(drawing.length, rel=1e-6)
    # GEOS's own noding of the same drawing has the same places where lines meet
    expected = shapely.get_coordinates(shapely.node(drawing))
    found = shapely.MultiPoint(xy)
    for place in expected:
        assert found.distance(shapely.Point(place)) < 1e-6
    tree = shapely.STRtree(pieces)
    a, b = tree.query(pieces, predicate="crosses")
    assert len(a) == len(b) == 0


@pytest.mark.real
def test_planning_roads_of_shanghai_make_one_network(shared_data):
    network, faults = read_lines(shared_data / "shanghai-center" / "tilezen_roads.geojson", "wgs84")

    assert network.n_pieces > 7000
    assert "lines.not_walkable" in _codes(faults)  # ferries and railways
    assert _codes(faults, "error") == []
