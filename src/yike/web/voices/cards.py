"""First screen: needs that wait, surveys that are short of answers."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.timezone import localdate

from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account
from yike.web.accounts.rules import has_role
from yike.web.voices import queries
from yike.web.voices.rules import roles_for


@shows_card(order=40)
def voices(account: Account, now: dt.datetime) -> Card | None:
    """What residents said and nobody has dealt with."""
    today = localdate(now)
    if not has_role(account, today, *roles_for("note")):
        return None
    waiting = queries.waiting_needs(account, today)
    decides = has_role(account, today, *roles_for("decide"))
    lines = (
        [Line("待确认的需求", f"{reverse('voices:needs')}?state=new", waiting)] if waiting and decides else []
    )
    return Card("问需于民", lines, "没有待确认的需求。", actions=(("记需求", reverse("voices:new")),))
