"""Why a number is what it is, and what would change it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle_tables import make_access, make_communities, make_context, make_outlets, make_places, make_policy
from yike.core.circle.coverage import area_coverage
from yike.core.circle.explain import explain_indicator, explain_presence, people_needed
from yike.core.circle.measures import EXTERNAL, MEASURES, compute_measure
from yike.core.circle.rules import Indicator
from yike.errors import has_text


def explain(rule, context):
    values = compute_measure(rule.measure, rule.code, context, rule.params)
    return explain_indicator(rule, values, context, 0)


def presence(seconds, people, share=0.8):
    access, places, none = make_access([[s] for s in seconds]), make_places(people), make_outlets([])
    norm = np.array([600.0])
    coverage = area_coverage(access, places, none, places.circle_idx, none.circle_idx, ("k",), norm)
    return explain_presence(coverage, np.array([share]), 0, 0)


def test_presence_says_how_many_more_residents_would_do():
    got = presence([0, 900], [61, 39])
    assert (got["numerator"], got["denominator"]) == (61, 100)
    assert got["change"]["people"] == 19
    assert got["change"]["text"] == "再有 19 名居民在 10 分钟内可达即达标。"


def test_presence_met_and_unknown_say_so():
    assert presence([0], [10])["change"]["kind"] == "met"
    assert presence([0], [0])["change"]["kind"] == "need_data"
    assert (
        presence([0, 900], [np.nan, np.nan])["change"]["text"]
        == "再有 30.0% 的居住点在 10 分钟内可达即达标。"
    )


@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from([0.3, 0.7, 0.8, 0.85, 1.0]))
def test_people_needed_is_the_fewest_that_do(part, more, share):
    whole = part + more
    needed = people_needed(part, whole, share)
    hundredths = round(share * 100)
    assert (part + needed) * 100 >= hundredths * whole
    assert needed == 0 or (part + needed - 1) * 100 < hundredths * whole


def test_chain_share_names_its_outlets_and_how_many_must_join():
    outlets = make_outlets([0] * 10, is_chain=[1, 1] + [0] * 8)
    got = explain(Indicator("chain", "chain_share", at_least=0.3), make_context(outlets=outlets))
    assert (got["numerator"], got["denominator"], got["n_rows"], got["rows"]) == (2, 10, 2, ["o0", "o1"])
    assert got["change"]["text"] == "再有 1 个网点成为品牌连锁店即达标（网点总数不变）。"


def test_long_lists_of_rows_are_cut_and_counted():
    outlets = make_outlets([0] * 30, is_chain=[1] * 30)
    got = explain(Indicator("chain", "chain_share", at_least=0.3), make_context(outlets=outlets))
    assert (got["n_rows"], len(got["rows"])) == (30, 20)


def test_area_says_how_many_square_metres_are_short():
    place = make_communities(1, service_floor_m2=[100.0], households=[1000.0])
    rule = Indicator("s", "service_area_per_100_households", at_least=30.0)
    got = explain(rule, make_context(communities=place))
    assert got["change"]["text"] == "再增加 200.0 平方米即达标。"
    assert got["rows"] == ["c0"]


@pytest.mark.parametrize(
    ("name", "at_least", "expected"), [("basic_types_present", 3.0, 2), ("basic_points_share", 0.5, 1)]
)
def test_types_say_how_many_are_short(name, at_least, expected):
    context = make_context(nearest_s=[[0, 900, 900, 900]], policy=make_policy(4))
    assert explain(Indicator("n", name, at_least=at_least), context)["change"]["types"] == expected


def test_values_that_people_type_in_say_what_is_missing():
    rule = Indicator("satisfaction", "satisfaction_share", at_least=0.9)
    assert explain(rule, make_context())["change"]["kind"] == "need_data"
    typed = make_context(external={"satisfaction": np.array([0.85])})
    assert explain(rule, typed)["change"]["text"] == "数值再提高 0.05 即达标。"


def test_an_indicator_without_a_target_asks_for_no_change():
    typed = make_context(external={"n": np.array([4.0])})
    assert explain(Indicator("n", "external"), typed)["change"] is None


def test_every_measure_has_its_formula_in_words():
    for name in (*MEASURES, "external", "share_in_norm"):
        assert has_text(f"circle.formula.{name}"), name
    assert set(EXTERNAL).isdisjoint(MEASURES)
