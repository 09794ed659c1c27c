"""
What a standards file says, as frozen objects: business types, rule packs, profiles, supply norms.

Nothing here reads a file (``loader.py`` does) and nothing here decides policy: every number has its
``Source``, and a source marked ``inferred`` is shown as 推定 wherever the number appears.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Source:
    """Where a value comes from: document, clause, its words in short, and how sure we are."""

    document: str  # code of the document, e.g. "tianshui-2023-54"
    clause: str = ""
    text: str = ""
    mark: str = (
        "official"  # "official" | "press" | "common" (public code, standards from memory) | "inferred"
    )

    @property
    def is_inferred(self) -> bool:
        """Whether outputs must say 推定."""
        return self.mark == "inferred"


@dataclass(frozen=True)
class BusinessType:
    """A kind of shop, service or public facility; no policy here."""

    code: str  # "convenience_store"
    form_row: str  # annex-5 row "B01".."Q99"; facilities have rows of their own, "F01"..
    label: str  # 便利店
    kind: str  # "outlet" | "facility" | "movable"
    parent: str = ""  # code of the type this one refines ("repair" for shoe repair)
    group: str = ""  # "basic" | "quality" | "facility": the form's own grouping
    alias: tuple[str, ...] = ()
    osm: tuple[
        Mapping[str, str], ...
    ] = ()  # any of these tag sets; "*" any value, "a;b" either, "~a;b" holds a or b
    amap: tuple[str, ...] = ()  # Amap codes, 6 digits
    amap_name: tuple[str, ...] = ()
    gbt4754: tuple[str, ...] = ()
    is_unstaffed: bool = False  # usually without staff: parcel boxes, recycling bins, vending machines
    is_movable: bool = False
    source: Source = field(default_factory=lambda: Source(""))
    order: int = 0  # place in the catalogue; the annex-5 rows come first, in the form's order
    amap_named: tuple[tuple[str, tuple[str, ...]], ...] = ()  # Amap code that counts only with a name word
    name_words: tuple[str, ...] = ()  # words in an outlet's name that tell the type when its text is generic
    early_hours_of: tuple[str, ...] = ()  # types that count as this one too when they open before 08:00
    unverified: tuple[str, ...] = ()  # codes from memory, not yet compared with their standard
    note: str = ""
    visit_label: str = ""  # residents' word for what comes to a stop (蔬菜 of a vegetable shop); "" the label


@dataclass(frozen=True)
class BusinessTypes:
    """The catalogue, in form order; ``_idx`` of a type is its row here."""

    types: tuple[BusinessType, ...]

    def __len__(self) -> int:
        return len(self.types)

    def __iter__(self) -> Iterator[BusinessType]:
        return iter(self.types)

    def idx(self, code: str) -> int:
        """Row of a type by its code; raises KeyError."""
        for i, t in enumerate(self.types):
            if t.code == code:
                return i
        raise KeyError(code)

    def idx_of_row(self, form_row: str) -> int:
        """Row of the top-level type that stands for an annex-5 row; raises KeyError."""
        for i, t in enumerate(self.types):
            if t.form_row == form_row and not t.parent:
                return i
        raise KeyError(form_row)

    @property
    def parent_idx(self) -> tuple[int, ...]:
        """Row of each type's parent, -1 for a top-level type."""
        at = {t.code: i for i, t in enumerate(self.types)}
        return tuple(at[t.parent] if t.parent else -1 for t in self.types)

    def with_parents(self, idx: int) -> tuple[int, ...]:
        """A type and every type it refines, the type itself first: shoe repair serves 维修点 too."""
        above = self.parent_idx
        line = [idx]
        while above[line[-1]] >= 0:
            line.append(above[line[-1]])
        return tuple(line)

    @property
    def form_idx(self) -> tuple[int, ...]:
        """Rows of the 23 annex-5 types, in the form's order."""
        return tuple(i for i, t in enumerate(self.types) if t.kind == "outlet" and not t.parent)


@dataclass(frozen=True)
class TypeRule:
    """What a rule pack asks of one business type (of one annex-5 row)."""

    code: str
    group: str  # "basic" | "quality" | "facility"
    is_required: bool
    within_s: float  # norm walking time in seconds
    share: float  # share of residents that must reach one within the norm for the type to be present
    source: Source
    within_source: Source
    share_source: Source
    required_source: Source = field(default_factory=lambda: Source(""))


@dataclass(frozen=True)
class IndicatorRule:
    """One indicator: a named measure against a limit, perhaps with points."""

    code: str
    label: str
    measure: str  # name of a function in core/circle/measures.py, or "external" (typed in by people)
    unit: str  # "share", "count", "m2", "m2_per_100_households", "people"
    at_least: float | None
    at_most: float | None
    equals: float | None
    points: float | None
    points_from: float | None  # value with 0 points (linear up to points_full)
    points_full: float | None  # value with full points
    params: Mapping[str, float | str | tuple[str, ...]]
    scope: str  # "circle" | "community" | "city"
    due: dt.date | None
    source: Source
    points_source: Source = field(default_factory=lambda: Source(""))  # of the points, not of the limit


@dataclass(frozen=True)
class Gate:
    """A condition of a grade, on an indicator's value or on the score."""

    code: str
    indicator: str  # indicator code, or "score"
    at_least: float | None
    at_most: float | None
    source: Source


@dataclass(frozen=True)
class GradeRule:
    """A level (基础型, 提升型, 品质型) and its gates; listed lowest first."""

    code: str  # "basic" | "improved" | "quality" or the document's own
    label: str
    gates: tuple[Gate, ...]
    source: Source


@dataclass(frozen=True)
class Bundle:
    """一店一早, 一菜一修, 一老一小, 一收一洗: slots that must all be present; a slot is any of its types."""

    code: str
    label: str
    slots: tuple[tuple[str, ...], ...]
    slot_labels: tuple[str, ...]
    source: Source


@dataclass(frozen=True)
class Theme:
    """A theme circle (便民购物圈 …): its types and lead unit."""

    code: str
    label: str
    types: tuple[str, ...]
    lead_unit: str
    within_s: float | None
    source: Source


@dataclass(frozen=True)
class Target:
    """A programme target: indicator, scope, operator, value, due date, clause."""

    code: str
    label: str
    indicator: str
    operator: str  # ">=", "<=", "="
    value: float
    unit: str
    due: dt.date | None
    due_text: str
    source: Source


@dataclass(frozen=True)
class RulePack:
    """What one document asks, with everything taken over from its base already merged in."""

    code: str
    title: str
    issuer: str
    base: str  # "" for the national base
    lineage: tuple[str, ...]  # base first, this pack last
    valid_from: dt.date | None
    checked: dt.date | None
    is_inferred: bool  # the whole pack is our proposal
    types: tuple[TypeRule, ...]
    indicators: tuple[IndicatorRule, ...]
    grades: tuple[GradeRule, ...]
    bundles: tuple[Bundle, ...]
    themes: tuple[Theme, ...]
    targets: tuple[Target, ...]
    settings: Mapping[str, float | str | bool]  # "rounding", "count_decimals", "services_count", …
    setting_sources: Mapping[str, Source]
    notes: tuple[str, ...] = ()
    scoring: str = ""  # code of the inferred score sheet taken over where the document gives no points
    mark: str = "official"  # how sure we are of the document itself, see Source.mark
    documents: Mapping[str, str] = field(default_factory=dict)  # titles of the lineage and the score sheet

    def rule(self, code: str) -> TypeRule | None:
        """The rule of a business type, None when the pack does not name it."""
        return next((r for r in self.types if r.code == code), None)


@dataclass(frozen=True)
class SupplyNorm:
    """Outlets per 1,000 residents usually seen, to tell a mapping gap from a real one; always inferred."""

    code: str
    per_1000: float
    source: Source
