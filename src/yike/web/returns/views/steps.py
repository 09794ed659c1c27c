"""A return moves: submitted, checked, sent back, approved, locked, corrected; every step asks once more."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.errors import RefusedError
from yike.standards.survey_form import cell_keys
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import check_role
from yike.web.audit.chain import Who
from yike.web.returns import actions, rules
from yike.web.returns.forms import NoteForm
from yike.web.returns.models import Return
from yike.web.returns.pages import desk_of
from yike.web.returns.sheet import label_of
from yike.web.returns.views.found import the_return

SAMPLES_FEW = "samples_few"  # the one error that a reason lifts
N_NOTES = 3  # cells that can be remarked on at once without script


@dataclass(frozen=True)
class Step:
    """What a step is called and asks for."""

    code: str  # as ``queries.open_to`` names it
    noun: str  # in the address
    title: str
    verb: str
    lead: str
    done: str
    note: str = "说明"
    is_must: bool = False
    asks_cells: bool = False
    is_danger: bool = False


def _steps() -> dict[str, Step]:
    raw = tomllib.loads((files("yike.web.returns") / "data" / "step_pages.toml").read_text("utf-8"))
    return {code: Step(code, **told) for code, told in raw.items()}


STEPS = _steps()


def roles_of_step(code: str) -> tuple[str, ...]:
    """Roles that ever take a step, whatever the branch and the state."""
    between = {v.enters: (*v.roles, *v.own) for v in rules.levels_between()}
    top, fill = rules.roles_for("top"), rules.roles_for("submit")
    levels = (*between["checked"], *between["approved"], *top)
    return {
        "submit": fill,
        "check": between["checked"],
        "approve": between["approved"],
        "lock": top,
        "send_back": levels,
        "undo": (*fill, *levels),
        "correct": rules.roles_for("correct"),
    }[code]


def _not_now(ret: Return, asked: Step) -> RefusedError:
    if ret.wave.closed_at is not None:
        return RefusedError("returns.wave_closed", title=ret.wave.title)
    return RefusedError("returns_pages.not_now", step=asked.title, state=ret.get_state_display())


def step(request: DeskRequest, key: int, code: str) -> HttpResponse:
    """GET: what the step does and asks for. POST: take it."""
    today = timezone.localdate()
    check_role(request.user, today, *dict.fromkeys(roles_of_step(code)))
    ret, asked = the_return(request, key), STEPS[code]
    told = desk_of(ret, who_of(request), today)
    if code not in told["may"]:
        refused = _not_now(ret, asked)
        messages.error(request, refused.sentence)
        return redirect("returns:return", ret.pk)
    form = NoteForm(
        request.POST if request.method == "POST" else None, label=asked.note, is_must=asked.is_must
    )
    if request.method == "POST" and form.is_valid():
        return _take(request, ret, asked, form.cleaned_data["note"])
    return render(request, "returns/step.html", told | _asks(asked, form, told))


def _asks(asked: Step, form: NoteForm, told: dict[str, Any]) -> dict[str, Any]:
    wrong = [f for f in told["findings"] if f["severity"] == "error"] if asked.code == "submit" else []
    few = [f for f in told["findings"] if f["code"].startswith(SAMPLES_FEW)]
    return {
        "step": asked,
        "form": form,
        "blocking": [f for f in wrong if f["code"] != SAMPLES_FEW],
        "few": few if asked.code == "submit" else [],
        "asks_note": asked.code != "submit" or few,
        "cells": [(k, label_of(k)) for k in cell_keys()] if asked.asks_cells else [],
        "slots": range(N_NOTES),
    }


def _take(request: DeskRequest, ret: Return, asked: Step, note: str) -> HttpResponse:
    try:
        TAKE[asked.code](request, who_of(request), ret, note, timezone.now())
    except RefusedError as refused:
        if refused.facts.get("status", 403) in (403, 404):
            raise
        messages.error(request, refused.sentence)
        return redirect(f"returns:{NAMES[asked.code]}", ret.pk)
    messages.success(request, asked.done)
    return redirect("returns:return", ret.pk)


def _submit(request: DeskRequest, who: Who, ret: Return, note: str, now: dt.datetime) -> None:
    actions.submit(who=who, of=ret, now=now, samples_reason=note)


def _check(request: DeskRequest, who: Who, ret: Return, note: str, now: dt.datetime) -> None:
    actions.check(who=who, of=ret, now=now, note=note)


def _approve(request: DeskRequest, who: Who, ret: Return, note: str, now: dt.datetime) -> None:
    actions.approve(who=who, of=ret, now=now, note=note)


def _lock(request: DeskRequest, who: Who, ret: Return, note: str, now: dt.datetime) -> None:
    actions.lock(who=who, of=ret, now=now, note=note)


def _send_back(request: DeskRequest, who: Who, ret: Return, note: str, now: dt.datetime) -> None:
    cells = zip(request.POST.getlist("cell"), request.POST.getlist("remark"), strict=False)
    notes = {key: text.strip() for key, text in cells if key in cell_keys() and text.strip()}
    actions.send_back(who=who, of=ret, notes=notes, note=note, now=now)


def _undo(request: DeskRequest, who: Who, ret: Return, note: str, now: dt.datetime) -> None:
    actions.undo_step(who=who, of=ret, now=now, note=note)


def _correct(request: DeskRequest, who: Who, ret: Return, note: str, now: dt.datetime) -> None:
    actions.correct(who=who, of=ret, why=note, now=now)


TAKE: dict[str, Callable[[DeskRequest, Who, Return, str, dt.datetime], None]] = {
    "submit": _submit, "check": _check, "approve": _approve, "lock": _lock, "send_back": _send_back,
    "undo": _undo, "correct": _correct,
}  # fmt: skip
NAMES = {code: "return-back" if code == "send_back" else s.noun for code, s in STEPS.items()}
