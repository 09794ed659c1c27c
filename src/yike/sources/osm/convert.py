"""
Opens any OSM file: PBF in bulk, everything else rewritten to PBF by osmium first (in C++, no Python loop).

One reader behind one door: ``.osm``, ``.osm.gz``, ``.osm.bz2`` and unusual PBFs give the same arrays.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yike.errors import UnreadableFileError
from yike.sources.osm.blobs import NeedsOsmium
from yike.sources.osm.objects import Keep, OsmObjects, Wanted, nothing
from yike.sources.osm.pbf import read_pbf

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2", ".osm.xml", ".xml")


def is_osm_file(name: str) -> bool:
    """Whether a file name says that it is OSM data."""
    return name.lower().endswith(SUFFIXES)


def read_objects(path: Path, wanted: Wanted) -> OsmObjects:
    """
    Read an OSM file into arrays.

    Raises
    ------
    UnreadableFileError
        The file is missing, empty, damaged, too large when unpacked, or not OSM data.
    """
    path = Path(path)
    _check(path)
    if path.name.lower().endswith(".pbf"):
        try:
            return read_pbf(path, wanted)
        except NeedsOsmium:
            pass
    with _converted(path) as copy:
        return read_pbf(copy, wanted)


def _check(path: Path) -> None:
    if not path.is_file():
        raise UnreadableFileError("osm.file.missing", file=str(path))
    if not path.stat().st_size:
        raise UnreadableFileError("osm.file.empty", file=path.name)
    if not is_osm_file(path.name):
        raise UnreadableFileError("osm.file.suffix", file=path.name, expected=" ".join(SUFFIXES))


@contextmanager
def plain_pbf(path: Path) -> Iterator[Path]:
    """
    The file itself where the bulk reader understands it, else a temporary copy that it does.

    For readings in several passes, which should not convert a file again and again.
    """
    path = Path(path)
    _check(path)
    if path.name.lower().endswith(".pbf"):
        try:
            read_pbf(path, Wanted(), Keep(nothing, nothing, nothing))
        except NeedsOsmium:
            pass
        else:
            yield path
            return
    with _converted(path) as copy:
        yield copy


@contextmanager
def _converted(path: Path) -> Iterator[Path]:
    import osmium  # here, not above: most runs read a plain PBF and never need it

    with tempfile.TemporaryDirectory(prefix="yike-") as folder:
        copy = Path(folder) / "copy.osm.pbf"
        try:
            reader = osmium.io.Reader(str(path))
            target = osmium.io.File(str(copy), "pbf,add_metadata=none")
            writer = osmium.SimpleWriter(target, header=reader.header())
            try:
                osmium.apply(reader, writer)
            finally:
                writer.close()
                reader.close()
        except (RuntimeError, ValueError, OSError) as error:
            raise UnreadableFileError("osm.file.damaged", file=path.name, found=str(error)) from error
        yield copy
