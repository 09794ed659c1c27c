"""A run's numbers as survey forms, with notes on what is estimated or unknown and where they come from."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np

from yike.core.tables import Survey, Tri
from yike.reports.facts import ReportFacts
from yike.reports.survey_form.origin import ESTIMATED
from yike.reports.survey_form.values import SurveyForm, survey_form
from yike.standards.survey_form import COLUMNS, FormDoc, FormSettings, Value, usual_notes

PER_CENT = 100


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
