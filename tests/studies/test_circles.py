"""The circle part of a study, on a drawn town worked out by hand."""

import dataclasses

import numpy as np
import pytest

from circle_tables import make_access, make_circles, make_communities, make_outlets, make_places
from drawn_facts import drawn_facts, provenance, town
from yike.core.network.profile import WalkProfile
from yike.core.tables import GapState
from yike.standards.loader import list_rule_packs, load_rule_pack, load_supply, load_types
from yike.studies.circle_areas import CircleInputs
from yike.studies.circle_extras import polygon_area_m2
from yike.studies.circles import assess_areas
from yike.studies.policy import (
    choose_columns,
    counted_outlets,
    functions_of,
    rules_to_core,
    services_of,
    streets_of,
    unknown_to_osm,
    unstaffed_outlets,
)

TYPES = load_types()


def column(facts, code):
    return facts.access.column_of(facts.types.idx(code))


def test_drawn_town_walks_are_as_drawn():
    facts = drawn_facts()
    # 50 m a cell at 1 m/s: h to s 2 cells, i to s 4, j to s over m 2 + 12 = 14; the home off the street: none
    assert facts.access.nearest_s[:, column(facts, "convenience_store")].tolist()[:3] == [100, 200, 700]
    assert np.isnan(facts.access.nearest_s[3]).all()
    # market m: h 14 cells, i 2 + 14 = 16, j 2
    assert facts.access.nearest_s[:3, column(facts, "food_market")].tolist() == [700, 800, 100]


def test_drawn_town_coverage_by_circle_and_community():
    facts = drawn_facts()
    store = column(facts, "convenience_store")
    # within 600 s: h and i, 90 of 100 attached people; 5 more are unattached
    assert facts.circle_coverage.people[0] == 105
    assert facts.circle_coverage.people_attached[0] == 100
    assert facts.circle_coverage.share_in_norm[0, store] == 0.9
    assert facts.community_coverage.share_in_norm[:, store].tolist() == [1.0, 0.0]


def test_drawn_town_gaps():
    facts = drawn_facts()
    by_code = {facts.types.types[int(t)].code: row for row, t in enumerate(facts.gaps.type_idx)}
    market = by_code["food_market"]
    assert facts.gaps.state[market] == GapState.GAP
    # h 100 s over for 60 people, i 200 s over for 30: 100 + 100 person-minutes
    assert facts.gaps.person_minutes[market] == pytest.approx(200)
    assert facts.gaps.people_unserved[market] == 90
    assert facts.gaps.unserved_by_band[market].tolist() == [18]
    assert facts.gaps.state[by_code["convenience_store"]] == GapState.MET
    # types nobody offers: at the limit, (3600 - 600) / 60 x 100 people, ranked before the market
    laundry = by_code["laundry"]
    assert facts.gaps.person_minutes[laundry] == 5000
    assert facts.gaps.rank[laundry] < facts.gaps.rank[market]


def test_without_a_survey_a_type_is_still_a_gap_among_few_people():
    # 105 people: too few to expect any outlet of a type, so nothing can be called badly mapped
    facts = drawn_facts(is_surveyed=False)
    assert set(facts.extras["data_state"]) == {"met"}


def test_bundles_and_options_speak_of_the_drawn_outlets():
    facts = drawn_facts()
    bundles = {b["code"]: b for b in facts.extras["bundles"]["circles"][0]}
    # breakfast b: h 10 cells (500 s), i 12 (600 s), j 2 + 4 (300 s): everybody; store: 90 of 100
    assert [s["share"] for s in bundles["shop_breakfast"]["slots"]] == [0.9, 1.0]
    assert bundles["shop_breakfast"]["state"] == "met"
    assert bundles["old_young"]["state"] == "gap"
    options = {}
    for row, found in enumerate(facts.extras["options"]["circles"]):
        if found:
            options[facts.types.types[int(facts.gaps.type_idx[row])].code] = found
    hosts = {o["kind"]: o for o in options["photo_print"]}
    assert hosts["add_function"]["outlet_id"] == "s"
    assert hosts["add_function"]["people_gained"] == 90
    assert all(found for found in options.values())


def test_area_rules_hold_new_communities_to_their_share():
    facts = drawn_facts()
    a = facts.assessment
    k = a.indicator.index("area_share")
    # only the new community: 99.9 of 1,000 m2 is 9.99 %
    assert a.value[0, k] == pytest.approx(0.0999)
    assert a.is_met[0, k] == 0
    k = a.indicator.index("service_area_per_100_households")
    assert (a.value[0, k], a.is_met[0, k]) == (30.0, 1)


@pytest.mark.parametrize("code", list_rule_packs())
def test_every_rule_pack_can_be_applied(code):
    facts = drawn_facts(code)
    assert facts.assessment.rule_pack == code
    assert len(facts.assessment.grade) == 1
    assert len(facts.extras["explanations"]["circles"]["indicators"][0]) == len(facts.assessment.indicator)


@pytest.mark.parametrize("code", list_rule_packs())
def test_every_indicator_of_every_pack_names_a_known_measure(code):
    from yike.core.circle.measures import EXTERNAL, MEASURES

    unknown = {i.measure for i in load_rule_pack(code).indicators} - set(MEASURES) - set(EXTERNAL)
    assert unknown == set()


def test_same_inputs_give_the_same_tables():
    drawn_facts.cache_clear()
    one = drawn_facts()
    drawn_facts.cache_clear()
    two = drawn_facts()
    assert np.array_equal(one.gaps.type_idx, two.gaps.type_idx)
    assert one.assessment.value.tobytes() == two.assessment.value.tobytes()
    plain = [k for k in one.extras if not k.endswith(("gaps", "presence"))]
    assert {k: one.extras[k] for k in plain} == {k: two.extras[k] for k in plain}


def empty_pack(outlets, places, n_circles):
    rules = load_rule_pack("yike-default")
    columns = choose_columns(TYPES, rules, outlets)
    ptr, col = services_of(outlets, TYPES, columns)
    nothing = np.full((len(places), len(columns)), np.inf)
    return assess_areas(
        CircleInputs(
            access=make_access(nothing, type_rows=columns),
            places=places,
            outlets=outlets,
            communities=make_communities(0),
            circles=make_circles(n_circles),
            types=TYPES,
            rules=rules,
            supply=load_supply(),
            provenance=provenance(False),
            profile=WalkProfile("adult", "成人", 1.0),
            service_ptr=ptr,
            service_col=col,
        )
    )


def test_a_pack_without_outlets_is_not_surveyed_rather_than_full_of_gaps():
    done = empty_pack(make_outlets([]), make_places([40_000], community=[-1]), 1)
    required = done.gaps.state[done.gaps.state != GapState.NOT_REQUIRED]
    assert set(required.tolist()) == {GapState.NOT_SURVEYED}
    assert done.assessment.grade == ("unknown",)


def test_a_pack_with_few_outlets_among_many_people_misses_data():
    done = empty_pack(
        make_outlets([TYPES.idx("pharmacy")], community_idx=[-1]), make_places([40_000], community=[-1]), 1
    )
    states = {
        TYPES.types[int(t)].code: GapState(int(s))
        for t, s in zip(done.gaps.type_idx, done.gaps.state, strict=True)
    }
    assert states["convenience_store"] == GapState.DATA_MISSING  # 0.18 per 1,000: 7 expected, none found
    assert states["laundry"] == GapState.DATA_MISSING  # no supply norm, 40,000 people, none found
    assert states["pharmacy"] == GapState.GAP


def test_a_pack_without_circles_gives_empty_tables():
    done = empty_pack(
        make_outlets([TYPES.idx("pharmacy")], circle_idx=[-1], community_idx=[-1]),
        make_places([10], circle=[-1], community=[-1]),
        0,
    )
    assert len(done.gaps) == 0
    assert done.assessment.grade == ()


def test_columns_are_rows_of_the_form_and_sub_types_the_pack_names():
    rules = load_rule_pack("yike-default")
    outlets = make_outlets([TYPES.idx("shoe_repair")])
    codes = [TYPES.types[int(i)].code for i in choose_columns(TYPES, rules, outlets)]
    assert "repair" in codes
    assert "shoe_repair" not in codes  # folded into its row
    assert len(codes) == len(set(codes))
    ptr, col = services_of(outlets, TYPES, choose_columns(TYPES, rules, outlets))
    assert [codes[c] for c in col[ptr[0] : ptr[1]]] == ["repair"]


def test_facilities_do_not_count_as_outlets_of_the_form():
    kinds = ["pharmacy", "health_station", "parcel_locker"]
    outlets = make_outlets([TYPES.idx(k) for k in kinds])
    assert counted_outlets(outlets, TYPES).tolist() == [True, False, True]
    assert unstaffed_outlets(outlets, TYPES).tolist() == [False, False, True]


def test_functions_are_counted_by_rows_of_the_form():
    shop = tuple(TYPES.idx(k) for k in ("convenience_store", "photo_print"))
    mender = tuple(TYPES.idx(k) for k in ("shoe_repair", "key_cutting", "repair"))
    assert functions_of(make_outlets([shop, mender]), TYPES).tolist() == [2, 1]


def test_rules_to_core_keeps_every_number_of_the_pack():
    rules = load_rule_pack("yike-default")
    columns = choose_columns(TYPES, rules, make_outlets([]))
    policy = rules_to_core(rules, TYPES, columns, load_supply())
    for rule in rules.types:
        col = policy.column_of_code[rule.code]
        assert (policy.norm_s[col], policy.share[col]) == (rule.within_s, rule.share)
    assert len(policy.indicators) == len(rules.indicators)
    assert policy.judgement.late_from_min == 21 * 60
    assert policy.pairings
    assert policy.movable_cols


def test_polygon_area_in_square_metres():
    # the drawn box is 16 by 4 cells of 50 m
    assert polygon_area_m2(town().box(-1, -1, 15, 3)) == pytest.approx(800 * 200, rel=1e-3)
    assert np.isnan(polygon_area_m2(None))


def test_types_without_a_tag_are_unknown_to_osm():
    kinds = np.array([TYPES.idx(c) for c in ("pharmacy", "home_service")], np.int32)
    assert unknown_to_osm(TYPES, kinds).tolist() == [False, not TYPES.types[kinds[1]].osm]


def test_places_are_named_by_their_street():
    facts = drawn_facts()
    assert streets_of(facts.network, facts.place_attachments) == ("", "", "", "")
    named = dataclasses.replace(
        facts.network, names=("长街",), piece_name_idx=np.zeros(facts.network.n_pieces, np.int32)
    )
    assert streets_of(named, facts.place_attachments) == ("长街", "长街", "长街", "")
