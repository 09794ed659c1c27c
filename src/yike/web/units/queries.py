"""Reads: units in somebody's reach, the unit a text means, members on a day, branches without a team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.regions.models import Area
from yike.web.regions.queries import areas_visible_to, named
from yike.web.units.models import Team, TeamMember, Unit

TEAM_LEVELS = ("city", "district", "subdistrict")


def units_visible_to(account: Account, today: dt.date) -> QuerySet[Unit]:
    """Units in the branches of an account, and those above it that lead its work."""
    branches = branches_of(account, today)
    above = {b[:n] for b in branches for n in (0, 2, 4, 6, 9) if n < len(b)}
    return Unit.objects.filter(within_branches(branches) | Q(area_code__in=above))


def units_kept_by(account: Account, today: dt.date) -> QuerySet[Unit]:
    """Units in the branches of an account."""
    return Unit.objects.filter(within_branches(branches_of(account, today)))


def units_in_force(account: Account, today: dt.date, but: int | None = None) -> QuerySet[Unit]:
    """Units a person sees that exist still, ``but`` one."""
    return units_visible_to(account, today).filter(ends_on__isnull=True).exclude(pk=but or 0)


def keeps_unit(account: Account, unit: Unit, today: dt.date) -> bool:
    """Whether a unit lies in the person's branches."""
    return units_kept_by(account, today).filter(pk=unit.pk).exists()


def has_invented(units: QuerySet[Unit]) -> bool:
    """Whether one of the units is made up."""
    return units.filter(is_invented=True).exists()


def units_found(units: QuerySet[Unit], *, q: str = "", state: str = "") -> QuerySet[Unit]:
    """Units narrowed by words in any of their names, and whether they exist still."""
    for word in q.split():
        units = units.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(alias_text__icontains=word)
            | Q(old_names__name__icontains=word)
        )
    states = {"now": Q(ends_on__isnull=True), "gone": Q(ends_on__isnull=False)}
    return units.filter(states.get(state, Q())).distinct()


def unit_meant(text: str, area_code: str) -> Unit | None:
    """
    The unit that a paper's text means: by name, short name, alias or a name it had; nearest branch first.

    A renamed or ended unit answers with the one that took over.
    """
    wide = [area_code[:n] for n in (12, 9, 6, 4, 2, 0) if n <= len(area_code)]
    for branch in dict.fromkeys(wide):
        here = Unit.objects.filter(area_code=branch)
        found = (
            here.filter(Q(name=text) | Q(short_name=text)).first()
            or here.filter(old_names__name=text).first()
            or next((u for u in here.filter(alias_text__contains=text) if text in u.aliases), None)
        )
        if found is not None:
            return successor_of(found)
    return None


def successor_of(unit: Unit) -> Unit:
    """The unit that answers today, after mergers."""
    seen = {unit.pk}
    while unit.succeeded_by is not None and unit.succeeded_by_id not in seen:
        unit = unit.succeeded_by
        seen.add(unit.pk)
    return unit


def teams_visible_to(account: Account, today: dt.date) -> QuerySet[Team]:
    """Teams in the branches of an account, and those above it, with ``n_members`` of the day."""
    branches = branches_of(account, today)
    above = {b[:n] for b in branches for n in (2, 4, 6, 9) if n < len(b)}
    in_force = Q(members__begins_on__lte=today) & (
        Q(members__ends_on__isnull=True) | Q(members__ends_on__gte=today)
    )
    return (
        Team.objects.filter(within_branches(branches) | Q(area_code__in=above))
        .select_related("office", "handed_to")
        .annotate(n_members=Count("members", filter=in_force, distinct=True))
    )


def members_on(team: Team, day: dt.date) -> list[TeamMember]:
    """Who was a member on a day, highest part first, in the order they were put in."""
    in_force = Q(begins_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    order = list(TeamMember.Part.values)
    found = team.members.filter(in_force).select_related("unit")
    return sorted(found, key=lambda m: (order.index(m.part), m.pk))


def all_members(team: Team) -> list[TeamMember]:
    """Everybody who ever was a member, with the days."""
    return list(team.members.select_related("unit").order_by("-begins_on", "pk"))


def branches_without_team(account: Account, today: dt.date) -> list[Area]:
    """Cities, districts and subdistricts of an account that have no team (三套班子), with names."""
    standing = Team.objects.filter(Q(dissolves_on__isnull=True) | Q(dissolves_on__gt=today))
    covered = standing.values("area_code")
    areas = areas_visible_to(account, today).filter(level__in=TEAM_LEVELS, ends_on__isnull=True)
    return list(named(areas.exclude(branch__in=covered), today).order_by("branch"))


def with_old_names(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Units with ``old_names`` at hand."""
    return units.select_related("succeeded_by").prefetch_related(Prefetch("old_names"))


def teams_kept_by(account: Account, today: dt.date, roles: tuple[str, ...] = ()) -> QuerySet[Team]:
    """Teams in the branches of an account (of some roles)."""
    return Team.objects.filter(within_branches(branches_of(account, today, roles))).select_related(
        "office", "handed_to"
    )


def keeps_team(account: Account, team: Team, today: dt.date, roles: Iterable[str] = ()) -> bool:
    """Whether a team is the person's to change."""
    return teams_kept_by(account, today, tuple(roles)).filter(pk=team.pk).exists()


def members_of(team: Team) -> QuerySet[TeamMember]:
    """Every member a team has had."""
    return team.members.select_related("team", "unit")
