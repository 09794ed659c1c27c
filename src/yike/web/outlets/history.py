"""What changed from one version of an outlet to the next, as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yike.web.outlets.models import Outlet, OutletVersion
from yike.web.outlets.values import type_label
from yike.web.personal.masks import masked_phone

LABELS = {f.name: str(f.verbose_name) for f in Outlet._meta.concrete_fields} | {
    "community_id": "社区", "verified_by_id": "核实人", "merged_into": "并入", "is_gone": "已移出",
    "services": "附加服务", "stops": "停靠点",
}  # fmt: skip
QUIET = ("source_lon", "source_lat", "source_datum", "verified_by_id", "area_code")
"""Columns that only follow from others."""


@dataclass(frozen=True)
class Step:
    """One version and what it changed: label, before, after."""

    version: OutletVersion
    changes: Sequence[tuple[str, str, str]]


def steps_of(versions: Iterable[OutletVersion]) -> list[Step]:
    """Versions, the newest first, each compared with the one before it (where that is among them)."""
    known = list(versions)
    return [
        Step(version, changes(before.values, version.values) if before else ())
        for version, before in zip(known, [*known[1:], None], strict=True)
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Columns that differ, under their labels; unknown reads 暂缺."""
    return [
        (LABELS.get(name, name), told(name, before.get(name)), told(name, value))
        for name, value in after.items()
        if name not in QUIET and before.get(name) != value
    ]


def told(name: str, value: Any) -> str:
    """A kept value as people read it."""
    if value in (None, "", [], ()):
        return "暂缺"
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "phone":
        return masked_phone(value)
    if name == "type_code":
        return type_label(value) or str(value)
    field = next((f for f in Outlet._meta.concrete_fields if f.name == name), None)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return "、".join(_part(v) for v in value)
    if name in ("lon", "lat"):
        return f"{value:.6f}"
    return str(value)


def _part(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    parts = [value.get(k) for k in ("label", "place", "kind", "number", "hours")]
    return " ".join(str(p) for p in parts if p)
