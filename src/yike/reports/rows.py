"""Names of the rows of the form, one for each column of the access table."""

from __future__ import annotations

from yike.core.tables import IntArray
from yike.standards.types import BusinessTypes


def form_row_of(types: BusinessTypes, type_idx: int) -> str:
    """``B06`` of a top-level type, ``B06.shoe_repair`` of a sub-type with a column of its own."""
    kind = types.types[type_idx]
    return f"{kind.form_row}.{kind.code}" if kind.parent else kind.form_row


def form_rows(types: BusinessTypes, type_rows: IntArray) -> list[str]:
    """Row name of each access column; unique."""
    return [form_row_of(types, int(i)) for i in type_rows]
