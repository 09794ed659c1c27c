"""Bundles and themes: who reaches every slot."""

import numpy as np

from circle_tables import make_access, make_outlets, make_places, make_policy
from yike.core.circle.bundles import assess_bundles
from yike.core.circle.coverage import area_coverage
from yike.core.circle.match import match_index
from yike.core.circle.presence import judge_presence
from yike.core.circle.rules import Bundle, Theme
from yike.core.circle.themes import assess_themes
from yike.core.tables import GapState

MET, GAP, MISSING = GapState.MET, GapState.GAP, GapState.DATA_MISSING


def bundle(nearest_s, people, *, slots=((0,), (1,)), data=None, share=0.5):
    access, places = make_access(nearest_s), make_places(people)
    n_cols = access.nearest_s.shape[1]
    policy = make_policy(n_cols, bundles=(Bundle("b", slots),), share=share)
    states = np.array([MET] * n_cols if data is None else data, np.uint8)
    return assess_bundles(access, places, places.circle_idx, policy, states, 1)[0][0]


def test_bundle_counts_residents_who_reach_every_slot_not_the_product():
    # half reach a shop, the other half breakfast: nobody has both (the product would say a quarter)
    got = bundle([[0, 900], [900, 0]], [50, 50])
    assert [s["share"] for s in got["slots"]] == [0.5, 0.5]
    assert got["share_all"] == 0.0
    assert got["state"] == "met"  # each slot is there for half, as the pack here asks


def test_bundle_slot_is_served_by_any_of_its_types():
    got = bundle([[0, 900, 0], [900, 0, 0]], [50, 50], slots=((0, 1), (2,)))
    assert got["share_all"] == 1.0


def test_bundle_with_one_gap_is_a_gap_whatever_is_unknown():
    got = bundle([[900, 900]], [10], data=[MISSING, MET])
    assert [s["state"] for s in got["slots"]] == ["data_missing", "gap"]
    assert got["state"] == "gap"


def test_bundle_of_badly_mapped_types_is_not_called_a_gap():
    assert bundle([[0, 900]], [10], data=[MET, MISSING])["state"] == "data_missing"


def test_bundle_without_people_is_unknown():
    got = bundle([[0, 0]], [0])
    assert (got["state"], got["share_all"]) == ("unknown", None)


def theme(nearest_s, people, cols, data=None, within_s=np.nan):
    access, places = make_access(nearest_s), make_places(people)
    n_cols = access.nearest_s.shape[1]
    policy = make_policy(n_cols, themes=(Theme("t", cols, within_s),))
    states = np.array([MET] * n_cols if data is None else data, np.uint8)
    return assess_themes(access, places, places.circle_idx, policy, states, 1)[0][0]


def test_theme_lists_types_and_shares_of_any_and_all():
    got = theme([[0, 900], [0, 0], [900, 900]], [40, 40, 20], (0, 1))
    assert (got["n_types"], got["n_present"], got["share_any"], got["share_all"]) == (2, 1, 0.8, 0.4)
    assert [t["state"] for t in got["types"]] == ["met", "gap"]


def test_theme_may_set_its_own_minutes():
    assert theme([[900]], [10], (0,))["share_any"] == 0.0
    assert theme([[900]], [10], (0,), within_s=900.0)["share_any"] == 1.0


def test_theme_leaves_badly_mapped_types_out_of_all():
    got = theme([[0, np.inf]], [10], (0, 1), data=[MET, MISSING])
    assert (got["share_all"], got["n_unknown"]) == (1.0, 1)
    assert got["types"][1]["share"] is None


def test_theme_without_types_says_nothing():
    got = theme([[0]], [10], ())
    assert (got["n_types"], got["share_any"], got["share_all"]) == (0, None, None)


def match(nearest_s, people, *, data=None, demand=None):
    access, places, none = make_access(nearest_s), make_places(people), make_outlets([])
    n = access.nearest_s.shape[1]
    policy = make_policy(n)
    coverage = area_coverage(access, places, none, places.circle_idx, none.circle_idx, ("k",), policy.norm_s)
    states = np.array([MET] * n if data is None else data, np.uint8)
    presence = judge_presence(coverage, policy.share, policy.is_required, states)
    return match_index(coverage, presence, policy.is_required, demand)[0]


def test_match_index_is_met_over_demand():
    # type 0 for everybody, type 1 for a quarter: (1 + 0.25) / 2
    assert match([[0, 0], [0, 900]], [25, 75])["value"] == 0.625


def test_match_index_weighs_by_voices():
    # three ask for type 1, one for type 0: (1 x 1 + 3 x 0.25) / 4
    assert match([[0, 0], [0, 900]], [25, 75], demand=np.array([[1.0, 3.0]]))["value"] == 0.4375


def test_match_index_leaves_out_what_the_data_cannot_tell():
    got = match([[0, 900]], [10], data=[MET, MISSING])
    assert (got["value"], got["n_types"], got["n_unknown"]) == (1.0, 1, 1)
