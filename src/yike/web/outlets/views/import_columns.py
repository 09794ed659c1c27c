"""Columns of the lists of imports: which files came in, and what each of their rows would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yike.web.outlets.cells import write_licences, write_services
from yike.web.outlets.models import BatchState, ChainMode, ImportRow, Outlet, Status, Verdict
from yike.web.outlets.values import type_label
from yike.web.personal.masks import masked_phone
from yike.web.ui.table import Cell, Column

SIGNS = {"new": "done", "changed": "busy", "same": "waiting", "error": "wrong"}
BATCH_SIGNS: Mapping[str, str] = {
    BatchState.UPLOADED: "waiting", BatchState.PREVIEWED: "busy", BatchState.APPLIED: "done",
    BatchState.UNDONE: "stopped", BatchState.DROPPED: "stopped",
}  # fmt: skip
BATCHES = (
    Column(
        "file",
        "文件",
        lambda b: Cell(b.file_name, f"/desk/outlets/imports/{b.pk}/", is_invented=b.is_invented),
    ),
    Column("state", "状态", lambda b: Cell(b.get_state_display(), sign=BATCH_SIGNS[b.state])),
    Column("rows", "行数", lambda b: b.counts.get("rows"), is_number=True),
    Column("error", "有错误", lambda b: b.counts.get("error", 0) if b.counts else None, is_number=True),
    Column("by", "上传人", lambda b: b.asked_by.display_name if b.asked_by else "系统"),
    Column("at", "上传时间", lambda b: b.uploaded_at),
)
LIST_WORDS = {"services": "附加服务", "stops": "停靠点"}
YES_NO = {True: "是", False: "否"}


def row_columns(community: Mapping[int, str]) -> tuple[Column, ...]:
    """Columns for the rows of a file; ``community`` names communities by key."""
    number = Column("number", "行", lambda r: r.number, is_number=True)
    result = Column("verdict", "结果", lambda r: Cell(Verdict(r.verdict).label, sign=SIGNS[r.verdict]))
    name = Column(
        "name",
        "名称",
        lambda r: Cell(
            r.name or "（没有名称）",
            f"/desk/outlets/{r.outlet_id}/" if r.outlet_id else "",
            is_invented=bool(r.values.get("is_invented")),
        ),
    )
    told = Column("told", "变化、问题和改法", lambda r: row_text(r, community))
    return number, result, name, told


def row_text(row: ImportRow, community: Mapping[int, str]) -> str:
    """What a row would change, and what is wrong with it: column, why, and what to do."""
    faults = [f"【{f['column']}】{f['message']}{f['cure']}" for f in row.faults]
    changes = changes_text(row, community)
    return " ".join([changes, *faults] if changes else faults)


def changes_text(row: ImportRow, community: Mapping[int, str]) -> str:
    """What a row would change: column, old and new."""
    shown = {
        c: pair for c, pair in row.changes.items() if c != "area_code" or "community_id" not in row.changes
    }
    return "；".join(
        f"{_label(c)}：{_text(c, old, community)} → {_text(c, new, community)}"
        for c, (old, new) in shown.items()
    )


def _label(column: str) -> str:
    if column in LIST_WORDS:
        return LIST_WORDS[column]
    field = Outlet._meta.get_field(column.removesuffix("_id"))
    return str(getattr(field, "verbose_name", column))


def _text(column: str, value: Any, community: Mapping[int, str]) -> str:
    if value is None or value == "" or value == []:
        return "空"
    words: dict[str, Callable[[Any], str]] = {
        "phone": masked_phone,
        "type_code": type_label,
        "status": lambda v: str(Status(v).label),
        "chain_mode": lambda v: str(ChainMode(v).label),
        "community_id": lambda v: community.get(v, str(v)),
        "services": write_services,
        "licences": write_licences,
        "stops": lambda v: "、".join(s["place"] or f"{s['lon']:.5f},{s['lat']:.5f}" for s in v),
        "payments": "、".join,
    }
    if column in words:
        return words[column](value)
    return YES_NO[value] if isinstance(value, bool) else str(value)
