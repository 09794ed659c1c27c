"""What a level asks of a circle that new sites can change, and what it asks besides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from yike.core.tables import GapState, IntArray, LongArray, Tri
from yike.errors import InputError
from yike.reports.facts import ReportFacts
from yike.standards.documents import source_words
from yike.standards.types import Gate, GradeRule, IndicatorRule, RulePack

PRESENCE = {"basic_points_share": "basic", "quality_points_share": "quality"}
"""Measures that count types present within their norm, and the group they count."""

BOTH = "elderly_and_childcare_present"


@dataclass(frozen=True)
class Part:
    """One gate of a level as a count: so many of these types must be present."""

    gate: str
    label: str
    types: tuple[int, ...]  # rows of BusinessTypes
    at_least: int
    clause: str


@dataclass(frozen=True)
class Condition:
    """A gate that no site changes: stated beside the plan, never assumed."""

    gate: str
    label: str
    limit: str
    met: int  # circles
    unmet: int
    unknown: int
    clause: str


@dataclass(frozen=True)
class Level:
    """A grade split into what siting can do and what it cannot."""

    code: str
    label: str
    parts: tuple[Part, ...]
    conditions: tuple[Condition, ...]


def grade_of(rules: RulePack, text: str) -> GradeRule:
    """A grade by code or label; raises InputError naming those that there are."""
    for grade in rules.grades:
        if text in (grade.code, grade.label):
            return grade
    known = "、".join(f"{g.code}（{g.label}）" for g in rules.grades) or "没有等级"
    raise InputError("projects.level", found=text, expected=known)


def level_of(facts: ReportFacts, grade: GradeRule, shares: Mapping[str, float]) -> Level:
    """
    Split the gates of a grade.

    Parameters
    ----------
    shares
        Shares of one's own by group ("basic", "quality") instead of those of the gates.
    """
    indicators = {i.code: i for i in facts.rules.indicators}
    parts, conditions = [], []
    for number, gate in enumerate(grade.gates):
        indicator = indicators.get(gate.indicator)
        part = _part(facts, gate, indicator, shares) if indicator else None
        if part is not None:
            parts.append(part)
        else:
            conditions.append(_condition(facts, grade, number, indicator))
    return Level(grade.code, grade.label, tuple(p for p in parts if p.at_least > 0), tuple(conditions))


def _part(
    facts: ReportFacts, gate: Gate, indicator: IndicatorRule, shares: Mapping[str, float]
) -> Part | None:
    types, limit = _counted(facts, indicator), gate.at_least
    if types is None or limit is None:
        return None
    group = PRESENCE.get(indicator.measure, "")
    clause = source_words(gate.source, facts.rules.documents)
    if group in shares:
        limit, clause = shares[group], "自定"
    if indicator.measure == BOTH:
        at_least = len(types) if limit >= 1 else 0
    else:
        # the limit as somebody typed it: 0.9 of ten types is nine, not nine and a hair
        at_least = math.ceil(Fraction(repr(float(limit))) * len(types))
    return Part(gate.code, indicator.label, types, at_least, clause)


def _counted(facts: ReportFacts, indicator: IndicatorRule) -> tuple[int, ...] | None:
    """Types that a measure of presence counts, None for other measures."""
    column_types = set(facts.access.type_rows.tolist())
    named = indicator.params.get("types", ())
    codes = (named,) if isinstance(named, str) else named if isinstance(named, tuple) else ()
    if indicator.measure == BOTH:
        codes = codes or ("elderly_care", "childcare")
    elif indicator.measure in PRESENCE:
        group, required = PRESENCE[indicator.measure], bool(indicator.params.get("only_required", False))
        codes = codes or tuple(
            r.code for r in facts.rules.types if r.group == group and (r.is_required or not required)
        )
    else:
        return None
    found = (facts.types.idx(code) for code in codes)
    return tuple(t for t in found if t in column_types)


def _condition(
    facts: ReportFacts, grade: GradeRule, number: int, indicator: IndicatorRule | None
) -> Condition:
    gate = grade.gates[number]
    outcomes = [
        g["outcome"]
        for of_circle in facts.extras.get("gates", {}).get("circles", [])
        for g in of_circle
        if g["grade"] == grade.code and g["gate"] == gate.code
    ]
    limit = f"≥ {_plain(gate.at_least, indicator)}" if gate.at_least is not None else ""
    if gate.at_most is not None:
        limit += f"≤ {_plain(gate.at_most, indicator)}"
    return Condition(
        gate=gate.code,
        label=indicator.label if indicator else "综合得分" if gate.indicator == "score" else gate.indicator,
        limit=limit,
        met=sum(o == Tri.YES for o in outcomes),
        unmet=sum(o == Tri.NO for o in outcomes),
        unknown=sum(o == Tri.UNKNOWN for o in outcomes),
        clause=source_words(gate.source, facts.rules.documents),
    )


def _plain(value: float, indicator: IndicatorRule | None) -> str:
    return f"{value:.0%}" if indicator and indicator.unit == "share" else f"{value:g}"


@dataclass(frozen=True, eq=False)
class Standing:
    """Circles against one level: what is present, what lacks and can be told, what nobody knows."""

    present: IntArray  # (n_parts, n_circles) types present
    unknown: IntArray  # (n_parts, n_circles) types whose data cannot tell: never counted as present
    lacking: tuple[tuple[LongArray, ...], ...]  # per part and circle: rows of Gaps that lack


def standing_of(facts: ReportFacts, level: Level) -> Standing:
    """Where every circle stands before anything is built."""
    presence: Any = facts.extras["circle_presence"]
    column = {int(t): c for c, t in enumerate(facts.access.type_rows)}
    n = len(facts.circles)
    present, unknown = np.zeros((len(level.parts), n), np.int32), np.zeros((len(level.parts), n), np.int32)
    lacking = []
    row_of = {(int(c), int(t)): i for i, (c, t) in enumerate(_keys(facts))}
    for k, part in enumerate(level.parts):
        state = presence.is_present[:, [column[t] for t in part.types]]
        present[k] = (state == Tri.YES).sum(axis=1)
        unknown[k] = (state == Tri.UNKNOWN).sum(axis=1)
        lacking.append(tuple(
            np.array(
                [row_of[c, t] for t, s in zip(part.types, state[c], strict=True)
                 if s == Tri.NO and (c, t) in row_of], np.int64,
            )
            for c in range(n)
        ))  # fmt: skip
    return Standing(present, unknown, tuple(lacking))


def _keys(facts: ReportFacts) -> Sequence[tuple[int, int]]:
    usable = np.isin(facts.gaps.state, (GapState.GAP, GapState.NOT_REQUIRED, GapState.MET))
    pairs = zip(facts.gaps.circle_idx.tolist(), facts.gaps.type_idx.tolist(), strict=True)
    return [(c, t) if ok else (-1, -1) for (c, t), ok in zip(pairs, usable.tolist(), strict=True)]
