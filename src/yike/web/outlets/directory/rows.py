"""An entry as plain values: which columns differ, what its code and name meet in the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from yike.errors import RefusedError
from yike.web.outlets.directory.kinds import Entry, Kind

NEARLY_DEG = 1e-6
"""About 0.1 m: a point that went through another datum and back is the same."""

QUIET = frozenset({"source", "source_lon", "source_lat", "source_datum"})
"""Columns that say where a value came from; a difference in them alone is none."""


def stands(entry: Entry, column: str) -> Any:
    """The value of a column as JSON keeps it."""
    value = getattr(entry, column)
    return value.isoformat() if hasattr(value, "isoformat") else value


def differences(entry: Entry, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What ``values`` would change, by column: old and new; {} where only sources would differ."""
    found: dict[str, list[Any]] = {}
    for column, told in values.items():
        old, new = stands(entry, column), told.isoformat() if hasattr(told, "isoformat") else told
        if column in ("lon", "lat") and None not in (old, new) and abs(old - new) <= NEARLY_DEG:
            continue
        if old != new:
            found[column] = [old, new]
    return found if set(found) - QUIET else {}


def put(entry: Entry, kind: Kind, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set columns of an entry; what changed, by column: old and new."""
    unknown = set(values) - kind.columns
    if unknown:
        raise ValueError(f"no columns of {kind.code}: {sorted(unknown)}")
    changed = differences(entry, values)
    for column in changed:
        told = values[column]
        if column.endswith("_on") and isinstance(told, str):
            told = dt.date.fromisoformat(told)  # out of files and of the record
        setattr(entry, column, told)
    return changed


def refuse_used_code(entry: Entry, kind: Kind) -> None:
    """Raise RefusedError where another live entry of the same branch has the code."""
    if not entry.code:
        return
    same: QuerySet[Any] = kind.model.objects.filter(
        area_code=entry.area_code, code=entry.code, gone_at__isnull=True
    )
    if other := same.exclude(pk=entry.pk).first():
        raise RefusedError("register.directory.code_used", found=entry.code, name=other.name)


def refuse_backward(entry: Entry) -> None:
    """Raise RefusedError where a facility ends before it begins."""
    begins, ends = getattr(entry, "begins_on", None), getattr(entry, "ends_on", None)
    if begins and ends and ends < begins:
        raise RefusedError("register.ends_before", found=begins.isoformat())
