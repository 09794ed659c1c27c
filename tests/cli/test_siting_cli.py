"""``yike siting``: the commands of the issue, their exit codes and what people read."""

import json

import pytest

from siting_town import HOME_ROWS, OUTLET_ROWS, PREMISES_ROWS, siting_town
from small_packs import at, lonlat
from yike.cli.main import main


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return siting_town(tmp_path_factory.mktemp("town"))


def run(capsys, *args):
    with pytest.raises(SystemExit) as ended:
        main(["siting", *map(str, args)])
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def test_solve_prints_the_record_of_the_issue(capsys, town):
    code, out, _ = run(capsys, "solve", town, "--type", "B10", "--k", "3", "--cutoff-s", "270", "--json")
    record = json.loads(out)

    assert code == 0
    assert (record["type_code"], record["form_row"], record["label"]) == ("pharmacy", "B10", "药店")
    assert (record["objective"], record["bound"], record["gap"], record["status"]) == (140, 140, 0, "optimal")
    assert [(s["rank"], s["id"], s["people_gained"]) for s in record["sites"]] == [
        (1, "R3", 120),
        (2, "R1", 20),
    ]
    assert {
        "type_code", "form_row", "label", "model", "cutoff_s", "profile", "candidates", "rejected",
        "people_total", "people_not_reached", "objective", "bound", "gap", "status", "status_words",
        "stopped_by", "method", "seconds", "seed", "sites", "coverage_before", "coverage_after", "curve",
        "is_invented", "estimates", "notes",
    } <= set(record)  # fmt: skip
    assert {
        "rank", "id", "name", "kind", "lon", "lat", "area_m2", "people_gained", "share_of_unserved",
        "by_community", "mean_walk_s", "max_walk_s", "by_band", "clause", "source_row", "explanation",
    } <= set(record["sites"][0])  # fmt: skip


@pytest.mark.parametrize("word", ["B10", "pharmacy", "药店", "大药房"])
def test_a_type_may_be_named_by_row_code_label_or_alias(capsys, town, word):
    _, out, _ = run(capsys, "solve", town, "--type", word, "--cutoff-s", "270", "--json", "-q")

    assert json.loads(out)["type_code"] == "pharmacy"


def test_people_read_sentences_and_reasons(capsys, town):
    code, out, _ = run(capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", "-q", "--list-rejected")

    assert code == 0
    assert "已证明最优" in out
    assert "在“三号房”办药店" in out
    assert "× 六号房（R6）：现状为“已出租”，不是闲置。" in out


def test_an_answer_of_no_exits_with_1(capsys, town, tmp_path):
    code, out, _ = run(capsys, "solve", town, "--type", "药店", "--cutoff-s", "900", "-q", "--json")
    assert (code, json.loads(out)["answer"]) == (1, "no")
    none = siting_town(tmp_path, premises=PREMISES_ROWS[3:])
    code, out, _ = run(capsys, "solve", none, "--type", "药店", "--cutoff-s", "270", "-q")
    assert code == 1
    assert "没有可选的候选点" in out


@pytest.mark.parametrize(
    "args",
    [
        ["--type", "火箭"],
        ["--type", "药店", "--model", "best"],
        ["--type", "药店", "--kinds", "roof"],
        ["--type", "药店", "--weights", "voices"],
        ["--type", "药店", "--cutoff-s", "0"],
        [],
    ],
)
def test_wrong_input_exits_with_2_and_says_what_to_do(capsys, town, args):
    code, _, err = run(capsys, "solve", town, *args, "-q")

    assert code == 2
    assert err


def test_geojson_holds_sites_and_whom_they_serve(capsys, town, tmp_path):
    path = tmp_path / "sites.geojson"
    code, *_ = run(
        capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", "--k", "2", "-q", "--json",
        "--geojson", path,
    )  # fmt: skip
    features = json.loads(path.read_text("utf-8"))["features"]
    told = [(f["properties"].get("id") or f["properties"]["place_id"]) for f in features]

    assert code == 0
    assert told[0] == "R3"
    assert sorted(told) == ["B", "C", "D", "R1", "R3"]  # F is nobody's number: no weight


def test_several_types_are_solved_together(capsys, town):
    _, out, _ = run(
        capsys, "solve", town, "--type", "B10", "--type", "改衣", "--k", "1", "--cutoff-s", "270", "--json"
    )
    record = json.loads(out)

    assert record["model"] == "multi"
    assert [t["type_code"] for t in record["types"]] == ["pharmacy", "tailor"]
    assert record["objective"] == 160


def test_budget_is_in_ten_thousand_yuan(capsys, town):
    _, out, _ = run(
        capsys, "solve", town, "--type", "B10", "--cutoff-s", "270", "--model", "budget", "--budget", "6",
        "--json",
    )  # fmt: skip

    assert [s["id"] for s in json.loads(out)["sites"]] == ["R3"]


def test_curve_tells_each_number_of_sites(capsys, town):
    code, out, _ = run(capsys, "curve", town, "--type", "药店", "--cutoff-s", "270", "--k-max", "5", "-q")

    assert code == 0
    assert "1 处　新增 120 人　占未覆盖 85.7%　已证明最优" in out
    assert "2 处　新增 140 人　占未覆盖 100.0%　已证明最优" in out


def test_check_accepts_a_good_site_and_warns(capsys, town):
    lon, lat = lonlat(300, 400)
    code, out, _ = run(
        capsys, "check", town, "--lon", lon, "--lat", lat, "--type", "药店", "--area-m2", "20",
        "--cutoff-s", "275", "--json",
    )  # fmt: skip
    record = json.loads(out)

    # D lies three crossings off: 270 s and the millimetres by which degrees are rounded
    assert (code, record["answer"], record["refused"]) == (0, "yes", [])
    assert record["people_gained"] == 120
    assert [w["code"] for w in record["warnings"]] == ["site.warn.area"]


@pytest.mark.parametrize(
    ("xy", "code"), [((3000, 0), "site.reject.not_attached"), ((0, 0), "site.warn.beyond_norm")]
)
def test_check_refuses_a_site_that_helps_nobody(capsys, town, xy, code):
    lon, lat = lonlat(*xy)
    exit_code, out, _ = run(
        capsys, "check", town, "--lon", lon, "--lat", lat, "--type", "药店", "--cutoff-s", "180", "--json"
    )
    record = json.loads(out)

    assert (exit_code, record["answer"]) == (1, "no")
    assert [r["code"] for r in record["refused"]] == [code]


@pytest.mark.parametrize("number", ["nan", "inf", "-1", "0"])
@pytest.mark.parametrize("option", ["--budget", "--capacity", "--cutoff-s", "--time-limit-s"])
def test_numbers_that_are_none_are_refused(capsys, town, option, number):
    model = "capacitated" if option == "--capacity" else "budget"
    code, _, err = run(capsys, "solve", town, "--type", "药店", "--model", model, option, number, "-q")

    assert code == 2
    assert option in err


@pytest.mark.parametrize("lon", ["nan", "inf", "200"])
def test_check_refuses_places_that_are_nowhere(capsys, town, lon):
    code, _, err = run(capsys, "check", town, "--lon", lon, "--lat", "39.9", "--type", "药店", "-q")

    assert (code, "--lon" in err) == (2, True)


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["--budget", "5"], "--budget"),
        (["--capacity", "5"], "--capacity"),
        (["--model", "lscp", "--k", "2"], "--k"),
        (["--model", "budget", "--budget", "9", "--k", "2"], "--k"),
        (["--model", "p_median", "--near"], "--near"),
        (["--types-per-site", "2"], "--types-per-site"),
        (["--spacing-m", "50"], "--spacing-m"),
        (["--kinds", "outlet", "--space", "车棚"], "--space"),
        (["--type", "维修点", "--near"], "--near"),
        (["--kinds", ""], "--kinds"),
    ],
)
def test_options_that_would_be_passed_over_are_refused(capsys, town, args, named):
    code, _, err = run(capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", *args, "-q")

    assert code == 2
    assert named in err


def test_a_curve_has_no_nearness(capsys, town):
    code, _, err = run(capsys, "curve", town, "--type", "药店", "--near", "-q")

    assert (code, "--near" in err) == (2, True)


def test_kinds_may_be_divided_by_any_mark(capsys, town):
    _, out, _ = run(
        capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", "--kinds", "premises、street_point",
        "--json",
    )  # fmt: skip

    assert json.loads(out)["kinds"] == ["premises", "street_point"]


def test_a_site_of_limited_capacity_says_whom_it_can_serve(capsys, town):
    _, out, _ = run(
        capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", "--k", "3", "--model", "capacitated",
        "--capacity", "30", "--json",
    )  # fmt: skip
    record = json.loads(out)
    gained = [s["people_gained"] for s in record["sites"]]

    # 140 people lack a pharmacy; three rooms of 30 serve 90 of them
    assert (record["objective"], record["people_gained"], sum(gained)) == (90, 90, 90)
    for site in record["sites"]:
        assert site["people_in_reach"] >= site["people_gained"] > 0
        assert f"按容量新增服务约 {site['people_gained']:g} 名居民" in site["explanation"]


def test_sites_that_gain_nobody_are_not_proposed(capsys, town):
    _, out, _ = run(
        capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", "--model", "equity", "--json"
    )
    sites = json.loads(out)["sites"]

    assert len(sites) == 2
    assert all(s["people_gained"] > 0 for s in sites)


def test_unknown_homes_are_not_called_reached(capsys, tmp_path):
    # A stands beside the pharmacy; nobody knows how many live in F, 360 s off
    town = siting_town(tmp_path, homes=(HOME_ROWS[0], HOME_ROWS[5]))
    _, out, _ = run(capsys, "solve", town, "--type", "药店", "--cutoff-s", "100", "-q")

    assert "人数已知、接入步行路网的居民都已在时限内可达药店；另有 1 处居住点" in out


def test_homes_off_every_street_are_not_called_reached(capsys, tmp_path):
    town = siting_town(tmp_path, homes=(HOME_ROWS[4],))
    code, out, _ = run(capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", "-q")

    assert code == 1
    assert "说不清谁够不着药店" in out


def test_coverage_that_nobody_knows_is_not_shown_as_nought(capsys, tmp_path):
    # A mender who does not say what he mends stands at C; nobody is known to mend shoes.
    town = siting_town(tmp_path, outlets=(OUTLET_ROWS[0], f"W9,便民维修,维修点,{at(400, 400)},营业"))
    args = ("solve", town, "--type", "修鞋", "--cutoff-s", "270", "-q")
    _, out, _ = run(capsys, *args)
    record = json.loads(run(capsys, *args, "--json")[1])

    assert "覆盖由未知提高到至少" in out
    assert "另有 1 家“维修点”没有写明做不做修鞋，没有算作已有网点。" in out
    assert record["coverage_before"] is None
    assert record["coverage_after"] > 0


def test_homes_of_unknown_people_off_the_streets_are_not_nobody(capsys, tmp_path):
    town = siting_town(tmp_path, homes=(*HOME_ROWS[:4], HOME_ROWS[4].rsplit(",", 1)[0] + ","))
    _, out, _ = run(capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", "-q")

    assert "1 处居住点未接入步行路网，不计入（人数未知）。" in out


def test_a_room_let_only_for_something_nobody_knows_is_not_a_room_for_anything(capsys, tmp_path):
    town = siting_town(tmp_path, premises=(f"R1,一号房,闲置用房,60,{at(400, 100)},闲置,火箭发射,3",))
    code, out, _ = run(capsys, "solve", town, "--type", "药店", "--cutoff-s", "270", "-q", "--list-rejected")

    assert code == 1
    assert "× 一号房（R1）：产权方只允许做火箭发射，不含药店。" in out


@pytest.mark.parametrize("cost", ["1e300", "-3", "三", "inf"])
def test_costs_that_are_no_money_are_faults_of_the_list(capsys, tmp_path, cost):
    town = siting_town(tmp_path, premises=(f"R1,一号房,闲置用房,60,{at(400, 100)},闲置,不限,{cost}",))
    code, _, err = run(capsys, "solve", town, "--type", "药店", "-q")

    assert code == 2
    assert f"premises.csv 第 2 行 “改造费用（万元）”列：费用“{cost}”不是有效的金额" in err
