"""Rounds of returns: the list, one round with who has not sent, a new one."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import branches_of
from yike.web.accounts.rules import check_role, has_role
from yike.web.outlets.queries import areas_to_choose
from yike.web.returns import actions, queries, rules, words
from yike.web.returns.forms import WaveForm
from yike.web.returns.models import Return, ReturnState, Wave
from yike.web.returns.queries.listing import waves_with_counts
from yike.web.returns.rules import branch_word
from yike.web.returns.views.found import the_wave
from yike.web.ui.table import Cell, Column, Table

WAVES = (
    Column(
        "title", "期次", lambda w: Cell(w.title, f"/desk/returns/waves/{w.pk}/", is_invented=w.is_invented)
    ),
    Column("state", "状态", lambda w: _state(w)),
    Column("as_of", "截至日期", lambda w: w.as_of, sort_by="as_of"),
    Column("due_on", "填报截止", lambda w: w.due_on, sort_by="due_on"),
    Column("in", "已提交", lambda w: f"{w.n_in} / {w.n_returns}", is_number=True),
    Column("locked", "已锁定", lambda w: w.n_locked, is_number=True),
)
RETURNS = (
    Column("circle", "便民生活圈", lambda r: _circle(r), sort_by="circle__name"),
    Column("communities", "所含社区", lambda r: "、".join(c["name"] for c in r.communities)),
    Column("state", "状态", lambda r: _return_state(r), sort_by="state"),
    Column("code", "表号", lambda r: r.code, sort_by="code"),
    Column("revision", "修订", lambda r: r.revision, is_number=True),
)


def _circle(ret: Return) -> Cell:
    return Cell(ret.circle.name, f"/desk/returns/{ret.pk}/", is_invented=ret.is_invented)


def _return_state(ret: Return) -> Cell:
    return Cell(ret.get_state_display(), sign=words.SIGNS[ret.state])


def waves(request: DeskRequest) -> HttpResponse:
    """GET: rounds of the person's branches, and what waits for her."""
    today = timezone.localdate()
    seen = waves_with_counts(request.user, today)
    told = {
        "table": Table.of(
            request,
            seen,
            WAVES,
            label="期次",
            counted="期",
            empty="还没有开始过调查。由市或区县开始新的一期。",
        ),
        "waiting": queries.waiting_for(request.user, today),
        "may_open": has_role(request.user, today, *rules.roles_for("open_wave")),
        "may_upload": has_role(request.user, today, *rules.roles_for("fill")),
        "is_invented": any(w.is_invented for w in seen),
    }
    return render(request, "returns/waves.html", told)


def wave(request: DeskRequest, key: int) -> HttpResponse:
    """GET: who has sent and who has not, at every level, and the returns themselves."""
    today, found = timezone.localdate(), the_wave(request, key)
    state = asked if (asked := request.GET.get("state", "")) in ReturnState.values else ""
    seen = queries.returns_in(request.user, found, today, state)
    branches = _branches(request, found, today)
    progress = [p for b in branches for p in queries.progress_of(found, b)]
    told = {
        "wave": found,
        "sign": _state(found),
        "progress": [
            (p, p.area_code in branches, words.BRANCH_SIGNS[p.state], branch_word(p.state)) for p in progress
        ],
        "late": [r for p in progress if p.area_code in branches for r in p.missing],
        "states": [
            (s, s.label, sum(p.by_state.get(s, 0) for p in progress if p.area_code in branches))
            for s in ReturnState
        ],
        "state": state,
        "table": Table.of(request, seen, RETURNS, label="调查表", counted="张", empty="没有这样的调查表。"),
        "may_open": has_role(request.user, today, *rules.roles_for("open_wave")),
        "days_left": (found.due_on - today).days,
        "days_over": (today - found.due_on).days,
        "is_invented": found.is_invented,
    }
    return render(request, "returns/wave.html", told)


def new_wave(request: DeskRequest) -> HttpResponse:
    """GET: an empty form. POST: open a round; every circle gets its form, filled from the register."""
    today = timezone.localdate()
    check_role(request.user, today, *rules.roles_for("open_wave"))
    form = WaveForm(areas_to_choose(request.user, today, rules.roles_for("open_wave")), request.POST or None,
                    initial=_usual(today))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            made = actions.open_wave(
                who=who_of(request), area_code=told.pop("area"), now=timezone.now(), **told
            )
        except RefusedError as refused:
            if refused.facts.get("status") != 400:
                raise
            form.add_error("title", refused.sentence)
        else:
            messages.success(request, f"已开始“{made.title}”，每个便民生活圈的表都按登记册预填好了。")
            return redirect("returns:wave", made.pk)
    return render(request, "returns/new_wave.html", {"form": form})


@require_POST
def missing(request: DeskRequest, key: int) -> HttpResponse:
    """POST: give a form to circles that were registered later."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("open_wave"))
    found = the_wave(request, key)
    made = actions.add_missing_returns(who=who_of(request), wave=found, now=timezone.now())
    messages.success(request, f"补了 {len(made)} 张表。" if made else "每个便民生活圈都已经有表。")
    return redirect("returns:wave", found.pk)


@require_POST
def closing(request: DeskRequest, key: int) -> HttpResponse:
    """POST: end a round, or open it again."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("open_wave"))
    found = the_wave(request, key)
    is_opening = request.POST.get("to") == "open"  # said by the page: pressed twice it stays what it is
    close = actions.reopen_wave if is_opening else actions.close_wave
    close(who=who_of(request), wave=found, now=timezone.now())
    messages.success(request, "已重新开放填报。" if is_opening else "本期已结束，不能再填。")
    return redirect("returns:wave", found.pk)


def _state(wave: Wave) -> Cell:
    today = timezone.localdate()
    if wave.closed_at is not None:
        return Cell("已结束", sign="stopped")
    if today > wave.due_on:
        return Cell("已过截止", sign="late")
    return Cell("填报中", sign="busy") if today >= wave.opens_on else Cell("未开始", sign="waiting")


def _branches(request: DeskRequest, wave: Wave, today: dt.date) -> list[str]:
    """The person's branches of a wave: her own below it, the wave's where hers are wider."""
    mine = branches_of(request.user, today)
    return [b if b.startswith(wave.area_code) else wave.area_code for b in mine
            if b.startswith(wave.area_code) or wave.area_code.startswith(b)]  # fmt: skip


def _usual(today: dt.date) -> dict[str, object]:
    """What most rounds ask: as of the end of last month, two weeks to fill."""
    return {
        "title": f"{today.year}年{today.month}月",
        "as_of": today.replace(day=1) - dt.timedelta(days=1),
        "opens_on": today,
        "due_on": today + dt.timedelta(days=14),
    }
