"""Pages of one circle: what it is, its communities, boundary, states, centres, operators."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.web.accounts.gate import DeskRequest, only_for, who_of
from yike.web.regions import actions, reading, rules, shapes
from yike.web.regions.forms import (
    BoundaryForm,
    CentreForm,
    CircleForm,
    DayForm,
    MembersForm,
    OperatorForm,
    StepForm,
    circle_initial,
)
from yike.web.regions.models import Circle
from yike.web.regions.views.circle_told import told_of
from yike.web.regions.views.gate import circle_of, told_to
from yike.web.ui.geojson import collection


def circle(request: DeskRequest, key: int) -> HttpResponse:
    """GET: everything about a circle."""
    found = circle_of(request, key)
    return render(request, "regions/circle.html", told_of(found, who_of(request), timezone.localdate()))


def circle_map(request: DeskRequest, key: int) -> JsonResponse:
    """GET: boundary, communities and centres as map layers."""
    found, today = circle_of(request, key), timezone.localdate()
    members = [r.area for r in reading.member_rows(found, today)]
    features = shapes.community_features(members) + shapes.circle_features(reading.row_of(found, today))
    features += shapes.centre_features(found, reading.centres_open(found))
    return JsonResponse(collection(features, as_of=today))


@only_for(rules.CIRCLE_KEEPERS)
def edit(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the circle's form. POST: change what differs."""
    found = circle_of(request, key)
    form = CircleForm(request.POST or None, initial=circle_initial(found))
    return _form_page(request, found, form, "修改", lambda: actions.change_circle(
        who=who_of(request), circle=found, fields=form.cleaned_data, now=timezone.now()
    ))  # fmt: skip


@only_for(rules.CIRCLE_KEEPERS)
def communities(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the communities to choose from. POST: let the circle consist of those chosen from a day on."""
    found, today = circle_of(request, key), timezone.localdate()
    wanted = request.GET.get("area", "")
    offered = reading.offered(request.user, today, rules.CIRCLE_KEEPERS, wanted, found)
    initial = {"communities": reading.member_keys(found), "lead": found.lead_community_id, "on": today}
    form = MembersForm(offered.groups, request.POST or None, initial=initial)

    def change() -> None:
        told = form.cleaned_data
        chosen = reading.communities_by_key(told["communities"])
        lead = next(iter(reading.communities_by_key([told["lead"]])), None) if told["lead"] else None
        actions.change_members(
            who=who_of(request), circle=found, communities=chosen, lead=lead, on=told["on"],
            now=timezone.now(),
        )  # fmt: skip

    return _form_page(
        request, found, form, "调整所含社区", change, "regions/circle_members.html", offered=offered
    )


@only_for(rules.CIRCLE_KEEPERS)
def boundary(request: DeskRequest, key: int) -> HttpResponse:
    """GET: draw the boundary on the map. POST: keep it."""
    found = circle_of(request, key)
    written = json.dumps(found.boundary, separators=(",", ":")) if found.boundary else ""
    form = BoundaryForm(request.POST or None, initial={"boundary": written})
    return _form_page(request, found, form, "边界", lambda: actions.change_circle(
        who=who_of(request), circle=found, fields=form.cleaned_data, now=timezone.now()
    ), template="regions/boundary.html")  # fmt: skip


@require_POST
@only_for(rules.PROFILE_KEEPERS)
def transitions(request: DeskRequest, key: int) -> HttpResponse:
    """POST: the circle enters a state."""
    found = circle_of(request, key)
    form = StepForm(request.POST)
    return _on_page(request, found, form, "step_form", lambda: actions.enter_state(
        who=who_of(request), circle=found, now=timezone.now(), **form.cleaned_data
    ))  # fmt: skip


@require_POST
@only_for(rules.PROFILE_KEEPERS)
def centres(request: DeskRequest, key: int) -> HttpResponse:
    """POST: add a commercial centre."""
    found = circle_of(request, key)
    form = CentreForm(request.POST)
    return _on_page(request, found, form, "centre_form", lambda: actions.add_centre(
        who=who_of(request), circle=found, values=form.cleaned_data, now=timezone.now()
    ))  # fmt: skip


@require_POST
@only_for(rules.PROFILE_KEEPERS)
def centre_end(request: DeskRequest, key: int, centre: int) -> HttpResponse:
    """POST: a commercial centre closes."""
    found = circle_of(request, key)
    row = reading.centre_of(found, centre)
    form = DayForm(request.POST)
    return _on_page(request, found, form, "end_form", lambda: actions.end_centre(
        who=who_of(request), centre=row, on=form.cleaned_data["on"], now=timezone.now()
    ))  # fmt: skip


@require_POST
@only_for(rules.CIRCLE_KEEPERS)
def operators(request: DeskRequest, key: int) -> HttpResponse:
    """POST: add who runs the circle."""
    found = circle_of(request, key)
    form = OperatorForm(request.POST)
    return _on_page(request, found, form, "operator_form", lambda: actions.add_operator(
        who=who_of(request), circle=found, values=form.cleaned_data, now=timezone.now()
    ))  # fmt: skip


@require_POST
@only_for(rules.CIRCLE_KEEPERS)
def operator_end(request: DeskRequest, key: int, operator: int) -> HttpResponse:
    """POST: an operator leaves."""
    found = circle_of(request, key)
    row = reading.operator_of(found, operator)
    form = DayForm(request.POST)
    return _on_page(request, found, form, "end_form", lambda: actions.end_operator(
        who=who_of(request), operator=row, on=form.cleaned_data["on"], now=timezone.now()
    ))  # fmt: skip


def _form_page(
    request: DeskRequest, found: Circle, form: Form, title: str, act: Any,
    template: str = "regions/circle_form.html", **more: object,
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and form.is_valid() and told_to(form, act):
        messages.success(request, "已保存。")
        return redirect("regions:circle", found.pk)
    told = {"form": form, "circle": found, "title": title, "is_invented": found.is_invented, **more}
    return render(request, template, told)


def _on_page(request: DeskRequest, found: Circle, form: Form, name: str, act: Any) -> HttpResponse:
    """Do it and show the circle; what does not hold is told on the circle's page."""
    if form.is_valid() and told_to(form, act):
        messages.success(request, "已登记。")
        return redirect("regions:circle", found.pk)
    told = told_of(found, who_of(request), timezone.localdate()) | {name: form, "wrong_form": form}
    return render(request, "regions/circle.html", told, status=409)
