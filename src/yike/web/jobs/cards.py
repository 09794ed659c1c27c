"""What jobs have for the first screen."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate

from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account, Role
from yike.web.accounts.rules import has_role
from yike.web.jobs.models import State
from yike.web.jobs.queries import jobs_to_watch, jobs_visible_to
from yike.web.jobs.words import SIGNS


@shows_card(order=70)
def mine(account: Account, now: dt.datetime) -> Card | None:
    """Jobs that run, and what failed since yesterday; for who keeps the system, what all have done."""
    if has_role(account, localdate(now), Role.ADMIN):
        return _kept(account, now)
    jobs = jobs_to_watch(account, now - dt.timedelta(days=1))[:8]
    lines = [
        Line(j.title, f"/desk/jobs/{j.pk}/", sign=SIGNS[j.state], word=j.get_state_display()) for j in jobs
    ]
    return Card("后台任务", lines) if lines else None


def _kept(account: Account, now: dt.datetime) -> Card:
    week = jobs_visible_to(account, localdate(now)).filter(asked_at__gte=now - dt.timedelta(days=7))
    lines = [
        Line(s.label, "/desk/jobs/?sort=state", n, SIGNS[s.value], " ", unit="项")
        for s in State
        if (n := week.filter(state=s.value).count())
    ]
    return Card("后台任务（近 7 天）", lines, empty="近 7 天没有导入、分析或导出。")
