"""The merged return of a branch: the form, its circles row by row, what is missing; its steps and papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.standards.survey_form import SUMMED, TOTAL, TYPE_ROWS
from yike.standards.survey_words import row_name
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import branches_of
from yike.web.accounts.rules import check_role
from yike.web.returns import actions, queries, rules, words
from yike.web.returns.checks import limits_of
from yike.web.returns.models import Wave
from yike.web.returns.pages import rounding_of
from yike.web.returns.queries import MergedForm
from yike.web.returns.queries.branches import branch_steps, open_to_branch
from yike.web.returns.sheet import Beside, label_of, sheet_of
from yike.web.returns.views.found import the_wave
from yike.web.returns.views.papers import as_file
from yike.web.returns.views.steps import roles_of_step

ROLES = {
    "report": ("check", "approve"),
    "send_back": ("approve", "lock"),
    "lock": ("lock",),
    "undo": ("check", "approve"),
}  # the steps of single returns that the same people take
NOUNS = {"report": "report", "send_back": "return", "lock": "lock", "undo": "withdrawal"}
DONE = {
    "report": "已上报，等上级审核。",
    "send_back": "已退回。",
    "lock": "已锁定，内容冻结。",
    "undo": "已撤回，可以再改。",
}


def merged(request: DeskRequest, key: int, branch: str) -> HttpResponse:
    """GET: the merged form of a branch, or with ``?as=xlsx|docx|pdf`` its paper."""
    wave = _wave(request, key, branch)
    form = queries.merged(wave, branch)
    if kind := request.GET.get("as", ""):
        return as_file(_docs(wave, form, kind), kind, f"{form.name}-{wave.title}-汇总")
    state = queries.branch_states(wave).get(branch, "open")
    told = {
        "wave": wave,
        "branch": branch,
        "form": form,
        "sheet": sheet_of(form.doc, Beside(), rounding_note=rounding_of(form.doc.values, form.doc.settings)),
        "may": open_to_branch(who_of(request), wave, branch, timezone.localdate()),
        "sign": words.BRANCH_SIGNS[state],
        "state": rules.branch_word(state),
        "steps": branch_steps(wave, branch),
        "lines": _lines(form),
        "totals": [form.doc.values.get(f"{TOTAL}.{c}") for c in SUMMED]
        + [line.totals[c] for line in form.per_circle for c in SUMMED],
        "mismatches": [(m, label_of(m.key)) for m in form.mismatches],
        "least": limits_of(wave)["samples_least"],
        "is_invented": form.doc.is_invented,
    }
    return render(request, "returns/merged.html", told)


@require_POST
def branch_step(request: DeskRequest, key: int, branch: str, code: str) -> HttpResponse:
    """POST: report, send back, lock or take back a branch's merged return."""
    check_role(
        request.user, timezone.localdate(), *dict.fromkeys(r for c in ROLES[code] for r in roles_of_step(c))
    )
    wave, who, now = _wave(request, key, branch), who_of(request), timezone.now()
    note = request.POST.get("note", "").strip()[:400]
    if code not in open_to_branch(who, wave, branch, timezone.localdate()):
        messages.error(request, "现在不能这样做：汇总表的状态刚刚变了，或不归您办理。")
        return redirect("returns:merged", wave.pk, branch)
    try:
        if code == "report":
            actions.report_branch(who=who, wave=wave, area_code=branch, now=now)
        elif code == "send_back":
            actions.send_back_branch(who=who, wave=wave, area_code=branch, note=note, now=now)
        elif code == "lock":
            actions.lock_branch(who=who, wave=wave, area_code=branch, now=now, note=note)
        else:
            actions.undo_branch(who=who, wave=wave, area_code=branch, now=now, note=note)
    except RefusedError as refused:
        if refused.facts.get("status", 403) in (403, 404):
            raise
        messages.error(request, refused.sentence)
    else:
        messages.success(request, DONE[code])
    return redirect("returns:merged", wave.pk, branch)


def _wave(request: DeskRequest, key: int, branch: str) -> Wave:
    """The wave, when the branch is one of its and of the person's; 404 otherwise."""
    wave = the_wave(request, key)
    mine = branches_of(request.user, timezone.localdate())
    is_code = branch.isdigit() and len(branch) in (4, 6, 9, 12)
    if not is_code or not branch.startswith(wave.area_code) or not any(branch.startswith(b) for b in mine):
        raise RefusedError("returns.no_branch", status=404, branch=branch)
    return wave


def _docs(wave: Wave, form: MergedForm, kind: str) -> list[Any]:
    """The merged form; in a workbook the circles' own forms follow it."""
    if kind != "xlsx":
        return [form.doc]
    return [form.doc, *(queries.doc_of(r) for r in form.circles_in)]


def _lines(form: MergedForm) -> list[dict[str, Any]]:
    """Rows of the form, each with the figures of every circle and their sum."""
    return [
        {
            "label": row_name(row),
            "sums": [form.doc.values.get(f"{row}.{c}") for c in SUMMED],
            "circles": [[line.values.get(f"{row}.{c}") for c in SUMMED] for line in form.per_circle],
        }
        for row in TYPE_ROWS
    ]
