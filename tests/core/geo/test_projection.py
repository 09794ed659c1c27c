import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yike.core.geo.projection import LocalProjection, haversine_m
from yike.core.tables import EARTH_RADIUS_M

DEGREE_M = np.pi / 180 * EARTH_RADIUS_M  # 111,195.08 m


def test_forward_of_the_origin_is_zero():
    x, y = LocalProjection(116.3, 39.9).forward(116.3, 39.9)
    assert (float(x), float(y)) == (0.0, 0.0)


def test_forward_one_degree_north_is_one_degree_of_arc():
    x, y = LocalProjection(116.3, 39.0).forward(116.3, 40.0)
    assert float(x) == pytest.approx(0.0, abs=1e-9)
    assert float(y) == pytest.approx(DEGREE_M, abs=1e-6)


def test_forward_east_on_the_equator_stretches_as_transverse_mercator_does():
    x, _ = LocalProjection(0.0, 0.0).forward(1.0, 0.0)
    assert float(x) == pytest.approx(EARTH_RADIUS_M * np.arctanh(np.sin(np.radians(1.0))), abs=1e-6)


@given(
    st.floats(-179, 179),
    st.floats(-80, 80),
    st.floats(-0.5, 0.5),
    st.floats(-0.5, 0.5),
)
def test_inverse_undoes_forward(origin_lon, origin_lat, east, north):
    projection = LocalProjection(origin_lon, origin_lat)
    lon, lat = projection.inverse(*projection.forward(origin_lon + east, origin_lat + north))
    assert float(lon) == pytest.approx(origin_lon + east, abs=1e-11)
    assert float(lat) == pytest.approx(origin_lat + north, abs=1e-11)


@given(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.floats(0, 360))
def test_local_metres_agree_with_great_circle_within_40_km(east, north, bearing):
    projection = LocalProjection(116.3, 39.9)
    lon, lat = 116.3 + east, 39.9 + north
    lon2 = lon + 0.002 * np.sin(np.radians(bearing))
    lat2 = lat + 0.002 * np.cos(np.radians(bearing))
    x1, y1 = projection.forward(lon, lat)
    x2, y2 = projection.forward(lon2, lat2)
    assert np.hypot(x2 - x1, y2 - y1) == pytest.approx(float(haversine_m(lon, lat, lon2, lat2)), rel=3e-5)


def test_haversine_of_a_quarter_of_the_earth():
    assert float(haversine_m(0.0, 0.0, 90.0, 0.0)) == pytest.approx(np.pi / 2 * EARTH_RADIUS_M)


def test_haversine_works_elementwise_and_is_zero_for_equal_points():
    got = haversine_m(
        np.array([10.0, 20.0]), np.array([5.0, 6.0]), np.array([10.0, 20.0]), np.array([5.0, 7.0])
    )
    assert got[0] == 0.0
    assert got[1] == pytest.approx(DEGREE_M)


def test_forward_keeps_unknown_coordinates_unknown():
    x, y = LocalProjection(0.0, 0.0).forward(np.array([np.nan, 0.1]), np.array([0.0, np.nan]))
    assert np.isnan(x).tolist() == [True, True]
    assert np.isnan(y).tolist() == [True, True]
