"""Workbooks: the needs list (需求清单), the empty sheet for paper answers, raw answers."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from yike.web.voices.models import Answer, Need
from yike.web.voices.questions import age_label, questionnaire, row_labels
from yike.web.voices.rules import decisions

NUMBER, AGE, HOUSEHOLD, YEARS, OVERALL = "问卷编号", "年龄段", "家庭", "住了多久", "总体"
MISSING, URGENT, OTHER = "还缺什么", "最急需", "其他意见"
SCORE, REACH = "满意度", "走得到"
PLAIN = (NUMBER, AGE, HOUSEHOLD, YEARS, OVERALL)
LAST = (MISSING, URGENT, OTHER)

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TITLE = Font(name="方正小标宋简体", size=16)
_HEAD = Font(name="黑体", size=10)
_BODY = Font(name="仿宋_GB2312", size=10.5)
_SHADE = PatternFill("solid", fgColor="E3F1EE")
_THIN = Side(style="thin", color="7B8984")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED = Alignment(vertical="center", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)

NEED_HEADERS = (
    "序号",
    "生活圈",
    "社区或楼栋",
    "业态",
    "需求",
    "人次",
    "渠道",
    "急需",
    "状态",
    "处理意见",
    "提出日期",
)
NEED_WIDTHS = (5, 25, 16, 15, 28, 6, 11, 6, 8, 26, 12)
CENTRED_HEADERS = frozenset({"序号", "人次", "渠道", "急需", "状态", "提出日期"})
LINE_PT = 15.0


def needs_workbook(needs: QuerySet[Need], stream: IO[bytes]) -> None:
    """The list as shown, as a form that prints on A4 landscape with its heading on each page."""
    found = list(needs)
    book, sheet = _book("需求清单")
    title = "问需于民需求清单"
    if any(n.is_invented for n in found):
        title += "（虚构演示数据）"
    _heading(sheet, title, NEED_HEADERS, NEED_WIDTHS)
    for number, need in enumerate(found, 1):
        place = " ".join(filter(None, [_community(need), need.building]))
        _line(sheet, [
            number, need.circle.name, place, row_labels().get(need.form_row, "看不出"), need.text,
            need.voices, need.get_channel_display(), "急" if need.is_urgent else "", need.get_state_display(),
            _decision(need), need.said_on,
        ])  # fmt: skip
    _line(sheet, ["合计", "", "", "", f"{len(found)} 条", sum(n.voices for n in found), "", "", "", "", ""])
    book.save(stream)


def _community(need: Need) -> str:
    named = need.community.names.filter(ends_on__isnull=True).first() if need.community else None
    return named.name if named else ""


def _decision(need: Need) -> str:
    label = decisions()[need.decision_kind].label if need.decision_kind in decisions() else ""
    return "：".join(filter(None, [label, need.decision]))


def answer_headers() -> tuple[str, ...]:
    """Headers of a sheet of answers: one column a type for satisfaction, then one for reach."""
    rows = questionnaire().rows
    asked = [f"{name}{SCORE}" for _, name in rows] + [f"{name}{REACH}" for _, name in rows]
    return (*PLAIN, *asked, *LAST)


def answer_template(stream: IO[bytes]) -> None:
    """The empty sheet that the import reads back, with what may be written where on a second one."""
    book, sheet = _book("问卷录入")
    sheet.append(list(answer_headers()))
    for i, cell in enumerate(sheet[1], 1):
        cell.font, cell.fill, cell.alignment, cell.border = _HEAD, _SHADE, _CENTRED, _BOX
        sheet.column_dimensions[get_column_letter(i)].width = 12 if i <= len(PLAIN) else 9
    for i in range(len(answer_headers()) - len(LAST) + 1, len(answer_headers()) + 1):
        sheet.column_dimensions[get_column_letter(i)].width = 24
    sheet.row_dimensions[1].height = 64
    sheet.freeze_panes = "B2"
    _explain(book.create_sheet("填写说明"))
    book.save(stream)


def _explain(sheet: Worksheet) -> None:
    asked = questionnaire()
    lines = [
        (NUMBER, "纸质问卷右上角的编号，一份一个，不重复。"),
        (AGE, "、".join(label for _, label in asked.age_bands) + "；不愿说的留空。"),
        (HOUSEHOLD, "、".join(label for _, label in asked.households) + "；不愿说的留空。"),
        (YEARS, "、".join(label for _, label in asked.years) + "；不愿说的留空。"),
        (OVERALL, "；".join(f"{value} {label}" for value, label in asked.scale)),
        (f"…{SCORE}", "同上；没用过、不了解的留空或填 0，不计入满意度的基数。"),
        (f"…{REACH}", "15 分钟内走得到填 1，走不到填 2，不清楚填 3 或留空。"),
        (MISSING, "业态名称或行号，用顿号隔开，例：早餐店、维修点。"),
        (URGENT, "最多三样，写法同上，最急需的写在前面。"),
        (OTHER, "不超过 200 字；不要写姓名和电话。"),
    ]
    for line in lines:
        sheet.append(list(line))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 90


def raw_workbook(answers: Iterable[Answer], stream: IO[bytes]) -> None:
    """Every answer as it came, the voided ones marked: satisfaction can be worked out again from it."""
    book, sheet = _book("原始问卷")
    sheet.append([*answer_headers(), "渠道", "作废原因"])
    for answer in answers:
        sheet.append([_text(v) for v in _answer_cells(answer)])
    sheet.freeze_panes = "B2"
    book.save(stream)


def _answer_cells(answer: Answer) -> list[Any]:
    asked, names = questionnaire(), row_labels()
    reach = dict(asked.reach)
    return [
        answer.number, age_label(answer.age_band), dict(asked.households).get(answer.household, ""),
        dict(asked.years).get(answer.years, ""), answer.overall,
        *(answer.satisfaction.get(row) for row, _ in asked.rows),
        *(reach.get(answer.reach.get(row, ""), "") for row, _ in asked.rows),
        "、".join(names.get(r, r) for r in answer.missing), "、".join(names.get(r, r) for r in answer.urgent),
        answer.missing_text, answer.get_channel_display(), answer.void_reason,
    ]  # fmt: skip


def _book(title: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    book.properties.creator = "yike"
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)
    sheet = book.worksheets[0]
    sheet.title = title
    return book, sheet


def _heading(sheet: Worksheet, title: str, headers: Sequence[str], widths: Sequence[float]) -> None:
    sheet.append([title])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headers))
    sheet["A1"].font, sheet["A1"].alignment = _TITLE, _CENTRED
    sheet.row_dimensions[1].height = 34
    sheet.append(list(headers))
    for i, (cell, width) in enumerate(zip(sheet[2], widths, strict=True), 1):
        cell.font, cell.fill, cell.alignment, cell.border = _HEAD, _SHADE, _CENTRED, _BOX
        sheet.column_dimensions[get_column_letter(i)].width = width
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _line(sheet: Worksheet, cells: Sequence[Any]) -> None:
    sheet.append([_text(c) for c in cells])
    lines = 1.0
    for header, width, cell in zip(NEED_HEADERS, NEED_WIDTHS, sheet[sheet.max_row], strict=True):
        cell.font, cell.border = _BODY, _BOX
        cell.alignment = _CENTRED if header in CENTRED_HEADERS else _WRAPPED
        lines = max(lines, math.ceil(_width_of(cell.value) / (width - 1)))
        if isinstance(cell.value, dt.date):
            cell.number_format = "yyyy-mm-dd"
    sheet.row_dimensions[sheet.max_row].height = LINE_PT * lines + 6


def _width_of(value: Any) -> int:
    """Figures that a text is wide: Chinese characters count twice."""
    return sum(1 + (ord(c) > 255) for c in value) if isinstance(value, str) else 1


def _text(value: Any) -> Any:
    """A person's text is never a formula."""
    if not isinstance(value, str):
        return value
    bare = _NOT_IN_XML.sub("", value)
    return f"'{bare}" if bare.startswith("=") else bare
