"""Which community, circle and compound a point lies in: by polygon, the smallest where they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from yike.core.tables import FloatArray, IntArray


def polygon_of_points(polygons: Sequence[Any], lon: FloatArray, lat: FloatArray) -> IntArray:
    """
    Row of the polygon each point lies in.

    Parameters
    ----------
    polygons
        Shapely polygons in WGS-84 degrees, None where a row has no boundary.
    lon, lat : shape (n,)
        NaN lies in none.

    Returns
    -------
    shape (n,), int32
        -1 outside all. On a shared border the lower row; where polygons overlap the smallest of them,
        so that a 小区 inside a community wins.
    """
    row = np.full(len(lon), -1, np.int32)
    known = np.array([i for i, p in enumerate(polygons) if p is not None], np.int64)
    inside = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(known) or not len(inside):
        return row
    shapes = np.array([polygons[i] for i in known], dtype=object)
    points = shapely.points(lon[inside], lat[inside])
    at, polygon = shapely.STRtree(shapes).query(points, predicate="intersects")
    # Written from the largest (and highest row) to the smallest, so that the last one stands.
    order = np.lexsort((-known[polygon], -np.round(shapely.area(shapes[polygon]), 15)))
    row[inside[at[order]]] = known[polygon[order]].astype(np.int32)
    return row


def circle_of_rows(community_idx: IntArray, circle_of_community: IntArray, by_polygon: IntArray) -> IntArray:
    """Circle of each row: by its community where that has one, else by the circle's own polygon."""
    if not len(circle_of_community):
        return by_polygon
    by_community = np.where(community_idx >= 0, circle_of_community[community_idx], -1).astype(np.int32)
    joined: IntArray = np.where(by_community >= 0, by_community, by_polygon).astype(np.int32)
    return joined
