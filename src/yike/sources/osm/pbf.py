"""
Reads a PBF file in bulk: whole blocks become arrays, no Python object is made per node or way.

Read object by object, a city of one million nodes takes eight to nineteen seconds; in bulk under one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.tables import IntArray, LongArray
from yike.errors import UnreadableFileError
from yike.sources.osm import _kernels as k
from yike.sources.osm.blobs import KNOWN_FEATURES, Header, NeedsOsmium, iterate_blobs, read_header
from yike.sources.osm.objects import Keep, OsmObjects, Wanted
from yike.sources.osm.tags import TagTable

_NANO = 1e9
_MAX_GROUPS = 65_536


def _fnv1a(text: bytes) -> int:
    value = 14695981039346656037
    for byte in text:
        value = ((value ^ byte) * 1099511628211) % 2**64
    return value


class _Names:
    """Numbers for keys and values across blocks; every block has a string table of its own."""

    def __init__(self, wanted: Wanted) -> None:
        self.keys = wanted.keys
        self.trigger = np.array(
            [
                k.ON_NODE * (key in wanted.node)
                | k.ON_WAY * (key in wanted.way)
                | k.ON_REL * (key in wanted.relation)
                for key in self.keys
            ],
            np.uint8,
        )
        self.all_ways = wanted.all_ways
        self.all_tags = wanted.all_tags
        hashes = np.array([_fnv1a(key.encode()) for key in self.keys], np.uint64)
        self._by_hash = np.argsort(hashes)
        self._hashes = hashes[self._by_hash]
        self._number: dict[bytes, int] = {}

    def keys_of(self, block: bytes, starts: Any, ends: Any, hashes: Any) -> k.Keys:
        """What to keep of one block."""
        if self.all_tags:  # every string may be a key; numbers of the whole file come with ``intern``
            every = np.arange(len(hashes), dtype=np.int32)
            return k.Keys(every, np.full(len(hashes), 255, np.uint8), self.all_ways)
        return k.Keys(self._key_numbers(block, starts, ends, hashes), self.trigger, self.all_ways)

    def _key_numbers(self, block: bytes, starts: Any, ends: Any, hashes: Any) -> Any:
        """Number of the wanted key that each string is, -1 for all other strings."""
        out = np.full(len(hashes), -1, np.int32)
        if not len(self._hashes):
            return out
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        for s in np.flatnonzero(self._hashes[at] == hashes).tolist():
            key = int(self._by_hash[at[s]])
            if block[starts[s] : ends[s]] == self.keys[key].encode():
                out[s] = key
        return out

    def intern(self, block: bytes, starts: Any, ends: Any, columns: Sequence[Any]) -> None:
        """Replace string numbers of one block by numbers of the whole file, in place."""
        used = np.zeros(len(starts), np.bool_)
        for column in columns:
            used[column] = True
        number = np.zeros(len(starts), np.int32)
        known = self._number
        for s in np.flatnonzero(used).tolist():
            text = block[starts[s] : ends[s]]
            number[s] = known.setdefault(text, len(known))
        for column in columns:
            column[:] = number[column]

    def values(self) -> list[str]:
        """All values seen, by number."""
        return [text.decode("utf-8", "replace") for text in self._number]


@dataclass
class _Parts:
    """Arrays of the blocks read so far."""

    nodes: list[Any] = field(default_factory=list)
    ways: list[Any] = field(default_factory=list)
    rels: list[Any] = field(default_factory=list)


def _damaged(path: Path) -> UnreadableFileError:
    return UnreadableFileError("osm.pbf.damaged", file=path.name, at="?")


def _string_spans(block: Any, start: int, end: int, path: Path) -> tuple[Any, Any, Any]:
    room = (end - start) // 2 + 1  # a string takes two bytes at least
    starts, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    hashes = np.empty(room, np.uint64)
    n = k.strings(block, start, end, starts, ends, hashes)
    if n < 0:
        raise _damaged(path)
    return starts[:n], ends[:n], hashes[:n]


def _tag_columns(n: int) -> tuple[Any, Any, Any]:
    return np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)


def _trim_tags(out: Any, n: int) -> dict[str, Any]:
    return {name: getattr(out, name)[:n].copy() for name in ("tag_obj", "tag_key", "tag_val")}


def _longs(n: int) -> LongArray:
    return np.empty(n, np.int64)


def _make_room(counts: LongArray) -> tuple[k.NodeOut, k.WayOut, k.RelOut]:
    """Arrays of the measured sizes."""
    n_nodes, n_node_tags, n_ways, n_refs, n_way_tags, n_rels, n_members, n_rel_tags = counts.tolist()
    nodes = k.NodeOut(_longs(n_nodes), _longs(n_nodes), _longs(n_nodes), *_tag_columns(n_node_tags))
    ways = k.WayOut(_longs(n_ways), np.zeros(n_ways + 1, np.int64), _longs(n_refs), *_tag_columns(n_way_tags))
    kinds, roles = np.empty(n_members, np.uint8), np.empty(n_members, np.int32)
    rel_ptr = np.zeros(n_rels + 1, np.int64)
    rels = k.RelOut(_longs(n_rels), rel_ptr, _longs(n_members), kinds, roles, *_tag_columns(n_rel_tags))
    return nodes, ways, rels


def _trim(
    nodes: k.NodeOut, ways: k.WayOut, rels: k.RelOut, used: list[int]
) -> tuple[k.NodeOut, k.WayOut, k.RelOut]:
    """
    Cut the arrays to what was written.

    Ways and tags are copied: most blocks of a city hold little that is wanted, and a view would keep
    all of the measured room in memory.
    """
    nodes = nodes._replace(
        id=nodes.id[: used[0]],
        lon=nodes.lon[: used[0]],
        lat=nodes.lat[: used[0]],
        **_trim_tags(nodes, used[1]),
    )
    ways = ways._replace(
        id=ways.id[: used[2]].copy(),
        ptr=ways.ptr[: used[2] + 1].copy(),
        ref=ways.ref[: used[3]].copy(),
        **_trim_tags(ways, used[4]),
    )
    rels = rels._replace(
        id=rels.id[: used[5]].copy(),
        ptr=rels.ptr[: used[5] + 1].copy(),
        ref=rels.ref[: used[6]].copy(),
        kind=rels.kind[: used[6]].copy(),
        role=rels.role[: used[6]].copy(),
        **_trim_tags(rels, used[7]),
    )
    return nodes, ways, rels


def _select(out: Any, mask: Any) -> Any:
    """Rows of one block's nodes, ways or relations, with their refs and tags."""
    if mask.all():
        return out
    new_row = (np.cumsum(mask) - 1).astype(np.int32)
    tagged = mask[out.tag_obj]
    kept = {name: getattr(out, name)[tagged] for name in ("tag_key", "tag_val")}
    kept |= {"id": out.id[mask], "tag_obj": new_row[out.tag_obj[tagged]]}
    if hasattr(out, "ptr"):
        sizes = np.diff(out.ptr)
        member = np.repeat(mask, sizes)
        kept |= {name: getattr(out, name)[member] for name in ("ref", "kind", "role") if hasattr(out, name)}
        kept["ptr"] = np.concatenate([[0], np.cumsum(sizes[mask])])
    else:
        kept |= {"lon": out.lon[mask], "lat": out.lat[mask]}
    return out._replace(**kept)


def _apply(keep: Keep, nodes: k.NodeOut, ways: k.WayOut, rels: k.RelOut) -> tuple[Any, Any, Any]:
    """Leave out what the reading does not keep."""
    if keep.nodes is not None:
        nodes = _select(nodes, keep.nodes(nodes.id, nodes.lon / _NANO, nodes.lat / _NANO))
    if keep.ways is not None:
        ways = _select(ways, keep.ways(ways.id, ways.ptr, ways.ref))
    if keep.rels is not None:
        rels = _select(rels, keep.rels(rels.id))
    return nodes, ways, rels


def _read_block(content: bytes, names: _Names, parts: _Parts, path: Path, keep: Keep) -> None:
    n = len(content)
    block = np.frombuffer(content + bytes(k.PAD), np.uint8)
    groups = np.empty((min(n // 2 + 1, _MAX_GROUPS), 2), np.int64)
    table_start, table_end, scale, lat_offset, lon_offset, n_groups = k.outline(block, n, groups)
    counts = np.zeros(8, np.int64)
    if n_groups < 0 or not k.measure(block, groups, n_groups, counts):
        raise _damaged(path)
    starts, ends, hashes = _string_spans(block, table_start, table_end, path)
    keys = names.keys_of(content, starts, ends, hashes)
    nodes, ways, rels = _make_room(counts)
    at = np.zeros(8, np.int64)
    if not k.decode(block, groups, n_groups, scale, lat_offset, lon_offset, keys, nodes, ways, rels, at):
        raise _damaged(path)
    nodes, ways, rels = _trim(nodes, ways, rels, at.tolist())
    nodes, ways, rels = _apply(keep, nodes, ways, rels)
    numbered = [nodes.tag_val, ways.tag_val, rels.tag_val, rels.role]
    if names.all_tags:
        numbered += [nodes.tag_key, ways.tag_key, rels.tag_key]
    names.intern(content, starts, ends, numbered)
    for kept, blocks in ((nodes, parts.nodes), (ways, parts.ways), (rels, parts.rels)):
        if len(kept.id):
            blocks.append(kept)


def _join(blocks: list[Any], name: str, dtype: Any) -> Any:
    columns = [getattr(block, name) for block in blocks]
    return np.concatenate(columns) if columns else np.empty(0, dtype)


def _join_ptr(blocks: list[Any]) -> LongArray:
    sizes = [np.diff(block.ptr) for block in blocks]
    return np.concatenate([[0], np.cumsum(np.concatenate(sizes))]) if sizes else np.zeros(1, np.int64)


def _join_tags(blocks: list[Any], names: _Names, values: list[str]) -> TagTable:
    sizes = np.array([len(block.id) for block in blocks], np.int64)
    first = np.cumsum(sizes) - sizes
    rows = [block.tag_obj + np.int32(at) for block, at in zip(blocks, first, strict=True)]
    obj_idx: IntArray = np.concatenate(rows) if rows else np.empty(0, np.int32)
    return TagTable(
        obj_idx,
        _join(blocks, "tag_key", np.int32),
        _join(blocks, "tag_val", np.int32),
        int(sizes.sum()),
        tuple(values) if names.all_tags else names.keys,
        values,
    )


def _sorted_nodes(blocks: list[Any], tags: TagTable) -> tuple[Any, Any, Any, TagTable, int]:
    """Nodes by ascending id, without repeats and without coordinates that are not on Earth."""
    ident, lon, lat = (_join(blocks, name, np.int64) for name in ("id", "lon", "lat"))
    blocks.clear()
    east, north = 180 * 10**9, 90 * 10**9
    on_earth = (lon >= -east) & (lon <= east) & (lat >= -north) & (lat <= north)
    n_bad = int(len(ident) - on_earth.sum())
    is_sorted = bool(np.all(ident[1:] > ident[:-1]))
    if n_bad or not is_sorted:
        order = np.argsort(ident, kind="stable")
        order = order[on_earth[order]]
        repeated = np.zeros(len(order), np.bool_)
        repeated[1:] = ident[order[1:]] == ident[order[:-1]]
        order = order[~repeated]
        new_row = np.full(len(ident), -1, np.int32)
        new_row[order] = np.arange(len(order))
        keep = new_row[tags.obj_idx] >= 0
        tags = TagTable(
            new_row[tags.obj_idx[keep]],
            tags.key_idx[keep],
            tags.value_idx[keep],
            len(order),
            tags.keys,
            tags.values,
        )
        ident, lon, lat = ident[order], lon[order], lat[order]
    return ident, lon / _NANO, lat / _NANO, tags, n_bad


def _check_header(header: Header) -> None:
    if not set(header.features) <= KNOWN_FEATURES:
        raise NeedsOsmium


def read_pbf(path: Path, wanted: Wanted, keep: Keep | None = None) -> OsmObjects:
    """
    Read a ``.osm.pbf`` file into arrays.

    Parameters
    ----------
    path
        The file; its name appears in errors.
    wanted
        Which objects and tags to keep.
    keep
        Which objects of each block to keep beyond that; None: all.

    Raises
    ------
    UnreadableFileError
        The file is empty, not a PBF, cut, damaged, or grows beyond the format's limits when unpacked.
    NeedsOsmium
        It is packed or organised in a way only osmium understands (``xml.py`` converts it).
    """
    names = _Names(wanted)
    parts = _Parts()
    header = Header(None, ())
    for kind, content in iterate_blobs(path):
        if kind == b"OSMData":
            _read_block(content, names, parts, path, keep or Keep())
        elif kind == b"OSMHeader":
            header = read_header(content, path.name)
            _check_header(header)
    values = names.values()
    node_tags = _join_tags(parts.nodes, names, values)
    node_id, lon, lat, node_tags, n_bad = _sorted_nodes(parts.nodes, node_tags)
    return OsmObjects(
        node_id=node_id,
        node_lon=lon,
        node_lat=lat,
        node_tags=node_tags,
        way_id=_join(parts.ways, "id", np.int64),
        way_ptr=_join_ptr(parts.ways),
        way_ref=_join(parts.ways, "ref", np.int64),
        way_tags=_join_tags(parts.ways, names, values),
        rel_id=_join(parts.rels, "id", np.int64),
        rel_ptr=_join_ptr(parts.rels),
        member_id=_join(parts.rels, "ref", np.int64),
        member_kind=_join(parts.rels, "kind", np.uint8),
        member_role=_join(parts.rels, "role", np.int32),
        rel_tags=_join_tags(parts.rels, names, values),
        bounds=header.bounds,
        as_of=header.as_of,
        n_bad_nodes=n_bad,
    )
