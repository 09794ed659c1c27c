"""Everything a type text can be looked up in, prepared once from the catalogue and the term files."""

from __future__ import annotations

from dataclasses import dataclass, field

from yike.standards.data_files import DATA
from yike.standards.entry import read_toml
from yike.standards.normal import bare, plain
from yike.standards.types import BusinessType, BusinessTypes


@dataclass(frozen=True)
class NotOurs:
    """A kind of place that is easily mistaken for a type and is none."""

    label: str
    words: tuple[str, ...]
    unless: tuple[str, ...]
    amap: tuple[str, ...]
    reason: str

    def holds(self, text: str) -> bool:
        """Whether a plain text names this kind."""
        return any(word in text for word in self.words) and not any(word in text for word in self.unless)


@dataclass(frozen=True)
class Term:
    """A text that may mean several types: words in the name decide, or a person does."""

    choices: tuple[str, ...]
    sure_words: tuple[tuple[str, tuple[str, ...]], ...]
    otherwise: str
    is_generic: bool
    reason: str


@dataclass
class MatchIndex:
    """Lookups by normalised text; values are rows of the catalogue and how they were found."""

    exact: dict[str, tuple[int, str]] = field(default_factory=dict)
    amap: dict[str, int] = field(default_factory=dict)
    amap_named: dict[str, list[tuple[int, tuple[str, ...]]]] = field(default_factory=dict)
    amap_code_of: dict[str, str] = field(default_factory=dict)
    gbt: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    family: dict[int, frozenset[int]] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    not_ours: tuple[NotOurs, ...] = ()
    row: dict[str, int] = field(default_factory=dict)


def build_match_index(types: BusinessTypes) -> MatchIndex:
    """Prepare the lookups; the first type to claim a word keeps it (``check`` reports the other)."""
    index = MatchIndex(terms=_read_terms(), not_ours=_read_not_ours(), amap_code_of=_read_amap_names())
    for idx, business_type in enumerate(types):
        _add_type(index, idx, business_type)
    parent = types.parent_idx
    for idx in range(len(types)):
        index.family[idx] = frozenset(c for c, p in enumerate(parent) if p == idx)
    index.row = {types.types[i].form_row: i for i in types.form_idx}
    return index


def _add_type(index: MatchIndex, idx: int, t: BusinessType) -> None:
    claims = [(t.code, "code"), (t.label, "label")]
    claims += [(word, "alias") for word in t.alias] + [(word, "amap_name") for word in t.amap_name]
    if not t.parent:
        claims.append((t.form_row, "row"))
    for text, how in claims:
        index.exact.setdefault(bare(text), (idx, how))
    for code in t.amap:
        index.amap.setdefault(code, idx)
    for code, words in t.amap_named:
        index.amap_named.setdefault(code, []).append((idx, tuple(plain(word) for word in words)))
    for code in t.gbt4754:
        index.gbt.setdefault(code, idx)
    for text in (t.label, *t.alias, *t.name_words):
        word = bare(text)
        if len(word) >= 2 and not word.isdigit():
            index.words.setdefault(word, idx)


def _read_terms() -> dict[str, Term]:
    entry = read_toml(DATA / "ambiguous.toml")
    terms: dict[str, Term] = {}
    for item in entry.tables("term"):
        words = item.words("words")
        sure = []
        for table in item.tables("sure_words"):
            sure.append((table.need("code", str), tuple(plain(word) for word in table.words("words"))))
            table.done()
        term = Term(
            choices=item.words("choices"),
            sure_words=tuple(sure),
            otherwise=item.get("otherwise", str, ""),
            is_generic=item.get("by_name", bool, False),
            reason=item.need("reason", str),
        )
        item.done()
        terms |= {bare(word): term for word in words}
    entry.done()
    return terms


def _read_not_ours() -> tuple[NotOurs, ...]:
    entry = read_toml(DATA / "not_ours.toml")
    kinds = []
    for item in entry.tables("kind"):
        item.need("code", str)
        item.get("osm", list, [])
        kinds.append(
            NotOurs(
                label=item.need("label", str),
                words=tuple(plain(word) for word in item.words("words")),
                unless=tuple(plain(word) for word in item.words("unless")),
                amap=item.words("amap"),
                reason=item.need("reason", str),
            )
        )
        item.done()
    entry.done()
    return tuple(kinds)


def _read_amap_names() -> dict[str, str]:
    names = read_toml(DATA / "amap_generic.toml").table("names")
    return {bare(name): str(code) for name, code in names.raw.items()}
