"""A base kept in a folder: read, walked and judged once, so that scenarios start at once."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yike import __version__
from yike.errors import InputError, UnreadableFileError
from yike.reports.scenario_facts import ScenarioSide
from yike.sources.intake import file_sha256
from yike.sources.pack_parse import PACK_FILE
from yike.studies.base import Base
from yike.studies.scenario import ScenarioBase
from yike.studies.shelf import ARRAYS, TABLES, UnreadableShelfError, put_on_shelf, take_from_shelf

FORMAT = 2
SAMPLES, SAMPLE_BYTES = 256, 1 << 16
"""Of large arrays so many pieces are looked at: opening a base of gigabytes has to stay quick."""

RECORD = "base.json"
SETTLED = ("community_points", "outlets_by_walk")
"""Findings of the reading that a study asks for; the others are caches."""


@dataclass(frozen=True, eq=False)
class _Kept:
    """What lies on the shelf."""

    base: Base
    before: ScenarioSide
    basemap: Any


def is_kept_base(path: Path) -> bool:
    """Whether a path is a folder written by ``keep_base``."""
    return (path / RECORD).is_file()


def keep_base(opened: ScenarioBase, folder: Path) -> Path:
    """
    Write a base into a folder; an older base there is replaced.

    Raises
    ------
    InputError
        The folder holds something else.
    """
    if folder.exists() and not is_kept_base(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("scenario.base.exists", file=str(folder))
    half = folder.with_name(f".half-{folder.name}")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    base = opened.base
    pack = base.pack
    settled = {k: v for k, v in pack.settled.items() if k in SETTLED}
    spec = replace(base.spec, pack=base.spec.pack.resolve(), n_threads=None)
    light = replace(base, spec=spec, pack=replace(pack, osm=None, settled=settled))
    put_on_shelf(_Kept(light, opened.before, opened.basemap), half)
    record = {
        "what": "yike scenario base",
        "format": FORMAT,
        "version": __version__,
        "pack": str(spec.pack),
        "name": pack.provenance.name,
        "rule_pack": base.rules.code,
        "profile": base.profile.code,
        "is_invented": pack.provenance.is_invented,
        "as_of": pack.provenance.as_of,
        "inputs": input_digests(base),
        "files": {name: _fingerprint(half / name) for name in (TABLES, ARRAYS)},
    }
    (half / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    half.replace(folder)
    return folder


def load_base(folder: Path) -> ScenarioBase:
    """
    Open a kept base; the files of its pack must be as they were.

    Raises
    ------
    UnreadableFileError
        The folder is damaged, or was written by another version.
    InputError
        A file of the pack has changed since, or is gone.
    """
    record = _record(folder)
    written_by = f"{record.get('version')}（格式 {record.get('format')}）"
    if (record.get("format"), record.get("version")) != (FORMAT, __version__):
        expected = f"{__version__}（格式 {FORMAT}）"
        raise UnreadableFileError(
            "scenario.base.version", file=str(folder), found=written_by, expected=expected
        )
    changed = _changed(Path(str(record["pack"])), record["inputs"])
    if changed:
        raise InputError("scenario.base.changed", file=str(folder), found="、".join(changed))
    damaged = [name for name, digest in record["files"].items() if _fingerprint(folder / name) != digest]
    if damaged:
        raise UnreadableFileError("scenario.base.damaged", file=str(folder), found="、".join(damaged))
    try:
        kept: _Kept = take_from_shelf(folder)
    except UnreadableShelfError as wrong:
        raise UnreadableFileError("scenario.base.unreadable", file=str(folder), found=str(wrong)) from wrong
    return ScenarioBase(kept.base, kept.before, dict(kept.base.pack.digests), kept.basemap)


def input_digests(base: Base) -> dict[str, str]:
    """SHA-256 of every file the base was made from, by name relative to the pack."""
    pack = base.spec.pack
    if pack.is_file() and pack.name != PACK_FILE:  # a zip
        return {pack.name: file_sha256(pack)}
    root = pack.parent if pack.is_file() else pack
    own = base.pack.spec.standards.dir
    rules = sorted((root / own).rglob("*.toml")) if own else []
    names = {PACK_FILE, *base.pack.digests, *(str(p.relative_to(root)) for p in rules)}
    return {name: file_sha256(root / name) for name in sorted(names) if (root / name).is_file()}


def _record(folder: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text("utf-8"))
        is_whole = isinstance(record["inputs"], dict) and record["inputs"]
        if not is_whole or sorted(record["files"]) != sorted((TABLES, ARRAYS)):
            raise TypeError(RECORD)
        return record
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFileError("scenario.base.unreadable", file=str(folder), found=RECORD) from error


def _fingerprint(path: Path) -> str:
    """SHA-256 of a file's size and of pieces spread evenly over it, all of it where it is small; "" gone."""
    if not path.is_file():
        return ""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    step = max(SAMPLE_BYTES, size // SAMPLES)
    with path.open("rb") as stream:
        for at in range(0, size, step):
            stream.seek(at)
            digest.update(stream.read(SAMPLE_BYTES))
    return digest.hexdigest()


def _changed(pack: Path, inputs: dict[str, str]) -> list[str]:
    """Files of the pack that are not what they were."""
    root = pack if pack.is_dir() else pack.parent
    return [
        name
        for name, digest in inputs.items()
        if not (root / name).is_file() or file_sha256(root / name) != digest
    ]
