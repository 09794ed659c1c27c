"""The three sheets that say who stands where and when."""

from __future__ import annotations

import math

from openpyxl.utils import get_column_letter

from yike.reports.survey_form.pen import CENTRE, Pen
from yike.reports.timetable_facts import Visit
from yike.reports.timetable_view import WEEKDAYS, TimetableView, clock
from yike.reports.timetable_xlsx.page import (
    BODY,
    BUSY_FILL,
    HEAD,
    HEAD_FILL,
    LINE_PT,
    STRONG,
    Layout,
    lines,
    put_head,
    put_row,
    put_title,
    safe,
)
from yike.reports.words import UNKNOWN

DAY_ROW, HALF_ROW, FIRST_ROW = 3, 4, 5
ID_COLUMNS = ("服务者", "业态", "每周\n次数")
HALF_WIDTH = 8.4  # with this a week is as wide as a page, without shrinking


def week_sheet(pen: Pen, view: TimetableView) -> Layout:
    """总表: vendors down, half-days across, the stop in the cell."""
    halves = view.facts.half_labels
    n_columns = len(ID_COLUMNS) + len(WEEKDAYS) * len(halves)
    put_title(pen, view, n_columns, view.proof)
    for column, name in enumerate(ID_COLUMNS, start=1):
        pen.put(DAY_ROW, column, column, name, font=HEAD, fill=HEAD_FILL, rows=2)
    for day, word in enumerate(WEEKDAYS):
        first = len(ID_COLUMNS) + 1 + day * len(halves)
        pen.put(DAY_ROW, first, first + len(halves) - 1, word, font=HEAD, fill=HEAD_FILL)
        for k, (_, label) in enumerate(halves):
            pen.put(HALF_ROW, first + k, first + k, label, font=HEAD, fill=HEAD_FILL)
    for row in (DAY_ROW, HALF_ROW):
        pen.ws.row_dimensions[row].height = 20
    for at, vendor in enumerate(view.facts.vendors, start=FIRST_ROW):
        _vendor_row(pen, view, at, vendor.vendor_id)
    widths = (15.0, 12.0, 6.0, *([HALF_WIDTH] * (len(WEEKDAYS) * len(halves))))
    freeze = f"{get_column_letter(len(ID_COLUMNS) + 1)}{FIRST_ROW}"
    return Layout(freeze, (DAY_ROW, HALF_ROW), FIRST_ROW + len(view.facts.vendors) - 1, widths)


def _vendor_row(pen: Pen, view: TimetableView, row: int, vendor_id: str) -> None:
    visits = view.of_vendor(vendor_id)
    name, trades = view.vendor_of[vendor_id].name, "、".join(view.trades_of(vendor_id))
    pen.put(row, 1, 1, safe(name), font=STRONG)
    pen.put(row, 2, 2, safe(trades))
    pen.put(row, 3, 3, len(visits))
    column, most = len(ID_COLUMNS), max(lines(name, 15), lines(trades, 12))
    for day in range(len(WEEKDAYS)):
        for half, _ in view.facts.half_labels:
            column += 1
            text = "\n".join(_stop_name(view, v) for v in visits if (v.day, v.half) == (day, half))
            fill = BUSY_FILL if text else None
            pen.put(row, column, column, safe(text) or None, font=BODY, align=CENTRE, fill=fill)
            most = max(most, lines(text, HALF_WIDTH))
    pen.ws.row_dimensions[row].height = max(40.0, 8 + LINE_PT * most)


def _stop_name(view: TimetableView, visit: Visit) -> str:
    return view.stop_of[visit.stop_id].name or visit.stop_id


def stops_sheet(pen: Pen, view: TimetableView) -> Layout:
    """按点位: one row a visit, by stop; a stop that nobody comes to says so."""
    widths = (26.0, 16.0, 26.0, 7.0, 7.0, 14.0, 22.0, 18.0, 14.0)
    put_title(pen, view, len(widths))
    people = f"步行{view.walk_minutes}分钟内居民（人）"
    put_head(pen, DAY_ROW, ("点位", "社区", "地址", "星期", "时段", "时间", "服务者", "业态", people))
    rows: list[tuple[object, ...]] = []
    for stop in view.facts.stops:
        place = (stop.name or stop.stop_id, stop.community, stop.address)
        visits = view.at_stop(stop.stop_id)
        rows += [
            (
                *place, WEEKDAYS[v.day], view.half_label_of[v.half], clock(v),
                view.vendor_of[v.vendor_id].name, "、".join(view.trades_of(v.vendor_id)), _people(v.people),
            )
            for v in visits
        ] or [(*place, "", "", "", "没有安排", "", "")]  # fmt: skip
    return _table(pen, rows, widths, left=(1, 2, 3, 7, 8), people=9)


def vendors_sheet(pen: Pen, view: TimetableView) -> Layout:
    """按服务者: one row a visit, by vendor, to be handed to each."""
    widths = (24.0, 18.0, 7.0, 7.0, 14.0, 28.0, 18.0, 28.0, 14.0)
    put_title(pen, view, len(widths))
    people = f"步行{view.walk_minutes}分钟内居民（人）"
    put_head(pen, DAY_ROW, ("服务者", "业态", "星期", "时段", "时间", "点位", "社区", "地址", people))
    rows: list[tuple[object, ...]] = []
    for vendor in view.facts.vendors:
        who = (vendor.name, "、".join(view.trades_of(vendor.vendor_id)))
        rows += [
            (
                *who, WEEKDAYS[v.day], view.half_label_of[v.half], clock(v), _stop_name(view, v),
                view.stop_of[v.stop_id].community, view.stop_of[v.stop_id].address, _people(v.people),
            )
            for v in view.of_vendor(vendor.vendor_id)
        ] or [(*who, "", "", "", "没有安排", "", "", "")]  # fmt: skip
    return _table(pen, rows, widths, left=(1, 2, 6, 7, 8), people=9)


def _table(
    pen: Pen, rows: list[tuple[object, ...]], widths: tuple[float, ...], *, left: tuple[int, ...], people: int
) -> Layout:
    for at, row in enumerate(rows, start=DAY_ROW + 1):
        put_row(pen, at, row, widths, left=left, numbers={people: "#,##0"})
    return Layout(f"B{DAY_ROW + 1}", (DAY_ROW, DAY_ROW), DAY_ROW + len(rows), widths, has_filter=True)


def _people(people: float) -> object:
    return UNKNOWN if math.isnan(people) else round(people)
