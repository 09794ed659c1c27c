"""Many outlets at once: a batch written, a batch taken back. Called inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.outlets.models import (
    AddedService,
    ImportBatch,
    ImportRow,
    Outlet,
    OutletEvent,
    OutletStop,
    OutletVersion,
    Status,
    Verdict,
)
from yike.web.outlets.rules import KIND_OF
from yike.web.outlets.values import KEYS, PLAIN, follow, put, services_of, snapshot, stops_of

CHUNK = 500
_COLUMNS = [f.name for f in Outlet._meta.concrete_fields if not f.primary_key]
Progress = Callable[[str, int, int], None]


def write_rows(batch: ImportBatch, *, who: Who, now: dt.datetime, progress: Progress) -> dict[str, int]:
    """Write the new and changed rows of a batch; versions and events with them."""
    new = list(batch.rows.filter(verdict=Verdict.NEW))
    changed = list(batch.rows.filter(verdict=Verdict.CHANGED))
    pen = _Pen(batch, who, now)
    total = len(new) + len(changed)
    for at in range(0, len(new), CHUNK):
        pen.add(new[at : at + CHUNK])
        progress("写入", at, total)
    for at in range(0, len(changed), CHUNK):
        pen.change(changed[at : at + CHUNK])
        progress("写入", len(new) + at, total)
    return {"new": len(new), "changed": len(changed)}


class _Pen:
    """Writes chunks of one batch."""

    def __init__(self, batch: ImportBatch, who: Who, now: dt.datetime) -> None:
        self.batch, self.who, self.now, self.today = batch, who, now, localdate(now)

    def add(self, rows: Sequence[ImportRow]) -> None:
        """New outlets with their first version."""
        from yike.web.outlets.imports import outlet_of

        outlets = Outlet.objects.bulk_create([outlet_of(r, self.batch) for r in rows], batch_size=CHUNK)
        services, stops = [], []
        for outlet, row in zip(outlets, rows, strict=True):
            services += [AddedService(outlet=outlet, **s) for s in row.values.get("services", ())]
            stops += [OutletStop(outlet=outlet, **s) for s in row.values.get("stops", ())]
        AddedService.objects.bulk_create(services, batch_size=CHUNK)
        OutletStop.objects.bulk_create(stops, batch_size=CHUNK)
        OutletEvent.objects.bulk_create(
            [self._event(o, KIND_OF[Status(o.status)]) for o in outlets], batch_size=CHUNK
        )
        OutletVersion.objects.bulk_create(
            [
                self._version(
                    o, "import", r.values.get("services", ()), r.values.get("stops", ()), row=r.number
                )
                for o, r in zip(outlets, rows, strict=True)
            ],
            batch_size=CHUNK,
        )

    def change(self, rows: Sequence[ImportRow]) -> None:
        """Changed columns of known outlets; refuses all when one was changed since the preview."""
        from yike.web.outlets.imports import columns_of

        held = {o.pk: o for o in locked([r.outlet_id for r in rows if r.outlet_id])}
        events, versions = [], []
        for row in rows:
            outlet = held.get(row.outlet_id or 0)
            if outlet is None or outlet.version != row.seen_version or outlet.gone_at is not None:
                raise RefusedError("register.import.stale", status=409, what=f"“{row.name}”已被修改")
            told = {*row.changes, "source_lon", "source_lat", "source_datum", "source"}
            if not {"lon", "lat"} & set(row.changes):
                told -= {"source_lon", "source_lat", "source_datum", "source"}
            put(outlet, columns_of(row.values, told))
            if "status" in row.changes:
                outlet.status = row.values["status"]
                events.append(self._event(outlet, KIND_OF[Status(outlet.status)]))
            services, stops = self._lists(outlet, row)
            follow(outlet, services)
            outlet.version += 1
            versions.append(self._version(outlet, "import", services, stops, row=row.number))
        overwrite(list(held.values()))
        OutletEvent.objects.bulk_create(events, batch_size=CHUNK)
        OutletVersion.objects.bulk_create(versions, batch_size=CHUNK)

    def _lists(self, outlet: Outlet, row: ImportRow) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        services, stops = services_of(outlet), stops_of(outlet)
        if "services" in row.changes:
            have = {s["label"] for s in services}
            more = [s for s in row.values["services"] if s["label"] not in have]
            AddedService.objects.bulk_create([AddedService(outlet=outlet, **s) for s in more])
            services += more
        if "stops" in row.changes:
            OutletStop.objects.filter(outlet=outlet).delete()
            stops = row.values["stops"]
            OutletStop.objects.bulk_create([OutletStop(outlet=outlet, **s) for s in stops])
        return services, stops

    def _event(self, outlet: Outlet, kind: OutletEvent.Kind, note: str = "") -> OutletEvent:
        return OutletEvent(
            outlet=outlet,
            kind=kind,
            on=self.today,
            at=self.now,
            by=self.who.account,
            batch=self.batch,
            note=note,
        )

    def _version(
        self,
        outlet: Outlet,
        action: str,
        services: Sequence[dict[str, Any]],
        stops: Sequence[dict[str, Any]],
        row: int | None = None,
    ) -> OutletVersion:
        return OutletVersion(
            outlet=outlet, number=outlet.version, at=self.now, by=self.who.account, action=action,
            values=snapshot(outlet, services, stops), batch=self.batch, batch_row=row,
        )  # fmt: skip

    def remove(self, outlets: Sequence[Outlet]) -> None:
        """Take out outlets that the batch had added."""
        for outlet in outlets:
            outlet.gone_at = self.now
            outlet.version += 1
        overwrite(outlets)
        kind = OutletEvent.Kind.REMOVED
        OutletEvent.objects.bulk_create([self._event(o, kind, "撤销导入") for o in outlets], batch_size=CHUNK)
        self._undone(outlets)

    def restore(self, pairs: Sequence[tuple[Outlet, dict[str, Any]]]) -> None:
        """Give outlets the values back that they had before the batch."""
        events = []
        for outlet, before in pairs:
            put(outlet, {k: before[k] for k in (*PLAIN, *KEYS) if k in before})
            if outlet.status != before["status"]:
                outlet.status = before["status"]
                events.append(self._event(outlet, KIND_OF[Status(outlet.status)], "撤销导入"))
            follow(outlet, before["services"])
            self._restore_lists(outlet, before)
            outlet.version += 1
        outlets = [o for o, _ in pairs]
        overwrite(outlets)
        OutletEvent.objects.bulk_create(events, batch_size=CHUNK)
        self._undone(outlets, {o.pk: b for o, b in pairs})

    def _restore_lists(self, outlet: Outlet, before: dict[str, Any]) -> None:
        if services_of(outlet) != before["services"]:
            outlet.services.all().delete()
            AddedService.objects.bulk_create([AddedService(outlet=outlet, **s) for s in before["services"]])
        if stops_of(outlet) != before["stops"]:
            outlet.stops.all().delete()
            OutletStop.objects.bulk_create([OutletStop(outlet=outlet, **s) for s in before["stops"]])

    def _undone(self, outlets: Sequence[Outlet], before: dict[int, dict[str, Any]] | None = None) -> None:
        versions = []
        for o in outlets:
            lists = before[o.pk] if before else {"services": services_of(o), "stops": stops_of(o)}
            versions.append(self._version(o, "undo", lists["services"], lists["stops"]))
        OutletVersion.objects.bulk_create(versions, batch_size=CHUNK)


def take_back(batch: ImportBatch, *, who: Who, now: dt.datetime, progress: Progress) -> dict[str, Any]:
    """Undo a batch outlet by outlet; those changed since stay and are named."""
    written = list(
        OutletVersion.objects.filter(batch=batch, action="import").values_list("outlet_id", "number")
    )
    pen, kept = _Pen(batch, who, now), list[str]()
    removed = restored = 0
    for at in range(0, len(written), CHUNK):
        part = dict(written[at : at + CHUNK])
        held = locked(list(part))
        kept += [o.name for o in held if o.version != part[o.pk] or o.gone_at is not None]
        ours = [o for o in held if o.version == part[o.pk] and o.gone_at is None]
        new = [o for o in ours if part[o.pk] == 1]
        pen.remove(new)
        before = _values_before({o.pk: o.version for o in ours if part[o.pk] > 1})
        pen.restore([(o, before[o.pk]) for o in ours if o.pk in before])
        removed, restored = removed + len(new), restored + len(before)
        progress("撤销", at, len(written))
    return {"removed": removed, "restored": restored, "kept": len(kept), "kept_names": kept[:50]}


def _values_before(numbers: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Values of the version before the one given, by outlet."""
    versions = OutletVersion.objects.filter(outlet__in=numbers).values_list("outlet_id", "number", "values")
    return {key: values for key, number, values in versions if number == numbers[key] - 1}


def locked(keys: Sequence[int]) -> list[Outlet]:
    """Outlets held until the transaction ends, in the order of their keys, lists with them."""
    held = Outlet.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return list(held.prefetch_related("services", "stops"))


def overwrite(outlets: Sequence[Outlet]) -> None:
    """Save all columns of many rows in one statement (an upsert is 20 times as fast as ``bulk_update``)."""
    if outlets:
        Outlet.objects.bulk_create(
            outlets, batch_size=CHUNK, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS
        )
