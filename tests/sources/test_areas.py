"""Communities and circles: names, brackets, columns, polygons, and what is missing."""

import numpy as np
import openpyxl
import pytest

from reading import LAT, LON, codes_of, reading_in, square, write_geojson
from yike.core.tables import Tri
from yike.sources.areas import by_names, no_communities, read_circles, read_communities
from yike.sources.circle_cells import split_lead
from yike.sources.names import match_name, nearest_names, split_names, stem
from yike.sources.pack_spec import CirclesSpec, CommunitiesSpec, PlacesSpec
from yike.sources.places import read_places
from yike.sources.population import empty_places

TIANSHUI = [
    "光明社区",
    "进步巷",
    "岷山",
    "罗玉一",
    "自治巷",
    "十方堂",
    "仁和里",
    "聚宝盆社区",
    "解放路",
    "东团庄",
    "重新街",
]

ANNEX_2 = """序号,便民生活圈名称,包含社区,建设年限
1,大城一刻钟便民生活圈（光明社区）,进步巷、岷山、罗玉一、自治巷、十方堂、仁和里,2023
2,西关一刻钟便民生活圈(聚宝盆社区),解放路 东团庄 重新街,2023年
"""


def circles_in(folder, text, names=TIANSHUI, **settings):
    (folder / "circles.csv").write_text(text, "utf-8")
    spec = CirclesSpec(source="file", file="circles.csv", **settings)
    ctx = reading_in(folder, circles=spec)
    return read_circles(spec, ctx, by_names(names), empty_places()), ctx


def communities_in(folder, file, **settings):
    spec = CommunitiesSpec(source="file", file=file, datum="wgs84", **settings)
    ctx = reading_in(folder, communities=spec)
    ctx.communities = read_communities(spec, ctx)
    return ctx.communities, ctx


def test_read_circles_reads_the_form_of_annex_2(tmp_path):
    members, ctx = circles_in(tmp_path, ANNEX_2)

    assert members.circles.name == ("大城一刻钟便民生活圈", "西关一刻钟便民生活圈")
    assert members.circles.lead_community == ("光明社区", "聚宝盆社区")
    assert members.circles.build_year.tolist() == [2023, 2023]
    assert members.circle_of_community.tolist() == [0] * 7 + [1] * 4
    assert codes_of(ctx) == ["areas.circle.lead_counts"]
    assert "属于本圈" in ctx.faults[0].message


def test_read_circles_can_leave_the_lead_community_out(tmp_path):
    members, ctx = circles_in(tmp_path, ANNEX_2, lead_counts=False)

    assert members.circle_of_community.tolist() == [-1] + [0] * 6 + [-1] + [1] * 3
    assert codes_of(ctx) == ["areas.circle.lead_counts", "areas.circle.community_left"]


def test_read_circles_suggests_near_names_and_guesses_none(tmp_path):
    members, ctx = circles_in(
        tmp_path, "序号,名称,包含社区\n1,甲圈,罗一、光明巷、没有的地方\n2,乙圈,东团庄社区\n"
    )

    unknown = [f for f in ctx.faults if f.code == "areas.circle.community_unknown"]
    assert [f.found for f in unknown] == ["罗一", "光明巷", "没有的地方"]
    assert "罗玉一" in unknown[0].message
    assert "光明社区" in unknown[1].message
    assert "没有。" in unknown[2].message
    assert all(f.level == "error" and f.row == 2 for f in unknown)
    # 东团庄社区 and 东团庄 are the same name.
    assert members.circle_of_community[TIANSHUI.index("东团庄")] == 1


def test_read_circles_tells_a_community_of_two_streets(tmp_path):
    text = "编号,名称,街道,经度,纬度\n" + "".join(
        f"{i},东团庄社区,{street},{LON},{LAT}\n" for i, street in enumerate(("西关街道", "玉泉镇"))
    )
    (tmp_path / "communities.csv").write_text(text, "utf-8")
    areas, ctx = communities_in(tmp_path, "communities.csv")
    (tmp_path / "circles.csv").write_text("序号,名称,包含社区\n1,甲,东团庄\n", "utf-8")

    read_circles(CirclesSpec(source="file", file="circles.csv"), ctx, areas, empty_places())

    fault = next(f for f in ctx.faults if f.code == "areas.circle.community_ambiguous")
    assert "西关街道" in fault.message
    assert "玉泉镇" in fault.message


def test_read_circles_tells_a_community_in_two_circles(tmp_path):
    members, ctx = circles_in(tmp_path, "序号,名称,包含社区\n1,甲,岷山\n2,乙,岷山、进步巷\n")

    fault = next(f for f in ctx.faults if f.code == "areas.circle.community_twice")
    assert (fault.row, fault.found, fault.level) == (3, "岷山", "error")
    assert members.circle_of_community[TIANSHUI.index("岷山")] == 0
    assert members.circle_of_community[TIANSHUI.index("进步巷")] == 1


def test_read_circles_takes_the_other_columns_of_the_form(tmp_path):
    members, ctx = circles_in(
        tmp_path,
        "名称,包含社区,社区商业中心数量,运营主体,发展形态,智慧平台,商业和综合服务设施面积,总建筑面积,户数,新建/老旧\n"
        "甲,岷山、进步巷,2,国企√ 民营企业□ 专业运营商√,街坊式为主,有,1000,20000,300,老旧\n"
        "乙,解放路,,街道、某公司,集聚分布都有,否,,,,\n",
    )

    circles, areas = members.circles, members.communities
    assert circles.n_centres.tolist() == [2, -1]
    assert circles.operator_kinds == (("国企", "专业运营商"), ("街道（社区）",))
    assert circles.layout_form == ("街坊式", "集聚式、分布式")
    assert circles.has_platform.tolist() == [Tri.YES, Tri.NO]
    mine = [TIANSHUI.index("岷山"), TIANSHUI.index("进步巷")]
    assert areas.commercial_floor_m2[mine].tolist() == [500, 500]
    assert areas.total_floor_m2[mine].sum() == 20_000
    assert areas.households[mine].sum() == 300
    assert [areas.kind[i] for i in mine] == ["old", "old"]
    assert np.isnan(areas.households[TIANSHUI.index("解放路")])
    found = codes_of(ctx)
    assert found.count("areas.circle.shared") == 3
    assert "areas.circle.operator" in found
    assert "areas.circle.layout" in found


def test_read_circles_tells_bad_rows_all_at_once(tmp_path):
    _, ctx = circles_in(
        tmp_path, "序号,名称,包含社区,建设年限\n1,,岷山,二三年\n2,甲,,2024\n3,甲,进步巷,2024\n3,丙,十方堂,\n"
    )

    assert [(f.code, f.row) for f in ctx.faults if f.level != "note"] == [
        ("areas.circle.name_missing", 2),
        ("areas.circle.no_communities", 3),
        ("areas.circle.duplicate", 4),
        ("layers.id.duplicate", 5),
        ("areas.circle.year", 2),
    ]


def test_read_circles_reads_a_workbook_with_title_and_merged_cells(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["附件2", None, None, None],
        ["便民生活圈名单", None, None, None],
        ["序号", "便民生活圈名称", "包含社区", "建设年限"],
        [1, "大城一刻钟便民生活圈(光明社区)", "进步巷、岷山", 2023],
        [2, "西关一刻钟便民生活圈(聚宝盆社区)", "解放路、东团庄", None],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:D2")
    sheet.merge_cells("D4:D5")
    book.save(tmp_path / "circles.xlsx")
    spec = CirclesSpec(source="file", file="circles.xlsx")
    ctx = reading_in(tmp_path, circles=spec)

    members = read_circles(spec, ctx, by_names(TIANSHUI), empty_places())

    assert members.circles.build_year.tolist() == [2023, 2023]
    assert codes_of(ctx, "error") == []


def test_without_a_list_each_community_is_a_circle(tmp_path):
    ctx = reading_in(tmp_path)

    members = read_circles(CirclesSpec(), ctx, by_names(["甲", "乙"]), empty_places())

    assert members.circles.name == ("甲", "乙")
    assert members.circle_of_community.tolist() == [0, 1]
    assert codes_of(ctx) == ["areas.circle.none_given"]


def test_without_communities_the_pack_is_one_circle(tmp_path):
    (tmp_path / "p.csv").write_text(f"id,lon,lat,people\na,{LON},{LAT},1\n", "utf-8")
    ctx = reading_in(tmp_path, places=PlacesSpec(file="p.csv", datum="wgs84"))
    places = read_places(ctx.spec.places, ctx)

    members = read_circles(CirclesSpec(), ctx, no_communities(), places)

    assert members.circles.name == ("测试片区",)
    assert members.circle_of_place.tolist() == [0]
    assert members.circles.polygons[0].bounds == pytest.approx(
        (LON - 0.02, LAT - 0.02, LON + 0.02, LAT + 0.02)
    )
    assert codes_of(ctx) == ["areas.circle.whole_pack"]


def test_communities_and_circles_may_be_columns_of_the_homes(tmp_path):
    (tmp_path / "p.csv").write_text(
        f"id,lon,lat,people,所属社区,片\n1,{LON},{LAT},10,甲社区,东\n2,{LON},{LAT},20,乙社区,西\n3,{LON},{LAT},30,甲,\n",
        "utf-8",
    )
    ctx = reading_in(
        tmp_path,
        places=PlacesSpec(file="p.csv", datum="wgs84"),
        communities=CommunitiesSpec(source="column", column="所属社区"),
        circles=CirclesSpec(source="column", column="片"),
    )
    ctx.communities = read_communities(ctx.spec.communities, ctx)
    places = read_places(ctx.spec.places, ctx)

    members = read_circles(ctx.spec.circles, ctx, ctx.communities, places)

    # 甲社区 and 甲 stay two values of the column: it is the clerk's own key.
    assert ctx.communities.name == ("甲社区", "乙社区", "甲")
    assert places.community_idx.tolist() == [0, 1, 2]
    assert members.circles.name == ("东", "西")
    assert members.circle_of_place.tolist() == [0, 1, -1]


def test_read_communities_takes_polygons_and_joins_homes(tmp_path):
    write_geojson(
        tmp_path / "c.geojson",
        [
            ("Polygon", square(LON, LAT, 0.01), {"社区代码": "110108001001", "名称": "甲社区", "人口": 30}),
            ("Polygon", square(LON + 0.01, LAT, 0.01), {"社区代码": "110108001002", "名称": "乙社区"}),
        ],
    )
    (tmp_path / "p.csv").write_text(
        f"id,lon,lat,people\n1,{LON + 0.001},{LAT + 0.001},10\n"
        f"2,{LON + 0.011},{LAT + 0.001},20\n3,{LON - 0.01},{LAT},5\n",
        "utf-8",
    )
    areas, ctx = communities_in(tmp_path, "c.geojson")

    places = read_places(PlacesSpec(file="p.csv", datum="wgs84"), ctx)

    assert areas.community_id == ("110108001001", "110108001002")
    assert areas.delineation == "polygons"
    assert places.community_idx.tolist() == [0, 1, -1]
    assert codes_of(ctx) == ["places.outside_communities", "places.community_total"]


def test_read_communities_takes_points_for_walking_delineation(tmp_path):
    (tmp_path / "c.csv").write_text(f"名称,经度,纬度\n甲,{LON},{LAT}\n乙,{LON + 0.01},{LAT}\n", "utf-8")

    areas, ctx = communities_in(tmp_path, "c.csv")

    assert areas.delineation == "walking_voronoi"
    assert ctx.settled["community_points"].lon.tolist() == [LON, LON + 0.01]
    assert "推定" in ctx.estimates[0]


def test_read_communities_tells_doubles_overlaps_and_odd_areas(tmp_path):
    write_geojson(
        tmp_path / "c.geojson",
        [
            (
                "Polygon",
                square(LON, LAT, 0.01),
                {"编号": "1", "名称": "甲", "总建筑面积": 10, "商业面积": 20},
            ),
            ("Polygon", square(LON + 0.005, LAT, 0.01), {"编号": "2", "名称": "甲社区"}),
            ("Polygon", square(LON + 0.015, LAT, 0.01), {"编号": "3", "名称": ""}),
            ("Polygon", square(LON + 0.025, LAT, 0.01), {"编号": "4", "名称": "丁", "总建筑面积": -3}),
        ],
    )

    _, ctx = communities_in(tmp_path, "c.geojson")

    assert [(f.code, f.row) for f in ctx.faults] == [
        ("areas.community.number.small", 4),
        ("areas.community.duplicate", 2),
        ("areas.community.name_missing", 3),
        ("areas.community.commercial_larger", 1),
        ("areas.community.overlap", 2),
    ]
    assert "50%" in ctx.faults[-1].message


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("罗玉一社区居民委员会", "罗玉一"),
        ("白果居委会", "白果"),
        ("Ａ 区 社区", "a区"),
        ("裴村社区", "裴村"),
        ("社区", "社区"),
    ],
)
def test_stem_takes_off_the_usual_endings(name, expected):
    assert stem(name) == expected


def test_match_name_wants_the_id_first_and_one_answer():
    names, ids = ["甲社区", "乙", "乙社区"], ["1", "甲", "3"]

    assert match_name("甲", names, ids).idx == 1
    assert match_name("乙", names, ids).idx == 1
    assert match_name("乙居委会", names, ids).rows == (1, 2)
    assert match_name("乙居委会", names, ids).idx == -1


def test_nearest_names_finds_slips_of_the_pen():
    names = ["筲箕山居民委员会", "罗玉一社区", "光明巷社区", "花园社区"]

    assert nearest_names("烧箕山社区", names) == ("筲箕山居民委员会",)
    assert nearest_names("罗一", names) == ("罗玉一社区",)
    assert nearest_names("光明社区", names) == ("光明巷社区",)
    assert nearest_names("发电厂", names) == ()


def test_split_names_keeps_and_inside_a_name():
    assert split_names("进步巷、岷山，仁和里；  罗一/自治巷\n十方堂等") == (
        "进步巷", "岷山", "仁和里", "罗一", "自治巷", "十方堂",
    )  # fmt: skip


def test_split_lead_reads_both_kinds_of_brackets():
    assert split_lead("桥南一刻钟便民生活圈1（新苑社区）") == ("桥南一刻钟便民生活圈1", "新苑社区")
    assert split_lead("甲圈") == ("甲圈", "")
