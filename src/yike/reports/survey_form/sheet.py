"""Lay survey forms into a workbook: the official grid, and a second sheet on where each number comes from."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from yike.core.tables import Survey, Tri
from yike.reports.facts import ReportFacts
from yike.reports.stable_zip import rewrite_stable
from yike.reports.survey_form.pen import LEFT, Pen, comment
from yike.reports.survey_form.values import (
    PER_CENT,
    SurveyForm,
    SurveyRow,
    labels,
    round_places,
    survey_form,
    to_wan,
)

LAST_COLUMN = 9  # the printed form has nine grid columns; the needs cell takes the last three
WIDTHS = (13, 30, 16, 13, 16, 13, 15, 13, 15)
ROUNDING_WORDS = {"half_up": "四舍五入", "half_even": "四舍六入五成双（GB/T 8170）"}
FIRST_TYPE_ROW = 8
HEAD = Font(name="黑体", size=11)
TITLE = Font(name="黑体", size=18)
CHECKED, UNCHECKED = "☑", "□"
FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")
SHEET_NAME_LENGTH = 31
ESTIMATE_FILL = PatternFill("solid", fgColor="FFF3E0")


def write_annex5(facts: ReportFacts, path: Path) -> None:
    """
    Write ``annex5.xlsx``: one official sheet per circle, then 数据来源.

    The official sheets keep the form's structure to the cell; notes on unknown and estimated numbers stand
    in cell comments and on the last sheet, never in the form's own cells.
    """
    book = Workbook()
    book.remove(book.active)
    taken: set[str] = set()
    forms = [survey_form(facts, i) for i in range(len(facts.circles))]
    styles: dict[tuple[Any, ...], Any] = {}
    for form in forms:
        _form_sheet(Pen(book.create_sheet(_sheet_name(form.circle_name, taken)), styles), form, facts)
    _source_sheet(Pen(book.create_sheet(_sheet_name("数据来源", taken)), styles), forms, facts)
    stamp = dt.datetime.fromisoformat(facts.provenance.as_of or "2000-01-01")
    book.properties.created = book.properties.modified = stamp
    book.properties.creator = "一刻 yike"
    book.save(path)
    rewrite_stable(path)


def _sheet_name(name: str, taken: set[str]) -> str:
    base = FORBIDDEN_IN_SHEET_NAME.sub("", name).strip("'")[:SHEET_NAME_LENGTH] or "生活圈"
    unique, n = base, 2
    while unique in taken:
        unique = f"{base[: SHEET_NAME_LENGTH - 4]}({n})"
        n += 1
    taken.add(unique)
    return unique


def _form_sheet(pen: Pen, form: SurveyForm, facts: ReportFacts) -> None:
    words, ws = labels(), pen.ws
    for column, width in enumerate(WIDTHS, start=1):
        ws.column_dimensions[chr(64 + column)].width = width
    pen.put(1, 1, 9, words["title"], font=TITLE, box=False)
    mark = words["invented"] if form.is_invented else ""
    pen.put(2, 1, 3, f"{words['circle']}{form.circle_name}{mark}", align=LEFT, box=False)
    pen.put(2, 4, 6, f"{words['city']}{form.city}", align=LEFT, box=False)
    pen.put(2, 7, 9, f"{words['as_of']}{_chinese_date(form.as_of)}", align=LEFT, box=False)
    _block_a(pen, form, facts)
    _block_b(pen, form, facts)
    _page(ws, form, facts)


def _block_a(pen: Pen, form: SurveyForm, facts: ReportFacts) -> None:
    ws = pen.ws
    words, rounding = labels(), str(facts.rules.settings.get("rounding", "half_up"))
    boxes = [f"{name}{_tick(on)}" for name, on in zip(words["operators"], form.operators, strict=True)]
    platform = {Tri.YES: "：有☑　无□", Tri.NO: "：有□　无☑"}.get(form.has_platform, "：有□　无□")
    pen.put(3, 1, 1, words["operator"])
    pen.put(3, 2, 5, "　".join(boxes) + "\n" + words["platform"] + platform, align=LEFT)
    pen.put(3, 6, 6, words["layout"])
    forms = [
        f"{name}{words['layout_suffix']}{_tick(on)}"
        for name, on in zip(words["layouts"], form.layouts, strict=True)
    ]
    pen.put(3, 7, 9, "\n".join(forms))
    pen.put(4, 1, 2, words["centres"])
    _number(pen, 4, 3, 4, form.n_centres, _count_places(facts), rounding)
    pen.put(4, 5, 7, words["residents"])
    residents = None if form.residents is None else to_wan(form.residents, 2, rounding)
    is_estimate = form.residents is not None and form.residents_estimated
    cell = _number(pen, 4, 8, 9, residents, 2, rounding, ESTIMATE_FILL if is_estimate else None)
    if form.residents is not None:
        text = f"实有 {form.residents:,.0f} 人" + ("（估算）" if form.residents_estimated else "")
        comment(cell, text)
    pen.put(5, 1, 4, words["area_share"])
    share = None if form.area_share is None else form.area_share * PER_CENT
    _number(pen, 5, 5, 9, share, 2, rounding)
    ws.row_dimensions[1].height, ws.row_dimensions[2].height = 36, 24
    ws.row_dimensions[3].height = 66
    ws.row_dimensions[4].height = ws.row_dimensions[5].height = 34


def _block_b(pen: Pen, form: SurveyForm, facts: ReportFacts) -> None:
    ws = pen.ws
    words = labels()
    for column, name in enumerate(words["header"], start=1):
        pen.put(6, column, 9 if column == 7 else column, name, font=HEAD)
    ws.row_dimensions[6].height = 50
    pen.put(7, 1, 2, words["total"], font=HEAD)
    _figures(pen, 7, form.total, facts)
    for i, row in enumerate(form.rows):
        at = FIRST_TYPE_ROW + i
        pen.put(at, 2, 2, words["row_labels"][row.form_row])
        _figures(pen, at, row, facts)
    n_basic, n_all = len(words["rows_basic"]), len(form.rows)
    pen.put(FIRST_TYPE_ROW, 1, 1, words["basic"], font=HEAD, rows=n_basic)
    pen.put(FIRST_TYPE_ROW + n_basic, 1, 1, words["quality"], font=HEAD, rows=n_all - n_basic)
    last = FIRST_TYPE_ROW + n_all
    pen.put(last, 1, 1, words["note"])
    pen.put(last, 2, 9, words["note_text"], align=LEFT)
    ws.row_dimensions[last].height = 96


def _figures(pen: Pen, at: int, row: SurveyRow, facts: ReportFacts) -> None:
    rounding, places = str(facts.rules.settings.get("rounding", "half_up")), _count_places(facts)
    _number(pen, at, 3, 3, row.n_outlets, places, rounding)
    staff = _number(pen, at, 4, 4, None if row.staff is None else to_wan(row.staff, 2, rounding), 2, rounding)
    if row.staff is not None and (row.staff or row.staff_unknown):
        rest = f"；另有 {row.staff_unknown} 家人数未知" if row.staff_unknown else ""
        comment(staff, f"实有 {row.staff:,} 人{rest}")
    chain = _number(pen, at, 5, 5, row.n_chain, places, rounding)
    if row.n_chain is not None and row.chain_unknown:
        comment(chain, f"另有 {row.chain_unknown} 家是否连锁未知")
    share = None if row.satisfaction_share is None else row.satisfaction_share * PER_CENT
    _number(pen, at, 6, 6, share, 2, rounding)
    pen.put(at, 7, 9, row.needs or None, align=LEFT)
    pen.ws.row_dimensions[at].height = 26


def _count_places(facts: ReportFacts) -> int:
    return int(facts.rules.settings.get("count_decimals", 2))


def _tick(on: bool) -> str:
    return CHECKED if on else UNCHECKED


def _number(
    pen: Pen,
    row: int,
    first: int,
    last: int,
    value: float | Decimal | None,
    places: int,
    rounding: str,
    fill: PatternFill | None = None,
) -> Any:
    shown = None if value is None else float(round_places(value, places, rounding))
    return pen.put(row, first, last, shown, number="0." + "0" * places if places else "0", fill=fill)


def _chinese_date(iso: str) -> str:
    if not iso:
        return "　　年　月　日"
    day = dt.date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def _page(ws: Worksheet, form: SurveyForm, facts: ReportFacts) -> None:
    ws.page_setup.paperSize, ws.page_setup.orientation = 9, "portrait"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 1
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.print_options.horizontalCentered = True
    ws.page_margins.left = ws.page_margins.right = 0.5
    ws.oddFooter.center.text = f"{form.circle_name}　数据日期 {form.as_of}　第 &P 页"
    if form.is_invented:
        ws.oddHeader.center.text = "虚构数据，仅供演示"
    ws.freeze_panes = "C7"


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


def _source_sheet(pen: Pen, forms: list[SurveyForm], facts: ReportFacts) -> None:
    ws = pen.ws
    ws.column_dimensions["A"].width, ws.column_dimensions["B"].width = 30, 90
    origin = facts.provenance
    sentences = [
        ("范围", f"{origin.name}（{origin.division}），数据日期 {origin.as_of}"),
        ("虚构", "本工作簿的数据为虚构，仅供演示" if origin.is_invented else "否"),
        ("表式", "天政办发〔2023〕54号 附件5；结构、合并、行序未改"),
        (
            "舍入",
            f"{ROUNDING_WORDS[str(facts.rules.settings.get('rounding', 'half_up'))]}；"
            f"个、座保留 {_count_places(facts)} 位小数；"
            "先按人求和，再换算万人",
        ),
        ("网点计数", "每个网点按主业态计一次；一店多能不重复计数；只计营业中的网点；公共设施不计入本表"),
        ("空白", _zero_means(facts)),
        *_survey_sentences(facts),
    ]
    sentences += [
        ("来源", f"{s.name}，{s.licence}{'，' + s.attribution if s.attribution else ''}")
        for s in origin.sources
    ]
    sentences += [("估算", text) for text in origin.estimates]
    sentences += [
        (
            f.circle_name,
            f"从业人数未知的网点 {f.total.staff_unknown} 家；是否连锁未知的网点 {f.total.chain_unknown} 家",
        )
        for f in forms
    ]
    for at, (name, text) in enumerate(sentences, start=1):
        pen.put(at, 1, 1, name, font=HEAD)
        pen.put(at, 2, 2, text, align=LEFT)
    ws.page_setup.orientation = "landscape"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True


def _zero_means(facts: ReportFacts) -> str:
    """A zero is a fact only where the outlet list claims to be complete."""
    if facts.provenance.is_surveyed:
        return "空白表示未知或未调查，0 表示调查确认没有"
    return "空白表示未知或未调查；网点清单没有声明已完整调查，0 只表示来源中没有收录，填报前请核实"
