"""A pack as a folder, whether it came as one or as a zip; unsafe and overlarge zips are refused whole."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yike.errors import UnreadableFileError
from yike.sources.pack_parse import PACK_FILE

MAX_UNPACKED_BYTES = 4_000_000_000
MAX_MEMBERS = 5_000
MAX_RATIO = 200
RATIO_FROM_BYTES = 50_000_000
"""Small files may shrink a lot without harm; beyond this a ratio of 200 is a bomb."""

_SKIP = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|~\$|\._)")


@contextmanager
def open_pack(path: Path) -> Iterator[Path]:
    """
    Give the folder that holds ``pack.toml``; a zip is unpacked into a temporary one for the while.

    Parameters
    ----------
    path
        A folder, its ``pack.toml``, or a ``.zip`` of a folder.

    Raises
    ------
    UnreadableFileError
        No such pack; for zips also damage, a password, names that lead outside, or far too much in it.
    """
    if path.is_dir():
        yield path
    elif path.name == PACK_FILE and path.is_file():
        yield path.parent
    elif not path.exists():
        raise UnreadableFileError("pack.path.missing", file=str(path))
    elif not zipfile.is_zipfile(path):
        raise UnreadableFileError("pack.path.kind", file=path.name)
    else:
        with tempfile.TemporaryDirectory(prefix="yike-pack-") as folder:
            _unpack(path, Path(folder))
            yield _root(path, Path(folder))


def _unpack(path: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            members = [m for m in packed.infolist() if not m.is_dir()]
            names = {_name(m): m for m in members if not _SKIP.search(_name(m))}
            _refuse_unsafe(path, members)
            for name, member in names.items():
                _write(packed, member, folder / name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as wrong:
        raise UnreadableFileError("pack.zip.damaged", file=path.name, found=str(wrong)[:200]) from None


def _name(member: zipfile.ZipInfo) -> str:
    """Member name; zips made by Chinese Windows hold GBK bytes that Python reads as code page 437."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/")


def _refuse_unsafe(path: Path, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        name = _name(member)
        if name.startswith("/") or re.match(r"^[A-Za-z]:", name) or ".." in name.split("/") or "\0" in name:
            raise UnreadableFileError("pack.zip.unsafe", file=path.name, found=name[:120])
        if member.flag_bits & 0x1:
            raise UnreadableFileError("pack.zip.encrypted", file=path.name, found=name[:120])
    size = sum(m.file_size for m in members)
    packed = max(sum(m.compress_size for m in members), 1)
    is_bomb = size > RATIO_FROM_BYTES and size > MAX_RATIO * packed
    if is_bomb or size > MAX_UNPACKED_BYTES or len(members) > MAX_MEMBERS:
        raise UnreadableFileError(
            "pack.zip.bomb", file=path.name, found=f"{size / 1e6:,.0f} MB", count=len(members)
        )


def _write(packed: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size  # the reader stops there too, whatever the stream really holds
    with packed.open(member) as source, target.open("wb") as out:
        while left > 0 and (block := source.read(min(left, 1 << 20))):
            out.write(block)
            left -= len(block)


def _root(path: Path, folder: Path) -> Path:
    """The folder of ``pack.toml``: at the top, or in the one folder that was zipped."""
    found = sorted(folder.rglob(PACK_FILE), key=lambda p: (len(p.parts), str(p)))
    if not found:
        inner = sorted(p.name for p in folder.rglob("*.zip") if not p.name.endswith(".shp.zip"))
        code = "pack.zip.nested" if inner else "pack.zip.no_toml"
        raise UnreadableFileError(code, file=path.name, found="、".join(inner[:5]))
    if len(found) > 1 and len(found[1].parts) == len(found[0].parts):
        names = "、".join(p.relative_to(folder).as_posix() for p in found[:5])
        raise UnreadableFileError("pack.zip.several", file=path.name, found=names)
    return found[0].parent
