"""Grades: exact edges, unknown gates, points."""

from fractions import Fraction

import numpy as np
import pytest

from circle_tables import make_communities, make_context, make_outlets, make_policy
from yike.core.circle.grade import compare, grade_circles
from yike.core.circle.rules import Gate, Grade, Indicator
from yike.core.tables import GapState, Tri


def grade(indicators, grades, **context):
    return grade_circles(make_context(**context), indicators, grades, "pack")


def typed_in(**values):
    return {"external": {k: np.array([v], float) for k, v in values.items()}}


def communities(**columns):
    return make_communities(1, **columns)


@pytest.mark.parametrize(
    ("commercial", "total", "expected"),
    [(9.99, 100.0, Tri.NO), (10.0, 100.0, Tri.YES), (29.97, 300.0, Tri.NO), (30.0, 300.0, Tri.YES)],
)
def test_area_share_of_ten_per_cent_includes_ten_and_not_9_99(commercial, total, expected):
    rule = Indicator("area_share", "area_share", at_least=0.1)
    place = communities(commercial_floor_m2=[commercial], total_floor_m2=[total])
    assert grade([rule], [], communities=place).assessment.is_met[0, 0] == expected


@pytest.mark.parametrize(
    ("area", "households", "expected"),
    [(300.0, 1000.0, Tri.YES), (299.99, 1000.0, Tri.NO), (299.7, 999.0, Tri.YES), (0.3, 1.0, Tri.YES)],
)
def test_area_per_100_households_is_compared_as_typed(area, households, expected):
    # 299.7 m2 x 100 / 999 is exactly 30, whatever binary numbers make of 299.7
    rule = Indicator("s", "service_area_per_100_households", at_least=30.0)
    place = communities(service_floor_m2=[area], households=[households])
    assert grade([rule], [], communities=place).assessment.is_met[0, 0] == expected


@pytest.mark.parametrize(("value", "expected"), [(84.99, ""), (85.0, "good"), (85.01, "good")])
def test_a_gate_of_85_takes_85_and_not_84_99(value, expected):
    rules = [Indicator("satisfaction", "external")]
    levels = [Grade("good", (Gate("g", "satisfaction", at_least=85.0),))]
    assert grade(rules, levels, **typed_in(satisfaction=value)).assessment.grade == (expected,)


def test_points_that_add_up_to_85_pass_a_gate_of_85():
    # thirds that no binary number holds: 3 x (28 1/3) = 85 exactly
    rules = [
        Indicator(f"i{k}", "chain_share", points=85.0, points_from=0.0, points_full=3.0) for k in range(3)
    ]
    levels = [Grade("good", (Gate("score", "score", at_least=85.0),))]
    outlets = make_outlets([0], is_chain=[1])
    got = grade(rules, levels, outlets=outlets).assessment
    assert got.grade == ("good",)
    assert got.score[0] == 85.0


def test_points_are_linear_and_capped():
    rule = Indicator("s", "external", points=10.0, points_from=0.6, points_full=0.9)
    points = [grade([rule], [], **typed_in(s=v)).assessment.points[0, 0] for v in (0.5, 0.6, 0.75, 0.9, 1.0)]
    assert points == [0.0, 0.0, 5.0, 10.0, 10.0]


def test_points_without_a_line_are_all_or_none():
    rule = Indicator("s", "external", at_least=3.0, points=10.0)
    assert grade([rule], [], **typed_in(s=3.0)).assessment.points[0, 0] == 10.0
    assert grade([rule], [], **typed_in(s=2.0)).assessment.points[0, 0] == 0.0


def test_score_sums_what_is_known_and_says_how_much_that_is():
    rules = [
        Indicator("a", "external", points=60.0, points_from=0.0, points_full=1.0),
        Indicator("b", "external", points=40.0, points_from=0.0, points_full=1.0),
    ]
    got = grade(rules, [], **typed_in(a=0.5)).assessment
    assert (got.score[0], got.score_known_max[0]) == (30.0, 60.0)
    assert np.isnan(got.points[0, 1])
    nothing = grade(rules, []).assessment
    assert np.isnan(nothing.score[0])
    assert nothing.score_known_max[0] == 0.0


LEVELS = [
    Grade("basic", (Gate("score", "score", at_least=60.0), Gate("samples", "samples", at_least=50.0))),
    Grade("quality", (Gate("score", "score", at_least=90.0), Gate("chain", "chain", at_least=0.3))),
]
RULES = [
    Indicator("all", "external", points=100.0, points_from=0.0, points_full=1.0),
    Indicator("samples", "external"),
    Indicator("chain", "external"),
]


@pytest.mark.parametrize(
    ("values", "expected", "reason"),
    [
        ({"all": 0.95, "samples": 50, "chain": 0.3}, "quality", ()),
        ({"all": 0.95, "samples": 50, "chain": 0.29}, "basic", ("chain",)),
        ({"all": 0.95, "samples": 50}, "basic", ("chain",)),  # fixed at basic; the next is undecided
        ({"all": 0.7, "samples": 50}, "basic", ("score", "chain")),
        ({"all": 0.7}, "unknown", ("samples",)),
        ({"all": 0.5, "samples": 50}, "", ("score",)),
        ({"all": 0.5}, "", ("score", "samples")),  # failed whatever the samples are
        ({"samples": 50, "chain": 0.5}, "unknown", ("score",)),
    ],
)
def test_grade_is_the_highest_reached_and_names_what_stands_before_the_next(values, expected, reason):
    got = grade(RULES, LEVELS, **typed_in(**values)).assessment
    assert got.grade == (expected,)
    assert got.grade_reason == (reason,)


def test_a_gate_that_holds_for_every_possible_value_is_passed():
    # 4 of 6 types present, 1 cannot be told: at least 4 whatever it is, but not surely 5
    policy = make_policy(6)
    data = [GapState.MET] * 5 + [GapState.DATA_MISSING]
    context = {"nearest_s": [[0, 0, 0, 0, 900, 900]], "policy": policy, "data_state": data}
    rules = [Indicator("n", "basic_types_present")]
    for limit, expected in ((4.0, "g"), (5.0, "unknown"), (6.0, "")):
        levels = [Grade("g", (Gate("n", "n", at_least=limit),))]
        assert grade(rules, levels, **context).assessment.grade == (expected,)


def test_a_grade_without_gates_is_not_given_away():
    assert grade([], [Grade("g", ())]).assessment.grade == ("unknown",)


def test_a_pack_without_grades_grades_nothing():
    assert grade([], []).assessment.grade == ("unknown",)


def test_a_rule_that_does_not_apply_neither_scores_nor_holds_back():
    rule = Indicator("area_share", "area_share", at_least=0.1, points=10.0, points_from=0.0, points_full=0.1)
    levels = [Grade("g", (Gate("a", "area_share", at_least=0.1),))]
    old = communities(kind=("old",), commercial_floor_m2=[1.0], total_floor_m2=[100.0])
    got = grade([rule], levels, communities=old).assessment
    assert got.grade == ("g",)
    assert np.isnan(got.points[0, 0])


def test_area_adequacy_takes_whichever_norm_is_better_met():
    params = {"area_share_full": 0.1, "per_100_households_full": 30.0}
    rule = Indicator("a", "area_adequacy_share", points=10.0, points_from=0.0, points_full=1.0, params=params)

    def points(**columns):
        return grade([rule], [], communities=communities(**columns)).assessment.points[0, 0]

    households = {"service_floor_m2": [150.0], "households": [1000.0]}  # 15 of 30 m2: half
    assert points(**households, commercial_floor_m2=[2.0], total_floor_m2=[100.0]) == 5.0
    assert points(**households, commercial_floor_m2=[12.0], total_floor_m2=[100.0]) == 10.0
    assert np.isnan(points(**households))  # the other could still be better
    assert points(commercial_floor_m2=[10.0], total_floor_m2=[100.0]) == 10.0  # enough by one settles it


def test_compare_needs_both_ends_to_agree():
    two, four = Fraction(2), Fraction(4)
    assert compare((two, four), 2.0, None) is Tri.YES
    assert compare((two, four), 3.0, None) is Tri.UNKNOWN
    assert compare((two, four), 5.0, None) is Tri.NO
    assert compare((two, four), None, 4.0) is Tri.YES
    assert compare((two, four), None, 1.0) is Tri.NO
    assert compare((None, None), 1.0, None) is Tri.UNKNOWN
    assert compare((two, two), None, None) is Tri.UNKNOWN
