"""What pages of areas and circles show, read together so that a list asks the database a few times only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branch, within_branches
from yike.web.audit.chain import Who
from yike.web.regions import rules
from yike.web.regions.codes import LENGTHS
from yike.web.regions.limits import Check, checks_of
from yike.web.regions.models import (
    Area,
    AreaName,
    Circle,
    CircleMember,
    CircleOperator,
    CircleTransition,
    CommercialCentre,
    CommunityProfile,
)
from yike.web.regions.profiles import added, latest_profiles
from yike.web.regions.queries import (
    areas_visible_to,
    branches_to_choose,
    circles_visible_to,
    named,
    with_state,
)
from yike.web.regions.queries import branches_to_choose as areas_to_choose  # noqa: F401 - read by units

MOST_OFFERED = 120
"""More communities than this are not offered at once."""


@dataclass(frozen=True)
class AreaRow:
    """An area in a list, with what lies in it."""

    area: Area
    name: str
    communities: int
    circles: int
    people: int | None
    told: int  # communities whose people are known


@dataclass(frozen=True)
class CircleRow:
    """A circle in a list."""

    circle: Circle
    state: str
    level: str
    communities: tuple[tuple[int, str], ...]  # key, name
    people: int | None


@dataclass(frozen=True)
class MemberRow:
    """A community of a circle with its newest profile and checks."""

    area: Area
    name: str
    profile: CommunityProfile | None
    checks: tuple[Check, ...]
    is_lead: bool


@dataclass(frozen=True)
class NextStep:
    """A state a circle may enter next, for somebody."""

    state: str
    label: str
    is_mine: bool
    missing: tuple[str, ...]
    asks_level: bool
    asks_note: bool


def tops(account: Account, today: dt.date) -> list[Area]:
    """The widest areas an account sees."""
    seen = list(named(areas_visible_to(account, today), today).order_by("branch"))
    branches = [a.branch for a in seen]
    top = min((len(b) for b in branches), default=0)
    narrow = [a for a in seen if len(a.branch) == top]
    return narrow if "" in branches_of(account, today) else _widest(seen)


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
    circles = list(
        Circle.objects.filter(within_branches([a.branch for a in listed])).values_list("area_code")
    )
    return [_area_row(a, branch_of, known, [c for (c,) in circles]) for a in listed]


def _area_row(
    area: Area, branch_of: dict[int, str], known: dict[int, CommunityProfile], circles: Sequence[str]
) -> AreaRow:
    mine = [k for k, branch in branch_of.items() if branch.startswith(area.branch)]
    told = [p for k in mine if (p := known.get(k)) is not None and p.people is not None]
    return AreaRow(
        area=area,
        name=getattr(area, "name", None) or area.code,
        communities=len(mine),
        circles=sum(c.startswith(area.branch) for c in circles),
        people=sum(p.people or 0 for p in told) if told else None,
        told=len(told),
    )


def ancestors_of(area: Area, account: Account, today: dt.date) -> list[Area]:
    """Units above an area that the account sees, widest first."""
    codes = [area.branch[:n] for n in LENGTHS.values() if n < len(area.branch)]
    return list(named(areas_visible_to(account, today).filter(branch__in=codes), today).order_by("branch"))


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


def names_of(keys: Iterable[int], day: dt.date) -> dict[int, str]:
    """Names of areas on a day, by key."""
    found = named(Area.objects.filter(pk__in=list(keys)), day)
    return {a.pk: getattr(a, "name", None) or a.code for a in found}


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


def next_steps(circle: Circle, who: Who, today: dt.date) -> list[NextStep]:
    """States a circle may enter next: whose step it is and what is still missing."""
    last = rules.state_of(circle)
    found = []
    for state in rules.next_states(last.state if last else ""):
        step = rules.steps()[state]
        found.append(
            NextStep(
                state=state,
                label=rules.label_of(state),
                is_mine=rules.may_for(who, step.roles, circle, today),
                missing=tuple(rules.missing_for(circle, step)),
                asks_level="level" in step.needs,
                asks_note="note" in step.needs,
            )
        )
    return found


def communities_in(branches: Iterable[str]) -> list[tuple[int, str, str]]:
    """(key, branch, name) of communities in force, for choices and for reading names."""
    names = AreaName.objects.filter(
        within_branches(branches, "area__branch"),
        area__level="community",
        area__ends_on__isnull=True,
        ends_on__isnull=True,
    )
    return list(names.order_by("area__branch").values_list("area_id", "area__branch", "name"))


def below(area: Area, day: dt.date) -> list[Area]:
    """Units right below an area, with their names."""
    return list(named(Area.objects.filter(parent=area), day).order_by("branch"))


def names_in_time(area: Area) -> list[AreaName]:
    """Every name an area ever had, oldest first."""
    return list(area.names.all())


def area_with_code(code: str, account: Account, today: dt.date) -> Area | None:
    """An area the account sees, by its 12 digits."""
    return areas_visible_to(account, today).filter(code=code).first()


def circles_touching(area: Area, account: Account, today: dt.date) -> list[Circle]:
    """Circles the account sees that lie in an area, or have a community there; with state and level."""
    members = CircleMember.objects.filter(
        within_branch(area.branch, "community__branch"), ends_on__isnull=True
    )
    here = within_branch(area.branch) | Q(pk__in=members.values("circle"))
    found = with_state(circles_visible_to(account, today)).filter(here)
    return list(found.select_related("lead_community").order_by("area_code", "code"))


def communities_by_key(keys: Iterable[int]) -> list[Area]:
    """Communities in force, by their keys."""
    return list(Area.objects.filter(pk__in=list(keys), level="community", ends_on__isnull=True))


def member_keys(circle: Circle) -> list[int]:
    """Keys of the communities a circle has now."""
    return list(circle.members.filter(ends_on__isnull=True).values_list("community_id", flat=True))


def centre_of(circle: Circle, key: int) -> CommercialCentre:
    """A centre of a circle; 404 for any other."""
    return get_object_or_404(circle.centres, pk=key)


def operator_of(circle: Circle, key: int) -> CircleOperator:
    """An operator of a circle; 404 for any other."""
    return get_object_or_404(circle.operators, pk=key)


def centres_open(circle: Circle) -> list[CommercialCentre]:
    """Centres that are not closed."""
    return list(circle.centres.filter(ends_on__isnull=True))


def centres_all(circle: Circle) -> list[CommercialCentre]:
    """Every centre a circle ever had."""
    return list(circle.centres.all())


def operators_all(circle: Circle) -> list[CircleOperator]:
    """Every operator a circle ever had."""
    return list(circle.operators.all())


def transitions_of(circle: Circle) -> list[CircleTransition]:
    """States a circle went through, the last first."""
    return list(circle.transitions.select_related("by").order_by("-at", "-id"))


def former_members(circle: Circle, day: dt.date) -> list[tuple[str, CircleMember]]:
    """Communities that left a circle, with their names."""
    left = list(circle.members.filter(ends_on__isnull=False).order_by("-ends_on", "id"))
    names = names_of({m.community_id for m in left}, day)
    return [(names.get(m.community_id, ""), m) for m in left]


def row_of(circle: Circle, day: dt.date) -> list[CircleRow]:
    """A circle as lists show it."""
    return circle_rows(with_state(Circle.objects.filter(pk=circle.pk)), day)


def keeps_areas(account: Account, today: dt.date) -> bool:
    """Whether an account may change the tree anywhere."""
    return bool(branches_of(account, today, rules.AREA_KEEPERS))


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
