"""The list of circles with its map, a new circle, the schedule of build years."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest, only_for, who_of
from yike.web.accounts.queries import branches_of
from yike.web.regions import actions, reading, rules, shapes, words
from yike.web.regions.forms import CircleFilterForm, NewCircleForm
from yike.web.regions.models import Circle
from yike.web.regions.queries import branches_to_choose, circles_visible_to, with_state
from yike.web.regions.schedule import schedule_of
from yike.web.regions.views.gate import told_to
from yike.web.ui.geojson import collection
from yike.web.ui.table import Cell, Column, Table, chips_of

COLUMNS = (
    Column(
        "name",
        "名称",
        lambda r: Cell(
            r.circle.name,
            f"/desk/regions/circles/{r.circle.pk}/",
            title=r.circle.code,
            is_invented=r.circle.is_invented,
        ),
    ),
    Column("state", "状态", lambda r: Cell(rules.label_of(r.state), sign=words.sign_of(r.state))),
    Column("level", "等级", lambda r: rules.LEVELS.get(r.level, "")),
    Column(
        "communities",
        "社区",
        lambda r: Cell(
            str(len(r.communities)), is_number=True, title="、".join(name for _, name in r.communities)
        ),
        unit="个",
        is_number=True,
    ),
    Column("people", "居民", lambda r: r.people, unit="人", is_number=True),
    Column("year", "建设年限", lambda r: r.circle.build_year or "", is_number=False),
    Column(
        "class", "邻里类别", lambda r: words.labels(words.class_choices(), [r.circle.neighbourhood_class])
    ),
)
MOST_SHOWN = 2000


def found_by(request: DeskRequest) -> tuple[CircleFilterForm, list[reading.CircleRow]]:
    """The filter as asked for, and the circles it lets through."""
    today = timezone.localdate()
    areas = branches_to_choose(request.user, today)
    form = CircleFilterForm(areas, reading.years_of(request.user, today), request.GET)
    found = reading.circles_found(request.user, today, form.wanted())
    return form, reading.circle_rows(found[:MOST_SHOWN], today)


def circles(request: DeskRequest) -> HttpResponse:
    """GET: circles in a table beside their map."""
    form, rows = found_by(request)
    query = request.GET.urlencode()
    table = Table.plain(
        rows, COLUMNS, label="生活圈", counted="个生活圈", filters=form,
        empty="没有符合条件的生活圈。可以去掉筛选，或导入一份生活圈名单。",
        exports=[("Excel（附件2）", f"list/?{query}")],
    )  # fmt: skip
    told = {
        "table": _with_chips(request, table, form),
        "layers": f"map/?{query}" if any(r.circle.boundary for r in rows) else "",
        "may_keep": _may_keep(request),
        "total": len({k for r in rows for k, _ in r.communities}),
        "is_invented": any(r.circle.is_invented for r in rows),
    }
    return render(request, "regions/circles.html", told)


def _with_chips(request: DeskRequest, table: Table, form: CircleFilterForm) -> Table:
    return replace(table, chips=chips_of(request.GET, form))


def circles_map(request: DeskRequest) -> JsonResponse:
    """GET: the same circles as map layers."""
    _, rows = found_by(request)
    missing = sum(1 for r in rows if not r.circle.boundary)
    note = f"{missing} 个生活圈没有登记边界" if missing else ""
    told = collection(shapes.circle_features(rows), as_of=timezone.localdate(), note=note)
    return JsonResponse(told)


def _may_keep(request: DeskRequest) -> bool:
    return bool(branches_of(request.user, timezone.localdate(), rules.CIRCLE_KEEPERS))


@only_for(rules.CIRCLE_KEEPERS)
def new(request: DeskRequest) -> HttpResponse:
    """GET: an empty form. POST: add a circle."""
    today = timezone.localdate()
    offered = reading.offered(request.user, today, rules.CIRCLE_KEEPERS, request.GET.get("area", ""))
    form = NewCircleForm(offered.groups, request.POST or None)
    made: list[Circle] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and told_to(form, lambda: made.append(_make(request, form)))
    ):
        messages.success(request, f"已登记“{made[0].name}”。")
        return redirect("regions:circle", made[0].pk)
    return render(request, "regions/circle_new.html", {"form": form, "offered": offered})


def _make(request: DeskRequest, form: NewCircleForm) -> Circle:
    told = dict(form.cleaned_data)
    today = timezone.localdate()
    members = reading.communities_by_key(told.pop("communities"))
    lead = next((a for a in members if a.pk == told["lead"]), None)
    told.pop("lead")
    branch, year = actions.common_branch(members), told["build_year"] or today.year
    code = told.pop("code") or actions.next_code(branch or "yike", year)
    return actions.create_circle(
        who=who_of(request), code=code, name=told.pop("name"), communities=members, lead=lead, fields=told,
        begins_on=today, now=timezone.now(),
    )  # fmt: skip


def schedule(request: DeskRequest) -> HttpResponse:
    """GET: circles by build year, and how many communities are covered by then."""
    today = timezone.localdate()
    chosen = request.GET.get("area", "")
    areas = branches_to_choose(request.user, today)
    branches = (chosen,) if chosen in {b for b, _ in areas} else branches_of(request.user, today)
    seen = with_state(circles_visible_to(request.user, today))
    found = schedule_of(seen, branches, today)
    form = CircleFilterForm(areas, (), request.GET)
    told = {
        "total": found.total, "villages": found.villages, "years": found.years,
        "field": form["area"], "area": chosen,
        "is_invented": reading.any_invented(seen),
    }  # fmt: skip
    return render(request, "regions/schedule.html", told)
