"""Tables with a row more, and the areas of outlets that are new or elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from yike.core.tables import Communities, Outlets, Places
from yike.sources.pack import Pack
from yike.sources.pack_join import polygon_of_points


def find_areas(
    pack: Pack, communities: Communities, outlets: Outlets, moved: Sequence[int]
) -> tuple[Outlets, bool]:
    """
    Communities and circles of outlets that are new or moved, by the rules of ``sources.pack_join``.

    Returns
    -------
    The outlets, and whether some are to go with the homes nearest on foot.
    """
    rows = np.array(moved, np.int64)
    lon, lat = outlets.lon[rows], outlets.lat[rows]
    community = polygon_of_points(communities.polygons, lon, lat)
    circle = polygon_of_points(pack.circles.polygons, lon, lat)
    if len(communities):
        of_own = np.where(community >= 0, communities.circle_idx[community], -1)
        circle = np.where(of_own >= 0, of_own, circle).astype(np.int32)
    elif len(pack.circles) == 1 and (pack.circles.polygons[0] is None or pack.spec.circles.source == "none"):
        circle = np.zeros(len(rows), np.int32)
    all_communities, all_circles = outlets.community_idx.copy(), outlets.circle_idx.copy()
    all_communities[rows], all_circles[rows] = community, circle
    no_borders = len(pack.circles) > 0 and all(p is None for p in pack.circles.polygons)
    by_walk = bool((circle < 0).any()) and no_borders and communities.delineation != "walking_voronoi"
    return replace(outlets, community_idx=all_communities, circle_idx=all_circles), by_walk


def longer(column: Any, value: Any) -> Any:
    """A column with one more value."""
    if isinstance(column, tuple):
        return (*column, value)
    if column.ndim > 1:
        return np.concatenate([column, np.asarray(value, column.dtype)[None]])
    return np.append(column, np.asarray([value], column.dtype))


def with_outlet(outlets: Outlets, row: dict[str, Any], services: list[int]) -> Outlets:
    """The outlets with one more."""
    columns = {
        f.name: longer(getattr(outlets, f.name), row[f.name]) for f in fields(outlets) if f.name in row
    }
    ptr = outlets.service_ptr
    return replace(
        outlets,
        **columns,
        service_ptr=np.append(ptr, ptr[-1] + len(services)),
        service_type_idx=np.append(outlets.service_type_idx, np.array(services, np.int32)),
    )


def with_place(places: Places, row: dict[str, Any]) -> Places:
    """The places with one more."""
    return replace(places, **{name: longer(getattr(places, name), value) for name, value in row.items()})
