"""OSM files made in tests: small XML towns, and PBFs put together by hand, sound or broken."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from xml.sax.saxutils import quoteattr

BUNDLED = Path(__file__).parents[1] / "src" / "yike" / "sources" / "bundled" / "helsinki-center"


def osm_xml(nodes, ways=(), relations=()) -> str:
    """
    OSM XML of nodes (id, lon, lat, tags), ways (id, refs, tags) and relations (id, members, tags).

    Members are (kind, id, role).
    """
    parts = ['<?xml version="1.0"?>', '<osm version="0.6">']
    for ident, lon, lat, *tags in nodes:
        parts.append(f'<node id="{ident}" lon="{lon}" lat="{lat}">{_tags(tags)}</node>')
    for ident, refs, *tags in ways:
        nds = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        parts.append(f'<way id="{ident}">{nds}{_tags(tags)}</way>')
    for ident, members, *tags in relations:
        rows = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
        parts.append(f'<relation id="{ident}">{rows}{_tags(tags)}</relation>')
    return "\n".join([*parts, "</osm>"])


def _tags(tags) -> str:
    return "".join(
        f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for group in tags for k, v in sorted(group.items())
    )


def write_osm(folder: Path, *args, name: str = "town.osm") -> Path:
    """Write ``osm_xml(*args)`` into a folder."""
    path = folder / name
    path.write_text(osm_xml(*args), "utf-8")
    return path


def varint(value: int) -> bytes:
    """A protobuf number."""
    value &= 2**64 - 1
    out = bytearray()
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def zigzag(value: int) -> bytes:
    """A signed protobuf number."""
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def field(number: int, content: bytes | int) -> bytes:
    """A protobuf field: bytes with their length, or a number."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def frame(kind: bytes, raw: bytes, *, packed: bytes | None = None, raw_size: int | None = None) -> bytes:
    """One blob with its header; ``packed`` replaces the plain content field."""
    blob = packed if packed is not None else field(1, raw)
    if raw_size is not None:
        blob += field(2, raw_size)
    header = field(1, kind) + field(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def zlib_blob(raw: bytes) -> bytes:
    """The content fields of a blob packed by zlib."""
    return field(2, len(raw)) + field(3, zlib.compress(raw))


def strings(*texts: str) -> bytes:
    """A string table; number 0 is always empty."""
    return b"".join(field(1, text.encode()) for text in ("", *texts))
