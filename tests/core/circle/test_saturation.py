"""Saturation: supply against the other circles."""

import numpy as np

from circle_tables import make_access, make_outlets, make_places
from yike.core.circle.coverage import area_coverage
from yike.core.circle.rules import Judgement
from yike.core.circle.saturation import assess_saturation
from yike.core.tables import GapState


def saturation(n_outlets, people, data=GapState.MET):
    """One business type; per circle so many outlets and people."""
    circle_of_outlet = np.repeat(np.arange(len(n_outlets)), n_outlets)
    outlets = make_outlets([0] * len(circle_of_outlet), circle_idx=circle_of_outlet)
    places = make_places(people, circle=range(len(people)))
    coverage = area_coverage(
        make_access(np.zeros((len(people), 1))),
        places,
        outlets,
        places.circle_idx,
        outlets.circle_idx,
        tuple(f"k{i}" for i in range(len(people))),
        np.array([600.0]),
    )
    return [row[0] for row in assess_saturation(coverage, np.array([data], np.uint8), Judgement())]


def test_saturation_flags_what_stands_out_from_the_other_circles():
    # per 1,000: 1, 2, 2, 2, 6: quartiles 2, 2, 2; 6 is over 1.5 medians, 1 is at half the median
    got = saturation([1, 2, 2, 2, 6], [1000] * 5)
    assert [r["per_1000"] for r in got] == [1, 2, 2, 2, 6]
    assert (got[0]["q25"], got[0]["median"], got[0]["q75"]) == (2, 2, 2)
    assert [r["flag"] for r in got] == ["under", "usual", "usual", "usual", "over"]


def test_saturation_counts_per_resident():
    got = saturation([2, 4, 6, 8, 10], [1000, 2000, 3000, 4000, 5000])
    assert {r["per_1000"] for r in got} == {2}
    assert {r["flag"] for r in got} == {"usual"}


def test_saturation_says_unknown_with_fewer_than_five_circles():
    assert {r["flag"] for r in saturation([1, 2, 2, 9], [1000] * 4)} == {"unknown"}


def test_saturation_says_unknown_of_a_circle_without_people_known():
    got = saturation([1, 2, 2, 2, 6, 3], [1000] * 5 + [np.nan])
    assert (got[5]["flag"], got[5]["per_1000"]) == ("unknown", None)
    assert got[4]["flag"] == "over"


def test_saturation_says_unknown_of_a_badly_mapped_type():
    got = saturation([0, 0, 0, 0, 1], [1000] * 5, GapState.DATA_MISSING)
    assert {r["flag"] for r in got} == {"unknown"}


def test_saturation_does_not_call_one_or_two_outlets_too_many():
    got = saturation([0, 1, 1, 1, 2], [1000] * 5)
    assert got[4]["flag"] == "usual"


def test_saturation_does_not_compare_with_circles_that_have_none():
    got = saturation([0, 0, 0, 0, 6], [1000] * 5)
    assert got[4]["flag"] == "usual"
