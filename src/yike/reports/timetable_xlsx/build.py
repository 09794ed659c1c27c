"""Write the workbook of a timetable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from yike.reports.stable_zip import rewrite_stable
from yike.reports.survey_form.pen import Pen
from yike.reports.timetable_facts import TimetableFacts
from yike.reports.timetable_view import TimetableView
from yike.reports.timetable_xlsx.coverage import coverage_sheet, notes_sheet
from yike.reports.timetable_xlsx.page import lay_page
from yike.reports.timetable_xlsx.week import stops_sheet, vendors_sheet, week_sheet

SHEETS = {
    "总表": week_sheet,
    "按点位": stops_sheet,
    "按服务者": vendors_sheet,
    "覆盖情况": coverage_sheet,
    "说明": notes_sheet,
}


def write_timetable_xlsx(facts: TimetableFacts, path: Path) -> None:
    """
    Write ``timetable.xlsx``: who stands where and when, what it brings, and how it was made.

    Parameters
    ----------
    facts
        The timetable. Unknown numbers are written as 未知, never as 0.
    path
        Where to write. The bytes depend on what the facts say, not on how long the search took.
    """
    view, book, styles = TimetableView(facts), Workbook(), dict[tuple[Any, ...], Any]()
    book.remove(book.active)
    for name, write in SHEETS.items():
        pen = Pen(book.create_sheet(name), styles)
        lay_page(pen.ws, view, write(pen, view))
    stamp = dt.datetime.fromisoformat(facts.provenance.as_of or "2000-01-01")
    book.properties.created = book.properties.modified = stamp
    book.properties.creator, book.properties.title = "一刻 yike", facts.title
    book.save(path)
    rewrite_stable(path)
