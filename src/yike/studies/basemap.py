"""Shapes of the quiet ground of maps: water, green, buildings, as far as the pack's OSM file has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yike.sources.pack import Pack

LAYERS = {"water": ("water", "waterway"), "green": ("green",), "rail": ("rail",)}


def basemap_of(pack: Pack) -> Mapping[str, tuple[Any, ...]]:
    """Layer name -> shapes in WGS-84 degrees; empty where the network is not an OSM file."""
    if pack.osm is None:
        return {}
    shapes: dict[str, tuple[Any, ...]] = {}
    if pack.osm.base is not None:
        for name, layers in LAYERS.items():
            shapes[name] = tuple(s for layer in layers for s in pack.osm.base.of(layer))
    if pack.osm.buildings is not None:
        shapes["building"] = tuple(pack.osm.buildings.polygon)
    return shapes
