"""
Picks out of a large OSM file what lies in an area: several readings, each keeping only what it needs.

A province of 20 million nodes is read with the memory of the city inside: nodes in the area first, then the
ways that touch them (whole), the multipolygons those ways belong to (whole), and at last the objects.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yike.core.tables import BoolArray, FloatArray, LongArray
from yike.errors import InputError
from yike.sources.osm.areas import AREA_CARRY, AREA_KEYS, read_areas
from yike.sources.osm.objects import Keep, OsmObjects, Wanted, among, nothing
from yike.sources.osm.outlines import read_outlines
from yike.sources.osm.pbf import read_pbf
from yike.sources.osm.shapes import Shapes

_NO_WAYS = Keep(ways=nothing, rels=nothing)


def read_within(path: Path, polygon: Any) -> OsmObjects:
    """
    All objects of a PBF file that lie in or touch an area, with every tag.

    Parameters
    ----------
    path
        ``.osm.pbf``; zlib blobs (``convert.as_plain_pbf`` makes it so).
    polygon
        Shapely polygon in degrees.

    Returns
    -------
    Nodes inside; ways with a node inside, whole; multipolygon relations of those ways, whole; other
    relations with a member kept, members as they stand.
    """
    inside = read_pbf(path, Wanted(), Keep(nodes=_in_area(polygon), ways=nothing, rels=nothing)).node_id
    ways = read_pbf(
        path, Wanted(relation=frozenset({"type"}), all_ways=True), Keep(nodes=nothing, ways=_touching(inside))
    )
    way_ids, rel_ids = _with_members(ways, inside)
    refs = read_pbf(
        path, Wanted(all_ways=True), Keep(nodes=nothing, ways=among(way_ids), rels=nothing)
    ).way_ref
    node_ids = np.union1d(inside, refs)
    keep = Keep(nodes=among(node_ids), ways=among(way_ids), rels=among(rel_ids))
    return read_pbf(path, Wanted(all_ways=True, all_tags=True), keep)


def _in_area(polygon: Any) -> Any:
    shapely.prepare(polygon)
    west, south, east, north = polygon.bounds

    def mask(_ids: LongArray, lon: FloatArray, lat: FloatArray) -> BoolArray:
        inside: BoolArray = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        rows = np.flatnonzero(inside)
        inside[rows] = shapely.contains_xy(polygon, lon[rows], lat[rows])
        return inside

    return mask


def _touching(node_ids: LongArray) -> Any:
    is_wanted = among(node_ids)

    def mask(ids: LongArray, ptr: LongArray, ref: LongArray) -> BoolArray:
        touched = np.zeros(len(ids), np.bool_)
        owner = np.repeat(np.arange(len(ids)), np.diff(ptr))
        touched[owner[is_wanted(ref)]] = True
        return touched

    return mask


def _with_members(ways: OsmObjects, node_ids: LongArray) -> tuple[LongArray, LongArray]:
    """Ids of ways to keep (multipolygons made whole) and of relations to keep."""
    way_ids = np.unique(ways.way_id)
    owner = np.repeat(np.arange(len(ways.rel_id)), np.diff(ways.rel_ptr))
    touches = (ways.member_kind == 1) & among(way_ids)(ways.member_id)
    touches |= (ways.member_kind == 0) & among(node_ids)(ways.member_id)
    is_kept = np.zeros(len(ways.rel_id), np.bool_)
    is_kept[owner[touches]] = True
    whole = is_kept & ways.rel_tags.is_in("type", frozenset({"multipolygon"}))
    more = ways.member_id[(ways.member_kind == 1) & whole[owner]]
    return np.union1d(way_ids, more), np.unique(ways.rel_id[is_kept])


def find_area(path: Path, name: str) -> Any:
    """
    Polygon of the boundary, place or residential area of this name in a PBF file.

    Of several the largest administrative boundary is taken, else the largest area.

    Raises
    ------
    InputError
        ``osm.extract.no_area``: nothing of this name has an outline; names that are close are listed.
    """
    wanted = Wanted(way=AREA_KEYS, relation=AREA_KEYS, carry=AREA_CARRY | {"type"})
    named = read_pbf(path, wanted, Keep(nodes=nothing))
    way_ids = _rows_named(named.way_id, named.way_tags, name)
    rel_ids = _rows_named(named.rel_id, named.rel_tags, name)
    found = _assemble(path, wanted, way_ids, rel_ids)
    polygons = [
        (kind == "boundary", shape.area, shape)
        for kind, shape in zip(found.kind, found.geometry.tolist(), strict=True)
        if shape.geom_type != "Point"
    ]
    if not polygons:
        near = _near_names(name, named)
        raise InputError("osm.extract.no_area", file=path.name, area=name, near=near or "（没有）")
    return max(polygons, key=lambda p: p[:2])[2]


def _rows_named(ids: LongArray, tags: Any, name: str) -> LongArray:
    hit = np.zeros(len(ids), np.bool_)
    for key in ("name", "name:zh"):
        hit |= tags.is_in(key, frozenset({name}))
    return np.unique(ids[hit])


def _assemble(path: Path, wanted: Wanted, way_ids: LongArray, rel_ids: LongArray) -> Any:
    """Areas of some ways and relations, read with just the ways and nodes they need."""
    rels = read_pbf(path, wanted, Keep(nodes=nothing, ways=nothing, rels=among(rel_ids)))
    ways = np.union1d(way_ids, rels.member_id[rels.member_kind == 1])
    every_way = Wanted(wanted.node, wanted.way, wanted.relation, wanted.carry, all_ways=True)
    refs = read_pbf(path, every_way, Keep(nodes=nothing, ways=among(ways), rels=nothing)).way_ref
    keep = Keep(nodes=among(np.unique(refs)), ways=among(ways), rels=among(rel_ids))
    objects = read_pbf(path, every_way, keep)
    outlines = read_outlines(objects, Shapes(objects), AREA_KEYS)
    chosen = np.isin(outlines.ids, [*(f"w{i}" for i in way_ids), *(f"r{i}" for i in rel_ids)])
    return read_areas(objects, outlines.take(np.flatnonzero(chosen).astype(np.int32)))


def _near_names(name: str, named: OsmObjects) -> str:
    texts = {*named.way_tags.text("name"), *named.rel_tags.text("name")} - {""}
    close = [t for t in sorted(texts) if name in t or t in name]
    close += difflib.get_close_matches(name, sorted(texts), n=5, cutoff=0.4)
    return "、".join(list(dict.fromkeys(close))[:6])
