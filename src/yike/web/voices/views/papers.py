"""Papers of a survey: the poster with its QR code, numbered questionnaires."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from yike.reports.survey_papers.build import PosterFacts, SheetFacts, poster_pdf, poster_png, sheets_pdf
from yike.web.accounts.gate import DeskRequest
from yike.web.ui.downloads import download
from yike.web.ui.words import day
from yike.web.voices import queries
from yike.web.voices.forms import PapersForm
from yike.web.voices.models import Survey
from yike.web.voices.questions import is_basic, questionnaire
from yike.web.voices.views.gate import only_for, survey_of


@only_for("survey")
def poster(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the poster as A4 PDF; ``?as=png`` as a picture for group chats."""
    found = survey_of(request, key)
    facts = PosterFacts(
        title=found.title,
        circle=found.circle.name,
        url=request.build_absolute_uri(f"/s/{found.token}/"),
        until=day(found.closes_on),
        consent=questionnaire().consent,
        is_invented=found.is_invented,
    )
    if request.GET.get("as") == "png":
        return HttpResponse(poster_png(facts), content_type="image/png")
    return download(poster_pdf(facts), f"poster-{found.pk}.pdf", is_shown=True)


@only_for("survey")
def papers(request: DeskRequest, key: int) -> HttpResponse:
    """GET: how many and from which number; with ``?first=…&count=…`` the sheets as PDF."""
    found = survey_of(request, key)
    form = PapersForm(request.GET or None, initial={"first": queries.next_number(found), "count": 50})
    if not (request.GET and form.is_valid()):
        told = {"survey": found, "form": form, "is_invented": found.is_invented}
        return render(request, "voices/papers.html", told)
    return download(sheets_pdf(_facts(found, form.numbers())), f"papers-{found.pk}.pdf", is_shown=True)


def _facts(found: Survey, numbers: list[str]) -> SheetFacts:
    asked = questionnaire()
    return SheetFacts(
        title=found.title,
        circle=found.circle.name,
        consent=asked.consent,
        rows=[("基本保障" if is_basic(row) else "品质提升", label) for row, label in asked.rows],
        scale=[label for _, label in asked.scale],
        reach=[label for _, label in asked.reach],
        age_bands=[label for _, label in asked.age_bands],
        households=[label for _, label in asked.households],
        years=[label for _, label in asked.years],
        missing=[label for _, label in asked.missing],
        numbers=numbers,
        is_invented=found.is_invented,
    )
