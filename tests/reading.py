"""A small district to read files in: two streets around (116.32, 40.00), and a context for the readers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.network.build import make_network
from yike.sources.intake import ReadContext
from yike.sources.pack_spec import HeadSpec, NetworkSpec, PackSpec
from yike.standards.loader import load_types

LON, LAT = 116.32, 40.0


def reading_in(folder: Path, *, at: tuple[float, float] = (LON, LAT), **sections) -> ReadContext:
    """Context of a pack in ``folder``; ``sections`` replace those of an otherwise empty ``PackSpec``."""
    lon, lat = at
    network = make_network(
        np.array([1, 2, 3, 4]),
        np.array([lon - 0.02, lon + 0.02, lon, lon]),
        np.array([lat, lat, lat - 0.02, lat + 0.02]),
        np.array([0, 2], np.int32),
        np.array([1, 3], np.int32),
    )
    spec = PackSpec(HeadSpec("test", "测试片区", "2026-01-01", False), NetworkSpec("net.osm.pbf"), **sections)
    projection = LocalProjection(network.origin_lon, network.origin_lat)
    return ReadContext(folder, spec, load_types(), projection, network=network)


def codes_of(ctx: ReadContext, level: str = "") -> list[str]:
    """Codes of the faults found, in order; of one level when it is named."""
    return [f.code for f in ctx.faults if not level or f.level == level]


def square(lon: float, lat: float, side: float) -> list[list[list[float]]]:
    """GeoJSON coordinates of a square by its lower left corner and side in degrees."""
    right, top = lon + side, lat + side
    return [[[lon, lat], [right, lat], [right, top], [lon, top], [lon, lat]]]


def write_geojson(path: Path, features: list[tuple[str, list, dict]]) -> Path:
    """Write features given as (geometry type, coordinates, properties)."""
    rows = [
        {
            "type": "Feature",
            "properties": tags,
            "geometry": {"type": kind, "coordinates": xy} if kind else None,
        }
        for kind, xy, tags in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}, ensure_ascii=False), "utf-8")
    return path
