"""Accounts from a workbook: choose, look, confirm."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import InputError, RefusedError
from yike.web.accounts import actions
from yike.web.accounts.forms import RosterForm
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.models import RosterBatch
from yike.web.accounts.queries import accounts_of, batches_of, with_duties
from yike.web.accounts.roster import RosterRow, pack_rows, read_roster, unpack_rows
from yike.web.accounts.views.people import COLUMNS as COLUMNS_OF_PEOPLE
from yike.web.accounts.views.people import managed
from yike.web.ui.faults import fault_page
from yike.web.ui.places import place_of
from yike.web.ui.table import Cell, Column, Table

MARKS = {"new": ("near", "新增"), "same": ("stopped", "已有，不动"), "wrong": ("wrong", "有误")}
COLUMNS = (
    Column("row", "行", lambda r: r.number, is_number=True),
    Column("state", "状态", lambda r: Cell(MARKS[r.state][1], sign=MARKS[r.state][0])),
    Column("username", "用户名", lambda r: r.new.username),
    Column("name", "姓名", lambda r: r.new.display_name),
    Column("unit", "单位", lambda r: r.new.unit_name),
    Column("role", "角色", lambda r: r.new.role),
    Column("area", "辖区代码", lambda r: Cell(r.new.area_code, title=place_of(r.new.area_code))),
    Column("why", "原因和办法", lambda r: r.why),
)


BATCH_COLUMNS = (
    Column("file", "文件", lambda b: Cell(b.file_name or "—", f"/desk/accounts/batches/{b.pk}/")),
    Column("count", "账号数", lambda b: b.count, is_number=True),
    Column("made", "建立时间", lambda b: b.made_at),
    Column("by", "建立人", lambda b: b.made_by.display_name if b.made_by else "系统"),
    Column("state", "状态", lambda b: _batch_state(b)),
)


def _batch_state(batch: RosterBatch) -> Cell:
    if batch.undone_at is not None:
        return Cell("已撤销", sign="stopped")
    return Cell("已建立", sign="done")


def roster(request: DeskRequest) -> HttpResponse:
    """Upload and look; nothing is made yet."""
    managed(request)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            return _preview(request, _read(request, upload), upload.name or "")
        except InputError as wrong:
            form.add_error("file", wrong.sentence)
    return render(request, "accounts/roster.html", {"form": form})


@require_POST
def roster_batch(request: DeskRequest) -> HttpResponse:
    """Make the accounts that were looked at, all or none; passwords are shown once."""
    managed(request)
    try:
        news = unpack_rows(request.POST.get("rows", ""))
    except BadSignature:
        return fault_page(request, 409, "预览已过期或不完整。", "请重新上传账号表。")
    try:
        issued = actions.create_accounts(
            news, who=who_of(request), now=timezone.now(), file_name=request.POST.get("file", "")
        )
    except RefusedError as refused:
        return fault_page(request, 409, str(refused), "在您预览之后有变动，一个账号也没有建。请重新上传。")
    return render(request, "accounts/issued.html", {"issued": issued})


def batches(request: DeskRequest) -> HttpResponse:
    """What was made from workbooks, newest first."""
    found = batches_of(request.user, managed(request))
    table = Table.of(
        request, found, BATCH_COLUMNS, label="导入批次", counted="个批次",
        empty="还没有从 Excel 导入过账号。",
    )  # fmt: skip
    return render(request, "accounts/batches.html", {"table": table})


def batch(request: DeskRequest, pk: int) -> HttpResponse:
    """GET: the accounts of one workbook. POST: take them back."""
    accounts = managed(request)
    found = get_object_or_404(batches_of(request.user, accounts), pk=pk)
    if request.method == "POST":
        gone, stay = actions.undo_batch(found, who=who_of(request), now=timezone.now())
        messages.success(request, f"已撤销 {gone} 个账号。")
        if stay:
            names = "、".join(a.display_name for a in stay[:20])
            messages.warning(request, f"{len(stay)} 个账号已有人用过，没有撤销：{names}。需要时请逐个停用。")
        return redirect("accounts:batch", pk=pk)
    shown = Table.of(
        request, with_duties(accounts_of(found, accounts), timezone.localdate()), COLUMNS_OF_PEOPLE,
        label="账号", counted="个账号", empty="这一批的账号都已撤销。",
    )  # fmt: skip
    return render(request, "accounts/batch.html", {"batch": found, "table": shown})


def _read(request: DeskRequest, upload: UploadedFile[bytes]) -> list[RosterRow]:
    with tempfile.TemporaryDirectory(prefix="yike-") as folder:
        # The name is the user's: only its suffix is used.
        path = Path(folder) / f"accounts{Path(upload.name or '').suffix[:6].lower()}"
        path.write_bytes(upload.read())
        return read_roster(path, request.user, timezone.localdate())


def _preview(request: DeskRequest, rows: list[RosterRow], file_name: str) -> HttpResponse:
    counts = {state: sum(r.state == state for r in rows) for state in MARKS}
    table = Table.plain(rows, COLUMNS, label="预览", counted="行")
    shown = {"table": table, "counts": counts, "rows": pack_rows(rows), "file_name": file_name}
    return render(request, "accounts/preview.html", shown)
