"""The rows of the comparison as plain values, for the page, the workbook and JSON alike; unknown is None."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from yike.core.tables import BoolArray, FloatArray, GapState, OutletStatus
from yike.reports.rows import form_row_of
from yike.reports.scenario_facts import AreaChanges, ScenarioFacts, ScenarioOutcome, ScenarioSide
from yike.reports.scenario_report.labels import label

Row = dict[str, Any]
NOT_THERE = -1


def number(value: float, places: int = 6) -> float | int | None:
    """A JSON number: None when unknown, whole where it is whole."""
    if math.isnan(value) or math.isinf(value):
        return None
    rounded = round(float(value), places)
    return int(rounded) if rounded == int(rounded) else rounded


def overview(facts: ScenarioFacts) -> list[Row]:
    """One row a figure: its code, the value now, and the value in each scenario."""
    now = _state_figures(facts.before)
    after = [_state_figures(o.after) | _change_figures(facts, o) for o in facts.outcomes]
    codes = list(dict.fromkeys([*_change_codes(), *now]))
    return [
        {
            "code": code,
            "label": label(f"overview.{code}"),
            "now": now.get(code),
            "scenarios": [figures.get(code) for figures in after],
            "is_change": code not in now,
        }
        for code in codes
    ]


def _change_codes() -> tuple[str, ...]:
    return (
        "people_better", "people_worse", "person_types_gained", "person_types_lost", "new_people",
        "gaps_closed", "gaps_opened", "grades_up", "grades_down",
    )  # fmt: skip


def _state_figures(side: ScenarioSide) -> Row:
    """Figures of one state."""
    flags = [cell["flag"] for row in side.saturation for cell in row]
    is_open = side.outlets.status == OutletStatus.OPEN
    score = side.assessment.score
    return {
        "gaps": int((side.circle_presence.state == GapState.GAP).sum()),
        "community_gaps": int((side.community_presence.state == GapState.GAP).sum()),
        "score": None if np.isnan(score).all() else number(float(np.nanmean(score)), 2),
        "over": flags.count("over"),
        "under": flags.count("under"),
        "outlets": int(side.outlets.first_of_units(is_open).sum()),
    }


def _change_figures(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Row:
    better, worse = people_touched(facts, outcome)
    opened = len(outcome.new_places)
    table = outcome.circles
    closed, new = _gap_moves(table)
    up, down = grade_moves(facts, outcome)
    return {
        "people_better": better,
        "people_worse": worse,
        "person_types_gained": number(float(np.nansum(outcome.city.gained)), 1),
        "person_types_lost": number(float(np.nansum(outcome.city.lost)), 1),
        "new_people": number(float(np.nansum(outcome.after.places.people[outcome.new_places])), 1)
        if opened
        else 0,
        "gaps_closed": closed,
        "gaps_opened": new,
        "grades_up": up,
        "grades_down": down,
    }


def _gap_moves(table: AreaChanges) -> tuple[int, int]:
    was, now = table.state_before == GapState.GAP, table.state_after == GapState.GAP
    closed = was & (table.state_after == GapState.MET)
    opened = now & ~was & (table.state_before != NOT_THERE)
    return int(closed.sum()), int(opened.sum())


def people_touched(
    facts: ScenarioFacts, outcome: ScenarioOutcome
) -> tuple[float | int | None, float | int | None]:
    """Residents for whom at least one type comes within the norm, and for whom one drops out."""
    people = facts.before.places.people
    if len(people) and np.isnan(people).all():
        return None, None
    return (
        number(float(np.nansum(people[outcome.is_better])), 1),
        number(float(np.nansum(people[outcome.is_worse])), 1),
    )


def grade_moves(facts: ScenarioFacts, outcome: ScenarioOutcome) -> tuple[int, int]:
    """Circles whose level rises and falls; undecided levels count for neither."""
    before = [_level(facts.before, g) for g in facts.before.assessment.grade]
    after = [_level(outcome.after, g) for g in outcome.after.assessment.grade]
    pairs = [(b, a) for b, a in zip(before, after, strict=True) if b is not None and a is not None]
    return sum(a > b for b, a in pairs), sum(a < b for b, a in pairs)


def _level(side: ScenarioSide, code: str) -> int | None:
    codes = [g.code for g in side.rules.grades]
    return None if code == "unknown" else codes.index(code) + 1 if code in codes else 0


def grade_words(side: ScenarioSide, circle: int) -> str:
    """Level of a circle in words."""
    code = side.assessment.grade[circle]
    labels = {g.code: g.label for g in side.rules.grades}
    undecided = code == "unknown" or math.isnan(side.assessment.score[circle])
    return labels.get(code, label("unknown_grade") if undecided else label("no_grade"))


def type_rows(facts: ScenarioFacts, outcome: ScenarioOutcome) -> list[Row]:
    """One row a business type that changes anywhere in the pack, most gained first."""
    table = outcome.city
    touched = _touched(table)[0]
    order = sorted(np.flatnonzero(touched), key=lambda c: (-_total(table, int(c)), int(c)))
    return [_cell(facts, table, 0, int(c)) for c in order]


def area_rows(facts: ScenarioFacts, outcome: ScenarioOutcome, level: str) -> list[Row]:
    """One row an area and type that changes."""
    table = outcome.circles if level == "circles" else outcome.communities
    names = facts.before.circles.name if level == "circles" else facts.before.communities.name
    rows = []
    for area, col in zip(*np.nonzero(_touched(table)), strict=True):
        head = {"id": table.area_ids[area], "name": names[area]}
        rows.append(head | _cell(facts, table, int(area), int(col)))
    return rows


def _total(table: AreaChanges, col: int) -> float:
    return float(np.nan_to_num(table.gained[0, col] + table.lost[0, col])) + float(
        table.places_gained[0, col] + table.places_lost[0, col]
    )


def _touched(table: AreaChanges) -> BoolArray:
    """Cells in which something differs."""

    def differs(one: FloatArray, other: FloatArray) -> BoolArray:
        return np.asarray((one != other) & ~(np.isnan(one) & np.isnan(other)), bool)

    known = (table.state_before != NOT_THERE) & (table.state_after != NOT_THERE)
    touched = (table.places_gained + table.places_lost) > 0
    touched |= (table.state_before != table.state_after) & known
    touched |= table.outlets_before != table.outlets_after
    touched |= differs(table.share_before, table.share_after) & known
    return np.asarray(touched | (table.norm_before_s != table.norm_after_s), bool)


def _cell(facts: ScenarioFacts, table: AreaChanges, area: int, col: int) -> Row:
    kind_idx = int(table.type_rows[col])
    kind = facts.types.types[kind_idx]
    bands = {
        band: {
            "gained": number(float(table.gained_by_band[area, col, b]), 1),
            "lost": number(float(table.lost_by_band[area, col, b]), 1),
        }
        for b, band in enumerate(table.bands)
    }
    return {
        "type": kind.code,
        "type_label": kind.label,
        "form_row": form_row_of(facts.types, kind_idx),
        "norm_before_min": number(table.norm_before_s[col] / 60, 2),
        "norm_after_min": number(table.norm_after_s[col] / 60, 2),
        "people_before": number(table.people_before[area, col], 1),
        "people_after": number(table.people_after[area, col], 1),
        "gained": number(table.gained[area, col], 1),
        "lost": number(table.lost[area, col], 1),
        "places_gained": int(table.places_gained[area, col]),
        "places_lost": int(table.places_lost[area, col]),
        "share_before": number(table.share_before[area, col]),
        "share_after": number(table.share_after[area, col]),
        "outlets_before": int(table.outlets_before[area, col]),
        "outlets_after": int(table.outlets_after[area, col]),
        "state_before": _state(table.state_before[area, col]),
        "state_after": _state(table.state_after[area, col]),
        "is_estimate": bool(table.is_estimate[area]),
        "by_band": bands,
    }


def _state(state: int) -> str | None:
    return None if state == NOT_THERE else GapState(int(state)).name.lower()


def grade_rows(facts: ScenarioFacts, outcome: ScenarioOutcome) -> list[Row]:
    """Circles whose level, score or number of gaps changes."""
    before, after = facts.before, outcome.after
    rows = []
    for i, name in enumerate(before.circles.name):
        row = {
            "id": before.circles.circle_id[i],
            "name": name,
            "grade_before": before.assessment.grade[i],
            "grade_after": after.assessment.grade[i],
            "grade_label_before": grade_words(before, i),
            "grade_label_after": grade_words(after, i),
            "score_before": number(before.assessment.score[i], 3),
            "score_after": number(after.assessment.score[i], 3),
            "score_of_before": number(before.assessment.score_known_max[i], 3),
            "score_of_after": number(after.assessment.score_known_max[i], 3),
            "gaps_before": int((before.circle_presence.state[i] == GapState.GAP).sum()),
            "gaps_after": int((after.circle_presence.state[i] == GapState.GAP).sum()),
        }
        if any(row[f"{k}_before"] != row[f"{k}_after"] for k in ("grade", "score", "gaps")):
            rows.append(row)
    return rows


def saturation_rows(facts: ScenarioFacts, outcome: ScenarioOutcome) -> list[Row]:
    """Circle x type whose supply flag changes, or whose outlets per 1,000 residents change."""
    rows = []
    old = {int(t): c for c, t in enumerate(facts.before.access.type_rows)}
    for area, cells in enumerate(outcome.after.saturation):
        for cell in cells:
            type_idx = int(outcome.after.access.type_rows[cell["col"]])
            if type_idx not in old:
                continue
            was = facts.before.saturation[area][old[type_idx]]
            if was["flag"] == cell["flag"] and was["per_1000"] == cell["per_1000"]:
                continue
            rows.append({
                "id": facts.before.circles.circle_id[area],
                "name": facts.before.circles.name[area],
                "type": facts.types.types[type_idx].code,
                "type_label": facts.types.types[type_idx].label,
                "per_1000_before": was["per_1000"],
                "per_1000_after": cell["per_1000"],
                "flag_before": was["flag"],
                "flag_after": cell["flag"],
            })  # fmt: skip
    return rows


def who_rows(facts: ScenarioFacts, outcome: ScenarioOutcome, most: int) -> list[Row]:
    """Homes whose walk changes, with minutes before and after; those that cross the norm first."""
    who, places = outcome.who, facts.before.places
    rows = []
    for k in range(min(most, len(who.place_idx))):
        i, kind = int(who.place_idx[k]), facts.types.types[int(who.type_idx[k])]
        circle = int(places.circle_idx[i])
        rows.append({
            "place_id": places.place_id[i],
            "place_name": places.name[i],
            "lon": round(float(places.lon[i]), 6),
            "lat": round(float(places.lat[i]), 6),
            "circle": facts.before.circles.name[circle] if circle >= 0 else "",
            "people": number(who.people[k], 1),
            "type": kind.code,
            "type_label": kind.label,
            "before_s": number(who.before_s[k], 1),
            "after_s": number(who.after_s[k], 1),
            "before": _reach_state(who.before_s[k]),
            "after": _reach_state(who.after_s[k]),
            "within_before": bool(who.was_within[k]),
            "within_after": bool(who.is_within[k]),
        })  # fmt: skip
    return rows


def _reach_state(seconds: float) -> str:
    return "unattached" if math.isnan(seconds) else "beyond" if math.isinf(seconds) else "reached"
