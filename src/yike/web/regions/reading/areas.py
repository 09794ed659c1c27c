"""Areas as their pages show them, read together so that a list asks the database a few times only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.regions import rules
from yike.web.regions.codes import LENGTHS
from yike.web.regions.models import (
    Area,
    AreaName,
    CircleMember,
    CommunityProfile,
)
from yike.web.regions.profiles import latest_profiles
from yike.web.regions.queries import (
    areas_visible_to,
    named,
)


@dataclass(frozen=True)
class AreaRow:
    """An area in a list, with what lies in it."""

    area: Area
    name: str
    communities: int
    circles: int
    people: int | None
    told: int  # communities whose people are known


def tops(account: Account, today: dt.date) -> list[Area]:
    """The widest areas an account sees: the units of its duties, or what is registered below them."""
    branches = branches_of(account, today)
    seen = named(areas_visible_to(account, today), today).order_by("branch")
    if "" in branches:
        return list(seen.filter(parent__isnull=True))
    own = list(seen.filter(branch__in=branches))
    rest = [b for b in branches if b not in {a.branch for a in own}]
    return own + _widest(list(seen.filter(within_branches(rest, "branch"))))


def _widest(areas: Sequence[Area]) -> list[Area]:
    found: list[Area] = []
    for area in sorted(areas, key=lambda a: (len(a.branch), a.branch)):
        if not any(area.branch.startswith(wide.branch) for wide in found):
            found.append(area)
    return sorted(found, key=lambda a: a.branch)


def area_rows(areas: Iterable[Area], today: dt.date) -> list[AreaRow]:
    """Areas with counts of what lies in each; ended communities and circles' members do not count."""
    listed = list(areas)
    inside = within_branches([a.branch for a in listed], "branch")
    below = Area.objects.filter(inside, level="community", ends_on__isnull=True)
    branch_of = dict(below.values_list("pk", "branch"))
    known = latest_profiles(branch_of, today)
    members = CircleMember.objects.filter(community__in=list(branch_of), ends_on__isnull=True)
    circle_of = dict(members.values_list("community_id", "circle_id"))
    return [_area_row(a, branch_of, known, circle_of) for a in listed]


def _area_row(
    area: Area, branch_of: dict[int, str], known: dict[int, CommunityProfile], circle_of: dict[int, int]
) -> AreaRow:
    mine = [k for k, branch in branch_of.items() if branch.startswith(area.branch)]
    told = [p for k in mine if (p := known.get(k)) is not None and p.people is not None]
    return AreaRow(
        area=area,
        name=getattr(area, "name", None) or area.code,
        communities=len(mine),
        circles=len({circle_of[k] for k in mine if k in circle_of}),
        people=sum(p.people or 0 for p in told) if told else None,
        told=len(told),
    )


def ancestors_of(area: Area, account: Account, today: dt.date) -> list[Area]:
    """Units above an area that the account sees, widest first."""
    codes = [area.branch[:n] for n in LENGTHS.values() if n < len(area.branch)]
    return list(named(areas_visible_to(account, today).filter(branch__in=codes), today).order_by("branch"))


def names_of(keys: Iterable[int], day: dt.date) -> dict[int, str]:
    """Names of areas on a day, by key."""
    found = named(Area.objects.filter(pk__in=list(keys)), day)
    return {a.pk: getattr(a, "name", None) or a.code for a in found}


def below(area: Area, day: dt.date) -> list[Area]:
    """Units right below an area, with their names."""
    return list(named(Area.objects.filter(parent=area), day).order_by("branch"))


def names_in_time(area: Area) -> list[AreaName]:
    """Every name an area ever had, oldest first."""
    return list(area.names.all())


def area_with_code(code: str, account: Account, today: dt.date) -> Area | None:
    """An area the account sees, by its 12 digits."""
    return areas_visible_to(account, today).filter(code=code).first()


def keeps_areas(account: Account, today: dt.date) -> bool:
    """Whether an account may change the tree anywhere."""
    return bool(branches_of(account, today, rules.AREA_KEEPERS))
