"""Writes: a list of circles (附件2) becomes circles, all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.regions.actions.circles import change_circle, change_members, common_branch, create_circle
from yike.web.regions.models import Area, Circle


@dataclass(frozen=True)
class Chosen:
    """One circle as somebody confirmed it; ``lead`` is the key of the leading community."""

    name: str
    year: int | None
    lead: int | None
    communities: tuple[int, ...]  # keys, the leading one only where it belongs to the circle


def apply_list(
    *, who: Who, branch: str, rows: Sequence[Chosen], is_invented: bool = False, now: dt.datetime
) -> tuple[int, int, int]:
    """Make the circles of a list, or change those of the same name in the branch: (new, changed, same)."""
    if not rows:
        raise RefusedError("register.list.nothing", status=409)
    told = {"new": 0, "changed": 0, "same": 0}
    with transaction.atomic():
        for row in rows:
            told[_apply(who, branch, row, is_invented, now)] += 1
    return told["new"], told["changed"], told["same"]


def _apply(who: Who, branch: str, row: Chosen, is_invented: bool, now: dt.datetime) -> str:
    members = list(Area.objects.filter(pk__in=row.communities, level="community"))
    lead = Area.objects.filter(pk=row.lead, level="community").first() if row.lead else None
    circle = Circle.objects.filter(name=row.name, area_code__startswith=branch).first()
    if circle is None:
        create_circle(
            who=who, code=next_code(common_branch(members) or branch, row.year or localdate(now).year),
            name=row.name, communities=members, lead=lead,
            fields={"build_year": row.year, "is_invented": is_invented}, now=now,
        )  # fmt: skip
        return "new"
    now_in = set(circle.members.filter(ends_on__isnull=True).values_list("community_id", flat=True))
    differs = now_in != {a.pk for a in members} or (lead is not None and lead.pk != circle.lead_community_id)
    if differs:
        change_members(who=who, circle=circle, communities=members, on=localdate(now), now=now, lead=lead)
    if circle.build_year != row.year and row.year is not None:
        change_circle(who=who, circle=circle, fields={"build_year": row.year}, now=now)
        return "changed"
    return "changed" if differs else "same"


def next_code(branch: str, year: int) -> str:
    """A code nobody uses yet: ``411281-2023-07``."""
    stem = f"{branch[:6]}-{year}-"
    used = set(Circle.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(1, 10_000) if (code := f"{stem}{n:02d}") not in used)
