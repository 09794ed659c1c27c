"""
The numbers of one circle's survey form, unrounded, with what is unknown kept unknown.

Counts go by the main business type, so that the total is the sum of the rows and an outlet with several
functions counts once (一店多能). Staff are kept in persons; 万人 exists only on paper.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from yike.core.tables import GapState, OutletStatus, Survey, Tri
from yike.reports.facts import ReportFacts
from yike.reports.survey_form.origin import ESTIMATED
from yike.standards.survey_form import (
    COLUMNS,
    LAYOUTS,
    OPERATORS,
    TOTAL,
    TYPE_ROWS,
    FormDoc,
    FormSettings,
    Value,
    usual_notes,
)
from yike.standards.survey_words import words

PER_CENT = 100
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


def form_of_facts(facts: ReportFacts, circle_idx: int) -> FormDoc:
    """One circle's form of a run, with notes on what is estimated or unknown and where numbers come from."""
    form = survey_form(facts, circle_idx)
    settings = FormSettings(
        int(facts.rules.settings.get("count_decimals", 2)),
        str(facts.rules.settings.get("rounding", "half_up")),
    )
    values = _cells(form)
    return FormDoc(
        values,
        settings,
        _notes(form, usual_notes(values, settings)),
        circle_code=form.circle_id,
        is_invented=form.is_invented,
        sources=tuple(_sources(facts, form)),
    )


def _cells(form: SurveyForm) -> dict[str, Value]:
    cells: dict[str, Value] = {
        "circle": form.circle_name,
        "city": form.city,
        "as_of": dt.date.fromisoformat(form.as_of) if form.as_of else None,
        "operators": form.operators or None,
        "has_platform": {Tri.YES: True, Tri.NO: False}.get(form.has_platform),
        "layouts": form.layouts or None,
        "centres": form.n_centres,
        "residents": None if form.residents is None else math.floor(form.residents + 0.5),
        "area_share": _per_cent(form.area_share),
    }
    for row in (form.total, *form.rows):
        figures = (
            row.n_outlets,
            row.staff,
            row.n_chain,
            _per_cent(row.satisfaction_share),
            row.needs or None,
        )
        cells |= {f"{row.form_row}.{name}": v for name, v in zip(COLUMNS, figures, strict=True)}
    return cells


def _per_cent(share: float | None) -> Decimal | None:
    return None if share is None else Decimal(repr(share)) * PER_CENT


def _notes(form: SurveyForm, notes: dict[str, str]) -> dict[str, str]:
    """The usual notes, and how many outlets are unknown behind a figure."""
    if form.residents is not None and form.residents_estimated:
        notes["residents"] = f"{notes.get('residents', '实有 0 人')}（{ESTIMATED}）"
    for row in (form.total, *form.rows):
        staff, chain = f"{row.form_row}.staff", f"{row.form_row}.chain"
        if row.staff is not None and row.staff_unknown:
            notes[staff] = f"{notes.get(staff, '实有 0 人')}；另有 {row.staff_unknown} 家人数未知"
        if row.n_chain is not None and row.chain_unknown:
            notes[chain] = f"另有 {row.chain_unknown} 家是否连锁未知"
    return notes


def _sources(facts: ReportFacts, form: SurveyForm) -> list[tuple[str, str]]:
    origin, unknown = facts.provenance, form.total
    return [
        ("范围", f"{origin.name}（{origin.division}），数据日期 {origin.as_of}"),
        ("网点计数", "每个网点按主业态计一次；一店多能不重复计数；只计营业中的网点；公共设施不计入本表"),
        ("空白", _zero_means(facts)),
        *_survey_sentences(facts),
        *(("来源", "，".join(filter(None, (s.name, s.licence, s.attribution)))) for s in origin.sources),
        *((ESTIMATED, text) for text in origin.estimates),
        (
            form.circle_name,
            f"从业人数未知的网点 {unknown.staff_unknown} 家；是否连锁未知的网点 {unknown.chain_unknown} 家",
        ),
    ]


def _survey_sentences(facts: ReportFacts) -> list[tuple[str, str]]:
    survey: Survey | None = facts.extras.get("survey")
    needs = ("需求清单", "须由问需于民调查填写；本次分析得出的缺口见 gaps.csv，不代填")
    if survey is None:
        return [("满意度", "未开展抽样调查，留空；每圈不少于 50 份有效样本后填写"), needs]
    counted = [
        f"{name} {'份数未知' if np.isnan(n) else f'{n:,.0f} 份'}"
        for name, n in zip(facts.circles.name, survey.samples.tolist(), strict=True)
    ]
    rule = "满意人数÷有效回答，不了解、没用过的不计入；合计为总体一问，没有总体一问的由各业态人数合并计算"
    return [("满意度", f"{rule}；有效样本：{'；'.join(counted)}"), needs]


def _zero_means(facts: ReportFacts) -> str:
    """A zero is a fact only where the outlet list claims to be complete."""
    if facts.provenance.is_surveyed:
        return "空白表示未知或未调查，0 表示调查确认没有"
    return "空白表示未知或未调查；网点清单没有声明已完整调查，0 只表示来源中没有收录，填报前请核实"
