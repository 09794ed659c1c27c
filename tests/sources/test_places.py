"""Homes out of tables and layers: unknown, none, bands, communities, duplicates."""

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import LAT, LON, codes_of, reading_in, write_geojson
from yike.sources.age_bands import band_of_header
from yike.sources.areas import read_communities
from yike.sources.pack_spec import CommunitiesSpec, PlacesSpec
from yike.sources.places import read_places
from yike.sources.spread import share_out, spread_people


def read_csv(folder, text, *, encoding="utf-8", communities="", **settings):
    """Read ``places.csv`` of the given text; ``communities`` is the text of another table."""
    (folder / "places.csv").write_bytes(text.encode(encoding))
    spec = PlacesSpec(file="places.csv", datum="wgs84", **settings)
    sections = {"places": spec}
    if communities:
        (folder / "communities.csv").write_text(communities, "utf-8")
        sections["communities"] = CommunitiesSpec(source="file", file="communities.csv", datum="wgs84")
    ctx = reading_in(folder, **sections)
    if communities:
        ctx.communities = read_communities(ctx.spec.communities, ctx)
    return read_places(spec, ctx), ctx


def test_read_places_tells_blank_from_none(tmp_path):
    places, ctx = read_csv(
        tmp_path, f"编号,名称,经度,纬度,人口\na,甲,{LON},{LAT},120\nb,乙,{LON},{LAT},\nc,丙,{LON},{LAT},0\n"
    )

    assert places.place_id == ("a", "b", "c")
    assert places.people[0] == 120
    assert np.isnan(places.people[1])
    assert places.people[2] == 0
    assert places.people_method == "given"
    assert not places.is_estimated.any()
    assert codes_of(ctx) == ["places.people.unknown"]
    places.validate()


def test_read_places_finds_every_bad_cell_in_one_reading(tmp_path):
    places, ctx = read_csv(
        tmp_path,
        "编号,经度,纬度,人口,户数\n"
        f"a,{LON},{LAT},-5,2\n"
        f"a,{LON},{LAT},十二,1\n"
        f"c,,,30,1\n"
        f"d,{LON},abc,30,1\n"
        f"e,{LAT},{LON},30,1\n"
        f"f,0,0,30,1\n"
        f"g,{LON},{LAT},12个,5\n"
        f"h,{LON},{LAT},１２,50\n",
    )

    found = [(f.code, f.row) for f in ctx.faults]
    assert ("places.number.small", 2) in found
    assert ("layers.id.duplicate", 3) in found
    assert ("places.number.bad", 3) in found
    assert ("layers.point.missing", 4) in found
    assert ("layers.point.bad", 5) in found
    assert ("layers.point.swapped", 6) in found
    assert ("layers.point.zero", 7) in found
    assert ("places.people.fewer_than_households", 9) in found
    assert places.people[-2:].tolist() == [12, 12]


def test_read_places_tells_swapped_columns_that_are_both_in_range(tmp_path):
    (tmp_path / "places.csv").write_text("id,lon,lat,people\na,28.1,-15.4,1\nb,-15.4,28.1,1\n", "utf-8")
    spec = PlacesSpec(file="places.csv", datum="wgs84")
    ctx = reading_in(tmp_path, at=(-15.4, 28.1), places=spec)

    read_places(spec, ctx)

    assert [(f.code, f.row) for f in ctx.faults] == [("layers.point.swapped", 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_read_places_reads_every_encoding_of_wps(tmp_path, encoding):
    places, ctx = read_csv(tmp_path, f"名称,经度,纬度,人口\n㐀山小区,{LON},{LAT},7\n", encoding=encoding)

    assert places.name == ("㐀山小区",)
    assert codes_of(ctx, "error") == []


def test_read_places_reads_a_workbook_with_title_merges_and_blank_rows(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["居住点登记表"])
    sheet.append(["名称", "街道", "经度", "纬度", "常住人口（人）", "60岁以上"])
    sheet.append(["甲", "东街", LON, LAT, 100, 30])
    sheet.append(["乙", None, LON + 0.001, LAT, "1,200", 80])
    sheet.append([None] * 6)
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("B3:B4")
    book.save(tmp_path / "places.xlsx")
    spec = PlacesSpec(file="places.xlsx", datum="wgs84")
    ctx = reading_in(tmp_path, places=spec)

    places = read_places(spec, ctx)

    assert places.people.tolist() == [100, 1200]
    assert places.bands == ("60_over",)
    assert places.people_by_band[:, 0].tolist() == [30, 80]
    assert places.source_row.tolist() == [3, 4]


def test_read_places_takes_a_point_inside_each_polygon(tmp_path):
    # A horseshoe: its centroid lies in the gap.
    horseshoe = [
        [
            [LON, LAT], [LON + 0.003, LAT], [LON + 0.003, LAT + 0.003], [LON + 0.002, LAT + 0.003],
            [LON + 0.002, LAT + 0.001], [LON + 0.001, LAT + 0.001], [LON + 0.001, LAT + 0.003],
            [LON, LAT + 0.003], [LON, LAT],
        ]
    ]  # fmt: skip
    write_geojson(tmp_path / "p.geojson", [("Polygon", horseshoe, {"名称": "甲", "人口": 9})])
    spec = PlacesSpec(file="p.geojson", datum="wgs84", kind="polygons")
    ctx = reading_in(tmp_path, places=spec)

    places = read_places(spec, ctx)

    in_gap = LON + 0.001 < places.lon[0] < LON + 0.002 and places.lat[0] > LAT + 0.001
    assert places.people.tolist() == [9]
    assert not in_gap
    assert codes_of(ctx) == []


def test_read_places_compares_community_totals(tmp_path):
    places, ctx = read_csv(
        tmp_path,
        f"id,经度,纬度,人口,社区\n1,{LON},{LAT},100,东街\n2,{LON},{LAT},50,东街社区\n3,{LON},{LAT},70,西街\n",
        communities=f"编号,名称,街道,人口,经度,纬度\nc1,东街社区,城关,160,{LON},{LAT}\nc2,西街社区,城关,70,{LON},{LAT}\n",
    )

    assert places.community_idx.tolist() == [0, 0, 1]
    faults = [f for f in ctx.faults if f.code == "places.community_total"]
    assert len(faults) == 1
    assert "150" in faults[0].message
    assert "160" in faults[0].message


def test_read_places_suggests_but_never_guesses_a_community(tmp_path):
    places, ctx = read_csv(
        tmp_path,
        f"id,经度,纬度,人口,社区\n1,{LON},{LAT},100,罗一\n2,{LON},{LAT},50,东团庄\n",
        communities=(
            "编号,名称,街道,经度,纬度\n"
            f"1,罗玉一社区,大城,{LON},{LAT}\n2,东团庄社区,西关,{LON},{LAT}\n3,东团庄社区,玉泉,{LON},{LAT}\n"
        ),
    )

    assert places.community_idx.tolist() == [-1, -1]
    unknown = next(f for f in ctx.faults if f.code == "places.community_unknown")
    ambiguous = next(f for f in ctx.faults if f.code == "places.community_ambiguous")
    assert "罗玉一社区" in unknown.message
    assert "西关" in ambiguous.message
    assert "玉泉" in ambiguous.message


def test_read_places_spreads_a_total_over_unknown_homes_and_says_so(tmp_path):
    places, ctx = read_csv(
        tmp_path, f"id,经度,纬度,建筑面积\n1,{LON},{LAT},1000\n2,{LON},{LAT},3000\n", total=101
    )

    # 101 x 1/4 = 25.25 and 75.75: the missing person goes to the larger remainder.
    assert places.people.tolist() == [25, 76]
    assert places.is_estimated.all()
    assert places.people_method == "community_total_by_floor_area"
    assert len(ctx.estimates) == 1
    assert "估算" in ctx.estimates[0]


def test_read_places_doubts_a_total_smaller_than_its_communities(tmp_path):
    _, ctx = read_csv(
        tmp_path,
        f"id,经度,纬度\n1,{LON},{LAT}\n",
        communities=f"编号,名称,人口,经度,纬度\nc1,东街社区,160,{LON},{LAT}\n",
        total=100,
    )

    fault = next(f for f in ctx.faults if f.code == "places.total_smaller")
    assert "160" in fault.message
    assert "100" in fault.message


def test_read_places_without_people_and_totals_stay_unknown(tmp_path):
    places, ctx = read_csv(tmp_path, f"id,经度,纬度\n1,{LON},{LAT}\n")

    assert np.isnan(places.people).all()
    assert places.people_method == "unknown"
    assert codes_of(ctx) == ["places.people.column_missing"]


def test_read_places_tells_bands_that_exceed_the_people(tmp_path):
    places, ctx = read_csv(
        tmp_path,
        f"id,经度,纬度,人口,0-3岁,60岁以上,65+,0-14岁\n1,{LON},{LAT},100,30,60,50,40\n2,{LON},{LAT},100,50,60,,\n",
    )

    # Row 2: 30 + 60 fit (65+ lies inside 60+). Row 3: 50 + 60 > 100.
    assert places.bands == ("under_3", "60_over", "65_over")
    assert [(f.code, f.row) for f in ctx.faults if "exceeds" in f.code] == [("places.band.exceeds", 3)]
    assert [f.column for f in ctx.faults if f.code == "places.band.unknown"] == ["0-14岁"]


def test_read_places_tells_the_same_home_twice(tmp_path):
    _, ctx = read_csv(tmp_path, f"id,名称,经度,纬度,人口\n1,甲,{LON},{LAT},5\n2,甲,{LON},{LAT},5\n")

    assert [(f.code, f.row) for f in ctx.faults] == [("places.duplicate_position", 3)]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("0-3岁", "under_3"),
        ("3岁以下", "under_3"),
        ("0～3岁人口", "under_3"),
        ("其中：60岁及以上", "60_over"),
        ("老年人口（60岁以上）", "60_over"),
        ("65+", "65_over"),
        ("80岁以上", "80_over"),
        ("60-79岁", "60_79"),
        ("under_3", "under_3"),
        ("0-14岁", ""),
        ("2023年人口", ""),
        ("人口", ""),
    ],
)
def test_band_of_header_reads_what_people_write(header, code):
    assert band_of_header(header) == code


@given(
    st.integers(0, 200_000),
    st.lists(st.floats(0.1, 1e5), min_size=1, max_size=40),
)
def test_share_out_is_whole_exact_and_near_the_quota(total, weights):
    weight = np.array(weights)

    parts = share_out(float(total), weight)

    assert parts.sum() == total
    assert (parts == np.floor(parts)).all()
    assert (np.abs(parts - total * weight / weight.sum()) < 1 + 1e-6).all()


def test_spread_people_serves_communities_first_and_the_rest_by_total():
    spread = spread_people(
        np.array([1.0, 1.0, 2.0, 2.0]),
        np.array([0, 0, -1, -1], np.int32),
        np.array([10.0, np.nan, 6.0]),
        total=36.0,
        per_weight=1.0,
    )

    # Community 0: 5 + 5. Community 2 has 6 people and no home; 36 - 16 = 20 go to the two others.
    assert spread.people.tolist() == [5, 5, 10, 10]
    assert spread.homeless_idx.tolist() == [2]
