"""Checking a pack: everything found and every fault, grouped for reading, with the faulty tables at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yike.errors import Fault, InputError
from yike.sources.intake import IntakeReport
from yike.sources.pack import Pack, inspect_pack
from yike.sources.pack_zip import open_pack
from yike.sources.tabular import LAYER_SUFFIXES, read_sheets, read_table

LEVEL_ORDER = {"error": 0, "warning": 1, "note": 2}
TABLE_SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".xlsm", ".et", ".ods", *LAYER_SUFFIXES)


@dataclass(frozen=True)
class Grid:
    """One sheet of a pack as it stands: rows as text, with the numbers a person sees."""

    file: str
    sheet: str
    rows: list[tuple[str, ...]]
    row_number: list[int]


@dataclass(frozen=True)
class FaultGroup:
    """Faults that say the same about several rows of a file."""

    fault: Fault
    rows: tuple[int, ...]  # ascending, without the file's own faults (row 0)
    count: int

    @property
    def where(self) -> str:
        """The place in words, with the first rows."""
        if self.count == 1 or not self.rows:
            return self.fault.where
        shown = "、".join(str(r) for r in self.rows[:6]) + (
            f" 等 {len(self.rows)}" if len(self.rows) > 6 else ""
        )
        parts = [self.fault.file, f"工作表“{self.fault.sheet}”" if self.fault.sheet else "", f"第 {shown} 行"]
        column, word = self.fault.column, "" if self.fault.column.startswith("[") else "列"
        parts.append(f"“{column}”{word}" if column else "")
        return " ".join(p for p in parts if p)


@dataclass(frozen=True)
class PackCheck:
    """What ``yike pack check`` tells."""

    report: IntakeReport
    pack: Pack | None  # None when the pack cannot be used
    grids: tuple[Grid, ...]  # tables with at least one faulty row

    @property
    def is_clean(self) -> bool:
        """Whether nothing stops the use of the pack; warnings may be there."""
        return not self.report.errors


def check_pack(
    path: Path, *, with_grids: bool = True, progress: Callable[[str, int, int], None] | None = None
) -> PackCheck:
    """
    Read a pack to its end and collect what was found.

    Parameters
    ----------
    path
        Folder or zip.
    with_grids
        Keep the cells of faulty tables, for the copy with red cells.
    progress
        Called with (stage in Chinese, done, total).

    Raises
    ------
    UnreadableFileError
        There is no pack at that path.
    """
    report, pack = inspect_pack(path, progress=progress)
    grids: tuple[Grid, ...] = ()
    if with_grids:
        with open_pack(path) as folder:
            grids = tuple(faulty_grids(folder, report.faults))
    return PackCheck(report, pack, grids)


def faulty_grids(folder: Path, faults: Sequence[Fault]) -> list[Grid]:
    """Tables that at least one fault points into, in order of file and sheet."""
    wanted = sorted({(f.file, f.sheet) for f in faults if f.row and f.file.lower().endswith(TABLE_SUFFIXES)})
    grids = []
    for file, sheet in wanted:
        path = _find(folder, file)
        if path is None:
            continue
        try:
            grids.append(_grid(path, file, sheet))
        except InputError:
            continue  # already among the faults
    return grids


def _find(folder: Path, file: str) -> Path | None:
    """Faults name files as the pack does, or by their last part."""
    if (folder / file).is_file():
        return folder / file
    return next((p for p in sorted(folder.rglob("*")) if p.name == file and p.is_file()), None)


def _grid(path: Path, file: str, sheet: str) -> Grid:
    if path.name.lower().endswith(LAYER_SUFFIXES):
        table = read_table(path)
        rows = [table.headers, *zip(*table.columns, strict=True)]
        return Grid(file, sheet, rows, [0, *table.row_number.tolist()])
    sheets = read_sheets(path)
    found = next((s for s in sheets if s.name == sheet), sheets[0])
    return Grid(file, sheet, found.rows, found.row_number)


def group_faults(faults: Sequence[Fault]) -> list[FaultGroup]:
    """
    Faults that differ in their row alone, taken together; errors first, else in the order found.

    A register of 6,000 outlets may hold one unknown type 400 times: a person wants to read that once.
    """
    groups: dict[tuple[str, ...], list[Fault]] = {}
    for fault in faults:
        key = (fault.level, fault.code, fault.file, fault.sheet, fault.column, fault.message)
        groups.setdefault(key, []).append(fault)
    found = [FaultGroup(g[0], tuple(sorted({f.row for f in g if f.row})), len(g)) for g in groups.values()]
    return sorted(found, key=lambda g: LEVEL_ORDER.get(g.fault.level, 3))


def check_record(check: PackCheck) -> dict[str, Any]:
    """The whole check as plain data for ``--json``."""
    faults = sorted(check.report.faults, key=lambda f: LEVEL_ORDER.get(f.level, 3))
    counts = {level: sum(f.level == level for f in faults) for level in LEVEL_ORDER}
    return {
        "is_usable": check.is_clean,
        "errors": counts["error"],
        "warnings": counts["warning"],
        "notes": counts["note"],
        "found": check.report.found,
        "faults": [f.record for f in faults],
    }
