"""
Why a number is what it is: formula, parts, rows, and what would change it.

Every explanation is a plain dict: keys for programs, ``text`` for people (Chinese, from
``messages/zh/circle.toml``). The clause of the rule pack is joined on where documents are written.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from yike.core.circle.context import MeasureContext, MeasureValues
from yike.core.circle.grade import bounds_of, meets
from yike.core.circle.plain import number
from yike.core.circle.rules import Indicator
from yike.core.tables import Coverage, FloatArray, Tri
from yike.errors import has_text, message_of

ROWS_SHOWN = 20
"""Ids listed per number; ``n_rows`` says how many there are."""


def explain_indicator(
    indicator: Indicator, values: MeasureValues, context: MeasureContext, area: int
) -> dict[str, Any]:
    """Formula, numerator, denominator, bounds, rows and the change that would meet the target."""
    rows = _rows(values, context, area)
    change = _change(indicator, values, context, area)
    return {
        "measure": indicator.measure,
        "formula": _formula(indicator.measure),
        "numerator": number(values.numerator[area]),
        "denominator": number(values.denominator[area]),
        "scale": values.scale,
        "low": number(values.low[area]),
        "high": number(values.high[area]),
        "n_unknown": number(values.n_unknown[area], 1),
        "is_applicable": bool(values.is_applicable[area]),
        "row_kind": values.rows,
        "n_rows": len(rows),
        "rows": rows[:ROWS_SHOWN],
        "change": change,
    }


def explain_presence(coverage: Coverage, share_required: FloatArray, area: int, col: int) -> dict[str, Any]:
    """Residents within the norm over attached residents, and how many more would make the type present."""
    whole, part = coverage.people_attached[area], coverage.people_in_norm[area, col]
    required, share = share_required[col], coverage.share_in_norm[area, col]
    change: dict[str, Any] | None = None
    if np.isnan(share):
        change = _told("need_data")
    elif share >= required:
        change = _told("met")
    elif not np.isnan(required):
        minutes = f"{coverage.norm_s[col] / 60:g}"
        if np.isnan(whole):
            change = _told("reach_more_places", percent=f"{(required - share) * 100:.1f}", minutes=minutes)
        else:
            people = people_needed(part, whole, required)
            change = _told("reach_more_people", people=people, minutes=minutes)
    return {
        "measure": "share_in_norm",
        "formula": _formula("share_in_norm"),
        "numerator": number(part),
        "denominator": number(whole),
        "change": change,
    }


def people_needed(part: float, whole: float, required: float) -> int:
    """Fewest more residents within the norm that meet the required share, exact."""
    lack = Fraction(repr(float(required))) * Fraction(repr(float(whole))) - Fraction(repr(float(part)))
    return max(0, math.ceil(lack))


def _formula(measure: str) -> str:
    code = f"circle.formula.{measure}"
    return message_of(code, {}) if has_text(code) else message_of("circle.formula.external", {})


def _told(kind: str, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, **facts, "text": message_of(f"circle.change.{kind}", facts)}


def _rows(values: MeasureValues, context: MeasureContext, area: int) -> list[str]:
    if values.rows == "outlets" and values.row_mask is not None:
        at = np.flatnonzero(values.row_mask & (context.area_of_outlet == area))
        return [context.outlets.outlet_id[i] for i in at]
    if values.rows == "communities":
        return [
            context.communities.community_id[i] for i in np.flatnonzero(context.area_of_community == area)
        ]
    return []


def _change(
    indicator: Indicator, values: MeasureValues, context: MeasureContext, area: int
) -> dict[str, Any] | None:
    """Smallest change of the numerator that meets ``at_least``; None where there is no such target."""
    if not values.is_applicable[area]:
        return _told("not_applicable")
    met = meets(indicator, bounds_of(values, area))
    if met is Tri.YES:
        return _told("met")
    if met is Tri.UNKNOWN and np.isnan(values.value[area]):
        return _told("need_data") if math.isfinite(indicator.limit) else None
    if indicator.at_least is None:
        return None
    say = _CHANGES.get(indicator.measure)
    if say is None:
        return _told("raise_value", amount=f"{indicator.at_least - values.value[area]:g}")
    return say(indicator, values, context, area)


def _lack(indicator: Indicator, values: MeasureValues, area: int) -> Fraction:
    """Numerator still missing, the denominator unchanged."""
    target = Fraction(repr(float(indicator.at_least or 0.0))) / Fraction(repr(values.scale))
    whole, part = values.denominator[area], values.numerator[area]
    return max(target * Fraction(repr(float(whole))) - Fraction(repr(float(part))), Fraction(0))


_Say = Callable[[Indicator, MeasureValues, MeasureContext, int], dict[str, Any]]


def _outlets(kind: str) -> _Say:
    def say(
        indicator: Indicator, values: MeasureValues, context: MeasureContext, area: int
    ) -> dict[str, Any]:
        return _told(kind, outlets=math.ceil(_lack(indicator, values, area)))

    return say


def _area(indicator: Indicator, values: MeasureValues, context: MeasureContext, area: int) -> dict[str, Any]:
    square_metres = math.ceil(_lack(indicator, values, area) * 10) / 10
    return _told("more_area", area_m2=square_metres)


def _types(indicator: Indicator, values: MeasureValues, context: MeasureContext, area: int) -> dict[str, Any]:
    limit = Fraction(repr(float(indicator.at_least or 0.0)))
    whole = Fraction(repr(float(values.denominator[area])))
    wanted = limit * whole / Fraction(repr(values.scale)) if values.scale == 1.0 else limit
    return _told(
        "more_types", types=max(0, math.ceil(wanted - Fraction(repr(float(values.numerator[area])))))
    )


_CHANGES: dict[str, _Say] = {
    "chain_share": _outlets("join_chains"),
    "chain_share_staffed": _outlets("join_chains"),
    "open_late_share": _outlets("open_late"),
    "verified_share": _outlets("verify"),
    "multi_function_share": _outlets("add_functions"),
    "outlets_per_1000": _outlets("more_outlets"),
    "area_share": _area,
    "service_area_per_100_households": _area,
    "area_per_person": _area,
    "basic_types_present": _types,
    "quality_types_present": _types,
    "basic_points_share": _types,
    "quality_points_share": _types,
}
