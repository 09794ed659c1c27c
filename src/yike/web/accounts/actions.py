"""Writes: accounts, passwords, duties, leaving."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.accounts import trace
from yike.web.accounts.models import Account, Duty, RosterBatch, SecondFactor, SignInTries
from yike.web.accounts.queries import area_of
from yike.web.accounts.rules import check_manages, check_may_give
from yike.web.accounts.trace import Who

# Without what looks alike on paper: 0 O 1 l I.
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class NewAccount:
    """What is needed to make an account and its first duty."""

    username: str
    display_name: str
    unit_name: str
    role: str
    area_code: str


@dataclass(frozen=True)
class Issued:
    """An account with the password it was given; the password is nowhere else."""

    account: Account
    password: str


def initial_password() -> str:
    """Three groups of four letters and digits, 69 bits, to be typed from paper once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def create_account(new: NewAccount, *, who: Who, now: dt.datetime) -> Issued:
    """Make an account with its first duty and a password to be changed at the first sign-in."""
    check_may_give(who.account, new.role, new.area_code, localdate(now))
    password = initial_password()
    try:
        with transaction.atomic():
            account = Account.objects.create_user(
                new.username, password, display_name=new.display_name, unit_name=new.unit_name
            )
            _add_duty(account, new.role, new.area_code, localdate(now), who)
            trace.record(who, "account.create", account, now=now, area_code=new.area_code, after=asdict(new))
    except IntegrityError as taken:
        raise RefusedError("accounts.username.taken", status=409, found=new.username) from taken
    return Issued(account, password)


def create_accounts(
    news: Iterable[NewAccount], *, who: Who, now: dt.datetime, file_name: str = ""
) -> list[Issued]:
    """Make many accounts, all or none; they stay together as a batch that can be undone."""
    with transaction.atomic():
        issued = [create_account(new, who=who, now=now) for new in news]
        batch = RosterBatch.objects.create(
            file_name=file_name[:200], count=len(issued), made_at=now, made_by=who.account
        )
        Account.objects.filter(pk__in=[i.account.pk for i in issued]).update(batch=batch)
    return issued


def undo_batch(batch: RosterBatch, *, who: Who, now: dt.datetime) -> tuple[int, list[Account]]:
    """
    Take back the accounts of a batch.

    Returns
    -------
    How many are gone, and those that stay because they have signed in or have been worked with since.
    """
    with transaction.atomic():
        accounts = list(Account.objects.select_for_update().filter(batch=batch))
        for account in accounts:
            check_manages(who.account, account, localdate(now))
        hit = RosterBatch.objects.filter(pk=batch.pk, undone_at__isnull=True).update(undone_at=now)
        if not hit:
            raise RefusedError("accounts.batch.undone", status=409, found=batch.file_name)
        stay = [a for a in accounts if not _take_back(a, who, now)]
    return len(accounts) - len(stay), stay


def _take_back(account: Account, who: Who, now: dt.datetime) -> bool:
    """Remove an account nobody has used; False when it stays."""
    if account.last_login is not None:
        return False
    area = area_of(account)
    try:
        with transaction.atomic():
            account.duties.all().delete()
            Account.objects.filter(pk=account.pk).delete()
    except ProtectedError:
        return False
    trace.record(who, "account.take_back", account, now=now, area_code=area)
    return True


def edit_account(
    account: Account, *, display_name: str, unit_name: str, is_active: bool, who: Who, now: dt.datetime
) -> None:
    """Change name, unit, and whether the person may sign in."""
    check_manages(who.account, account, localdate(now))
    after = {"display_name": display_name, "unit_name": unit_name, "is_active": is_active}
    with transaction.atomic():
        kept = Account.objects.select_for_update().get(pk=account.pk)
        before = {name: getattr(kept, name) for name in after}
        Account.objects.filter(pk=account.pk).update(**after)
        area = area_of(account)
        trace.record(who, "account.edit", account, now=now, area_code=area, before=before, after=after)


def change_password(account: Account, password: str, *, who: Who, now: dt.datetime) -> None:
    """Set the password that a person chose."""
    with transaction.atomic():
        account.set_password(password)
        account.must_change_password = False
        account.password_changed_at = now
        account.save(update_fields=["password", "must_change_password", "password_changed_at"])
        trace.record(who, "account.change_password", account, now=now, area_code=area_of(account))


def issue_password(account: Account, *, who: Who, now: dt.datetime) -> Issued:
    """A new initial password; one-time codes and locks of the account are taken off."""
    check_manages(who.account, account, localdate(now))
    password = initial_password()
    with transaction.atomic():
        account.set_password(password)
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])
        SecondFactor.objects.filter(account=account).delete()
        SignInTries.objects.filter(name=account.username.casefold()).delete()
        trace.record(who, "account.issue_password", account, now=now, area_code=area_of(account))
    return Issued(account, password)


def give_duty(
    account: Account, *, role: str, area_code: str, begins_on: dt.date, who: Who, now: dt.datetime
) -> Duty:
    """Give a role in a branch from a day on."""
    check_manages(who.account, account, localdate(now))
    check_may_give(who.account, role, area_code, localdate(now))
    with transaction.atomic():
        duty = _add_duty(account, role, area_code, begins_on, who)
        after = {"role": role, "area_code": area_code, "begins_on": begins_on}
        trace.record(who, "duty.give", account, now=now, area_code=area_code, after=after)
    return duty


def end_duty(duty: Duty, *, last_day: dt.date, who: Who, now: dt.datetime) -> None:
    """End a duty with a day; one that ended or would end before it began is refused (409)."""
    check_manages(who.account, duty.account, localdate(now))
    with transaction.atomic():
        _end([duty.pk], last_day)
        after = {"role": duty.role, "ends_on": last_day}
        trace.record(who, "duty.end", duty.account, now=now, area_code=duty.area_code, after=after)


def leave(
    account: Account, *, last_day: dt.date, successor: Account | None, who: Who, now: dt.datetime
) -> list[Duty]:
    """
    Somebody leaves: duties end with the last day, a successor has them from the day after.

    Returns
    -------
    Duties of the successor.
    """
    check_manages(who.account, account, localdate(now))
    if successor is not None:
        check_manages(who.account, successor, localdate(now))
    with transaction.atomic():
        hit = Account.objects.filter(pk=account.pk, left_on__isnull=True).update(left_on=last_day)
        if not hit:
            raise RefusedError("accounts.leave.twice", status=409, found=account.display_name)
        ending = list(
            account.duties.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last_day), begins_on__lte=last_day)
        )
        area = area_of(account)
        _end([d.pk for d in ending], last_day)
        account.duties.filter(begins_on__gt=last_day).delete()  # never came into force
        handed = [] if successor is None else [_hand(d, successor, last_day, who) for d in ending]
        after = {
            "last_day": last_day,
            "successor": successor.username if successor else "",
            "duties": [f"{d.role} {d.area_code}" for d in ending],
        }
        trace.record(who, "account.leave", account, now=now, area_code=area, after=after)
    return handed


def _hand(duty: Duty, successor: Account, last_day: dt.date, who: Who) -> Duty:
    begins_on = last_day + dt.timedelta(days=1)
    return _add_duty(
        successor, duty.role, duty.area_code, begins_on, who, f"接替{duty.account.display_name}", duty.ends_on
    )


def _end(duties: list[int], last_day: dt.date) -> None:
    still = Q(ends_on__isnull=True) | Q(ends_on__gt=last_day)
    hit = Duty.objects.filter(still, pk__in=duties, begins_on__lte=last_day).update(ends_on=last_day)
    if hit != len(duties):
        raise RefusedError("accounts.duty.cannot_end", status=409, found=last_day.isoformat())


def _add_duty(
    account: Account,
    role: str,
    area_code: str,
    begins_on: dt.date,
    who: Who,
    note: str = "",
    ends_on: dt.date | None = None,
) -> Duty:
    return Duty.objects.create(
        account=account,
        role=role,
        area_code=area_code,
        begins_on=begins_on,
        ends_on=ends_on,
        given_by=who.account,
        note=note,
    )
