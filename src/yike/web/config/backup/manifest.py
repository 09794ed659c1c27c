"""The list inside a backup: version, shape, tables and files with their digests."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from yike.errors import InputError
from yike.web.config.backup.shape import Shape

NAME = "manifest.json"
KEYS = ("seal.key", "secret.key")
LEFT_OUT = ("static/", "yike.sqlite3", "test.sqlite3", "serve.lock")
"""Made again at the start, or kept as tables."""


@dataclass(frozen=True)
class Kept:
    """One table or file."""

    size: int  # rows of a table, bytes of a file
    sha256: str


@dataclass
class Manifest:
    """What a backup holds."""

    version: str
    made_at: str
    database: str
    seal: str  # mark of the key that opens what is sealed
    shape: Shape
    tables: dict[str, Kept] = field(default_factory=dict)
    files: dict[str, Kept] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(t.size for t in self.tables.values())

    def text(self) -> str:
        """As it is written."""
        return json.dumps({"program": "yike", **asdict(self)}, ensure_ascii=False, indent=1)


def read_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The list of a backup; raises InputError when the file is none of ours."""
    try:
        told = json.loads(archive.read(NAME))
        if told.pop("program") != "yike":
            raise KeyError("program")
        told |= {part: {k: Kept(**v) for k, v in told[part].items()} for part in ("tables", "files")}
        return Manifest(**told)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile):
        raise InputError("backup.not_ours", found=str(path)) from None


def seal_mark(folder: Path) -> str:
    """A mark that tells one seal key from another and does not give it away."""
    return hashlib.sha256(b"yike seal " + (folder / "seal.key").read_bytes().strip()).hexdigest()[:16]


def files_of(folder: Path, *, with_keys: bool, besides: Path | None = None) -> list[str]:
    """Files of an installation, below its folder."""
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p != besides)
    return sorted(
        n
        for n in names
        if not n.startswith(LEFT_OUT)
        and not any(part.startswith(".") for part in n.split("/"))
        and (with_keys or n not in KEYS)
    )
