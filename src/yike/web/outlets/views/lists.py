"""The list of outlets, its map and its exports; outlets to visit; groups that look like one outlet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.sources.duplicates import Duplicate
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import has_role
from yike.web.outlets import actions, layers, queries
from yike.web.outlets.columns import SIGNS, all_columns, chosen
from yike.web.outlets.exports import KINDS
from yike.web.outlets.filters import SORTS
from yike.web.outlets.forms import BatchEditForm, OutletFilterForm, row_choices
from yike.web.outlets.kept_exports import limits as export_limits
from yike.web.outlets.limits import limits
from yike.web.outlets.matching import WORDS
from yike.web.outlets.matching import twins as find_twins
from yike.web.outlets.models import Status
from yike.web.outlets.rules import KEEPERS, fresh_days
from yike.web.outlets.saved import query_of
from yike.web.outlets.views.exports import list_as_file
from yike.web.outlets.views.gate import keepers_only
from yike.web.personal.masks import masked_phone
from yike.web.ui.table import Page, Table, changed, whole

EXPORTS = (("xlsx", "Excel"), ("csv", "CSV"), ("geojson", "GeoJSON"))
BATCH_FORM = "edit-many"


def outlets(request: DeskRequest) -> HttpResponse:
    """GET: the list, or the same as a file with ``?as=xlsx|csv|geojson``."""
    today = timezone.localdate()
    form = OutletFilterForm(queries.areas_to_choose(request.user, today), request.GET)
    if (kind := request.GET.get("as", "")) in KINDS:
        seen = queries.outlets_visible_to(request.user, today)
        return list_as_file(request, queries.filtered(seen, form.wanted(today, _sort(request))), kind)
    may_keep = has_role(request.user, today, *KEEPERS)
    table, told = _table(request, form, today, may_keep)
    told |= {
        "table": table,
        "views": _views(request, today),
        "here": query_of(request.GET.urlencode()),
        "may_keep": may_keep,
        "form_id": BATCH_FORM,
        "batch_form": BatchEditForm(queries.communities_to_choose(request.user, today)) if may_keep else None,
        "map_url": f"layer/?{query_of(request.GET.urlencode())}" if request.GET.get("map") else "",
        "is_invented": any(c.is_invented for row in table.rows for c in row[:1]),
    }
    return render(request, "outlets/list.html", told)


def _table(
    request: DeskRequest, form: OutletFilterForm, today: dt.date, may_keep: bool
) -> tuple[Table, dict[str, Any]]:
    """One page of the list, and the counts above it."""
    query, sort = request.GET, _sort(request)
    sizes = limits()["list"]["rows_per_page"]
    length = whole(query.get("per", ""), sizes[0])
    length = length if length in sizes else sizes[0]
    counts, rows, number = queries.list_page(
        lambda area: queries.outlets_visible_to(request.user, today, area),
        form.wanted(today, sort), whole(query.get("page", ""), 1), length,
    )  # fmt: skip
    columns, choices = chosen(query, all_columns(queries.community_names(o.community_id for o in rows)))
    map_word, map_asked = ("收起地图", None) if query.get("map") else ("地图", "1")
    table = Table.shown(
        request, Page(rows, counts.total, number, queries.pages_of(counts.total, length), sort), columns,
        filters=form, label="网点", counted="个网点",
        empty="没有符合条件的网点。可以去掉筛选，或导入一张网点清单。",
        exports=[(word, changed(query, **{"as": kind})) for kind, word in EXPORTS],
        tools=[(map_word, changed(query, map=map_asked))],
        keys=[o.pk for o in rows], picked_by=BATCH_FORM if may_keep else "",
        choices=choices,
        restated=[(k, v) for k, vs in query.lists() if k not in ("col", "page") for v in vs],
    )  # fmt: skip
    words = dict(row_choices())
    told = {
        "statuses": [(Status(s).label, changed(query, status=s), n) for s, n in counts.by_status.items()],
        "rows": [(words.get(r, "业态不清楚"), changed(query, row=r or None), n)
                 for r, n in sorted(counts.by_row.items()) if n],
        "sizes": [(n, changed(query, per=str(n)), n == length) for n in sizes],
        "total": counts.total,
    }  # fmt: skip
    return table, told


def _sort(request: DeskRequest) -> str:
    sort = request.GET.get("sort", "")
    return sort if sort in SORTS else ""


def _views(request: DeskRequest, today: dt.date) -> list[dict[str, Any]]:
    here = query_of(request.GET.urlencode())
    return [
        {"view": v, "is_here": v.query == here, "is_own": v.owner_id == request.user.pk}
        for v in queries.views_visible_to(request.user, today)
    ]


def layer(request: DeskRequest) -> HttpResponse:
    """GET: what the list shows, as the map draws it; with ``bbox=west,south,east,north`` what lies there."""
    today = timezone.localdate()
    form = OutletFilterForm(queries.areas_to_choose(request.user, today), request.GET)
    seen = queries.outlets_visible_to(request.user, today)
    box = layers.box_of(request.GET.get("bbox", ""))
    return JsonResponse(layers.layer_of(seen, form.wanted(today), box, today))


def visits(request: DeskRequest) -> HttpResponse:
    """GET: outlets that nobody has looked at for long, the longest ago first; a page for the way."""
    today = timezone.localdate()
    form = OutletFilterForm(queries.areas_to_choose(request.user, today), request.GET)
    wanted = queries.OutletFilter(
        branch=form.cleaned_data["area"] if form.is_valid() else "",
        stale_since=today - dt.timedelta(fresh_days()), features=("not_closed",), sort="verified",
    )  # fmt: skip
    counts, rows, number = queries.list_page(
        lambda area: queries.outlets_visible_to(request.user, today, area),
        wanted, whole(request.GET.get("page", ""), 1), 30,
    )  # fmt: skip
    told = {
        "outlets": [(o, SIGNS[o.status]) for o in rows], "count": counts.total, "number": number,
        "pages": queries.pages_of(counts.total, 30), "days": f"{fresh_days():g}",
        "may_keep": has_role(request.user, today, *KEEPERS),
        "is_invented": any(o.is_invented for o in rows),
        "before": changed(request.GET, page=str(number - 1)),
        "after": changed(request.GET, page=str(number + 1)),
    }  # fmt: skip
    return render(request, "outlets/visits.html", told)


@keepers_only
def twins(request: DeskRequest) -> HttpResponse:
    """GET: groups of outlets that look like one. POST: merge a group."""
    today = timezone.localdate()
    seen = queries.outlets_visible_to(request.user, today)
    if request.method == "POST":
        keys = [int(k) for k in request.POST.getlist("outlet") if k.isdigit()]
        chosen_ones = [queries.one_of(seen, k) for k in keys]
        keep = queries.one_of(seen, whole(request.POST.get("keep", ""), 0))
        others = [o for o in chosen_ones if o.pk != keep.pk]
        actions.merge_outlets(who=who_of(request), keep=keep, others=others, now=timezone.now())
        return redirect("outlets:outlet", keep.pk)
    found = find_twins(seen, export_limits()["twins"]["most_shown"])
    members = seen.in_bulk([k for _, keys in found for k in keys])
    shown = {k: (o, masked_phone(o.phone)) for k, o in members.items()}
    groups = [(WORDS[d.reason], _same_value(d), [shown[k] for k in keys]) for d, keys in found]
    return render(request, "outlets/twins.html", {"groups": groups})


def _same_value(found: Duplicate) -> str:
    return masked_phone(found.value) if found.reason == "phone" else found.value
