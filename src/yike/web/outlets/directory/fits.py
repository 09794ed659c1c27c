"""What may move into idle premises: every allowed type against the site rules, with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yike.standards.loader import load_types
from yike.standards.site_rules import load_site_rules
from yike.standards.types import Source
from yike.web.outlets.directory.cells import tidy
from yike.web.outlets.directory.choices import kind_label

MARKS = {"official": "文件原文", "press": "转引", "common": "公开规范", "inferred": "推定"}


@dataclass(frozen=True)
class Fit:
    """One type: what it needs, whether these premises do, and who says so."""

    label: str
    need_m2: float | int | None
    sign: str
    word: str
    source: str


def fits_of(premises: Any) -> list[Fit]:
    """Types in the catalogue's order; rows of the form where any type may move in."""
    types = load_types()
    allowed = set(premises.allowed_types)
    chosen = [i for i, t in enumerate(types) if (t.code in allowed if allowed else _is_usual(t))]
    return [_fit(types, i, premises) for i in chosen]


def _is_usual(kind: Any) -> bool:
    return not kind.parent and kind.kind == "outlet" and not kind.form_row.endswith("99")


def _fit(types: Any, i: int, premises: Any) -> Fit:
    rule, label = load_site_rules().rule(types, i), types.types[i].label
    least = rule.area_min_m2
    if premises.kind_code and premises.kind_code in rule.unsuited:
        word = f"不宜用{kind_label(premises.kind_code)}"
        return Fit(label, tidy(least.value) if least else None, "gap", word, _said(rule.unsuited_source))
    if least is None:
        return Fit(label, None, "unknown", "没有面积要求", "")
    if premises.area_m2 is None:
        return Fit(label, tidy(least.value), "unknown", "面积不清楚", _said(least.source))
    is_enough = premises.area_m2 >= least.value
    sign, word = ("met", "面积够") if is_enough else ("gap", "面积不够")
    return Fit(label, tidy(least.value), sign, word, _said(least.source))


def _said(source: Source | None) -> str:
    return f"{source.text}（{MARKS[source.mark]}）" if source else ""
