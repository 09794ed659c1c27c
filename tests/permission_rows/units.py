"""Rows of units and teams."""

from __future__ import annotations

import datetime as dt

from permission_rows.base import Row, number
from yike.web.units.models import Team, TeamMember, Unit

KEEP = frozenset({"subdistrict", "district", "city"})


def a_unit(branch):
    return {"key": Unit.objects.create(name=f"某单位{next(number)}（虚构）", area_code=branch).pk}


def a_team(branch):
    return {"key": Team.objects.create(name="某专班（虚构）", area_code=branch).pk}


def a_member(branch):
    key = a_team(branch)["key"]
    made = TeamMember.objects.create(team_id=key, part="member", post="某职务", begins_on=dt.date(2026, 1, 1))
    return {"key": key, "member": made.pk}


ROWS = {
    "units:units": Row(),
    "units:new": Row(may=KEEP),
    "units:unit": Row(make=a_unit),
    "units:names": Row(may=KEEP, make=a_unit),
    "units:closure": Row(may=KEEP, make=a_unit),
    "units:teams": Row(),
    "units:team-new": Row(may=KEEP),
    "units:team": Row(make=a_team),
    "units:team-edit": Row(may=KEEP, make=a_team),
    "units:roster": Row(make=a_team),
    "units:members": Row(may=KEEP, make=a_team),
    "units:member-end": Row(may=KEEP, make=a_member),
    "units:replacement": Row(may=KEEP, make=a_member),
    "units:dissolution": Row(may=KEEP, make=a_team),
}
OPEN: set[str] = set()
