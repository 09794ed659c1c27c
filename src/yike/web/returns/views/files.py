"""Filled forms that come back as files: what differs, what to ask, what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import check_role
from yike.web.returns import actions, queries, rules
from yike.web.returns.cells import from_json, to_json
from yike.web.returns.editing import WHY
from yike.web.returns.forms import FileForm, UploadForm
from yike.web.returns.models import Return, ReturnFile
from yike.web.returns.pages import anchor_of
from yike.web.returns.queries.listing import fillable_of
from yike.web.returns.sheet import label_of, shown
from yike.web.returns.since_sent import BOTH
from yike.web.returns.views.found import the_file, the_return

NOTHING = "文件与系统里的表逐格相同：0 处差异，不用采用。"


def upload(request: DeskRequest) -> HttpResponse:
    """GET: choose a form and a file. POST: take it."""
    today = timezone.localdate()
    check_role(request.user, today, *rules.roles_for("fill"))
    mine = fillable_of(request.user, today)
    choices = [(r.pk, f"{r.circle.name}（{r.wave.title}）") for r in mine]
    form = UploadForm(choices, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _take(request, the_return(request, int(form.cleaned_data["of"])), form.cleaned_data["file"])
    return render(request, "returns/upload.html", {"form": form, "returns": mine})


@require_POST
def files(request: DeskRequest, key: int) -> HttpResponse:
    """POST: take a file for a return."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("fill"))
    ret = the_return(request, key)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "没有收到文件：请选择填好的表再上传。")
        return redirect("returns:return", ret.pk)
    return _take(request, ret, form.cleaned_data["file"])


def file(request: DeskRequest, key: int) -> HttpResponse:
    """GET: what a file would change."""
    return _page(request, the_file(request, key))


@require_POST
def application(request: DeskRequest, key: int) -> HttpResponse:
    """POST: take over the chosen changes."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("fill"))
    found = the_file(request, key)
    only = request.POST.getlist("only")
    asked = [q["key"] for q in found.questions if q["key"] in only]
    answers = {key: request.POST.get(f"answer-{key}", "") for key in asked}
    comments = {key: request.POST.get(WHY + key, "").strip() for key in only}
    if bare := [k for k, answer in answers.items() if answer not in ("keep", "suggested")]:
        messages.error(request, f"请先回答：{'、'.join(label_of(k) for k in bare)}怎样算。")
        return _page(request, found, request.POST, status=422)
    try:
        actions.apply_file(
            who=who_of(request), file=found, answers=answers, now=timezone.now(),
            comments={k: why for k, why in comments.items() if why}, only=only,
        )  # fmt: skip
    except RefusedError as refused:
        if refused.facts.get("status", 403) in (403, 404):
            raise
        messages.error(request, f"还没有采用：{refused.sentence}")
        return _page(request, found, request.POST, status=422)
    messages.success(request, f"已采用 {len(only)} 处修改。")
    return redirect("returns:return", found.of_id)


@require_POST
def refusal(request: DeskRequest, key: int) -> HttpResponse:
    """POST: leave the file aside."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("fill"))
    found = the_file(request, key)
    try:
        actions.drop_file(who=who_of(request), file=found, now=timezone.now())
    except RefusedError as refused:
        return _told(request, found, refused)
    messages.success(request, "已放弃这个文件，表没有改动。")
    return redirect("returns:return", found.of_id)


@require_POST
def withdrawal(request: DeskRequest, key: int) -> HttpResponse:
    """POST: put back what an applied file changed."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("fill"))
    found = the_file(request, key)
    try:
        stays = actions.undo_file(who=who_of(request), file=found, now=timezone.now())
    except RefusedError as refused:
        return _told(request, found, refused)
    told = f"；{'、'.join(label_of(k) for k in stays)}后来又改过，没有动" if stays else ""
    messages.success(request, f"已撤销这个文件的改动{told}。")
    return redirect("returns:return", found.of_id)


def _told(request: DeskRequest, found: ReturnFile, refused: RefusedError) -> HttpResponse:
    """Back to the file with what stands in the way."""
    if refused.facts.get("status", 403) in (403, 404):
        raise refused
    messages.error(request, refused.sentence)
    return redirect("returns:file", found.pk)


def _take(request: DeskRequest, ret: Return, stream: Any) -> HttpResponse:
    try:
        found = actions.take_file(
            who=who_of(request), of=ret, stream=stream, name=stream.name, now=timezone.now()
        )
    except RefusedError as refused:
        if refused.facts.get("status", 403) in (403, 404):
            raise
        messages.error(request, refused.sentence)
        return redirect("returns:return", ret.pk)
    return redirect("returns:file", found.pk)


def _page(
    request: DeskRequest, found: ReturnFile, posted: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    may = queries.open_to(who_of(request), found.of, timezone.localdate())
    sources = queries.sources_of(found.of)
    asked = {q["key"]: q for q in found.questions}
    lines = [*found.changes, *_only_asked(found)]
    told = {
        "file": found,
        "ret": found.of,
        "changes": [_change(c, sources, asked, posted) for c in lines],
        "faults": [f | {"label": label_of(f.get("key", ""))} for f in found.faults],
        "may_apply": found.state == ReturnFile.State.READ and "take_file" in may and bool(lines),
        "may_drop": found.state == ReturnFile.State.READ and "take_file" in may,
        "may_undo": found.state == ReturnFile.State.APPLIED and "take_file" in may,
        "nothing": NOTHING if not lines and not found.faults else "",
        "is_stale": found.state == ReturnFile.State.READ and found.seen_version != found.of.version,
        "is_invented": found.of.is_invented,
    }
    return render(request, "returns/file.html", told, status=status)


def _only_asked(found: ReturnFile) -> list[dict[str, Any]]:
    """Questions about cells that are no change by themselves: a 合计 that its rows no longer add up to."""
    changed = {c["key"] for c in found.changes}
    values = queries.doc_of(found.of).values
    return [
        {"key": q["key"], "cell": q["cell"], "old": to_json(q["key"], values.get(q["key"])), "new": q["kept"]}
        for q in found.questions
        if q["key"] not in changed
    ]


def _suggested(key: str, raw: Any) -> str:
    """What was probably meant; a 合计 left blank is the sum of its rows."""
    value = from_json(key, raw)
    return "按各行相加" if value is None and key.startswith("ALL.") else shown(key, value)


def _change(
    raw: Mapping[str, Any], sources: Mapping[str, Any], asked: Mapping[str, Any], posted: Any
) -> dict[str, Any]:
    """One line of the comparison: old and new in words, what to ask, whether a reason is due."""
    key = raw["key"]
    new, source, question = from_json(key, raw["new"]), sources.get(key), asked.get(key)
    stands = source.stands if source is not None and source.mark != "hand" else None
    return {
        "key": key,
        "label": label_of(key),
        "href": anchor_of(key),
        "cell": raw["cell"],
        "old": shown(key, from_json(key, raw["old"])),
        "new": shown(key, new),
        "asks_why": stands is not None and new != stands,
        "said": source.said if source else "",
        "why": posted.get(WHY + key, "") if posted else "",
        "is_on": key in posted.getlist("only") if posted else True,
        "question": question and {
            "reason": question["reason"],
            "is_both": question.get("kind") == BOTH,
            "suggested": _suggested(key, question["suggested"]),
            "answer": posted.get(f"answer-{key}", "") if posted else "",
        },
    }  # fmt: skip
