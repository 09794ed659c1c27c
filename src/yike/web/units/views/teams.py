"""Teams: list with the branches that have none, one, members over time, the roster to print, the end."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import check_role
from yike.web.regions.queries import branches_to_choose
from yike.web.ui.downloads import download
from yike.web.ui.places import place_of
from yike.web.ui.table import Cell, Column, Table
from yike.web.units import actions, queries
from yike.web.units.export import roster_workbook
from yike.web.units.forms import HeirForm, LastDayForm, MemberForm, ReplacementForm, TeamForm
from yike.web.units.models import Team, TeamMember, Unit
from yike.web.units.rules import KEEPERS

COLUMNS = (
    Column("name", "名称", lambda t: Cell(t.name, f"/desk/units/teams/{t.pk}/", is_invented=t.is_invented),
           sort_by="name"),
    Column("mechanism", "形式", lambda t: t.mechanism or "—"),
    Column("area", "辖区", lambda t: Cell(place_of(t.area_code), title=t.area_code), sort_by="area_code"),
    Column("office", "办公室", lambda t: t.office.name if t.office else None),
    Column("members", "成员", lambda t: t.n_members, is_number=True),
    Column("begins", "成立", lambda t: t.begins_on or "暂缺", sort_by="begins_on"),
    Column("state", "状态", lambda t: _state(t, timezone.localdate())),
    Column("source", "依据", lambda t: t.source or "—"),
)  # fmt: skip


def _state(team: Team, today: dt.date) -> Cell:
    if team.handed_to is not None and team.dissolves_on and team.dissolves_on <= today:
        return Cell(f"已撤销，{team.handed_to.name}承接", sign="stopped")
    if team.dissolves_on is not None and team.dissolves_on <= today:
        return Cell("到期未移交", sign="late")
    if team.dissolves_on is not None:
        return Cell(f"{team.dissolves_on:%Y年%-m月%-d日}撤销", sign="near")
    return Cell("在运行", sign="done")


def teams(request: DeskRequest) -> HttpResponse:
    """The list, and which branches have no team."""
    today = timezone.localdate()
    found = queries.teams_visible_to(request.user, today)
    table = Table.of(
        request, found, COLUMNS, label="工作专班", counted="个专班",
        empty="还没有登记工作专班或领导小组。",
    )  # fmt: skip
    missing = queries.branches_without_team(request.user, today)
    shown = {"table": table, "missing": missing[:60], "n_missing": len(missing)}
    return render(request, "units/teams.html", shown)


def new(request: DeskRequest) -> HttpResponse:
    """Set up a team."""
    today = timezone.localdate()
    check_role(request.user, today, *KEEPERS)
    form = TeamForm(branches_to_choose(request.user, today, KEEPERS), _units(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        made = actions.create_team(
            who=who_of(request), name=told.pop("name"), area_code=told.pop("area_code"), fields=told,
            now=timezone.now(),
        )  # fmt: skip
        messages.success(request, f"已成立“{made.name}”。请登记成员。")
        return redirect("units:team", made.pk)
    shown = {"form": form, "heading": "成立专班", "back": "/desk/units/teams/"}
    return render(request, "units/form.html", shown)


def team(request: DeskRequest, key: int) -> HttpResponse:
    """A team with its members on a day (``?on=``), and everybody who ever was one."""
    found = _seen(request, key)
    today = timezone.localdate()
    day = _day(request) or today
    shown = {
        "team": found,
        "state": _state(found, today),
        "day": day,
        "is_today": day == today,
        "members": queries.members_on(found, day),
        "history": queries.all_members(found),
        "member_form": MemberForm(_units(request)),
        "is_kept": _keeps(request, found),
        "is_invented": found.is_invented,
    }
    return render(request, "units/team.html", shown)


def edit(request: DeskRequest, key: int) -> HttpResponse:
    """Change name, office, days, source."""
    found = _kept(request, key)
    today = timezone.localdate()
    names = ("name", "mechanism", "area_code", "office", "begins_on", "dissolves_on", "source")
    form = TeamForm(
        branches_to_choose(request.user, today, KEEPERS), _units(request), request.POST or None,
        initial={n: getattr(found, n) for n in names},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.change_team(who=who_of(request), team=found, fields=form.cleaned_data, now=timezone.now())
        messages.success(request, "已保存。")
        return redirect("units:team", key)
    shown = {"form": form, "heading": f"修改 {found.name}", "back": f"/desk/units/teams/{key}/"}
    return render(request, "units/form.html", shown)


def roster(request: DeskRequest, key: int) -> HttpResponse:
    """The roster as the annex prints it; ``?as=xlsx`` as a workbook."""
    found = _seen(request, key)
    day = _day(request) or timezone.localdate()
    members = queries.members_on(found, day)
    if request.GET.get("as") == "xlsx":
        return download(roster_workbook(found, members, day), f"roster-{found.pk}.xlsx")
    shown = {"team": found, "members": members, "day": day, "is_invented": found.is_invented}
    return render(request, "units/roster.html", shown)


def members(request: DeskRequest, key: int) -> HttpResponse:
    """POST: a member joins."""
    found = _kept(request, key)
    form = MemberForm(_units(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.join_team(who=who_of(request), team=found, fields=form.cleaned_data, now=timezone.now())
        messages.success(request, "成员已登记。")
        return redirect("units:team", key)
    shown = {"form": form, "heading": f"{found.name}：登记成员", "back": f"/desk/units/teams/{key}/"}
    return render(request, "units/form.html", shown)


def member_end(request: DeskRequest, key: int, member: int) -> HttpResponse:
    """POST: a membership ends."""
    found = _member(request, key, member)
    form = LastDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.leave_team(who=who_of(request), member=found, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "已登记离任。")
        return redirect("units:team", key)
    shown = {"form": form, "heading": f"{_named(found)} 离任", "back": f"/desk/units/teams/{key}/"}
    return render(request, "units/form.html", shown)


def replacement(request: DeskRequest, key: int, member: int) -> HttpResponse:
    """POST: somebody comes in place of a member; filed, not issued again."""
    found = _member(request, key, member)
    form = ReplacementForm(request.POST or None, initial={"post": found.post})
    if request.method == "POST" and form.is_valid():
        actions.replace_member(who=who_of(request), member=found, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "已备案；原成员的任期保留在记录中。")
        return redirect("units:team", key)
    shown = {"form": form, "heading": f"调整成员：{_named(found)}", "back": f"/desk/units/teams/{key}/"}
    return render(request, "units/form.html", shown)


def dissolution(request: DeskRequest, key: int) -> HttpResponse:
    """POST: the team is dissolved; a unit takes over."""
    found = _kept(request, key)
    form = HeirForm(_units(request), request.POST or None, initial={"on": found.dissolves_on})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.dissolve_team(
            who=who_of(request), team=found, on=told["on"], heir=told["heir"], now=timezone.now()
        )
        messages.success(request, "已撤销，并记下承接单位。")
        return redirect("units:team", key)
    shown = {"form": form, "heading": f"撤销 {found.name}", "back": f"/desk/units/teams/{key}/"}
    return render(request, "units/form.html", shown)


def _seen(request: DeskRequest, key: int) -> Team:
    return get_object_or_404(queries.teams_visible_to(request.user, timezone.localdate()), pk=key)


def _kept(request: DeskRequest, key: int) -> Team:
    check_role(request.user, timezone.localdate(), *KEEPERS)
    return get_object_or_404(queries.teams_kept_by(request.user, timezone.localdate()), pk=key)


def _keeps(request: DeskRequest, team: Team) -> bool:
    return queries.keeps_team(request.user, team, timezone.localdate(), KEEPERS)


def _member(request: DeskRequest, key: int, member: int) -> TeamMember:
    return get_object_or_404(queries.members_of(_kept(request, key)), pk=member)


def _units(request: DeskRequest) -> QuerySet[Unit]:
    return queries.units_in_force(request.user, timezone.localdate())


def _day(request: DeskRequest) -> dt.date | None:
    try:
        return parse_date(request.GET.get("on", ""))
    except ValueError:
        return None


def _named(member: TeamMember) -> str:
    return member.person or member.post or str(member.unit)
