"""What happened to an entry, out of the record, as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yike.web.audit.models import Entry as TraceEntry
from yike.web.outlets.directory.kinds import Kind
from yike.web.outlets.directory.rows import QUIET

ACTS = {"create": "登记", "change": "修改", "remove": "移出", "restore": "恢复"}
TRACE_WORDS = {
    f"{code}.{act}": f"{word}{of}"
    for code, of in (("facility", "公共设施"), ("premises", "闲置空间"))
    for act, word in ACTS.items()
} | {"premises.load": "由城市包载入闲置空间", "facility.export": "导出含电话的公共设施"}
TRACE_KINDS = {"facility": "公共设施", "premises": "闲置空间"}
LABELS = {
    "community_id": "社区",
    "area_code": "辖区代码",
    "lon": "经度",
    "lat": "纬度",
    "is_invented": "虚构",
}


@dataclass(frozen=True)
class Step:
    """One entry of the record: what was done, and every change as label, before, after."""

    trace: TraceEntry
    word: str
    changes: Sequence[tuple[str, str, str]]


def steps_of(kind: Kind, traces: Iterable[TraceEntry], communities: Mapping[int, str]) -> list[Step]:
    """The record as steps; what a new entry held is not repeated, the page shows what stands."""
    return [
        Step(
            t, ACTS.get(t.action.partition(".")[2], t.action),
            changes_of(kind, {c: [t.before[c], t.after.get(c)] for c in t.before}, communities),
        )
        for t in traces
    ]  # fmt: skip


def changes_of(
    kind: Kind, changes: Mapping[str, Sequence[Any]], communities: Mapping[int, str]
) -> list[tuple[str, str, str]]:
    """Columns that differ: label, before, after; unknown reads 暂缺."""
    quiet = QUIET | ({"area_code"} if "community_id" in changes else set())
    return [
        (_label(kind, c), told(kind, c, old, communities), told(kind, c, new, communities))
        for c, (old, new) in changes.items()
        if c not in quiet
    ]


def changes_text(kind: Kind, changes: Mapping[str, Sequence[Any]], communities: Mapping[int, str]) -> str:
    """The same in one line."""
    return "；".join(f"{label}：{old} → {new}" for label, old, new in changes_of(kind, changes, communities))


def communities_in(changes: Iterable[Mapping[str, Sequence[Any]]]) -> set[int]:
    """Keys of the communities that changes come from or go to."""
    return {key for c in changes for key in c.get("community_id", ()) if key}


def _label(kind: Kind, column: str) -> str:
    return LABELS.get(column) or next((t.header for t in kind.told if t.column == column), column)


def told(kind: Kind, column: str, value: Any, communities: Mapping[int, str]) -> str:
    """A kept value as people read it."""
    if value is None or value == "" or (value == [] and column != "allowed_types"):
        return "暂缺"
    if column == "community_id":
        return communities.get(value, str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and column in ("lon", "lat"):
        return f"{value:.6f}"
    write = next((t.write for t in kind.told if t.column == column), str)
    return str(write(value)) or str(value)
