"""Read returned survey forms."""

from __future__ import annotations

from pathlib import Path

from yike.sources.survey_form.results import ReadForms


def read_forms(path: Path) -> ReadForms:
    """
    Read every survey form of a file.

    Parameters
    ----------
    path
        .xlsx, .xls, .et, .ods or .docx, written by us or made by hand; the content decides, not the suffix.

    Returns
    -------
    ReadForms
        ``faults`` tells sheets whose structure was changed, and a file without any form.

    Raises
    ------
    UnreadableFileError
        Damaged, encrypted, a zip bomb, or neither a workbook nor a document.
    """
    raise NotImplementedError
