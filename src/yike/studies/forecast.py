"""Building years against targets: what is covered by the end of each year, and what is missing (B26)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from yike.core.circle.forecast import (
    HAIR,
    cover_by_year,
    fewest_rows,
    largest_share,
    rows_for,
    two_readings,
)
from yike.core.circle.plain import number
from yike.core.tables import FloatArray, IntArray
from yike.errors import message_of
from yike.reports import words
from yike.reports.facts import ReportFacts
from yike.standards.documents import source_words
from yike.standards.types import Target
from yike.studies.pipeline import assess_base, base_of
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.target_aims import INDICATORS
from yike.studies.watch import Watch

COVERAGE = ("community_coverage_share", "resident_coverage_share", "circles_built")
"""Indicators that building alone meets; the others ask for a level too."""

STAGE_TWO = "stage_two_share_of_rest"
ROUNDING = 1e-6
"""People are added up from shares: a millionth of one is none."""

UNITS = {"communities": "个社区", "residents": "人", "circles": "个生活圈"}


def forecast_pack(study: StudySpec, progress: Progress = silent) -> dict[str, Any]:
    """Read a pack, judge its circles, and forecast."""
    watch = Watch(progress)
    base = base_of(replace(study, with_isochrones=False, with_siting=False), watch)
    return forecast_of(assess_base(base, watch).facts)


def forecast_of(facts: ReportFacts) -> dict[str, Any]:
    """
    Coverage by year of the planned circles against the dated targets of the rule pack.

    Returns
    -------
    dict
        ``years`` (new and standing circles, communities and residents covered), ``targets`` (planned value
        by the target's year and what is missing), ``together`` (targets of one day that must all be met),
        ``stage_two`` (the two readings of "so much of the rest"). A circle without a building year makes a
        range, never a zero.
    """
    counted = _Counted(facts)
    targets = [t for t in facts.rules.targets if t.indicator in INDICATORS and t.due and t.operator == ">="]
    targets.sort(key=lambda t: (str(t.due), t.code))
    judged = [_target(facts, counted, t) for t in targets]
    return {
        "pack": facts.provenance.code,
        "name": facts.provenance.name,
        "as_of": facts.provenance.as_of,
        "invented": facts.provenance.is_invented,
        "rule_pack": facts.rules.code,
        "communities": counted.whole("communities"),
        "residents": counted.whole("residents"),
        "is_estimate": bool(facts.places.is_estimated.any()),
        "circles": _circles(facts, counted),
        "years": _years(facts, counted, targets),
        "targets": judged,
        "together": _together(counted, targets, judged),
        "stage_two": _stage_two(facts, counted, targets),
        "notes": _notes(facts, counted),
    }


class _Counted:
    """What a target may count: rows with a circle and a weight each."""

    def __init__(self, facts: ReportFacts) -> None:
        self.build_year = facts.circles.build_year
        n = len(facts.circles)
        rows = facts.communities.circle_idx
        nobody = np.empty(0)
        self._rows: dict[str, tuple[IntArray, FloatArray]] = {
            "circles": (np.arange(n, dtype=np.int32), np.ones(n)),
            "communities": (rows, np.ones(len(rows)) if len(rows) else nobody),
            "residents": _residents(facts),
        }

    def rows(self, counts: str) -> tuple[IntArray, FloatArray]:
        """Circle and weight of each row."""
        return self._rows[counts]

    def whole(self, counts: str) -> float | None:
        """Sum of the weights, None unknown."""
        weight = self._rows[counts][1]
        return number(float(weight.sum())) if len(weight) else None

    def covered(self, counts: str, year: int) -> tuple[float, float, float]:
        """Low, high and whole by the end of a year."""
        found = cover_by_year(self.build_year, *self._rows[counts], (year,))
        return float(found.low[0]), float(found.high[0]), found.whole


def _residents(facts: ReportFacts) -> tuple[IntArray, FloatArray]:
    """Residents by community as the pack states them, else by the homes in it; homes where none is known."""
    places, communities = facts.places, facts.communities
    if not len(communities):
        return places.circle_idx, places.people
    mine = places.community_idx >= 0
    homes = np.bincount(places.community_idx[mine], places.people[mine], len(communities))
    has_homes = np.bincount(places.community_idx[mine], minlength=len(communities)) > 0
    counted = np.where(has_homes, homes, np.nan)
    return communities.circle_idx, np.where(np.isnan(communities.people), counted, communities.people)


def _circles(facts: ReportFacts, counted: _Counted) -> list[dict[str, Any]]:
    of_circle = {}
    for counts in ("communities", "residents"):
        rows, weight = counted.rows(counts)
        inside = rows >= 0
        of_circle[counts] = np.bincount(rows[inside], weight[inside], len(facts.circles))
    order = np.lexsort((np.arange(len(facts.circles)), _last(facts.circles.build_year)))
    return [
        {
            "id": facts.circles.circle_id[c],
            "name": facts.circles.name[c],
            "build_year": int(facts.circles.build_year[c]) if facts.circles.build_year[c] >= 0 else None,
            "communities": number(float(of_circle["communities"][c])) if len(facts.communities) else None,
            "residents": number(float(of_circle["residents"][c])),
        }
        for c in order.tolist()
    ]


def _last(year: IntArray) -> IntArray:
    return np.where(year < 0, np.iinfo(np.int32).max, year).astype(np.int32)


def _years(facts: ReportFacts, counted: _Counted, targets: Sequence[Target]) -> list[dict[str, Any]]:
    planned = facts.circles.build_year
    years = {int(y) for y in planned if y >= 0} | {t.due.year for t in targets if t.due}
    if facts.provenance.as_of[:4].isdigit():
        years.add(int(facts.provenance.as_of[:4]))
    rows = []
    for year in sorted(years):
        row: dict[str, Any] = {
            "year": year,
            "circles_new": int((planned == year).sum()),
            "targets": [t.code for t in targets if t.due and t.due.year == year],
        }
        for counts in ("circles", "communities", "residents"):
            low, high, whole = counted.covered(counts, year)
            is_known = whole > 0
            row[counts] = number(low) if is_known else None
            row[f"{counts}_at_most"] = number(high) if is_known else None
            row[f"{counts}_share"] = number(low / whole) if is_known and low == high else None
            row[f"{counts}_share_range"] = [number(low / whole), number(high / whole)] if is_known else None
        rows.append(row)
    return rows


def _target(facts: ReportFacts, counted: _Counted, target: Target) -> dict[str, Any]:
    level, counts = INDICATORS[target.indicator]
    assert target.due is not None
    low, high, whole = counted.covered(counts, target.due.year)
    scale = 1.0 if counts == "circles" else whole
    least, most = (low / scale, high / scale) if whole > 0 else (math.nan, math.nan)
    met = "yes" if least >= target.value - HAIR else "no" if most < target.value - HAIR else "unknown"
    missing = max(target.value - least, 0.0)
    asks_level = target.indicator not in COVERAGE
    label = next((g.label for g in facts.rules.grades if g.code == level), level)
    return {
        "code": target.code,
        "label": target.label,
        "indicator": target.indicator,
        "counts": counts,
        "level": level if asks_level else None,
        "due": target.due.isoformat(),
        "due_text": target.due_text,
        "wanted": target.value,
        "planned": number(least) if least == most else None,
        "planned_range": [number(least), number(most)],
        "today": _today(facts, counted, level, counts) if asks_level else None,
        "is_met": met,
        "shortfall": number(missing) if least == most else None,
        "shortfall_range": [number(max(target.value - most, 0.0)), number(missing)],
        "shortfall_count": _rows_short(target, counts, least, whole) if least == most else None,
        "shortfall_words": _short_words(target, label if asks_level else "", counts, (least, most), whole),
        "clause": source_words(target.source, facts.rules.documents),
    }


def _rows_short(target: Target, counts: str, value: float, whole: float) -> int:
    """Communities, residents or circles that a planned value lacks."""
    missing = target.value - value
    return max(math.ceil(missing * (1.0 if counts == "circles" else whole) - ROUNDING), 0)


def _short_words(target: Target, level: str, counts: str, span: tuple[float, float], whole: float) -> str:
    """How far the plan falls short, in words; ``level`` is empty where building alone is enough."""
    least, most = span
    if math.isnan(least):
        return words.UNKNOWN
    if least >= target.value - HAIR:
        return message_of("circle_words.forecast.short.level", {"level": level}) if level else "够"
    worst, best = (_missing(target, counts, value, whole) for value in (least, most))
    if worst == best:
        return f"差{worst}"
    if most >= target.value - HAIR:
        return message_of("circle_words.forecast.short.unknown", {"worst": worst})
    return f"差{best}至{worst}"


def _missing(target: Target, counts: str, value: float, whole: float) -> str:
    rows = _rows_short(target, counts, value, whole)
    if counts == "circles":
        return f"{rows}{UNITS[counts]}"
    return f"{(target.value - value) * 100:.1f}个百分点（{words.count(rows)}{UNITS[counts]}）"


def _today(facts: ReportFacts, counted: _Counted, level: str, counts: str) -> list[float | None]:
    """Range of what stands at the level or above it today: circles that cannot be graded may be there."""
    codes = [g.code for g in facts.rules.grades]
    rank = codes.index(level) if level in codes else len(codes)
    grade = facts.assessment.grade
    sure = np.array([g in codes and codes.index(g) >= rank for g in grade], bool)
    maybe = sure | np.array([g == "unknown" for g in grade], bool)
    rows, weight = counted.rows(counts)
    whole = 1.0 if counts == "circles" else float(weight.sum())
    if not whole > 0:
        return [None, None]
    return [number(float(weight[np.append(m, False)[rows]].sum()) / whole) for m in (sure, maybe)]


def _together(
    counted: _Counted, targets: Sequence[Target], judged: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Targets on communities and on residents that fall due on one day: both must be met."""
    out = []
    for due in dict.fromkeys(t.due for t in targets):
        mine = [t for t in targets if t.due == due]
        by = {t.indicator: t for t in mine}
        if not {"community_coverage_share", "resident_coverage_share"} <= by.keys():
            continue
        met = [j["is_met"] for j in judged if j["due"] == str(due) and j["indicator"] in by]
        people = counted.rows("residents")[1]
        wanted, half = by["community_coverage_share"].value, by["resident_coverage_share"].value
        n = len(counted.rows("communities")[0])
        pilots = rows_for(wanted, n)
        most, fewest = largest_share(people, pilots) if n else math.nan, fewest_rows(people, half)
        facts = {
            "day": words.chinese_date(str(due)), "communities": f"{wanted:.0%}", "residents": f"{half:.0%}",
            "n": pilots, "most": words.share(most, 1), "fewest": words.UNKNOWN if fewest is None else fewest,
        }  # fmt: skip
        code = "unknown" if math.isnan(most) else "enough" if most >= half - HAIR else "more"
        out.append({
            "due": str(due),
            "codes": [t.code for t in mine],
            "is_met": "no" if "no" in met else "unknown" if "unknown" in met else "yes",
            "communities_needed": pilots,
            "residents_share_of_largest": number(most),
            "fewest_communities_for_residents": fewest,
            "text": message_of(f"circle_words.forecast.together.{code}", facts),
        })  # fmt: skip
    return out


def _stage_two(facts: ReportFacts, counted: _Counted, targets: Sequence[Target]) -> dict[str, Any] | None:
    """Two readings of a second stage that a document gives as a share "of the rest", against its target."""
    share = facts.rules.settings.get(STAGE_TWO)
    stages = [t for t in targets if t.indicator == "community_coverage_share"]
    if not isinstance(share, int | float) or len(stages) < 2:
        return None
    first, wanted = stages[0].value, stages[1].value
    of_rest, of_all = two_readings(first, float(share))
    told = {
        "first": f"{first:.0%}", "share": f"{share:.0%}", "wanted": f"{wanted:.0%}",
        "day": stages[1].due_text, "of_rest": f"{of_rest:.0%}", "of_all": f"{of_all:.0%}",
        "short_of_rest": f"{max(wanted - of_rest, 0) * 100:.0f}",
        "short_of_all": f"{max(wanted - of_all, 0) * 100:.0f}",
        "needed": f"{(wanted - first) / (1 - first):.1%}" if first < 1 else "",
    }  # fmt: skip
    n = len(counted.rows("communities")[0])
    return {
        "first": first,
        "share": float(share),
        "wanted": wanted,
        "due": str(stages[1].due),
        "of_rest": number(of_rest),
        "of_all": number(of_all),
        "shortfall_of_rest": number(max(wanted - of_rest, 0.0)),
        "shortfall_of_all": number(max(wanted - of_all, 0.0)),
        "communities_short_of_rest": max(rows_for(wanted, n) - rows_for(of_rest, n), 0) if n else None,
        "communities_short_of_all": max(rows_for(wanted, n) - rows_for(of_all, n), 0) if n else None,
        "share_of_rest_needed": number((wanted - first) / (1 - first)) if first < 1 else None,
        "text": message_of("circle_words.forecast.stage_two", told),
        "clause": source_words(facts.rules.setting_sources[STAGE_TWO], facts.rules.documents),
    }


def _notes(facts: ReportFacts, counted: _Counted) -> list[str]:
    unknown = int((facts.circles.build_year < 0).sum())
    outside = int((facts.communities.circle_idx < 0).sum())
    said = {
        "circle_words.forecast.note.year_end": True,
        "circle_words.forecast.note.unknown": unknown > 0,
        "circle_words.forecast.note.outside": outside > 0,
        "circle_words.forecast.note.no_circles": not len(facts.circles),
        "circle_words.forecast.note.no_communities": not len(facts.communities),
        "circle_words.forecast.note.level": any(t.indicator in INDICATORS and t.indicator not in COVERAGE
                                   for t in facts.rules.targets),
        "circle_words.forecast.note.estimated": bool(facts.places.is_estimated.any()),
    }  # fmt: skip
    told = {"unknown": unknown, "outside": outside}
    return [message_of(code, told) for code, is_true in said.items() if is_true]
