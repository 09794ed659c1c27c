"""First screen: circles that wait for an inspection, and how far all of them are."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.urls import reverse
from django.utils.timezone import localdate

from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account, Role
from yike.web.accounts.rules import has_role
from yike.web.regions import queries
from yike.web.regions.models import CircleState
from yike.web.regions.words import sign_of

LISTED = 12
TO_INSPECT = (CircleState.ACCEPTING, CircleState.SELF_ASSESSED, CircleState.RECTIFYING)
LOOKERS = (Role.CITY, Role.DISTRICT, Role.PLANNER, Role.DEPARTMENT, Role.INSPECTOR, Role.AUDITOR, Role.ADMIN)


@shows_card(order=12)
def to_inspect(account: Account, now: dt.datetime) -> Card | None:
    """For an inspector: circles that have assessed themselves, are being accepted or put right."""
    today = localdate(now)
    if not has_role(account, today, Role.INSPECTOR):
        return None
    found = queries.with_state(queries.circles_visible_to(account, today)).filter(**{"state__in": TO_INSPECT})
    circles = list(found.order_by("area_code", "name")[:LISTED])
    lines = []
    for circle in circles:
        state = CircleState(getattr(circle, "state"))  # noqa: B009 - annotated by the query
        address = reverse("regions:circle", args=[circle.pk])
        lines.append(Line(circle.name, address, sign=sign_of(state), word=state.label))
    return Card(
        "要验收的生活圈", lines, is_invented=any(c.is_invented for c in circles),
        empty="现在没有要验收的生活圈；完成自查评价的会列在这里。",
    )  # fmt: skip


@shows_card(order=30)
def by_state(account: Account, now: dt.datetime) -> Card | None:
    """How many circles are in each state of the programme."""
    today = localdate(now)
    if not has_role(account, today, *LOOKERS):
        return None
    found = queries.with_state(queries.circles_visible_to(account, today))
    states = Counter(str(getattr(circle, "state", None) or "") for circle in found)
    address = reverse("regions:circles")
    lines = [
        Line(s.label, f"{address}?state={s.value}", states[s.value], sign_of(s.value), " ", unit="个")
        for s in CircleState
        if states[s.value]
    ]
    return Card(
        f"生活圈 {sum(states.values())} 个", lines, empty="还没有登记生活圈。",
        is_invented=found.filter(is_invented=True).exists(),
    )  # fmt: skip
