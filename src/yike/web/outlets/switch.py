"""
The moment a staged batch becomes true: a few statements of the database, inside the caller's transaction.

They copy drafts over outlets, write versions and events, and take the drafts out; the work grows with the
rows, but nothing is computed here, so others wait for a moment only.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import F

from yike.web.audit.chain import Who
from yike.web.outlets.models import (
    AddedService,
    ImportBatch,
    ImportRow,
    Outlet,
    OutletEvent,
    OutletStop,
    OutletVersion,
    StagedChange,
)
from yike.web.outlets.staging import forget

Act = StagedChange.Act
_KEPT = frozenset({"id", "version", "gone_at", "merged_into_id", "search"})
"""Columns of an outlet that a draft does not bring."""


def edited_since(batch: ImportBatch) -> list[int]:
    """Keys of staged changes whose outlet was edited after staging; holds the outlets until the end."""
    staged = StagedChange.objects.filter(batch=batch, act__in=[Act.CHANGE, Act.REMOVE])
    seen = {outlet: (key, version) for key, outlet, version in
            staged.values_list("pk", "outlet_id", "seen_version")}  # fmt: skip
    held = Outlet.objects.select_for_update().filter(pk__in=staged.values("outlet")).order_by("pk")
    return [
        seen[pk][0]
        for pk, version, gone_at in held.values_list("pk", "version", "gone_at")
        if version != seen[pk][1] or gone_at is not None
    ]


def make_true(batch: ImportBatch, action: str, note: str, *, who: Who, now: dt.datetime) -> dict[str, int]:
    """Carry out what is staged; how many outlets were added, changed, removed and kept."""
    staged = StagedChange.objects.filter(batch=batch)
    counts = {str(act): staged.filter(act=act).count() for act in Act}
    _copy_drafts(batch)
    _replace_lists(batch)
    Outlet.objects.filter(pk__in=_outlets(batch, Act.ADD)).update(version=1, gone_at=None)
    Outlet.objects.filter(pk__in=_outlets(batch, Act.REMOVE)).update(version=F("version") + 1, gone_at=now)
    _link_rows(batch)
    _write_versions(batch, action, who, now)
    _write_events(batch, note, who, now)
    forget(batch, are_true=True)
    return counts


def _outlets(batch: ImportBatch, act: str) -> Any:
    return StagedChange.objects.filter(batch=batch, act=act).values("outlet")


def _name(name: str) -> str:
    return connection.ops.quote_name(name)


def _table(model: Any) -> str:
    return _name(model._meta.db_table)


def _run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _copy_drafts(batch: ImportBatch) -> None:
    columns = [f.column for f in Outlet._meta.concrete_fields if f.column and f.column not in _KEPT]
    told = ", ".join(f"{_name(c)} = d.{_name(c)}" for c in columns)
    _run(
        f"UPDATE {_table(Outlet)} AS o SET {told}, search = s.search, version = o.version + 1 "  # noqa: S608 - names of columns
        f"FROM {_table(StagedChange)} s JOIN {_table(Outlet)} d ON d.id = s.draft_id "
        "WHERE s.batch_id = %s AND s.act = %s AND o.id = s.outlet_id",
        batch.pk,
        Act.CHANGE,
    )


def _replace_lists(batch: ImportBatch) -> None:
    changed = StagedChange.objects.filter(batch=batch, act=Act.CHANGE, has_lists=True)
    if not changed.exists():
        return
    for model in (AddedService, OutletStop):
        model._default_manager.filter(outlet__in=changed.values("outlet")).delete()
        _run(
            f"UPDATE {_table(model)} AS l SET outlet_id = s.outlet_id "  # noqa: S608 - names of tables
            f"FROM {_table(StagedChange)} s "
            "WHERE s.batch_id = %s AND s.act = %s AND s.has_lists AND l.outlet_id = s.draft_id",
            batch.pk,
            Act.CHANGE,
        )


def _link_rows(batch: ImportBatch) -> None:
    """Rows of the file point to the outlets they became."""
    _run(
        f"UPDATE {_table(ImportRow)} AS r SET outlet_id = s.outlet_id "  # noqa: S608 - names of tables
        f"FROM {_table(StagedChange)} s "
        "WHERE s.batch_id = %s AND s.act = %s AND r.batch_id = s.batch_id AND r.number = s.number",
        batch.pk,
        Act.ADD,
    )


def _write_versions(batch: ImportBatch, action: str, who: Who, now: dt.datetime) -> None:
    row = "s.number" if action == "import" else "NULL"
    columns = ", ".join(
        _name(c) for c in ("outlet_id", "number", "at", "by_id", "action", "values", "batch_id", "batch_row")
    )
    _run(
        f"INSERT INTO {_table(OutletVersion)} ({columns}) "  # noqa: S608 - names of columns
        f"SELECT s.outlet_id, s.seen_version + 1, %s, %s, %s, s.{_name('values')}, s.batch_id, {row} "
        f"FROM {_table(StagedChange)} s WHERE s.batch_id = %s AND s.act <> %s ORDER BY s.number",
        *(_moment(now), _author(who), action, batch.pk, Act.KEEP),
    )


def _write_events(batch: ImportBatch, note: str, who: Who, now: dt.datetime) -> None:
    columns = ", ".join(_name(c) for c in ("outlet_id", "kind", "on", "at", "by_id", "note", "batch_id"))
    _run(
        f"INSERT INTO {_table(OutletEvent)} ({columns}) "  # noqa: S608 - names of columns
        "SELECT s.outlet_id, s.event, s.event_on, %s, %s, %s, s.batch_id "
        f"FROM {_table(StagedChange)} s WHERE s.batch_id = %s AND s.event <> '' ORDER BY s.number",
        *(_moment(now), _author(who), note, batch.pk),
    )


def _moment(now: dt.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(now)


def _author(who: Who) -> int | None:
    return who.account.pk if who.account else None
