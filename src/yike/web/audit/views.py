"""The list of entries, and one entry."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest
from yike.web.accounts.rules import check_role
from yike.web.audit.chain import digest_of
from yike.web.audit.forms import EntryFilter
from yike.web.audit.models import Entry
from yike.web.audit.queries import READERS, entries_found, entries_visible_to, entry_or_404
from yike.web.audit.words import ACTIONS, KINDS, label_of, text_of
from yike.web.ui.places import place_of
from yike.web.ui.table import Cell, Column, Table

COLUMNS = (
    Column("number", "序号", lambda e: Cell(str(e.number), f"/desk/audit/{e.number}/"), sort_by="number"),
    Column("at", "时间", lambda e: e.at, sort_by="at"),
    Column("actor", "谁", lambda e: e.actor_name or e.actor_id_text or "系统", sort_by="actor_id_text"),
    Column("action", "动作", lambda e: _action(e), sort_by="action"),
    Column("target", "对象", lambda e: _target(e), sort_by="target_key"),
    Column("area", "辖区", lambda e: _place(e), sort_by="area_code"),
    Column("address", "来源地址", lambda e: e.address or "—"),
    Column("note", "说明", lambda e: e.note or "—"),
)  # fmt: skip


def _action(entry: Entry) -> Cell:
    return Cell(ACTIONS.get(entry.action, entry.action), title=entry.action)


def _place(entry: Entry) -> Cell:
    return Cell(place_of(entry.area_code) if entry.area_code else "—", title=entry.area_code)


def _target(entry: Entry) -> str:
    return f"{KINDS.get(entry.target_kind, entry.target_kind)} {entry.target_key}"


def entries(request: DeskRequest) -> HttpResponse:
    """The list, newest first."""
    today = timezone.localdate()
    check_role(request.user, today, *READERS)
    filters = EntryFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = entries_found(entries_visible_to(request.user, today), **asked)
    table = Table.of(
        request,
        found,
        COLUMNS,
        filters=filters,
        label="操作记录",
        counted="条记录",
        empty="没有符合条件的记录。",
    )
    return render(request, "audit/entries.html", {"table": table})


def entry(request: DeskRequest, number: int) -> HttpResponse:
    """One entry with what was before and after, side by side."""
    today = timezone.localdate()
    check_role(request.user, today, *READERS)
    found = entry_or_404(request.user, number, today)
    shown = {
        "entry": found,
        "action": ACTIONS.get(found.action, found.action),
        "kind": KINDS.get(found.target_kind, found.target_kind),
        "changes": changes_of(found),
        "is_whole": digest_of(found) == found.digest,
    }
    return render(request, "audit/entry.html", shown)


def changes_of(entry: Entry) -> list[tuple[str, str, str, bool]]:
    """Name, before, after, whether they differ; for every value the entry knows."""
    kind, names = entry.target_kind, [*entry.before, *(n for n in entry.after if n not in entry.before)]
    pairs = [(n, entry.before.get(n), entry.after.get(n)) for n in names]
    return [
        (label_of(kind, n), text_of(kind, n, old), text_of(kind, n, new), old != new) for n, old, new in pairs
    ]
