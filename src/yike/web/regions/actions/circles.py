"""Writes: circles, members and states; each with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.regions import rules
from yike.web.regions.codes import LENGTHS
from yike.web.regions.models import Area, Circle, CircleMember, CircleTransition

CIRCLE_FIELDS = (
    "name", "build_year", "layout_forms", "operator_kinds", "has_platform", "neighbourhood_class", "themes",
    "people", "households", "boundary", "is_invented",
)  # fmt: skip


def common_branch(communities: Collection[Area]) -> str:
    """The narrowest branch that holds all of them."""
    branches = {a.branch for a in communities}
    for length in sorted(LENGTHS.values(), reverse=True):
        shared = {b[:length] for b in branches}
        if len(shared) == 1 and len(min(branches, key=len)) >= length:
            return shared.pop()
    return ""


def create_circle(
    *,
    who: Who,
    code: str,
    name: str,
    communities: Collection[Area],
    now: dt.datetime,
    lead: Area | None = None,
    fields: Mapping[str, Any] | None = None,
    begins_on: dt.date | None = None,
) -> Circle:
    """Add a circle of communities; it enters the first state."""
    if not communities:
        raise RefusedError("register.circle.no_community")
    if Circle.objects.filter(code=code).exists():
        raise RefusedError("register.circle.exists", found=code)
    with transaction.atomic():
        branch = common_branch(communities)
        rules.require(who, rules.CIRCLE_KEEPERS, branch, localdate(now))
        circle = Circle.objects.create(
            code=code, name=name, area_code=branch, lead_community=lead, **_allowed(fields or {})
        )
        _join(circle, communities, begins_on)
        CircleTransition.objects.create(circle=circle, state="candidate", at=now, by=who.account)
        record(
            who, "circle.create", "circle", code, now=now, area_code=branch,
            after={"name": name, "communities": sorted(a.code for a in communities)},
        )  # fmt: skip
    return circle


def change_circle(*, who: Who, circle: Circle, fields: Mapping[str, Any], now: dt.datetime) -> Circle:
    """Change what is known of a circle; columns not named stay."""
    changed = {k: v for k, v in _allowed(fields).items() if getattr(circle, k) != v}
    if not changed:
        return circle
    with transaction.atomic():
        rules.require_for(who, rules.CIRCLE_KEEPERS, circle, localdate(now))
        before = {name: getattr(circle, name) for name in changed}
        for name, value in changed.items():
            setattr(circle, name, value)
        circle.save(update_fields=list(changed))
        record(
            who, "circle.change", "circle", circle.code, now=now, area_code=circle.area_code,
            before=before, after=changed,
        )  # fmt: skip
    return circle


def change_members(
    *,
    who: Who,
    circle: Circle,
    communities: Collection[Area],
    on: dt.date,
    now: dt.datetime,
    lead: Area | None = None,
) -> None:
    """Let a circle consist of other communities from a day on; the old memberships end the day before."""
    if not communities:
        raise RefusedError("register.circle.no_community")
    with transaction.atomic():
        branch = common_branch(communities)
        for touched in {branch, circle.area_code}:
            rules.require(who, rules.CIRCLE_KEEPERS, touched, localdate(now))
        Circle.objects.select_for_update().get(pk=circle.pk)
        old = {m.community_id: m for m in circle.members.filter(ends_on__isnull=True)}
        wanted = {a.pk: a for a in communities}
        for key, member in old.items():
            if key not in wanted:
                _leave(member, on)
        _join(circle, [a for key, a in wanted.items() if key not in old], on)
        circle.area_code, circle.lead_community = branch, lead or circle.lead_community
        circle.save(update_fields=["area_code", "lead_community"])
        codes = dict(Area.objects.filter(pk__in=old).values_list("pk", "code"))
        record(
            who, "circle.members", "circle", circle.code, now=now, area_code=branch,
            before={"communities": sorted(codes.values())},
            after={"communities": sorted(a.code for a in communities), "from": on},
        )  # fmt: skip


def enter_state(
    *, who: Who, circle: Circle, state: str, now: dt.datetime, level: str = "", note: str = ""
) -> CircleTransition:
    """Let a circle enter a state when the rules allow it."""
    with transaction.atomic():
        # The lock makes two people who press at once one after the other.
        circle = Circle.objects.select_for_update().get(pk=circle.pk)
        last = rules.state_of(circle)
        was = last.state if last else ""
        step = rules.require_step(circle, state, now_in=was, level=level, note=note)
        rules.require_for(who, step.roles, circle, localdate(now))
        entered = CircleTransition.objects.create(
            circle=circle, state=state, level=level, at=now, by=who.account, note=note
        )
        record(
            who, "circle.state", "circle", circle.code, now=now, area_code=circle.area_code,
            before={"state": was}, after={"state": state, "level": level}, note=note,
        )  # fmt: skip
    return entered


def _join(circle: Circle, communities: Collection[Area], begins_on: dt.date | None) -> None:
    busy = CircleMember.objects.filter(community__in=communities, ends_on__isnull=True)
    taken = sorted(busy.values_list("community__code", "circle__name"))
    if taken:
        listed = "、".join(f"{code}（{name}）" for code, name in taken)
        raise RefusedError("register.circle.community_taken", found=listed)
    for community in communities:
        CircleMember.objects.create(circle=circle, community=community, begins_on=begins_on)


def _leave(member: CircleMember, on: dt.date) -> None:
    """End a membership on the day before; one that never lasted a day is refused."""
    if member.begins_on is not None and member.begins_on >= on:
        raise RefusedError("register.circle.left_before", status=409, found=member.begins_on.isoformat())
    member.ends_on = on - dt.timedelta(days=1)
    member.save(update_fields=["ends_on"])


def _allowed(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(CIRCLE_FIELDS)
    if unknown:
        raise ValueError(f"no fields of a circle: {sorted(unknown)}")
    return dict(fields)
