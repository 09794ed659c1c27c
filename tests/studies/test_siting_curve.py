"""Recommended sites of a run: worked out by hand on one street, honest where nothing can be said."""

import json

import numpy as np
import pytest

from siting_street import HOMES, ROOMS, write_street
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import MaxCover
from yike.core.siting.reach import Reach
from yike.core.siting.solve import solve
from yike.reports.siting_lines import added, lines_of, proof_words
from yike.studies.outputs import run_and_write
from yike.studies.pipeline import run_study
from yike.studies.study import StudySpec

SPEED = 4.0 / 3.6


def sited(folder, **spec):
    facts = run_study(StudySpec(folder, with_siting=True, with_isochrones=False, **spec)).facts
    return facts, facts.extras["siting"]


def of_type(siting, code):
    return next(t for t in siting["types"] if t["type_code"] == code)


def ids(one, plan):
    return [one["sites"][row]["id"] for row in plan["sites"]]


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    return sited(write_street(tmp_path_factory.mktemp("street") / "pack"))


def test_sites_of_one_street_as_worked_out_by_hand(street):
    # r17 reaches B (3 nodes) and C (3), not D (13): 500. Then r35 takes D (5) and E (5): 450.
    # r27 would take C (7 nodes, 595 m) and D (3): 350. r4 takes A alone, who has a store already.
    one = of_type(street[1], "convenience_store")
    assert one["cutoff_s"] == 600.0
    assert (one["not_reached"], one["homes_not_reached"]) == (950.0, 4)
    assert [ids(one, p) for p in one["plans"]] == [["r17"], ["r17", "r35"]]
    assert [p["gained"] for p in one["plans"]] == [[500.0], [500.0, 450.0]]
    assert [p["people"] for p in one["plans"]] == [500.0, 950.0]
    assert [p["share"] for p in one["plans"]] == [500 / 950, 1.0]
    assert {p["status"] for p in one["plans"]} == {"optimal"}


def test_type_that_nobody_offers_counts_every_home(street):
    # No pharmacy at all: A (100) is served by r4, two nodes away, after the other two.
    one = of_type(street[1], "pharmacy")
    assert one["not_reached"] == 1050.0
    assert ids(one, one["plans"][-1]) == ["r17", "r35", "r4"]
    assert one["plans"][-1]["gained"] == [500.0, 450.0, 100.0]


def test_money_adds_up_where_every_site_has_a_cost(street, tmp_path):
    one = of_type(street[1], "pharmacy")
    assert [p["cost_fen"] for p in one["plans"]] == [5_000_000, 9_000_000, 12_000_000]
    assert one["has_costs"]

    rooms = [(i, k, "" if i == "r35" else c) for i, k, c in ROOMS]
    other = of_type(sited(write_street(tmp_path / "pack", rooms=rooms))[1], "pharmacy")
    assert [p["cost_fen"] for p in other["plans"]] == [5_000_000, None, None]
    assert not other["has_costs"]


def test_lines_tell_who_is_newly_served_in_which_time(street):
    facts, siting = street
    one = of_type(siting, "convenience_store")
    first, second = lines_of(facts, one, one["plans"][1])

    names = [facts.places.name[i] for i in first.homes]
    assert names == ["C楼", "B楼"]  # most people first
    assert first.after_s == pytest.approx([(3 * 85 + 15) / SPEED] * 2, abs=1)  # whole seconds, upwards
    assert first.before_s == pytest.approx([(20 * 85 + 15) / SPEED, (14 * 85 + 15) / SPEED], abs=0.1)
    assert first.mean_walk_s == pytest.approx((3 * 85 + 15) / SPEED, abs=1)
    assert (second.order, second.people_gained) == (2, 450.0)
    assert second.mean_walk_s == pytest.approx((5 * 85 + 15) / SPEED, abs=1)
    assert proof_words(one["plans"][1]) == "已证明最优"
    assert added(one["plans"], 1) == one["plans"][1]["sites"][1]


def test_curve_equals_the_solver_at_each_number_of_sites(street):
    for one in street[1]["types"]:
        weight = np.array([n for _, _, n in HOMES], float)
        sites = one["sites"]
        ptr = np.cumsum([0, *(len(s["place_idx"]) for s in sites)])
        reach = Reach(
            ptr,
            np.concatenate([s["place_idx"] for s in sites]).astype(np.int32),
            np.concatenate([s["walk_s"] for s in sites]).astype(np.float32),
            len(HOMES),
            600.0,
        )
        for plan in one["plans"]:
            best = solve(MaxCover(reach, weight, 600.0, plan["k"]), SolveOptions())
            assert plan["people"] == best.objective == plan["bound"]


def test_streets_give_points_where_no_room_is_known(tmp_path):
    _, siting = sited(write_street(tmp_path / "pack", rooms=()))
    one = of_type(siting, "convenience_store")

    assert one["kind"] == "street_point"
    assert one["spacing_m"] == siting["limits"]["spacing_m"]
    assert {s["kind"] for s in one["sites"]} == {"street_point"}
    assert {s["cost_fen"] for s in one["sites"]} == {None}
    # C, B and D lie within 16 nodes: one point between takes at most two of B, C, D or D, E.
    assert one["plans"][0]["people"] == 500.0
    assert one["plans"][-1]["people"] == 950.0


def test_rooms_that_nobody_needs_give_way_to_the_streets(tmp_path):
    _, siting = sited(write_street(tmp_path / "pack", rooms=[("r0", 58, "")]))
    assert of_type(siting, "convenience_store")["kind"] == "street_point"


def test_nothing_is_sited_where_nobody_looked_for_outlets(tmp_path):
    _, siting = sited(write_street(tmp_path / "pack", with_outlets=False))
    assert (siting["types"], siting["left_out"], siting["reason"]) == ([], [], "not_surveyed")


def test_homes_count_alike_where_nobody_knows_the_people(tmp_path):
    homes = [(i, k, "") for i, k, _ in HOMES]
    facts, siting = sited(write_street(tmp_path / "pack", homes=homes))
    assert siting["weights"] == "equal"
    assert siting["is_estimate"]
    one = of_type(siting, "convenience_store")
    assert [p["people"] for p in one["plans"]] == [2.0, 4.0]  # B and C, D and E
    assert sum(line.people_gained for line in lines_of(facts, one, one["plans"][-1])) == 4.0


def test_run_without_siting_says_nothing_of_it(tmp_path):
    facts = run_study(StudySpec(write_street(tmp_path / "pack"), with_isochrones=False)).facts
    assert "siting" not in facts.extras


def test_written_file_says_the_same_twice_and_with_one_thread(tmp_path):
    folder = write_street(tmp_path / "pack")
    run_and_write(StudySpec(folder), tmp_path / "a", kinds=("siting",))
    run_and_write(StudySpec(folder, n_threads=1), tmp_path / "b", kinds=("siting",))
    first = (tmp_path / "a" / "siting.json").read_bytes()
    assert first == (tmp_path / "b" / "siting.json").read_bytes()

    told = json.loads(first)
    one = next(t for t in told["types"] if t["type_code"] == "convenience_store")
    assert [c["people"] for c in one["curve"]] == [500.0, 950.0]
    assert one["curve"][1]["status_label"] == "已证明最优"
    homes = one["curve"][0]["sites"][0]["homes"]
    assert [(h["name"], h["people"], h["after_s"]) for h in homes] == [
        ("C楼", 300.0, 244),
        ("B楼", 200.0, 244),
    ]
    assert told["pack"]["invented"] is True


def test_curve_rises_below_its_bound_on_a_made_up_city(yima_pack):
    facts, siting = sited(yima_pack)  # 66 rooms: more than are tried one by one
    assert siting["types"]
    for one in siting["types"]:
        people = [p["people"] for p in one["plans"]]
        assert people == sorted(people)
        assert all(p["bound"] >= p["people"] for p in one["plans"])
        assert people[-1] <= one["not_reached"] * (1 + 1e-9)
        for plan in one["plans"]:
            told = [line.people_gained for line in lines_of(facts, one, plan)]
            assert told == pytest.approx(plan["gained"])
