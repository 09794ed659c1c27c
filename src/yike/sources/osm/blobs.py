"""
The outer shell of a PBF file: length, blob header, blob; each blob unpacked under the format's own limits.

Source: https://wiki.openstreetmap.org/wiki/PBF_Format (header at most 64 KiB, blob at most 32 MiB).
"""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yike.errors import UnreadableFileError

HEADER_LIMIT = 64 * 1024
BLOB_LIMIT = 32 * 1024 * 1024

KNOWN_FEATURES = frozenset({"OsmSchema-V0.6", "DenseNodes"})
"""What this reader understands; files that require more are handed to osmium."""

_REPLICATED = 32  # osmosis_replication_timestamp of the header block
_RAW, _RAW_SIZE, _ZLIB = 1, 2, 3
_OTHER_PACKINGS = frozenset({4, 5, 6, 7})  # lzma, bzip2, lz4, zstd


class NeedsOsmium(Exception):
    """The file is sound but packed in a way that only osmium reads."""


class _Damaged(Exception):
    """A message ends inside a field."""


@dataclass(frozen=True)
class Header:
    """The header block: stated bounds in degrees (west, south, east, north), features, date of the data."""

    bounds: tuple[float, float, float, float] | None
    features: tuple[str, ...]
    as_of: str = ""  # ISO date of the data, "" not stated


def _number(data: bytes, i: int) -> tuple[int, int]:
    value = shift = 0
    while i < len(data) and shift < 70:
        byte = data[i]
        i += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (2**64 - 1), i
        shift += 7
    raise _Damaged


def fields(data: bytes) -> Iterator[tuple[int, int | memoryview]]:
    """Fields of one small protobuf message as (field number, number or bytes)."""
    i = 0
    view = memoryview(data)
    while i < len(data):
        tag, i = _number(data, i)
        wire = tag & 7
        if wire == 0:
            value, i = _number(data, i)
            yield tag >> 3, value
            continue
        size = {1: 8, 5: 4}.get(wire, 0)
        if wire == 2:
            size, i = _number(data, i)
        elif not size:
            raise _Damaged
        if i + size > len(data):
            raise _Damaged
        yield tag >> 3, view[i : i + size]
        i += size


def _unzigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def read_header(raw: bytes, file: str) -> Header:
    """
    Read a HeaderBlock.

    Raises
    ------
    UnreadableFileError
        The message is damaged.
    """
    try:
        return _header(raw)
    except _Damaged as error:
        raise UnreadableFileError("osm.pbf.damaged", file=file, at=0) from error


def _header(raw: bytes) -> Header:
    bounds, as_of = None, ""
    required = []
    for number, value in fields(raw):
        if number == 1 and isinstance(value, memoryview):
            box = {k: _unzigzag(v) / 1e9 for k, v in fields(bytes(value)) if isinstance(v, int)}
            if box.keys() >= {1, 2, 3, 4}:
                bounds = (box[1], box[4], box[2], box[3])
        elif number == 4 and isinstance(value, memoryview):
            required.append(bytes(value).decode("utf-8", "replace"))
        elif number == _REPLICATED and isinstance(value, int) and 0 < value < 2**33:
            as_of = dt.datetime.fromtimestamp(value, dt.UTC).date().isoformat()
    return Header(bounds, tuple(required), as_of)


def _unpack(blob: bytes, file: str) -> bytes:
    """Content of a blob; refuses anything that grows beyond what the format allows."""
    parts = dict(fields(blob))
    size = parts.get(_RAW_SIZE, BLOB_LIMIT)
    if not isinstance(size, int) or size > BLOB_LIMIT:
        raise UnreadableFileError("osm.pbf.bomb", file=file, size=size, limit=BLOB_LIMIT)
    plain = parts.get(_RAW)
    if isinstance(plain, memoryview):
        return bytes(plain)
    packed = parts.get(_ZLIB)
    if not isinstance(packed, memoryview):
        if _OTHER_PACKINGS & parts.keys():
            raise NeedsOsmium
        raise _Damaged
    stream = zlib.decompressobj()
    content = stream.decompress(packed, size + 1)
    if len(content) > size:
        raise UnreadableFileError("osm.pbf.bomb", file=file, size=f">{size}", limit=BLOB_LIMIT)
    if not stream.eof or (_RAW_SIZE in parts and len(content) != size):
        raise _Damaged
    return content


def _blob_header(data: bytes) -> tuple[bytes, int]:
    kind, size = b"", -1
    for number, value in fields(data):
        if number == 1 and isinstance(value, memoryview):
            kind = bytes(value)
        elif number == 3 and isinstance(value, int):
            size = value
    return kind, size


def iterate_blobs(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """
    Content of every blob as (kind, content): one ``OSMHeader``, then ``OSMData`` blobs.

    Raises
    ------
    UnreadableFileError
        Not a PBF file, cut in the middle, damaged, or growing beyond the limits when unpacked.
    NeedsOsmium
        A blob is packed with something other than zlib.
    """
    file = path.name
    with path.open("rb") as stream:
        at, is_pbf = 0, False
        while head := stream.read(4):
            try:
                header_size = struct.unpack(">I", head)[0]
                if header_size > HEADER_LIMIT:
                    raise _Damaged
                header = stream.read(header_size)
                kind, size = _blob_header(header)
                if not kind.startswith(b"OSM") or not 0 <= size <= BLOB_LIMIT:
                    raise _Damaged
                is_pbf = True
                blob = stream.read(size)
                if len(blob) < size:
                    raise UnreadableFileError("osm.pbf.cut", file=file, at=at)
                yield kind, _unpack(blob, file)
            except (_Damaged, struct.error, zlib.error) as error:
                code = "osm.pbf.damaged" if is_pbf else "osm.pbf.not_pbf"
                raise UnreadableFileError(code, file=file, at=at) from error
            at = stream.tell()
    if not at:
        raise UnreadableFileError("osm.file.empty", file=file)
