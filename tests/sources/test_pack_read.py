import zipfile

import numpy as np
import pytest

from small_packs import (
    HEAD,
    NETWORK,
    OUTLETS,
    PLACES,
    SOURCE,
    at,
    codes,
    lonlat,
    outlets_csv,
    places_csv,
    small_pack,
    street_files,
)
from yike.errors import InputError, UnreadableFileError
from yike.sources.pack import inspect_pack, read_pack
from yike.sources.pack_join import polygon_of_points

TOML = HEAD + NETWORK + OUTLETS + PLACES + SOURCE


def _square(x0, y0, x1, y1):
    ring = [lonlat(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))]
    return {"type": "Polygon", "coordinates": [ring]}


def _collection(*features):
    import json

    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features],
        },
        ensure_ascii=False,
    )


def test_small_pack_reads_without_a_fault(tmp_path):
    pack = read_pack(small_pack(tmp_path))
    assert codes(pack.report.faults) == ["areas.circle.whole_pack"]
    assert (pack.network.n_vertices, pack.network.n_pieces) == (25, 40)
    assert (len(pack.outlets), len(pack.places), float(pack.places.people.sum())) == (2, 2, 300)
    assert pack.outlets.circle_idx.tolist() == [0, 0]
    assert (pack.provenance.code, pack.provenance.as_of) == ("small", "2026-01-01")
    assert sorted(pack.digests) == ["edges.csv", "nodes.csv", "outlets.csv", "places.csv"]


def test_folder_and_zip_read_the_same(tmp_path):
    folder = small_pack(tmp_path / "pack")
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, f"小片区/{path.name}")
    a, b = read_pack(folder), read_pack(tmp_path / "pack.zip")
    assert a.digests == b.digests
    np.testing.assert_array_equal(a.outlets.x_m, b.outlets.x_m)
    assert a.report.found == b.report.found


def test_every_fault_of_every_file_comes_at_once(tmp_path):
    folder = small_pack(
        tmp_path,
        outlets=outlets_csv(f"1,甲,便利店,{at(50, 5)}", "2,乙,药店,nan,39.9", "3,丙,药店,116.3,inf"),
        places=places_csv(f"P1,{at(10, 10)},-5", f"P1,{at(20, 10)},7"),
        toml=TOML + '\n[premises]\nfile = "none.csv"\ndatum = "wgs84"\n',
    )
    with pytest.raises(InputError) as caught:
        read_pack(folder)
    errors = [(f.file, f.row, f.code) for f in caught.value.faults if f.level == "error"]
    assert ("outlets.csv", 3, "layers.point.bad") in errors
    assert ("outlets.csv", 4, "layers.point.bad") in errors
    assert ("places.csv", 3, "layers.id.duplicate") in errors
    assert any(file == "places.csv" and row == 2 for file, row, _ in errors)
    assert ("pack.toml", 0, "pack.file.missing") in errors


def test_strict_stops_at_warnings(tmp_path):
    folder = small_pack(tmp_path, outlets=outlets_csv(f"1,甲,量子力学,{at(50, 5)}"))
    assert len(read_pack(folder).outlets) == 1
    with pytest.raises(InputError):
        read_pack(folder, strict=True)


def test_invented_data_is_said(tmp_path):
    folder = small_pack(tmp_path, toml=TOML.replace("invented = false", "invented = true"))
    pack = read_pack(folder)
    assert pack.provenance.is_invented
    assert "pack.invented" in codes(pack.report.faults, "warning")


def test_pack_without_outlets_is_not_surveyed(tmp_path):
    pack = read_pack(small_pack(tmp_path, toml=HEAD + NETWORK + PLACES + SOURCE))
    assert len(pack.outlets) == 0
    assert "outlets.none" in codes(pack.report.faults, "warning")


def test_points_beyond_the_streets_are_told(tmp_path):
    folder = small_pack(
        tmp_path,
        outlets=outlets_csv(f"1,甲,便利店,{at(50, 5)}", f"2,乙,药店,{at(5_000, 5)}"),
        places=places_csv(f"P1,{at(10, 10)},5", f"P2,{at(10, 1_390)},7", f"P3,{at(10, 1_410)},7"),
    )
    told = {f.code: f for f in read_pack(folder).report.faults}
    assert told["outlets.outside"].facts == {"count": 1, "rows": "3"}
    assert (told["pack.places.outside"].found, told["pack.places.outside"].facts["count"]) == ("P3", 1)


def test_swapped_longitude_and_latitude_are_told(tmp_path):
    lon, lat = at(50, 5).split(",")
    folder = small_pack(tmp_path, outlets=outlets_csv(f"1,甲,便利店,{lat},{lon}", f"2,乙,药店,{at(250, 5)}"))
    report, _ = inspect_pack(folder)
    assert [(f.code, f.row) for f in report.faults if f.file == "outlets.csv"] == [
        ("layers.point.swapped", 2)
    ]


def test_network_of_isolated_pieces_is_told(tmp_path):
    files = street_files()
    files["edges.csv"] = "from,to,length_m\n1,2,100\n3,4,100\n7,8,100\n"
    pack = read_pack(small_pack(tmp_path, files=files))
    told = next(f for f in pack.report.faults if f.code == "pack.network.pieces")
    # 25 crossings: three pairs and 19 alone; the largest part holds 2 of 25.
    assert (told.level, told.facts["count"], told.facts["share"]) == ("warning", 22, "8.0%")


def test_zero_length_and_unknown_edges_are_refused_with_their_rows(tmp_path):
    files = street_files()
    files["edges.csv"] = "from,to,length_m\n1,2,0\n2,99,100\n3,4,-5\n"
    report, pack = inspect_pack(small_pack(tmp_path, files=files))
    assert pack is None
    assert {f.row for f in report.errors if f.file == "edges.csv"} >= {3, 4}
    assert "pack.network.unread" in codes(report.errors)


def test_planar_nodes_need_no_datum_and_degrees_do(tmp_path):
    files = street_files()
    toml = TOML.replace('edges = "edges.csv"\ndatum = "wgs84"', 'edges = "edges.csv"')
    report, _ = inspect_pack(small_pack(tmp_path / "a", toml=toml, files=files))
    assert "pack.network.datum" in codes(report.errors)


def test_communities_join_places_and_outlets_by_polygon(tmp_path):
    west, east = _square(-50, -50, 200, 450), _square(200, -50, 450, 450)
    files = {
        "communities.geojson": _collection(
            ({"id": "a", "name": "西社区"}, west), ({"id": "b", "name": "东社区"}, east)
        )
    }
    toml = TOML + '\n[communities]\nfile = "communities.geojson"\ndatum = "wgs84"\n'
    pack = read_pack(small_pack(tmp_path, toml=toml, files=files))
    assert pack.communities.name == ("西社区", "东社区")
    assert pack.places.community_idx.tolist() == [0, 1]
    assert pack.outlets.community_idx.tolist() == [0, 1]
    assert pack.outlets.circle_idx.tolist() == pack.communities.circle_idx.tolist()


def test_outlets_without_polygons_join_by_their_community_column(tmp_path):
    files = {"communities.csv": f"名称,经度,纬度\n西社区,{at(100, 200)}\n东社区,{at(300, 200)}\n"}
    toml = TOML + '\n[communities]\nfile = "communities.csv"\ndatum = "wgs84"\n'
    shops = outlets_csv(
        f"1,甲,便利店,{at(50, 5)},东社区", f"2,乙,药店,{at(250, 5)},", f"3,丙,药店,{at(250, 5)},南社区",
        header="编号,名称,业态,经度,纬度,社区",
    )  # fmt: skip
    pack = read_pack(small_pack(tmp_path, toml=toml, files=files, outlets=shops))
    assert pack.outlets.community_idx.tolist() == [1, -1, -1]
    assert [f.found for f in pack.report.faults if f.code == "outlets.community.unknown"] == ["南社区"]


def test_overlay_is_read_and_tried(tmp_path):
    line = {"type": "LineString", "coordinates": [lonlat(0, 50), lonlat(100, 50)]}
    far = {"type": "Point", "coordinates": lonlat(2_000, 2_000)}
    good = ({"action": "add", "name": "小路"}, line)
    toml = TOML + '\n[overlay]\nfile = "overlay.geojson"\ndatum = "wgs84"\n'
    pack = read_pack(small_pack(tmp_path / "a", toml=toml, files={"overlay.geojson": _collection(good)}))
    assert [edit.name for edit in pack.overlay] == ["小路"]
    assert pack.network.n_pieces == 40
    bad = _collection(good, ({"action": "close"}, far), ({"action": "fly"}, far), ({"action": "close"}, line))
    report, _ = inspect_pack(small_pack(tmp_path / "b", toml=toml, files={"overlay.geojson": bad}))
    assert sorted((f.row, f.code) for f in report.errors) == [
        (2, "network.overlay.close"),
        (3, "pack.overlay.action"),
        (4, "pack.overlay.shape"),
    ]


def test_settings_are_judged_together(tmp_path):
    toml = TOML.replace('file = "outlets.csv"', 'file = "outlets.csv"\nsurveyed = ["药店", "火箭"]')
    toml += (
        '\n[walk]\nprofile = "runner"\n[study]\ncutoffs = [5, 20]\nlimit = 10\n[standards]\ndir = "rules"\n'
    )
    report, _ = inspect_pack(small_pack(tmp_path, toml=toml))
    assert codes(report.errors) == [
        "pack.walk.profile_unknown",
        "pack.study.limit_short",
        "pack.standards.dir_missing",
        "pack.outlets.surveyed",
    ]


def test_no_pack_at_all_is_unreadable(tmp_path):
    with pytest.raises(UnreadableFileError) as caught:
        inspect_pack(tmp_path / "none")
    assert caught.value.code == "pack.path.missing"
    with pytest.raises(UnreadableFileError) as caught:
        read_pack(tmp_path)
    assert caught.value.code == "pack.toml.missing"


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 1000, "编号,名称\n1,甲\n".encode(), b"PK\x03\x04broken", b"\n\n"],
    ids=["empty", "binary", "columns missing", "broken workbook", "blank"],
)
def test_unusable_outlet_files_leave_the_other_files_read(tmp_path, data):
    report, pack = inspect_pack(small_pack(tmp_path, outlets=data))
    assert pack is None
    assert {f.file for f in report.errors} == {"outlets.csv"}
    assert report.found["places"]["rows"] == 2


def test_outlets_as_workbook_and_as_geojson_read_like_csv(tmp_path):
    import openpyxl

    point = {"type": "Point", "coordinates": lonlat(50, 5)}
    book = openpyxl.Workbook()
    book.active.append(["编号", "名称", "业态", "经度", "纬度"])
    book.active.append(["W1", "便民店", "便利店", *lonlat(50, 5)])
    book.save(tmp_path / "outlets.xlsx")
    files = {
        "outlets.xlsx": (tmp_path / "outlets.xlsx").read_bytes(),
        "outlets.geojson": _collection(({"编号": "W1", "名称": "便民店", "业态": "便利店"}, point)),
    }
    for name in files:
        toml = TOML.replace("outlets.csv", name)
        outlets = read_pack(small_pack(tmp_path / name[8:], toml=toml, files=files)).outlets
        assert (outlets.outlet_id, outlets.name) == (("W1",), ("便民店",))
        np.testing.assert_allclose((outlets.lon[0], outlets.lat[0]), lonlat(50, 5), atol=1e-12)


def test_polygons_take_the_smallest_and_the_lower_row_on_a_border():
    from shapely import box

    polygons = [box(0, 0, 10, 10), None, box(2, 2, 4, 4), box(10, 0, 20, 10)]
    lon, lat = np.array([1.0, 3.0, 10.0, 30.0, np.nan]), np.array([1.0, 3.0, 5.0, 5.0, 1.0])
    assert polygon_of_points(polygons, lon, lat).tolist() == [0, 2, 0, -1, -1]


def test_same_pack_gives_the_same_report(tmp_path):
    folder = small_pack(tmp_path, outlets=outlets_csv(f"1,甲,量子,{at(50, 5)}", f"2,甲,量子,{at(60, 5)}"))
    first, second = inspect_pack(folder)[0], inspect_pack(folder)[0]
    assert first == second
