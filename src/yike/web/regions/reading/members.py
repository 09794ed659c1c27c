"""Communities of a circle, now and before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from yike.web.regions.limits import Check, checks_of
from yike.web.regions.models import (
    Area,
    Circle,
    CircleMember,
    CommunityProfile,
)
from yike.web.regions.profiles import latest_profiles
from yike.web.regions.queries import (
    named,
)
from yike.web.regions.reading.areas import names_of


@dataclass(frozen=True)
class MemberRow:
    """A community of a circle with its newest profile and checks."""

    area: Area
    name: str
    profile: CommunityProfile | None
    checks: tuple[Check, ...]
    is_lead: bool


def member_rows(circle: Circle, day: dt.date) -> list[MemberRow]:
    """Communities of a circle now, the leading one first."""
    keys = circle.members.filter(ends_on__isnull=True).values_list("community", flat=True)
    areas = list(named(Area.objects.filter(pk__in=list(keys)), day).order_by("code"))
    known = latest_profiles([a.pk for a in areas], day)
    rows = [
        MemberRow(
            area=a,
            name=getattr(a, "name", None) or a.code,
            profile=known.get(a.pk),
            checks=tuple(checks_of(known.get(a.pk), a.branch)),
            is_lead=a.pk == circle.lead_community_id,
        )
        for a in areas
    ]
    return sorted(rows, key=lambda r: not r.is_lead)


def ages_of(profiles: Iterable[CommunityProfile | None]) -> dict[str, int]:
    """Ages added up over the communities that have told them."""
    total: Counter[str] = Counter()
    for profile in profiles:
        if profile is not None:
            total.update({k: int(v) for k, v in profile.age_bands.items()})
    return dict(total)


def member_keys(circle: Circle) -> list[int]:
    """Keys of the communities a circle has now."""
    return list(circle.members.filter(ends_on__isnull=True).values_list("community_id", flat=True))


def former_members(circle: Circle, day: dt.date) -> list[tuple[str, CircleMember]]:
    """Communities that left a circle, with their names."""
    left = list(circle.members.filter(ends_on__isnull=False).order_by("-ends_on", "id"))
    names = names_of({m.community_id for m in left}, day)
    return [(names.get(m.community_id, ""), m) for m in left]
