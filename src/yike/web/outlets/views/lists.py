"""The list of outlets, its exports, and groups that look like one outlet."""

from __future__ import annotations

import io

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.outlets import actions, queries
from yike.web.outlets.exports import KINDS, export
from yike.web.outlets.forms import OutletFilterForm
from yike.web.outlets.matching import WORDS, duplicates
from yike.web.outlets.models import Outlet, Status
from yike.web.outlets.values import type_label
from yike.web.outlets.views.gate import keepers_only
from yike.web.ui.table import Cell, Column, Table, changed

MOST_EXPORTED = 50_000
SIGNS = {"open": "met", "planned": "waiting", "suspended": "stopped", "closed": "stopped"}
COLUMNS = (
    Column(
        "name",
        "名称",
        lambda o: Cell(o.name, f"/desk/outlets/{o.pk}/", is_invented=o.is_invented),
        sort_by="name",
    ),
    Column("type", "业态", lambda o: type_label(o.type_code) or o.type_text),
    Column("status", "状态", lambda o: Cell(Status(o.status).label, sign=SIGNS[o.status])),
    Column("address", "地址", lambda o: o.address),
    Column("hours", "营业时间", lambda o: o.hours),
    Column("phone", "电话", lambda o: o.phone),
    Column("verified", "核实日期", lambda o: o.verified_on, sort_by="seen"),
)


def outlets(request: DeskRequest) -> HttpResponse:
    """GET: the list, or the same as a file with ``?as=xlsx|csv|geojson``."""
    today = timezone.localdate()
    form = OutletFilterForm(queries.areas_to_choose(request.user, today), request.GET)
    seen = queries.outlets_visible_to(request.user, today)
    found = queries.listed(queries.filtered(seen, form.wanted(today)))
    if (kind := request.GET.get("as", "")) in KINDS:
        return _file(found, kind)
    table = Table.of(
        request, found, COLUMNS, filters=form, label="网点", counted="个网点",
        empty="没有符合条件的网点。可以去掉筛选，或导入一张网点清单。",
        exports=[(word, changed(request.GET, **{"as": kind})) for kind, word in
                 (("xlsx", "Excel"), ("csv", "CSV"), ("geojson", "GeoJSON"))],
    )  # fmt: skip
    return render(request, "outlets/list.html", {"table": table})


def _file(found: QuerySet[Outlet], kind: str) -> HttpResponse:
    stream = io.BytesIO()
    export(found[:MOST_EXPORTED], kind, stream)
    name = f"outlets-{timezone.localdate():%Y%m%d}.{kind}"
    return HttpResponse(
        stream.getvalue(),
        content_type=KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@keepers_only
def twins(request: DeskRequest) -> HttpResponse:
    """GET: groups of outlets that look like one. POST: merge a group."""
    today = timezone.localdate()
    seen = queries.outlets_visible_to(request.user, today)
    if request.method == "POST":
        keys = [int(k) for k in request.POST.getlist("outlet") if k.isdigit()]
        chosen = [queries.one_of(seen, k) for k in keys]
        keep = queries.one_of(seen, int(request.POST.get("keep", "0")))
        others = [o for o in chosen if o.pk != keep.pk]
        actions.merge_outlets(who=who_of(request), keep=keep, others=others, now=timezone.now())
        return redirect("outlets:outlet", keep.pk)
    found = duplicates(seen.order_by("pk")[:MOST_EXPORTED])[:50]
    members = seen.in_bulk([k for _, keys in found for k in keys])
    groups = [(WORDS[d.reason], d.value, [members[k] for k in keys]) for d, keys in found]
    return render(request, "outlets/twins.html", {"groups": groups})
