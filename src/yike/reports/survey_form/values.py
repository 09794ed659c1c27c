"""
The numbers of one circle's survey form, unrounded, with what is unknown kept unknown.

Counts go by the main business type, so that the total is the sum of the rows and an outlet with several
functions counts once (一店多能). Staff are kept in persons; 万人 exists only on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from yike.core.tables import GapState, OutletStatus, Survey, Tri
from yike.reports.facts import ReportFacts
from yike.standards.survey_form import LAYOUTS, OPERATORS, TOTAL, TYPE_ROWS
from yike.standards.survey_words import words

UNMAPPED = {int(GapState.DATA_MISSING), int(GapState.NOT_SURVEYED)}


@dataclass(frozen=True)
class SurveyRow:
    """One business type of one circle; None is unknown, never 0."""

    form_row: str
    n_outlets: int | None
    staff: int | None  # persons, of the outlets whose staff is known
    staff_unknown: int  # outlets whose staff nobody knows
    n_chain: int | None
    chain_unknown: int
    satisfaction_share: float | None
    needs: str


@dataclass(frozen=True)
class SurveyForm:
    """One circle's form: block A, the 23 rows, and the total of them."""

    circle_id: str
    circle_name: str
    city: str
    as_of: str  # ISO date
    operators: tuple[str, ...]  # codes
    has_platform: Tri
    layouts: tuple[str, ...]
    n_centres: int | None
    residents: float | None
    residents_estimated: bool
    area_share: float | None
    rows: tuple[SurveyRow, ...]
    total: SurveyRow
    is_invented: bool


def survey_form(facts: ReportFacts, circle_idx: int) -> SurveyForm:
    """
    Work out one circle's form from the register.

    Parameters
    ----------
    facts
        The run.
    circle_idx
        Row of the circle.

    Returns
    -------
    SurveyForm
        Rows in the form's order; the total is computed from the rows, unrounded.
    """
    is_here = (facts.outlets.circle_idx == circle_idx) & (facts.outlets.status == OutletStatus.OPEN)
    members = np.flatnonzero(facts.outlets.first_of_units(is_here))
    rows = tuple(_row(facts, circle_idx, form_row, members) for form_row in TYPE_ROWS)
    circles = facts.circles
    at_circle = facts.places.circle_idx == circle_idx
    known = at_circle & ~np.isnan(facts.places.people)
    return SurveyForm(
        circle_id=circles.circle_id[circle_idx],
        circle_name=circles.name[circle_idx],
        city=facts.provenance.name,
        as_of=facts.provenance.as_of,
        operators=_operators(circles.operator_kinds[circle_idx]),
        has_platform=Tri(int(circles.has_platform[circle_idx])),
        layouts=_layouts(circles.layout_form[circle_idx]),
        n_centres=_known(int(circles.n_centres[circle_idx])),
        residents=float(facts.places.people[known].sum()) if known.any() else None,
        residents_estimated=bool(facts.places.is_estimated[known].any()),
        area_share=_area_share(facts, circle_idx),
        rows=rows,
        total=_total(rows, *_answers(facts, circle_idx, TOTAL)),
        is_invented=facts.provenance.is_invented,
    )


def _known(value: int) -> int | None:
    return None if value < 0 else value


def _operators(kinds: tuple[str, ...]) -> tuple[str, ...]:
    said = {code for kind in kinds for word, code in words()["operator_words"].items() if word in kind}
    return tuple(code for code in OPERATORS if code in said)


def _layouts(layout_form: str) -> tuple[str, ...]:
    return tuple(code for code in LAYOUTS if words()["layouts"][code] in layout_form)


def _area_share(facts: ReportFacts, circle_idx: int) -> float | None:
    inside = facts.communities.circle_idx == circle_idx
    part, whole = facts.communities.commercial_floor_m2[inside], facts.communities.total_floor_m2[inside]
    if not len(part) or np.isnan(part).any() or np.isnan(whole).any() or whole.sum() <= 0:
        return None
    return float(part.sum() / whole.sum())


def _row(facts: ReportFacts, circle_idx: int, form_row: str, members: np.ndarray[Any, Any]) -> SurveyRow:
    rows = np.array([t.form_row for t in facts.types])
    main = facts.outlets.type_idx[members]
    mine = members[(main >= 0) & (rows[main] == form_row)]
    share, needs = _answers(facts, circle_idx, form_row)
    if not len(mine) and _is_unmapped(facts, circle_idx, form_row):
        return SurveyRow(form_row, None, None, 0, None, 0, share, needs)
    staff = facts.outlets.staff[mine]
    chain = facts.outlets.is_chain[mine]
    n_unknown_chain = int((chain == Tri.UNKNOWN).sum())
    knows_staff, knows_chain = ~np.isnan(staff), len(mine) == 0 or n_unknown_chain < len(mine)
    return SurveyRow(
        form_row=form_row,
        n_outlets=len(mine),
        staff=int(staff[knows_staff].sum()) if not len(mine) or knows_staff.any() else None,
        staff_unknown=int((~knows_staff).sum()),
        n_chain=int((chain == Tri.YES).sum()) if knows_chain else None,
        chain_unknown=n_unknown_chain,
        satisfaction_share=share,
        needs=needs,
    )


def _answers(facts: ReportFacts, circle_idx: int, form_row: str) -> tuple[float | None, str]:
    """Satisfaction and needs as residents answered; None and "" where nobody was asked."""
    survey: Survey | None = facts.extras.get("survey")
    if survey is None:
        return None, ""
    if form_row == TOTAL:
        share, needs = float(survey.satisfaction_share[circle_idx]), survey.needs[circle_idx]
    else:
        share, needs = survey.row(circle_idx, form_row)
    return None if np.isnan(share) else share, needs


def _is_unmapped(facts: ReportFacts, circle_idx: int, form_row: str) -> bool:
    """
    Whether zero outlets of this row means that nobody looked, rather than that there are none.

    A type that nobody requires has no gap to tell it by: then the state of the data decides, which is
    judged for every column of the access table.
    """
    if len(facts.outlets) == 0:
        return True
    try:
        type_idx = facts.types.idx_of_row(form_row)
    except KeyError:
        return True
    hit = (facts.gaps.circle_idx == circle_idx) & (facts.gaps.type_idx == type_idx)
    if set(facts.gaps.state[hit].tolist()) & UNMAPPED:
        return True
    presence = facts.extras.get("circle_presence")
    if presence is None:
        return False
    column = np.flatnonzero(facts.access.type_rows == type_idx)
    if not len(column):  # nothing found and nothing asked: zero only where somebody went to look
        return not facts.provenance.is_surveyed
    return bool(set(presence.data_state[column].tolist()) & UNMAPPED)


def _sum(values: list[int | None]) -> int | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def _total(rows: tuple[SurveyRow, ...], satisfaction_share: float | None, needs: str) -> SurveyRow:
    """The rows added up; rows without outlets say nothing of staff and chains where others are unknown."""
    filled = [r for r in rows if r.n_outlets] or list(rows)
    return SurveyRow(
        form_row=TOTAL,
        n_outlets=_sum([r.n_outlets for r in rows]),
        staff=_sum([r.staff for r in filled]),
        staff_unknown=sum(r.staff_unknown for r in rows),
        n_chain=_sum([r.n_chain for r in filled]),
        chain_unknown=sum(r.chain_unknown for r in rows),
        satisfaction_share=satisfaction_share,
        needs=needs,
    )
