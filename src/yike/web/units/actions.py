"""Writes on units and teams; each one transaction with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.standards.tasks import load_tasks
from yike.web.audit.chain import Who, record
from yike.web.units import rules
from yike.web.units.models import Team, TeamMember, Unit, UnitName

DAY = dt.timedelta(days=1)
JOINT = "、"


def create_unit(
    *,
    who: Who,
    name: str,
    area_code: str,
    now: dt.datetime,
    short_name: str = "",
    aliases: Sequence[str] = (),
    begins_on: dt.date | None = None,
    is_invented: bool = False,
) -> Unit:
    """Add a unit; a name is used once in a branch."""
    with transaction.atomic():
        rules.require_keeper(who, area_code, localdate(now))
        if Unit.objects.filter(area_code=area_code, name=name).exists():
            raise RefusedError("unit.exists", found=name)
        unit = Unit.objects.create(
            name=name, short_name=short_name, aliases=list(aliases), alias_text=JOINT.join(aliases)[:400],
            area_code=area_code, begins_on=begins_on, is_invented=is_invented,
        )  # fmt: skip
        record(
            who, "unit.create", "unit", name, now=now, area_code=area_code,
            after={"short_name": short_name, "aliases": list(aliases)},
        )  # fmt: skip
    return unit


def change_unit(*, who: Who, unit: Unit, short_name: str, aliases: Sequence[str], now: dt.datetime) -> None:
    """Change the short name and the aliases."""
    before = {"short_name": unit.short_name, "aliases": unit.aliases}
    after = {"short_name": short_name, "aliases": list(aliases)}
    if before == after:
        return
    with transaction.atomic():
        rules.require_keeper(who, unit.area_code, localdate(now))
        Unit.objects.filter(pk=unit.pk).update(**after, alias_text=JOINT.join(aliases)[:400])
        record(
            who,
            "unit.change",
            "unit",
            unit.name,
            now=now,
            area_code=unit.area_code,
            before=before,
            after=after,
        )


def rename_unit(*, who: Who, unit: Unit, name: str, from_day: dt.date, now: dt.datetime) -> None:
    """Give a unit another name from a day on; papers of before keep finding it by the old one."""
    with transaction.atomic():
        rules.require_keeper(who, unit.area_code, localdate(now))
        if Unit.objects.filter(area_code=unit.area_code, name=name).exists():
            raise RefusedError("unit.exists", found=name)
        UnitName.objects.create(unit=unit, name=unit.name, ends_on=from_day - DAY)
        Unit.objects.filter(pk=unit.pk).update(name=name)
        record(
            who, "unit.rename", "unit", name, now=now, area_code=unit.area_code,
            before={"name": unit.name}, after={"name": name, "from": from_day},
        )  # fmt: skip


def end_unit(*, who: Who, unit: Unit, ends_on: dt.date, heir: Unit | None, now: dt.datetime) -> None:
    """Close a unit with a day; who takes over answers for it from then on."""
    with transaction.atomic():
        rules.require_keeper(who, unit.area_code, localdate(now))
        hit = Unit.objects.filter(pk=unit.pk, ends_on__isnull=True).update(ends_on=ends_on, succeeded_by=heir)
        if not hit or (heir is not None and heir.pk == unit.pk):
            raise RefusedError("unit.ended", status=409, found=unit.name)
        record(
            who, "unit.end", "unit", unit.name, now=now, area_code=unit.area_code,
            after={"ends_on": ends_on, "heir": heir.name if heir else ""},
        )  # fmt: skip


def load_task_units(*, who: Who, document: str, area_code: str, now: dt.datetime) -> int:
    """
    Put the units that a document's task table names into a branch; those there stay.

    Returns
    -------
    Units added.
    """
    table = load_tasks()[document]
    names = dict.fromkeys(n for t in table.tasks for n in (*t.lead, *t.supporting))
    with transaction.atomic():
        rules.require_keeper(who, area_code, localdate(now))
        there = set(Unit.objects.filter(area_code=area_code).values_list("name", flat=True))
        fresh = [n for n in names if n not in there]
        Unit.objects.bulk_create(Unit(name=n, area_code=area_code) for n in fresh)
        if fresh:
            record(
                who, "unit.load", "unit", document, now=now, area_code=area_code, after={"added": len(fresh)}
            )
    return len(fresh)


def create_team(
    *, who: Who, name: str, area_code: str, now: dt.datetime, fields: Mapping[str, Any] | None = None
) -> Team:
    """Set up a team; ``fields``: office, begins_on, dissolves_on, level, mechanism, source, is_invented."""
    with transaction.atomic():
        rules.require_keeper(who, area_code, localdate(now))
        team = Team.objects.create(name=name, area_code=area_code, **dict(fields or {}))
        record(who, "team.create", "team", f"{team.pk} {name}", now=now, area_code=area_code)
    return team


def change_team(*, who: Who, team: Team, fields: Mapping[str, Any], now: dt.datetime) -> None:
    """Change name, office, days, source."""
    before = {k: _plain(getattr(team, k)) for k in fields}
    after = {k: _plain(v) for k, v in fields.items()}
    if before == after:
        return
    with transaction.atomic():
        rules.require_keeper(who, team.area_code, localdate(now))
        rules.require_standing(team, localdate(now))
        Team.objects.filter(pk=team.pk).update(**fields)
        record(
            who, "team.change", "team", f"{team.pk} {team.name}", now=now, area_code=team.area_code,
            before=before, after=after,
        )  # fmt: skip


def join_team(*, who: Who, team: Team, fields: Mapping[str, Any], now: dt.datetime) -> TeamMember:
    """Add a member; ``fields``: part, unit, person, post, head_level, begins_on, ends_on, note."""
    with transaction.atomic():
        rules.require_keeper(who, team.area_code, localdate(now))
        rules.require_standing(team, localdate(now))
        member = TeamMember.objects.create(team=team, **fields)
        record(
            who, "team.join", "team", f"{team.pk} {team.name}", now=now, area_code=team.area_code,
            after={"part": member.part, "post": member.post, "begins_on": member.begins_on},
        )  # fmt: skip
    return member


def leave_team(*, who: Who, member: TeamMember, last_day: dt.date, now: dt.datetime, note: str = "") -> None:
    """A membership ends with a day."""
    team = member.team
    with transaction.atomic():
        rules.require_keeper(who, team.area_code, localdate(now))
        open_ones = TeamMember.objects.filter(pk=member.pk, ends_on__isnull=True, begins_on__lte=last_day)
        if not open_ones.update(ends_on=last_day, note=note):
            raise RefusedError("team.member_ended", status=409)
        record(
            who, "team.leave", "team", f"{team.pk} {team.name}", now=now, area_code=team.area_code,
            after={"part": member.part, "post": member.post, "last_day": last_day}, note=note,
        )  # fmt: skip


def replace_member(
    *, who: Who, member: TeamMember, person: str, post: str, from_day: dt.date, note: str, now: dt.datetime
) -> TeamMember:
    """A unit changes its member: filed with a note, no new document; both memberships stay on record."""
    with transaction.atomic():
        leave_team(who=who, member=member, last_day=from_day - DAY, now=now, note=note)
        return join_team(
            who=who, team=member.team, now=now,
            fields={"part": member.part, "unit": member.unit, "person": person, "post": post,
                    "head_level": member.head_level, "begins_on": from_day, "note": note},
        )  # fmt: skip


def dissolve_team(*, who: Who, team: Team, on: dt.date, heir: Unit | None, now: dt.datetime) -> None:
    """
    Dissolve a team with a day; memberships end, a unit takes over what is open.

    Raises
    ------
    RefusedError
        Nobody takes over, or the team is dissolved already.
    """
    if heir is None:
        raise RefusedError("team.no_heir", found=team.name)
    with transaction.atomic():
        rules.require_keeper(who, team.area_code, localdate(now))
        hit = Team.objects.filter(pk=team.pk, handed_to__isnull=True).update(dissolves_on=on, handed_to=heir)
        if not hit:
            raise RefusedError("team.dissolved", status=409, found=team.name, day=str(team.dissolves_on))
        team.members.filter(begins_on__gt=on).delete()  # never came into force
        team.members.filter(ends_on__isnull=True).update(ends_on=on)
        record(
            who, "team.dissolve", "team", f"{team.pk} {team.name}", now=now, area_code=team.area_code,
            after={"on": on, "handed_to": heir.name},
        )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, Unit) else value
