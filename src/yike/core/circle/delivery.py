"""Who lies within the delivery radius of a shop: straight lines, as delivery platforms draw them."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from yike.core.tables import BoolArray, FloatArray

WHOLE_M = 1e-6
"""A home exactly on the radius counts, whatever the last digit."""


def within_radius(
    home_x_m: FloatArray,
    home_y_m: FloatArray,
    shop_x_m: FloatArray,
    shop_y_m: FloatArray,
    radius_m: FloatArray,
) -> BoolArray:
    """
    Which homes lie within the radius of any shop.

    Parameters
    ----------
    radius_m : shape (n_shops,)
        NaN unknown: such a shop reaches nobody for certain.

    Returns
    -------
    shape (n_homes,)
    """
    reached = np.zeros(len(home_x_m), np.bool_)
    known = ~np.isnan(radius_m)
    if not len(home_x_m) or not known.any():
        return reached
    tree = cKDTree(np.column_stack([home_x_m, home_y_m]))
    shops = np.column_stack([shop_x_m, shop_y_m])[known]
    for rows in tree.query_ball_point(shops, radius_m[known] + WHOLE_M):
        reached[rows] = True
    return reached
