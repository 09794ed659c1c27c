"""The walking network read object by object with osmium: slow and plain."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import osmium

NOT_WALKABLE = (
    *("abandoned", "bus_guideway", "construction", "corridor", "elevator", "escape", "motorway"),
    *("motorway_link", "no", "platform", "proposed", "raceway", "razed", "trail"),
)


def is_walkable(tags) -> bool:
    """The reference filter, word by word."""
    if "highway" not in tags or tags["highway"] in NOT_WALKABLE:
        return False
    if tags.get("foot") in ("no", "private") or tags.get("area") == "yes":
        return False
    allowed = tags.get("foot") in ("yes", "designated", "permissive")
    return allowed or tags.get("access") not in ("no", "private")


def read_pieces(path: Path) -> tuple[dict[int, tuple[float, float]], list[tuple[int, int, int]]]:
    """Vertices (id -> lon, lat) and pieces (way, from, to) in the file's order."""
    places, vertices, pieces = {}, {}, []
    for obj in osmium.FileProcessor(str(path)):
        if obj.is_node():
            places[obj.id] = (obj.location.lon, obj.location.lat)
        elif obj.is_way() and is_walkable({t.k: t.v for t in obj.tags}):
            refs = [n.ref for n in obj.nodes]
            vertices |= {ref: places[ref] for ref in refs if ref in places}
            pieces += [(obj.id, a, b) for a, b in pairwise(refs) if a in places and b in places and a != b]
    return vertices, pieces
