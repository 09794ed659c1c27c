"""What the record has for the first screen."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account, Role
from yike.web.accounts.rules import has_role
from yike.web.audit.queries import READERS, deeds_since, warnings_since
from yike.web.audit.words import ACTIONS

GUARDS = (Role.AUDITOR, Role.SECURITY, Role.ADMIN)
MOST_DEEDS = 8


@shows_card(order=80)
def warnings(account: Account, now: dt.datetime) -> Card | None:
    """Locked names and failed tries of the last seven days."""
    today = timezone.localdate(now)
    if not has_role(account, today, *READERS):
        return None
    counts = warnings_since(account, today, now - dt.timedelta(days=7))
    texts = (("account.lock", "账号被锁定", "late"), ("account.sign_in_failed", "登录失败", "near"))
    lines = [
        Line(text, f"/desk/audit/?action={action}", counts[action], sign, "请留意")
        for action, text, sign in texts
        if counts[action]
    ]
    if not lines and not has_role(account, today, *GUARDS):
        return None
    return Card("安全提醒（近 7 天）", lines, empty="没有异常登录。")


@shows_card(order=85)
def deeds(account: Account, now: dt.datetime) -> Card | None:
    """For who watches over others: what was done most in the last seven days."""
    today = timezone.localdate(now)
    if not has_role(account, today, *GUARDS):
        return None
    counts = deeds_since(account, today, now - dt.timedelta(days=7))
    lines = [
        Line(ACTIONS.get(name, name), f"/desk/audit/?action={name}", n, unit="条")
        for name, n in counts[:MOST_DEEDS]
    ]
    return Card("操作记录（近 7 天）", lines, empty="近 7 天没有操作记录。")
