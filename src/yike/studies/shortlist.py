"""A shortlist of pilots: every community or circle with its points per criterion, nothing hidden (B27)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.circle.plain import number
from yike.core.circle.readiness import Ranking, rank_areas
from yike.core.tables import FloatArray
from yike.errors import InputError, message_of
from yike.reports import words
from yike.reports.facts import ReportFacts
from yike.standards.documents import source_words
from yike.standards.pilot_criteria import Criterion, load_criteria
from yike.studies.base import Base
from yike.studies.pipeline import assess_base, base_of
from yike.studies.readiness import Areas, areas_of, spans_of
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.watch import Watch

HAIR = 1e-6
MOST_NAMED = 3
KINDS = {"communities": "社区", "circles": "生活圈"}


@dataclass(frozen=True)
class ShortlistSpec:
    """How many pilots, of what, by which criteria (None: the program's)."""

    n: int = 3
    of: str = "communities"
    criteria: Path | None = None


def shortlist_from_pack(study: StudySpec, spec: ShortlistSpec, progress: Progress = silent) -> dict[str, Any]:
    """Read a pack, judge it, and rank."""
    criteria = load_criteria(spec.criteria)
    watch = Watch(progress)
    base = base_of(replace(study, with_isochrones=False, with_siting=False), watch)
    facts = assess_base(base, watch).facts
    with watch.stage("比较基础条件"):
        return shortlist_of(base, facts, spec, criteria)


def shortlist_of(
    base: Base, facts: ReportFacts, spec: ShortlistSpec, criteria: Sequence[Criterion]
) -> dict[str, Any]:
    """
    Rank the areas by points that are certain.

    Returns
    -------
    dict
        ``rows`` best first, the first ``n`` of them ``is_picked``; each with value, points and weight per
        criterion. ``together`` tells which share of all areas and residents the picked ones hold.

    Raises
    ------
    InputError
        The pack has no areas of the kind.
    """
    areas = areas_of(base, facts, spec.of)
    if not len(areas):
        raise InputError("shortlist.empty", found=KINDS[spec.of])
    spans = [spans_of(areas, c.measure, c.params) for c in criteria]
    low, high = (np.column_stack([span[k] for span in spans]) for k in (0, 1))
    ranking = rank_areas(
        low, high, *(np.array([getattr(c, name) for c in criteria]) for name in ("zero", "full", "weight"))
    )
    told = _Told(areas, criteria, low, high, ranking)
    rows = [told.row(place, int(a), place < spec.n) for place, a in enumerate(ranking.order)]
    origin = facts.provenance
    return {
        "pack": origin.code,
        "name": origin.name,
        "as_of": origin.as_of,
        "invented": origin.is_invented,
        "rule_pack": facts.rules.code,
        "of": spec.of,
        "n": spec.n,
        "criteria": [_criterion(c, criteria, facts) for c in criteria],
        "rows": rows,
        "together": _together(areas, rows[: spec.n], spec.of),
        "notes": _notes(spec, rows),
    }


@dataclass(frozen=True, eq=False)
class _Told:
    """Rows of the ranking as plain values and sentences."""

    areas: Areas
    criteria: Sequence[Criterion]
    low: FloatArray
    high: FloatArray
    ranking: Ranking

    def row(self, place: int, a: int, is_picked: bool) -> dict[str, Any]:
        score, most = float(self.ranking.score[a]), float(self.ranking.score_at_most[a])
        cells = [self._cell(a, k) for k in range(len(self.criteria))]
        facts = {
            "score": f"{score:.1f}",
            "unknown": f"{most - score:.1f}",
            "parts": "；".join(f"{c['label']} {c['words']}（{c['points_words']}）" for c in cells),
        }
        code = "unknown" if most - score > HAIR else "known"
        return {
            "rank": place + 1,
            "is_picked": is_picked,
            "id": self.areas.ids[a],
            "name": self.areas.names[a],
            "people": number(float(self.areas.coverage.people[a])),
            "score": number(score, 3),
            "score_at_most": number(most, 3),
            "criteria": cells,
            "sentence": message_of(f"circle_words.shortlist.row_{code}", facts),
        }

    def _cell(self, a: int, k: int) -> dict[str, Any]:
        rule, low, high = self.criteria[k], float(self.low[a, k]), float(self.high[a, k])
        least, most = float(self.ranking.low[a, k]), float(self.ranking.high[a, k])
        worth = rule.weight / sum(c.weight for c in self.criteria) * 100.0
        points = f"{least:.1f}" if most - least <= HAIR else f"{least:.1f}～{most:.1f}"
        return {
            "code": rule.code,
            "label": rule.label,
            "value": number(low) if low == high else None,
            "value_range": [number(low), number(high)],
            "words": _value_words(rule, low, high),
            "points": number(least, 3),
            "points_at_most": number(most, 3),
            "worth": number(worth, 3),
            "points_words": f"{points}/{worth:g}分",
        }


def _value_words(rule: Criterion, low: float, high: float) -> str:
    """A value, a range, or 未知 where the range says nothing."""
    show = words.count if rule.unit == "people" else words.share
    if low == high:
        return show(low)
    if math.isinf(low) or (low, high) == (0.0, 1.0):
        return words.UNKNOWN
    return f"{show(low)}～{show(high)}"


def _criterion(rule: Criterion, criteria: Sequence[Criterion], facts: ReportFacts) -> dict[str, Any]:
    show = words.count if rule.unit == "people" else words.share
    return {
        "code": rule.code,
        "label": rule.label,
        "worth": number(rule.weight / sum(c.weight for c in criteria) * 100.0, 3),
        "zero": rule.zero,
        "full": rule.full,
        "words": f"{show(rule.zero)}为0分，{show(rule.full)}为满分",
        "is_inferred": rule.source.is_inferred,
        "source": source_words(rule.source, facts.rules.documents),
    }


def _together(areas: Areas, picked: Sequence[dict[str, Any]], of: str) -> dict[str, Any]:
    people = areas.coverage.people
    whole = float(people.sum())
    held = math.fsum(math.nan if row["people"] is None else row["people"] for row in picked)
    share = held / whole if whole > 0 else math.nan
    told = {
        "n": len(picked), "kind": KINDS[of], "names": "、".join(row["name"] for row in picked),
        "areas": words.share(len(picked) / len(areas), 1),
        "people": words.UNKNOWN if math.isnan(held) else f"{words.count(held)}人",
        "share": words.share(share, 1),
    }  # fmt: skip
    return {
        "areas_share": number(len(picked) / len(areas)),
        "people": number(held),
        "people_share": number(share),
        "text": message_of("circle_words.shortlist.together", told),
    }


def _notes(spec: ShortlistSpec, rows: Sequence[dict[str, Any]]) -> list[str]:
    own = "own" if spec.criteria else "inferred"
    notes = [message_of(f"circle_words.shortlist.note_{own}", {})]
    if any(row["score_at_most"] - row["score"] > HAIR for row in rows):
        notes.append(message_of("circle_words.shortlist.note_unknown", {}))
    last = rows[min(spec.n, len(rows)) - 1]
    may_rise = [r for r in rows[spec.n :] if r["score_at_most"] > max(last["score"], r["score"]) + HAIR]
    if may_rise:
        names = "、".join(r["name"] for r in may_rise[:MOST_NAMED])
        more = f"等{len(may_rise)}个" if len(may_rise) > MOST_NAMED else ""
        told = {"last": last["name"], "names": names + more}
        notes.append(message_of("circle_words.shortlist.note_open", told))
    return notes
