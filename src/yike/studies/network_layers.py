"""A network by itself: what it holds in figures, as a layer for a map, and how far one walks on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import shapely

from yike.core.network.attach import attach_points
from yike.core.network.contract import build_graph
from yike.core.network.isochrone import ReachArea, lay_out_streets, reach_each, reach_polygons
from yike.core.network.profile import WalkProfile
from yike.core.tables import FloatArray, PieceFlag, WalkNetwork
from yike.errors import UnreadableFileError

_FLAGS = {
    "steps": PieceFlag.STEPS,
    "private": PieceFlag.PRIVATE,
    "bridge": PieceFlag.BRIDGE,
    "tunnel": PieceFlag.TUNNEL,
}
_DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG"}


def summarise_network(network: WalkNetwork, profile: WalkProfile) -> dict[str, Any]:
    """
    Figures of a network: vertices, pieces, kilometres by kind, junctions and connected parts.

    Parameters
    ----------
    network
        The streets.
    profile
        Who walks: junctions, edges and parts are those of the graph under this profile.
    """
    graph = build_graph(network, profile)
    sizes = np.sort(graph.component_size)[::-1]
    km = network.piece_length_m / 1000
    by_kind = np.bincount(network.piece_kind_idx, weights=km, minlength=len(network.kinds))
    known = np.isfinite(network.vertex_lon)
    bounds = None
    if known.any():
        lon, lat = network.vertex_lon[known], network.vertex_lat[known]
        bounds = [round(float(v), 6) for v in (lon.min(), lat.min(), lon.max(), lat.max())]
    return {
        "vertices": network.n_vertices,
        "pieces": network.n_pieces,
        "length_km": round(float(km.sum()), 3),
        "junctions": graph.n_junctions,
        "edges": graph.n_edges,
        "components": len(sizes),
        "largest_component": int(sizes[0]) if len(sizes) else 0,
        "bounds": bounds,
        "km_by_kind": {
            kind or "unknown": round(float(total), 3)
            for kind, total in sorted(
                zip(network.kinds, by_kind, strict=True), key=lambda item: (-item[1], item[0])
            )
            if total > 0
        },
        "km_by_flag": {
            name: round(float(km[(network.piece_flags & flag) != 0].sum()), 3)
            for name, flag in _FLAGS.items()
        },
    }


def write_network(network: WalkNetwork, path: Path) -> None:
    """
    Write the street pieces as ``.geojson``, ``.gpkg`` or ``.parquet`` (WKB geometry, WGS-84).

    Raises
    ------
    UnreadableFileError
        Another suffix, or a network without coordinates.
    """
    suffix = path.suffix.casefold()
    if suffix not in (*_DRIVERS, ".parquet"):
        expected = " ".join((*_DRIVERS, ".parquet"))
        raise UnreadableFileError("lines.out.suffix", file=path.name, expected=expected)
    if not np.isfinite(network.vertex_lon).all():
        raise UnreadableFileError("lines.out.no_coordinates", file=path.name)
    names = np.array([*network.names, ""], object)
    columns: dict[str, Any] = {
        "piece": np.arange(network.n_pieces, dtype=np.int64),
        "way_id": network.piece_way_id,
        "from_id": network.vertex_id[network.piece_from_idx],
        "to_id": network.vertex_id[network.piece_to_idx],
        "kind": np.array(network.kinds, object)[network.piece_kind_idx],
        "name": names[network.piece_name_idx],
        "length_m": np.round(network.piece_length_m, 3),
        "steps": (network.piece_flags & PieceFlag.STEPS) != 0,
    }
    ends = np.stack([network.piece_from_idx, network.piece_to_idx], axis=1)
    lines = shapely.linestrings(np.stack([network.vertex_lon[ends], network.vertex_lat[ends]], axis=2))
    wkb = shapely.to_wkb(lines)
    path.unlink(missing_ok=True)
    if suffix == ".parquet":
        pq.write_table(pa.table({**columns, "geometry": wkb}), path)
        return
    pyogrio.raw.write(
        path,
        wkb,
        list(columns.values()),
        list(columns),
        driver=_DRIVERS[suffix],
        geometry_type="LineString",
        crs="EPSG:4326",
        layer="streets",
    )


@dataclass(frozen=True)
class Reach:
    """One isochrone of the command: which start (0 = all together), and the area."""

    start: int
    area: ReachArea
    people: float  # residents within the walk, NaN unknown


def reach_areas(
    network: WalkNetwork,
    profile: WalkProfile,
    lon: FloatArray,
    lat: FloatArray,
    cutoffs_s: Sequence[float],
    *,
    each: bool = False,
    people: tuple[FloatArray, FloatArray, FloatArray] | None = None,
) -> tuple[list[Reach], list[int]]:
    """
    Isochrones from points.

    Parameters
    ----------
    network, profile
        Streets, and who walks.
    lon, lat : shape (n,)
        Start points in degrees.
    cutoffs_s
        Walking times.
    each
        One isochrone per start and cutoff, instead of one per cutoff from the nearest start.
    people
        Longitude, latitude and number of residents, to be counted along the streets.

    Returns
    -------
    areas
        In the order of starts, then cutoffs; ``start`` counts from 1, 0 for all together.
    unattached
        Starts (from 1) that are too far from any street.
    """
    from yike.core.geo.projection import LocalProjection

    graph = build_graph(network, profile)
    projection = LocalProjection(network.origin_lon, network.origin_lat)
    x_m, y_m = projection.forward(lon, lat)
    starts = attach_points(network, graph, np.asarray(x_m), np.asarray(y_m))
    rows = np.flatnonzero(starts.is_attached)
    unattached = [int(i) + 1 for i in np.flatnonzero(~starts.is_attached)]
    if not len(rows):
        return [], unattached
    drawing = lay_out_streets(network, graph)
    if each:
        groups = reach_each(network, graph, starts, cutoffs_s, rows=rows.astype(np.int32), drawing=drawing)
        labels, members = [int(r) + 1 for r in rows], [[int(r)] for r in rows]
    else:
        groups = [
            reach_polygons(network, graph, starts, cutoffs_s, rows=rows.astype(np.int32), drawing=drawing)
        ]
        labels, members = [0], [[int(r) for r in rows]]
    seconds = [None] * len(groups)
    if people is not None:
        seconds = [
            _seconds_to(network, graph, projection, x_m, y_m, m, people, max(cutoffs_s)) for m in members
        ]
    return [
        Reach(label, area, _within(people, walk, area.cutoff_s))
        for label, areas, walk in zip(labels, groups, seconds, strict=True)
        for area in areas
    ], unattached


def _seconds_to(
    network: WalkNetwork,
    graph: Any,
    projection: Any,
    start_x: Any,
    start_y: Any,
    members: list[int],
    people: tuple[FloatArray, FloatArray, FloatArray],
    limit_s: float,
) -> Any:
    """Seconds from the nearest of some starts to every place with people."""
    from yike.studies.isochrones import walk_from

    x, y = projection.forward(people[0], people[1])
    x, y = (
        np.concatenate([np.asarray(start_x)[members], x]),
        np.concatenate([np.asarray(start_y)[members], y]),
    )
    attached = attach_points(network, graph, x, y)
    best = np.full(len(people[0]), np.inf)
    for i in range(len(members)):
        best = np.minimum(best, walk_from(graph, attached, i, limit_s)[len(members) :])
    return best


def _within(people: Any, seconds: Any, cutoff_s: float) -> float:
    if people is None:
        return math.nan
    reached = people[2][seconds <= cutoff_s]
    known = reached[~np.isnan(reached)]
    return math.nan if len(reached) and not len(known) else float(known.sum())
