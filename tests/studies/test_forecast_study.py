"""Building years of the made-up 义马 against the targets of 天水, 义马 and 洪江."""

from dataclasses import replace

import numpy as np
import pytest

from yike.core.tables import Communities
from yike.standards.loader import load_rule_pack
from yike.studies.forecast import forecast_of
from yike.studies.pipeline import assess_base, base_of
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch

# 22 circles: seven in 2023, nine in 2024, five in 2025, one nobody wrote down
YEARS = np.array([2023] * 7 + [2024] * 9 + [2025] * 5 + [-1], np.int32)


@pytest.fixture(scope="module")
def facts(yima_pack):
    watch = Watch(silent)
    return assess_base(base_of(StudySpec(yima_pack, with_isochrones=False), watch), watch).facts


def planned(facts, years, rules="tianshui-2023-54"):
    circles = replace(facts.circles, build_year=np.asarray(years, np.int32))
    return forecast_of(replace(facts, circles=circles, rules=load_rule_pack(rules)))


def by_hand(facts, year):
    """Communities and residents in circles built by a year: for certain."""
    built = np.append((YEARS >= 0) & (year >= YEARS), False)[facts.communities.circle_idx]
    return int(built.sum()), float(facts.communities.people[built].sum())


def test_each_year_adds_its_circles_and_an_unknown_year_makes_a_range(facts):
    record = planned(facts, YEARS)

    assert [(y["year"], y["circles_new"]) for y in record["years"]] == [
        (2023, 7), (2024, 9), (2025, 5), (2026, 0),
    ]  # fmt: skip
    for row in record["years"]:
        assert (row["communities"], row["residents"]) == by_hand(facts, row["year"])
        alone = int((facts.communities.circle_idx == 21).sum())
        assert row["communities_at_most"] == row["communities"] + alone
        assert row["communities_share"] is None  # a range, no number
    assert record["circles"][-1]["build_year"] is None
    assert any("1个生活圈没写建设年限" in note for note in record["notes"])


def test_the_double_condition_of_2023_is_judged_together(facts):
    years = np.where(YEARS < 0, 2025, YEARS)
    record = planned(facts, years)
    communities, residents = record["targets"][:2]
    (both,) = record["together"]

    n, people = by_hand(facts, 2023)
    assert communities["code"] == "communities_2023"
    assert communities["planned"] == pytest.approx(n / 35, abs=1e-6)
    assert communities["is_met"] == "yes"
    assert residents["planned"] == pytest.approx(people / record["residents"], abs=1e-6)
    assert residents["is_met"] == "no"
    assert residents["shortfall_count"] == np.ceil(record["residents"] / 2 - people)
    assert both["is_met"] == "no"
    assert both["communities_needed"] == 11  # 30 % of 35 is 10.5
    biggest = np.sort(facts.communities.people)[::-1]
    assert both["residents_share_of_largest"] == pytest.approx(biggest[:11].sum() / biggest.sum(), abs=1e-6)
    few = both["fewest_communities_for_residents"]
    assert biggest[:few].sum() >= biggest.sum() / 2 > biggest[: few - 1].sum()


def test_the_second_stage_has_two_readings_and_both_fall_short(facts):
    two = planned(facts, YEARS)["stage_two"]

    assert (two["of_rest"], two["of_all"], two["wanted"]) == (0.51, 0.6, 0.7)
    assert (two["shortfall_of_rest"], two["shortfall_of_all"]) == (0.19, 0.1)
    # of 35: 70 % are 25 (24.5), 51 % are 18 (17.85), 60 % are 21
    assert (two["communities_short_of_rest"], two["communities_short_of_all"]) == (7, 4)
    assert two["share_of_rest_needed"] == pytest.approx(4 / 7, abs=1e-6)


def test_targets_with_a_level_tell_the_plan_and_today_apart(facts):
    record = planned(facts, np.full(22, 2025), "yima-2023-9")
    pilots, basic, improved = record["targets"]

    assert (pilots["planned"], pilots["shortfall"], pilots["is_met"]) == (0, 6, "no")
    assert (improved["wanted"], basic["wanted"]) == (0.6, 0.9)
    assert (basic["planned"], basic["today"]) == (1.0, [0.0, 1.0])  # satisfaction is unknown: no grade yet
    assert "还须都评到" in basic["shortfall_words"]
    assert record["stage_two"] is None
    assert record["together"] == []


def test_hongjiang_counts_circles_of_each_level(facts):
    targets = {t["code"]: t for t in planned(facts, YEARS, "hongjiang-2024-8")["targets"]}

    assert [
        targets[f"circles_{level}_2025"]["planned_range"] for level in ("basic", "improved", "quality")
    ] == [[21.0, 22.0]] * 3


def test_the_year_of_the_data_agrees_with_the_city_indicator(yima_pack):
    watch = Watch(silent)
    spec = StudySpec(yima_pack, rule_pack="tianshui-2023-54", with_isochrones=False)
    facts = assess_base(base_of(spec, watch), watch).facts
    city = {row["code"]: row["value"] for row in facts.extras["city"]}
    row = next(y for y in forecast_of(facts)["years"] if y["year"] == 2026)

    assert facts.provenance.as_of.startswith("2026")
    assert city["community_coverage_share"] == row["communities_share"] == 1.0
    assert city["resident_coverage_share"] == row["residents_share"] == 1.0


def test_without_communities_their_share_is_unknown(facts):
    nothing = np.empty(0)
    none = Communities((), (), (), (), *(nothing,) * 5, (), np.empty(0, np.int32), "none")
    record = planned(replace(facts, communities=none), YEARS)

    assert record["communities"] is None
    assert record["years"][0]["communities"] is None
    assert record["targets"][0]["is_met"] == "unknown"
    assert record["years"][0]["residents"] > 0  # from the homes
