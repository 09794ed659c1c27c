"""Putting a backup back into an empty folder and an empty database: whole, or not at all."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from yike.errors import InputError, RefusedError
from yike.studies.study import Progress, silent
from yike.web.accounts.sealed import as_stored
from yike.web.config.backup.manifest import Kept, Manifest, read_manifest, seal_mark
from yike.web.config.backup.shape import take_shape, unknown_in
from yike.web.config.backup.tables import count_on, digest_of, kept_models, lines_of, put_lines
from yike.web.config.backup.writing import BLOCK
from yike.web.config.commands.opening import migrate
from yike.web.config.paths import secret_of


def restore_backup(path: Path, folder: Path, *, progress: Progress = silent) -> tuple[Manifest, bool]:
    """
    Put a backup back and compare every table with what it was.

    Returns
    -------
    The list of the backup, and whether the folder's key opens what was sealed.

    Raises
    ------
    InputError
        No backup, or one that is damaged; nothing was written.
    RefusedError
        The database or the folder holds something already, or the backup is of a newer version.
    """
    if not zipfile.is_zipfile(path):
        raise InputError("backup.not_ours", found=str(path))
    with zipfile.ZipFile(path) as archive:
        manifest = read_manifest(archive, path)
        _check(archive, manifest, progress)
        if unknown := unknown_in(manifest.shape):
            raise RefusedError("backup.newer", status=409, found=unknown[0], version=manifest.version)
        _refuse_full(folder, manifest)
        apps = take_shape(manifest.shape)
        _take_files(archive, manifest, folder, progress)
        settings.SEAL_KEY = secret_of(folder, "seal.key")  # the backup may have brought its own
        _take_tables(archive, manifest, apps, progress)
    progress("核对数据结构", 0, 1)
    migrate()
    return manifest, manifest.seal == seal_mark(folder)


def _check(archive: zipfile.ZipFile, manifest: Manifest, progress: Progress) -> None:
    """Every entry is there and as it was written."""
    kept = {f"tables/{k}.jsonl": v for k, v in manifest.tables.items()}
    kept |= {f"files/{k}": v for k, v in manifest.files.items()}
    for i, (name, told) in enumerate(kept.items()):
        progress("核对备份", i, len(kept))
        if not _is_safe(name) or _digest(archive, name) != told.sha256:
            raise InputError("backup.damaged", found=name)


def _is_safe(name: str) -> bool:
    return (
        ".." not in PurePosixPath(name).parts and not PurePosixPath(name).is_absolute() and "\\" not in name
    )


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    except (KeyError, zipfile.BadZipFile, OSError, EOFError):
        return ""
    return digest.hexdigest()


def _refuse_full(folder: Path, manifest: Manifest) -> None:
    """Looked at before the database is given the backup's shape: an earlier shape would drop columns."""
    there = set(connection.introspection.table_names())
    for table in sorted(there & {m._meta.db_table for m in kept_models()}):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - our names
            if cursor.fetchone():
                raise RefusedError("backup.not_empty", status=409, found=f"{folder}（{table}）")
    for name, told in manifest.files.items():
        if (folder / name).is_file() and not _is_same(folder / name, told):
            raise RefusedError("backup.not_empty", status=409, found=str(folder / name))


def _is_same(path: Path, told: Kept) -> bool:
    return path.stat().st_size == told.size and hashlib.sha256(path.read_bytes()).hexdigest() == told.sha256


def _take_files(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, progress: Progress) -> None:
    for i, name in enumerate(manifest.files):
        progress("恢复文件", i, len(manifest.files))
        to = folder / name
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = to.with_name(f".{to.name}")
        with archive.open(f"files/{name}") as stream, half.open("wb") as out:
            half.chmod(0o600)
            while block := stream.read(BLOCK):
                out.write(block)
        half.replace(to)


def _take_tables(archive: zipfile.ZipFile, manifest: Manifest, apps: Any, progress: Progress) -> None:
    """All tables in one transaction, sealed columns as they lie; a difference takes everything back."""
    models = [m for m in kept_models(apps) if m._meta.db_table in manifest.tables]
    with as_stored(), transaction.atomic():
        for i, model in enumerate(models):
            progress("恢复数据表", i, len(models))
            put_lines(model, _lines(archive, model._meta.db_table), "default")
        count_on(models, "default")
        for i, model in enumerate(models):
            progress("核对数据表", i, len(models))
            told = manifest.tables[model._meta.db_table]
            if digest_of(lines_of(model, "default")) != (told.size, told.sha256):
                raise InputError("backup.differs", found=model._meta.db_table)


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    with archive.open(f"tables/{table}.jsonl") as stream:
        yield from stream
