"""Candidates of all kinds, on the town of ``siting_town``."""

import numpy as np
import pytest
import shapely

from maps import walk_map
from siting_town import OUTLET_ROWS, PREMISES_ROWS, siting_town
from small_packs import at
from yike.errors import InputError
from yike.studies.candidates import find_candidates
from yike.studies.pipeline import base_of
from yike.studies.street_points import TOO_CLOSE, points_along_streets
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch

RULES = '[standards]\nrule_pack = "yima-2023-9"\n'


def base_in(folder, **changes):
    return base_of(StudySpec(siting_town(folder, **changes)), Watch(silent))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return base_in(tmp_path_factory.mktemp("town"))


def codes(found):
    return {r.candidate_id: r.code for r in found.rejected}


def test_premises_allowed_for_a_sub_type_take_the_type_and_the_other_way_round(tmp_path):
    rows = tuple(
        f"R{i},房{i},门面,50,{at(100, 0)},闲置,{allowed},"
        for i, allowed in enumerate(("修鞋", "维修点", "药店", "修鞋、药店", ""))
    )
    base = base_in(tmp_path, premises=rows)

    assert find_candidates(base, "repair").candidates.candidate_id == ("R0", "R1", "R3", "R4")
    assert find_candidates(base, "shoe_repair").candidates.candidate_id == ("R0", "R1", "R3", "R4")
    assert find_candidates(base, "tailor").candidates.candidate_id == ("R1", "R4")


def test_a_smallest_area_rejects_only_where_a_document_of_the_rule_pack_gives_it(tmp_path):
    # 15 m2 for a parcel point is 义马's own clause; 40 m2 for a pharmacy is our inference
    small = (f"R1,小房,门面,14,{at(100, 0)},闲置,,", f"R2,恰好,门面,15,{at(100, 0)},闲置,,")
    elsewhere = base_in(tmp_path / "a", premises=small)
    yima = base_in(tmp_path / "b", premises=small, more=RULES)

    assert codes(find_candidates(elsewhere, "parcel_point")) == {}
    assert codes(find_candidates(yima, "parcel_point")) == {"R1": "site.reject.area"}
    assert "五（三）13" in find_candidates(yima, "parcel_point").rejected[0].reason
    assert codes(find_candidates(yima, "pharmacy")) == {}
    strict = find_candidates(yima, "pharmacy", strict=True)
    assert codes(strict) == {"R1": "site.reject.area", "R2": "site.reject.area"}
    assert "推定" in strict.rejected[0].reason


def test_only_the_kinds_of_idle_space_asked_for_are_left(town):
    found = find_candidates(town, "repair", spaces=("自行车棚", "厂房"))

    assert found.candidates.candidate_id == ("R3",)
    assert codes(found) == {
        "R1": "site.reject.space", "R2": "site.reject.space", "R4": "site.reject.not_attached",
        "R5": "site.reject.space", "R6": "site.reject.space",
    }  # fmt: skip
    with pytest.raises(InputError, match="飞船"):
        find_candidates(town, "repair", spaces=("飞船",))


def test_strict_rejects_what_stands_beside_the_same_type(town):
    # the open pharmacy is at (0, 0): no room lies within 250 m; R1 is one crossing from the cobbler
    assert codes(find_candidates(town, "pharmacy", strict=True))["R3"] == "site.reject.area"
    found = find_candidates(town, "repair", strict=True)

    assert codes(found)["R1"] == "site.reject.too_near"
    assert "步行 100 米处已有维修点" in next(r.reason for r in found.rejected if r.candidate_id == "R1")


def test_each_rejected_candidate_has_one_reason_and_a_cure(town):
    found = find_candidates(town, "pharmacy", strict=True)

    assert len({r.candidate_id for r in found.rejected}) == len(found.rejected)
    assert all(r.reason and r.cure and "{" not in r.reason + r.cure for r in found.rejected)
    assert set(codes(found)) | set(found.candidates.candidate_id) == {f"R{i}" for i in range(1, 7)}


def test_outlets_may_take_on_what_the_pairings_say(tmp_path):
    rows = (
        f"S1,甲超市,综合超市,{at(0, 0)},营业",
        f"S2,乙便利店,便利店,{at(100, 0)},关闭",
        f"S3,丙便利店,便利店,{at(200, 0)},营业",
        f"S4,丁药店,药店,{at(300, 0)},营业",
    )
    found = find_candidates(base_in(tmp_path, outlets=rows), "laundry", ("outlet",))

    assert found.candidates.candidate_id == ("S1", "S3")  # S2 is closed, a pharmacy takes no laundry
    assert set(found.candidates.kind) == {"outlet"}
    assert (found.candidates.cost_fen > 0).all()
    assert any("推定" in n for n in found.notes)


def test_an_outlet_that_has_the_function_is_no_candidate(tmp_path):
    header = "编号,名称,业态,经度,纬度,状态,兼营"
    rows = (f"S1,甲,便利店,{at(0, 0)},营业,洗染店", f"S2,乙,便利店,{at(100, 0)},营业,")
    base = base_in(tmp_path, **{"outlets.csv": "\n".join((header, *rows)) + "\n"})

    assert find_candidates(base, "laundry", ("outlet",)).candidates.candidate_id == ("S2",)


def test_kinds_are_listed_in_one_order(town):
    found = find_candidates(town, "laundry", ("street_point", "outlet", "premises"))
    kinds = list(dict.fromkeys(found.candidates.kind))

    assert kinds == ["premises", "outlet", "street_point"]
    assert any("不是已知空房" in n for n in found.notes)


def test_an_unknown_kind_or_circle_is_told(town):
    with pytest.raises(InputError, match="这类候选点"):
        find_candidates(town, "laundry", ("roof",))
    with pytest.raises(InputError, match="生活圈"):
        find_candidates(town, "laundry", circle_ids=("月球",))


def test_stops_are_for_types_that_may_come_on_wheels(town):
    found = find_candidates(town, "pharmacy", ("stop",))

    assert len(found) == 0
    assert any("没有流动服务的做法" in n for n in found.notes)


def test_stops_take_what_they_allow(tmp_path):
    stops = (
        "编号,名称,地址,经度,纬度,同时容量,允许业态,可用时段\n"
        f"a,东门,,{at(100, 0)},2,,\nb,集市,,{at(200, 0)},4,早餐店,周六上午\nc,西门,,{at(0, 100)},1,修鞋,\n"
    )
    section = '[stops]\nfile = "stops.csv"\ndatum = "wgs84"\n'
    found = find_candidates(base_in(tmp_path, more=section, **{"stops.csv": stops}), "repair", ("stop",))

    assert found.candidates.candidate_id == ("a", "c")
    assert codes(found) == {"b": "site.reject.type"}
    assert (found.candidates.cost_fen > 0).all()


def test_only_candidates_inside_the_circles_asked_for_are_left(yima_pack):
    base = base_of(StudySpec(yima_pack), Watch(silent))
    name = base.joined.circles.name[2]
    found = find_candidates(base, "pharmacy", ("premises", "street_point"), circle_ids=(name,))
    polygon = base.joined.circles.polygons[2]
    inside = shapely.contains_xy(polygon.buffer(1e-9), found.candidates.lon, found.candidates.lat)

    assert inside.all()
    assert 0 < found.candidates.kind.count("premises") < len(base.pack.premises)
    assert "site.reject.circle" in {r.code for r in found.rejected}
    assert all(name in r.reason for r in found.rejected if r.code == "site.reject.circle")


def test_generated_points_lie_inside_the_packs_circles(yima_pack):
    base = base_of(StudySpec(yima_pack), Watch(silent))
    found = find_candidates(base, "pharmacy", ("street_point",), spacing_m=150)
    all_circles = shapely.union_all([p for p in base.joined.circles.polygons if p is not None])

    assert len(found) > 100
    assert shapely.contains_xy(all_circles.buffer(1e-9), found.candidates.lon, found.candidates.lat).all()
    assert found.attachments.is_attached.all()
    assert found.rejected == ()


def test_nearness_counts_the_factors_that_the_pack_knows(tmp_path):
    clinic = f"W9,卫生站,卫生服务站,{at(400, 100)},营业"
    found = find_candidates(base_in(tmp_path, outlets=(*OUTLET_ROWS, clinic)), "repair", near=True)
    score = dict(zip(found.candidates.candidate_id, found.score.tolist(), strict=True))

    # walks to the clinic: R1 0 m, R3 400 m, R2 700 m; the limit is 300 m; no other factor is known
    assert score == {"R1": 1.0, "R2": 0.0, "R3": 0.0}
    assert any("文化设施" in n and "未计" in n for n in found.notes)


def test_points_along_a_street_are_evenly_spaced_and_once_at_junctions():
    town = walk_map(
        """
        a--------b
        |
        |
        c
        """,
        metres_per_cell=50,
    )
    # 600 m round the corner, in six steps of 100 m
    points = points_along_streets(town.network, town.graph(), 100.0, 1)
    spots = sorted(zip(points.x_m.round(1).tolist(), points.y_m.round(1).tolist(), strict=True))

    assert spots == [(0.0, 0.0), (0.0, 100.0), *((x, 150.0) for x in (50.0, 150.0, 250.0, 350.0, 450.0))]


def test_a_junction_has_one_point_and_none_beside_it():
    town = walk_map(
        """
          a
        b-+-c
          d
        """,
        metres_per_cell=50,
    )
    # four arms of 50 m and 100 m: their ends, and the crossing once
    points = points_along_streets(town.network, town.graph(), 50.0, 1)

    assert (points.x_m == 100).sum() == 3
    assert len(points) == 7


def test_no_points_beside_steps_and_inner_lanes():
    town = walk_map(
        """
        a--b==c~~d
        """,
        metres_per_cell=50,
    )
    points = points_along_streets(town.network, town.graph(), 50.0, 1)

    # steps run from b (150 m) to c (300 m), the lane from there on; c itself is their end
    assert sorted(points.x_m.tolist()) == [0.0, 50.0, 100.0]


@pytest.mark.parametrize("spacing_m", [60.0, 100.0, 250.0])
def test_points_keep_their_distance(yima_pack, spacing_m):
    base = base_of(StudySpec(yima_pack), Watch(silent))
    points = points_along_streets(base.joined.network, base.joined.graph, spacing_m, 50)
    xy = np.c_[points.x_m, points.y_m]
    apart = np.hypot(*(xy[:400, None] - xy[None]).transpose(2, 0, 1))
    apart[np.arange(400), np.arange(400)] = np.inf

    assert apart.min() > TOO_CLOSE * spacing_m - 1e-6
    assert len(PREMISES_ROWS) == 6
