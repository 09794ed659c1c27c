"""Write the posters of a timetable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yike.reports.pdf.render import render_pdf
from yike.reports.timetable_facts import TimetableFacts
from yike.reports.timetable_view import TimetableView, file_stems
from yike.reports.vendor_poster.content import posters

TEMPLATE = "vendor_poster/poster.typ"
ALL_IN_ONE = "posters"


def write_posters(facts: TimetableFacts, folder: Path) -> list[Path]:
    """
    Write one A4 PDF per stop that somebody comes to, and ``posters.pdf`` with all of them.

    Parameters
    ----------
    facts
        The timetable.
    folder
        Where to write; made if missing.

    Returns
    -------
    list of Path
        Posters in the order of the stops, ``posters.pdf`` last; nothing for a timetable without visits.
        A poster has a second page only where the half-days do not fit in letters that old eyes can read.
    """
    every = posters(TimetableView(facts))
    if not every:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    stems = file_stems([ALL_IN_ONE, *(p["id"] for p in every)])
    written = [_write(folder / f"{stems[p['id']]}.pdf", poster_data(facts, [p])) for p in every]
    return [*written, _write(folder / f"{ALL_IN_ONE}.pdf", poster_data(facts, every))]


def poster_data(facts: TimetableFacts, some: list[dict[str, Any]]) -> dict[str, Any]:
    """What the template is given for some of the posters."""
    return {"title": facts.title, "halves": [label for _, label in facts.half_labels], "posters": some}


def _write(path: Path, data: dict[str, Any]) -> Path:
    path.write_bytes(render_pdf(TEMPLATE, data))
    return path
