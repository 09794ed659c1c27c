"""
Many shapes as few matplotlib paths.

matplotlib makes one object for every polygon and every street piece: 5 s for a city of 300,000 pieces. Here
some hundreds share one path; more in one path would exceed what its renderer holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from yike.core.tables import FloatArray

Box = tuple[float, float, float, float]
"""West, east, south, north in degrees."""

RINGS_PER_PATH, PIECES_PER_PATH = 300, 1000
MOVE, LINE, CLOSE = np.uint8(Path.MOVETO), np.uint8(Path.LINETO), np.uint8(Path.CLOSEPOLY)


def outer_rings(geometries: Iterable[Any], box: Box | None = None, smallest: float = 0.0) -> np.ndarray:
    """
    Outer rings of the polygons among some shapes, all anticlockwise.

    Parameters
    ----------
    box
        Leave out what does not touch it; by default nothing.
    smallest
        Leave out what is less wide and less high than so many degrees: nobody would see it.
    """
    shapes = np.array([g for g in geometries if g is not None], dtype=object)
    parts = shapely.get_parts(shapes) if len(shapes) else shapes
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON] if len(parts) else parts
    parts = parts[~shapely.is_empty(parts)] if len(parts) else parts
    if not len(parts):
        return parts
    west, south, east, north = shapely.bounds(parts).T
    seen = np.maximum(east - west, north - south) >= smallest
    if box is not None:
        seen &= (east >= box[0]) & (west <= box[1]) & (north >= box[2]) & (south <= box[3])
    rings = np.asarray(shapely.get_exterior_ring(parts[seen]), dtype=object)
    # Rings that share a path must turn the same way, or they would cut holes into each other.
    wrong = ~shapely.is_ccw(rings)
    rings[wrong] = shapely.reverse(rings[wrong])
    return rings


def fill_shapes(geometries: Iterable[Any], box: Box, smallest: float, **style: Any) -> PathCollection | None:
    """Filled polygons (holes are filled too), None where there is nothing to see."""
    rings = outer_rings(geometries, box, smallest)
    if not len(rings):
        return None
    paths = [_closed(rings[i : i + RINGS_PER_PATH]) for i in range(0, len(rings), RINGS_PER_PATH)]
    return PathCollection(paths, edgecolors="none", **style)


def _closed(rings: np.ndarray) -> Path:
    at, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(at), LINE)
    codes[np.r_[True, ring[1:] != ring[:-1]]] = MOVE
    codes[np.r_[ring[1:] != ring[:-1], True]] = CLOSE
    return Path(at, codes)


def line_pieces(start: FloatArray, end: FloatArray, **style: Any) -> PathCollection:
    """Straight pieces from ``start`` to ``end``, each of shape (n, 2)."""
    at = np.stack([start, end], axis=1)
    paths = []
    for i in range(0, len(at), PIECES_PER_PATH):
        some = at[i : i + PIECES_PER_PATH].reshape(-1, 2)
        paths.append(Path(some, np.tile(np.array([MOVE, LINE]), len(some) // 2)))
    return PathCollection(paths, facecolors="none", **style)
