"""Pages of facilities and premises: the list with its map and files, one of them, its form."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import has_role
from yike.web.outlets import queries
from yike.web.outlets.directory import actions, lists
from yike.web.outlets.directory.choices import settings
from yike.web.outlets.directory.columns import list_columns
from yike.web.outlets.directory.exports import export, trace
from yike.web.outlets.directory.facts import facts_of, lists_of
from yike.web.outlets.directory.fits import fits_of
from yike.web.outlets.directory.forms import EntryFilterForm, EntryForm, FacilityForm, Lists, PremisesForm
from yike.web.outlets.directory.history import communities_in, steps_of
from yike.web.outlets.directory.kinds import FACILITY, PREMISES, Entry, Kind
from yike.web.outlets.directory.layers import layer_of
from yike.web.outlets.exports import KINDS as FILE_KINDS
from yike.web.outlets.rules import KEEPERS
from yike.web.outlets.views.gate import keepers_only
from yike.web.regions.queries import areas_visible_to
from yike.web.ui.table import Table, changed

EXPORTS = (("xlsx", "Excel"), ("csv", "CSV"), ("geojson", "GeoJSON"))


def entries(request: DeskRequest, kind: Kind) -> HttpResponse:
    """GET: the list, or the same as a file with ``?as=xlsx|csv|geojson``."""
    today = timezone.localdate()
    form = EntryFilterForm(kind, queries.areas_to_choose(request.user, today), request.GET)
    seen = lists.entries_visible_to(kind, request.user, today, with_gone=True)
    found = lists.entries_found(kind, seen, form.wanted(), today)
    if (file := request.GET.get("as", "")) in FILE_KINDS:
        return _file(request, kind, found, file)
    table = _table(request, kind, form, found)
    told = {
        "kind": kind,
        "table": table,
        "types": [
            (kind.type_label(c) or "类型不清楚", changed(request.GET, type=c or None), n)
            for c, n in lists.counts_by_type(kind, found)
        ],
        "may_keep": has_role(request.user, today, *KEEPERS),
        "map_url": f"layer/?{request.GET.urlencode()}" if request.GET.get("map") else "",
        "new_url": f"{kind.url}new/",
        "batches_url": f"{kind.url}imports/",
        "is_premises": kind is PREMISES,
        "is_invented": any(row[0].is_invented for row in table.rows),
    }
    return render(request, "outlets/directory/list.html", told)


def _table(request: DeskRequest, kind: Kind, form: EntryFilterForm, found: Any) -> Table:
    query, today = request.GET, timezone.localdate()
    word, asked = ("收起地图", None) if query.get("map") else ("地图", "1")
    columns = list_columns(kind, lists.place_names(found, today))
    if query.get("map"):
        columns = columns[:5]
    return Table.of(
        request, found, columns,
        filters=form, per_page=settings()["list"]["rows_per_page"], label=kind.word, counted="处",
        empty=f"没有符合条件的{kind.word}。可以去掉筛选，或登记、导入一张清单。",
        exports=[(text, changed(query, **{"as": file})) for file, text in EXPORTS],
        tools=[(word, changed(query, map=asked))],
    )  # fmt: skip


def _file(request: DeskRequest, kind: Kind, found: Any, file: str) -> HttpResponse:
    """The list as a file; keepers get whole telephone numbers, and that is traced."""
    stream, today = io.BytesIO(), timezone.localdate()
    is_whole = kind is FACILITY and has_role(request.user, today, *KEEPERS)
    count = export(kind, found, file, stream, today, is_whole=is_whole)
    if is_whole:
        trace(who=who_of(request), kind=kind, form=file, count=count, now=timezone.now())
    name = f"{kind.code}-{today:%Y%m%d}.{file}"
    return HttpResponse(
        stream.getvalue(),
        content_type=FILE_KINDS[file],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def layer(request: DeskRequest, kind: Kind) -> HttpResponse:
    """GET: what the list shows, as the map draws it; ``one`` is the key of a single one."""
    today = timezone.localdate()
    seen = lists.entries_visible_to(kind, request.user, today, with_gone=True)
    if (key := request.GET.get("one", "")).isdigit():
        return JsonResponse(layer_of(kind, lists.one_alone(seen, int(key)), today))
    form = EntryFilterForm(kind, queries.areas_to_choose(request.user, today), request.GET)
    return JsonResponse(layer_of(kind, lists.entries_found(kind, seen, form.wanted(), today), today))


def entry(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """GET: everything about one, with its history."""
    today = timezone.localdate()
    found = _one(request, kind, key, with_gone=True)
    traces = lists.trace_of(kind, found.pk, settings()["list"]["history_shown"])
    pairs = [{c: [t.before[c], t.after.get(c)] for c in t.before} for t in traces]
    names = queries.community_names({found.community_id, *communities_in(pairs)})
    sign, word = lists.state_of(found, today)
    may_keep = has_role(request.user, today, *KEEPERS)
    told = {
        "kind": kind,
        "entry": found,
        "type_label": kind.type_label(getattr(found, kind.type_column)),
        "sign": sign,
        "word": word,
        "facts": facts_of(kind, found, names.get(found.community_id or 0, ""), is_whole=may_keep),
        "lists": lists_of(kind, found),
        "fits": fits_of(found) if kind is PREMISES else [],
        "steps": steps_of(kind, traces, names),
        "was_loaded": len(traces) < settings()["list"]["history_shown"]
        and all(t.action != f"{kind.code}.create" for t in traces),
        "may_keep": may_keep,
        "layer": f"{kind.url}layer/?one={found.pk}" if found.lon is not None or _has_stops(found) else "",
        "is_invented": found.is_invented,
    }
    return render(request, "outlets/directory/entry.html", told)


def _has_stops(found: Entry) -> bool:
    return bool(getattr(found, "stops", ()))


@keepers_only
def new(request: DeskRequest, kind: Kind) -> HttpResponse:
    """GET: an empty form. POST: add one."""
    return _fill_in(request, kind, None)


@keepers_only
def edit(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """GET: the form of one. POST: change what differs."""
    return _fill_in(request, kind, _one(request, kind, key))


def _fill_in(request: DeskRequest, kind: Kind, found: Entry | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    communities = queries.communities_to_choose(request.user, timezone.localdate())
    made_of: type[EntryForm] = FacilityForm if kind is FACILITY else PremisesForm
    form = made_of(communities, data, instance=found, initial=_initial(found))
    lines = Lists(kind, data, found)
    if data is not None and form.is_valid() and lines.is_valid():
        saved = _save(request, kind, found, form, lines)
        messages.success(request, "已保存。" if found else f"已登记“{saved.name}”。")
        return redirect(kind.name("entry"), saved.pk)
    told = {
        "kind": kind, "form": form, "lists": lines.sets, "entry": found, "layer": _around(found),
        "is_invented": bool(found and found.is_invented),
    }  # fmt: skip
    return render(request, "outlets/directory/edit.html", told)


def _save(request: DeskRequest, kind: Kind, found: Entry | None, form: EntryForm, lines: Lists) -> Entry:
    values = form.values() | lines.values()
    area = queries.one_of(areas_visible_to(request.user, timezone.localdate()), values.pop("community"))
    values |= {"community_id": area.pk, "area_code": area.branch}
    who, now = who_of(request), timezone.now()
    if found is None:
        return actions.create_entry(who=who, kind=kind, values=values, now=now)
    seen = form.cleaned_data["version"]
    return actions.change_entry(who=who, kind=kind, entry=found, values=values, now=now, seen=seen)


@require_POST
@keepers_only
def removal(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """POST: take one out, with a reason."""
    found = _one(request, kind, key)
    note = request.POST.get("note", "")
    actions.remove_entry(who=who_of(request), kind=kind, entry=found, now=timezone.now(), note=note)
    messages.success(request, f"“{found.name}”已移出登记册，可以恢复。")
    return redirect(kind.name("entry"), key)


@require_POST
@keepers_only
def restoration(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """POST: bring one back."""
    found = _one(request, kind, key, with_gone=True)
    actions.restore_entry(who=who_of(request), kind=kind, entry=found, now=timezone.now())
    messages.success(request, f"“{found.name}”已恢复。")
    return redirect(kind.name("entry"), key)


def _one(request: DeskRequest, kind: Kind, key: int, *, with_gone: bool = False) -> Entry:
    seen = lists.entries_visible_to(kind, request.user, timezone.localdate(), with_gone=with_gone)
    found: Entry = queries.one_of(seen, key)
    return found


def _initial(found: Entry | None) -> dict[str, Any]:
    """What the form shows differently from the row: places to 0.1 m."""
    if found is None:
        return {}
    told: dict[str, Any] = {"version": found.version}
    if found.lon is not None and found.lat is not None:
        told |= {"lon": round(found.lon, 6), "lat": round(found.lat, 6)}
    return told


def _around(found: Entry | None) -> str:
    """Outlets near it, so that a point can be found: about 500 m each way."""
    if found is None or found.lon is None or found.lat is None:
        return "/desk/outlets/layer/"
    box = (found.lon - 0.006, found.lat - 0.0045, found.lon + 0.006, found.lat + 0.0045)
    return "/desk/outlets/layer/?bbox=" + ",".join(f"{n:.6f}" for n in box)
