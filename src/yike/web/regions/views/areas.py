"""Pages of the tree: areas, their names, what lies in them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, only_for, who_of
from yike.web.regions import actions, reading, rules
from yike.web.regions.forms import AreaEndForm, AreaForm, NameForm
from yike.web.regions.models import Area
from yike.web.regions.views.circles import COLUMNS as CIRCLES
from yike.web.regions.views.gate import area_of, told_to
from yike.web.regions.views.profiles import told_of
from yike.web.ui.table import Cell, Column, Table
from yike.web.ui.words import day, thousands

COLUMNS = (
    Column("name", "名称", lambda r: Cell(r.name, f"/desk/regions/areas/{r.area.pk}/",
                                        is_invented=r.area.is_invented)),
    Column("level", "层级", lambda r: r.area.get_level_display()),
    Column("code", "统计用区划代码", lambda r: r.area.code),
    Column("communities", "社区", lambda r: r.communities if r.area.level != "community" else "", unit="个",
           is_number=True),
    Column("circles", "生活圈", lambda r: r.circles if r.area.level != "community" else "", unit="个",
           is_number=True),
    Column("people", "居民", lambda r: Cell(thousands(r.people), is_number=True, title=_told(r)), unit="人",
           is_number=True),
    Column("told", "已登记人口", lambda r: Cell(f"{r.told} / {r.communities}", is_number=True),
           is_number=True),
    Column("ends", "撤销", lambda r: f"{day(r.area.ends_on)}止" if r.area.ends_on else ""),
)  # fmt: skip


def _told(row: reading.AreaRow) -> str:
    return f"{row.told} 个社区登记的人口之和" if row.people is not None else "还没有社区登记人口"


def areas(request: DeskRequest) -> HttpResponse:
    """GET: the widest areas a person sees, or the only one."""
    today = timezone.localdate()
    top = reading.tops(request.user, today)
    if len(top) == 1:
        return render(request, "regions/area.html", _told_of(request, top[0]))
    rows = reading.area_rows(top, today)
    table = Table.plain(
        rows, COLUMNS, label="辖区", counted="个单位",
        empty="登记册里还没有区划。用“登记区划”或导入官方区划。",
    )  # fmt: skip
    told = {
        "table": table,
        "may_keep": reading.keeps_areas(request.user, today),
        "is_invented": any(a.is_invented for a in top),
    }
    return render(request, "regions/areas.html", told)


def area(request: DeskRequest, key: int) -> HttpResponse:
    """GET: an area, its names, the units below it, its circles; of a community, its profile."""
    return render(request, "regions/area.html", _told_of(request, area_of(request, key)))


@only_for(rules.AREA_KEEPERS)
def new(request: DeskRequest) -> HttpResponse:
    """GET: an empty form. POST: add a unit."""
    form = AreaForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    made: list[Area] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data

        def add() -> None:
            made.append(actions.create_area(who=who_of(request), now=timezone.now(), **told))

        if told_to(form, add):
            messages.success(request, f"已登记“{told['name']}”。")
            return redirect("regions:area", made[0].pk)
    return render(request, "regions/area_new.html", {"form": form})


@require_POST
@only_for(rules.AREA_KEEPERS)
def names(request: DeskRequest, key: int) -> HttpResponse:
    """POST: another name from a day on."""
    found = area_of(request, key)
    form = NameForm(request.POST)
    if form.is_valid() and told_to(
        form,
        lambda: actions.rename_area(who=who_of(request), area=found, now=timezone.now(), **form.cleaned_data),
    ):
        messages.success(request, "已更名；以前的名称仍用于以前的日期。")
        return redirect("regions:area", found.pk)
    return render(request, "regions/area.html", _told_of(request, found, name_form=form), status=409)


@require_POST
@only_for(rules.AREA_KEEPERS)
def end(request: DeskRequest, key: int) -> HttpResponse:
    """POST: the last day of a unit."""
    found = area_of(request, key)
    form = AreaEndForm(request.POST)

    def close() -> None:
        told = form.cleaned_data
        actions.end_area(
            who=who_of(request), area=found, ends_on=told["ends_on"], now=timezone.now(),
            succeeded_by=_successor(request, told["successor"]),
        )  # fmt: skip

    if form.is_valid() and told_to(form, close):
        messages.success(request, "已登记撤销日期。")
        return redirect("regions:area", found.pk)
    return render(request, "regions/area.html", _told_of(request, found, end_form=form), status=409)


def _successor(request: DeskRequest, code: str) -> Area | None:
    if not code:
        return None
    heir = reading.area_with_code(code, request.user, timezone.localdate())
    if heir is None:
        raise RefusedError("register.area.no_heir", status=409, found=code)
    return heir


def _told_of(request: DeskRequest, found: Area, **forms: object) -> dict[str, object]:
    today = timezone.localdate()
    who = who_of(request)
    below = reading.area_rows(reading.below(found, today), today)
    rows = reading.circle_rows(reading.circles_touching(found, request.user, today), today)
    told: dict[str, object] = {
        "area": found,
        "name": getattr(found, "name", None) or found.code,
        "above": reading.ancestors_of(found, request.user, today),
        "names": reading.names_in_time(found),
        "table": Table.plain(
            below, COLUMNS, label="下级", counted="个单位", empty="登记册里没有下级单位。"
        ),
        "circles": Table.plain(rows, CIRCLES, label="生活圈", counted="个生活圈", empty="这里还没有生活圈。"),
        "may_keep": rules.may(who, rules.AREA_KEEPERS, found.branch, today),
        "name_form": NameForm(initial={"begins_on": today}, prefix=None),
        "end_form": AreaEndForm(initial={"ends_on": today}),
        "is_invented": found.is_invented or any(r.area.is_invented for r in below)
        or any(r.circle.is_invented for r in rows),
    }  # fmt: skip
    if found.level == "community":
        more = told_of(found, who, today)
        told["is_invented"] = told["is_invented"] or more.pop("is_invented")
        told |= more
    return told | forms
