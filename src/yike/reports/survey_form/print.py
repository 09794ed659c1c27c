"""One survey form as a PDF to print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yike.reports.pdf.render import render_pdf
from yike.reports.survey_form.document import WIDTHS_MM
from yike.reports.survey_form.origin import BEHIND, lines_behind, page_line
from yike.reports.whole_file import write_whole
from yike.standards.survey_form import FormDoc
from yike.standards.survey_layout import Box, box_text, boxes
from yike.standards.survey_words import words

TEMPLATE = "survey_form/form.typ"


def write_pdf(doc: FormDoc, path: Path) -> None:
    """Write one form as PDF: the same boxes as the sheet and the document; the same form, the same bytes."""
    write_whole(path, lambda half: half.write_bytes(render_pdf(TEMPLATE, form_data(doc))))


def form_data(doc: FormDoc) -> dict[str, Any]:
    """What the template is given."""
    return {
        "title": words()["title"],
        "invented": words()["invented_page"] if doc.is_invented else "",
        "foot": page_line(doc),
        "widths": list(WIDTHS_MM),
        "cells": [_cell(box, doc) for box in boxes() if box.role != "title"],
        "behind": {"title": BEHIND, "lines": lines_behind(doc)},
    }


def _cell(box: Box, doc: FormDoc) -> dict[str, Any]:
    return {
        "x": box.column - 1,
        "y": box.row - 2,
        "columns": box.columns,
        "rows": box.rows,
        "role": box.role,
        "side": "left" if box.is_left else "centre",
        "text": box_text(box, doc),
    }
