"""Write the poster and the paper questionnaires of a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import segno

from yike.reports.pdf.render import render_pdf, render_png

POSTER = "survey_papers/poster.typ"
SHEET = "survey_papers/sheet.typ"
QUIET = 2  # modules of white around the code; the poster's white panel adds more than the standard's four


@dataclass(frozen=True)
class PosterFacts:
    """What stands on a poster."""

    title: str
    circle: str
    url: str
    until: str  # the last day, in words
    consent: str
    is_invented: bool = False


@dataclass(frozen=True)
class SheetFacts:
    """What stands on a paper questionnaire; choices are labels."""

    title: str
    circle: str
    consent: str
    rows: Sequence[tuple[str, str]]  # group, type
    scale: Sequence[str]
    reach: Sequence[str]
    age_bands: Sequence[str]
    households: Sequence[str]
    years: Sequence[str]
    missing: Sequence[str]
    numbers: Sequence[str] = ("",)  # one sheet a number; "" is to be numbered by hand
    is_invented: bool = False


def poster_pdf(facts: PosterFacts) -> bytes:
    """One A4 sheet to hang up; the code holds the address."""
    return render_pdf(POSTER, _poster(facts))


def poster_png(facts: PosterFacts, ppi: float = 96.0) -> bytes:
    """The same as a picture, for the screen and for group chats."""
    return render_png(POSTER, _poster(facts), ppi=ppi)[0]


def _poster(facts: PosterFacts) -> dict[str, object]:
    code = segno.make(facts.url, error="q", micro=False, boost_error=False)
    return asdict(facts) | {"code": code.svg_inline(border=QUIET, dark="#000", light="#fff", omitsize=True)}


def sheets_pdf(facts: SheetFacts) -> bytes:
    """A4 sheets, one for each number."""
    return render_pdf(SHEET, asdict(facts))
