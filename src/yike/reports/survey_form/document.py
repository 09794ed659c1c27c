"""One survey form as a Word document: the official table, then a page on where its figures come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from yike.reports.stable_zip import rewrite_stable
from yike.reports.survey_form.origin import BEHIND, lines_behind, page_line, properties_of
from yike.reports.whole_file import write_whole
from yike.standards.survey_form import FormDoc
from yike.standards.survey_layout import NOTE_ROW, Box, box_text, boxes
from yike.standards.survey_words import words

WIDTHS_MM = (19, 41, 19, 16, 18, 16, 19, 18, 18)
MARGIN = Mm(13)
HEIGHTS_MM = {2: 7.0, 3: 16.0, 4: 8.5, 5: 8.5, 6: 13.0, NOTE_ROW: 22.0}
ROW_MM, LINE_MM = 7.3, 5.0
CELL_MARGIN_TWIPS = 57  # 1 mm
BODY, HEAD = "宋体", "黑体"
TITLE_PT, BODY_PT, NOTE_PT, LINE_PT = 17.0, 10.0, 9.0, 8.0
CENTRE, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
MOST_KEYWORDS = 255  # python-docx takes no more
FIRST_TABLE_ROW = 2  # the title stands above the table


def write_docx(doc: FormDoc, path: Path) -> None:
    """
    Write one form as .docx.

    Parameters
    ----------
    doc
        The form.
    path
        The file; whole or not there. The same form gives the same bytes.

    Notes
    -----
    The line with circle, city and date is the table's first row, without borders, so that each of the three
    keeps a cell of its own when the file comes back.
    """
    document = Document()
    _properties(document, doc)
    _page(document, doc)
    _paragraph(document.add_paragraph(), words()["title"], HEAD, TITLE_PT, CENTRE)
    _form_table(document, doc)
    _behind(document, doc)
    write_whole(path, lambda half: _save(document, half))


def _save(document: Any, path: Path) -> None:
    document.save(str(path))
    rewrite_stable(path)


def _properties(document: Any, doc: FormDoc) -> None:
    day = doc.values.get("as_of")
    stamp = dt.datetime(day.year, day.month, day.day) if isinstance(day, dt.date) else dt.datetime(2000, 1, 1)
    document.core_properties.created = document.core_properties.modified = stamp
    document.core_properties.author = "一刻 yike"
    document.core_properties.title = words()["title"]
    document.core_properties.keywords = properties_of([doc])[:MOST_KEYWORDS]


def _page(document: Any, doc: FormDoc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    section.header_distance = section.footer_distance = Mm(7)
    if doc.is_invented:
        _paragraph(section.header.paragraphs[0], words()["invented_page"], BODY, NOTE_PT, CENTRE)
    foot = section.footer.paragraphs[0]
    _paragraph(foot, f"{page_line(doc)}　第 ", BODY, NOTE_PT, CENTRE)
    _field(foot, "PAGE")
    _run(foot, " 页，共 ", BODY, NOTE_PT)
    _field(foot, "NUMPAGES")
    _run(foot, " 页", BODY, NOTE_PT)


def _form_table(document: Any, doc: FormDoc) -> None:
    table = _table(document, NOTE_ROW - FIRST_TABLE_ROW + 1, WIDTHS_MM)
    for row in range(FIRST_TABLE_ROW, NOTE_ROW + 1):
        there = table.rows[row - FIRST_TABLE_ROW]
        there.height, there.height_rule = Mm(HEIGHTS_MM.get(row, ROW_MM)), WD_ROW_HEIGHT_RULE.AT_LEAST
        _keep_whole(there)
    grid = [list(row.cells) for row in table.rows]
    for box in boxes():
        if box.row >= FIRST_TABLE_ROW:
            _put(grid, box, doc)


def _put(grid: list[list[Any]], box: Box, doc: FormDoc) -> None:
    top, left = box.row - FIRST_TABLE_ROW, box.column - 1
    cell = grid[top][left]
    if box.rows * box.columns > 1:
        cell = cell.merge(grid[top + box.rows - 1][left + box.columns - 1])
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    font = HEAD if box.role == "header" else BODY
    _paragraph(cell.paragraphs[0], box_text(box, doc), font, BODY_PT, LEFT if box.is_left else CENTRE)
    if box.role == "line":
        _no_border(cell)


def _behind(document: Any, doc: FormDoc) -> None:
    """A page that is not the form's: where the figures come from, and notes on them."""
    head = document.add_paragraph()
    head.paragraph_format.page_break_before = True
    _paragraph(head, BEHIND, HEAD, 12.0, LEFT)
    head.paragraph_format.space_after = Pt(6)
    _lines_table(document, lines_behind(doc))


def _lines_table(document: Any, lines: Sequence[tuple[str, str]]) -> None:
    table = _table(document, len(lines), (40, 144))
    for row, texts in zip(table.rows, lines, strict=True):
        _keep_whole(row)
        row.height, row.height_rule = Mm(LINE_MM), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, text in zip(row.cells, texts, strict=True):
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            _paragraph(cell.paragraphs[0], text, BODY, LINE_PT, LEFT)


def _table(document: Any, n_rows: int, widths_mm: Sequence[float]) -> Any:
    table = document.add_table(rows=n_rows, cols=len(widths_mm))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(table)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def _paragraph(paragraph: Any, text: str, font: str, size: float, side: Any) -> None:
    paragraph.alignment = side
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = 1.0
    _run(paragraph, text, font, size)


def _run(paragraph: Any, text: str, font: str, size: float) -> Any:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _field(paragraph: Any, name: str) -> None:
    """A number that the program works out; each part in a run of its own, or it loses its size."""
    for kind in ("begin", "instr", "separate", "shown", "end"):
        run = _run(paragraph, "1" if kind == "shown" else "", BODY, NOTE_PT)
        if kind == "instr":
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" {name} "
            run._element.append(part)
        elif kind != "shown":
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
            run._element.append(part)


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _narrow_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), str(CELL_MARGIN_TWIPS))
        part.set(qn("w:type"), "dxa")
        margins.append(part)
    # the schema has an order: after the layout, before the look
    table._tbl.tblPr.find(qn("w:tblLayout")).addnext(margins)


def _no_border(cell: Any) -> None:
    borders = OxmlElement("w:tcBorders")
    for side in ("top", "left", "right"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "nil")
        borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)
