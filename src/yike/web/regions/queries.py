"""Reads: areas and circles in somebody's branches, names on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from yike.standards.survey_form import LAYOUTS, OPERATORS
from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.regions.codes import LENGTHS
from yike.web.regions.models import Area, AreaName, Circle, CircleTransition, CommunityProfile
from yike.web.regions.profiles import (
    CircleProfile,
    Member,
    added,
    area_share_of,
    latest_profiles,
    members_on,
    sources_of,
)

MOST_CHOICES = 400


def named(areas: QuerySet[Area], today: dt.date) -> QuerySet[Area]:
    """Areas with ``name``: what each is called on a day; None when it had no name yet."""
    on_the_day = (
        AreaName.objects.filter(Q(begins_on__isnull=True) | Q(begins_on__lte=today), area=OuterRef("pk"))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .order_by("-begins_on")
    )
    return areas.annotate(name=Subquery(on_the_day.values("name")[:1]))


def name_of(branch: str) -> str:
    """What a branch is called today, "" when no area has the code."""
    found = named(Area.objects.filter(branch=branch), localdate()).first()
    return getattr(found, "name", None) or ""


def areas_visible_to(account: Account, today: dt.date) -> QuerySet[Area]:
    """Areas in the branches of an account's duties."""
    return Area.objects.filter(within_branches(branches_of(account, today), "branch"))


def circles_visible_to(account: Account, today: dt.date) -> QuerySet[Circle]:
    """Circles in the branches of an account's duties; a community sees those it belongs to as well."""
    branches = branches_of(account, today)
    mine = within_branches(branches)
    for branch in branches:
        mine |= Q(members__community__branch__startswith=branch, members__ends_on__isnull=True)
    return Circle.objects.filter(mine).distinct()


def with_lead(circles: QuerySet[Circle]) -> QuerySet[Circle]:
    """Circles with their leading community at hand."""
    return circles.select_related("lead_community")


def with_state(circles: QuerySet[Circle]) -> QuerySet[Circle]:
    """Circles with ``state`` and ``level``: those of the last transition, None before the first."""
    last = CircleTransition.objects.filter(circle=OuterRef("pk")).order_by("-at", "-id")
    return circles.annotate(
        state=Subquery(last.values("state")[:1]), level=Subquery(last.values("level")[:1])
    )


def branches_to_choose(account: Account, today: dt.date, roles: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(branch, name) down to the subdistrict, indented by level; who sees one community alone gets that."""
    mine = Area.objects.filter(
        within_branches(branches_of(account, today, roles), "branch"), ends_on__isnull=True
    )
    wide = list(named(mine.exclude(level="community"), today).order_by("branch")[:MOST_CHOICES])
    shown = wide or list(named(mine, today).order_by("branch")[:MOST_CHOICES])
    top = min((depth_of(a) for a in shown), default=0)
    return [(a.branch, "　" * (depth_of(a) - top) + (getattr(a, "name", None) or a.code)) for a in shown]


def depth_of(area: Area) -> int:
    """How deep below the province an area lies, 0 the province."""
    return list(LENGTHS).index(area.level)


def profile_of(circle: Circle, day: dt.date | None = None) -> CircleProfile:
    """Facts of a circle on a day (today when left out), added up from its distinct communities."""
    day = day or localdate()
    areas = list(named(Area.objects.filter(pk__in=[a.pk for a in members_on(circle, day)]), day))
    known = latest_profiles([a.pk for a in areas], day)
    members = tuple(_member(a, known.get(a.pk)) for a in areas)
    people, households = added(m.people for m in members), added(m.households for m in members)
    people_from = "communities" if people is not None else "circle" if circle.people is not None else ""
    centres, kinds = _centres(circle, day), _operator_kinds(circle, day)
    share = area_share_of(known.get(a.pk) for a in areas)
    profile = CircleProfile(
        day=day,
        members=members,
        people=people if people is not None else circle.people,
        people_from=people_from,
        households=households if households is not None else circle.households,
        centres=centres,
        operator_kinds=tuple(k for k in OPERATORS if k in kinds),
        layouts=tuple(k for k in LAYOUTS if k in circle.layout_forms),
        has_platform=circle.has_platform,
        area_share=share,
        said={},
    )
    profile.said.update(sources_of(profile))
    return profile


def _member(area: Area, profile: CommunityProfile | None) -> Member:
    name = getattr(area, "name", None) or area.code
    if profile is None:
        return Member(area.code, name, None, None, None)
    return Member(area.code, name, profile.people, profile.households, profile.as_of)


def _centres(circle: Circle, day: dt.date) -> int | None:
    """How many centres are open on a day; None when none was ever registered: nobody has told."""
    if not circle.centres.exists():
        return None
    open_then = Q(begins_on__isnull=True) | Q(begins_on__lte=day)
    return circle.centres.filter(open_then, Q(ends_on__isnull=True) | Q(ends_on__gte=day)).count()


def _operator_kinds(circle: Circle, day: dt.date) -> set[str]:
    """Kinds ticked for the circle, and those of its operators in force."""
    in_force = Q(begins_on__isnull=True) | Q(begins_on__lte=day)
    in_force &= Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return set(circle.operator_kinds) | set(circle.operators.filter(in_force).values_list("kind", flat=True))
