"""Checks of the catalogue: no two types claim one word or code, every type has a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from yike.errors import Fault
from yike.standards.match_index import build_match_index
from yike.standards.normal import bare
from yike.standards.types import BusinessType, BusinessTypes


def check_types(types: BusinessTypes, documents: frozenset[str]) -> Iterator[Fault]:
    """Every fault of the catalogue; ``documents`` are the codes a source may name."""
    yield from _claims(types, "别名", _words)
    yield from _claims(types, "高德代码", lambda t: t.amap)
    yield from _claims(types, "国民经济行业代码", lambda t: t.gbt4754)
    yield from _claims(types, "顺序", lambda t: (str(t.order),))
    known = {t.code for t in types}
    terms = build_match_index(types).terms
    for t in types:
        yield from _check_type(t, known, documents)
        for word in sorted({bare(w) for w in _words(t)} & terms.keys()):
            yield _fault("term_twice", t, word)


def _words(t: BusinessType) -> Iterable[str]:
    return {bare(word): None for word in (t.label, *t.alias, *t.amap_name)}


def _claims(
    types: BusinessTypes, what: str, read: Callable[[BusinessType], Iterable[str]]
) -> Iterator[Fault]:
    owner: dict[str, BusinessType] = {}
    for t in types:
        for claim in read(t):
            first = owner.setdefault(claim, t)
            if first is not t:
                yield _fault("claimed_twice", t, claim, expected=f"{what}，{first.label}")


def _check_type(t: BusinessType, known: set[str], documents: frozenset[str]) -> Iterator[Fault]:
    if not t.source.document or not t.source.text:
        yield _fault("source_missing", t, "source")
    elif t.source.document not in documents:
        yield _fault("document_unknown", t, t.source.document)
    elif t.source.document.startswith("yike-") and not t.source.is_inferred:
        yield _fault("not_marked", t, t.source.document)
    for code in t.early_hours_of:
        if code not in known:
            yield _fault("type_unknown", t, code)
    for claim in t.unverified:
        yield _fault("unverified", t, claim, level="note")


def _fault(code: str, t: BusinessType, found: str, *, expected: str = "", level: str = "error") -> Fault:
    return Fault(
        f"standards.check.{code}",
        file=f"{t.code}.toml",
        found=found,
        expected=expected,
        level=level,
        facts={"key": t.label},
    )
