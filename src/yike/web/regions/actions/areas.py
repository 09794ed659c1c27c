"""Writes: areas and their names; each with its trace."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.regions import rules
from yike.web.regions.codes import branch_of, level_of, parent_branch
from yike.web.regions.models import Area, AreaName


def create_area(
    *,
    who: Who,
    code: str,
    name: str,
    now: dt.datetime,
    begins_on: dt.date | None = None,
    source: str = "",
    is_invented: bool = False,
) -> Area:
    """Add a unit to the tree, below the nearest unit above it."""
    if Area.objects.filter(code=code).exists():
        raise RefusedError("register.area.exists", found=code)
    try:
        branch = branch_of(code)
    except ValueError as wrong:
        raise RefusedError("register.area.code", found=code) from wrong
    with transaction.atomic():
        rules.require(who, rules.AREA_KEEPERS, branch, localdate(now))
        area = Area.objects.create(
            code=code,
            branch=branch,
            level=level_of(code),
            parent=Area.objects.filter(branch=parent_branch(branch)).first(),
            begins_on=begins_on,
            source=source,
            is_invented=is_invented,
        )
        AreaName.objects.create(area=area, name=name, begins_on=begins_on)
        record(who, "area.create", "area", code, now=now, area_code=branch, after={"name": name})
    return area


def rename_area(*, who: Who, area: Area, name: str, begins_on: dt.date, now: dt.datetime) -> AreaName:
    """Give a unit another name from a day on; the name before ends on the day before."""
    with transaction.atomic():
        rules.require(who, rules.AREA_KEEPERS, area.branch, localdate(now))
        old = AreaName.objects.select_for_update().filter(area=area, ends_on__isnull=True).first()
        if old is not None and old.begins_on is not None and old.begins_on >= begins_on:
            raise RefusedError("register.area.name_before", found=old.begins_on.isoformat())
        if old is not None:
            old.ends_on = begins_on - dt.timedelta(days=1)
            old.save(update_fields=["ends_on"])
        new = AreaName.objects.create(area=area, name=name, begins_on=begins_on)
        record(
            who, "area.rename", "area", area.code, now=now, area_code=area.branch,
            before={"name": old.name if old else ""}, after={"name": name, "begins_on": begins_on},
        )  # fmt: skip
    return new


def end_area(
    *, who: Who, area: Area, ends_on: dt.date, now: dt.datetime, succeeded_by: Area | None = None
) -> None:
    """Close a unit on its last day; it stays in the register for old returns."""
    with transaction.atomic():
        rules.require(who, rules.AREA_KEEPERS, area.branch, localdate(now))
        if area.children.filter(ends_on__isnull=True).exists():
            raise RefusedError("register.area.has_children", found=area.code)
        hit = Area.objects.filter(pk=area.pk, ends_on__isnull=True).update(
            ends_on=ends_on, succeeded_by=succeeded_by
        )
        if not hit:
            raise RefusedError("register.area.ended", found=area.code)
        after = {"ends_on": ends_on, "succeeded_by": succeeded_by.code if succeeded_by else ""}
        record(who, "area.end", "area", area.code, now=now, area_code=area.branch, after=after)
