"""
From values to points, score and grade, each comparison exact.

Points and scores are rational numbers (``Fraction``), and a stated limit is read as the decimal somebody
typed: 84.99 stays below 85, ten of thirteen times 30 points adds up without a rounding error deciding a
grade. What is unknown is carried as an interval; a gate is passed or failed only when both ends agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from yike.core.circle.context import MeasureContext, MeasureValues
from yike.core.circle.measures import compute_measure
from yike.core.circle.rules import Gate, Grade, Indicator
from yike.core.tables import Assessment, Tri

Bounds = tuple[Fraction | None, Fraction | None]
"""Lowest and highest possible value; None is no bound known on that side."""

UNKNOWN: Bounds = (None, None)


@dataclass(frozen=True)
class GateVerdict:
    """How one gate of one grade went in one area."""

    grade: str
    gate: str
    indicator: str
    limit: float
    value: float
    low: float
    high: float
    outcome: int  # Tri


@dataclass(frozen=True, eq=False)
class Graded:
    """The assessment and what stands behind it."""

    assessment: Assessment
    values: tuple[MeasureValues, ...]  # per indicator
    gates: tuple[tuple[GateVerdict, ...], ...]  # per area


def grade_circles(
    context: MeasureContext,
    indicators: Sequence[Indicator],
    grades: Sequence[Grade],
    rule_pack: str = "",
) -> Graded:
    """
    Measure every indicator in every area, compare, score and grade.

    Parameters
    ----------
    indicators
        Of the context's scope.
    grades
        Lowest first. A grade is reached when all its gates are passed; the highest one reached counts.
        When none is reached and one cannot be decided the grade is ``"unknown"``; when one is reached,
        undecided higher ones are named in ``grade_reason`` and do not take it away.

    Returns
    -------
    ``grade_reason`` holds the codes of the gates, failed or undecided, of the next higher grade.
    """
    values = tuple(compute_measure(i.measure, i.code, context, i.params) for i in indicators)
    exact = [[bounds_of(v, a) for v in values] for a in range(context.n_areas)]
    points = [
        [_scored(i, v, a) for i, v in zip(indicators, values, strict=True)] for a in range(context.n_areas)
    ]
    areas = [_grade_area(indicators, values, exact[a], points[a], grades, a) for a in range(context.n_areas)]
    shape = (context.n_areas, len(indicators))
    assessment = Assessment(
        circle_ids=context.coverage.area_ids,
        indicator=tuple(i.code for i in indicators),
        value=_table([v.value for v in values], shape),
        numerator=_table([v.numerator for v in values], shape),
        denominator=_table([v.denominator for v in values], shape),
        target=np.array([i.limit for i in indicators], np.float64),
        is_met=np.array(
            [[meets(i, b) for i, b in zip(indicators, row, strict=True)] for row in exact], np.int8
        ).reshape(shape),
        points=np.array(
            [[math.nan if p is None else _one(p) for p in row] for row in points], np.float64
        ).reshape(shape),
        points_max=np.array([math.nan if i.points is None else i.points for i in indicators], np.float64),
        score=np.array([s.score for s in areas], np.float64),
        score_known_max=np.array([s.known_max for s in areas], np.float64),
        grade=tuple(s.grade for s in areas),
        grade_reason=tuple(s.reason for s in areas),
        rule_pack=rule_pack,
    )
    return Graded(assessment, values, tuple(s.gates for s in areas))


def bounds_of(values: MeasureValues, area: int) -> Bounds:
    """Exact value of a measure in an area as (low, high); equal when it is known."""
    low, high = values.low[area], values.high[area]
    if low == high and values.denominator[area] > 0 and values.n_unknown[area] == 0:
        n, d = values.numerator[area], values.denominator[area]
        if math.isclose(values.scale * n / d, low, rel_tol=1e-9, abs_tol=1e-12):
            known = _as_typed(values.scale) * _as_typed(n) / _as_typed(d)
            return known, known
    return _maybe(low), _maybe(high)


def compare(bounds: Bounds, at_least: float | None, at_most: float | None) -> Tri:
    """Whether a value meets limits, both inclusive; unknown while the interval straddles one."""
    low, high = bounds
    verdicts = []
    if at_least is not None:
        limit = _as_typed(at_least)
        verdicts.append(_sure(low is not None and low >= limit, high is not None and high < limit))
    if at_most is not None:
        limit = _as_typed(at_most)
        verdicts.append(_sure(high is not None and high <= limit, low is not None and low > limit))
    if Tri.NO in verdicts:
        return Tri.NO
    return Tri.UNKNOWN if Tri.UNKNOWN in verdicts or not verdicts else Tri.YES


def meets(indicator: Indicator, bounds: Bounds) -> Tri:
    """Whether an indicator meets its target; unknown without a target or a value."""
    if indicator.equals is not None:
        return compare(bounds, indicator.equals, indicator.equals)
    return compare(bounds, indicator.at_least, indicator.at_most)


def _sure(yes: bool, no: bool) -> Tri:
    return Tri.YES if yes else Tri.NO if no else Tri.UNKNOWN


@lru_cache(maxsize=65_536)
def _as_typed(number: float) -> Fraction:
    # the shortest decimal that is this float: what a person typed, not its binary neighbour
    return Fraction(repr(float(number)))


def _maybe(number: float) -> Fraction | None:
    return _as_typed(number) if math.isfinite(number) else None


def _scored(indicator: Indicator, values: MeasureValues, area: int) -> Bounds | None:
    """Points of an indicator in one area, None where it has none or does not apply."""
    if indicator.points is None or not values.is_applicable[area]:
        return None
    return _points(indicator, bounds_of(values, area))


def _points(indicator: Indicator, bounds: Bounds) -> Bounds:
    """Lowest and highest points; linear between ``points_from`` and ``points_full``, else all or none."""
    most = _as_typed(indicator.points or 0.0)
    if indicator.points_from is None or indicator.points_full is None:
        met = meets(indicator, bounds)
        return {Tri.YES: (most, most), Tri.NO: (Fraction(0), Fraction(0))}.get(met, (Fraction(0), most))
    if bounds == UNKNOWN:
        return Fraction(0), most
    zero, full = _as_typed(indicator.points_from), _as_typed(indicator.points_full)
    ends = [
        most * min(max((b - zero) / (full - zero), Fraction(0)), Fraction(1)) for b in bounds if b is not None
    ]
    if len(ends) < 2:
        ends += [Fraction(0), most]
    return min(ends), max(ends)


def _one(points: Bounds) -> float:
    """Points as one number, NaN while they are not settled."""
    low, high = points
    return float(low) if low is not None and low == high else math.nan


@dataclass(frozen=True)
class _Area:
    score: float
    known_max: float
    grade: str
    reason: tuple[str, ...]
    gates: tuple[GateVerdict, ...]


def _grade_area(
    indicators: Sequence[Indicator],
    values: Sequence[MeasureValues],
    exact: Sequence[Bounds],
    points: Sequence[Bounds | None],
    grades: Sequence[Grade],
    area: int,
) -> _Area:
    scored = [
        (p, _as_typed(i.points or 0.0)) for i, p in zip(indicators, points, strict=True) if p is not None
    ]
    settled = [(p[0], most) for p, most in scored if p[0] is not None and p[0] == p[1]]
    low = sum((p[0] or Fraction(0) for p, _ in scored), Fraction(0))
    high = sum((most if p[1] is None else p[1] for p, most in scored), Fraction(0))
    by_code: dict[str, Bounds] = {i.code: b for i, b in zip(indicators, exact, strict=True)}
    applies = {i.code: bool(v.is_applicable[area]) for i, v in zip(indicators, values, strict=True)}
    if scored and "score" not in by_code:
        by_code["score"] = (low, high)
    shown = {i.code: float(v.value[area]) for i, v in zip(indicators, values, strict=True)}
    verdicts = [
        tuple(_judge(grade.code, g, by_code, applies, shown) for g in grade.gates) for grade in grades
    ]
    grade, reason = _decide(grades, verdicts)
    return _Area(
        score=float(sum((p for p, _ in settled), Fraction(0))) if settled else math.nan,
        known_max=float(sum((most for _, most in settled), Fraction(0))),
        grade=grade,
        reason=reason,
        gates=tuple(v for of_grade in verdicts for v in of_grade),
    )


def _judge(
    grade: str,
    gate: Gate,
    by_code: Mapping[str, Bounds],
    applies: Mapping[str, bool],
    shown: Mapping[str, float],
) -> GateVerdict:
    bounds = by_code.get(gate.indicator, UNKNOWN)
    outcome = compare(bounds, gate.at_least, gate.at_most)
    if not applies.get(gate.indicator, True):
        outcome = Tri.YES  # a rule about new communities does not hold back a circle without any
    low, high = (math.nan if b is None else float(b) for b in bounds)
    limit = gate.at_least if gate.at_least is not None else gate.at_most
    value = shown.get(gate.indicator, low if low == high else math.nan)
    return GateVerdict(
        grade=grade,
        gate=gate.code,
        indicator=gate.indicator,
        limit=math.nan if limit is None else limit,
        value=value,
        low=low,
        high=high,
        outcome=int(outcome),
    )


def _decide(
    grades: Sequence[Grade], verdicts: Sequence[tuple[GateVerdict, ...]]
) -> tuple[str, tuple[str, ...]]:
    """Highest grade reached and the gates that stand before the next one."""
    outcomes = [_all(v) for v in verdicts]
    reached = max((k for k, o in enumerate(outcomes) if o is Tri.YES), default=-1)
    next_up = verdicts[reached + 1] if reached + 1 < len(verdicts) else ()
    reason = tuple(v.gate for v in next_up if v.outcome != Tri.YES)
    if reached >= 0:
        return grades[reached].code, reason
    return ("unknown" if Tri.UNKNOWN in outcomes or not grades else ""), reason


def _all(verdicts: tuple[GateVerdict, ...]) -> Tri:
    outcomes = {v.outcome for v in verdicts}
    if Tri.NO in outcomes:
        return Tri.NO
    # a grade without gates is not reached by default
    return Tri.YES if outcomes == {int(Tri.YES)} else Tri.UNKNOWN


def _table(columns: list[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    return np.stack(columns, axis=1) if columns else np.empty(shape)
