"""
Which community, circle and compound a point lies in.

By polygon, the smallest where they overlap; by name where there is no polygon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from yike.core.tables import Circles, Communities, FloatArray, IntArray, Outlets, WalkNetwork
from yike.sources.intake import ReadContext
from yike.sources.names import match_name


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


def join_outlets(
    ctx: ReadContext,
    outlets: Outlets,
    communities: Communities,
    circles: Circles,
    circle_of_community: IntArray,
) -> Outlets:
    """
    Outlets with the community and circle they lie in.

    By polygon; where communities have none, by the list's own 社区 or 生活圈 column. One in no community may
    still lie in a circle's polygon, and where the whole pack is one circle every outlet belongs to it.
    What is left where circles have no boundary goes with the homes nearest on foot: the study does that, as
    ``settled["outlets_by_walk"]`` asks.
    """
    community = polygon_of_points(communities.polygons, outlets.lon, outlets.lat)
    by_name = _by_name(ctx, outlets, "community", communities.name, communities.community_id)
    community = np.where(community >= 0, community, by_name).astype(np.int32)
    circle = polygon_of_points(circles.polygons, outlets.lon, outlets.lat)
    if len(circle_of_community):
        of_own = np.where(community >= 0, circle_of_community[community], -1)
        circle = np.where(of_own >= 0, of_own, circle).astype(np.int32)
    elif len(circles) == 1 and (circles.polygons[0] is None or ctx.spec.circles.source == "none"):
        # the whole pack is the circle; the box drawn for it is only for maps
        circle = np.zeros(len(outlets), np.int32)
    by_name = _by_name(ctx, outlets, "circle", circles.name, circles.circle_id)
    circle = np.where(circle >= 0, circle, by_name).astype(np.int32)
    _tell_left(ctx, outlets, circle, communities, circles)
    return replace(outlets, community_idx=community, circle_idx=circle)


def _tell_left(
    ctx: ReadContext, outlets: Outlets, circle: IntArray, communities: Communities, circles: Circles
) -> None:
    """Outlets that no boundary and no column puts into a circle."""
    n_left = int(np.sum(circle < 0))
    if not n_left or not len(circles) or communities.delineation == "walking_voronoi":
        return
    file = ctx.spec.outlets.file or ctx.spec.network.file
    if all(p is None for p in circles.polygons):
        ctx.settled["outlets_by_walk"] = True
        ctx.add("outlets.circle.by_walk", file=file, count=n_left, level="note")
        ctx.estimates.append("部分网点所在生活圈为推定：生活圈没有界线，网点归入步行最近的居住点所在的圈。")
    else:
        ctx.add("outlets.circle.outside", file=file, count=n_left, level="note")


def _by_name(
    ctx: ReadContext, outlets: Outlets, kind: str, names: tuple[str, ...], ids: tuple[str, ...]
) -> IntArray:
    """
    Area by the 社区 or 生活圈 column ("community", "circle") of the outlet list.

    Names nobody knows are one warning each.
    """
    cells = ctx.settled.get("outlet_areas", {}).get(kind, ("",) * len(outlets))
    found: dict[str, int] = {"": -1}
    for cell in cells:
        if cell not in found and len(names):
            match = match_name(cell, names, ids)
            found[cell] = match.idx
            if match.idx < 0:
                near = "、".join(match.suggestions) or "没有相近的"
                ctx.add(
                    f"outlets.{kind}.unknown",
                    level="warning",
                    file=ctx.spec.outlets.file,
                    found=cell,
                    near=near,
                )
    return np.array([found.get(c, -1) for c in cells], np.int32)


def points_outside(network: WalkNetwork, x_m: FloatArray, y_m: FloatArray, margin_m: float) -> IntArray:
    """Rows of points farther than the margin outside the box of the streets, ascending."""
    if not network.n_vertices or not len(x_m):
        return np.zeros(0, np.int32)
    far = np.zeros(len(x_m), np.bool_)
    for at, street in ((x_m, network.vertex_x_m), (y_m, network.vertex_y_m)):
        far |= (at < street.min() - margin_m) | (at > street.max() + margin_m)
    return np.flatnonzero(far).astype(np.int32)
