"""
Decoding of PBF blocks into arrays: varints, deltas and string numbers, a whole block at a time.

A block is read twice: ``measure`` counts what it holds (and refuses what is damaged), ``decode`` fills
arrays of exactly that size. The buffer must end with ``PAD`` zero bytes, so that a varint that starts
inside the block never runs out of memory; every length is checked against the span it lies in.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from yike.core.tables import ByteArray, LongArray

PAD = 16

NODES, NODE_TAGS, WAYS, REFS, WAY_TAGS, RELS, MEMBERS, REL_TAGS = range(8)
"""Places in the array of counts (and of write positions)."""

ON_NODE, ON_WAY, ON_REL = 1, 2, 4
"""Bits of ``trigger``: a key that makes an object of that sort worth keeping."""


class Keys(NamedTuple):
    """What to keep: wanted key of each string (-1 none), trigger bits of each wanted key."""

    key_of: Any
    trigger: Any
    keep_all_ways: bool


class NodeOut(NamedTuple):
    """Arrays for nodes; coordinates in units of 1e-9 degree."""

    id: Any
    lon: Any
    lat: Any
    tag_obj: Any
    tag_key: Any
    tag_val: Any


class WayOut(NamedTuple):
    """Arrays for ways; ``ptr`` gives each way its slice of ``ref``."""

    id: Any
    ptr: Any
    ref: Any
    tag_obj: Any
    tag_key: Any
    tag_val: Any


class RelOut(NamedTuple):
    """Arrays for relations; ``role`` holds string numbers."""

    id: Any
    ptr: Any
    ref: Any
    kind: Any
    role: Any
    tag_obj: Any
    tag_key: Any
    tag_val: Any


@njit(inline="always")
def _varint(b, i):
    value = np.uint64(0)
    shift = np.uint64(0)
    while True:
        c = b[i]
        i += 1
        if shift < 64:  # overlong numbers are read to their end, so that counting final bytes counts numbers
            value |= np.uint64(c & 127) << shift
        if c < 128:
            return value, i
        shift += np.uint64(7)


@njit(inline="always")
def _signed(value):
    """Undo zigzag coding."""
    return np.int64(value >> np.uint64(1)) ^ -np.int64(value & np.uint64(1))


@njit(inline="always")
def _span(b, i, end):
    """Start and end of a length-delimited field; the end is -1 when it leaves the span around it."""
    n, i = _varint(b, i)
    if n > np.uint64(end - i) or i > end:
        return i, np.int64(-1)
    return i, i + np.int64(n)


@njit(inline="always")
def _skip(b, i, end, wire):
    """Next field after one of no interest; -1 when damaged."""
    if wire == 0:
        _, i = _varint(b, i)
    elif wire == 1:
        i += 8
    elif wire == 2:
        _, i = _span(b, i, end)
    elif wire == 5:
        i += 4
    else:
        return np.int64(-1)
    return i if i <= end else np.int64(-1)


@njit(cache=True)
def _n_varints(b, i, end):
    """How many numbers a packed span holds; -1 when the last one is cut."""
    if i == end:
        return 0
    if b[end - 1] >= 128:
        return -1
    n = 0
    for k in range(i, end):
        if b[k] < 128:
            n += 1
    return n


@njit(cache=True)
def outline(b: ByteArray, n: int, groups: LongArray) -> Any:
    """
    Find the parts of a block.

    Returns (string table start, its end, granularity, lat offset, lon offset, groups); groups are written
    to ``groups`` as (start, end) pairs. A damaged block gives -1 groups.
    """
    table = (np.int64(0), np.int64(0))
    granularity, lat_offset, lon_offset = np.int64(100), np.int64(0), np.int64(0)
    n_groups = 0
    i = np.int64(0)
    while i < n:
        tag, i = _varint(b, i)
        field, wire = tag >> np.uint64(3), tag & np.uint64(7)
        if field <= 2 and wire == 2:
            i, end = _span(b, i, n)
            if end < 0 or n_groups >= len(groups):
                return table[0], table[1], granularity, lat_offset, lon_offset, -1
            if field == 1:
                table = (i, end)
            else:
                groups[n_groups, 0], groups[n_groups, 1] = i, end
                n_groups += 1
            i = end
        elif field >= 17 and field <= 20 and wire == 0:
            value, i = _varint(b, i)
            if field == 17:
                granularity = np.int64(value)
            elif field == 19:
                lat_offset = np.int64(value)
            elif field == 20:
                lon_offset = np.int64(value)
        else:
            i = _skip(b, i, n, wire)
            if i < 0:
                break
    ok = i == n
    return table[0], table[1], granularity, lat_offset, lon_offset, n_groups if ok else -1


@njit(cache=True)
def strings(b: ByteArray, start: int, end: int, starts: LongArray, ends: LongArray, hashes: Any) -> int:
    """Spans and FNV-1a hashes of the string table; the number of strings, or -1 when damaged or too many."""
    k = 0
    i = start
    while i < end:
        tag, i = _varint(b, i)
        if tag != 10 or k >= len(starts):
            return -1
        i, stop = _span(b, i, end)
        if stop < 0:
            return -1
        h = np.uint64(14695981039346656037)
        for j in range(i, stop):
            h = (h ^ np.uint64(b[j])) * np.uint64(1099511628211)
        starts[k], ends[k], hashes[k] = i, stop, h
        k += 1
        i = stop
    return k


@njit(cache=True)
def _object_spans(b, i, end, is_node, span):
    """
    Fields of a plain node, way or relation: id and spans of keys, values and the packed fields 8, 9, 10.

    ``span`` gets rows keys, values, 8, 9, 10 (start, end); fields 8 and 9 of a plain node are numbers and
    come in the row's start. Returns the id as read, and whether the object is sound.
    """
    span[:, :] = 0
    ident = np.uint64(0)
    while i < end:
        tag, i = _varint(b, i)
        field, wire = tag >> np.uint64(3), tag & np.uint64(7)
        row = -1
        if field == 2 or field == 3:
            row = int(field) - 2
        elif field >= 8 and field <= 10:
            row = int(field) - 6
        if field == 1 and wire == 0:
            ident, i = _varint(b, i)
        elif row >= 0 and wire == 2 and not (is_node and row >= 2):
            i, stop = _span(b, i, end)
            if stop < 0:
                return ident, False
            span[row, 0], span[row, 1] = i, stop
            i = stop
        elif row >= 2 and wire == 0 and is_node:
            value, i = _varint(b, i)
            span[row, 0] = _signed(value)
        else:
            i = _skip(b, i, end, wire)
            if i < 0:
                return ident, False
    return ident, i == end


@njit(cache=True)
def _measure_dense(b, i, end, counts):
    n_id = n_lat = n_lon = -1
    while i < end:
        tag, i = _varint(b, i)
        field, wire = tag >> np.uint64(3), tag & np.uint64(7)
        if wire == 2 and (field == 1 or (field >= 8 and field <= 10)):
            i, stop = _span(b, i, end)
            if stop < 0:
                return False
            n = _n_varints(b, i, stop)
            if n < 0:
                return False
            if (field == 1 and n_id >= 0) or (field == 8 and n_lat >= 0) or (field == 9 and n_lon >= 0):
                return False  # the same column twice would fill more than was measured
            if field == 1:
                n_id = n
            elif field == 8:
                n_lat = n
            elif field == 9:
                n_lon = n
            else:
                counts[NODE_TAGS] += n // 2
            i = stop
        else:
            i = _skip(b, i, end, wire)
            if i < 0:
                return False
    counts[NODES] += max(n_id, 0)
    return i == end and n_id == n_lat and n_id == n_lon


@njit(cache=True)
def _measure_object(b, i, end, field, counts, span):
    _, sound = _object_spans(b, i, end, field == 1, span)
    if not sound:
        return False
    n_keys = _n_varints(b, span[0, 0], span[0, 1])
    if n_keys < 0 or n_keys != _n_varints(b, span[1, 0], span[1, 1]):
        return False
    if field == 1:
        counts[NODES] += 1
        counts[NODE_TAGS] += n_keys
        return True
    n = _n_varints(b, span[2, 0], span[2, 1])
    if n < 0:
        return False
    if field == 3:
        counts[WAYS] += 1
        counts[REFS] += n
        counts[WAY_TAGS] += n_keys
        return True
    counts[RELS] += 1
    counts[MEMBERS] += n
    counts[REL_TAGS] += n_keys
    same = n == _n_varints(b, span[3, 0], span[3, 1]) and n == _n_varints(b, span[4, 0], span[4, 1])
    return same


@njit(cache=True)
def measure(b: ByteArray, groups: LongArray, n_groups: int, counts: LongArray) -> bool:
    """Add up what the groups of a block hold; False when damaged."""
    span = np.zeros((5, 2), np.int64)
    for g in range(n_groups):
        i, end = groups[g, 0], groups[g, 1]
        while i < end:
            tag, i = _varint(b, i)
            field, wire = tag >> np.uint64(3), tag & np.uint64(7)
            if field >= 1 and field <= 4 and wire == 2:
                i, stop = _span(b, i, end)
                if stop < 0:
                    return False
                if field == 2:
                    sound = _measure_dense(b, i, stop, counts)
                else:
                    sound = _measure_object(b, i, stop, field, counts, span)
                if not sound:
                    return False
                i = stop
            else:
                i = _skip(b, i, end, wire)
                if i < 0:
                    return False
    return True


@njit(cache=True)
def _deltas(b, i, end, scale, offset, out, at):
    """Running sums of a packed zigzag span, scaled; the position after the last."""
    total = np.int64(0)
    while i < end:
        value, i = _varint(b, i)
        total += _signed(value)
        out[at] = offset + scale * total
        at += 1
    return at


@njit(cache=True)
def _dense_tags(b, i, end, first, stop_node, keys, out, at):
    """Tags of dense nodes that carry a trigger key; the write position, or -1 when damaged."""
    n_strings = np.uint64(len(keys.key_of))
    node = first
    start = at
    wanted = False
    while i < end:
        key, i = _varint(b, i)
        if key == 0:
            if not wanted:
                at = start
            node += 1
            start = at
            wanted = False
            continue
        if i >= end:
            return np.int64(-1)
        value, i = _varint(b, i)
        if key >= n_strings or value >= n_strings or node >= stop_node:
            return np.int64(-1)
        k = keys.key_of[np.int64(key)]
        if k >= 0:
            out.tag_obj[at], out.tag_key[at], out.tag_val[at] = node, k, np.int64(value)
            wanted |= (keys.trigger[k] & ON_NODE) != 0
            at += 1
    return at if wanted else start


@njit(cache=True)
def _decode_dense(b, i, end, scale, lat_offset, lon_offset, keys, out, at):
    first = at[NODES]
    tags = (np.int64(0), np.int64(0))
    while i < end:
        tag, i = _varint(b, i)
        field, wire = tag >> np.uint64(3), tag & np.uint64(7)
        if wire != 2:
            i = _skip(b, i, end, wire)
            continue
        i, stop = _span(b, i, end)
        if field == 1:
            at[NODES] = _deltas(b, i, stop, 1, 0, out.id, first)
        elif field == 8:
            _deltas(b, i, stop, scale, lat_offset, out.lat, first)
        elif field == 9:
            _deltas(b, i, stop, scale, lon_offset, out.lon, first)
        elif field == 10:
            tags = (i, stop)
        i = stop
    at_tag = _dense_tags(b, tags[0], tags[1], first, at[NODES], keys, out, at[NODE_TAGS])
    if at_tag < 0:
        return False
    at[NODE_TAGS] = at_tag
    return True


@njit(cache=True)
def _object_tags(b, span, obj, bit, keys, tag_obj, tag_key, tag_val, at):
    """Write the tags of one object; (position after them, has a trigger key); -1 when damaged."""
    n_strings = np.uint64(len(keys.key_of))
    i, j, end = span[0, 0], span[1, 0], span[0, 1]
    wanted = False
    while i < end:
        key, i = _varint(b, i)
        value, j = _varint(b, j)
        if key >= n_strings or value >= n_strings:
            return np.int64(-1), False
        k = keys.key_of[np.int64(key)]
        if k >= 0:
            tag_obj[at], tag_key[at], tag_val[at] = obj, k, np.int64(value)
            wanted |= (keys.trigger[k] & bit) != 0
            at += 1
    return at, wanted


@njit(cache=True)
def _decode_node(b, ident, span, scale, lat_offset, lon_offset, keys, out, at):
    n = at[NODES]
    stop, wanted = _object_tags(
        b, span, n, ON_NODE, keys, out.tag_obj, out.tag_key, out.tag_val, at[NODE_TAGS]
    )
    if stop < 0:
        return False
    out.id[n] = _signed(ident)
    out.lat[n] = lat_offset + scale * span[2, 0]
    out.lon[n] = lon_offset + scale * span[3, 0]
    at[NODES] += 1
    if wanted:
        at[NODE_TAGS] = stop
    return True


@njit(cache=True)
def _decode_way(b, ident, span, keys, out, at):
    w = at[WAYS]
    stop, wanted = _object_tags(b, span, w, ON_WAY, keys, out.tag_obj, out.tag_key, out.tag_val, at[WAY_TAGS])
    if stop < 0:
        return False
    if not (wanted or keys.keep_all_ways):
        return True
    out.id[w] = np.int64(ident)
    at[REFS] = _deltas(b, span[2, 0], span[2, 1], 1, 0, out.ref, at[REFS])
    out.ptr[w + 1] = at[REFS]
    at[WAYS] += 1
    if wanted:
        at[WAY_TAGS] = stop
    return True


@njit(cache=True)
def _decode_relation(b, ident, span, keys, out, at):
    r = at[RELS]
    stop, wanted = _object_tags(b, span, r, ON_REL, keys, out.tag_obj, out.tag_key, out.tag_val, at[REL_TAGS])
    if stop < 0:
        return False
    if not wanted:
        return True
    n_strings = np.uint64(len(keys.key_of))
    m = at[MEMBERS]
    end = _deltas(b, span[3, 0], span[3, 1], 1, 0, out.ref, m)
    i, j = span[2, 0], span[4, 0]
    for k in range(m, end):
        role, i = _varint(b, i)
        kind, j = _varint(b, j)
        if role >= n_strings or kind > 2:
            return False
        out.role[k], out.kind[k] = np.int64(role), np.int64(kind)
    out.id[r] = np.int64(ident)
    out.ptr[r + 1] = end
    at[MEMBERS], at[REL_TAGS] = end, stop
    at[RELS] += 1
    return True


@njit(cache=True)
def decode(
    b: ByteArray,
    groups: LongArray,
    n_groups: int,
    scale: int,
    lat_offset: int,
    lon_offset: int,
    keys: Keys,
    nodes: NodeOut,
    ways: WayOut,
    rels: RelOut,
    at: LongArray,
) -> bool:
    """
    Fill the output arrays from a block that ``measure`` found sound; False when a string number is wrong.

    Positions in ``at`` say how much of each array is used: less than measured, since objects without a
    trigger key are left out.
    """
    span = np.zeros((5, 2), np.int64)
    for g in range(n_groups):
        i, end = groups[g, 0], groups[g, 1]
        while i < end:
            tag, i = _varint(b, i)
            field, wire = tag >> np.uint64(3), tag & np.uint64(7)
            if field < 1 or field > 4 or wire != 2:
                i = _skip(b, i, end, wire)
                continue
            i, stop = _span(b, i, end)
            sound = True
            if field == 2:
                sound = _decode_dense(b, i, stop, scale, lat_offset, lon_offset, keys, nodes, at)
            else:
                ident, _ = _object_spans(b, i, stop, field == 1, span)
                if field == 1:
                    sound = _decode_node(b, ident, span, scale, lat_offset, lon_offset, keys, nodes, at)
                elif field == 3:
                    sound = _decode_way(b, ident, span, keys, ways, at)
                else:
                    sound = _decode_relation(b, ident, span, keys, rels, at)
            if not sound:
                return False
            i = stop
    return True
