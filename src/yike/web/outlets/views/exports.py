"""A list as a file: at once, or written in the background when it is long."""

from __future__ import annotations

import io

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import has_role
from yike.web.outlets import kept_exports, queries
from yike.web.outlets.exports import KINDS, export
from yike.web.outlets.models import Outlet
from yike.web.outlets.rules import KEEPERS
from yike.web.outlets.saved import query_of

WORDS = {"xlsx": "Excel", "csv": "CSV", "geojson": "GeoJSON"}


def list_as_file(request: DeskRequest, found: QuerySet[Outlet], kind: str) -> HttpResponse:
    """
    The list, or the page that offers to write a long one in the background.

    Keepers get whole telephone numbers, and that is traced.
    """
    count, most = found.order_by().count(), kept_exports.limits()["export"]["most_at_once"]
    if count > most:
        told = {"count": count, "most": most, "kind": kind, "word": WORDS[kind],
                "here": query_of(request.GET.urlencode())}  # fmt: skip
        return render(request, "outlets/export.html", told)
    stream = io.BytesIO()
    is_whole = has_role(request.user, timezone.localdate(), *KEEPERS)
    export(found, kind, stream, is_whole=is_whole)
    if is_whole:
        kept_exports.trace(who=who_of(request), kind=kind, count=count, now=timezone.now())
    name = f"outlets-{timezone.localdate():%Y%m%d}.{kind}"
    return HttpResponse(
        stream.getvalue(),
        content_type=KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def exports(request: DeskRequest) -> HttpResponse:
    """POST: have a long list written."""
    query, kind = request.POST.get("query", ""), request.POST.get("kind", "")
    job = kept_exports.ask(who=who_of(request), query=query, kind=kind, now=timezone.now())
    return redirect("jobs:job", job.pk)


def export_file(request: DeskRequest, key: int) -> FileResponse:
    """GET: the list that was written, for who asked for it alone."""
    job = queries.one_of(kept_exports.fetchable(request.user.jobs.all()), key)
    path, kind = kept_exports.path_of(job), job.arguments["kind"]
    if not path.exists():
        raise Http404
    name = f"outlets-{timezone.localdate(job.ended_at):%Y%m%d}.{kind}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=KINDS[kind])
