"""Team members in the inventory of personal data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import localdate

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.accounts.rules import MANAGERS
from yike.web.accounts.trace import Who
from yike.web.audit.chain import record
from yike.web.personal.holdings import Found, Holding, holds
from yike.web.units.models import TeamMember


def _members_like(looker: Account, words: str, today: dt.date) -> Sequence[Found]:
    mine = within_branches(branches_of(looker, today, MANAGERS), "team__area_code")
    same = TeamMember.objects.filter(mine, person=words).select_related("team")
    return [
        Found(
            str(m.pk), f"{m.team.name} {m.get_part_display()}", m.team.area_code,
            {"姓名": m.person, "职务": m.post, "起": m.begins_on.isoformat(),
             "止": m.ends_on.isoformat() if m.ends_on else ""},
        )
        for m in same
    ]  # fmt: skip


def _forget(who: Who, key: str, now: dt.datetime) -> bool:
    """Take the name from a membership that has ended; part, post and days stay."""
    with transaction.atomic():
        ended = TeamMember.objects.filter(pk=key, ends_on__lt=localdate(now)).exclude(person="")
        member = ended.select_related("team").first()
        if member is None:
            return False
        ended.update(person="")
        record(
            who, "personal.erase", "team", f"{member.team_id} {member.team.name}", now=now,
            area_code=member.team.area_code,
        )  # fmt: skip
    return True


def _forget_before(who: Who, cutoff: dt.datetime, now: dt.datetime) -> int:
    old = TeamMember.objects.filter(ends_on__lt=localdate(cutoff)).exclude(person="")
    return sum(_forget(who, str(pk), now) for pk in old.values_list("pk", flat=True))


holds(Holding("team_member", _members_like, _forget, _forget_before))
