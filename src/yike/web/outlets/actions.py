"""Writes on single outlets: each one transaction, the rule first, a version and the trace last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.outlets import rules
from yike.web.outlets.models import (
    AddedService,
    ImportBatch,
    Outlet,
    OutletEvent,
    OutletStop,
    OutletVersion,
    Status,
)
from yike.web.outlets.values import LISTS, follow, put, services_of, snapshot, stops_of


def create_outlet(
    *, who: Who, values: Mapping[str, Any], now: dt.datetime, status: str = Status.OPEN
) -> Outlet:
    """Add an outlet; ``values`` are columns (``values.PLAIN``) and the lists ``services`` and ``stops``."""
    with transaction.atomic():
        outlet = Outlet(status=status)
        put(outlet, values)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        _refuse_used_code(outlet)
        outlet.save()
        _write_lists(outlet, values)
        note_event(outlet, rules.KIND_OF[Status(status)], who=who, on=localdate(now), now=now)
        after = keep_version(outlet, "create", who=who, now=now)
        _trace(who, "outlet.create", outlet, now=now, after=after)
    return outlet


def change_outlet(
    *, who: Who, outlet: Outlet, values: Mapping[str, Any], now: dt.datetime, seen: int | None = None
) -> Outlet:
    """
    Change columns of an outlet; without a difference nothing happens.

    Parameters
    ----------
    seen
        Version the person had before her; another one now in force is refused, so that no edit is lost.
    """
    with transaction.atomic():
        outlet = lock(outlet, seen)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        rules.require_live(outlet)
        lists = {"services": services_of(outlet), "stops": stops_of(outlet)}
        changed = put(outlet, values)
        changed |= {
            k: (lists[k], list(values[k])) for k in LISTS if k in values and lists[k] != list(values[k])
        }
        if not changed:
            return outlet
        if "area_code" in changed:
            rules.require_keeper(who, outlet.area_code, localdate(now))
        _refuse_used_code(outlet)
        _write_lists(outlet, values)
        next_version(outlet)
        keep_version(outlet, "change", who=who, now=now)
        _trace(
            who, "outlet.change", outlet, now=now,
            before={k: v[0] for k, v in changed.items()}, after={k: v[1] for k, v in changed.items()},
        )  # fmt: skip
    return outlet


def set_status(
    *, who: Who, outlet: Outlet, status: str, on: dt.date, now: dt.datetime, note: str = ""
) -> OutletEvent:
    """Record that an outlet opened, paused, closed or is planned, from a day on."""
    with transaction.atomic():
        outlet = lock(outlet)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        rules.require_live(outlet)
        was, wanted = outlet.status, Status(status)
        if was == wanted:
            raise RefusedError("register.outlet.status_same", name=outlet.name, word=wanted.label)
        outlet.status = wanted
        event = note_event(outlet, rules.KIND_OF[wanted], who=who, on=on, now=now, note=note)
        next_version(outlet)
        keep_version(outlet, "status", who=who, now=now)
        _trace(
            who, "outlet.status", outlet, now=now, before={"status": was},
            after={"status": wanted, "on": on}, note=note,
        )  # fmt: skip
    return event


def move_outlet(
    *, who: Who, outlet: Outlet, place: Mapping[str, Any], on: dt.date, now: dt.datetime, note: str = ""
) -> OutletEvent:
    """Record that an outlet moved: address, point, community; the place before stays in its versions."""
    with transaction.atomic():
        outlet = lock(outlet)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        rules.require_live(outlet)
        changed = put(outlet, place)
        if not changed:
            raise RefusedError("register.outlet.not_moved", name=outlet.name)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        event = note_event(outlet, OutletEvent.Kind.MOVED, who=who, on=on, now=now, note=note)
        next_version(outlet)
        keep_version(outlet, "move", who=who, now=now)
        _trace(
            who, "outlet.move", outlet, now=now, note=note,
            before={k: v[0] for k, v in changed.items()}, after={k: v[1] for k, v in changed.items()},
        )  # fmt: skip
    return event


def verify_outlet(*, who: Who, outlet: Outlet, now: dt.datetime) -> Outlet:
    """Record that somebody has looked: the data is as the register says."""
    with transaction.atomic():
        outlet = lock(outlet)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        rules.require_live(outlet)
        before = {"verified_on": outlet.verified_on}
        outlet.verified_on, outlet.verified_by = localdate(now), who.account
        next_version(outlet)
        keep_version(outlet, "verify", who=who, now=now)
        _trace(
            who, "outlet.verify", outlet, now=now, before=before, after={"verified_on": outlet.verified_on}
        )
    return outlet


def remove_outlet(*, who: Who, outlet: Outlet, now: dt.datetime, note: str) -> Outlet:
    """Take an outlet out of the register (entered by mistake); it and its history stay readable."""
    if not note.strip():
        raise RefusedError("register.outlet.no_reason", name=outlet.name)
    with transaction.atomic():
        outlet = lock(outlet)
        rules.require_keeper(who, outlet.area_code, localdate(now))
        rules.require_live(outlet)
        outlet.gone_at = now
        note_event(outlet, OutletEvent.Kind.REMOVED, who=who, on=localdate(now), now=now, note=note)
        next_version(outlet)
        keep_version(outlet, "remove", who=who, now=now)
        _trace(who, "outlet.remove", outlet, now=now, note=note)
    return outlet


def merge_outlets(*, who: Who, keep: Outlet, others: Sequence[Outlet], now: dt.datetime) -> Outlet:
    """
    Make several records of one outlet one.

    What the kept record does not know is taken from the others, in their order. The others point to it and
    keep their events and versions, so that both histories can be read.
    """
    keys = sorted({keep.pk, *(o.pk for o in others)})
    if len(keys) < 2:
        raise RefusedError("register.outlet.merge_self", name=keep.name)
    with transaction.atomic():
        locked = {o.pk: o for o in Outlet.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
        kept, rest = locked[keep.pk], [locked[o.pk] for o in others]
        for outlet in (kept, *rest):
            rules.require_keeper(who, outlet.area_code, localdate(now))
            rules.require_live(outlet)
        for other in rest:
            _point_to(other, kept, who=who, now=now)
        taken: dict[str, Any] = {}
        for other in rest:
            taken |= _fill(kept, other)
        follow(kept, services_of(kept))
        names = "、".join(o.name for o in rest)
        note_event(
            kept, OutletEvent.Kind.MERGED, who=who, on=localdate(now), now=now, note=f"并入：{names}"[:200]
        )
        next_version(kept)
        keep_version(kept, "merge", who=who, now=now)
        _trace(
            who,
            "outlet.merge",
            kept,
            now=now,
            before={"merged": [o.pk for o in rest]},
            after=taken,
            note=names,
        )
    return kept


def _point_to(other: Outlet, kept: Outlet, *, who: Who, now: dt.datetime) -> None:
    other.gone_at, other.merged_into = now, kept
    note_event(
        other, OutletEvent.Kind.MERGED, who=who, on=localdate(now), now=now, note=f"并入“{kept.name}”"[:200]
    )
    next_version(other)
    keep_version(other, "merged", who=who, now=now)


def _fill(kept: Outlet, other: Outlet) -> dict[str, Any]:
    """Take from another record what the kept one does not know."""
    taken = {}
    unknown: tuple[Any, ...] = (None, "", [])
    for name in (
        "code", "type_code", "type_text", "brand", "is_chain", "chain_mode", "credit_code", "no_code_reason",
        "licences", "hours", "holiday_hours", "delivers_at_night", "phone", "is_accessible", "takes_cash",
        "payments", "staff", "area_m2", "capacity", "address", "community_id", "credit_grade",
    ):  # fmt: skip
        if getattr(kept, name) in unknown and getattr(other, name) not in unknown:
            setattr(kept, name, getattr(other, name))
            taken[name] = getattr(other, name)
    have = {s.label for s in kept.services.all()}
    more = [s for s in other.services.all() if s.label not in have]
    AddedService.objects.bulk_create(
        AddedService(outlet=kept, label=s.label, type_code=s.type_code, hours=s.hours, is_public=s.is_public)
        for s in more
    )
    if more:
        taken["services"] = [s.label for s in more]
    return taken


def lock(outlet: Outlet, seen: int | None = None) -> Outlet:
    """The row as it stands now, held until the transaction ends; refuses a version that is no longer it."""
    held = Outlet.objects.select_for_update().get(pk=outlet.pk)
    if seen is not None and held.version != seen:
        raise RefusedError("register.outlet.stale", status=409, name=held.name)
    return held


def next_version(outlet: Outlet) -> None:
    """Save with the next version number."""
    outlet.version += 1
    outlet.save()


def keep_version(
    outlet: Outlet, action: str, *, who: Who, now: dt.datetime, batch: ImportBatch | None = None
) -> Any:
    """Write down the outlet as it stands after a change."""
    values = snapshot(outlet, services_of(outlet), stops_of(outlet))
    OutletVersion.objects.create(
        outlet=outlet,
        number=outlet.version,
        at=now,
        by=who.account,
        action=action,
        values=values,
        batch=batch,
    )
    return values


def note_event(
    outlet: Outlet,
    kind: OutletEvent.Kind,
    *,
    who: Who,
    on: dt.date,
    now: dt.datetime,
    note: str = "",
    batch: ImportBatch | None = None,
) -> OutletEvent:
    """Add an event to an outlet's history."""
    return OutletEvent.objects.create(
        outlet=outlet, kind=kind, on=on, at=now, by=who.account, note=note, batch=batch
    )


def _refuse_used_code(outlet: Outlet) -> None:
    if not outlet.code:
        return
    same = Outlet.objects.filter(area_code=outlet.area_code, code=outlet.code, gone_at__isnull=True)
    if same.exclude(pk=outlet.pk).exists():
        raise RefusedError("register.outlet.code_used", found=outlet.code)


def _write_lists(outlet: Outlet, values: Mapping[str, Any]) -> None:
    if "services" in values:
        outlet.services.all().delete()
        AddedService.objects.bulk_create(AddedService(outlet=outlet, **s) for s in values["services"])
    if "stops" in values:
        outlet.stops.all().delete()
        OutletStop.objects.bulk_create(OutletStop(outlet=outlet, **s) for s in values["stops"])


def _trace(who: Who, action: str, outlet: Outlet, *, now: dt.datetime, **told: Any) -> None:
    record(who, action, "outlet", str(outlet.pk), now=now, area_code=outlet.area_code, **told)
