"""assessment.json: every value with its source, its parts and what would change it."""

import dataclasses
import json

from drawn_facts import drawn_facts, type_entry
from report_facts import make_facts
from yike.reports.assessment_json.build import SCHEMA, build_assessment, write_assessment_json


def indicator(assessment, code):
    return next(i for i in assessment["circles"][0]["indicators"] if i["code"] == code)


def test_file_is_json_without_nan_and_the_same_each_time(tmp_path):
    paths = [tmp_path / name for name in ("a.json", "b.json")]
    for path in paths:
        write_assessment_json(drawn_facts(), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert json.loads(paths[0].read_text("utf-8")) == build_assessment(drawn_facts())


def test_head_says_what_it_is_made_from():
    got = build_assessment(drawn_facts())
    assert got["schema"] == SCHEMA
    assert (got["pack"]["code"], got["pack"]["as_of"], got["pack"]["invented"]) == (
        "drawn",
        "2026-01-01",
        True,
    )
    assert got["pack"]["sources"][0]["licence"] == "ODbL-1.0"
    assert (got["rule_pack"]["code"], got["rule_pack"]["lineage"]) == (
        "mofcom-2023-401",
        ["mofcom-2021-247", "mofcom-2023-401"],
    )
    assert got["profile"]["speed_m_s"] == 1.0
    assert got["estimates"] == ["人口为测试所设。"]
    assert got["warnings"][0]["where"] == "places.csv 第 5 行 “经度”列"


def test_a_type_has_its_norm_with_clause_and_mark():
    kind = next(t for t in build_assessment(drawn_facts())["types"] if t["form_row"] == "B03")
    assert (kind["label"], kind["norm_s"], kind["share_required"]) == ("菜市场", 600.0, 0.8)
    assert kind["source"]["document"] == "mofcom-2021-247"
    assert (kind["share_source"]["mark_label"], kind["share_source"]["is_inferred"]) == ("推定", True)


def test_a_circle_says_of_each_type_who_reaches_it():
    got = type_entry(build_assessment(drawn_facts()), "food_market")
    assert (got["state"], got["state_label"], got["rank"] > 0) == ("gap", "缺口", True)
    assert got["people_within"] == {"300s": 10.0, "600s": 10.0, "900s": 100.0}
    assert (got["share_in_norm"], got["people_unserved"], got["person_minutes"]) == (0.1, 90.0, 200.0)
    assert got["unserved_by_band"] == {"60_over": 18.0}
    # 80 of 100 are asked, 10 reach one
    assert got["explanation"]["change"]["text"] == "再有 70 名居民在 10 分钟内可达即达标。"
    # 60 at 700 s, 30 at 800 s, 10 at 100 s
    assert (got["mean_nearest_s"], got["median_nearest_s"]) == (670.0, 700.0)
    assert got["options"][-1]["kind"] in {"add_outlet", "movable", "add_function"}


def test_a_type_nobody_reaches_has_no_time_rather_than_zero():
    got = type_entry(build_assessment(drawn_facts()), "laundry")
    assert (got["mean_nearest_s"], got["median_nearest_s"], got["share_in_norm"]) == (None, None, 0.0)


def test_an_indicator_has_parts_target_clause_and_date():
    got = indicator(build_assessment(drawn_facts()), "area_share")
    assert (got["value"], got["target"], got["is_met"], got["is_met_label"]) == (0.0999, 0.1, "no", "未达标")
    assert (got["numerator"], got["denominator"], got["as_of"]) == (99.9, 1000.0, "2026-01-01")
    assert got["source"]["clause"] == "七（二）"
    assert got["explanation"]["change"]["text"] == "再增加 0.1 平方米即达标。"


def test_an_unknown_indicator_is_null_with_a_word():
    got = indicator(build_assessment(drawn_facts()), "satisfaction_share")
    assert (got["value"], got["is_met"], got["is_met_label"]) == (None, "unknown", "未知")


def test_a_grade_names_its_gates():
    got = build_assessment(drawn_facts())["circles"][0]["grade"]
    assert (got["code"], got["label"], got["reasons"]) == ("unknown", "暂不能评定", ["official_level"])
    assert [g["outcome"] for g in got["gates"]] == ["unknown"] * 3


def test_a_rule_pack_without_grades_says_so():
    got = build_assessment(drawn_facts("mofcom-2021-247"))["circles"][0]["grade"]
    assert (got["code"], got["label"], got["gates"]) == ("unknown", "规则包没有分级", [])


def test_communities_are_told_apart():
    got = build_assessment(drawn_facts())
    shares = [type_entry(got, "convenience_store", "communities", i)["share_in_norm"] for i in (0, 1)]
    assert shares == [1.0, 0.0]
    assert [c["circle"] for c in got["communities"]] == ["k0", "k0"]
    assert type_entry(got, "convenience_store", "communities", 1)["state"] == "gap"
    assert got["communities"][1]["n_places_unattached"] == 1


def test_bundles_themes_saturation_layout_and_match_are_there():
    circle = build_assessment(drawn_facts())["circles"][0]
    bundle = next(b for b in circle["bundles"] if b["code"] == "shop_breakfast")
    assert (bundle["label"], [s["label"] for s in bundle["slots"]]) == ("一店一早", ["便利店", "早餐"])
    theme = next(t for t in circle["themes"] if t["code"] == "shopping")
    assert (theme["lead_unit"], theme["n_types"]) == ("商务局", 4)
    assert circle["saturation"][0]["flag_label"] == "不能比较"
    assert circle["layout"]["label"] == "网点太少，看不出"
    assert 0 < circle["match"]["value"] < 1


def test_equal_weights_are_labelled_as_an_estimate():
    facts = drawn_facts()
    coverage = dataclasses.replace(facts.circle_coverage, weights=("equal",))
    got = build_assessment(dataclasses.replace(facts, circle_coverage=coverage))["circles"][0]
    assert got["weights_label"] == "人数未知，各居住点等权（估算）"


def test_facts_without_extras_still_make_a_file():
    got = build_assessment(dataclasses.replace(make_facts(), extras={}))
    assert len(got["circles"]) == 4
    json.dumps(got, allow_nan=False)
