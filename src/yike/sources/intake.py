"""
What every reader of a pack shares: the folder, the projection, the list of faults, and what was found.

A reader takes its own section of ``PackSpec`` and a ``ReadContext``, returns its table, and puts
every fault into ``ctx.faults``; it stops for nothing that a later row could still tell.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yike.core.geo.projection import LocalProjection
from yike.core.tables import Communities, WalkNetwork
from yike.errors import CoordinateSystemError, Fault, InputError, YikeError
from yike.sources.pack_spec import PackSpec
from yike.standards.types import BusinessTypes

if TYPE_CHECKING:  # the OSM reader builds on this module's neighbours, not the other way round
    from yike.sources.osm import OsmExtract


@dataclass(frozen=True)
class IntakeReport:
    """What reading a pack found: counts by file, and every fault."""

    found: dict[str, Any]
    faults: list[Fault]

    @property
    def errors(self) -> list[Fault]:
        """Faults that stop the use of the pack."""
        return [f for f in self.faults if f.level == "error"]

    @property
    def warnings(self) -> list[Fault]:
        """Faults to look at, though the data is used."""
        return [f for f in self.faults if f.level == "warning"]


@dataclass
class ReadContext:
    """
    Carried through the readers of one pack.

    ``network`` is there before any point file is read, so that a datum can be checked against streets;
    ``communities`` and ``compounds`` are None until their readers have run.
    """

    dir: Path
    spec: PackSpec
    types: BusinessTypes
    projection: LocalProjection
    faults: list[Fault] = field(default_factory=list)
    osm: OsmExtract | None = None
    network: WalkNetwork | None = None
    communities: Communities | None = None
    compounds: Any = None  # what compounds.read_compounds gave
    digests: dict[str, str] = field(default_factory=dict)  # file name -> sha256
    found: dict[str, Any] = field(default_factory=dict)  # section -> what was found, plain values
    estimates: list[str] = field(default_factory=list)  # Chinese sentences on what was estimated (估算)
    settled: dict[str, Any] = field(default_factory=dict)  # caches of datum_guess

    def add(self, code: str, **named: Any) -> None:
        """Note a fault; ``named`` are fields of ``Fault`` (file, sheet, row, column, found, …) or facts."""
        self.faults.append(fault(code, **named))

    def path(self, name: str, section: str) -> Path | None:
        """
        Path of a file the pack names, its digest noted; None (and a fault) when it is not there.

        Parameters
        ----------
        name
            As written in ``pack.toml``, relative to the pack.
        section
            Section of ``pack.toml``, for the fault.
        """
        path = self.dir / name
        if not path.resolve().is_relative_to(self.dir.resolve()):
            self.add("pack.file.outside", file="pack.toml", column=f"[{section}] file", found=name)
            return None
        if not path.is_file():
            near = ", ".join(sorted(p.name for p in self.dir.iterdir() if p.is_file())[:12])
            self.add("pack.file.missing", file="pack.toml", column=f"[{section}] file", found=name, near=near)
            return None
        if name not in self.digests:
            self.digests[name] = file_sha256(path)
        return path


_FIELDS = ("file", "sheet", "row", "column", "found", "expected", "level")


def fault(code: str, **named: Any) -> Fault:
    """Make a ``Fault``; names that are not its fields become facts for the message."""
    fields = {k: named.pop(k) for k in _FIELDS if k in named}
    return Fault(code, **fields, facts=named)


def faults_of(wrong: YikeError) -> list[Fault]:
    """Every fault an error carries, or the error itself as one."""
    carried = getattr(wrong, "faults", ())
    if carried:
        return list(carried)
    return [fault(wrong.code, **wrong.facts)]


def take_error(ctx: ReadContext, wrong: YikeError) -> None:
    """Put an error of one reader among the faults of the pack, so that the other readers still run."""
    ctx.faults.extend(faults_of(wrong))


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def input_error(faults: list[Fault], file: str = "") -> InputError:
    """
    The error that carries all faults: about the datum alone it is a ``CoordinateSystemError``.

    ``file`` names a file beside the pack; the pack's own files are told as the pack's.
    """
    errors = [f for f in faults if f.level == "error"]
    kind = InputError
    if errors and all(f.code.startswith("datum.") for f in errors):
        kind = CoordinateSystemError
    first = errors[0] if errors else Fault("")
    code = "pack.file_faults" if file else "pack.faults"
    return kind(code, tuple(faults), named=file, count=len(errors), where=first.where, first=first.message)
