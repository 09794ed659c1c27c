"""Circles as lists show them, found and narrowed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yike.web.accounts.models import Account
from yike.web.accounts.queries import within_branch
from yike.web.regions.models import (
    Area,
    Circle,
    CircleMember,
    CommunityProfile,
)
from yike.web.regions.profiles import added, latest_profiles
from yike.web.regions.queries import (
    circles_visible_to,
    with_state,
)
from yike.web.regions.reading.areas import names_of


@dataclass(frozen=True)
class CircleRow:
    """A circle in a list."""

    circle: Circle
    state: str
    level: str
    communities: tuple[tuple[int, str], ...]  # key, name
    people: int | None


def circle_rows(circles: QuerySet[Circle] | Sequence[Circle], day: dt.date) -> list[CircleRow]:
    """Circles with the names of their communities now and the sum of their people."""
    listed = list(circles)
    members = CircleMember.objects.filter(circle__in=[c.pk for c in listed], ends_on__isnull=True)
    pairs = list(members.order_by("community__code").values_list("circle_id", "community_id"))
    names = names_of({k for _, k in pairs}, day)
    known = latest_profiles({k for _, k in pairs}, day)
    return [_circle_row(c, [k for circle, k in pairs if circle == c.pk], names, known) for c in listed]


def _circle_row(
    circle: Circle, keys: Sequence[int], names: dict[int, str], known: dict[int, CommunityProfile]
) -> CircleRow:
    people = added(p.people if (p := known.get(k)) else None for k in keys)
    return CircleRow(
        circle=circle,
        state=getattr(circle, "state", None) or "",
        level=getattr(circle, "level", None) or "",
        communities=tuple((k, names.get(k, "")) for k in keys),
        people=people if people is not None else circle.people,
    )


@dataclass(frozen=True)
class CircleFilter:
    """What a list of circles shows; blank leaves open."""

    text: str = ""
    branch: str = ""
    state: str = ""
    level: str = ""
    neighbourhood_class: str = ""
    theme: str = ""
    year: int | None = None
    layout: str = ""


def circles_found(account: Account, today: dt.date, wanted: CircleFilter) -> QuerySet[Circle]:
    """The circles an account sees, narrowed; with state and level."""
    found = with_state(circles_visible_to(account, today)).select_related("lead_community")
    for word in wanted.text.split():
        by_name = CircleMember.objects.filter(ends_on__isnull=True, community__names__name__contains=word)
        found = found.filter(
            Q(name__contains=word) | Q(code__icontains=word) | Q(pk__in=by_name.values("circle"))
        )
    exact = {"state": wanted.state, "level": wanted.level, "build_year": wanted.year}
    exact["neighbourhood_class"] = wanted.neighbourhood_class
    found = found.filter(**{k: v for k, v in exact.items() if v})
    found = found.filter(within_branch(wanted.branch))
    for column, code in (("themes", wanted.theme), ("layout_forms", wanted.layout)):
        if code:
            found = found.filter(pk__in=_having(column, code))
    return found.order_by("area_code", "code")


def _having(column: str, code: str) -> list[int]:
    """Keys of circles whose list holds a code; lists in JSON are searched alike on both databases."""
    pairs = Circle.objects.exclude(**{column: []}).values_list("pk", column)
    return [key for key, codes in pairs if code in codes]


def any_invented(circles: QuerySet[Circle]) -> bool:
    """Whether one of them is invented."""
    return circles.filter(is_invented=True).exists()


def years_of(account: Account, today: dt.date) -> list[int]:
    """Build years there are."""
    seen = circles_visible_to(account, today).filter(build_year__isnull=False)
    return sorted({y for y in seen.values_list("build_year", flat=True) if y is not None})


def circles_touching(area: Area, account: Account, today: dt.date) -> list[Circle]:
    """Circles the account sees that lie in an area, or have a community there; with state and level."""
    members = CircleMember.objects.filter(
        within_branch(area.branch, "community__branch"), ends_on__isnull=True
    )
    here = within_branch(area.branch) | Q(pk__in=members.values("circle"))
    found = with_state(circles_visible_to(account, today)).filter(here)
    return list(found.select_related("lead_community").order_by("area_code", "code"))


def row_of(circle: Circle, day: dt.date) -> list[CircleRow]:
    """A circle as lists show it."""
    return circle_rows(with_state(Circle.objects.filter(pk=circle.pk)), day)
