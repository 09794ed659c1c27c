"""Lists and layers in plane metres: declared by ``crs``, axes as surveyors write them, degrees refused."""

import pyproj
import pytest
import shapely

from small_packs import HEAD, NETWORK, OUTLETS, PLACES, SOURCE, at, codes, lonlat, outlets_csv, small_pack
from yike.sources.pack import inspect_pack

PLANE = pyproj.Transformer.from_crs(4326, 4548, always_xy=True)
DECLARED = OUTLETS.replace('datum = "wgs84"', 'crs = "EPSG:4548"')


def _read(tmp_path, csv, outlets=DECLARED):
    folder = small_pack(tmp_path / "pack", outlets=csv, toml=HEAD + NETWORK + outlets + PLACES + SOURCE)
    report, pack = inspect_pack(folder)
    return [f for f in report.faults if f.file == "outlets.csv"], pack


@pytest.mark.parametrize("axes", ["east first", "north first"])
def test_plane_coordinates_land_where_the_degrees_do(tmp_path, axes):
    east, north = PLANE.transform(*lonlat(50, 5))
    pair = (north, east) if axes == "north first" else (east, north)
    csv = outlets_csv("W1,店,便利店,{:.3f},{:.3f}".format(*pair), header="编号,名称,业态,X,Y")
    faults, pack = _read(tmp_path, csv)

    assert codes(faults) == (["layers.crs.axes"] if axes == "north first" else [])
    assert (pack.outlets.lon[0], pack.outlets.lat[0]) == pytest.approx(lonlat(50, 5), abs=1e-7)


def test_degrees_under_a_plane_crs_are_an_error(tmp_path):
    faults, pack = _read(tmp_path, outlets_csv(f"W1,店,便利店,{at(50, 5)}"))

    assert "layers.crs.degrees" in codes(faults, "error")
    assert pack is None


def test_layer_without_its_own_crs_takes_the_declared_one(tmp_path):
    from yike.sources.layers import read_layer

    x, y = PLANE.transform(*lonlat(50, 5))
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
        f'{{"type":"Point","coordinates":[{x:.3f},{y:.3f}]}}}}]}}'
    )
    refused, why = read_layer(path)
    layer, faults = read_layer(path, crs="EPSG:4548")

    assert (refused, codes(why)) == (None, ["layers.crs.missing"])
    assert codes(faults) == []
    assert (shapely.get_x(layer.geometry[0]), shapely.get_y(layer.geometry[0])) == pytest.approx(
        lonlat(50, 5), abs=1e-7
    )


def test_columns_exchanged_throughout_are_one_fault(tmp_path):
    rows = [f"{i},店{i},便利店,{','.join(reversed(at(10 * i, 5).split(',')))}" for i in range(5)]
    faults, _ = _read(tmp_path, outlets_csv(*rows), OUTLETS)

    assert [(f.code, f.facts["count"]) for f in faults if f.level == "error"] == [
        ("layers.point.all_swapped", 5)
    ]
    assert 'columns = { lon = "纬度", lat = "经度" }' in faults[0].cure
