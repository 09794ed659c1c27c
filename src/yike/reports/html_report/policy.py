"""The rules behind the numbers: types with norms, indicators, grades, and the clauses they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from yike.errors import has_text, message_of
from yike.reports.facts import ReportFacts
from yike.reports.html_report.labels import label, label_or
from yike.standards.loader import AGE_LABELS, list_rule_packs, load_rule_pack
from yike.standards.types import BusinessType, IndicatorRule, RulePack, Source, TypeRule

COMMON_UNITS = ("share", "count", "m2", "m2_per_100_households", "people")


@dataclass
class SourceList:
    """Sources without repeats; everything else points to a row of it."""

    rows: list[list[str]] = field(default_factory=list)
    known: dict[tuple[str, str, str, str], int] = field(default_factory=dict)

    def idx(self, source: Source, rules: RulePack) -> int:
        """Row of a source, -1 when it names no document."""
        if not source.document:
            return -1
        row = (document_title(source.document, rules), source.clause, source.text, source.mark)
        if row not in self.known:
            self.known[row] = len(self.rows)
            self.rows.append(list(row))
        return self.known[row]


def document_title(code: str, rules: RulePack) -> str:
    """What a document is called: its number or title in the rule packs, a known document's, else its code."""
    if code == rules.code:
        return short_title(rules.title)
    return short_title(_title_of_pack(code)) or label_or(f"document.{code}", code)


@cache
def _title_of_pack(code: str) -> str:
    return load_rule_pack(code).title if code in list_rule_packs() else ""


def short_title(title: str) -> str:
    """The document's number alone where the title begins with one: 天政办发〔2023〕54号."""
    number, _, _ = title.partition(" ")
    return number if number.endswith("号") and "〔" in number else title


def source_words(source: Source, rules: RulePack, *, with_text: bool = True) -> str:
    """Document, clause and, if wanted, words in one line, with 推定 where the value is inferred."""
    if not source.document:
        return ""
    head = f"{document_title(source.document, rules)} {source.clause}".strip()
    words = f"{head}：{source.text}" if source.text and with_text else head
    return words + (label("word.inferred") if source.is_inferred else "")


def policy_for_script(facts: ReportFacts) -> dict[str, Any]:
    """Types, indicators, sources and words of the rule pack, for the page's script."""
    sources = SourceList()
    return {
        "types": [_type(facts, t, i, sources) for i, t in enumerate(facts.types)],
        "indicators": [_indicator(facts.rules, i, sources) for i in indicators_of(facts)],
        "grades": {g.code: g.label for g in facts.rules.grades},
        "gates": {g.code: gate_words(facts, g.code) for rule in facts.rules.grades for g in rule.gates},
        "bands": {band: band_label(band) for band in (*facts.places.bands, *facts.gaps.bands)},
        "bundles": [
            {
                "code": b.code,
                "label": b.label,
                "slots": list(b.slot_labels),
                "src": sources.idx(b.source, facts.rules),
            }
            for b in facts.rules.bundles
        ],
        "sources": sources.rows,
    }


def band_label(band: str) -> str:
    """Chinese words of an age band; a pack's own band keeps its name."""
    return AGE_LABELS.get(band, band)


def type_label(facts: ReportFacts, type_idx: int) -> str:
    """Label of a business type by its row; 未归类 for -1."""
    return facts.types.types[type_idx].label if type_idx >= 0 else label("word.unmatched")


def _type(facts: ReportFacts, kind: BusinessType, row: int, sources: SourceList) -> dict[str, Any]:
    found: dict[str, Any] = {"row": kind.form_row, "label": kind.label, "group": kind.group or "other"}
    if kind.parent:
        found["parent"] = kind.parent
    rule = facts.rules.rule(kind.code)
    if rule is not None:
        found |= {
            "group": rule.group,
            "asked": rule.is_required,
            "norm_s": rule.within_s if rule.within_s == rule.within_s else None,
            "share": rule.share if rule.share == rule.share else None,
            "src": [
                sources.idx(s, facts.rules)
                for s in (_asked_source(rule), rule.within_source, rule.share_source)
            ],
        }
    return found


def _asked_source(rule: TypeRule) -> Source:
    return rule.required_source if rule.required_source.document else rule.source


def indicators_of(facts: ReportFacts) -> list[IndicatorRule | None]:
    """Rules of the assessment's columns, in its order; None where the pack no longer names one."""
    by_code = {i.code: i for i in facts.rules.indicators}
    return [by_code.get(code) for code in facts.assessment.indicator]


def _indicator(rules: RulePack, rule: IndicatorRule | None, sources: SourceList) -> dict[str, Any]:
    if rule is None:
        return {"label": "", "unit": "count", "src": -1}
    return {
        "label": rule.label,
        "unit": rule.unit,
        "limit": limit_words(rule),
        "how": how_words(rule.measure),
        "external": rule.measure == "external",
        "src": sources.idx(rule.source, rules),
    }


def how_words(measure: str) -> str:
    """Formula of a measure in words; empty where nobody has written one."""
    code = f"circle.formula.{measure}"
    return message_of(code, {}) if has_text(code) else ""


def limit_words(rule: IndicatorRule) -> str:
    """The limit as a clerk writes it: ≥ 30%."""
    for sign, limit in (("≥", rule.at_least), ("≤", rule.at_most), ("=", rule.equals)):
        if limit is not None:
            shown = f"{limit * 100:.6g}%" if rule.unit == "share" else f"{limit:.6g}{unit_words(rule.unit)}"
            return f"{sign} {shown}"
    return ""


def unit_words(unit: str) -> str:
    """Chinese unit with a leading space; empty for shares and plain counts."""
    return label_or(f"unit.{unit}", "")


def gate_words(facts: ReportFacts, code: str) -> str:
    """A gate in words: 连锁店占比 ≥ 30%; the code itself when no gate has it."""
    labels = {i.code: i for i in facts.rules.indicators}
    gates = [g for rule in facts.rules.grades for g in rule.gates]
    gate = next((g for g in gates if g.code == code), None)
    indicator = labels.get(gate.indicator if gate else code)
    name = indicator.label if indicator else (label("rules.score") if gate else code)
    return (
        f"{name} {gate_limit(gate.at_least, gate.at_most, indicator.unit if indicator else '')}"
        if gate
        else name
    )


def gate_limit(at_least: float | None, at_most: float | None, unit: str) -> str:
    """Limit of a gate with its sign."""
    shown = [
        f"{sign} {limit * 100:.6g}%" if unit == "share" else f"{sign} {limit:.6g}"
        for sign, limit in (("≥", at_least), ("≤", at_most))
        if limit is not None
    ]
    return " ".join(shown)
