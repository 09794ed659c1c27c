"""Shapes of ways and relations in degrees: closed ways at once, multipolygons ring by ring."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from yike.core.tables import EARTH_RADIUS_M, BoolArray, FloatArray, IntArray
from yike.sources.osm.objects import OsmObjects

Geometries = NDArray[np.object_]

_WAY = 1


class Shapes:
    """Makes shapes from one file; node rows and way rows are looked up once."""

    def __init__(self, objects: OsmObjects) -> None:
        self._objects = objects
        self._order = np.argsort(objects.way_id, kind="stable")
        self._sorted_id = objects.way_id[self._order]
        self.n_cut = 0  # areas of which only the part in the file is known
        self.n_lost = 0  # areas of which too little is in the file to make a shape

    def _coordinates(self, ways: IntArray) -> tuple[IntArray, IntArray, Any]:
        """Node rows of some ways in one array, the place of each row's way in ``ways``, and way sizes."""
        ptr = self._objects.way_ptr
        sizes = ptr[ways + 1] - ptr[ways]
        owner = np.repeat(np.arange(len(ways), dtype=np.int32), sizes)
        first = np.cumsum(sizes) - sizes
        at = np.arange(int(sizes.sum())) - np.repeat(first, sizes) + np.repeat(ptr[ways], sizes)
        return self._objects.node_rows(self._objects.way_ref[at]), owner, sizes

    def _points(self, rows: IntArray) -> FloatArray:
        return np.stack([self._objects.node_lon[rows], self._objects.node_lat[rows]], axis=1)

    def closed_ways(self, ways: IntArray) -> tuple[IntArray, Geometries]:
        """
        Polygons of closed ways.

        Returns
        -------
        place
            Rows of ``ways`` that gave a polygon; open ways give none.
        polygons
            One each, repaired where the outline crosses itself. Where the edge of the extract cuts an
            outline, the polygon of the nodes that are in the file stands for it.
        """
        if not len(ways):
            return np.empty(0, np.int32), np.empty(0, object)
        ref, ptr = self._objects.way_ref, self._objects.way_ptr
        last = np.maximum(ptr[ways + 1] - 1, ptr[ways])
        is_ring = (ptr[ways + 1] - ptr[ways] >= 4) & (ref[np.minimum(ptr[ways], len(ref) - 1)] == ref[last])
        place = np.flatnonzero(is_ring).astype(np.int32)
        rows, owner, sizes = self._coordinates(ways[place])
        is_cut = np.zeros(len(place), np.bool_)
        is_cut[owner[rows < 0]] = True
        is_open = np.ones(len(rows), np.bool_)
        is_open[np.cumsum(sizes) - 1] = False  # the node that closes a ring is its first again
        is_open &= rows >= 0
        rows, owner = rows[is_open], owner[is_open]
        is_shape = np.bincount(owner, minlength=len(place)) >= 3
        keep = is_shape[owner]
        polygons = np.empty(0, object)
        if keep.any():
            renumbered = (np.cumsum(is_shape) - 1)[owner[keep]]
            polygons = repaired(
                shapely.polygons(shapely.linearrings(self._points(rows[keep]), indices=renumbered))
            )
        has_area = shapely.area(polygons) > 0
        is_shape[is_shape] = has_area
        self.n_cut += int((is_cut & is_shape).sum())
        self.n_lost += int((~is_shape).sum())
        return place[is_shape], polygons[has_area]

    def lines(self, ways: IntArray) -> tuple[IntArray, Geometries]:
        """Lines of ways, over nodes that are in the file; ways with fewer than two of them give none."""
        if not len(ways):
            return np.empty(0, np.int32), np.empty(0, object)
        rows, owner, _ = self._coordinates(ways)
        rows, owner = rows[rows >= 0], owner[rows >= 0]
        count = np.bincount(owner, minlength=len(ways))
        is_line = count >= 2
        keep = is_line[owner]
        if not keep.any():
            return np.empty(0, np.int32), np.empty(0, object)
        renumbered = (np.cumsum(is_line) - 1)[owner[keep]]
        lines = shapely.linestrings(self._points(rows[keep]), indices=renumbered)
        return np.flatnonzero(is_line).astype(np.int32), lines

    def relations(self, rels: IntArray) -> tuple[IntArray, Geometries]:
        """
        Polygons of multipolygon and boundary relations; incomplete ones give what closes, or nothing.

        Returns
        -------
        place
            Rows of ``rels`` that gave a shape.
        polygons
            Polygon or MultiPolygon each, holes cut out.
        """
        place, shapes = [], []
        for i, rel in enumerate(rels.tolist()):
            outer, inner, is_whole = self._rings(rel)
            shape = _with_holes(outer, inner) if outer else None
            if shape is None or not shape.area > 0:
                self.n_lost += 1
                continue
            self.n_cut += not is_whole
            place.append(i)
            shapes.append(shape)
        out = np.empty(len(shapes), object)
        out[:] = shapes
        return np.array(place, np.int32), out

    def _rings(self, rel: int) -> tuple[list[Any], list[Any], bool]:
        """Closed outer and inner rings of one relation as polygons, and whether nothing was missing."""
        o = self._objects
        members = slice(int(o.rel_ptr[rel]), int(o.rel_ptr[rel + 1]))
        is_way = o.member_kind[members] == _WAY
        ids, roles = o.member_id[members][is_way], o.member_role[members][is_way]
        if not len(ids) or not len(self._sorted_id):
            return [], [], False
        at = np.minimum(np.searchsorted(self._sorted_id, ids), len(self._sorted_id) - 1)
        known = self._sorted_id[at] == ids
        ways = self._order[at[known]]
        is_inner = np.array([o.rel_tags.values[r] == "inner" for r in roles[known].tolist()], np.bool_)
        outer, outer_whole = self._close(ways[~is_inner])
        inner, inner_whole = self._close(ways[is_inner])
        return outer, inner, bool(known.all()) and outer_whole and inner_whole

    def _close(self, ways: Any) -> tuple[list[Any], bool]:
        """Join ways end to end into rings; (polygons, whether every way found its ring)."""
        o = self._objects
        pieces = [o.way_ref[o.way_ptr[w] : o.way_ptr[w + 1]] for w in ways.tolist()]
        rings, n_open = join_rings([p.tolist() for p in pieces if len(p) >= 2])
        polygons = []
        for ring in rings:
            rows = o.node_rows(np.array(ring, np.int64))
            if len(ring) < 4 or (rows < 0).any():
                n_open += 1
                continue
            polygons.append(shapely.polygons(self._points(rows)))
        return polygons, not n_open


def join_rings(pieces: list[list[int]]) -> tuple[list[list[int]], int]:
    """
    Join pieces (lists of node ids) at their ends into closed rings.

    Returns
    -------
    rings
        Each begins and ends with the same id.
    n_open
        Pieces left over that close with nothing.
    """
    rings = [p for p in pieces if p[0] == p[-1]]
    todo = {i: p for i, p in enumerate(pieces) if p[0] != p[-1]}
    ends: dict[int, list[int]] = {}
    for i, piece in todo.items():
        ends.setdefault(piece[0], []).append(i)
        ends.setdefault(piece[-1], []).append(i)
    n_open = 0
    while todo:
        first = min(todo)
        ring = list(todo.pop(first))
        n_joined = 1
        while ring[0] != ring[-1]:
            following = next((i for i in ends[ring[-1]] if i in todo), None)
            if following is None:
                break
            piece = todo.pop(following)
            ring += piece[1:] if piece[0] == ring[-1] else piece[-2::-1]
            n_joined += 1
        if ring[0] == ring[-1]:
            rings.append(ring)
        else:
            n_open += n_joined
    return rings, n_open


def _with_holes(outer: list[Any], inner: list[Any]) -> Any:
    shape = shapely.union_all(repaired(np.array(outer, object))) if len(outer) > 1 else outer[0]
    shape = repaired(np.array([shape], object))[0]
    if inner:
        shape = shapely.difference(shape, shapely.union_all(repaired(np.array(inner, object))))
    return shape


def repaired(polygons: Any) -> Geometries:
    """The polygons, those whose outline crosses itself made valid; one without any area becomes empty."""
    out: Geometries = np.asarray(polygons, dtype=object)
    bad = np.flatnonzero(~shapely.is_valid(out))
    if len(bad):
        out = out.copy()
        out[bad] = [_areal(shape) for shape in shapely.make_valid(out[bad])]
    return out


def _areal(shape: Any) -> Any:
    """What of a repaired shape has area: lines and points that the repair left over are dropped."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def inner_points(polygons: Geometries) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude of a point inside each shape: the centroid where that lies inside."""
    points = shapely.centroid(polygons)
    outside = ~shapely.contains(polygons, points)
    if outside.any():
        points[outside] = shapely.point_on_surface(polygons[outside])
    return shapely.get_x(points), shapely.get_y(points)


def area_m2(polygons: Geometries, lat: FloatArray) -> FloatArray:
    """
    Area of small shapes given in degrees, in square metres.

    On the sphere of the network's lengths, with the scale of longitude taken at ``lat``: for a building
    or block the error stays below one part in 10,000.
    """
    per_degree = np.radians(1.0) * EARTH_RADIUS_M
    area: FloatArray = shapely.area(polygons) * per_degree**2 * np.cos(np.radians(lat))
    return area


def is_inside(lon: FloatArray, lat: FloatArray, bounds: tuple[float, float, float, float]) -> BoolArray:
    """Whether each point lies in a box of west, south, east, north (edges included)."""
    west, south, east, north = bounds
    inside: BoolArray = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside
