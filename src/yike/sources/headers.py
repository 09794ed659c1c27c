"""
Which column of a table is which field: the many ways in which people write a header.

The synonyms are data (``headers.toml``), so a new way of writing needs no change of code.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

_UNIT_IN_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_NOISE = re.compile(r"[\s*_:：、,，.。·\-/\\|]+")


@cache
def synonyms(kind: str) -> Mapping[str, tuple[str, ...]]:
    """
    Headers of every field of a kind of table.

    Parameters
    ----------
    kind
        Section of ``headers.toml`` ("outlet", "place", "community", "circle", "premises", "compound",
        "gate"); the fields of "point" belong to every kind, the kind's own words come first.
    """
    raw = tomllib.loads((files("yike.sources") / "headers.toml").read_text("utf-8"))
    if kind not in raw:
        raise KeyError(kind)
    fields: dict[str, tuple[str, ...]] = {f: tuple(words) for f, words in raw[kind].items()}
    for field, words in raw["point"].items():
        fields.setdefault(field, tuple(words))
    return fields


def plain(header: str) -> str:
    """A header without what people write differently: width, case, blanks, units in brackets, asterisks."""
    text = unicodedata.normalize("NFKC", header).casefold()
    without_unit = _UNIT_IN_BRACKETS.sub("", text)
    return _NOISE.sub("", without_unit or text)


@cache
def _lookup(kind: str) -> Mapping[str, str]:
    """Plain header -> field; a word claimed by two fields of a kind goes to the first."""
    found: dict[str, str] = {}
    for field, words in synonyms(kind).items():
        for word in (field, *words):
            found.setdefault(plain(word), field)
    return found


def match_headers(
    headers: Sequence[str], kind: str, declared: Mapping[str, str] | None = None
) -> dict[str, int]:
    """
    Column of each field that the headers name.

    Parameters
    ----------
    headers
        As written in the table.
    kind
        Kind of table, as in ``synonyms``.
    declared
        Field -> header from ``columns`` in ``pack.toml``; goes before the synonyms.

    Returns
    -------
    Field -> column index. Of two columns with the same meaning the one whose word stands earlier in
    ``headers.toml`` is taken, so that "序号" gives way to "编号".
    """
    plains = [plain(h) for h in headers]
    found: dict[str, int] = {}
    for field, header in (declared or {}).items():
        if plain(header) in plains:
            found[field] = plains.index(plain(header))
    taken = set(found.values())
    lookup = _lookup(kind)
    ranks = {f: [plain(w) for w in (f, *words)] for f, words in synonyms(kind).items()}
    best: dict[str, tuple[int, int]] = {}
    for column, word in enumerate(plains):
        field = lookup.get(word, "")
        if not field or field in found or column in taken:
            continue
        rank = (ranks[field].index(word), column)
        if field not in best or rank < best[field]:
            best[field] = rank
    found.update({field: column for field, (_, column) in best.items()})
    return found


def nearest_headers(field: str, kind: str, headers: Iterable[str]) -> list[str]:
    """Headers of the table that look most like a missing field, for the message."""
    words = [plain(w) for w in synonyms(kind).get(field, (field,))]
    scored = []
    for header in headers:
        if header:
            score = max(difflib.SequenceMatcher(None, plain(header), w).ratio() for w in words)
            scored.append((-score, header))
    return [h for s, h in sorted(scored)[:2] if -s >= 0.5]
