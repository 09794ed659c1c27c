"""Forms as files: xlsx, docx, PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yike.errors import RefusedError
from yike.standards.survey_form import FormDoc

KINDS = ("xlsx", "docx", "pdf")


def write_paper(docs: Sequence[FormDoc], path: Path) -> None:
    """Write forms by the file's suffix; several of them only as a workbook."""
    kind = path.suffix.lower()
    if kind == ".xlsx":
        from yike.reports.survey_form.sheet import write_forms

        write_forms(docs, path)
    elif kind == ".docx" and len(docs) == 1:
        from yike.reports.survey_form.document import write_docx

        write_docx(docs[0], path)
    elif kind == ".pdf" and len(docs) == 1:
        from yike.reports.survey_form.print import write_pdf

        write_pdf(docs[0], path)
    else:
        raise RefusedError("returns.file_out", status=400, found=path.name)
