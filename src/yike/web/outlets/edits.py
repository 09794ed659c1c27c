"""Edits of many outlets at once: made together, taken back together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.outlets import rules
from yike.web.outlets.actions import note_event
from yike.web.outlets.limits import limits
from yike.web.outlets.models import BatchEdit, EditedOutlet, Outlet, OutletVersion, Status
from yike.web.outlets.values import KEYS, PLAIN, put, services_of, snapshot, stops_of, type_label
from yike.web.regions.models import Area

CHUNK = 500
_COLUMNS = [f.name for f in Outlet._meta.concrete_fields if not f.primary_key]


@dataclass(frozen=True)
class Wanted:
    """What shall become of the chosen outlets; only the field of ``what`` is looked at."""

    what: str  # of BatchEdit.What
    status: str = ""
    on: dt.date | None = None
    note: str = ""
    type_code: str = ""
    community: Area | None = None
    told: str = ""  # as people read it
    columns: Mapping[str, Any] = field(default_factory=dict)


def edit_outlets(*, who: Who, keys: Sequence[int], wanted: Wanted, now: dt.datetime) -> BatchEdit:
    """
    Change chosen outlets in one transaction; those that are so already stay untouched.

    Raises
    ------
    RefusedError
        None or too many chosen, one of another branch or gone, or none that would change.
    """
    most = limits()["edit"]["most_at_once"]
    if not 0 < len(keys) <= most:
        raise RefusedError("register.edit.how_many", found=len(keys), limit=most)
    with transaction.atomic():
        held = _held(keys, who, now)
        branch = _branch_of(held)
        edit = BatchEdit.objects.create(
            area_code=branch, what=wanted.what, told=wanted.told[:120], by=who.account, at=now
        )
        changed = [o for o in held if CHANGES[wanted.what](o, wanted, who, now)]
        if not changed:
            raise RefusedError("register.edit.nothing", told=wanted.told or str(edit))
        for branch_now in {o.area_code for o in changed}:
            rules.require_keeper(who, branch_now, localdate(now))
        _write(changed, f"batch.{wanted.what}", who, now)
        EditedOutlet.objects.bulk_create(
            [EditedOutlet(edit=edit, outlet=o, number=o.version) for o in changed], batch_size=CHUNK
        )
        after = {"what": wanted.what, "told": wanted.told, "outlets": len(changed)}
        record(who, "outlet.batch_edit", "batch_edit", str(edit.pk), now=now, area_code=branch, after=after)
    return edit


def _held(keys: Iterable[int], who: Who, now: dt.datetime) -> list[Outlet]:
    """Outlets held until the transaction ends, each in a branch of who acts."""
    rows = Outlet.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    held = list(rows.prefetch_related("services", "stops"))
    for branch in {o.area_code for o in held}:
        rules.require_keeper(who, branch, localdate(now))
    for outlet in held:
        rules.require_live(outlet)
    return held


def _branch_of(outlets: Sequence[Outlet]) -> str:
    """The narrowest branch that holds all of them."""
    codes = {o.area_code for o in outlets}
    return next((c for end in (12, 9, 6, 4, 2) if len(cut := {c[:end] for c in codes}) == 1 for c in cut), "")


def _write(outlets: Sequence[Outlet], action: str, who: Who, now: dt.datetime) -> None:
    """Save changed outlets with their next versions, 500 at a time."""
    versions = []
    for outlet in outlets:
        outlet.version += 1
        values = snapshot(outlet, services_of(outlet), stops_of(outlet))
        versions.append(
            OutletVersion(
                outlet=outlet, number=outlet.version, at=now, by=who.account, action=action, values=values
            )
        )
    Outlet.objects.bulk_create(  # an upsert is 20 times as fast as bulk_update
        outlets, batch_size=CHUNK, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS
    )
    OutletVersion.objects.bulk_create(versions, batch_size=CHUNK)


def _verify(outlet: Outlet, wanted: Wanted, who: Who, now: dt.datetime) -> bool:
    outlet.verified_on, outlet.verified_by = localdate(now), who.account
    return True


def _status(outlet: Outlet, wanted: Wanted, who: Who, now: dt.datetime) -> bool:
    if outlet.status == wanted.status:
        return False
    outlet.status = Status(wanted.status)
    kind = rules.KIND_OF[Status(wanted.status)]
    note_event(outlet, kind, who=who, on=wanted.on or localdate(now), now=now, note=wanted.note)
    return True


def _columns(outlet: Outlet, wanted: Wanted, who: Who, now: dt.datetime) -> bool:
    return bool(put(outlet, wanted.columns))


CHANGES: dict[str, Callable[[Outlet, Wanted, Who, dt.datetime], bool]] = {
    BatchEdit.What.VERIFY: _verify,
    BatchEdit.What.STATUS: _status,
    BatchEdit.What.TYPE: _columns,
    BatchEdit.What.COMMUNITY: _columns,
}


def verifying() -> Wanted:
    """Somebody has looked at all of them."""
    return Wanted(BatchEdit.What.VERIFY, told="今天核实")


def setting_status(status: str, on: dt.date, note: str) -> Wanted:
    """They opened, paused or closed on a day."""
    return Wanted(
        BatchEdit.What.STATUS, status=status, on=on, note=note, told=f"{Status(status).label}，{on}"
    )


def setting_type(type_code: str) -> Wanted:
    """They are of another type than was written down."""
    return Wanted(BatchEdit.What.TYPE, told=type_label(type_code), columns={"type_code": type_code})


def setting_community(community: Area, name: str) -> Wanted:
    """They lie in another community than was written down."""
    columns = {"community_id": community.pk, "area_code": community.branch}
    return Wanted(BatchEdit.What.COMMUNITY, told=name, community=community, columns=columns)


def undo_edit(*, who: Who, edit: BatchEdit, now: dt.datetime) -> BatchEdit:
    """
    Give the outlets back what they had before; those changed again since stay and are named.

    Raises
    ------
    RefusedError
        It was taken back already.
    """
    with transaction.atomic():
        edit = BatchEdit.objects.select_for_update().get(pk=edit.pk)
        if edit.undone_at is not None:
            raise RefusedError("register.edit.undone", status=409)
        written = dict(edit.rows.values_list("outlet_id", "number"))
        rows = Outlet.objects.select_for_update().filter(pk__in=written).order_by("pk")
        held = list(rows.prefetch_related("services", "stops"))
        for branch in {o.area_code for o in held} or {edit.area_code}:
            rules.require_keeper(who, branch, localdate(now))
        ours = [o for o in held if o.version == written[o.pk] and o.gone_at is None]
        before = _before(ours)
        for outlet in ours:
            _give_back(outlet, before[outlet.pk], who, now)
        _write(ours, "undo", who, now)
        edit.kept_names = [o.name for o in held if o not in ours][:50]
        edit.undone_at, edit.undone_by = now, who.account
        edit.save()
        after = {"restored": len(ours), "kept": len(held) - len(ours)}
        record(
            who,
            "outlet.batch_undo",
            "batch_edit",
            str(edit.pk),
            now=now,
            area_code=edit.area_code,
            after=after,
        )
    return edit


def _before(outlets: Sequence[Outlet]) -> dict[int, dict[str, Any]]:
    """Values of each outlet one version ago."""
    ago = {o.pk: o.version - 1 for o in outlets}
    kept = OutletVersion.objects.filter(outlet__in=ago).values_list("outlet_id", "number", "values")
    return {key: values for key, number, values in kept if number == ago[key]}


def _give_back(outlet: Outlet, values: dict[str, Any], who: Who, now: dt.datetime) -> None:
    put(outlet, {k: values[k] for k in (*PLAIN, *KEYS) if k in values})
    if outlet.status != values["status"]:
        outlet.status = Status(values["status"])
        kind = rules.KIND_OF[Status(values["status"])]
        note_event(outlet, kind, who=who, on=localdate(now), now=now, note="撤销批量修改")
