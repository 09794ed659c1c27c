"""The layout hint on three drawn arrangements."""

import numpy as np
import pytest

from yike.core.circle.layout import hint_layout, nearest_ratio
from yike.core.circle.rules import Judgement


def centre():
    """A market hall and its square: 36 outlets on a 20 m raster, and four strays."""
    x, y = (a.ravel() * 20.0 for a in np.meshgrid(np.arange(6), np.arange(6)))
    return np.r_[x, -400, 500, 500, -400], np.r_[y, -400, -400, 500, 500]


def streets():
    """Two crossing shopping streets: an outlet every 25 m on alternating sides."""
    along = np.arange(-300, 301, 25.0)
    side = np.where(np.arange(len(along)) % 2, 6.0, -6.0)
    return np.r_[along, side], np.r_[side, along]


def scattered():
    """A raster of 150 m: nobody has a neighbour."""
    x, y = (a.ravel() * 150.0 for a in np.meshgrid(np.arange(5), np.arange(5)))
    return x, y


@pytest.mark.parametrize(
    ("arrangement", "form"), [(centre, "clustered"), (streets, "street"), (scattered, "scattered")]
)
def test_hint_tells_the_three_forms_apart(arrangement, form):
    got = hint_layout(*arrangement(), Judgement())
    assert got["form"] == form
    assert got["is_inferred"] is True


def test_hint_does_not_depend_on_where_north_is():
    x, y = streets()
    turned = hint_layout(0.6 * x - 0.8 * y, 0.8 * x + 0.6 * y, Judgement())
    assert turned["form"] == "street"


def test_hint_needs_some_outlets():
    got = hint_layout(np.arange(9.0), np.zeros(9), Judgement())
    assert (got["form"], got["n_outlets"], got["nearest_ratio"]) == ("unknown", 9, None)


def test_nearest_ratio_of_a_raster_is_two():
    # every nearest neighbour at 150 m; random points of this density would be at 75 m
    x, y = scattered()
    assert nearest_ratio(np.column_stack([x, y]), area_m2=25 * 150.0**2) == 2.0


def test_nearest_ratio_without_an_area_is_unknown():
    assert np.isnan(nearest_ratio(np.zeros((1, 2))))
    assert np.isnan(nearest_ratio(np.column_stack([np.arange(5.0), np.zeros(5)])))


def test_outlets_at_one_spot_do_not_break_the_hint():
    assert hint_layout(np.zeros(12), np.zeros(12), Judgement())["form"] == "clustered"
