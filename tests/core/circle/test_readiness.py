"""Ranking by weighted criteria: points by hand, unknowns, order, and what never changes a rank."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yike.core.circle.readiness import rank_areas

ZERO, FULL, WEIGHT = np.array([0.0, 1000.0, 0.5]), np.array([1.0, 9000.0, 0.0]), np.array([50.0, 30.0, 20.0])


def test_points_rise_straight_and_less_may_be_better():
    value = np.array([[0.5, 5000.0, 0.1], [1.0, 500.0, 0.9]])
    found = rank_areas(value, value, ZERO, FULL, WEIGHT)

    # 50 x 0.5 + 30 x 0.5 + 20 x 0.8 = 56; 50 + 0 + 0 = 50
    assert found.score.tolist() == pytest.approx([56, 50])
    assert found.low[0].tolist() == pytest.approx([25, 15, 16])
    assert found.order.tolist() == [0, 1]


def test_weights_need_not_add_up_to_a_hundred():
    value = np.array([[1.0, 1000.0, 0.5]])

    assert rank_areas(value, value, ZERO, FULL, WEIGHT * 7).score.tolist() == pytest.approx([50])


def test_an_unknown_is_no_merit_but_may_become_one():
    low = np.array([[0.0, -np.inf, 0.0], [0.4, 1000.0, 0.0]])
    high = np.array([[1.0, np.inf, 0.5], [0.4, 1000.0, 0.0]])
    found = rank_areas(low, high, ZERO, FULL, WEIGHT)

    assert found.score.tolist() == pytest.approx([0, 40])
    assert found.score_at_most.tolist() == pytest.approx([100, 40])
    assert found.order.tolist() == [1, 0]


def test_equal_areas_keep_their_order():
    value = np.full((4, 3), 0.5)

    assert rank_areas(value, value, ZERO, FULL, WEIGHT).order.tolist() == [0, 1, 2, 3]


@given(st.lists(st.lists(st.floats(-1, 2), min_size=3, max_size=3), min_size=1, max_size=8))
def test_points_stay_within_the_marks(rows):
    value = np.array(rows)
    found = rank_areas(value, value + 0.1, np.zeros(3), np.ones(3), WEIGHT)

    assert (found.score >= -1e-9).all()
    assert (found.score <= found.score_at_most + 1e-9).all()
    assert (found.score_at_most <= 100 + 1e-9).all()
    assert sorted(found.order.tolist()) == list(range(len(rows)))
