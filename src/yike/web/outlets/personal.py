"""Telephone numbers and import files in the inventory of personal data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.timezone import localdate

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.accounts.rules import MANAGERS
from yike.web.accounts.sealed import mark_of_digits
from yike.web.accounts.trace import Who
from yike.web.audit.chain import record
from yike.web.outlets.models import (
    PHONE,
    BatchState,
    Facility,
    ImportBatch,
    ImportRow,
    Outlet,
    OutletVersion,
    StagedChange,
    Status,
)
from yike.web.personal.holdings import Found, Holding, holds

OVER = (BatchState.APPLIED, BatchState.UNDONE, BatchState.DROPPED)


def _with_number(model: Any, looker: Account, words: str, today: dt.date) -> QuerySet[Any]:
    """Rows with a whole telephone number in the branches that a person manages."""
    mark = mark_of_digits(words, PHONE)
    if not mark:
        return model.objects.none()  # type: ignore[no-any-return]
    mine = within_branches(branches_of(looker, today, MANAGERS))
    return model.objects.filter(mine, phone_mark=mark)  # type: ignore[no-any-return]


def _outlets_like(looker: Account, words: str, today: dt.date) -> Sequence[Found]:
    same = _with_number(Outlet, looker, words, today).filter(version__gt=0)
    return [
        Found(str(o.pk), f"网点 {o.name}", o.area_code,
              {"名称": o.name, "电话": o.phone, "地址": o.address, "状态": Status(o.status).label})
        for o in same
    ]  # fmt: skip


def _facilities_like(looker: Account, words: str, today: dt.date) -> Sequence[Found]:
    return [
        Found(str(f.pk), f"公共设施 {f.name}", f.area_code,
              {"名称": f.name, "电话": f.phone, "地址": f.address})
        for f in _with_number(Facility, looker, words, today)
    ]  # fmt: skip


def forget_outlet(who: Who, key: str, now: dt.datetime) -> bool:
    """Take the number from an outlet, its versions, and the rows of imports that told it; the rest stays."""
    with transaction.atomic():
        held = Outlet.objects.select_for_update().filter(pk=key).exclude(phone="").first()
        if held is None:
            return False
        held.phone = ""
        held.version += 1
        held.save()
        _blank(OutletVersion.objects.filter(outlet=held), "values")
        _blank(ImportRow.objects.filter(outlet=held), "values", "changes")
        _blank(StagedChange.objects.filter(Q(outlet=held)), "values")
        last = held.versions.order_by("-number").first()
        held.versions.create(
            number=held.version, at=now, by=who.account, action="erase", values=last.values if last else {}
        )
        record(who, "personal.erase", "outlet", str(held.pk), now=now, area_code=held.area_code)
    return True


def forget_facility(who: Who, key: str, now: dt.datetime) -> bool:
    """Take the number from a facility, and from the rows of imports that told it."""
    with transaction.atomic():
        held = Facility.objects.select_for_update().filter(pk=key).exclude(phone="").first()
        if held is None:
            return False
        held.phone = ""
        held.version += 1
        held.save()
        _blank(ImportRow.objects.filter(batch__what="facility", target_key=held.pk), "values", "changes")
        record(who, "personal.erase", "facility", str(held.pk), now=now, area_code=held.area_code)
    return True


def _blank(rows: QuerySet[Any], *columns: str) -> None:
    """Empty the number inside kept JSON."""
    for row in rows:
        for column in columns:
            told = getattr(row, column)
            if "phone" in told:
                setattr(row, column, told | {"phone": "" if column == "values" else ["", ""]})
        row.save(update_fields=columns)


def _outlets_before(who: Who, cutoff: dt.datetime, now: dt.datetime) -> int:
    """Numbers of outlets that closed or were taken out before the cutoff, and nothing happened since."""
    over = Outlet.objects.filter(Q(status=Status.CLOSED) | Q(gone_at__isnull=False), version__gt=0)
    last = over.exclude(phone="").annotate(last=Max("events__on"))
    old = last.filter(Q(gone_at__lt=cutoff) | Q(gone_at__isnull=True, last__lt=localdate(cutoff)))
    return sum(forget_outlet(who, str(pk), now) for pk in old.values_list("pk", flat=True))


def _facilities_before(who: Who, cutoff: dt.datetime, now: dt.datetime) -> int:
    ended = Q(ends_on__lt=localdate(cutoff)) | Q(gone_at__lt=cutoff)
    old = Facility.objects.filter(ended).exclude(phone="")
    return sum(forget_facility(who, str(pk), now) for pk in old.values_list("pk", flat=True))


def _files_before(who: Who, cutoff: dt.datetime, now: dt.datetime) -> int:
    """Files and rows of imports that were over before the cutoff; a file still needed elsewhere stays."""
    over = Q(applied_at__lt=cutoff) | Q(applied_at__isnull=True, uploaded_at__lt=cutoff)
    old = list(ImportBatch.objects.filter(over, state__in=OVER).exclude(path=""))
    for batch in old:
        batch.rows.all().delete()
        StagedChange.objects.filter(batch=batch).delete()
        ImportBatch.objects.filter(pk=batch.pk).update(path="")
        record(who, "import.expire", "import", str(batch.pk), now=now, area_code=batch.area_code)
    paths = {b.path for b in old}
    wanted = set(ImportBatch.objects.filter(path__in=paths).values_list("path", flat=True))
    for path in paths - wanted:
        transaction.on_commit(lambda path=path: (Path(settings.DATA) / path).unlink(missing_ok=True))  # type: ignore[misc]
    return len(old)


holds(Holding("outlet_phone", _outlets_like, forget_outlet, _outlets_before))
holds(Holding("facility_phone", _facilities_like, forget_facility, _facilities_before))
holds(Holding("import_file", purge=_files_before))
