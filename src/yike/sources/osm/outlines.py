"""All areas of a file, from closed ways and multipolygon relations, with their tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.sources.osm.shapes import Geometries, Shapes, inner_points

if TYPE_CHECKING:
    from yike.sources.osm.objects import OsmObjects
    from yike.sources.osm.tags import TagTable

_AREA_RELATIONS = frozenset({"multipolygon", "boundary"})


@dataclass(frozen=True, eq=False)
class Outlines:
    """
    Areas as columns: ways first, then relations, each in file order.

    ``tag_row`` is the row in the way tags for the first ``n_ways`` areas, in the relation tags after that.
    """

    ids: tuple[str, ...]
    polygon: Geometries  # degrees
    lon: FloatArray  # a point inside
    lat: FloatArray
    tag_row: IntArray
    n_ways: int
    way_tags: TagTable
    rel_tags: TagTable

    def __len__(self) -> int:
        return len(self.ids)

    def _split(self) -> tuple[IntArray, IntArray]:
        return self.tag_row[: self.n_ways], self.tag_row[self.n_ways :]

    def has(self, key: str) -> BoolArray:
        """Whether each area has the key."""
        ways, rels = self._split()
        return np.concatenate([self.way_tags.has(key)[ways], self.rel_tags.has(key)[rels]])

    def is_in(self, key: str, values: frozenset[str]) -> BoolArray:
        """Whether each area has the key with one of these values."""
        ways, rels = self._split()
        return np.concatenate(
            [self.way_tags.is_in(key, values)[ways], self.rel_tags.is_in(key, values)[rels]]
        )

    def text(self, key: str) -> list[str]:
        """Value of a key per area, "" where it has none."""
        ways, rels = self._split()
        numbers = np.concatenate([self.way_tags.column(key)[ways], self.rel_tags.column(key)[rels]])
        values = self.way_tags.values
        return [values[i] if i >= 0 else "" for i in numbers.tolist()]

    def dicts(self) -> list[dict[str, str]]:
        """All kept tags of every area."""
        ways, rels = self._split()
        return self.way_tags.dicts(ways) + self.rel_tags.dicts(rels)

    def take(self, rows: IntArray) -> Outlines:
        """Some of the areas; ``rows`` must ascend."""
        return Outlines(
            tuple(self.ids[i] for i in rows.tolist()),
            self.polygon[rows],
            self.lon[rows],
            self.lat[rows],
            self.tag_row[rows],
            int((rows < self.n_ways).sum()),
            self.way_tags,
            self.rel_tags,
        )


def read_outlines(objects: OsmObjects, shapes: Shapes, keys: frozenset[str]) -> Outlines:
    """
    Areas that have one of the keys.

    A way is an area when it is closed; a relation when its type is multipolygon or boundary.
    """
    is_way, is_rel = np.zeros(objects.n_ways, np.bool_), np.zeros(len(objects.rel_id), np.bool_)
    for key in sorted(keys):
        is_way |= objects.way_tags.has(key)
        is_rel |= objects.rel_tags.has(key)
    is_rel &= objects.rel_tags.is_in("type", _AREA_RELATIONS)
    ways: IntArray = np.flatnonzero(is_way).astype(np.int32)
    rels: IntArray = np.flatnonzero(is_rel).astype(np.int32)
    way_place, way_polygons = shapes.closed_ways(ways)
    rel_place, rel_polygons = shapes.relations(rels)
    polygons = np.concatenate([way_polygons, rel_polygons])
    lon, lat = inner_points(polygons)
    way_ids = objects.way_id[ways[way_place]].tolist()
    rel_ids = objects.rel_id[rels[rel_place]].tolist()
    return Outlines(
        ids=(*(f"w{i}" for i in way_ids), *(f"r{i}" for i in rel_ids)),
        polygon=polygons,
        lon=lon,
        lat=lat,
        tag_row=np.concatenate([ways[way_place], rels[rel_place]]),
        n_ways=len(way_place),
        way_tags=objects.way_tags,
        rel_tags=objects.rel_tags,
    )
