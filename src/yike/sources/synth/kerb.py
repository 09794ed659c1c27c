"""Where outlets of a made-up city stand: beside a public street, never behind a wall."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.random import Generator

from yike.core.tables import FloatArray, IntArray
from yike.sources.synth.streets import Streets, wall_polygon

OFF_STREET_M = (5.0, 18.0)


class Kerb:
    """Public streets and walls of a city, searched by trees that are built once."""

    def __init__(self, streets: Streets) -> None:
        self.public = public_pieces(streets)
        u, v = streets.piece_from_idx[self.public], streets.piece_to_idx[self.public]
        start, end = np.c_[streets.x_m[u], streets.y_m[u]], np.c_[streets.x_m[v], streets.y_m[v]]
        self.lines = shapely.linestrings(np.stack([start, end], axis=1))
        self.tree = shapely.STRtree(self.lines)
        walled = streets.block_corner[streets.block_is_walled]
        self.walls = shapely.STRtree([shapely.Polygon(wall_polygon(c)) for c in walled])

    def beside(self, x: FloatArray, y: FloatArray, rng: Generator) -> tuple[FloatArray, FloatArray]:
        """Move points beside the nearest public piece, 5–18 m off its line."""
        points = shapely.points(x, y)
        line = self.lines[self.tree.nearest(points)]
        foot = shapely.get_coordinates(
            shapely.line_interpolate_point(line, shapely.line_locate_point(line, points))
        )
        ends = shapely.get_coordinates(line).reshape(-1, 2, 2)
        along = ends[:, 1] - ends[:, 0]
        length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
        across = np.c_[-along[:, 1], along[:, 0]] / length[:, None]
        off = rng.uniform(*OFF_STREET_M, len(x)) * np.where(rng.random(len(x)) < 0.5, 1.0, -1.0)
        for _ in range(6):
            # Where a lane comes out of its gate, off the line may be behind the wall: come closer, or
            # cross over.
            at = foot + across * off[:, None]
            behind = np.unique(self.walls.query(shapely.points(at), predicate="intersects")[0])
            if not len(behind):
                break
            off[behind] *= -0.6
        return at[:, 0].copy(), at[:, 1].copy()


def public_pieces(streets: Streets) -> IntArray:
    """Pieces that everybody may walk: streets and the lanes of open blocks."""
    block = streets.piece_block_idx
    return np.asarray(np.flatnonzero((block < 0) | ~streets.block_is_walled[block]), np.int32)
