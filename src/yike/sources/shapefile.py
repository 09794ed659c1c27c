"""Zipped Shapefiles before GDAL reads them: are they whole and harmless, and in which encoding."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from yike.errors import Fault
from yike.sources.intake import fault

MAX_UNZIPPED_BYTES = 2 * 1024**3
MAX_ZIP_RATIO = 500
"""Beyond this a large archive is a bomb: real Shapefiles shrink to a tenth at best."""


def zip_faults(path: Path, file: str) -> list[Fault]:
    """
    What is wrong with a zipped Shapefile before GDAL sees it: damage, size, unsafe names, missing parts.

    Parameters
    ----------
    path
        Any file; only ``.zip`` files are looked at.
    file
        Name to use in the faults.
    """
    if path.suffix.casefold() != ".zip":
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        return [fault("layers.unreadable", file=file, found="不是完整的 zip 压缩包")]
    except OSError as err:
        return [fault("layers.unreadable", file=file, found=str(err)[:200])]
    size = sum(m.file_size for m in members)
    packed = max(sum(m.compress_size for m in members), 1)
    if size > MAX_UNZIPPED_BYTES or (size > 64 * 1024**2 and size / packed > MAX_ZIP_RATIO):
        return [fault("layers.zip.too_large", file=file, found=f"{size / 1024**2:,.0f} MiB")]
    if any(m.filename.startswith(("/", "\\")) or ".." in Path(m.filename).parts for m in members):
        return [fault("layers.zip.unsafe", file=file)]
    shp = [m.filename for m in members if m.filename.casefold().endswith(".shp")]
    if not shp:
        return [fault("layers.zip.no_shp", file=file, found="、".join(m.filename for m in members[:8]))]
    have = {m.filename.casefold() for m in members}
    gone = [s for s in (".dbf", ".shx") if shp[0].casefold()[:-4] + s not in have]
    return [fault("layers.zip.parts", file=file, found="、".join(gone))] if gone else []


def text_encoding(path: Path) -> str | None:
    """
    Encoding of a Shapefile's texts, None when it states one itself or the file is no Shapefile.

    A .dbf made by Chinese software usually has no .cpg, and GDAL would then take Latin-1: whichever of UTF-8
    and GB18030 reads more cells is meant.
    """
    if path.suffix.casefold() == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = {n.casefold(): n for n in archive.namelist()}
            dbf = next((n for low, n in sorted(names.items()) if low.endswith(".dbf")), None)
            if dbf is None or dbf.casefold()[:-4] + ".cpg" in names:
                return None
            with archive.open(dbf) as stream:
                return _dbf_encoding(stream.read(8 * 1024**2))
    if path.suffix.casefold() == ".shp" and not path.with_suffix(".cpg").exists():
        dbf_path = path.with_suffix(".dbf")
        return _dbf_encoding(dbf_path.read_bytes()[: 8 * 1024**2]) if dbf_path.exists() else None
    return None


def _dbf_encoding(data: bytes) -> str:
    if len(data) < 32:
        return "UTF-8"
    start, width = struct.unpack("<HH", data[8:12])
    fields = [data[i : i + 32] for i in range(32, start - 1, 32) if len(data[i : i + 32]) == 32]
    cells, failed = [f[:11].split(b"\0")[0] for f in fields], {"UTF-8": 0, "GB18030": 0}
    for at in range(start, len(data) - width + 1, width or 1):
        offset = at + 1
        for f in fields:
            if f[11:12] == b"C":
                cells.append(data[offset : offset + f[16]].rstrip(b" \0"))
            offset += f[16]
    for cell in cells:
        for encoding in failed:
            try:
                cell.decode(encoding)
            except UnicodeDecodeError as err:
                # The last character of a full cell may be cut in half.
                failed[encoding] += err.start < len(cell) - 3
    return "UTF-8" if failed["UTF-8"] <= failed["GB18030"] else "GB18030"
