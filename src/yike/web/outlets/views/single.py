"""Pages of one outlet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import has_role
from yike.web.outlets import actions, queries, rules
from yike.web.outlets.forms import StatusForm
from yike.web.outlets.history import steps_of
from yike.web.outlets.limits import limits
from yike.web.outlets.models import Outlet
from yike.web.outlets.outlet_form import Lists, OutletForm
from yike.web.outlets.values import services_of, stops_of, type_label
from yike.web.outlets.views.gate import keepers_only
from yike.web.personal.masks import masked_phone
from yike.web.regions.queries import areas_visible_to


def outlet(request: DeskRequest, key: int) -> HttpResponse:
    """GET: everything about an outlet, with its history."""
    today = timezone.localdate()
    found: Outlet = queries.one_of(queries.histories_visible_to(request.user, today), key)
    may_see = has_role(request.user, today, *rules.KEEPERS)
    told = {
        "outlet": found,
        "type_label": type_label(found.type_code) or found.type_text,
        "services": list(found.services.all()),
        "stops": list(found.stops.all()),
        "community": queries.community_names([found.community_id]).get(found.community_id or 0, ""),
        "photos": queries.photos_of(found),
        "most_photos": limits()["photo"]["most_of_an_outlet"],
        "today": today.isoformat(),
        "may_keep": may_see and found.gone_at is None,
        "events": queries.events_of(found),
        "phone": found.phone if may_see else masked_phone(found.phone),
        "steps": steps_of(queries.versions_of(found)),
        "merged": list(found.merged_from.all()),
        "is_fresh": rules.is_fresh(found, today),
        "code_warning": rules.credit_code_warning(found.credit_code),
        "status_form": StatusForm(initial={"on": today, "status": found.status}),
        "is_invented": found.is_invented,
    }
    return render(request, "outlets/outlet.html", told)


@keepers_only
def new(request: DeskRequest) -> HttpResponse:
    """GET: an empty form. POST: add an outlet."""
    data = request.POST if request.method == "POST" else None
    form, lists = OutletForm(_communities(request), data), Lists(data)
    if data is not None and form.is_valid() and lists.is_valid():
        values = _values(request, form) | lists.values()
        made = actions.create_outlet(who=who_of(request), values=values, now=timezone.now())
        _tell(request, form, f"已登记“{made.name}”。")
        return redirect("outlets:outlet", made.pk)
    told = {"form": form, "lists": lists.sets, "layer": "/desk/outlets/layer/"}
    return render(request, "outlets/edit.html", told)


@keepers_only
def edit(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the outlet's form. POST: change what differs."""
    seen = queries.outlets_visible_to(request.user, timezone.localdate())
    found: Outlet = queries.one_of(seen, key)
    data = request.POST if request.method == "POST" else None
    stand = {"services": services_of(found), "stops": stops_of(found), "licences": found.licences}
    form = OutletForm(_communities(request), data, instance=found, initial=_initial(found))
    lists = Lists(data, stand)
    if data is not None and form.is_valid() and lists.is_valid():
        actions.change_outlet(
            who=who_of(request), outlet=found, values=_values(request, form) | lists.values(),
            now=timezone.now(), seen=form.cleaned_data["version"],
        )  # fmt: skip
        _tell(request, form, "已保存。")
        return redirect("outlets:outlet", found.pk)
    told = {
        "form": form, "lists": lists.sets, "outlet": found, "is_invented": found.is_invented,
        "layer": f"/desk/outlets/layer/{_around(found)}",
    }  # fmt: skip
    return render(request, "outlets/edit.html", told)


@require_POST
@keepers_only
def events(request: DeskRequest, key: int) -> HttpResponse:
    """POST: the outlet opens, pauses or closes."""
    seen = queries.outlets_visible_to(request.user, timezone.localdate())
    found: Outlet = queries.one_of(seen, key)
    form = StatusForm(request.POST)
    if form.is_valid():
        actions.set_status(who=who_of(request), outlet=found, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "已登记状态。")
    else:
        messages.error(request, "状态没有登记：请填写日期。")
    return redirect("outlets:outlet", found.pk)


@require_POST
@keepers_only
def verification(request: DeskRequest, key: int) -> HttpResponse:
    """POST: somebody has looked, and the data is right."""
    seen = queries.outlets_visible_to(request.user, timezone.localdate())
    found: Outlet = queries.one_of(seen, key)
    actions.verify_outlet(who=who_of(request), outlet=found, now=timezone.now())
    messages.success(request, f"“{found.name}”已记为今天核实。")
    if request.POST.get("next") == "visits":
        return redirect("outlets:visits")
    return redirect("outlets:outlet", found.pk)


@require_POST
@keepers_only
def removal(request: DeskRequest, key: int) -> HttpResponse:
    """POST: the outlet was entered by mistake; its history stays readable."""
    seen = queries.outlets_visible_to(request.user, timezone.localdate())
    found: Outlet = queries.one_of(seen, key)
    note = request.POST.get("note", "")[:200]
    actions.remove_outlet(who=who_of(request), outlet=found, now=timezone.now(), note=note)
    messages.success(request, f"“{found.name}”已移出登记册。")
    return redirect("outlets:outlet", found.pk)


def _initial(outlet: Outlet) -> dict[str, Any]:
    """What the form shows differently from the row: places to 0.1 m."""
    shown = {"version": outlet.version}
    if outlet.lon is None or outlet.lat is None:
        return shown
    return shown | {"lon": round(outlet.lon, 6), "lat": round(outlet.lat, 6)}


def _around(outlet: Outlet) -> str:
    """The box of the map around an outlet: about 500 m each way."""
    if outlet.lon is None or outlet.lat is None:
        return ""
    box = (outlet.lon - 0.006, outlet.lat - 0.0045, outlet.lon + 0.006, outlet.lat + 0.0045)
    return "?bbox=" + ",".join(f"{n:.6f}" for n in box)


def _communities(request: DeskRequest) -> list[tuple[int, str]]:
    return queries.communities_to_choose(request.user, timezone.localdate())


def _values(request: DeskRequest, form: OutletForm) -> dict[str, Any]:
    """What the form says, as the actions take it."""
    told = dict(form.cleaned_data)
    told.pop("version")
    seen = areas_visible_to(request.user, timezone.localdate())
    community = queries.one_of(seen, told.pop("community"))
    if not {"lon", "lat"} & set(form.changed_data):
        del told["lon"], told["lat"]  # as they stand, with all their digits
    else:
        told |= {"source_lon": told["lon"], "source_lat": told["lat"], "source_datum": "wgs84"}
    return told | {"community_id": community.pk, "area_code": community.branch}


def _tell(request: DeskRequest, form: OutletForm, words: str) -> None:
    messages.success(request, words)
    if warning := form.warning():
        messages.warning(request, warning)
