"""First screen: needs that wait, surveys that are short of answers."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.timezone import localdate

from yike.web.accounts.bar import counts_todo
from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account, Role
from yike.web.accounts.rules import has_role
from yike.web.voices import queries
from yike.web.voices.questions import settings
from yike.web.voices.rules import roles_for

MOST_SURVEYS = 5


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
    # Community workers have the button on the card of their forms, which lies above this app.
    is_community = has_role(account, today, Role.COMMUNITY)
    found = [*lines, *_surveys(account, today)]
    if is_community and not found:
        return None
    by_hand = () if is_community else (("记需求", reverse("voices:new")),)
    return Card("问需于民", found, "没有要办的需求和调查。", actions=by_hand)


@counts_todo
def needs_to_decide(account: Account, today: dt.date) -> int:
    """Needs that wait for a decision of this person."""
    return queries.waiting_needs(account, today) if has_role(account, today, *roles_for("decide")) else 0


def _surveys(account: Account, today: dt.date) -> list[Line]:
    """Surveys under way that are short of answers; those that end first come first."""
    least = settings().least_valid
    running = [s for s in queries.surveys_running(account, today) if s.n_valid < least]
    return [
        Line(
            f"{s.circle.name}：{s.n_valid}/{least} 份", reverse("voices:survey", args=[s.pk]),
            least - s.n_valid, sign="waiting", word="还差",
        )
        for s in running[:MOST_SURVEYS]
    ]  # fmt: skip
