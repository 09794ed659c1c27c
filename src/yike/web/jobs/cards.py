"""What jobs have for the first screen."""

from __future__ import annotations

import datetime as dt

from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account
from yike.web.jobs.queries import jobs_to_watch
from yike.web.jobs.words import SIGNS


@shows_card(order=70)
def mine(account: Account, now: dt.datetime) -> Card | None:
    """Jobs that run, and what failed since yesterday."""
    jobs = jobs_to_watch(account, now - dt.timedelta(days=1))[:8]
    lines = [
        Line(j.title, f"/desk/jobs/{j.pk}/", sign=SIGNS[j.state], word=j.get_state_display()) for j in jobs
    ]
    return Card("后台任务", lines, empty="没有正在进行的导入、分析或导出。")
