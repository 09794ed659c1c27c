import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yike.core.geo.datum import DATUMS, from_wgs84, to_wgs84
from yike.core.geo.projection import haversine_m
from yike.errors import CoordinateSystemError

# Where people live, away from the edge of the shift's box.
CHINA = st.tuples(st.floats(73.0, 137.0), st.floats(2.0, 55.0))


def test_from_wgs84_to_gcj02_agrees_with_the_published_vector():
    lon, lat = from_wgs84(116.404, 39.915, "gcj02")
    assert float(lon) == pytest.approx(116.410244499, abs=5e-10)
    assert float(lat) == pytest.approx(39.916404282, abs=5e-10)


def test_gcj02_to_bd09_agrees_with_the_published_vector():
    lon, lat = from_wgs84(*to_wgs84(116.404, 39.915, "gcj02"), "bd09")
    assert float(lon) == pytest.approx(116.410369494, abs=5e-10)
    assert float(lat) == pytest.approx(39.921336994, abs=5e-10)


@pytest.mark.parametrize("datum", DATUMS)
@given(CHINA)
def test_round_trip_is_closer_than_a_nanodegree(datum, point):
    lon, lat = from_wgs84(*to_wgs84(*point, datum), datum)
    assert (float(lon), float(lat)) == pytest.approx(point, abs=1e-9)
    lon, lat = to_wgs84(*from_wgs84(*point, datum), datum)
    assert (float(lon), float(lat)) == pytest.approx(point, abs=1e-9)


@pytest.mark.parametrize(
    ("datum", "least_m", "most_m"), [("gcj02", 385, 595), ("bd09", 1000, 1400), ("cgcs2000", 0, 0)]
)
def test_shift_in_the_seed_places_is_as_large_as_known(datum, least_m, most_m):
    lon, lat = np.array([105.72, 111.87, 110.0, 112.85]), np.array([34.58, 34.75, 27.2, 35.49])
    moved = haversine_m(lon, lat, *from_wgs84(lon, lat, datum))
    assert moved.min() >= least_m
    assert moved.max() <= most_m


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("point", [(24.94, 60.17), (-15.41, 28.1), (-46.6, -23.5), (7.42, 43.73)])
def test_outside_china_nothing_moves(datum, point):
    assert tuple(map(float, from_wgs84(*point, datum))) == point
    assert tuple(map(float, to_wgs84(*point, datum))) == point


def test_unknown_coordinates_stay_unknown_and_do_not_spoil_others():
    lon, lat = to_wgs84(np.array([np.nan, 116.404]), np.array([39.0, 39.915]), "gcj02")
    alone = to_wgs84(116.404, 39.915, "gcj02")
    assert np.isnan(lon[0])
    assert (lon[1], lat[1]) == (float(alone[0]), float(alone[1]))


def test_unknown_datum_is_refused_by_name():
    with pytest.raises(CoordinateSystemError, match="beijing54"):
        to_wgs84(116.0, 39.0, "beijing54")
