"""In which circle a point lies."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import cKDTree

from yike.core.tables import FloatArray, IntArray
from yike.studies.base import Base

NEAR_HOME_M = 300.0
"""Where circles have no outline, a point this near to a home (straight) lies in the home's circle."""


def circle_of_points(
    base: Base, lon: FloatArray, lat: FloatArray, x_m: FloatArray, y_m: FloatArray
) -> IntArray:
    """
    Circle of each point, -1 none: by the circles' outlines, else by the nearest home.

    A point inside two outlines lies in the first.
    """
    polygons = base.joined.circles.polygons
    rows = [i for i, p in enumerate(polygons) if p is not None and not p.is_empty]
    circle: IntArray = np.full(len(lon), -1, np.int32)
    if rows:
        tree = shapely.STRtree([polygons[i] for i in rows])
        point, which = tree.query(shapely.points(lon, lat), predicate="intersects")
        first = np.full(len(lon), len(rows), np.int64)
        np.minimum.at(first, point, which)
        circle = np.append(np.array(rows, np.int32), np.int32(-1))[first]
    if len(rows) == len(polygons):
        return circle
    open_ones = np.flatnonzero(circle < 0)
    circle[open_ones] = _by_home(base, x_m[open_ones], y_m[open_ones])
    return circle


def _by_home(base: Base, x_m: FloatArray, y_m: FloatArray) -> IntArray:
    places = base.joined.places
    homes = np.flatnonzero(places.circle_idx >= 0)
    if not len(homes) or not len(x_m):
        return np.full(len(x_m), -1, np.int32)
    tree = cKDTree(np.c_[places.x_m[homes], places.y_m[homes]])
    _, nearest = tree.query(np.c_[x_m, y_m], distance_upper_bound=NEAR_HOME_M)
    found: IntArray = np.append(places.circle_idx[homes], np.int32(-1))[np.minimum(nearest, len(homes))]
    return found
