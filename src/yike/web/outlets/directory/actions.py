"""Writes on single entries: each one transaction, the rule first, last the trace, which is the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.outlets.directory.kinds import Entry, Kind
from yike.web.outlets.directory.rows import put, refuse_backward, refuse_used_code, stands
from yike.web.outlets.rules import require_keeper


def create_entry(
    *, who: Who, kind: Kind, values: Mapping[str, Any], now: dt.datetime, note: str = ""
) -> Entry:
    """Add a facility or premises; ``values`` are columns (``kind.columns``)."""
    with transaction.atomic():
        entry: Entry = kind.model()
        put(entry, kind, values)
        require_keeper(who, entry.area_code, localdate(now))
        refuse_used_code(entry, kind)
        refuse_backward(entry)
        entry.save()
        after = {c: v for c in sorted(values) if (v := stands(entry, c)) not in (None, "", [])}
        _trace(who, kind, "create", entry, now=now, after=after, note=note)
    return entry


def change_entry(
    *,
    who: Who,
    kind: Kind,
    entry: Entry,
    values: Mapping[str, Any],
    now: dt.datetime,
    seen: int | None = None,
    note: str = "",
) -> Entry:
    """
    Change columns; without a difference nothing happens.

    Parameters
    ----------
    seen
        Version the person had before her; another one now in force is refused, so that no edit is lost.
    """
    with transaction.atomic():
        entry = lock(kind, entry.pk, seen)
        require_keeper(who, entry.area_code, localdate(now))
        _require_live(entry)
        changed = put(entry, kind, values)
        if not changed:
            return entry
        require_keeper(who, entry.area_code, localdate(now))
        refuse_used_code(entry, kind)
        refuse_backward(entry)
        _save(entry)
        before, after = ({c: pair[k] for c, pair in changed.items()} for k in (0, 1))
        _trace(who, kind, "change", entry, now=now, before=before, after=after, note=note)
    return entry


def remove_entry(*, who: Who, kind: Kind, entry: Entry, now: dt.datetime, note: str) -> Entry:
    """Take an entry out of the register; it and its history stay readable, and it can be brought back."""
    if not note.strip():
        raise RefusedError("register.directory.no_reason", name=entry.name)
    with transaction.atomic():
        entry = lock(kind, entry.pk)
        require_keeper(who, entry.area_code, localdate(now))
        _require_live(entry)
        entry.gone_at = now
        _save(entry)
        _trace(who, kind, "remove", entry, now=now, note=note.strip())
    return entry


def restore_entry(*, who: Who, kind: Kind, entry: Entry, now: dt.datetime) -> Entry:
    """Bring an entry back that was taken out."""
    with transaction.atomic():
        entry = lock(kind, entry.pk)
        require_keeper(who, entry.area_code, localdate(now))
        if entry.gone_at is None:
            raise RefusedError("register.directory.not_gone", status=409, name=entry.name)
        entry.gone_at = None
        refuse_used_code(entry, kind)
        _save(entry)
        _trace(who, kind, "restore", entry, now=now)
    return entry


def lock(kind: Kind, key: int, seen: int | None = None) -> Entry:
    """The row as it stands now, held until the transaction ends; refuses a version that is no longer it."""
    held: Entry = kind.model.objects.select_for_update().get(pk=key)
    if seen is not None and held.version != seen:
        raise RefusedError("register.directory.stale", status=409, name=held.name)
    return held


def _require_live(entry: Entry) -> None:
    if entry.gone_at is not None:
        raise RefusedError("register.directory.gone", status=409, name=entry.name)


def _save(entry: Entry) -> None:
    entry.version += 1
    entry.save()


def _trace(who: Who, kind: Kind, act: str, entry: Entry, *, now: dt.datetime, **told: Any) -> None:
    record(
        who, f"{kind.code}.{act}", kind.code, str(entry.pk), now=now, area_code=entry.area_code, **told
    )  # fmt: skip
