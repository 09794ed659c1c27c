"""Presence: met, missing, badly mapped, not surveyed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle_tables import make_access, make_outlets, make_places
from yike.core.circle.coverage import area_coverage
from yike.core.circle.presence import judge_data, judge_presence, told_coverage
from yike.core.circle.rules import Judgement
from yike.core.tables import GapState, Tri


def judge(found, people, per_1000=math.nan, *, has_outlets=True, is_surveyed=False):
    state = judge_data(
        np.array([found], np.int32),
        people,
        np.array([per_1000]),
        has_outlets=has_outlets,
        is_surveyed=is_surveyed,
        judgement=Judgement(),
    )
    return GapState(int(state[0]))


@pytest.mark.parametrize(
    ("found", "people", "per_1000", "expected"),
    [
        (0, 20_000, 0.2, GapState.DATA_MISSING),  # 4 expected, none found
        (0, 19_999, 0.2, GapState.DATA_MISSING),  # not even 4 expected, but none at all among many people
        (0, 4_999, 0.2, GapState.MET),  # few people, 1 expected, none found: a real gap is possible
        (1, 20_000, 0.2, GapState.MET),  # 1 is a quarter of 4: not below it
        (1, 20_001, 0.2, GapState.DATA_MISSING),  # just below a quarter
        (0, 5_000, math.nan, GapState.DATA_MISSING),  # no supply norm, many people, none found
        (0, 4_999, math.nan, GapState.MET),
        (1, 900_000, math.nan, GapState.MET),
        (0, math.nan, 0.2, GapState.DATA_MISSING),  # nobody knows how many people
        (3, math.nan, 0.2, GapState.MET),
    ],
)
def test_judge_data_tells_missing_data_from_missing_outlets(found, people, per_1000, expected):
    assert judge(found, people, per_1000) == expected


def test_judge_data_does_not_ask_a_source_for_what_it_has_no_word_for():
    state = judge_data(
        np.array([0, 1, 0], np.int32),
        100.0,
        np.full(3, math.nan),
        has_outlets=True,
        is_surveyed=False,
        judgement=Judgement(),
        cannot_hold=np.array([True, True, False]),
    )
    assert state.tolist() == [GapState.DATA_MISSING, GapState.MET, GapState.MET]


def test_judge_data_believes_a_survey():
    assert judge(0, 900_000, 1.0, is_surveyed=True) == GapState.MET


def test_judge_data_says_not_surveyed_without_any_outlet():
    assert judge(0, 900_000, 1.0, has_outlets=False, is_surveyed=True) == GapState.NOT_SURVEYED


def presence(seconds, people, *, share=0.8, data=GapState.MET, required=True, norm_s=600.0):
    access, places, none = make_access([[s] for s in seconds]), make_places(people), make_outlets([])
    norm = np.array([norm_s])
    coverage = area_coverage(access, places, none, places.circle_idx, none.circle_idx, ("k",), norm)
    got = judge_presence(coverage, np.array([share]), np.array([required]), np.array([data], np.uint8))
    return Tri(int(got.is_present[0, 0])), GapState(int(got.state[0, 0]))


def test_presence_includes_the_required_share_exactly():
    assert presence([0, 700], [80, 20]) == (Tri.YES, GapState.MET)
    assert presence([0, 700], [79, 21]) == (Tri.NO, GapState.GAP)


def test_presence_is_exact_for_awkward_shares():
    # 7 of 10 is 0.7 although 0.7 is no binary number
    assert presence([0, 700], [7, 3], share=0.7)[0] == Tri.YES
    assert presence([0, 700], [29, 71], share=0.29)[0] == Tri.YES


def test_presence_calls_badly_mapped_types_data_missing():
    assert presence([700], [100], data=GapState.DATA_MISSING) == (Tri.UNKNOWN, GapState.DATA_MISSING)


def test_presence_is_met_when_enough_was_found_whatever_the_source():
    assert presence([0], [100], data=GapState.DATA_MISSING) == (Tri.YES, GapState.MET)


def test_presence_without_people_to_weigh_is_unknown():
    assert presence([0], [0]) == (Tri.UNKNOWN, GapState.UNKNOWN)


def test_presence_of_a_type_nobody_requires_is_told_but_no_gap():
    assert presence([700], [100], required=False) == (Tri.NO, GapState.NOT_REQUIRED)


def test_presence_of_a_pack_without_outlets_is_not_surveyed():
    assert presence([np.inf], [100], data=GapState.NOT_SURVEYED) == (Tri.UNKNOWN, GapState.NOT_SURVEYED)


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 50)), min_size=1, max_size=10),
    st.integers(1, 1800),
    st.integers(0, 900),
)
@settings(max_examples=80, deadline=None)
def test_raising_the_norm_never_lowers_presence(rows, norm_s, more_s):
    seconds, people = zip(*rows, strict=True)
    before, _ = presence(seconds, people, norm_s=float(norm_s))
    after, _ = presence(seconds, people, norm_s=float(norm_s + more_s))
    assert not (before == Tri.YES and after == Tri.NO)


def covered(data, seconds=(60.0, 60.0, 1200.0)):
    """Three homes of 10 people, and what may be told of the one type."""
    access, places, none = make_access([[s] for s in seconds]), make_places([10, 10, 10]), make_outlets([])
    one = np.zeros(3, np.int32)
    cover = area_coverage(access, places, none, one, none.circle_idx, ("k",), np.array([600.0]))
    judged = judge_presence(cover, np.array([0.8]), np.array([True]), np.array([data], np.uint8))
    return told_coverage(cover, judged)


@pytest.mark.parametrize("data", [GapState.NOT_SURVEYED, GapState.DATA_MISSING])
def test_told_coverage_is_unknown_where_the_data_cannot_tell(data):
    cover = covered(data)

    assert np.isnan(cover.share_in_norm).all()
    assert np.isnan(cover.people_within).all()
    assert np.isnan(cover.people_in_norm).all()
    assert cover.people.tolist() == [30.0]  # the residents themselves are known


def test_told_coverage_keeps_what_the_data_can_tell():
    cover = covered(GapState.MET)

    assert cover.share_in_norm.tolist() == [[20 / 30]]
    assert cover.people_within[0, 0].tolist() == [20.0, 20.0, 20.0]


def test_told_coverage_keeps_what_was_found_enough_of_however_badly_mapped():
    assert covered(GapState.DATA_MISSING, (60.0, 60.0, 60.0)).share_in_norm.tolist() == [[1.0]]
