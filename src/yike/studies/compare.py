"""Rule packs side by side: the same circles and data, what each document makes of them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from yike.core.tables import GapState
from yike.reports.facts import ReportFacts
from yike.reports.words import STATE_WORDS

NOT_NAMED = "未列入"


def write_comparison(facts: list[ReportFacts], path: Path) -> None:
    """
    Write ``compare.csv``: one row per circle and business type, one column per rule pack, then the levels.

    A type that a rule pack does not name reads 未列入; nothing is recomputed here.
    """
    first = facts[0]
    states = [_states(f) for f in facts]
    rows = sorted({key for s in states for key in s})
    header = ["circle_id", "circle_name", "form_row", "type_label", *(f.rules.code for f in facts)]
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for circle, type_idx in rows:
            kind = first.types.types[type_idx]
            cells = [_word(s.get((circle, type_idx))) for s in states]
            writer.writerow(
                [
                    first.circles.circle_id[circle],
                    first.circles.name[circle],
                    kind.form_row,
                    kind.label,
                    *cells,
                ]
            )
        for circle, name in enumerate(first.circles.name):
            writer.writerow(
                [first.circles.circle_id[circle], name, "", "等级", *(_grade(f, circle) for f in facts)]
            )


def _states(facts: ReportFacts) -> dict[tuple[int, int], int]:
    gaps = facts.gaps
    return {
        (int(c), int(t)): int(s) for c, t, s in zip(gaps.circle_idx, gaps.type_idx, gaps.state, strict=True)
    }


def _word(state: int | None) -> str:
    return NOT_NAMED if state is None else STATE_WORDS[GapState(state)]


def _grade(facts: ReportFacts, circle: int) -> str:
    labels = {g.code: g.label for g in facts.rules.grades}
    grade = facts.assessment.grade[circle] if circle < len(facts.assessment.grade) else ""
    known = not np.isnan(facts.assessment.score[circle]) if circle < len(facts.assessment.score) else False
    return labels.get(grade, "无法判定" if grade == "unknown" or not known else "未达到")
