"""What happened to outlets, day by day, beside the map."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest
from yike.web.outlets import changes, queries
from yike.web.outlets.changes import CHANGED, WORDS, Wanted
from yike.web.outlets.values import type_label
from yike.web.ui.choices import offer
from yike.web.ui.table import Cell, Column, Table, changed

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SPANS = ((1, "当天"), (7, "7 天"), (30, "30 天"), (90, "90 天"), (365, "一年"))
USUAL_DAYS = 30
SIGNS = {"closed": "stopped", "suspended": "late", "opened": "done", "returned": "done"}
COLUMNS = (
    Column("on", "日期", lambda e: e.on, sort_by="on"),
    Column("what", "事件", lambda e: Cell(WORDS[e.what], sign=SIGNS.get(e.what, ""))),
    Column(
        "outlet", "网点",
        lambda e: Cell(
            e.outlet.name, href=f"/desk/outlets/{e.outlet_id}/", is_invented=e.outlet.is_invented
        ),
    ),
    Column("type", "业态", lambda e: type_label(e.outlet.type_code) or "不清楚"),
    Column("address", "地址", lambda e: e.outlet.address or "暂缺"),
    Column("note", "说明", lambda e: e.note or ""),
)  # fmt: skip


class ChangeForm(forms.Form):
    """Which days, what, where."""

    until = forms.DateField(label="截至", required=False, widget=DATE)
    days = forms.TypedChoiceField(label="往前", coerce=int, empty_value=None, required=False, choices=SPANS)
    kind = forms.ChoiceField(
        label="事件", required=False,
        choices=[("", "全部"), (CHANGED, "只看变化（不含随清单登记）"), *WORDS.items()],
    )  # fmt: skip
    area = forms.ChoiceField(label="范围", required=False)

    def __init__(self, areas: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area", [("", "全部"), *areas])

    def wanted(self, today: dt.date) -> Wanted:
        """What is asked for; what cannot be read is left open."""
        told = self.cleaned_data if self.is_valid() else {}
        until = told.get("until") or today
        days = told.get("days") or USUAL_DAYS
        return Wanted(
            until - dt.timedelta(days - 1), until, told.get("kind", ""), told.get("area", "")
        )  # fmt: skip


def outlet_changes(request: DeskRequest) -> HttpResponse:
    """GET: what happened in the days asked for: counted by day, listed, and drawn beside."""
    form, wanted, found = _found(request)
    table = Table.of(
        request, queries.newest_first(found), COLUMNS, filters=form,
        label="网点动态", counted="条", empty="这些天没有登记网点变化。可以把日子放宽，或去掉筛选。",
    )  # fmt: skip
    told = {
        "table": table,
        "days": [(day, changed(request.GET, until=f"{day.on:%Y-%m-%d}", days="1")) for day in days(found)],
        "since": wanted.since,
        "until": wanted.until,
        "before": _moved(request, wanted, -1),
        "after": _moved(request, wanted, 1) if wanted.until < timezone.localdate() else "",
        "map_url": f"layer/?{request.GET.urlencode()}",
        "is_invented": table.is_invented,
    }
    return render(request, "outlets/changes.html", told)


def changes_layer(request: DeskRequest) -> HttpResponse:
    """GET: the same as the map draws it."""
    _form, wanted, found = _found(request)
    return JsonResponse(changes.layer_of(found, wanted.until))


def days(found: Any) -> list[changes.Day]:
    """The latest days on which something happened, as many as fit beside a map."""
    return changes.days_of(found)[:60]


def _found(request: DeskRequest) -> tuple[ChangeForm, Wanted, Any]:
    today = timezone.localdate()
    asked = request.GET.copy()
    asked.setdefault("days", str(USUAL_DAYS))
    form = ChangeForm(queries.areas_to_choose(request.user, today), asked)
    wanted = form.wanted(today)
    return form, wanted, changes.narrowed(changes.changes_visible_to(request.user, today), wanted)


def _moved(request: DeskRequest, wanted: Wanted, way: int) -> str:
    """The same number of days earlier or later."""
    span = (wanted.until - wanted.since).days + 1
    until = min(wanted.until + way * dt.timedelta(span), timezone.localdate())
    return changed(request.GET, until=f"{until:%Y-%m-%d}", days=str(span))
