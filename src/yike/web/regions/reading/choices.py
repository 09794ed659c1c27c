"""Communities to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.regions.models import (
    Area,
    AreaName,
    Circle,
    CircleMember,
)
from yike.web.regions.queries import (
    branches_to_choose,
    named,
)
from yike.web.regions.reading.members import member_keys

MOST_OFFERED = 120
"""More communities than this are not offered at once."""


def communities_in(branches: Iterable[str]) -> list[tuple[int, str, str]]:
    """(key, branch, name) of communities in force, for choices and for reading names."""
    names = AreaName.objects.filter(
        within_branches(branches, "area__branch"),
        area__level="community",
        area__ends_on__isnull=True,
        ends_on__isnull=True,
    )
    return list(names.order_by("area__branch").values_list("area_id", "area__branch", "name"))


def communities_by_key(keys: Iterable[int]) -> list[Area]:
    """Communities in force, by their keys."""
    return list(Area.objects.filter(pk__in=list(keys), level="community", ends_on__isnull=True))


@dataclass(frozen=True)
class Offered:
    """Communities to choose from, by subdistrict; where there are too many, a branch is asked for first."""

    groups: list[tuple[str, list[tuple[int, str]]]]
    branches: list[tuple[str, str]]
    branch: str
    is_asking: bool


def offered(
    account: Account, today: dt.date, roles: Iterable[str], branch: str, circle: Circle | None = None
) -> Offered:
    """Communities an account may put into a circle: in no circle now, or in this one."""
    mine = branches_of(account, today, roles)
    branches = branches_to_choose(account, today, roles)
    if branch and not any(branch.startswith(b) for b in mine):
        branch = ""
    free = _free([branch] if branch else mine, circle)
    keep = set(member_keys(circle)) if circle is not None else set()
    is_asking = len(free) > MOST_OFFERED
    if is_asking:
        free = [c for c in free if c[0] in keep]
    return Offered(_by_street(free, today), branches, branch, is_asking)


def _free(branches: Iterable[str], circle: Circle | None) -> list[tuple[int, str, str]]:
    """Communities in no circle; those of ``circle`` stay, also outside the branches."""
    busy = CircleMember.objects.filter(ends_on__isnull=True)
    keep = set(member_keys(circle)) if circle is not None else set()
    taken = set(busy.values_list("community_id", flat=True)) - keep
    found = {c[0]: c for c in communities_in(branches) if c[0] not in taken}
    if circle is not None:
        found |= {c[0]: c for c in communities_in([a.branch for a in communities_by_key(keep)])}
    return sorted(found.values(), key=lambda c: c[1])


def _by_street(
    communities: Sequence[tuple[int, str, str]], today: dt.date
) -> list[tuple[str, list[tuple[int, str]]]]:
    streets = {branch[:9] for _, branch, _ in communities}
    named_streets = named(Area.objects.filter(branch__in=streets), today)
    names = {a.branch: getattr(a, "name", None) or a.code for a in named_streets}
    groups: dict[str, list[tuple[int, str]]] = {}
    for key, branch, name in communities:
        groups.setdefault(names.get(branch[:9], branch[:9]), []).append((key, name))
    return list(groups.items())
