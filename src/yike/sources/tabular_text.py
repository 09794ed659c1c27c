"""CSV and its relatives: encoding and separator found out, rows counted as a sheet counts them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from yike.errors import Fault, UnreadableFileError
from yike.sources.intake import fault
from yike.sources.tabular import Sheet

SEPARATORS = (",", "\t", ";", "|", "，")
_MAX_CELL = 131_072
_CONTROL = bytes(set(range(32)) - {9, 10, 13, 26, 27})


def read_text(path: Path) -> Sheet:
    """
    Read a text table.

    Raises
    ------
    UnreadableFileError
        No text in any of the encodings in use, or no rows and columns.
    """
    text, encoding = decode(path)
    separator = _separator(text)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for number, cells in enumerate(reader, start=1):
            row = tuple(tidy(c) for c in cells)
            if any(row):
                rows.append(row)
                numbers.append(number)
    except csv.Error as wrong:
        raise UnreadableFileError("table.file.nonsense", file=path.name, found=str(wrong)) from None
    notes: tuple[Fault, ...] = ()
    if encoding == "gb18030":
        notes = (fault("table.encoding.gb18030", file=path.name, level="note"),)
    return Sheet("", rows, numbers, notes, encoding)


def decode(path: Path) -> tuple[str, str]:
    """
    Text of a file and its encoding.

    UTF-8 is tried first, since GB18030 text is never long valid UTF-8 by chance; a file that is UTF-8 up
    to a broken place is called damaged instead of being shown as mojibake.
    """
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decode_strictly(path, data, "utf-16"), "utf-16"
    sample = data[:65536]
    if sum(sample.count(bytes([b])) for b in _CONTROL) > len(sample) * 0.01:
        raise UnreadableFileError("table.file.nonsense", file=path.name, found="二进制内容")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as wrong:
        good = data[: wrong.start].decode("utf-8", "ignore")
        if sum(c > "\u007f" for c in good) >= 30:
            line = good.count("\n") + 1
            raise UnreadableFileError("table.encoding.broken", file=path.name, row=line) from None
    return _decode_strictly(path, data, "gb18030"), "gb18030"


def _decode_strictly(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].count(b"\n") + 1
        raise UnreadableFileError("table.encoding.unknown", file=path.name, row=line) from None


def tidy(cell: str) -> str:
    """A cell without blanks at its ends, full-width and invisible ones included."""
    return cell.strip(" \t\r\n\u3000\u00a0\ufeff\u200b")


def _separator(text: str) -> str:
    """The separator that gives the most columns in the same number on most of the first lines."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    if len(lines) > 1 and len(text) > 20_000:
        lines.pop()  # may be cut
    best, best_score = ",", 0
    for sign in SEPARATORS:
        try:
            widths = [len(r) for r in csv.reader(lines, delimiter=sign)]
        except csv.Error:
            continue
        score = sum(w - 1 for w in widths)
        if score > best_score:
            best, best_score = sign, score
    return best
