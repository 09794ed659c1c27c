"""What the code on a signed paper opens: the form as it was frozen, to hold the paper against."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yike.web.returns.pages import public_page_of
from yike.web.returns.queries import frozen_by_token


@require_safe
def frozen(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the form; 404 for a code that is none, or of a form sent back since."""
    found = frozen_by_token(token)
    told = public_page_of(found.of, found.revision) | {"frozen": found, "ret": None, "of": found.of}
    response = render(request, "publicmap/frozen.html", told)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
