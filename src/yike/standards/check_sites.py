"""Checks of the site rules: known types and kinds, areas in order, every number with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yike.errors import Fault
from yike.standards.site_rules import DEFAULT, FILE, SiteRules, load_site_rules, values_of
from yike.standards.types import BusinessTypes, Source

CheckSource = Callable[[Source, str, str, frozenset[str]], Iterator[Fault]]


def check_site_rules(
    types: BusinessTypes, documents: frozenset[str], check_source: CheckSource
) -> Iterator[Fault]:
    """Every fault of ``site_rules.toml``."""
    rules = load_site_rules()
    known = {t.code for t in types}
    for key, value in values_of(rules):
        yield from check_source(value.source, FILE, key, documents)
    for rule in rules.rules:
        key = f"rule[{rule.code}]"
        if rule.code not in known | {DEFAULT}:
            yield _fault("type_unknown", key, rule.code)
        low, high = rule.area_min_m2, rule.area_good_m2
        if low and high and low.value > high.value:
            yield _fault("limits", f"{key}.area_min_m2", f"{low.value:g} > {high.value:g}")
        if rule.unsuited_source is not None:
            yield from check_source(rule.unsuited_source, FILE, f"{key}.unsuited", documents)
    yield from check_source(rules.state_source, FILE, "state", documents)
    yield from _check_kinds(rules, documents, check_source)
    for near in rules.nearness:
        yield from check_source(near.source, FILE, f"nearness[{near.code}]", documents)
        for code in near.types:
            if code not in known:
                yield _fault("type_unknown", f"nearness[{near.code}].types", code)


def _check_kinds(rules: SiteRules, documents: frozenset[str], check_source: CheckSource) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for kind in rules.kinds:
        yield from check_source(kind.source, FILE, f"kind[{kind.code}]", documents)
        for word in dict.fromkeys((kind.label, *kind.alias)):
            first = owner.setdefault(word, kind.code)
            if first != kind.code:
                yield _fault("claimed_twice", f"kind[{kind.code}]", word, f"kind[{first}]")
    known = {kind.code for kind in rules.kinds}
    for rule in rules.rules:
        for code in rule.unsuited:
            if code not in known:
                yield _fault("kind_unknown", f"rule[{rule.code}].unsuited", code)


def _fault(code: str, key: str, found: str, expected: str = "") -> Fault:
    return Fault(f"standards.check.{code}", file=FILE, found=found, expected=expected, facts={"key": key})
