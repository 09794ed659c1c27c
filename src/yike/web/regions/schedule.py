"""Which circles are built in which year, and how many communities are covered then (建设年限)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from yike.standards.documents import source_words
from yike.web.accounts.queries import within_branches
from yike.web.regions.codes import is_village
from yike.web.regions.limits import pack_for
from yike.web.regions.models import Area, Circle, CircleMember
from yike.web.regions.profiles import latest_profiles

COVERAGE = "community_coverage_share"


@dataclass(frozen=True)
class Aim:
    """A target of the document for a year; ``sign`` met or gap as forecast."""

    percent: float
    due_text: str
    source: str
    sign: str


@dataclass(frozen=True)
class Year:
    """One year of the schedule; per cent of the communities asked about, None without any."""

    year: int | None  # None: circles without a year
    circles: int
    communities: int  # of this year's circles
    covered: int  # distinct communities up to the end of this year
    percent: float | None
    people: int | None  # of the covered communities that have told
    people_untold: int
    aims: tuple[Aim, ...]


@dataclass(frozen=True)
class Schedule:
    """Communities asked about, villages that were left out, and the years."""

    total: int
    villages: int
    years: list[Year]


def schedule_of(circles: QuerySet[Circle], branches: tuple[str, ...], day: dt.date) -> Schedule:
    """Years of the circles; every community counts once; targets are of the town, so villages stay out."""
    here = Area.objects.filter(within_branches(branches, "branch"), level="community", ends_on__isnull=True)
    found = dict(here.values_list("pk", "branch"))
    town = {key for key, branch in found.items() if not is_village(branch)}
    year_of = {c.pk: c.build_year for c in circles if getattr(c, "state", None) != "withdrawn"}
    here_in = within_branches(branches, "community__branch")
    members = CircleMember.objects.filter(here_in, circle__in=list(year_of), ends_on__isnull=True)
    of_year: dict[int | None, set[int]] = {}
    pairs = list(members.values_list("circle_id", "community_id"))
    for circle, community in pairs:
        of_year.setdefault(year_of[circle], set()).add(community)
    year_of = {circle: year_of[circle] for circle, _ in pairs}
    return Schedule(len(town), len(found) - len(town), _years(year_of, of_year, town, branches, day))


def _years(
    year_of: dict[int, int | None],
    of_year: dict[int | None, set[int]],
    town: set[int],
    branches: tuple[str, ...],
    day: dt.date,
) -> list[Year]:
    aims = _aims(branches)
    planned = {y for y in year_of.values() if y is not None} | {y for y in aims if year_of}
    known = latest_profiles(set().union(*of_year.values()), day)
    covered: set[int] = set()
    found = []
    for year in [*sorted(planned), *([None] if None in year_of.values() else [])]:
        mine = of_year.get(year, set())
        covered = covered | mine if year is not None else covered
        percent = len(covered & town) / len(town) * 100 if town else None
        told = [p.people for k in covered if (p := known.get(k)) is not None and p.people is not None]
        found.append(
            Year(
                year=year,
                circles=sum(y == year for y in year_of.values()),
                communities=len(mine),
                covered=len(covered),
                percent=percent if year is not None else None,
                people=sum(told) if told else None,
                people_untold=len(covered) - len(told),
                aims=_judged(aims.get(year, []) if year is not None else [], percent),
            )
        )
    return found


def _judged(aims: list[Aim], percent: float | None) -> tuple[Aim, ...]:
    """A share that is exactly the target meets it."""
    if percent is None:
        return tuple(aims)
    return tuple(replace(a, sign="met" if percent >= a.percent - 1e-9 else "gap") for a in aims)


def _aims(branches: tuple[str, ...]) -> dict[int, list[Aim]]:
    """Targets of the document the branch works under, by the year they fall due."""
    if len(branches) != 1:
        return {}
    pack = pack_for(branches[0])
    found: dict[int, list[Aim]] = {}
    for target in pack.targets:
        if target.indicator == COVERAGE and target.due is not None:
            source = source_words(target.source, pack.documents)
            aim = Aim(target.value * 100, target.due_text, source, "unknown")
            found.setdefault(target.due.year, []).append(aim)
    return found
