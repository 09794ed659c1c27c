"""The first page: what this is, which areas it serves, the way in for clerks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yike.web.publicmap.queries import areas_served


@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """GET: the page."""
    served = areas_served(timezone.localdate())
    told = {"served": served, "is_invented": any(s.is_invented for s in served)}
    return render(request, "publicmap/first.html", told)
