"""Tables on a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width_of(text: str) -> int:
    """Columns that a text takes up."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: the first column to the left, the others to the right, no rules."""
    table = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(width_of(row[k]) for row in table) for k in range(len(header))]
    return ["  ".join(_padded(row, widths)).rstrip() for row in table]


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    blanks = [" " * (width - width_of(text)) for text, width in zip(row, widths, strict=True)]
    return [text + blank if k == 0 else blank + text
            for k, (text, blank) in enumerate(zip(row, blanks, strict=True))]  # fmt: skip
