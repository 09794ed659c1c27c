"""Reads: areas and circles in somebody's branches, names on a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, Q, QuerySet, Subquery

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.regions.models import Area, AreaName, Circle, CircleTransition


def named(areas: QuerySet[Area], today: dt.date) -> QuerySet[Area]:
    """Areas with ``name``: what each is called on a day; None when it had no name yet."""
    on_the_day = (
        AreaName.objects.filter(Q(begins_on__isnull=True) | Q(begins_on__lte=today), area=OuterRef("pk"))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        .order_by("-begins_on")
    )
    return areas.annotate(name=Subquery(on_the_day.values("name")[:1]))


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


def with_state(circles: QuerySet[Circle]) -> QuerySet[Circle]:
    """Circles with ``state`` and ``level``: those of the last transition, None before the first."""
    last = CircleTransition.objects.filter(circle=OuterRef("pk")).order_by("-at", "-id")
    return circles.annotate(
        state=Subquery(last.values("state")[:1]), level=Subquery(last.values("level")[:1])
    )
