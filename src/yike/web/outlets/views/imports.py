"""Pages of imports: upload, what it would do, apply, take back."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.jobs.queue import enqueue
from yike.web.outlets import imports, queries, rules
from yike.web.outlets.exports import returned_workbook
from yike.web.outlets.forms import ApplyForm, DatumForm, UploadForm
from yike.web.outlets.models import BatchState, ImportBatch, Verdict
from yike.web.outlets.views.gate import keepers_only
from yike.web.outlets.views.import_columns import BATCH_SIGNS, BATCHES, row_columns
from yike.web.ui.table import Table

TITLES = {"outlets.preview": "预检", "outlets.import": "导入", "outlets.undo": "撤销导入"}


@keepers_only
def batches(request: DeskRequest) -> HttpResponse:
    """GET: imports so far and the upload form. POST: keep a file and look at it."""
    today = timezone.localdate()
    areas = queries.areas_to_choose(request.user, today, rules.KEEPERS)
    form = UploadForm(areas, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        batch = imports.upload(
            who=who_of(request), stream=told["file"], name=told["file"].name, area_code=told["area"],
            datum=told["datum"], now=timezone.now(),
        )  # fmt: skip
        _ask(request, "outlets.preview", batch)
        return redirect("outlets:batch", batch.pk)
    found = queries.batches_visible_to(request.user, today)
    table = Table.of(request, found, BATCHES, label="导入记录", counted="批", empty="还没有导入过清单。")
    return render(request, "outlets/batches.html", {"form": form, "table": table})


@keepers_only
def batch(request: DeskRequest, key: int) -> HttpResponse:
    """GET: what each row would do or did."""
    found = _batch(request, key)
    verdict = asked if (asked := request.GET.get("verdict", "")) in Verdict.values else ""
    rows = queries.rows_of(found, verdict)
    columns = row_columns(queries.communities_changed_by(found))
    job = queries.job_of(found)
    undone = found.counts.get("undone", {})
    told = {
        "batch": found,
        "sign": BATCH_SIGNS[found.state],
        "job": job if job and job.ended_at is None else None,
        "is_mine": bool(job and job.asked_by_id == request.user.pk),
        "failed": job if job and job.state == "failed" else None,
        "table": Table.of(
            request,
            rows,
            columns,
            label="逐行结果",
            counted="行",
            empty="没有这样的行。" if found.counts else "还没有预检结果。",
        ),
        "verdict": verdict,
        "verdicts": [(v, v.label, found.counts.get(v.value, 0)) for v in Verdict],
        "datum_form": DatumForm(initial={"datum": found.datum or found.datum_guess}),
        "may_apply": found.state == BatchState.PREVIEWED,
        "can_write": bool(found.counts.get("new") or found.counts.get("changed")),
        "may_undo": found.state == BatchState.APPLIED,
        "asks_datum": found.state == BatchState.UPLOADED and not found.datum,
        "kept": list(zip(undone.get("kept_keys", []), undone.get("kept_names", []), strict=False)),
        "is_invented": found.is_invented or any(r.values.get("is_invented") for r in rows[:20]),
    }
    return render(request, "outlets/batch.html", told)


@require_POST
@keepers_only
def datum(request: DeskRequest, key: int) -> HttpResponse:
    """POST: say which datum the file is in; it is looked at again."""
    found = _batch(request, key)
    form = DatumForm(request.POST)
    if form.is_valid():
        imports.choose_datum(
            who=who_of(request), batch=found, datum=form.cleaned_data["datum"], now=timezone.now()
        )
        _ask(request, "outlets.preview", found)
    return redirect("outlets:batch", found.pk)


@require_POST
@keepers_only
def application(request: DeskRequest, key: int) -> HttpResponse:
    """POST: put the batch into the register."""
    found = _batch(request, key)
    form = ApplyForm(request.POST)
    good = form.is_valid() and form.cleaned_data["good_rows_only"]
    _ask(request, "outlets.import", found, good_rows_only=good)
    return redirect("outlets:batch", found.pk)


@require_POST
@keepers_only
def abandonment(request: DeskRequest, key: int) -> HttpResponse:
    """POST: give up a batch that was not put in."""
    found = _batch(request, key)
    imports.drop(who=who_of(request), batch=found, now=timezone.now())
    messages.info(request, "已放弃，登记册没有变化。")
    return redirect("outlets:batch", found.pk)


@require_POST
@keepers_only
def withdrawal(request: DeskRequest, key: int) -> HttpResponse:
    """POST: take the batch back."""
    found = _batch(request, key)
    _ask(request, "outlets.undo", found)
    return redirect("outlets:batch", found.pk)


@keepers_only
def workbook(request: DeskRequest, key: int) -> FileResponse:
    """GET: the file with red cells and a 原因 column."""
    found = _batch(request, key)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "back.xlsx"
        returned_workbook(found, path)
        whole = BytesIO(path.read_bytes())
    return FileResponse(whole, as_attachment=True, filename=f"{Path(found.file_name).stem}-核对.xlsx")


def _batch(request: DeskRequest, key: int) -> ImportBatch:
    seen = queries.batches_visible_to(request.user, timezone.localdate())
    found: ImportBatch = queries.one_of(seen, key)
    return found


def _ask(request: DeskRequest, kind: str, batch: ImportBatch, **more: object) -> None:
    who, now = who_of(request), timezone.now()
    rules.require_keeper(who, batch.area_code, timezone.localdate(now))
    title = f"{TITLES[kind]}：{batch.file_name}"[:200]
    enqueue(kind, title, {"batch": batch.pk} | more, who=who, now=now, area_code=batch.area_code)
