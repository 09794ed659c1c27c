"""新建小区配建清单: what to plan with the homes, with blanks for dates, places and areas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from yike.reports.stable_zip import rewrite_stable
from yike.reports.survey_form.pen import CENTRE, LEFT, Pen
from yike.reports.timetable_xlsx.page import BODY, HEAD, HEAD_FILL, TITLE, WARN, put_head, put_row, safe

WIDTHS = (26, 10, 12, 14, 30, 12, 12, 18, 44)
N = len(WIDTHS)
STEP_HEAD = ("步骤", "核对内容（推定）", "", "", "", "计划日期", "完成日期", "责任单位", "依据")
TYPE_HEAD = (
    "业态", "时限\n（分钟）", "最近步行\n（分钟）", "结论", "最近网点", "建议数量\n（推定）",
    "最小面积\n（平方米）",
    "配建位置和面积", "依据",
)  # fmt: skip
AREA_HEAD = ("面积规定", "", "", "不低于", "应有面积（平方米）", "规划面积", "竣工面积", "备注", "依据")
STATES = {"reached": "● 已有", "missing": "○ 同步配建", "far": "○ 走不到", "unknown": "▨ 须补查"}
A4 = 9


def write_estate_list(record: dict[str, Any], path: Path) -> None:
    """Write the workbook; the same record gives the same bytes. Blanks are for people to fill in."""
    book = Workbook()
    book.remove(book.active)
    for number, estate in enumerate(record["estates"], start=1):
        _sheet(Pen(book.create_sheet(f"小区{number}"), {}), record, estate)
    book.properties.created = book.properties.modified = dt.datetime.fromisoformat(
        record["as_of"] or "2000-01-01"
    )
    book.properties.creator = "一刻 yike"
    book.properties.title = "新建小区配建清单"
    book.save(path)
    rewrite_stable(path)


def _sheet(pen: Pen, record: dict[str, Any], estate: dict[str, Any]) -> None:
    invented = "（虚构数据，仅供演示）" if record["invented"] else ""
    title = f"{estate['name'] or '新建小区'}　配套网点同步配建清单{invented}"
    pen.put(1, 1, N, safe(title), font=TITLE, box=False)
    pen.ws.row_dimensions[1].height = 34
    pen.put(
        2, 1, N, safe(estate["sentence"]), font=WARN if estate["missing"] else BODY, align=LEFT, box=False
    )
    pen.ws.row_dimensions[2].height = 34
    row = _steps(pen, record, estate, 3)
    row = _types(pen, estate, row)
    row = _areas(pen, estate, row)
    for note in record["notes"]:
        pen.put(row, 1, N, note, font=Font(name="宋体", size=10), align=LEFT, box=False)
        row += 1
    _page(pen, record, row)


def _steps(pen: Pen, record: dict[str, Any], estate: dict[str, Any], row: int) -> int:
    _head(pen, row, STEP_HEAD, (2, 5))
    for step in estate["steps"]:
        row += 1
        put_row(
            pen, row, (step["label"], "", "", "", "", "", "", "", record["steps_source"]), WIDTHS, left=(9,)
        )
        pen.put(row, 2, 5, step["text"], font=BODY, align=LEFT)
    return row + 1


def _types(pen: Pen, estate: dict[str, Any], row: int) -> int:
    put_head(pen, row, TYPE_HEAD)
    for item in estate["types"]:
        row += 1
        put_row(pen, row, _type_cells(item), WIDTHS, left=(1, 5, 9))
    return row + 1


def _type_cells(item: dict[str, Any]) -> tuple[str, ...]:
    seconds, count, area = item["nearest_s"], item["suggested_count"], item["area_min_m2"]
    is_missing = item["state"] == "missing"
    return (
        item["label"] + ("" if item["is_required"] else "（可选）"),
        f"{item['within_s'] / 60:g}",
        "—" if seconds is None else f"{seconds / 60:.1f}",
        STATES[item["state"]],
        item["nearest_name"] or "—",
        f"{count}处" if is_missing and count else "",
        f"{area:g}" if is_missing and area else "",
        "",
        item["clause"],
    )


def _areas(pen: Pen, estate: dict[str, Any], row: int) -> int:
    _head(pen, row, AREA_HEAD, (1, 3))
    for area in estate["areas"]:
        row += 1
        limit = f"{area['at_least']:.0%}" if area["unit"] == "share" else f"{area['at_least']:g}平方米"
        need = "" if area["need_m2"] is None else f"{area['need_m2']:,.0f}"
        cells = ("", "", "", limit, need or "总建筑面积×10%", "", "", "", area["clause"])
        put_row(pen, row, cells, WIDTHS, left=(9,))
        pen.put(row, 1, 3, area["label"], font=BODY, align=LEFT)
    return row + 1


def _head(pen: Pen, row: int, names: Sequence[str], wide: tuple[int, int]) -> None:
    """A header whose named columns are one cell."""
    put_head(pen, row, names)
    first, last = wide
    pen.put(row, first, last, names[first - 1], font=HEAD, fill=HEAD_FILL, align=CENTRE)


def _page(pen: Pen, record: dict[str, Any], last: int) -> None:
    ws = pen.ws
    for column, width in enumerate(WIDTHS, start=1):
        ws.column_dimensions[get_column_letter(column)].width = width
    ws.page_setup.paperSize, ws.page_setup.orientation = A4, "landscape"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.print_area = f"A1:{get_column_letter(N)}{last - 1}"
    ws.print_options.horizontalCentered = True
    ws.sheet_view.showGridLines = False
    ws.oddFooter.center.text = f"数据日期 {record['as_of']}　第 &P 页，共 &N 页"
    if record["invented"]:
        ws.oddHeader.center.text = "虚构数据，仅供演示"
