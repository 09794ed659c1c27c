"""Holdings of the apps below: accounts and sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.timezone import localdate

from yike.web.accounts.models import Account
from yike.web.accounts.queries import area_of
from yike.web.accounts.rules import accounts_managed_by
from yike.web.accounts.trace import Who
from yike.web.audit.chain import record
from yike.web.personal.holdings import Found, Holding, holds

GONE = "已注销"


def _accounts_like(looker: Account, words: str, today: dt.date) -> Sequence[Found]:
    mine = accounts_managed_by(looker, today)
    same = mine.filter(display_name=words) | mine.filter(username__iexact=words)
    return [
        Found(
            str(a.pk), f"账号 {a.username}", area_of(a),
            {"用户名": a.username, "姓名": a.display_name, "单位": a.unit_name,
             "建立": f"{a.created_at:%Y-%m-%d}", "离岗": a.left_on.isoformat() if a.left_on else ""},
        )
        for a in same.distinct()
    ]  # fmt: skip


def _forget_account(who: Who, key: str, now: dt.datetime) -> bool:
    """Take name and unit from an account whose person has left; the user name stays for the record."""
    with transaction.atomic():
        left = Account.objects.filter(pk=key, left_on__lte=localdate(now)).exclude(display_name=GONE)
        account = left.select_for_update().first()
        if account is None:
            return False
        left.update(display_name=GONE, unit_name="", is_active=False)
        record(who, "personal.erase", "account", account.username, now=now, area_code=area_of(account))
    return True


def _forget_accounts_before(who: Who, cutoff: dt.datetime, now: dt.datetime) -> int:
    old = Account.objects.filter(left_on__lt=localdate(cutoff)).exclude(display_name=GONE)
    return sum(_forget_account(who, str(pk), now) for pk in old.values_list("pk", flat=True))


def _drop_sessions_before(who: Who, cutoff: dt.datetime, now: dt.datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]


holds(Holding("account", _accounts_like, _forget_account, _forget_accounts_before))
holds(Holding("audit"))
holds(Holding("session", purge=_drop_sessions_before))
