"""Limits of the checks by date: the list, new ones, a round under its own and under others side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import branches_of
from yike.web.accounts.rules import check_role, has_role
from yike.web.outlets.queries import areas_to_choose
from yike.web.returns import actions, checks, rules
from yike.web.returns.forms import RuleSetForm
from yike.web.returns.models import RuleSet, Wave
from yike.web.returns.prefill import areas_named
from yike.web.returns.queries import rule_sets as reads
from yike.web.returns.views.found import the_wave
from yike.web.ui.table import Cell, Column, Table

USUAL = 0
"""The program's own limits in the list of what a round may be compared with."""


def _columns(names: dict[str, tuple[str, str]]) -> tuple[Column, ...]:
    return (
        Column("title", "口径", lambda r: Cell(r.title, is_invented=r.is_invented)),
        Column("area", "辖区", lambda r: names[r.area_code][0]),
        Column("begins_on", "起用日期", lambda r: r.begins_on, sort_by="begins_on"),
        *(
            Column(v.name, f"{v.label}（{v.unit}）", _limit(v.name), is_number=True)
            for v in checks.branch_limits()
        ),
        Column("basis", "依据", lambda r: r.basis),
        Column("by", "谁定的", lambda r: r.by.display_name if r.by else "系统"),
    )


def _limit(name: str) -> Callable[[RuleSet], int]:
    return lambda rule_set: rule_set.limits[name]


def rule_sets(request: DeskRequest) -> HttpResponse:
    """GET: limits of the person's branches, the newest first; those of the program below."""
    today = timezone.localdate()
    seen = reads.rule_sets_visible_to(request.user, today)
    names = areas_named(reads.branches_of_sets(seen))
    told = {
        "table": Table.of(
            request, seen, _columns(names), label="口径", counted="个", empty="没有另定口径，各期用默认的。"
        ),
        "usual": [(v, checks.usual_limits()[v.name]) for v in checks.branch_limits()],
        "may_add": has_role(request.user, today, *rules.roles_for("open_wave")),
        "is_invented": any(r.is_invented for r in seen),
    }  # fmt: skip
    return render(request, "returns/rule_sets.html", told)


def new_rule_set(request: DeskRequest) -> HttpResponse:
    """GET: the limits that hold now, to be changed. POST: set them for rounds to come."""
    today, roles = timezone.localdate(), rules.roles_for("open_wave")
    check_role(request.user, today, *roles)
    areas = areas_to_choose(request.user, today, roles)
    form = RuleSetForm(areas, checks.branch_limits(), request.POST or None, initial=_usual(request, today))
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        limits = {v.name: told.pop(v.name) for v in checks.branch_limits()}
        try:
            made = actions.add_rule_set(
                who=who_of(request), area_code=told.pop("area"), limits=limits, now=timezone.now(), **told
            )
        except RefusedError as refused:
            if refused.facts.get("status") != 400:
                raise
            form.add_error("begins_on", refused.sentence)
        else:
            messages.success(request, f"已定“{made.title}”，{made.begins_on:%Y-%m-%d} 起用；已开的期次不变。")
            return redirect("returns:rule-sets")
    return render(request, "returns/new_rule_set.html", {"form": form})


def wave_rules(request: DeskRequest, key: int) -> HttpResponse:
    """GET: a round under the limits it was opened with, beside others (``?against=``); nothing changes."""
    wave = the_wave(request, key)
    known = list(reads.rule_sets_over(wave.area_code))
    against = _against(request.GET.get("against", ""), known)
    other = checks.usual_limits() | (against.limits if against else {})
    kept = checks.limits_of(wave)
    told = {
        "wave": wave,
        "choices": [
            (USUAL, reads.USUAL),
            *((r.pk, f"{r.title}（{r.begins_on:%Y-%m-%d} 起）") for r in known),
        ],
        "chosen": against.pk if against else USUAL,
        "own_title": wave.limits_title or reads.USUAL,
        "other_title": against.title if against else reads.USUAL,
        "limits": [(v, kept[v.name], other[v.name]) for v in checks.branch_limits()],
        "lines": reads.compared(wave, _branch(request, wave), other),
        "is_invented": wave.is_invented,
    }
    return render(request, "returns/wave_rules.html", told)


def _against(asked: str, known: list[RuleSet]) -> RuleSet | None:
    """The limits asked for; the newest where nobody asked; None are the program's."""
    if not asked:
        return known[0] if known else None
    return next((r for r in known if str(r.pk) == asked), None)


def _branch(request: DeskRequest, wave: Wave) -> str:
    """As much of the round as the person may see: the widest of her branches in it, else all of it."""
    mine = [b for b in branches_of(request.user, timezone.localdate()) if b.startswith(wave.area_code)]
    return min(mine, key=len, default=wave.area_code)


def _usual(request: DeskRequest, today: dt.date) -> dict[str, object]:
    """What holds now, from the first day of next year."""
    branch = min(branches_of(request.user, today), key=len)
    limits, _ = reads.limits_in_force(branch, today)
    year = today.year + 1
    return {"title": f"{year}年口径", "begins_on": dt.date(year, 1, 1), **limits}
