import numpy as np
import pytest

from yike.core.network.build import make_network
from yike.errors import EmptyNetworkError, InputError

LON, LAT = np.array([116.30, 116.31]), np.array([39.90, 39.90])


def test_make_network_measures_pieces_by_great_circle_and_centres_the_origin():
    network = make_network(np.array([7, 8]), LON, LAT, np.array([0]), np.array([1]))
    # 0.01 degrees at 39.9 N: 1111.95 m x cos 39.9 = 853.05 m
    assert network.piece_length_m[0] == pytest.approx(853.05, abs=0.01)
    assert (network.origin_lon, network.origin_lat) == pytest.approx((116.305, 39.9))
    assert network.vertex_x_m == pytest.approx([-426.52, 426.52], abs=0.01)
    assert network.vertex_id.tolist() == [7, 8]


def test_make_network_from_local_metres_places_them_around_the_origin():
    network = make_network(
        np.array([1, 2]), None, None, np.array([0]), np.array([1]),
        origin=(116.3, 39.9), x_m=np.array([0.0, 0.0]), y_m=np.array([0.0, 300.0]),
    )  # fmt: skip
    assert network.vertex_lat == pytest.approx([39.9, 39.9 + 300 / 111_195.08])
    assert network.piece_length_m[0] == pytest.approx(300.0)


def test_make_network_keeps_loops_parallels_and_zero_lengths():
    network = make_network(
        np.array([1, 2]), LON, LAT, np.array([0, 0, 0]), np.array([0, 1, 1]), np.array([30.0, 0.0, 5.0])
    )
    assert network.n_pieces == 3
    assert network.piece_length_m.tolist() == [30.0, 0.0, 5.0]


def test_make_network_without_vertices_is_refused():
    empty = np.array([], dtype=np.int64)
    with pytest.raises(EmptyNetworkError, match="路网里一个点也没有"):
        make_network(empty, empty.astype(float), empty.astype(float), empty, empty)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_make_network_refuses_coordinates_that_are_no_numbers(bad):
    with pytest.raises(InputError, match="第 1 个点") as caught:
        make_network(np.array([1, 2]), np.array([116.3, bad]), LAT, np.array([0]), np.array([1]))
    assert caught.value.code == "network.vertex.not_finite"


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_make_network_refuses_lengths_that_are_negative_or_unknown(bad):
    with pytest.raises(InputError, match="长度是负数或不明"):
        make_network(np.array([1, 2]), LON, LAT, np.array([0]), np.array([1]), np.array([bad]))


def test_make_network_refuses_an_index_outside():
    with pytest.raises(ValueError, match="points outside"):
        make_network(np.array([1, 2]), LON, LAT, np.array([0]), np.array([2]), np.array([1.0]))
