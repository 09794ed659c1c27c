"""Measures by hand: numerators, denominators, and what is unknown."""

import numpy as np
import pytest

from circle_tables import make_communities, make_context, make_outlets, make_policy
from yike.core.circle.measures import EXTERNAL, MEASURES, compute_measure
from yike.core.tables import GapState


def measure(name, context, code=None, **params):
    return compute_measure(name, code or name, context, params)


def one(values):
    return values.value[0], values.numerator[0], values.denominator[0]


def test_every_measure_answers_for_an_empty_circle_without_a_zero_for_unknown():
    policy = make_policy(2, codes=["elderly_care", "childcare"], groups=["quality", "quality"])
    context = make_context(nearest_s=[[0.0, 0.0]], people=[0], policy=policy)
    for name in MEASURES:
        got = measure(name, context, area_share_full=0.1, per_100_households_full=30)
        assert got.value.shape == (1,), name
        if name not in ("open_24h_count", "basic_types_present"):
            assert np.isnan(got.value[0]), name


def test_measures_without_a_function_are_typed_in_by_people():
    context = make_context()
    for name in EXTERNAL:
        assert np.isnan(measure(name, context).value[0])
    given = make_context(external={"satisfaction_share": np.array([0.86])})
    assert measure("satisfaction_share", given).value[0] == 0.86


def test_an_unknown_measure_name_is_an_error():
    with pytest.raises(KeyError):
        measure("no_such_measure", make_context())


def test_chain_share_is_chain_over_known():
    outlets = make_outlets([0, 0, 0, 0], is_chain=[1, 0, 0, 0])
    got = measure("chain_share", make_context(outlets=outlets))
    assert one(got) == (0.25, 1, 4)
    assert got.low[0] == got.high[0] == 0.25


def test_chain_share_bounds_what_is_unknown():
    # 2 chain, 2 not, 1 unknown: 2/4 known, between 2/5 and 3/5
    outlets = make_outlets([0] * 5, is_chain=[1, 1, 0, 0, -1])
    got = measure("chain_share", make_context(outlets=outlets))
    assert one(got) == (0.5, 2, 4)
    assert (got.low[0], got.high[0], got.n_unknown[0]) == (0.4, 0.6, 1)


def test_chain_share_has_no_value_when_most_are_unknown():
    half = make_outlets([0, 0], is_chain=[1, -1])
    most = make_outlets([0, 0, 0], is_chain=[1, -1, -1])
    assert measure("chain_share", make_context(outlets=half)).value[0] == 1.0
    got = measure("chain_share", make_context(outlets=most))
    assert np.isnan(got.value[0])
    assert (got.low[0], got.high[0]) == (1 / 3, 1.0)


def test_chain_share_staffed_leaves_unstaffed_points_out():
    outlets = make_outlets([0, 0, 0], is_chain=[1, 1, 0], is_unstaffed=np.array([True, False, False]))
    context = make_context(outlets=outlets)
    assert one(measure("chain_share", context)) == (2 / 3, 2, 3)
    assert one(measure("chain_share_staffed", context)) == (0.5, 1, 2)


def test_measures_count_open_outlets_inside_the_circle_only():
    outlets = make_outlets([0, 0, 0], is_chain=[1, 1, 0], status=[0, 3, 0], circle_idx=[0, 0, -1])
    assert one(measure("chain_share", make_context(outlets=outlets))) == (1.0, 1, 1)


def floors(**columns):
    return make_context(communities=make_communities(2, **columns), people=[100])


def test_area_share_sums_the_communities_exactly():
    got = measure("area_share", floors(commercial_floor_m2=[0.1, 0.2], total_floor_m2=[1.0, 2.0]))
    assert one(got) == (0.1, 0.30000000000000004, 3.0) or got.value[0] == pytest.approx(0.1)


def test_area_share_is_unknown_when_one_community_is():
    got = measure("area_share", floors(commercial_floor_m2=[5.0, np.nan], total_floor_m2=[10.0, 10.0]))
    assert np.isnan(got.value[0])


def test_area_share_looks_at_new_communities_and_does_not_hold_old_ones_to_it():
    mixed = floors(commercial_floor_m2=[1, 90], total_floor_m2=[10, 100], kind=("new", "old"))
    assert one(measure("area_share", mixed)) == (0.1, 1, 10)
    old = floors(commercial_floor_m2=[1, 9], total_floor_m2=[10, 90], kind=("old", "old"))
    got = measure("area_share", old)
    assert one(got) == (0.1, 10, 100)
    assert not got.is_applicable[0]
    assert measure("area_share", old, kind="any").is_applicable[0]


def test_service_area_is_per_100_households():
    got = measure(
        "service_area_per_100_households", floors(service_floor_m2=[100, 200], households=[400, 600])
    )
    assert one(got) == (30.0, 300, 1000)


def test_area_per_person_takes_stated_floors_else_the_outlets_own():
    assert one(measure("area_per_person", floors(commercial_floor_m2=[50, 150]))) == (2.0, 200, 100)
    shops = make_outlets([0, 0], area_m2=[30.0, 20.0])
    assert one(measure("area_per_person", make_context(outlets=shops, people=[100]))) == (0.5, 50, 100)
    unsure = make_outlets([0, 0], area_m2=[30.0, np.nan])
    assert np.isnan(measure("area_per_person", make_context(outlets=unsure, people=[100])).value[0])


def test_outlets_per_1000_is_unknown_while_people_are():
    shops = make_outlets([0, 0, 0])
    assert one(measure("outlets_per_1000", make_context(outlets=shops, people=[600, 400]))) == (3.0, 3, 1000)
    assert np.isnan(measure("outlets_per_1000", make_context(outlets=shops, people=[600, np.nan])).value[0])


def test_hours_are_measured_over_those_known():
    hours = ("08:00-21:00", "08:00-21:30", "24小时", "")
    context = make_context(outlets=make_outlets([0] * 4, hours=hours))
    late = measure("open_late_share", context)
    assert one(late) == (2 / 3, 2, 3)
    assert (late.low[0], late.high[0]) == (0.5, 0.75)
    assert measure("open_24h_count", context).value[0] == 1


def test_multi_function_share_counts_outlets_with_more_than_one_type():
    assert one(measure("multi_function_share", make_context(outlets=make_outlets([(0, 1), 0])))) == (
        0.5,
        1,
        2,
    )


def test_verified_share_is_unknown_without_dates():
    context = make_context(outlets=make_outlets([0, 0]))
    assert np.isnan(measure("verified_share", context).value[0])
    seen = make_context(outlets=make_outlets([0, 0]), is_verified=np.array([1, 0], np.int8))
    assert measure("verified_share", seen).value[0] == 0.5


GROUPS = ["basic", "basic", "quality", "quality"]
CODES = ["shop", "breakfast", "elderly_care", "childcare"]


def types(seconds, data=None):
    policy = make_policy(4, groups=GROUPS, codes=CODES)
    return make_context(nearest_s=[seconds], people=[10], policy=policy, data_state=data)


def test_types_present_are_counted_by_group():
    context = types([0, 900, 0, 0])
    assert one(measure("basic_types_present", context)) == (1, 1, 2)
    assert one(measure("quality_types_present", context)) == (2, 2, 2)
    assert measure("basic_points_share", context).value[0] == 0.5
    assert measure("quality_points_share", context).value[0] == 1.0
    assert measure("elderly_and_childcare_present", context).value[0] == 1


def test_types_whose_data_cannot_tell_widen_the_bounds():
    data = [GapState.MET, GapState.DATA_MISSING, GapState.MET, GapState.MET]
    got = measure("basic_types_present", types([0, 900, 0, 0], data))
    assert np.isnan(got.value[0])
    assert (got.low[0], got.high[0]) == (1, 2)


def test_elderly_and_childcare_is_settled_by_one_that_is_missing():
    data = [GapState.MET, GapState.MET, GapState.DATA_MISSING, GapState.MET]
    assert measure("elderly_and_childcare_present", types([0, 0, 900, 900], data)).value[0] == 0
    assert np.isnan(measure("elderly_and_childcare_present", types([0, 0, 900, 0], data)).value[0])


def test_coverage_of_communities_counts_each_once_and_only_built_circles():
    communities = make_communities(4, people=[100, 200, 300, 400])
    context = make_context(communities=communities, is_built=np.array([1, 1, 0, 0], np.int8))
    assert one(measure("community_coverage_share", context)) == (0.5, 2, 4)
    assert one(measure("resident_coverage_share", context)) == (0.3, 300, 1000)
    unsure = make_context(communities=communities, is_built=np.array([1, 1, 0, -1], np.int8))
    got = measure("community_coverage_share", unsure)
    assert np.isnan(got.value[0])
    assert (got.low[0], got.high[0]) == (0.5, 0.75)
