"""Writes objects in memory as a PBF file: nodes, ways, relations by ascending id, without metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import osmium
from osmium.osm import mutable

from yike.core.tables import IntArray
from yike.sources.osm.objects import OsmObjects
from yike.sources.osm.tags import TagTable

_SORT = "nwr"


def write_pbf(objects: OsmObjects, path: Path, bounds: tuple[float, float, float, float] | None) -> None:
    """
    Write a PBF file.

    Parameters
    ----------
    objects
        Read with ``Wanted(all_tags=True)``, so that nothing is lost.
    path
        New file; one that is there is replaced.
    bounds
        West, south, east, north for the header.
    """
    header = osmium.io.Header()
    if bounds is not None:
        west, south, east, north = bounds
        header.add_box(osmium.osm.Box(west, south, east, north))
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(osmium.io.File(str(path), "pbf,add_metadata=none"), header=header)
    try:
        _write_nodes(writer, objects)
        _write_ways(writer, objects)
        _write_relations(writer, objects)
    finally:
        writer.close()


def _tags_by_object(tags: TagTable) -> dict[int, dict[str, str]]:
    rows: IntArray = np.unique(tags.obj_idx).astype(np.int32)
    return dict(zip(rows.tolist(), tags.dicts(rows), strict=True))


def _write_nodes(writer: Any, objects: OsmObjects) -> None:
    tags = _tags_by_object(objects.node_tags)
    places = zip(objects.node_lon.tolist(), objects.node_lat.tolist(), strict=True)
    for i, (ident, place) in enumerate(zip(objects.node_id.tolist(), places, strict=True)):
        writer.add_node(mutable.Node(id=ident, location=place, tags=tags.get(i, {})))


def _write_ways(writer: Any, objects: OsmObjects) -> None:
    tags = _tags_by_object(objects.way_tags)
    refs, ptr = objects.way_ref.tolist(), objects.way_ptr.tolist()
    for i in np.argsort(objects.way_id, kind="stable").tolist():
        nodes = refs[ptr[i] : ptr[i + 1]]
        writer.add_way(mutable.Way(id=int(objects.way_id[i]), nodes=nodes, tags=tags.get(i, {})))


def _write_relations(writer: Any, objects: OsmObjects) -> None:
    tags = _tags_by_object(objects.rel_tags)
    kinds, ids = objects.member_kind.tolist(), objects.member_id.tolist()
    roles = [objects.rel_tags.values[r] for r in objects.member_role.tolist()]
    ptr = objects.rel_ptr.tolist()
    for i in np.argsort(objects.rel_id, kind="stable").tolist():
        members = [(_SORT[kinds[m]], ids[m], roles[m]) for m in range(ptr[i], ptr[i + 1])]
        writer.add_relation(
            mutable.Relation(id=int(objects.rel_id[i]), members=members, tags=tags.get(i, {}))
        )
