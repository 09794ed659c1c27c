"""
Names of communities as people write them: with or without 社区 or 居委会, and with slips of the pen.

A name that equals another after the usual endings are taken off is the same; anything less is only a
suggestion (罗一 for 罗玉一, 光明 for 光明巷): a person decides.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_ENDING = re.compile(
    r"(?:社区)?(?:居民委员会|居委会|村民委员会|村委会|社区工作站|社区服务中心)$|社区(?:居委)?$|(?<=..)(?:小区|村)$"
)
_NOISE = re.compile(r"[\s·•.\-—_]+")
_BETWEEN = re.compile(r"[、，,;；/|\n\r\t 　]+")


@dataclass(frozen=True)
class NameMatch:
    """Rows that bear the name (none, one, or several when it is ambiguous), and near ones to suggest."""

    rows: tuple[int, ...]
    suggestions: tuple[str, ...]

    @property
    def idx(self) -> int:
        """The one row, -1 when there is none or more than one."""
        return self.rows[0] if len(self.rows) == 1 else -1


def stem(name: str) -> str:
    """A community's name without what people write differently: endings, width, blanks."""
    text = _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return _ENDING.sub("", text) or text


def split_names(text: str) -> tuple[str, ...]:
    """
    Names in a cell, separated by 、 commas, slashes or blanks; a closing 等 is dropped.

    和 does not separate: 仁和里 is one community.
    """
    parts = _BETWEEN.split(unicodedata.normalize("NFKC", text).strip().removesuffix("等"))
    return tuple(p for p in parts if p and p != "等")


def match_name(name: str, names: Sequence[str], ids: Sequence[str] = ()) -> NameMatch:
    """
    Find a community by its id or name.

    Parameters
    ----------
    name
        As written.
    names, ids
        Those of all communities.

    Returns
    -------
    NameMatch
        An exact id wins, then the full name, then the stem. Suggestions are given only without a match.
    """
    written = name.strip()
    for candidates, key in ((ids, str), (names, str), (names, stem)):
        rows = tuple(i for i, c in enumerate(candidates) if key(c) == key(written))
        if rows:
            return NameMatch(rows, ())
    return NameMatch((), nearest_names(written, names))


def nearest_names(name: str, names: Sequence[str], n: int = 3) -> tuple[str, ...]:
    """Names that look most like one, nearest first: one inside the other, or most characters shared."""
    wanted = stem(name)
    scored = []
    for other in dict.fromkeys(names):
        near = stem(other)
        score = difflib.SequenceMatcher(None, wanted, near).ratio()
        if wanted and near and (wanted in near or near in wanted):
            score += 0.5
        if score >= 0.5:
            scored.append((-score, other))
    return tuple(other for _, other in sorted(scored)[:n])
