"""Walled compounds and their gates."""

import numpy as np
import pytest

from reading import LAT, LON, codes_of, reading_in, square, write_geojson
from yike.sources.compounds import read_compounds, read_gates
from yike.sources.pack_spec import FileSpec, PlacesSpec
from yike.sources.places import read_places

SIDE = 0.002


def compounds_in(folder, features=None):
    write_geojson(
        folder / "compounds.geojson",
        features
        or [
            ("Polygon", square(LON, LAT, SIDE), {"编号": "1", "小区": "荷清苑"}),
            ("Polygon", square(LON + 2 * SIDE, LAT, SIDE), {"编号": "2", "小区": "西王庄"}),
        ],
    )
    ctx = reading_in(folder)
    ctx.compounds = read_compounds(FileSpec("compounds.geojson", "wgs84"), ctx)
    return ctx.compounds, ctx


def gates_in(folder, rows):
    compounds, ctx = compounds_in(folder)
    (folder / "gates.csv").write_text("名称,类型,小区,开放时间,经度,纬度\n" + rows, "utf-8")
    return read_gates(FileSpec("gates.csv", "wgs84"), ctx, compounds), ctx


def test_read_compounds_gives_polygons_in_degrees_and_metres(tmp_path):
    compounds, ctx = compounds_in(tmp_path)

    assert compounds.name == ("荷清苑", "西王庄")
    # 0.002° are 222.4 m north-south and 170.4 m east-west at 40° N.
    assert compounds.polygons_m[0].area == pytest.approx(222.4 * 170.4, rel=1e-3)
    assert codes_of(ctx) == []


def test_read_compounds_tells_overlaps_crossings_and_points(tmp_path):
    bow_tie = [[[LON, LAT], [LON + 1e-3, LAT + 1e-3], [LON + 1e-3, LAT], [LON, LAT + 1e-3], [LON, LAT]]]
    compounds, ctx = compounds_in(
        tmp_path,
        [
            ("Polygon", square(LON, LAT, SIDE), {"名称": "甲"}),
            ("Polygon", square(LON + SIDE / 2, LAT, SIDE), {"名称": "乙"}),
            ("Point", [LON, LAT], {"名称": "丙"}),
            ("Polygon", bow_tie, {"名称": "丁"}),
        ],
    )

    assert compounds.name == ("甲", "乙", "丁")
    assert codes_of(ctx)[:2] == ["layers.geometry.kind", "layers.geometry.repaired"]
    assert "compounds.overlap" in codes_of(ctx)


def test_read_gates_reads_kinds_hours_and_compounds(tmp_path):
    gates, ctx = gates_in(
        tmp_path,
        f"南门,人行,荷清苑,06:00-22:00,{LON + 0.001},{LAT}\n"
        f"东门,车行,荷清苑小区,,{LON + SIDE},{LAT + 0.001}\n"
        f"北门,人车混行,,,{LON + 2 * SIDE + 0.001},{LAT + SIDE + 0.0001}\n"
        f"西门,长期封闭,西王庄,,{LON + 2 * SIDE},{LAT}\n",
    )

    assert gates.name == ("南门", "东门", "北门")
    assert gates.is_pedestrian.tolist() == [True, False, True]
    assert gates.is_car.tolist() == [False, True, True]
    assert gates.compound_idx.tolist() == [0, 0, 1]
    assert gates.spans[0][0] == (360, 1320)
    assert gates.spans[1] == ((0, 7 * 1440),)
    assert codes_of(ctx) == ["compounds.gate.closed"]


def test_read_gates_tells_strays_odd_kinds_and_compounds_without_gate(tmp_path):
    gates, ctx = gates_in(
        tmp_path,
        f"甲门,旋转门,荷清院,看门人在就开,{LON + 0.001},{LAT}\n乙门,人行,,,{LON - 0.01},{LAT}\n",
    )

    assert gates.compound_idx.tolist() == [0, -1]
    assert gates.is_pedestrian.tolist() == [True, True]
    assert sorted(codes_of(ctx)) == [
        "compounds.gate.alone",
        "compounds.gate.compound_unknown",
        "compounds.gate.hours",
        "compounds.gate.kind",
        "compounds.without_gate",
    ]
    assert "西王庄" in next(f for f in ctx.faults if f.code == "compounds.without_gate").message


def test_homes_know_their_compound_by_position_or_name(tmp_path):
    _, ctx = compounds_in(tmp_path)
    (tmp_path / "p.csv").write_text(
        f"id,lon,lat,people,所属小区\n1,{LON + 0.001},{LAT + 0.001},1,\n2,{LON - 0.01},{LAT},1,西王庄\n"
        f"3,{LON - 0.01},{LAT},1,西王村\n",
        "utf-8",
    )

    places = read_places(PlacesSpec(file="p.csv", datum="wgs84"), ctx)

    assert places.compound_idx.tolist() == [0, 1, -1]
    assert codes_of(ctx) == ["places.compound_unknown"]


def test_compounds_and_gates_without_files_are_empty(tmp_path):
    ctx = reading_in(tmp_path)

    compounds = read_compounds(FileSpec(), ctx)
    gates = read_gates(FileSpec(), ctx, compounds)

    assert (len(compounds), len(gates)) == (0, 0)
    assert np.array_equal(gates.compound_idx, [])
    assert codes_of(ctx) == []
