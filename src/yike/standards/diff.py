"""What changes from one rule pack to another, value by value, with both sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yike.standards.types import BusinessTypes, RulePack, Source, TypeRule


@dataclass(frozen=True)
class Difference:
    """One value that two packs give differently; None where a pack does not give it at all."""

    section: str  # "type" | "indicator" | "grade" | "bundle" | "theme" | "target" | "setting"
    code: str
    label: str
    field: str
    before: Any
    after: Any
    before_source: Source | None
    after_source: Source | None


Fields = Mapping[str, tuple[Any, Source]]
"""Values of one entry by name, each with its source."""


def diff_packs(a: RulePack, b: RulePack, types: BusinessTypes) -> tuple[Difference, ...]:
    """
    List what pack ``b`` asks differently from pack ``a``.

    Returns
    -------
    In the order of the packs: types, indicators, grades, bundles, themes, targets, settings. An entry that
    only one of them has is one difference named ``"entry"``. The same pack twice gives nothing.
    """
    labels = {t.code: t.label for t in types}
    found: list[Difference] = []
    for section, read in _SECTIONS.items():
        found += _diff_section(section, read(a), read(b), labels)
    return tuple(found)


Section = dict[str, tuple[str, Fields]]
"""Entries of a section: code -> (label, values)."""


def _diff_section(
    section: str, before: Section, after: Section, labels: Mapping[str, str]
) -> Iterable[Difference]:
    for code in [*before, *(code for code in after if code not in before)]:
        label = labels.get(code, "") or (after.get(code) or before[code])[0]
        if code not in after:
            source = _first_source(before[code][1])
            yield Difference(section, code, label, "entry", "有", None, source, None)
        elif code not in before:
            source = _first_source(after[code][1])
            yield Difference(section, code, label, "entry", None, "有", None, source)
        else:
            yield from _diff_entry(section, code, label, before[code][1], after[code][1])


def _diff_entry(section: str, code: str, label: str, before: Fields, after: Fields) -> Iterable[Difference]:
    for name in [*before, *(name for name in after if name not in before)]:
        old, old_source = before.get(name, (None, None))
        new, new_source = after.get(name, (None, None))
        if old != new:
            yield Difference(section, code, label, name, old, new, old_source, new_source)


def _first_source(values: Fields) -> Source | None:
    return next((source for _, source in values.values()), None)


def _types(pack: RulePack) -> Section:
    return {rule.code: ("", _type_fields(rule)) for rule in pack.types}


def _type_fields(rule: TypeRule) -> Fields:
    return {
        "group": (rule.group, rule.source),
        "is_required": (rule.is_required, rule.required_source),
        "within_s": (rule.within_s, rule.within_source),
        "share": (rule.share, rule.share_source),
    }


def _indicators(pack: RulePack) -> Section:
    names = ("measure", "at_least", "at_most", "equals", "scope", "due")
    points = ("points", "points_from", "points_full")
    return {
        rule.code: (
            rule.label,
            {name: (getattr(rule, name), rule.source) for name in names}
            | {"params": (dict(rule.params), rule.source)}
            | {name: (getattr(rule, name), rule.points_source) for name in points},
        )
        for rule in pack.indicators
    }


def _grades(pack: RulePack) -> Section:
    return {
        grade.code: (
            grade.label,
            {"label": (grade.label, grade.source)}
            | {f"gate.{g.code}": ((g.indicator, g.at_least, g.at_most), g.source) for g in grade.gates},
        )
        for grade in pack.grades
    }


def _bundles(pack: RulePack) -> Section:
    return {b.code: (b.label, {"slots": (b.slots, b.source)}) for b in pack.bundles}


def _themes(pack: RulePack) -> Section:
    return {
        t.code: (
            t.label,
            {
                "types": (t.types, t.source),
                "lead_unit": (t.lead_unit, t.source),
                "within_s": (t.within_s, t.source),
            },
        )
        for t in pack.themes
    }


def _targets(pack: RulePack) -> Section:
    names = ("indicator", "operator", "value", "due")
    return {t.code: (t.label, {n: (getattr(t, n), t.source) for n in names}) for t in pack.targets}


def _settings(pack: RulePack) -> Section:
    return {
        name: (name, {"value": (value, pack.setting_sources[name])}) for name, value in pack.settings.items()
    }


_SECTIONS: dict[str, Callable[[RulePack], Section]] = {
    "type": _types,
    "indicator": _indicators,
    "grade": _grades,
    "bundle": _bundles,
    "theme": _themes,
    "target": _targets,
    "setting": _settings,
}
