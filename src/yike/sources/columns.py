"""Large plain CSV tables by column: read by Arrow, headers matched, numbers converted all at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from yike.core.tables import FloatArray
from yike.errors import Fault
from yike.sources.headers import match_headers
from yike.sources.intake import fault
from yike.sources.numbers import parse_number

_ENCODINGS = ("utf8", "gb18030")


class Columns:
    """One table: fields under our names, every cell as text."""

    def __init__(self, file: str, table: pa.Table, kind: str) -> None:
        self.file = file
        self.headers = [str(name).lstrip("\ufeff") for name in table.column_names]
        self._table = table
        self._column = match_headers(self.headers, kind)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def row(self, i: int) -> int:
        """Row number as a person counts: the header is row 1."""
        return i + 2

    def has(self, field: str) -> bool:
        """Whether the table has the field."""
        return field in self._column

    def texts(self, field: str) -> NDArray[np.object_]:
        """Cells of a field, blanks at the ends cut; "" where empty."""
        column = pc.utf8_trim_whitespace(pc.fill_null(self._table.column(self._column[field]), ""))
        texts: NDArray[np.object_] = np.asarray(column.to_numpy(), dtype=object)
        return texts

    def numbers(self, field: str) -> FloatArray:
        """Cells of a field as numbers; NaN where a cell is empty or no number."""
        column = pc.utf8_trim_whitespace(self._table.column(self._column[field]))
        try:
            column = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
            cast = pc.cast(column, pa.float64())
            return np.asarray(cast.fill_null(np.nan).to_numpy(), np.float64)
        except pa.ArrowInvalid:  # a cell as people write them: full-width digits, 12 米
            return np.array([parse_number(text).value for text in self.texts(field).tolist()], np.float64)


def read_columns(path: Path, kind: str, needed: tuple[str, ...], faults: list[Fault]) -> Columns | None:
    """
    Read a CSV table, also gzipped; UTF-8 (with or without BOM) or GB18030.

    Parameters
    ----------
    path
        The file.
    kind
        Section of ``headers.toml`` that knows its headers.
    needed
        Fields that must be there.
    faults
        Takes what is wrong; then None is returned.
    """
    table, said = None, ""
    for encoding in _ENCODINGS:
        try:
            table = _read(path, encoding)
            break
        except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
            said = said or str(error)[:200]
    if table is None:
        faults.append(fault("edges.unreadable", file=path.name, found=said))
        return None
    columns = Columns(path.name, table, kind)
    missing = [field for field in needed if not columns.has(field)]
    found = "、".join(columns.headers)
    faults.extend(fault("edges.column.missing", file=path.name, column=f, found=found) for f in missing)
    if not missing and not len(columns):
        faults.append(fault("edges.empty", file=path.name))
        return None
    return None if missing else columns


def _read(path: Path, encoding: str) -> pa.Table:
    # first the header alone: every column is then read as text, so that no cell is lost to a guess
    options = pacsv.ReadOptions(encoding=encoding)
    with pacsv.open_csv(path, read_options=options) as head:
        names = head.schema.names
    as_text = pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
    )
    return pacsv.read_csv(path, read_options=options, convert_options=as_text)
