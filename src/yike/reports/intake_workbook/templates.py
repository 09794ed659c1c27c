"""Empty workbooks that a clerk fills in WPS or Excel: headers with notes, drop-downs, one example row."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from yike.reports.intake_workbook.build import fit_to_page
from yike.reports.stable_zip import rewrite_stable
from yike.standards.types import BusinessTypes

ROWS_PREPARED = 5_000
"""Rows with drop-downs and text format; more rows work too, without them."""

TITLE_ROW, HEAD_ROW, EXAMPLE_ROW = 1, 2, 3
_HEAD = PatternFill("solid", fgColor="DCE8E2")
_NEEDED = PatternFill("solid", fgColor="CFE3D8")
_EXAMPLE = PatternFill("solid", fgColor="F3F3F0")
_LINE = Border(*[Side(style="thin", color="B8BFBB")] * 4)


@cache
def template_tables() -> dict[str, Any]:
    """Tables and columns of the templates, from ``templates.toml``."""
    return tomllib.loads((files(__package__) / "templates.toml").read_text("utf-8"))


def write_templates(folder: Path, types: BusinessTypes) -> list[Path]:
    """
    Write every template into a folder.

    Parameters
    ----------
    folder
        Exists already; files of the same names are not overwritten.
    types
        The catalogue, for the drop-down of business types.

    Returns
    -------
    Files written.
    """
    written = []
    for table in template_tables()["table"]:
        path = folder / table["file"]
        if not path.exists():
            _write(table, types, path)
            written.append(path)
    return written


def _write(table: dict[str, Any], types: BusinessTypes, path: Path) -> None:
    book = Workbook()
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)
    book.properties.creator = "yike"
    ws = book.active
    ws.title = table["sheet"]
    n_types = 0
    if any(c.get("choices") == "types" for c in table["columns"]):
        n_types = _types_sheet(book, types)
    _fill(ws, table, n_types)
    _guide_sheet(book, table)
    book.save(path)
    rewrite_stable(path)


def _fill(ws: Worksheet, table: dict[str, Any], n_types: int) -> None:
    columns = table["columns"]
    ws.cell(TITLE_ROW, 1, table["title"]).font = Font(bold=True, size=14)
    ws.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    ws.row_dimensions[TITLE_ROW].height = 26
    for at, column in enumerate(columns, start=1):
        needed = column.get("required", False)
        head = ws.cell(HEAD_ROW, at, f"*{column['header']}" if needed else column["header"])
        head.font, head.border = Font(bold=True), _LINE
        head.fill = _NEEDED if needed else _HEAD
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if column["note"]:
            head.comment = Comment(column["note"], "yike", height=90, width=240)
        _example(ws, at, column)
        _prepare(ws, at, column, n_types)
    ws.freeze_panes = ws.cell(EXAMPLE_ROW, 3)
    fit_to_page(ws)


def _example(ws: Worksheet, at: int, column: dict[str, Any]) -> None:
    cell = ws.cell(EXAMPLE_ROW, at, column["example"] or None)
    cell.fill, cell.border = _EXAMPLE, _LINE
    cell.font = Font(italic=True, color="6B736F")
    cell.number_format = "@"


def _prepare(ws: Worksheet, at: int, column: dict[str, Any], n_types: int) -> None:
    letter = get_column_letter(at)
    ws.column_dimensions[letter].width = column["width"]
    if column.get("text"):
        ws.column_dimensions[letter].number_format = "@"
        for row in range(EXAMPLE_ROW + 1, EXAMPLE_ROW + 301):
            ws.cell(row, at).number_format = "@"
    choices = column.get("choices")
    if not choices:
        return
    listed = f"'{template_tables()['types_sheet']}'!$B$2:$B${n_types + 1}"
    formula = listed if choices == "types" else f'"{",".join(choices)}"'
    # Warns and lets other words through: aliases and codes are understood too.
    rule = DataValidation(
        "list", formula1=formula, allow_blank=True, errorStyle="warning", showErrorMessage=True
    )
    rule.add(f"{letter}{EXAMPLE_ROW}:{letter}{ROWS_PREPARED}")
    ws.add_data_validation(rule)


def _types_sheet(book: Workbook, types: BusinessTypes) -> int:
    ws = book.create_sheet(template_tables()["types_sheet"])
    ws.append(["行次", "可选的业态", "也可以写作"])
    for cell in ws[1]:
        cell.font, cell.fill = Font(bold=True), _HEAD
    for kind in types:
        ws.append([kind.form_row, kind.label, "、".join(kind.alias[:8])])
    for letter, width in zip("ABC", (8, 34, 80), strict=True):
        ws.column_dimensions[letter].width = width
    return len(types)


def _guide_sheet(book: Workbook, table: dict[str, Any]) -> None:
    words = template_tables()
    ws = book.create_sheet(words["guide_sheet"])
    ws.column_dimensions["A"].width = 24
    ws.column_dimensions["B"].width = 90
    ws.append([words["guide_sheet"]])
    ws["A1"].font = Font(bold=True, size=14)
    for number, line in enumerate(words["guide"], start=1):
        ws.append([f"{number}.", line])
    ws.append([])
    for column in table["columns"]:
        if column["note"]:
            ws.append([f"“{column['header']}”", column["note"]])
    for row in ws.iter_rows(min_row=2, max_col=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    fit_to_page(ws)
