"""The papers of a timetable, and what ``--json`` prints."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import Any

from yike.errors import message_of
from yike.reports.timetable_facts import TimetableFacts, TradeReach
from yike.reports.whole_file import write_whole
from yike.studies.study import Progress, silent

WORKBOOK, RECORD, POSTERS, CALENDAR = "timetable.xlsx", "timetable.json", "posters", "calendar"


def write_papers(
    facts: TimetableFacts, out: Path, progress: Progress = silent, *, with_posters: bool = True
) -> list[Path]:
    """
    Write workbook, record, posters and calendars into a folder, which is made where it is missing.

    Returns
    -------
    Files written, in the order in which a person would open them.
    """
    from yike.reports.timetable_ics.build import write_ics
    from yike.reports.timetable_json.build import write_timetable_json
    from yike.reports.timetable_xlsx.build import write_timetable_xlsx

    out.mkdir(parents=True, exist_ok=True)
    progress("写班表", 0, 1)
    write_whole(out / WORKBOOK, partial(write_timetable_xlsx, facts))
    write_whole(out / RECORD, partial(write_timetable_json, facts))
    written = [out / WORKBOOK, out / RECORD]
    if with_posters:
        from yike.reports.vendor_poster.build import write_posters

        progress("写海报", 0, 1)
        (out / POSTERS).mkdir(exist_ok=True)
        written += write_posters(facts, out / POSTERS)
    progress("写日历", 0, 1)
    (out / CALENDAR).mkdir(exist_ok=True)
    return written + list(write_ics(facts, out / CALENDAR))


def record_of(facts: TimetableFacts) -> dict[str, Any]:
    """The answer as plain data: unknown is null, and no phone is told."""
    from yike.reports.timetable_json.build import reach_rows, visit_rows

    return {
        "answer": "yes" if facts.visits else "no",
        "title": facts.title,
        "is_invented": facts.provenance.is_invented,
        "first_day": facts.first_day.isoformat(),
        "walk_s": facts.walk_s,
        "objective": facts.objective,
        "bound": facts.bound,
        "gap": facts.gap,
        "status": facts.status,
        "method": facts.method,
        "seconds": round(facts.seconds, 3),
        "seed": facts.seed,
        "trades": [{"code": code, "label": label} for code, label in facts.trades],
        "visits": visit_rows(facts.visits),
        "reach": reach_rows(facts.reach),
        "notes": list(facts.notes),
    }  # fmt: skip


def week_lines(facts: TimetableFacts) -> list[str]:
    """The timetable in a few lines for a terminal."""
    from yike.reports.timetable_view import WEEKDAYS

    halves, vendors = dict(facts.half_labels), {v.vendor_id: v.name for v in facts.vendors}
    stops = {s.stop_id: s.name for s in facts.stops}
    lines = [
        f"{WEEKDAYS[v.day]}{halves[v.half]}　{stops[v.stop_id]}　{vendors[v.vendor_id]}" for v in facts.visits
    ]
    return lines or ["没有排出任何班次。"]


def coverage_lines(facts: TimetableFacts) -> list[str]:
    """Before and after, one line a trade."""
    from yike.reports.words import count, share

    labels = dict(facts.trades)
    lines = []
    for r in facts.reach:
        if r.community:
            continue
        once, twice = (
            share(n / r.people if r.people else math.nan, 1) for n in (r.after_once, r.after_twice)
        )
        most = "最多" if math.isnan(r.before) else ""
        lines.append(
            f"{labels[r.trade]}：{_before(r)} → 每周至少一次 {once}（{most}增 {count(r.gained)} 人），"
            f"至少两次 {twice}"
        )
    return lines


def _before(r: TradeReach) -> str:
    """The share before; unknown is said with its reason, never shown as 0."""
    from yike.reports.words import UNKNOWN, share

    if not math.isnan(r.before):
        return share(r.before / r.people if r.people else math.nan, 1)
    least = ""
    if r.before_least > 0:
        least = message_of("timetable_words.before_least", {"share": share(r.before_least / r.people, 1)})
    return f"{UNKNOWN}（{least}{r.before_words}）" if r.before_words else UNKNOWN
