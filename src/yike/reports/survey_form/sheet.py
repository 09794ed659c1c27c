"""Lay survey forms into a workbook: the official grid, and a last sheet on where each number comes from."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from yike.reports.facts import ReportFacts
from yike.reports.stable_zip import rewrite_stable
from yike.reports.survey_form.from_facts import form_of_facts
from yike.reports.survey_form.origin import ESTIMATED, origin_lines, page_line, properties_of
from yike.reports.survey_form.pen import CENTRE, LEFT, Pen, comment
from yike.reports.whole_file import write_whole
from yike.standards.survey_form import (
    NUMBERS,
    FormDoc,
    decimals_of,
    kind_of,
    printable_text,
    printed_number,
)
from yike.standards.survey_layout import NOTE_ROW, Box, box_text, boxes
from yike.standards.survey_words import words

WIDTHS = (12, 24, 17, 10, 13, 10, 11, 11, 11)
HEIGHTS = {1: 36, 2: 24, 3: 66, 4: 34, 5: 34, 6: 50, NOTE_ROW: 96}
ROW_HEIGHT, LINE_HEIGHT, HIGHEST_ROW = 26, 15, 405
ONE_PAGE_HEIGHT = 1150  # points; more would print too small to read on one page
HEAD = Font(name="黑体", size=11)
TITLE = Font(name="黑体", size=18)
ROLE_FONTS = {"title": TITLE, "header": HEAD}
FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")
SHEET_NAME_LENGTH = 31
ESTIMATE_FILL = PatternFill("solid", fgColor="FFF3E0")


def write_annex5(facts: ReportFacts, path: Path) -> None:
    """Write ``annex5.xlsx`` of a run: one official sheet per circle, then 数据来源."""
    write_forms(
        [form_of_facts(facts, i) for i in range(len(facts.circles))], path, as_of=facts.provenance.as_of
    )


def write_forms(docs: Sequence[FormDoc], path: Path, *, as_of: str = "") -> None:
    """
    Write a workbook of survey forms.

    Parameters
    ----------
    docs
        The forms, one sheet each, in this order; named by their circles.
    path
        The .xlsx file; whole or not there.
    as_of
        ISO date for the file's properties where the forms have none.

    Notes
    -----
    The official sheets keep the form's structure to the cell; notes on unknown and estimated numbers stand in
    cell comments and on the last sheet, never in the form's own cells. The same forms give the same bytes.
    """
    book = Workbook()
    book.remove(book.active)
    taken: set[str] = {words()["source_sheet"]}
    styles: dict[tuple[Any, ...], Any] = {}
    names = [_sheet_name(printable_text(str(doc.values.get("circle") or "")), taken) for doc in docs]
    for doc, name in zip(docs, names, strict=True):
        _form_sheet(Pen(book.create_sheet(name), styles), doc)
    _source_sheet(Pen(book.create_sheet(words()["source_sheet"]), styles), origin_lines(docs, names))
    book.properties.created = book.properties.modified = _stamp(docs, as_of)
    book.properties.creator = "一刻 yike"
    book.properties.keywords = properties_of(docs) or None
    write_whole(path, lambda half: _save(book, half))


def _save(book: Workbook, path: Path) -> None:
    book.save(path)
    rewrite_stable(path)


def _stamp(docs: Sequence[FormDoc], as_of: str) -> dt.datetime:
    dates = [d for doc in docs if isinstance(d := doc.values.get("as_of"), dt.date)]
    day = dates[0] if dates else dt.date.fromisoformat(as_of or "2000-01-01")
    return dt.datetime(day.year, day.month, day.day)  # no zone: the file's property has none


def _sheet_name(name: str, taken: set[str]) -> str:
    cleaned = FORBIDDEN_IN_SHEET_NAME.sub("", "".join(name.split())).strip("'")
    base = cleaned[:SHEET_NAME_LENGTH].strip("'") or "生活圈"
    unique, n = base, 2
    while unique.casefold() in {t.casefold() for t in taken}:
        unique = f"{base[: SHEET_NAME_LENGTH - 6]}({n})"
        n += 1
    taken.add(unique)
    return unique


def _form_sheet(pen: Pen, doc: FormDoc) -> None:
    for column, width in enumerate(WIDTHS, start=1):
        pen.ws.column_dimensions[chr(64 + column)].width = width
    for box in boxes():
        cell = _number(pen, box, doc) if _is_number(box) else _text(pen, box, doc)
        notes = [doc.notes[key] for key in box.keys if doc.notes.get(key)]
        if notes:
            comment(cell, printable_text("\n".join(notes)))
    _page(pen.ws, doc, _heights(pen.ws, doc))


def _is_number(box: Box) -> bool:
    return len(box.keys) == 1 and kind_of(box.keys[0]) in NUMBERS


def _number(pen: Pen, box: Box, doc: FormDoc) -> Any:
    (key,) = box.keys
    number = printed_number(key, doc.values.get(key), doc.settings)
    places = decimals_of(key, doc.settings)
    is_estimate = ESTIMATED in doc.notes.get(key, "")
    return pen.put(
        box.row,
        box.column,
        box.column + box.columns - 1,
        None if number is None else float(number),
        number="0." + "0" * places if places else "0",
        fill=ESTIMATE_FILL if is_estimate else None,
        rows=box.rows,
    )


def _text(pen: Pen, box: Box, doc: FormDoc) -> Any:
    text = box_text(box, doc)
    cell = pen.put(
        box.row,
        box.column,
        box.column + box.columns - 1,
        text or None,
        align=LEFT if box.is_left else CENTRE,
        box=box.role not in ("title", "line"),
        rows=box.rows,
        **({"font": ROLE_FONTS[box.role]} if box.role in ROLE_FONTS else {}),
    )
    if text:
        cell.data_type = "s"  # "=1+1" in a text is no formula
    return cell


def _heights(ws: Worksheet, doc: FormDoc) -> float:
    """Make rows as high as their text; gives the height of all."""
    whole = 0.0
    for row in range(1, NOTE_ROW + 1):
        lines = max(_lines(box, doc) for box in boxes() if box.row == row)
        height = max(HEIGHTS.get(row, ROW_HEIGHT), lines * LINE_HEIGHT + 4)
        ws.row_dimensions[row].height = min(height, HIGHEST_ROW)
        whole += min(height, HIGHEST_ROW)
    return whole


def _lines(box: Box, doc: FormDoc) -> int:
    if _is_number(box) or box.role == "title" or box.rows > 1:
        return 1
    wide = sum(WIDTHS[box.column - 1 : box.column - 1 + box.columns]) - 2
    return sum(max(1, math.ceil(_width(line) / wide)) for line in box_text(box, doc).split("\n"))


def _width(line: str) -> int:
    return sum(1 if sign.isascii() else 2 for sign in line)


def _page(ws: Worksheet, doc: FormDoc, height: float) -> None:
    ws.page_setup.paperSize, ws.page_setup.orientation = 9, "portrait"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, int(height <= ONE_PAGE_HEIGHT)
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    if height > ONE_PAGE_HEIGHT:
        ws.print_title_rows = "6:6"
    ws.print_options.horizontalCentered = True
    ws.page_margins.left = ws.page_margins.right = 0.5
    ws.page_margins.top, ws.page_margins.bottom = 0.65, 0.6
    ws.page_margins.header = ws.page_margins.footer = 0.3
    ws.oddFooter.center.text = page_line(doc).replace("&", "&&") + "　第 &P 页，共 &N 页"
    ws.oddFooter.center.size = 9
    if doc.is_invented:
        ws.oddHeader.center.text = words()["invented_page"]


def _source_sheet(pen: Pen, lines: Sequence[tuple[str, str]]) -> None:
    ws = pen.ws
    ws.column_dimensions["A"].width, ws.column_dimensions["B"].width = 30, 90
    for at, (name, text) in enumerate(lines, start=1):
        for column, part, style in ((1, name, {"font": HEAD}), (2, text, {"align": LEFT})):
            pen.put(at, column, column, printable_text(part), **style).data_type = "s"
        n_lines = max(math.ceil(_width(name) / 27), math.ceil(_width(text) / 86))
        ws.row_dimensions[at].height = max(20, LINE_HEIGHT * n_lines + 4)
    ws.page_setup.orientation = "landscape"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
