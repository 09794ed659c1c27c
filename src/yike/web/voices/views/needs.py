"""The list of needs, its export, and the page of one."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import one_of
from yike.web.outlets.values import type_label
from yike.web.ui.downloads import download
from yike.web.ui.table import Cell, Column, Table, changed
from yike.web.voices import queries, rules
from yike.web.voices.actions import needs as actions
from yike.web.voices.exports import needs_workbook
from yike.web.voices.forms import ClassifyForm, DecisionForm, NeedFilterForm, NoteForm
from yike.web.voices.models import Need
from yike.web.voices.questions import age_label, row_labels
from yike.web.voices.views.gate import only_for
from yike.web.voices.words import NEED_SIGNS

COLUMNS = (
    Column("text", "需求", lambda n: Cell(n.text, f"/desk/voices/{n.pk}/", is_invented=n.is_invented)),
    Column("row", "业态", lambda n: row_labels().get(n.form_row, "看不出")),
    Column("voices", "人次", lambda n: n.voices, is_number=True, sort_by="voices", sum_of="voices"),
    Column("urgent", "急需", lambda n: "急" if n.is_urgent else ""),
    Column("state", "状态", lambda n: Cell(n.get_state_display(), sign=NEED_SIGNS[n.state])),
    Column("circle", "生活圈", lambda n: n.circle.name),
    Column("building", "楼栋或地点", lambda n: n.building),
    Column("channel", "渠道", lambda n: n.get_channel_display()),
    Column("on", "提出日期", lambda n: n.said_on, sort_by="said_on"),
)


def needs(request: DeskRequest) -> HttpResponse:
    """GET: the list, or the same as a workbook with ``?as=xlsx``."""
    today = timezone.localdate()
    form = NeedFilterForm(queries.circles_to_choose(request.user, today), request.GET)
    seen = queries.needs_visible_to(request.user, today)
    found = queries.needs_found(seen, form.wanted())
    if request.GET.get("as") == "xlsx":
        return _file(found)
    table = Table.of(
        request, found, COLUMNS, filters=form, label="需求", counted="条需求",
        empty="还没有需求。入户、议事会上听到的，随手记下来。",
        exports=[("Excel", changed(request.GET, **{"as": "xlsx"}))],
    )  # fmt: skip
    return render(request, "voices/needs.html", {"table": table})


def _file(found: object) -> HttpResponse:
    stream = io.BytesIO()
    needs_workbook(found, stream)  # type: ignore[arg-type]
    return download(stream.getvalue(), f"needs-{timezone.localdate():%Y%m%d}.xlsx")


def need(request: DeskRequest, key: int) -> HttpResponse:
    """GET: a need, who asked for it, what was decided."""
    today = timezone.localdate()
    seen = queries.histories(queries.needs_visible_to(request.user, today))
    found: Need = one_of(seen, key)
    is_open = found.state in rules.OPEN_STATES
    may_merge = is_open and queries.may(request.user, "merge", found, today)
    told = {
        "need": found,
        "type_label": type_label(found.type_code),
        "row_label": row_labels().get(found.form_row, ""),
        "said": [(v, age_label(v.age_band)) for v in found.said.all()],
        "steps": [(s, _decision_word(s.kind)) for s in found.steps.all()],
        "decision_word": _decision_word(found.decision_kind),
        "similar": [n for n in queries.similar_needs(found.circle, found.text, found.type_code) if n != found]
        if may_merge
        else [],
        "classify_form": _classify_form(found)
        if is_open and queries.may(request.user, "note", found, today)
        else None,
        "decision_form": DecisionForm()
        if found.state == Need.State.NEW and queries.may(request.user, "decide", found, today)
        else None,
        "may_reopen": found.state in (Need.State.CONFIRMED, Need.State.REFUSED)
        and queries.may(request.user, "decide", found, today),
        "may_part": found.state == Need.State.MERGED and queries.may(request.user, "merge", found, today),
        "sign": NEED_SIGNS[found.state],
        "is_invented": found.is_invented,
    }
    return render(request, "voices/need.html", told)


def _decision_word(code: str) -> str:
    found = rules.decisions().get(code)
    return found.label if found else ""


def _classify_form(found: Need) -> ClassifyForm:
    columns = {"text": found.text, "type_code": found.type_code, "building": found.building}
    return ClassifyForm(initial=columns)


def _one(request: DeskRequest, key: int) -> Need:
    found: Need = one_of(queries.needs_visible_to(request.user, timezone.localdate()), key)
    return found


@require_POST
@only_for("note")
def classification(request: DeskRequest, key: int) -> HttpResponse:
    """POST: other words, another type, another place."""
    found, form = _one(request, key), ClassifyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有保存：需求不能为空，不超过 200 字。")
        return redirect("voices:need", key)
    actions.classify_need(who=who_of(request), need=found, now=timezone.now(), **form.cleaned_data)
    messages.success(request, "已保存。")
    return redirect("voices:need", key)


@require_POST
@only_for("decide")
def decision(request: DeskRequest, key: int) -> HttpResponse:
    """POST: confirm or turn down."""
    found, form = _one(request, key), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有办理：请选择处理方式。")
        return redirect("voices:need", key)
    actions.decide_need(who=who_of(request), need=found, now=timezone.now(), **form.cleaned_data)
    messages.success(request, "已办理。")
    return redirect("voices:need", key)


@require_POST
@only_for("decide")
def reopening(request: DeskRequest, key: int) -> HttpResponse:
    """POST: take a decision back."""
    found, form = _one(request, key), NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    actions.reopen_need(who=who_of(request), need=found, now=timezone.now(), note=note)
    messages.success(request, "已撤回处理，重新待确认。")
    return redirect("voices:need", key)


@require_POST
@only_for("merge")
def merger(request: DeskRequest, key: int) -> HttpResponse:
    """POST: let this need stand for the chosen ones too."""
    found = _one(request, key)
    others = [_one(request, int(k)) for k in request.POST.getlist("other") if k.isdigit() and len(k) < 18]
    kept = actions.merge_needs(who=who_of(request), keep=found, others=others, now=timezone.now())
    messages.success(request, f"已合并，现在 {kept.voices} 人次。")
    return redirect("voices:need", key)


@require_POST
@only_for("merge")
def parting(request: DeskRequest, key: int) -> HttpResponse:
    """POST: take a merged need out again."""
    actions.part_need(who=who_of(request), need=_one(request, key), now=timezone.now())
    messages.success(request, "已从合并中分出，重新待确认。")
    return redirect("voices:need", key)
