"""Siting studies on a town worked out by hand."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from siting_town import HOME_ROWS, OUTLET_ROWS, PREMISES_ROWS, siting_town
from small_packs import at
from yike.errors import InputError
from yike.studies.pipeline import base_of
from yike.studies.siting import SitingSpec, demand_of, site
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch

MODELS = ("mclp", "lscp", "p_median", "p_center", "capacitated", "budget", "equity")


def base_in(folder, **changes):
    return base_of(StudySpec(siting_town(folder, **changes)), Watch(silent))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return base_in(tmp_path_factory.mktemp("town"))


def ids(record):
    return [s["id"] for s in record["sites"]]


@pytest.mark.parametrize(
    ("k", "cutoff_s", "chosen", "people"),
    [
        (1, 270, ["R3"], 120),  # D is three crossings from R3, exactly 270 s: 40 + 80
        (1, 269.9, ["R2"], 80),
        (2, 270, ["R3", "R1"], 140),  # C counts once
        (2, 269.9, ["R2", "R3"], 120),
        (3, 270, ["R3", "R1"], 140),  # a third one would add nobody, and is not recommended
    ],
)
def test_mclp_covers_most_people_not_yet_reached(town, k, cutoff_s, chosen, people):
    record = site(town, SitingSpec("pharmacy", k=k, cutoff_s=cutoff_s)).record

    assert ids(record) == chosen
    assert record["objective"] == record["bound"] == record["people_gained"] == people
    assert (record["status"], record["gap"], record["status_words"]) == ("optimal", 0.0, "已证明最优")
    assert sum(s["people_gained"] for s in record["sites"]) == people


def test_demand_counts_attached_people_whom_no_open_outlet_reaches(town):
    demand = demand_of(town, "pharmacy", 270.0)

    # A has the open pharmacy; E is not attached; nobody knows F's number; closed shops at C do not count
    assert demand.weight.tolist() == [0, 20, 40, 80, 0, 0]
    assert (demand.people_not_reached, demand.people_total) == (140, 1150)
    assert any("1 处居住点人数未知" in n for n in demand.notes)
    assert any("1 处居住点未接入" in n for n in demand.notes)


def test_demand_includes_a_walk_of_exactly_the_cutoff(town):
    assert demand_of(town, "pharmacy", 360.0).weight.tolist() == [0, 0, 40, 0, 0, 0]
    assert demand_of(town, "pharmacy", 359.9).weight.tolist() == [0, 20, 40, 80, 0, 0]


def test_an_outlet_of_a_sub_type_serves_the_type_above_it(town):
    # the shoe repairer at B is a repair point: C is 360 s from it, A 360 s
    assert demand_of(town, "repair", 270.0).weight.tolist() == [10, 0, 40, 80, 0, 0]
    assert demand_of(town, "shoe_repair", 270.0).weight.tolist() == [10, 0, 40, 80, 0, 0]
    assert demand_of(town, "tailor", 270.0).weight.tolist() == [10, 20, 40, 80, 0, 0]


def test_places_count_alike_where_nobody_is_counted(tmp_path):
    homes = tuple(",".join((*row.split(",")[:3], "")) for row in HOME_ROWS)
    record = site(base_in(tmp_path, homes=homes), SitingSpec("pharmacy", k=1, cutoff_s=270)).record

    assert (record["unit"], record["is_estimate"]) == ("places", True)
    assert record["objective"] == 3  # C, D, F from R3
    assert "3 处居住点" in record["sites"][0]["explanation"]
    assert any("估算" in n for n in record["notes"])


def test_rejected_premises_say_why(town):
    record = site(town, SitingSpec("pharmacy", k=1, cutoff_s=270)).record

    assert record["candidates"] == 3
    assert {r["candidate_id"]: r["code"] for r in record["rejected"]} == {
        "R4": "site.reject.not_attached",
        "R5": "site.reject.type",
        "R6": "site.reject.state",
    }
    why = {r["candidate_id"]: r["reason"] for r in record["rejected"]}
    assert "4,600 米" in why["R4"]  # the last crossing is at 400 m
    assert "便利店" in why["R5"]
    assert "已出租" in why["R6"]


def test_a_site_tells_whom_it_serves_after_what_walk_by_which_clause(town):
    first, second = site(town, SitingSpec("pharmacy", k=2, cutoff_s=270)).record["sites"]

    assert (first["rank"], first["name"], first["area_m2"], first["cost_fen"]) == (1, "三号房", 20, 4_000_000)
    assert first["share_of_unserved"] == pytest.approx(120 / 140, abs=1e-6)
    assert first["mean_walk_s"] == pytest.approx((40 * 90 + 80 * 270) / 120, abs=0.01)
    assert first["max_walk_s"] == pytest.approx(270, abs=0.01)
    assert "约 120 名居民" in first["explanation"]
    assert "4.5 分钟" in first["explanation"]
    assert "依据" in first["explanation"]
    assert {w["code"] for w in first["warnings"]} == {"site.warn.area", "site.warn.kind"}
    assert (second["people_gained"], second["source_row"]) == (20, 2)


def test_coverage_before_and_after_is_of_attached_people(town):
    record = site(town, SitingSpec("pharmacy", k=1, cutoff_s=270)).record

    assert record["people_attached"] == 150
    assert record["coverage_before"] == pytest.approx(10 / 150, abs=1e-6)
    assert record["coverage_after"] == pytest.approx(130 / 150, abs=1e-6)


def test_the_curve_is_that_of_the_plans(town):
    curve = site(town, SitingSpec("pharmacy", k=2, cutoff_s=270)).record["curve"]

    assert [(p["k"], p["people"], p["bound"]) for p in curve] == [(1, 120, 120), (2, 140, 140)]


def test_the_curve_equals_the_best_plan_of_each_number_where_one_more_site_moves_the_others(tmp_path):
    homes = tuple(f"H{x},{at(x, 0)},{n}" for x, n in ((0, 10), (100, 20), (300, 20), (400, 10)))
    rooms = tuple(f"R{x},房,闲置用房,60,{at(x, 0)},闲置,不限,3" for x in (100, 200, 400))
    base = base_in(tmp_path, homes=homes, premises=rooms, outlets=(f"W1,远,药店,{at(9000, 9000)},营业",))

    curve = site(base, SitingSpec("pharmacy", k=1, cutoff_s=100)).record["curve"]

    # one room: the middle one, 20 + 20; two: the outer ones, 30 + 30, not the middle and 10 more
    assert [(p["k"], p["people"], p["bound"]) for p in curve] == [(1, 40, 40), (2, 60, 60)]


def test_nobody_left_to_reach_is_an_answer_of_no(town):
    record = site(town, SitingSpec("pharmacy", cutoff_s=900)).record

    assert (record["answer"], record["sites"], record["objective"]) == ("no", [], 0)
    assert "另有 1 处居住点人数未知或未接入路网，不能断定" in record["reason"]  # E lies far from any street


def test_no_candidate_left_is_an_answer_of_no(tmp_path):
    record = site(base_in(tmp_path, premises=PREMISES_ROWS[3:]), SitingSpec("pharmacy", cutoff_s=270)).record

    assert record["answer"] == "no"
    assert len(record["rejected"]) == 3
    assert "没有可选的候选点" in record["reason"]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_answers_and_proves_it(town, model):
    spec = SitingSpec("pharmacy", k=2, cutoff_s=270, model=model, budget_fen=10_000_000, capacity=100.0)
    record = site(town, spec).record

    assert record["status"] == "optimal"
    assert record["objective"] == pytest.approx(record["bound"])
    json.dumps(record, allow_nan=False)
    # by hand; the walks to what stands are A 0, B 360, C 720, D 360 s
    wanted = {
        "mclp": 140,
        "lscp": 2,  # R3 for C and D, R1 for B
        # R1 and R2: B 90, C 270, D 0; R1 and R3: B 90, C 90, D 270; R2 and R3: B 360, C 90, D 0
        "p_median": 10 * 0 + 20 * 360 + 40 * 90 + 80 * 0,
        "p_center": 270,
        "capacitated": 140,  # R3 takes 100 of D and C, R1 the other 20 of C and B: 100 + 40
        "budget": 140,  # R3 4 and R1 3 of 10 万元
        "equity": record["objective"],
    }
    assert record["objective"] == pytest.approx(wanted[model], rel=1e-6)
    told = {
        "mclp": "新增覆盖 140 人",
        "lscp": "最少 2 处",
        "p_median": "平均步行 1.2 分钟（走不到的按 30 分钟计）",  # 10,800 s over 150 people
        "p_center": "够得着的未覆盖居民最远步行 4.5 分钟",
        "capacitated": "新增覆盖 140 人",
        "budget": "新增覆盖 140 人",
        "equity": "覆盖最低的社区达到 100.0%",
    }
    assert record["objective_words"] == told[model]


def test_budget_holds(town):
    record = site(town, SitingSpec("pharmacy", cutoff_s=270, model="budget", budget_fen=6_000_000)).record

    # 6 万元: R3 for 4 brings 120; R1 (3) and R2 (5) do not fit together
    assert (ids(record), record["objective"]) == (["R3"], 120)


def test_a_budget_too_small_for_any_site_is_told(town):
    record = site(town, SitingSpec("pharmacy", cutoff_s=270, model="budget", budget_fen=2_999_999)).record

    assert (record["answer"], record["sites"]) == ("no", [])
    assert "万元不够" in record["reason"]
    assert "--kinds outlet" in record["cure"]


def test_several_types_may_share_premises(town):
    record = site(town, SitingSpec("pharmacy", k=1, cutoff_s=270, type_codes=("pharmacy", "tailor"))).record

    # R3 reaches more (C and D, 120), but its 20 m2 hold one type; R2 has room for both: D 80 twice
    assert {(s["id"], s["type_code"]) for s in record["sites"]} == {("R2", "pharmacy"), ("R2", "tailor")}
    assert record["objective"] == 160
    assert record["model"] == "multi"


def test_the_rule_packs_norm_is_the_cutoff_where_none_is_asked(town):
    record = site(town, SitingSpec("pharmacy", k=1)).record

    assert record["cutoff_s"] == 600
    assert "指定值" not in record["sites"][0]["clause"]


def test_renumbering_premises_changes_no_gain(town, tmp_path):
    turned = base_in(tmp_path, premises=PREMISES_ROWS[::-1])
    one, other = (site(b, SitingSpec("pharmacy", k=2, cutoff_s=270)).record for b in (town, turned))

    assert ids(one) == ids(other)
    assert one["objective"] == other["objective"]


def test_opening_an_outlet_there_gains_what_the_plan_says(town, tmp_path):
    outcome = site(town, SitingSpec("pharmacy", k=2, cutoff_s=270))
    spots = {"R1": at(400, 100), "R3": at(300, 400)}
    opened = tuple(f"N{i},新药房,药店,{spots[i]},营业" for i in ids(outcome.record))
    after = demand_of(base_in(tmp_path, outlets=OUTLET_ROWS + opened), "pharmacy", 270.0)

    before = outcome.record["people_not_reached"]
    assert before - after.people_not_reached == outcome.record["objective"]


def test_the_planners_overlay_is_walked(town, tmp_path):
    # between R3 and C the street is closed: C is 90 s away before, three crossings round after
    overlay = f'[[close]]\nname = "施工"\npoint = [{at(350, 400)}]\n'
    section = '[overlay]\nfile = "overlay.toml"\ndatum = "wgs84"\n'
    closed = base_in(tmp_path, more=section, **{"overlay.toml": overlay})
    spec = SitingSpec("pharmacy", k=3, cutoff_s=180)
    before, after = site(town, spec).record, site(closed, spec).record

    # R2 has D 80, R1 has B 20, R3 has C 40
    assert (before["objective"], sorted(ids(before))) == (140, ["R1", "R2", "R3"])
    assert (after["objective"], sorted(ids(after))) == (100, ["R1", "R2"])


def test_nearness_gives_up_no_more_than_its_share(tmp_path):
    clinic = (f"W9,卫生站,卫生服务站,{at(400, 100)},营业",)
    homes = (f"X,{at(400, 200)},100", f"Y,{at(200, 400)},2")
    base = base_in(tmp_path, outlets=OUTLET_ROWS + clinic, homes=homes)
    plain = site(base, SitingSpec("pharmacy", k=1, cutoff_s=270)).record
    near = site(base, SitingSpec("pharmacy", k=1, cutoff_s=270, near=True)).record

    # R3 reaches X (3 crossings) and Y (1); R1 stands beside the clinic and reaches X alone: 2 of 102 given up
    assert (ids(plain), plain["objective"]) == (["R3"], 102)
    assert (ids(near), near["objective"], near["bound"]) == (["R1"], 100, 102)
    assert near["status"] == "bounded"
    assert near["sites"][0]["near_score"] == 1.0


def test_voices_weigh_those_who_are_not_reached(town, tmp_path):
    area = town.joined.circles.name[0]
    table = tmp_path / "needs.csv"
    table.write_text(f"生活圈,业态,票数\n{area},药店,70\n{area},便利店,500\n", "utf-8")
    record = site(town, SitingSpec("pharmacy", k=1, cutoff_s=270, weights="voices", needs=table)).record

    # 70 voices over B 20, C 40, D 80: half a voice each
    assert (record["unit"], record["objective"]) == ("voices", 60)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("生活圈,业态\n甲,药店\n", "site.needs.columns"),
        ("生活圈,业态,票数\n没有的圈,药店,很多\n", "site.needs.faults"),
        ("生活圈,业态,票数\n小片区,便利店,3\n", "site.needs.none"),
    ],
)
def test_a_wrong_list_of_needs_is_told(town, tmp_path, text, code):
    table = tmp_path / "needs.csv"
    table.write_text(text, "utf-8")

    with pytest.raises(InputError) as wrong:
        site(town, SitingSpec("pharmacy", cutoff_s=270, weights="voices", needs=table))
    assert wrong.value.code == code
    assert wrong.value.hint


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"model": "best"}, "site.model.unknown"),
        ({"k": 0}, "site.k"),
        ({"cutoff_s": 9000}, "site.cutoff"),
        ({"spacing_m": 1}, "site.spacing"),
        ({"kinds": ("roof",)}, "site.kind.unknown"),
        ({"weights": "giants"}, "site.weights.unknown"),
        ({"weights": "60+"}, "site.weights.no_band"),
        ({"weights": "voices"}, "site.needs.missing"),
        ({"circle_ids": ("月球",)}, "site.circle.unknown"),
        ({"model": "budget"}, "site.model.missing"),
        ({"model": "p_median", "type_codes": ("pharmacy", "repair")}, "site.model.one_type"),
        ({"model": "capacitated"}, "site.capacity"),
    ],
)
def test_what_cannot_be_asked_is_told(town, changes, code):
    with pytest.raises(InputError) as wrong:
        site(town, replace(SitingSpec("pharmacy", cutoff_s=270), **changes))
    assert wrong.value.code == code
    assert wrong.value.hint


def test_the_same_question_gives_the_same_record(town):
    spec = SitingSpec("pharmacy", k=2, cutoff_s=270, kinds=("premises", "street_point"))
    one, other = (site(town, spec).record | {"seconds": 0} for _ in range(2))

    assert one == other
    assert all(math.isfinite(s["people_gained"]) for s in one["sites"])
    assert np.all(np.diff([s["rank"] for s in one["sites"]]) == 1)
