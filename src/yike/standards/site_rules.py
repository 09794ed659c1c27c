"""Rules for choosing sites (``data/site_rules.toml``): areas, distances, premises kinds, nearness."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from yike.standards.data_files import DATA
from yike.standards.entry import Entry, read_toml
from yike.standards.types import BusinessTypes, Source

FILE = "site_rules.toml"
DEFAULT = "default"
_DOCUMENT = "yike-site-rules"


@dataclass(frozen=True)
class SiteValue:
    """A number and where it comes from."""

    value: float
    source: Source


@dataclass(frozen=True)
class SiteRule:
    """What one business type asks of a site; None where the file says nothing."""

    code: str  # of the catalogue, or "default"
    area_min_m2: SiteValue | None
    area_good_m2: SiteValue | None
    apart_m: SiteValue | None  # on foot, to the nearest open outlet of the same type (错位发展)
    unsuited: tuple[str, ...]  # codes of premises kinds
    unsuited_source: Source | None


@dataclass(frozen=True)
class Nearness:
    """Public facilities that a site had better be near."""

    code: str
    label: str
    types: tuple[str, ...]  # codes of the catalogue; none: stops of public transport
    within_m: SiteValue
    points: SiteValue
    source: Source


@dataclass(frozen=True)
class PremisesKind:
    """A kind of idle space, and the words that people use for it."""

    code: str
    label: str
    alias: tuple[str, ...]
    is_room: bool  # has walls and a roof
    source: Source


@dataclass(frozen=True)
class SiteRules:
    """The whole file."""

    rules: tuple[SiteRule, ...]
    nearness: tuple[Nearness, ...]
    kinds: tuple[PremisesKind, ...]
    near_give_up_share: SiteValue
    idle_words: tuple[str, ...]
    busy_words: tuple[str, ...]
    state_source: Source

    def is_idle(self, words: str) -> bool:
        """
        Whether premises in this state can be had; the longest word found decides, none means yes.

        未出租 holds 出租, so that the shorter word must not decide.
        """
        text = words.casefold()
        idle = max((len(w) for w in self.idle_words if w in text), default=0)
        busy = max((len(w) for w in self.busy_words if w in text), default=0)
        return idle >= busy

    def rule(self, types: BusinessTypes, type_idx: int) -> SiteRule:
        """
        The rule of a type; what it does not say comes from the types above it, then from the default.

        Premises kinds that do not suit are taken from the nearest rule that names any.
        """
        by_code = {r.code: r for r in self.rules}
        line = [types.types[i].code for i in types.with_parents(type_idx)] + [DEFAULT]
        asked = [by_code[code] for code in line if code in by_code]

        def first(name: str) -> SiteValue | None:
            return next((v for r in asked if (v := getattr(r, name)) is not None), None)

        named = next((r for r in asked if r.unsuited), asked[-1])
        return SiteRule(
            code=types.types[type_idx].code,
            area_min_m2=first("area_min_m2"),
            area_good_m2=first("area_good_m2"),
            apart_m=first("apart_m"),
            unsuited=named.unsuited,
            unsuited_source=named.unsuited_source,
        )

    def kind_of(self, words: str) -> PremisesKind | None:
        """
        Kind of idle space that a cell names: by code, label or alias, else by the longest of them inside it.

        None when no kind is named; the words are then kept as they are.
        """
        text = _plain(words)
        if not text:
            return None
        terms = {_plain(term): kind for kind in self.kinds for term in (kind.code, kind.label, *kind.alias)}
        if text in terms:
            return terms[text]
        inside = [term for term in terms if len(term) > 1 and term in text]
        return terms[max(inside, key=lambda t: (len(t), -text.index(t)))] if inside else None


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


@cache
def load_site_rules() -> SiteRules:
    """The site rules; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / FILE)
    choice, state = entry.table("choice"), entry.table("state")
    rules = SiteRules(
        rules=tuple(_read_rule(item) for item in entry.tables("rule")),
        nearness=tuple(_read_nearness(item) for item in entry.tables("nearness")),
        kinds=tuple(_read_kind(item) for item in entry.tables("kind")),
        near_give_up_share=_value(choice, "near_give_up_share"),
        idle_words=state.words("idle"),
        busy_words=state.words("busy"),
        state_source=state.source(_DOCUMENT, "inferred"),
    )
    choice.done()
    state.done()
    entry.done()
    return rules


def _value(item: Entry, name: str) -> SiteValue:
    if not item.has(name):
        raise item.fault("standards.key.missing", name)
    table = item.table(name)
    value = table.need("value", float)
    if not 0 <= value < float("inf"):
        raise table.fault("standards.key.kind", "value", found=value, expected="不小于 0 的数")
    read = SiteValue(value, table.source(_DOCUMENT, "inferred"))
    table.done()
    return read


def _maybe(item: Entry, name: str) -> SiteValue | None:
    return _value(item, name) if item.has(name) else None


def _read_rule(item: Entry) -> SiteRule:
    unsuited = item.words("unsuited")
    rule = SiteRule(
        code=item.need("code", str),
        area_min_m2=_maybe(item, "area_min_m2"),
        area_good_m2=_maybe(item, "area_good_m2"),
        apart_m=_maybe(item, "apart_m"),
        unsuited=unsuited,
        unsuited_source=_source(item, "unsuited_source") if unsuited else None,
    )
    item.done()
    return rule


def _source(item: Entry, name: str) -> Source:
    """A source table under another name than ``source``."""
    raw = item.need(name, dict)
    holder = Entry({"source": raw}, item.file, item.at)
    return holder.source(_DOCUMENT, "inferred")


def _read_nearness(item: Entry) -> Nearness:
    found = Nearness(
        code=item.need("code", str),
        label=item.need("label", str),
        types=item.words("types"),
        within_m=_value(item, "within_m"),
        points=_value(item, "points"),
        source=item.source(_DOCUMENT, "inferred"),
    )
    item.done()
    return found


def _read_kind(item: Entry) -> PremisesKind:
    kind = PremisesKind(
        code=item.need("code", str),
        label=item.need("label", str),
        alias=item.words("alias"),
        is_room=item.get("is_room", bool, True),
        source=item.source(_DOCUMENT, "inferred"),
    )
    item.done()
    return kind


def values_of(rules: SiteRules) -> Iterator[tuple[str, SiteValue]]:
    """Every number of the file, with its key."""
    yield "choice.near_give_up_share", rules.near_give_up_share
    for rule in rules.rules:
        for name in ("area_min_m2", "area_good_m2", "apart_m"):
            value = getattr(rule, name)
            if value is not None:
                yield f"rule[{rule.code}].{name}", value
    for near in rules.nearness:
        yield f"nearness[{near.code}].within_m", near.within_m
        yield f"nearness[{near.code}].points", near.points
