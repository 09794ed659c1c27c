"""Writing a backup while people work: a snapshot of the database first, then the files it names."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections, transaction

from yike import __version__
from yike.errors import InputError
from yike.studies.study import Progress, silent
from yike.web.accounts.sealed import as_stored
from yike.web.config.backup.manifest import NAME, Kept, Manifest, files_of, seal_mark
from yike.web.config.backup.shape import shape_of
from yike.web.config.backup.tables import kept_models, lines_of

SNAPSHOT = "snapshot"
BLOCK = 2**20


def write_backup(
    folder: Path, path: Path, *, now: dt.datetime, with_keys: bool = False, progress: Progress = silent
) -> Manifest:
    """
    Write everything of an installation into one file; nobody has to stop working. What is sealed stays so.

    Parameters
    ----------
    folder
        The data folder.
    path
        ZIP to write; refused when it is there.
    with_keys
        Put the keys in too; then the file opens what is sealed and must be locked away.
    """
    if path.exists():
        raise InputError("backup.exists", found=str(path))
    half = path.with_name(f".{path.name}-{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with as_stored(), snapshot() as using, zipfile.ZipFile(half, "x", zipfile.ZIP_DEFLATED) as archive:
            half.chmod(0o600)
            manifest = Manifest(
                __version__, now.isoformat(), connection.vendor, seal_mark(folder), shape_of(using)
            )
            _put_tables(archive, manifest, using, progress)
            _put_files(
                archive, manifest, folder, files_of(folder, with_keys=with_keys, besides=half), progress
            )
            archive.writestr(_entry(NAME), manifest.text())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
    return manifest


@contextmanager
def snapshot() -> Iterator[str]:
    """Name of a connection that sees the database as it was at one moment."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix="yike-backup-") as half, _copied(Path(half) / "copy.sqlite3"):
            yield SNAPSHOT
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield "default"


@contextmanager
def _copied(path: Path) -> Iterator[None]:
    connection.ensure_connection()
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    connections.databases[SNAPSHOT] = {**connection.settings_dict, "NAME": str(path)}
    try:
        yield
    finally:
        connections[SNAPSHOT].close()
        del connections[SNAPSHOT]
        del connections.databases[SNAPSHOT]


def _put_tables(archive: zipfile.ZipFile, manifest: Manifest, using: str, progress: Progress) -> None:
    models = kept_models()
    for i, model in enumerate(models):
        name = model._meta.db_table
        progress("备份数据表", i, len(models))
        manifest.tables[name] = _put(archive, f"tables/{name}.jsonl", lines_of(model, using), lambda line: 1)
    progress("备份数据表", len(models), len(models))


def _put_files(
    archive: zipfile.ZipFile, manifest: Manifest, folder: Path, names: list[str], progress: Progress
) -> None:
    for i, name in enumerate(names):
        progress("备份文件", i, len(names))
        with (folder / name).open("rb") as stream:
            blocks = iter(lambda stream=stream: stream.read(BLOCK), b"")  # type: ignore[misc]
            manifest.files[name] = _put(archive, f"files/{name}", blocks, len)
    progress("备份文件", len(names), len(names))


def _put(archive: zipfile.ZipFile, name: str, blocks: Iterable[bytes], weigh: Callable[[bytes], int]) -> Kept:
    digest, size = hashlib.sha256(), 0
    with archive.open(_entry(name), "w", force_zip64=True) as out:
        for block in blocks:
            out.write(block)
            digest.update(block)
            size += weigh(block)
    return Kept(size, digest.hexdigest())


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without the time of day."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
