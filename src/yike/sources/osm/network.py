"""From the ways of an OSM file to a ``WalkNetwork``: every node of a walkable way is a vertex."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from yike.core.geo.projection import haversine_m
from yike.core.network.build import make_network
from yike.core.tables import BoolArray, ByteArray, FloatArray, IntArray, PieceFlag, WalkNetwork
from yike.errors import EmptyNetworkError, Fault
from yike.sources.osm import _row_kernels as k
from yike.sources.osm.barriers import GATE_CARRY, GATE_KEYS, WALL_KEYS, close_gates, cut_at_walls
from yike.sources.osm.convert import read_objects
from yike.sources.osm.objects import OsmObjects, Wanted
from yike.sources.osm.walkable import WAY_CARRY, WAY_KEYS, classify_ways, crosses_level

_CHUNK = 65_536


@dataclass(frozen=True)
class OsmNotes:
    """What was found while the network was made; shown by ``yike network build`` and ``pack check``."""

    file: str
    bounds: tuple[float, float, float, float] | None  # stated in the file: west, south, east, north
    n_nodes: int
    n_highways: int
    n_walkable_ways: int
    n_private_ways: int  # left out, or kept as PRIVATE pieces when asked
    n_missing_ends: int  # segments dropped because an end is not in the file
    n_cut_ways: int  # walkable ways that name nodes which are not in the file
    n_bad_nodes: int  # nodes with coordinates that are not on Earth
    n_closed_gates: int = 0  # ``gates``: barrier nodes that pedestrians may not pass
    n_blocked_by_walls: int = 0  # ``walls``: pieces dropped because they cross a wall
    faults: tuple[Fault, ...] = ()


def wanted_for_network(walls: bool = False, gates: bool = False) -> Wanted:
    """Objects and tags the network is made of."""
    return Wanted(
        node=GATE_KEYS if gates or walls else frozenset(),
        way=WAY_KEYS | (WALL_KEYS if walls else frozenset()),
        carry=WAY_CARRY | (GATE_CARRY if gates or walls else frozenset()),
    )


def read_network(
    path: Path, *, walls: bool = False, gates: bool = False, keep_private: bool = False
) -> tuple[WalkNetwork, OsmNotes]:
    """
    Read the walking network of an OSM file.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.
    walls
        Drop pieces that cross a mapped wall or fence away from any gate.
    gates
        Close barrier nodes whose tags keep pedestrians out.
    keep_private
        Keep inner lanes (``access=private``) as PRIVATE pieces instead of leaving them out.

    Returns
    -------
    network
        Vertices by ascending node id; pieces in file order; lengths by haversine on 6,371,008.8 m.
    notes
        Counts of what was found and dropped.

    Raises
    ------
    UnreadableFileError
        The file cannot be read.
    EmptyNetworkError
        Nothing in it can be walked.
    """
    path = Path(path)
    objects = read_objects(path, wanted_for_network(walls, gates))
    return network_of(objects, path.name, walls=walls, gates=gates, keep_private=keep_private)


def network_of(
    objects: OsmObjects, file: str, *, walls: bool = False, gates: bool = False, keep_private: bool = False
) -> tuple[WalkNetwork, OsmNotes]:
    """The same from objects already read (``read_osm`` reads a file once for everything)."""
    tags = objects.way_tags
    is_walkable, is_private = classify_ways(tags)
    is_kept = is_walkable | is_private if keep_private else is_walkable
    vertex_node, start, end, way, missing = _pieces(objects, is_kept)
    if not len(vertex_node):
        raise EmptyNetworkError("osm.network.empty", file=file, highways=int(tags.has("highway").sum()))
    flags = _flags(objects, is_private)[way]
    kind_idx, kinds = _kinds(objects, is_kept)
    name_idx, names = _names(objects, is_kept)
    lon, lat = objects.node_lon[vertex_node], objects.node_lat[vertex_node]
    network = make_network(
        objects.node_id[vertex_node],
        lon,
        lat,
        start,
        end,
        _lengths(lon, lat, start, end),
        flags=flags,
        kind_idx=kind_idx[way],
        kinds=kinds,
        way_id=objects.way_id[way],
        name_idx=name_idx[way],
        names=names,
    )
    notes = OsmNotes(
        file=file,
        bounds=objects.bounds,
        n_nodes=objects.n_nodes,
        n_highways=int(tags.has("highway").sum()),
        n_walkable_ways=int(is_walkable.sum()),
        n_private_ways=int(is_private.sum()),
        n_missing_ends=missing[0],
        n_cut_ways=missing[1],
        n_bad_nodes=objects.n_bad_nodes,
    )
    if walls:
        network, n_blocked = cut_at_walls(network, objects)
        notes = replace(notes, n_blocked_by_walls=n_blocked)
    if gates:
        network, n_closed = close_gates(network, objects)
        notes = replace(notes, n_closed_gates=n_closed)
    return network, replace(notes, faults=_faults(notes))


def _pieces(
    objects: OsmObjects, is_kept: BoolArray
) -> tuple[IntArray, IntArray, IntArray, IntArray, tuple[int, int]]:
    """
    Vertices (node rows), ends and way of every piece, and (segments, ways) with nodes not in the file.

    A node on a way of one node is a vertex without pieces.
    """
    ptr, rows = objects.way_ptr, objects.node_rows(objects.way_ref)
    is_vertex = np.zeros(objects.n_nodes, np.bool_)
    n, n_missing, n_cut_ways = k.count_pieces(ptr, rows, is_kept, is_vertex)
    vertex_of_node = np.cumsum(is_vertex, dtype=np.int32) - np.int32(1)
    start, end, way = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    k.fill_pieces(ptr, rows, is_kept, vertex_of_node, start, end, way)
    return np.flatnonzero(is_vertex).astype(np.int32), start, end, way, (n_missing, n_cut_ways)


def _lengths(lon: FloatArray, lat: FloatArray, start: IntArray, end: IntArray) -> FloatArray:
    """Haversine length of every piece; in chunks, whose temporary columns stay in the cache."""
    length_m = np.empty(len(start))
    for at in range(0, len(start), _CHUNK):
        a, b = start[at : at + _CHUNK], end[at : at + _CHUNK]
        length_m[at : at + _CHUNK] = haversine_m(lon[a], lat[a], lon[b], lat[b])
    return length_m


def _flags(objects: OsmObjects, is_private: BoolArray) -> ByteArray:
    tags = objects.way_tags
    flags = np.zeros(objects.n_ways, np.uint8)
    flags[tags.is_in("highway", frozenset({"steps"}))] |= np.uint8(PieceFlag.STEPS)
    flags[crosses_level(tags, "bridge")] |= np.uint8(PieceFlag.BRIDGE)
    flags[crosses_level(tags, "tunnel")] |= np.uint8(PieceFlag.TUNNEL)
    flags[is_private] |= np.uint8(PieceFlag.PRIVATE)
    return flags


def _kinds(objects: OsmObjects, is_kept: BoolArray) -> tuple[ByteArray, tuple[str, ...]]:
    """Highway class of each way; classes beyond the 255th are called ``other``."""
    idx, kinds = _renumber(objects.way_tags.column("highway"), is_kept, objects.way_tags.values)
    if len(kinds) > 255:
        idx, kinds = np.minimum(idx, 255), (*kinds[:255], "other")
    return np.maximum(idx, 0).astype(np.uint8), kinds


def _names(objects: OsmObjects, is_kept: BoolArray) -> tuple[IntArray, tuple[str, ...]]:
    return _renumber(objects.way_tags.column("name"), is_kept, objects.way_tags.values)


def _renumber(column: IntArray, is_kept: BoolArray, values: list[str]) -> tuple[IntArray, tuple[str, ...]]:
    """Number the values that kept ways use by their text, -1 for none."""
    used = np.unique(column[is_kept & (column >= 0)])
    order = sorted(range(len(used)), key=lambda i: values[used[i]])
    new = np.full(len(values) + 1, -1, np.int32)
    new[used[order]] = np.arange(len(used))
    return new[column], tuple(values[used[i]] for i in order)


def _faults(notes: OsmNotes) -> tuple[Fault, ...]:
    faults = []
    if notes.n_missing_ends:
        faults.append(
            Fault(
                "osm.network.missing_nodes",
                file=notes.file,
                level="note",
                facts={"segments": notes.n_missing_ends, "ways": notes.n_cut_ways},
            )
        )
    if notes.n_bad_nodes:
        faults.append(
            Fault(
                "osm.network.bad_nodes", file=notes.file, level="warning", facts={"count": notes.n_bad_nodes}
            )
        )
    return tuple(faults)
