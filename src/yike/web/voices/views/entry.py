"""Typing paper sheets in: one at a time by keyboard, or a workbook of many."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError, YikeError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import one_of
from yike.web.ui.table import Column, Table
from yike.web.voices import pooling, queries
from yike.web.voices.actions import files as file_actions
from yike.web.voices.actions import surveys as actions
from yike.web.voices.exports import answer_template
from yike.web.voices.forms import ASKED, FileForm
from yike.web.voices.models import AnswerFile, Channel, Survey
from yike.web.voices.questions import questionnaire, settings
from yike.web.voices.sheet import MOST_TEXT, asked_rows, values_of
from yike.web.voices.views.gate import only_for, survey_of

FAULTS = (
    Column("row", "行", lambda f: f["row"], is_number=True),
    Column("column", "列", lambda f: f["column"]),
    Column("found", "填的是", lambda f: f["found"] or "空"),
    Column("message", "问题", lambda f: f["message"]),
    Column("cure", "怎么改", lambda f: f["cure"]),
)
MOST_FAULTS_SHOWN = 200


@only_for("survey")
def entry(request: DeskRequest, key: int) -> HttpResponse:
    """GET: an empty sheet with the next number. POST: keep it and go on to the next."""
    found = survey_of(request, key)
    fault = ""
    if request.method == "POST":
        try:
            kept = actions.enter_answer(
                who=who_of(request), survey=found, number=request.POST.get("number", ""),
                channel=_channel(request), values=values_of(request.POST), now=timezone.now(),
            )  # fmt: skip
        except RefusedError as refused:
            if not refused.code.startswith(("voices.number", "voices.answer")):
                raise
            fault = f"{refused}{refused.hint}"
        else:
            messages.success(request, f"已录入 {kept.number}。")
            return redirect(f"{request.path}?channel={kept.channel}")
    return _page(request, found, fault)


def _channel(request: DeskRequest) -> str:
    told = request.POST.get("channel") or request.GET.get("channel", "")
    return told if told in dict(ASKED) else Channel.PAPER


def _page(request: DeskRequest, found: Survey, fault: str) -> HttpResponse:
    asked = questionnaire()
    told = {
        "survey": found,
        "fault": fault,
        "sent": request.POST,
        "ticked": request.POST.getlist("missing"),
        "number": request.POST.get("number") or queries.next_number(found),
        "channel": _channel(request),
        "channels": ASKED,
        "rows": asked_rows(request.POST),
        "scale": asked.scale,
        "reach": asked.reach,
        "reach_digits": [(digit, dict(asked.reach)[code]) for digit, code in asked.reach_digits.items()],
        "about": (
            ("age_band", "年龄段", asked.age_bands, request.POST.get("age_band", "")),
            ("household", "家庭", asked.households, request.POST.get("household", "")),
            ("years", "住了多久", asked.years, request.POST.get("years", "")),
        ),
        "missing": asked.missing,
        "urgent": [
            (f"urgent{i}", request.POST.get(f"urgent{i}", "")) for i in range(1, settings().most_urgent + 1)
        ],
        "most_text": MOST_TEXT,
        "counter": pooling.counter_of(found),
        "is_invented": found.is_invented,
    }
    return render(request, "voices/entry.html", told, status=422 if fault else 200)


@only_for("survey")
def files(request: DeskRequest, key: int) -> HttpResponse:
    """GET: workbooks so far and the upload form. POST: read one."""
    found = survey_of(request, key)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            kept = file_actions.take_file(
                who=who_of(request), survey=found, stream=sent, name=sent.name, now=timezone.now()
            )
        except YikeError as wrong:
            if isinstance(wrong, RefusedError) and not wrong.code.startswith("voices.file"):
                raise
            form.add_error("file", f"{wrong}{getattr(wrong, 'hint', '')}")
        else:
            return redirect("voices:file", kept.pk)
    told = {
        "survey": found,
        "form": form,
        "files": queries.files_of(found),
        "is_invented": found.is_invented,
    }
    return render(request, "voices/files.html", told)


@only_for("survey")
def file(request: DeskRequest, key: int) -> HttpResponse:
    """GET: what a workbook would add, and each cell that cannot be read."""
    found = _file(request, key)
    rows_with_faults = {f["row"] for f in found.faults}
    told = {
        "file": found,
        "n_good": len(found.rows),
        "n_bad": len(rows_with_faults),
        "table": Table.plain(
            found.faults[:MOST_FAULTS_SHOWN], FAULTS, label="问题", counted="处问题", empty="没有问题。"
        ),
        "n_faults": len(found.faults),
        "waits": found.state == AnswerFile.State.READ,
        "is_invented": found.survey.is_invented,
    }
    return render(request, "voices/file.html", told)


def _file(request: DeskRequest, key: int) -> AnswerFile:
    seen = queries.files_visible_to(request.user, timezone.localdate())
    found: AnswerFile = one_of(seen, key)
    return found


@require_POST
@only_for("survey")
def application(request: DeskRequest, key: int) -> HttpResponse:
    """POST: enter the readable rows."""
    found = _file(request, key)
    n = file_actions.apply_file(who=who_of(request), file=found, now=timezone.now())
    messages.success(request, f"已录入 {n} 份问卷。")
    return redirect("voices:survey", found.survey_id)


@require_POST
@only_for("survey")
def drop(request: DeskRequest, key: int) -> HttpResponse:
    """POST: give a workbook up."""
    found = _file(request, key)
    file_actions.drop_file(who=who_of(request), file=found, now=timezone.now())
    messages.success(request, "已放弃，没有录入。")
    return redirect("voices:files", found.survey_id)


@only_for("survey")
def template(request: DeskRequest) -> FileResponse:
    """GET: the empty workbook."""
    stream = io.BytesIO()
    answer_template(stream)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename="问卷录入表.xlsx")
