"""Columns about places as CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Column = np.ndarray | Sequence[str]

FORMULA_SIGNS = ("=", "+", "-", "@")
"""A spreadsheet would run a text that begins with one of these."""


def write_place_table(columns: Mapping[str, Column], path: Path, notes: Mapping[str, str]) -> None:
    """
    Write columns of equal length, by the path's ending ``.parquet`` or CSV.

    Parameters
    ----------
    columns
        Numbers or texts. NaN is null (Parquet) or an empty cell (CSV), never 0; infinity is ``inf``; an
        empty text is null or an empty cell.
    notes
        Key-value metadata, Parquet only.
    """
    if path.suffix == ".parquet":
        _write_parquet(columns, path, notes)
    else:
        _write_csv(columns, path)


def _write_parquet(columns: Mapping[str, Column], path: Path, notes: Mapping[str, str]) -> None:
    table = pa.table({name: _arrow(values) for name, values in columns.items()})
    with pq.ParquetWriter(path, table.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({k: notes[k] for k in sorted(notes)})


def _arrow(values: Column) -> Any:
    if isinstance(values, np.ndarray):
        is_unknown = np.isnan(values) if values.dtype.kind == "f" else None
        return pa.array(values, mask=is_unknown)
    return pa.array([v or None for v in values], pa.string())


def _write_csv(columns: Mapping[str, Column], path: Path) -> None:
    cells = [_cells(values) for values in columns.values()]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows(zip(*cells, strict=True))


def _cells(values: Column) -> list[str]:
    if not isinstance(values, np.ndarray):
        return [f"'{v}" if v.startswith(FORMULA_SIGNS) else v for v in values]
    if values.dtype.kind != "f":
        return [str(v) for v in values.tolist()]
    return ["" if np.isnan(v) else f"{v:.9g}" for v in values.tolist()]
