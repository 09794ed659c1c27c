"""Columns of the lists of facilities and premises, and of the rows of an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yike.web.outlets.directory import cells
from yike.web.outlets.directory.choices import types_text
from yike.web.outlets.directory.history import changes_text
from yike.web.outlets.directory.kinds import FACILITY, Kind
from yike.web.outlets.directory.lists import state_of
from yike.web.outlets.models import Verdict
from yike.web.outlets.views.import_columns import BATCH_SIGNS, SIGNS
from yike.web.ui.table import Cell, Column


def list_columns(kind: Kind, places: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns of a list; ``places`` names branches by area code."""
    where = Column("place", "所在", lambda e: places.get(e.area_code), sort_by="area_code")
    state = Column("state", "状态", _state)
    name = Column("name", "名称", lambda e: _name(kind, e), sort_by="name")
    own = Column("type", "类型", lambda e: kind.type_label(getattr(e, kind.type_column)) or None,
                 sort_by=kind.type_column)  # fmt: skip
    if kind is FACILITY:
        return name, own, state, where, *_FACILITY
    return name, own, state, where, *_PREMISES


_FACILITY = (
    Column("provider", "运营单位", lambda e: e.provider or None, sort_by="provider"),
    Column("capacity", "服务能力", lambda e: cells.tidy(e.capacity), is_number=True, sort_by="capacity"),
    Column("prices", "收费", lambda e: _short(cells.write_prices(e.prices))),
    Column("hours", "服务时间", lambda e: e.hours or None),
    Column("movable", "形式", lambda e: f"流动 {len(e.stops)} 处停靠" if e.is_movable else "固定"),
)
_PREMISES = (
    Column("area_m2", "面积", lambda e: cells.tidy(e.area_m2), unit="平方米", is_number=True,
           sort_by="area_m2", sum_of="area_m2"),
    Column("allowed", "可引入业态", lambda e: _short(types_text(e.allowed_types))),
    Column("rent", "年租金", lambda e: cells.yuan(e.rent_fen), unit="元", is_number=True, sort_by="rent_fen"),
    Column("owner", "产权单位", lambda e: e.owner or None, sort_by="owner"),
    Column("address", "地址", lambda e: e.address or None),
)  # fmt: skip


def _name(kind: Kind, entry: Any) -> Cell:
    return Cell(entry.name, f"{kind.url}{entry.pk}/", is_invented=entry.is_invented)


def _state(entry: Any) -> Cell:
    sign, word = state_of(entry)
    return Cell(word, sign=sign)


def _short(text: str) -> Cell | None:
    if not text:
        return None
    return Cell(text if len(text) <= 24 else f"{text[:23]}…", title=text if len(text) > 24 else "")


def batch_columns(kind: Kind) -> tuple[Column, ...]:
    """Columns of the imports so far."""
    return (
        Column("file", "文件", lambda b: Cell(b.file_name, f"{kind.url}imports/{b.pk}/")),
        Column("state", "状态", lambda b: Cell(b.get_state_display(), sign=BATCH_SIGNS[b.state])),
        Column("rows", "行数", lambda b: b.counts.get("rows"), is_number=True),
        Column("error", "有错误", lambda b: b.counts.get("error", 0) if b.counts else None, is_number=True),
        Column("by", "上传人", lambda b: b.asked_by.display_name if b.asked_by else "系统"),
        Column("at", "上传时间", lambda b: b.uploaded_at),
    )


def row_columns(kind: Kind, communities: Mapping[int, str]) -> tuple[Column, ...]:
    """Columns for the rows of a file; ``communities`` names them by key."""

    def told(row: Any) -> str:
        faults = [f"【{f['column']}】{f['message']}{f['cure']}" for f in row.faults]
        return " ".join(filter(None, [changes_text(kind, row.changes, communities), *faults]))

    return (
        Column("number", "行", lambda r: r.number, is_number=True),
        Column("verdict", "结果", lambda r: Cell(Verdict(r.verdict).label, sign=SIGNS[r.verdict])),
        Column(
            "name", "名称",
            lambda r: Cell(r.name or "（没有名称）", f"{kind.url}{r.target_key}/" if r.target_key else ""),
        ),
        Column("told", "变化、问题和改法", told),
    )  # fmt: skip
