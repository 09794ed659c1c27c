"""
What a batch is about to do, written down in parts that nobody sees, until ``switch.py`` makes it true.

A part is worked out first and then written by one short transaction that makes sure nobody wrote it
meanwhile: several workers at one batch help each other, and a batch whose worker was killed goes on where it
stopped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.outlets.models import (
    AddedService,
    ImportBatch,
    ImportRow,
    Outlet,
    OutletEvent,
    OutletStop,
    OutletVersion,
    StagedChange,
    Status,
    Verdict,
)
from yike.web.outlets.rules import KIND_OF
from yike.web.outlets.values import (
    KEYS,
    LISTS,
    PLAIN,
    follow,
    merged_services,
    merged_stops,
    put,
    services_of,
    snapshot,
    stops_of,
)

CHUNK = 500
Act = StagedChange.Act
Part = list["Change"]
WorkOut = Callable[[ImportBatch, int, dt.datetime], Part]
WHERE_FROM = ("source_lon", "source_lat", "source_datum", "source")


@dataclass
class Change:
    """One staged change with its draft and the draft's lists, unsaved."""

    staged: StagedChange
    draft: Outlet | None = None
    services: Sequence[Mapping[str, Any]] = ()
    stops: Sequence[Mapping[str, Any]] = ()


def stage(batch: ImportBatch, work_out: WorkOut, now: dt.datetime) -> int | None:
    """Stage the next part; the last row staged, None when nothing is left or the batch has gone on."""
    last = _last(batch)
    part = work_out(batch, last, now)
    if not part:
        return None
    with transaction.atomic():
        held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if (held.state, held.previewed_at) != (batch.state, batch.previewed_at):
            return None
        if _last(batch) == last:
            _write(part)
    return _last(batch)


def _last(batch: ImportBatch) -> int:
    return StagedChange.objects.filter(batch=batch).aggregate(last=Max("number"))["last"] or 0


def _write(part: Part) -> None:
    drafts = [c.draft for c in part if c.draft is not None]
    Outlet.objects.bulk_create(drafts, batch_size=CHUNK)
    services, stops = [], []
    for change in part:
        if change.draft is None:
            continue
        services += [AddedService(outlet=change.draft, **s) for s in change.services]
        stops += [OutletStop(outlet=change.draft, **s) for s in change.stops]
        if change.staged.act == Act.ADD:
            change.staged.outlet = change.draft
        change.staged.draft = change.draft
    AddedService.objects.bulk_create(services, batch_size=CHUNK)
    OutletStop.objects.bulk_create(stops, batch_size=CHUNK)
    StagedChange.objects.bulk_create([c.staged for c in part], batch_size=CHUNK)


def clear(batch: ImportBatch) -> None:
    """Forget what was staged for a batch."""
    with transaction.atomic():
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        forget(batch)


def forget(batch: ImportBatch, *, are_true: bool = False) -> None:
    """Take out staged changes and their drafts (new outlets stay once true); in the caller's transaction."""
    drafts = StagedChange.objects.filter(batch=batch, draft__isnull=False)
    if are_true:
        drafts = drafts.exclude(act=Act.ADD)
    keys = list(drafts.order_by("draft").values_list("draft", flat=True))
    using = drafts.db
    for at in range(0, len(keys), CHUNK):
        part = keys[at : at + CHUNK]
        # Through the models every table that points to outlets would be read; drafts have nothing else.
        AddedService.objects.filter(outlet__in=part)._raw_delete(using=using)
        OutletStop.objects.filter(outlet__in=part)._raw_delete(using=using)
        Outlet.objects.filter(pk__in=part, version=0)._raw_delete(using=using)
    StagedChange.objects.filter(batch=batch)._raw_delete(using=using)


def rows_to_write(batch: ImportBatch, last: int, now: dt.datetime) -> Part:
    """
    The next new and changed rows of a looked-at file, worked out.

    Raises
    ------
    RefusedError
        A known outlet was changed since the preview.
    """
    wanted = batch.rows.filter(verdict__in=[Verdict.NEW, Verdict.CHANGED], number__gt=last)
    rows = list(wanted.order_by("number")[:CHUNK])
    known = with_lists(r.outlet_id for r in rows if r.verdict == Verdict.CHANGED)
    return [_new(r, batch, now) if r.verdict == Verdict.NEW else _changed(r, known, now) for r in rows]


def with_lists(keys: Iterable[int | None]) -> dict[int, Outlet]:
    """Outlets with their services and stops, by key."""
    return Outlet.objects.prefetch_related("services", "stops").in_bulk([k for k in keys if k])


def _new(row: ImportRow, batch: ImportBatch, now: dt.datetime) -> Change:
    outlet = outlet_of(row, batch)
    services, stops = row.values.get("services", ()), row.values.get("stops", ())
    staged = StagedChange(
        batch=batch,
        number=row.number,
        act=Act.ADD,
        seen_version=0,
        values=snapshot(outlet, services, stops),
        event=KIND_OF[Status(outlet.status)],
        event_on=_day_of(row, now),
    )
    outlet.version, outlet.gone_at = 0, now
    return Change(staged, outlet, services, stops)


def _day_of(row: ImportRow, now: dt.datetime) -> dt.date:
    """When the status began, as the list says; else the day of the import."""
    told = row.values.get("status_on", "")
    return dt.date.fromisoformat(told) if told else localdate(now)


def outlet_of(row: ImportRow, batch: ImportBatch) -> Outlet:
    """A new outlet out of a row, unsaved."""
    outlet = Outlet(status=row.values.get("status", "open"), is_invented=batch.is_invented)
    put(outlet, columns_of(row.values) | {"services": row.values.get("services", ())})
    return outlet


def columns_of(values: Mapping[str, Any], only: Iterable[str] | None = None) -> dict[str, Any]:
    """The plain columns among a row's values."""
    wanted = set(values) if only is None else set(only)
    return {k: v for k, v in values.items() if k in wanted and k not in (*LISTS, "status", "status_on")}


def _changed(row: ImportRow, known: Mapping[int, Outlet], now: dt.datetime) -> Change:
    outlet = known.get(row.outlet_id or 0)
    if outlet is None or outlet.version != row.seen_version or outlet.gone_at is not None:
        raise RefusedError("register.import.stale", status=409, what=f"“{row.name}”已被修改")
    services, stops, was = services_of(outlet), stops_of(outlet), outlet.status
    if "services" in row.changes:
        services = merged_services(services, row.values["services"])
    if "stops" in row.changes:
        stops = merged_stops(stops, row.values["stops"])
    told = set(row.changes)
    if told & {"lon", "lat"}:
        told |= {"lon", "lat", *WHERE_FROM}
    put(outlet, columns_of(row.values, told))
    outlet.status = row.values["status"] if "status" in row.changes else was
    event = KIND_OF[Status(outlet.status)] if outlet.status != was else ""
    return _replacing(
        row.batch, row.number, outlet, services, stops, now, event=event, on=_day_of(row, now),
        has_lists=bool({"services", "stops"} & set(row.changes)),
    )  # fmt: skip


def _replacing(
    batch: ImportBatch,
    number: int,
    outlet: Outlet,
    services: Sequence[Mapping[str, Any]],
    stops: Sequence[Mapping[str, Any]],
    now: dt.datetime,
    *,
    event: str,
    on: dt.date,
    has_lists: bool,
) -> Change:
    """An outlet (in memory, as it is to become) as a draft that takes its place."""
    follow(outlet, services)
    staged = StagedChange(
        batch=batch,
        number=number,
        act=Act.CHANGE,
        outlet_id=outlet.pk,
        seen_version=outlet.version,
        values=snapshot(outlet, services, stops),
        event=event,
        event_on=on,
        has_lists=has_lists,
        search=outlet.search,
    )
    outlet.pk, outlet.version, outlet.gone_at, outlet.search = None, 0, now, ""
    outlet._state.adding = True
    return Change(staged, outlet, services if has_lists else (), stops if has_lists else ())


def rows_to_undo(batch: ImportBatch, last: int, now: dt.datetime) -> Part:
    """The next outlets that the batch wrote, worked out as they were before; those edited since stay."""
    written = list(
        OutletVersion.objects.filter(batch=batch, action="import", batch_row__gt=last)
        .order_by("batch_row")
        .values_list("batch_row", "outlet_id", "number", "values")[:CHUNK]
    )
    known = with_lists(key for _, key, _, _ in written)
    before = _values_before({key: number for _, key, number, _ in written if number > 1})
    return [
        _undone(batch, row or 0, known[key], number, values, before.get(key), now)
        for row, key, number, values in written
    ]


def _values_before(numbers: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """Values of the version before the one given, by outlet."""
    versions = OutletVersion.objects.filter(outlet__in=numbers).values_list("outlet_id", "number", "values")
    return {key: values for key, number, values in versions if number == numbers[key] - 1}


def _undone(
    batch: ImportBatch,
    row: int,
    outlet: Outlet,
    number: int,
    written: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    now: dt.datetime,
) -> Change:
    services, stops, today = services_of(outlet), stops_of(outlet), localdate(now)
    stands = snapshot(outlet, services, stops)
    staged = StagedChange(
        batch=batch,
        number=row,
        act=Act.KEEP,
        outlet_id=outlet.pk,
        seen_version=outlet.version,
        event_on=today,
    )
    # Another import on top that was taken back leaves what this one wrote: that is no edit.
    is_ours = outlet.version == number or stands == written
    if outlet.gone_at is not None or not is_ours or (number > 1 and before is None):
        return Change(staged)
    if before is None:
        staged.act, staged.event = Act.REMOVE, OutletEvent.Kind.REMOVED
        staged.values = stands | {"is_gone": True}
        return Change(staged)
    put(outlet, {k: before[k] for k in (*PLAIN, *KEYS) if k in before})
    was, outlet.status = outlet.status, before["status"]
    return _replacing(
        batch, row, outlet, before["services"], before["stops"], now,
        event=KIND_OF[Status(outlet.status)] if outlet.status != was else "", on=today,
        has_lists=(services, stops) != (before["services"], before["stops"]),
    )  # fmt: skip
