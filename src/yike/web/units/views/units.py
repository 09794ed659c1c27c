"""Units: list, one, new, other names, closing."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import check_role
from yike.web.regions.queries import branches_to_choose
from yike.web.ui.places import place_of
from yike.web.ui.table import Cell, Column, Table
from yike.web.units import actions, queries
from yike.web.units.forms import AliasForm, HeirForm, NameForm, UnitFilter, UnitForm
from yike.web.units.models import Unit
from yike.web.units.rules import KEEPERS

COLUMNS = (
    Column("name", "全称", lambda u: Cell(u.name, f"/desk/units/{u.pk}/", is_invented=u.is_invented),
           sort_by="name"),
    Column("short", "简称", lambda u: u.short_name or "—", sort_by="short_name"),
    Column("aliases", "别名", lambda u: "、".join(u.aliases) or "—"),
    Column("old", "曾用名", lambda u: "、".join(n.name for n in u.old_names.all()) or "—"),
    Column("area", "辖区", lambda u: Cell(place_of(u.area_code), title=u.area_code), sort_by="area_code"),
    Column("state", "状态", lambda u: _state(u)),
)  # fmt: skip


def _state(unit: Unit) -> Cell:
    if unit.ends_on is None:
        return Cell("在用", sign="done")
    return Cell(f"已撤销，{unit.succeeded_by}承接" if unit.succeeded_by else "已撤销", sign="stopped")


def units(request: DeskRequest) -> HttpResponse:
    """The directory."""
    today = timezone.localdate()
    filters = UnitFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.with_old_names(
        queries.units_found(queries.units_visible_to(request.user, today), **asked)
    )
    table = Table.of(
        request, found, COLUMNS, filters=filters, label="单位", counted="个单位",
        empty="没有符合条件的单位。可以新登记，或从任务清单载入。",
    )  # fmt: skip
    return render(request, "units/units.html", {"table": table, "is_invented": queries.has_invented(found)})


def new(request: DeskRequest) -> HttpResponse:
    """Add a unit."""
    today = timezone.localdate()
    check_role(request.user, today, *KEEPERS)
    form = UnitForm(branches_to_choose(request.user, today, KEEPERS), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_unit(who=who_of(request), now=timezone.now(), **form.cleaned_data)
        except RefusedError as refused:
            form.add_error("name", refused.sentence)
        else:
            messages.success(request, f"已登记“{made.name}”。")
            return redirect("units:unit", made.pk)
    return render(request, "units/form.html", {"form": form, "heading": "登记单位", "back": "/desk/units/"})


def unit(request: DeskRequest, key: int) -> HttpResponse:
    """GET: a unit with all its names. POST: short name and aliases."""
    today = timezone.localdate()
    found = get_object_or_404(queries.units_visible_to(request.user, today), pk=key)
    kept = queries.keeps_unit(request.user, found, today)
    initial = {"short_name": found.short_name, "aliases": "、".join(found.aliases)}
    form = AliasForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_unit(who=who_of(request), unit=found, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "已保存。")
        return redirect("units:unit", key)
    shown = {
        "unit": found,
        "state": _state(found),
        "old_names": list(found.old_names.all()),
        "is_kept": kept and found.ends_on is None,
        "form": form,
        "name_form": NameForm(),
        "heir_form": HeirForm(_heirs(request, key)),
        "is_invented": found.is_invented,
    }
    return render(request, "units/unit.html", shown)


def names(request: DeskRequest, key: int) -> HttpResponse:
    """POST: another name from a day on."""
    found = _kept(request, key)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.rename_unit(who=who_of(request), unit=found, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "已更名；旧文件里的旧名仍能查到。")
        return redirect("units:unit", key)
    shown = {"form": form, "heading": f"{found.name} 更名", "back": f"/desk/units/{key}/"}
    return render(request, "units/form.html", shown)


def closure(request: DeskRequest, key: int) -> HttpResponse:
    """POST: the unit is closed; another takes over."""
    found = _kept(request, key)
    form = HeirForm(_heirs(request, key), request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.end_unit(
            who=who_of(request), unit=found, ends_on=told["on"], heir=told["heir"], now=timezone.now()
        )
        messages.success(request, "已登记撤销。")
        return redirect("units:unit", key)
    shown = {"form": form, "heading": f"撤销 {found.name}", "back": f"/desk/units/{key}/"}
    return render(request, "units/form.html", shown)


def _kept(request: DeskRequest, key: int) -> Unit:
    today = timezone.localdate()
    check_role(request.user, today, *KEEPERS)
    return get_object_or_404(queries.units_kept_by(request.user, today), pk=key)


def _heirs(request: DeskRequest, key: int) -> QuerySet[Unit]:
    return queries.units_in_force(request.user, timezone.localdate(), but=key)
