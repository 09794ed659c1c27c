from pathlib import Path

import numpy as np
import pytest

from small_packs import HEAD, NETWORK, OUTLETS, PLACES, SOURCE, codes, lonlat, outlets_csv, small_pack
from yike.core.geo.datum import from_wgs84
from yike.core.geo.projection import LocalProjection
from yike.errors import CoordinateSystemError, InputError
from yike.sources.datum_guess import fit_datums, is_clear_lead, street_points
from yike.sources.intake import ReadContext
from yike.sources.osm import read_network
from yike.sources.pack import inspect_pack, read_pack
from yike.sources.tabular import read_table

UNDECLARED = OUTLETS.replace('datum = "wgs84"\n', "")


def _shops(datum):
    """Twelve shops beside streets of the small town, written in a datum."""
    rows = []
    for i in range(12):
        lon, lat = lonlat(30 + 28 * i, 100 * (i % 5) + 6)
        lon, lat = from_wgs84(np.array([lon]), np.array([lat]), datum)
        rows.append(f"W{i},店{i},便利店,{lon[0]:.7f},{lat[0]:.7f}")
    return outlets_csv(*rows)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_missing_datum_stops_and_names_the_guess_and_the_line_to_add(tmp_path, datum):
    folder = small_pack(tmp_path, outlets=_shops(datum), toml=HEAD + NETWORK + UNDECLARED + PLACES + SOURCE)
    with pytest.raises(CoordinateSystemError) as caught:
        read_pack(folder)
    fault = next(f for f in caught.value.faults if f.level == "error")
    assert (fault.code, fault.facts["guess"]) == ("datum.missing", datum)
    assert f'datum = "{datum}"' in fault.cure
    assert "[outlets]" in fault.cure


def test_too_few_points_give_no_guess(tmp_path):
    folder = small_pack(tmp_path, toml=HEAD + NETWORK + UNDECLARED + PLACES + SOURCE)
    report, pack = inspect_pack(folder)
    assert (codes(report.errors), pack) == (["datum.missing_no_guess"], None)


def test_wrong_datum_is_warned_about_and_kept(tmp_path):
    folder = small_pack(tmp_path, outlets=_shops("gcj02"))
    pack = read_pack(folder)
    told = [f for f in pack.report.faults if f.code == "datum.doubtful"]
    assert [(f.level, f.found, f.facts["guess"]) for f in told] == [("warning", "wgs84", "gcj02")]
    assert abs(pack.outlets.x_m[0] - pack.network.vertex_x_m.min()) > 300


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_declared_datum_is_converted_at_the_edge(tmp_path, datum):
    toml = HEAD + NETWORK + OUTLETS.replace("wgs84", datum) + PLACES + SOURCE
    true = read_pack(small_pack(tmp_path / "a", outlets=_shops("wgs84"))).outlets
    read = read_pack(small_pack(tmp_path / "b", outlets=_shops(datum), toml=toml)).outlets
    np.testing.assert_allclose(read.lon, true.lon, atol=2e-7)  # the files hold seven decimals
    np.testing.assert_allclose(read.lat, true.lat, atol=2e-7)


def test_other_errors_are_found_in_the_same_reading(tmp_path):
    shops = _shops("gcj02") + "W11,重号,便利店,116.3,39.9\n"
    folder = small_pack(tmp_path, outlets=shops, toml=HEAD + NETWORK + UNDECLARED + PLACES + SOURCE)
    with pytest.raises(InputError) as caught:
        read_pack(folder)
    assert sorted(codes(caught.value.faults, "error")) == ["datum.missing", "layers.id.duplicate"]
    assert not isinstance(caught.value, CoordinateSystemError)


def test_rows_may_name_their_own_datum(tmp_path):
    header = "编号,名称,业态,经度,纬度,坐标系"
    lon, lat = (np.array([v]) for v in lonlat(50, 5))
    rows = []
    for i, (datum, word) in enumerate(
        [("wgs84", ""), ("gcj02", "高德"), ("bd09", "BD-09"), ("wgs84", "火星")]
    ):
        x, y = from_wgs84(lon, lat, datum)
        rows.append(f"W{i},店{i},便利店,{x[0]:.8f},{y[0]:.8f},{word}")
    pack = read_pack(small_pack(tmp_path / "a", outlets=outlets_csv(*rows[:3], header=header)))
    np.testing.assert_allclose(pack.outlets.lon, lon[0], atol=2e-8)
    np.testing.assert_allclose(pack.outlets.lat, lat[0], atol=2e-8)
    report, _ = inspect_pack(small_pack(tmp_path / "b", outlets=outlets_csv(*rows, header=header)))
    assert [(f.code, f.row, f.found) for f in report.errors] == [("datum.row.unknown", 5, "火星")]


def test_street_points_leave_no_gap_over_25_m(tmp_path):
    network = read_pack(small_pack(tmp_path)).network
    points = street_points(network)
    # 25 crossings and, on each of 40 streets of 100 m, 4 points (or 3, should rounding make it 99.99 m).
    assert 25 + 40 * 3 <= len(points) <= 25 + 40 * 4


@pytest.mark.real
@pytest.mark.parametrize(
    ("district", "file"), [("beijing-wudaokou", "wudaokou"), ("shenzhen-nanshan", "nanshan")]
)
@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_real_shops_are_recognised_in_every_datum(shared_data, district, file, datum):
    network, _ = read_network(shared_data / district / f"{file}.osm.pbf")
    lon, lat = read_table(shared_data / district / "pois.csv").degrees()
    moved = from_wgs84(np.array([n.value for n in lon]), np.array([n.value for n in lat]), datum)
    projection = LocalProjection(network.origin_lon, network.origin_lat)
    ctx = ReadContext(Path(), None, None, projection, network=network)
    fits = fit_datums(ctx, *moved)
    assert fits[0].datum == datum
    assert not is_clear_lead(fits[1], fits[0])
