import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from yike.core.geo.hilbert import hilbert_order

COORDINATES = st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")), st.just(float("inf")))


@settings(deadline=None)
@given(st.lists(st.tuples(COORDINATES, COORDINATES), max_size=40))
def test_order_is_a_permutation_whatever_the_coordinates(points):
    x, y = (np.array([p[k] for p in points], dtype=float) for k in (0, 1))
    assert sorted(hilbert_order(x, y).tolist()) == list(range(len(points)))


def test_order_walks_a_grid_in_steps_to_neighbours():
    x, y = (a.ravel().astype(float) for a in np.meshgrid(np.arange(8), np.arange(8)))
    order = hilbert_order(x * 65535 / 7, y * 65535 / 7)
    steps = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert steps.tolist() == [1.0] * 63


def test_points_of_one_cell_keep_their_order():
    assert hilbert_order(np.array([5.0, 5.0, 5.0]), np.array([1.0, 1.0, 1.0])).tolist() == [0, 1, 2]


def test_unknown_points_come_last():
    assert hilbert_order(np.array([np.nan, 1.0, 0.0]), np.array([0.0, 1.0, 0.0])).tolist()[-1] == 0
