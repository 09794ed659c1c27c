"""What all sheets of the workbook share: page, title, header, styles."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from yike.reports.survey_form.pen import CENTRE, LEFT, Pen
from yike.reports.timetable_view import TimetableView

A4, LINE_PT = 9, 15.0
TITLE, HEAD, BODY = Font(name="黑体", size=18), Font(name="黑体", size=11), Font(name="宋体", size=11)
STRONG = Font(name="宋体", size=11, bold=True)
HEAD_FILL = PatternFill("solid", fgColor="E3F1EE")
BUSY_FILL = PatternFill("solid", fgColor="F6F7F5")
WARN = Font(name="黑体", size=11, color="9C5200")
TITLE_ROW, UNDER_ROW = 1, 2


@dataclass(frozen=True)
class Layout:
    """How a written sheet is to be looked at: first cell that scrolls, header rows, last row, widths."""

    freeze: str
    head_rows: tuple[int, int]
    last_row: int
    widths: Sequence[float]
    has_filter: bool = False


def lay_page(ws: Worksheet, view: TimetableView, layout: Layout) -> None:
    """A4 landscape, one page wide, header on every page, the date and 虚构 at the edges."""
    for column, width in enumerate(layout.widths, start=1):
        ws.column_dimensions[get_column_letter(column)].width = width
    ws.freeze_panes = layout.freeze
    first, last = layout.head_rows
    ws.print_title_rows = f"{first}:{last}"
    if layout.has_filter:
        ws.auto_filter.ref = f"A{last}:{get_column_letter(len(layout.widths))}{max(layout.last_row, last)}"
    ws.page_setup.paperSize, ws.page_setup.orientation = A4, "landscape"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.print_options.horizontalCentered = True
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top = ws.page_margins.bottom = 0.7
    ws.page_margins.header = ws.page_margins.footer = 0.35
    ws.oddFooter.center.text = f"数据日期 {view.facts.provenance.as_of}　第 &P 页，共 &N 页"
    if view.is_invented:
        ws.oddHeader.center.text = "虚构数据，仅供演示"
    ws.sheet_view.showGridLines = False
    for row in ws.iter_rows():
        for cell in row:
            if cell.data_type == "f":  # a name that begins with "=" is a name
                cell.data_type = "s"


def put_title(pen: Pen, view: TimetableView, n_columns: int, under: str = "") -> None:
    """The title across the sheet, and one line under it."""
    pen.put(TITLE_ROW, 1, n_columns, view.facts.title, font=TITLE, box=False)
    pen.ws.row_dimensions[TITLE_ROW].height = 34
    mark = "【虚构数据，仅供演示】" if view.is_invented else ""
    text = f"{mark}{view.validity}　{under}".strip("　")
    pen.put(UNDER_ROW, 1, n_columns, text, font=WARN if mark else BODY, align=CENTRE, box=False)
    pen.ws.row_dimensions[UNDER_ROW].height = 22


def put_head(pen: Pen, row: int, names: Sequence[str]) -> None:
    """A row of column names."""
    for column, name in enumerate(names, start=1):
        pen.put(row, column, column, name, font=HEAD, fill=HEAD_FILL)
    pen.ws.row_dimensions[row].height = 30


def put_row(
    pen: Pen,
    row: int,
    values: Sequence[object],
    widths: Sequence[float],
    *,
    left: Sequence[int] = (),
    numbers: dict[int, str] | None = None,
    font: Font = BODY,
) -> None:
    """One row of a table; ``left`` are columns of text, ``numbers`` the formats of columns of figures."""
    for column, value in enumerate(values, start=1):
        align = LEFT if column in left else CENTRE
        shown = safe(value) if isinstance(value, str) else value
        pen.put(
            row, column, column, shown, align=align, number=(numbers or {}).get(column, "General"), font=font
        )
    pen.ws.row_dimensions[row].height = max(
        20.0,
        8 + LINE_PT * max(lines(v, w) for v, w in zip(values, widths, strict=True) if isinstance(v, str)),
    )


def safe(text: str) -> str:
    """Text without the control characters that a workbook cannot hold."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column so wide; a Chinese sign is two wide."""
    return sum(
        max(1, -(-sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in part) // int(width - 1)))
        for part in text.split("\n")
    )
