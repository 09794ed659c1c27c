"""Pages of imports of facilities and premises: upload, what it would do, put in, take back."""

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
from yike.web.outlets import queries, uploads
from yike.web.outlets.directory import imports
from yike.web.outlets.directory.columns import batch_columns, row_columns
from yike.web.outlets.directory.exports import export
from yike.web.outlets.directory.forms import UploadForm
from yike.web.outlets.directory.history import communities_in
from yike.web.outlets.directory.kinds import Kind
from yike.web.outlets.directory.lists import batches_visible_to, none_of
from yike.web.outlets.exports import KINDS as FILE_KINDS
from yike.web.outlets.exports import returned_workbook
from yike.web.outlets.forms import ApplyForm, DatumForm
from yike.web.outlets.models import BatchState, ImportBatch, Verdict
from yike.web.outlets.rules import KEEPERS
from yike.web.outlets.views.gate import keepers_only
from yike.web.outlets.views.import_columns import BATCH_SIGNS
from yike.web.ui.table import Table


@keepers_only
def batches(request: DeskRequest, kind: Kind) -> HttpResponse:
    """GET: imports so far and the upload form. POST: keep a file and look at it."""
    today, who, now = timezone.localdate(), who_of(request), timezone.now()
    areas = queries.areas_to_choose(request.user, today, KEEPERS)
    form = UploadForm(areas, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = uploads.upload(
            who=who, stream=told["file"], name=told["file"].name, area_code=told["area"],
            datum=told["datum"], now=now, what=kind.code,
        )  # fmt: skip
        imports.preview(who=who, batch=made, now=now)
        return redirect(kind.name("batch"), made.pk)
    found = batches_visible_to(kind, request.user, today)
    table = Table.of(
        request, found, batch_columns(kind), label="导入记录", counted="批", empty="还没有导入过清单。"
    )
    told = {"kind": kind, "form": form, "table": table, "template_url": f"{kind.url}template/"}
    return render(request, "outlets/directory/batches.html", told)


@keepers_only
def template(request: DeskRequest, kind: Kind) -> HttpResponse:
    """GET: an empty workbook with the headers that the import reads."""
    stream = BytesIO()
    export(kind, none_of(kind), "xlsx", stream, timezone.localdate())
    headers = {"Content-Disposition": f'attachment; filename="{kind.code}-template.xlsx"'}
    return HttpResponse(stream.getvalue(), content_type=FILE_KINDS["xlsx"], headers=headers)


@keepers_only
def batch(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """GET: what each row would do or did."""
    found = _batch(request, kind, key)
    verdict = asked if (asked := request.GET.get("verdict", "")) in Verdict.values else ""
    rows = queries.rows_of(found, verdict)
    names = queries.community_names(communities_in(r.changes for r in queries.changed_rows_of(found)))
    counts = found.counts
    undone = counts.get("undone", {})
    told = {
        "kind": kind,
        "batch": found,
        "sign": BATCH_SIGNS[found.state],
        "table": Table.of(
            request, rows, row_columns(kind, names), label="逐行结果", counted="行",
            empty="没有这样的行。" if counts else "还没有预检结果。",
        ),
        "verdict": verdict,
        "verdicts": [(v, v.label, counts.get(v.value, 0)) for v in Verdict],
        "datum_form": DatumForm(initial={"datum": found.datum or found.datum_guess}),
        "may_apply": found.state == BatchState.PREVIEWED,
        "can_write": bool(counts.get("new") or counts.get("changed")),
        "may_undo": found.state == BatchState.APPLIED,
        "asks_datum": found.state == BatchState.UPLOADED
        and not found.datum
        and all(f["level"] != "error" for f in found.faults),
        "kept": [
            (f"{kind.url}{pk}/", name)
            for pk, name in zip(undone.get("kept_keys", []), undone.get("kept_names", []), strict=True)
        ],
        "is_invented": any(r.values.get("is_invented") for r in found.rows.all()[:20]),
    }  # fmt: skip
    return render(request, "outlets/directory/batch.html", told)


@require_POST
@keepers_only
def datum(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """POST: say which datum the file is in; it is looked at again."""
    found, who, now = _batch(request, kind, key), who_of(request), timezone.now()
    form = DatumForm(request.POST)
    if form.is_valid():
        chosen = uploads.choose_datum(who=who, batch=found, datum=form.cleaned_data["datum"], now=now)
        imports.preview(who=who, batch=chosen, now=now)
    return redirect(kind.name("batch"), found.pk)


@require_POST
@keepers_only
def application(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """POST: put the batch into the register."""
    found, form = _batch(request, kind, key), ApplyForm(request.POST)
    good = form.is_valid() and form.cleaned_data["good_rows_only"]
    done = imports.apply(who=who_of(request), batch=found, now=timezone.now(), good_rows_only=good)
    messages.success(request, f"已导入：新增 {done.get('new', 0)} 处，更改 {done.get('changed', 0)} 处。")
    return redirect(kind.name("batch"), found.pk)


@require_POST
@keepers_only
def abandonment(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """POST: give up a batch that was not put in."""
    found = _batch(request, kind, key)
    uploads.drop(who=who_of(request), batch=found, now=timezone.now())
    messages.info(request, "已放弃，登记册没有变化。")
    return redirect(kind.name("batch"), found.pk)


@require_POST
@keepers_only
def withdrawal(request: DeskRequest, kind: Kind, key: int) -> HttpResponse:
    """POST: take the batch back."""
    found = _batch(request, kind, key)
    imports.undo(who=who_of(request), batch=found, now=timezone.now())
    return redirect(kind.name("batch"), found.pk)


@keepers_only
def workbook(request: DeskRequest, kind: Kind, key: int) -> FileResponse:
    """GET: the file with red cells and a 原因 column."""
    found = _batch(request, kind, key)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "back.xlsx"
        returned_workbook(found, path)
        whole = BytesIO(path.read_bytes())
    return FileResponse(whole, as_attachment=True, filename=f"{Path(found.file_name).stem}-核对.xlsx")


def _batch(request: DeskRequest, kind: Kind, key: int) -> ImportBatch:
    found: ImportBatch = queries.one_of(
        batches_visible_to(kind, request.user, timezone.localdate()), key
    )  # fmt: skip
    return found
