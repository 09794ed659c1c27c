"""What the record has for the first screen."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account
from yike.web.accounts.rules import has_role
from yike.web.audit.queries import READERS, warnings_since


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
    return Card("安全提醒（近 7 天）", lines, empty="没有异常登录。")
