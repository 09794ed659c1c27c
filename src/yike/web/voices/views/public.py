"""
The questionnaire behind the QR code: no sign-in, no name, one answer a number.

Opening the link shows what it is about; 开始 draws a one-time number, which is all that is kept of a visit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from yike.errors import RefusedError
from yike.web.voices import queries, rules
from yike.web.voices.actions import surveys as actions
from yike.web.voices.models import Survey
from yike.web.voices.questions import questionnaire, settings
from yike.web.voices.sheet import MOST_TEXT, asked_rows, values_of

MOST_BYTES = 32 * 1024
"""A filled questionnaire has about 3 KB; longer bodies are not read."""

FORM = "application/x-www-form-urlencoded"
View = Callable[..., HttpResponse]


def _guarded(view: View) -> View:
    """Size and kind of the body first, before anything reads it; then the form's token; never cached."""
    checked = csrf_protect(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))

    @csrf_exempt  # checked just below, after the size
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            length = request.META.get("CONTENT_LENGTH") or ""
            if not length.isdigit() or int(length) > MOST_BYTES or request.content_type != FORM:
                return _told(request, 413, "发来的内容太大或不完整。", "请返回上一页，减少文字后再提交。")
        return checked(request, *args, **kwargs)

    return guarded


@_guarded
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """GET: what it is about. POST: draw a number and go on to the questions."""
    found = queries.survey_by_token(token)
    now = timezone.now()
    if (closed := _closed(request, found)) is not None or found is None:
        return closed or _unknown(request)
    if request.method == "POST":
        try:
            drawn = actions.issue_number(survey=found, now=now)
        except RefusedError as refused:
            return _told(request, int(refused.facts.get("status", 409)), str(refused), refused.hint)
        return redirect("public_survey:sheet", token, drawn.number)
    told = {"survey": found, "consent": questionnaire().consent, "is_invented": found.is_invented}
    return render(request, "voices/public/survey.html", told)


@_guarded
def sheet(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """GET: the questions, or thanks once they are answered. POST: keep the answers."""
    found = queries.survey_by_token(token)
    if found is None:
        return _unknown(request)
    if queries.is_answered(found, number):
        told = {"survey": found, "number": number, "is_invented": found.is_invented}
        return render(request, "voices/public/thanks.html", told)
    if (closed := _closed(request, found)) is not None:
        return closed
    if not queries.is_issued(found, number, timezone.now()):
        return _told(request, 404, "这个编号无效或已经过期。", "请重新扫描海报上的二维码。")
    if request.method == "POST":
        return _keep(request, found, number)
    return _questions(request, found, number)


def _keep(request: HttpRequest, found: Survey, number: str) -> HttpResponse:
    try:
        actions.answer_link(survey=found, number=number, values=values_of(request.POST), now=timezone.now())
    except RefusedError as refused:
        if refused.code == "voices.answer.blank":
            return _questions(request, found, number, fault=f"{refused}{refused.hint}")
        if refused.code != "voices.number.used":  # sent twice: once is enough
            return _told(request, int(refused.facts.get("status", 409)), str(refused), refused.hint)
    return redirect("public_survey:sheet", found.token, number)


def _questions(request: HttpRequest, found: Survey, number: str, fault: str = "") -> HttpResponse:
    asked = questionnaire()
    told = {
        "survey": found,
        "number": number,
        "fault": fault,
        "sent": request.POST,
        "ticked": request.POST.getlist("missing"),
        "scale": asked.scale,
        "reach": asked.reach,
        "rows": asked_rows(request.POST),
        "missing": asked.missing,
        "urgent": [
            (f"urgent{i}", request.POST.get(f"urgent{i}", "")) for i in range(1, settings().most_urgent + 1)
        ],
        "about": (
            ("age_band", "您的年龄", asked.age_bands, request.POST.get("age_band", "")),
            ("household", "家里", asked.households, request.POST.get("household", "")),
            ("years", "在这里住了", asked.years, request.POST.get("years", "")),
        ),
        "most_text": MOST_TEXT,
        "is_invented": found.is_invented,
    }
    return render(request, "voices/public/sheet.html", told, status=422 if fault else 200)


def _closed(request: HttpRequest, found: Survey | None) -> HttpResponse | None:
    """A polite page where nothing can be answered: unknown, not begun, over."""
    if found is None:
        return _unknown(request)
    state = rules.survey_state(found, timezone.localdate())
    if state == "open":
        return None
    told = {"survey": found, "state": state, "is_invented": found.is_invented}
    return render(request, "voices/public/closed.html", told, status=200 if state == "waiting" else 410)


def _unknown(request: HttpRequest) -> HttpResponse:
    return _told(request, 404, "没有找到这份调查。", "请重新扫描海报上的二维码，或问一问社区工作人员。")


def _told(request: HttpRequest, status: int, text: str, cure: str) -> HttpResponse:
    return render(request, "voices/public/told.html", {"text": text, "cure": cure}, status=status)
