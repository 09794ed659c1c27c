"""The list inside the file somebody brought: the file itself, or what a city pack calls its outlets."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from yike.errors import UnreadableFileError
from yike.sources.pack_parse import PACK_FILE, read_pack_toml
from yike.sources.pack_spec import OutletsSpec
from yike.sources.pack_zip import open_pack


@dataclass(frozen=True)
class ListFile:
    """A list to read: where it lies, how it is meant, whether its makers say that it is invented."""

    path: Path
    spec: OutletsSpec
    is_invented: bool = False


@contextmanager
def list_in(path: Path, *, datum: str = "", sheet: str = "") -> Iterator[ListFile]:
    """
    Give the list of a file; what a person said about datum and sheet goes before what a pack says.

    Raises
    ------
    UnreadableFileError
        A pack without a list of outlets of its own, or one whose file is not in it.
    """
    if not _is_pack(path):
        yield ListFile(path, OutletsSpec(file=path.name, datum=datum, sheet=sheet))
        return
    with open_pack(path) as folder:
        spec, _ = read_pack_toml(folder / PACK_FILE)
        outlets = spec.outlets
        inside = (folder / outlets.file).resolve()
        if not outlets.is_given or not inside.is_relative_to(folder.resolve()):
            raise UnreadableFileError("register.import.pack_list", file=path.name)
        told = replace(outlets, file=inside.name, datum=datum or outlets.datum, sheet=sheet or outlets.sheet)
        yield ListFile(inside, told, spec.pack.is_invented)


def _is_pack(path: Path) -> bool:
    if path.suffix.lower() != ".zip" or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as packed:
        return any(n == PACK_FILE or n.endswith(f"/{PACK_FILE}") for n in packed.namelist())
