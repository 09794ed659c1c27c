"""Pages of one outlet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.sources.outlet_fields import split_services
from yike.standards.classify import classify
from yike.standards.loader import load_types
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.outlets import actions, queries, rules
from yike.web.outlets.forms import OutletForm, StatusForm
from yike.web.outlets.models import Outlet
from yike.web.outlets.values import type_label
from yike.web.outlets.views.gate import keepers_only
from yike.web.regions.queries import areas_visible_to


def outlet(request: DeskRequest, key: int) -> HttpResponse:
    """GET: everything about an outlet, with its history."""
    today = timezone.localdate()
    found: Outlet = queries.one_of(queries.histories_visible_to(request.user, today), key)
    told = {
        "outlet": found,
        "type_label": type_label(found.type_code) or found.type_text,
        "services": list(found.services.all()),
        "stops": list(found.stops.all()),
        "events": list(found.events.select_related("by")),
        "versions": list(found.versions.select_related("by").order_by("-number")[:50]),
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
    form = OutletForm(_communities(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create_outlet(who=who_of(request), values=_values(request, form), now=timezone.now())
        _tell(request, form, f"已登记“{made.name}”。")
        return redirect("outlets:outlet", made.pk)
    return render(request, "outlets/edit.html", {"form": form})


@keepers_only
def edit(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the outlet's form. POST: change what differs."""
    seen = queries.outlets_visible_to(request.user, timezone.localdate())
    found: Outlet = queries.one_of(seen, key)
    initial = {"version": found.version, "services": "、".join(s.label for s in found.services.all())}
    form = OutletForm(_communities(request), request.POST or None, instance=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_outlet(
            who=who_of(request), outlet=found, values=_values(request, form), now=timezone.now(),
            seen=form.cleaned_data["version"],
        )  # fmt: skip
        _tell(request, form, "已保存。")
        return redirect("outlets:outlet", found.pk)
    return render(
        request, "outlets/edit.html", {"form": form, "outlet": found, "is_invented": found.is_invented}
    )


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
    messages.success(request, "已记为今天核实。")
    return redirect("outlets:outlet", found.pk)


def _communities(request: DeskRequest) -> list[tuple[int, str]]:
    return queries.communities_to_choose(request.user, timezone.localdate())


def _values(request: DeskRequest, form: OutletForm) -> dict[str, Any]:
    """What the form says, as the actions take it."""
    told = dict(form.cleaned_data)
    told.pop("version")
    seen = areas_visible_to(request.user, timezone.localdate())
    community = queries.one_of(seen, told.pop("community"))
    labels = dict.fromkeys(split_services(told.pop("services")))
    types = load_types()
    matches = {label: classify(label, types).type_idx for label in labels}
    told["services"] = [
        {"label": w[:40], "type_code": types.types[t].code if t >= 0 else "", "hours": "", "is_public": False}
        for w, t in matches.items()
    ]
    if {"lon", "lat"} & set(form.changed_data):
        told |= {"source_lon": told["lon"], "source_lat": told["lat"], "source_datum": "wgs84"}
    return told | {"community_id": community.pk, "area_code": community.branch}


def _tell(request: DeskRequest, form: OutletForm, words: str) -> None:
    messages.success(request, words)
    if warning := form.warning():
        messages.warning(request, warning)
