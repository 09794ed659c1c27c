"""
Signing in: some wrong tries in a row lock a name for some time (``data/sign_in.toml``); codes once each.

A try is counted before the password is looked at, by one conditional update, so that many tries at once
are counted like many tries one after another.
"""

from __future__ import annotations

import datetime as dt

import pyotp
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.accounts import trace
from yike.web.accounts.limits import sign_in_limits
from yike.web.accounts.models import Account, SecondFactor, SignInTries
from yike.web.accounts.queries import area_of, duties_of
from yike.web.accounts.secrets import seal, unseal
from yike.web.accounts.trace import Who

LIMITS = sign_in_limits()


def check_password_of(
    request: HttpRequest, username: str, password: str, *, address: str, now: dt.datetime
) -> Account:
    """
    The account of a name and a password.

    Raises
    ------
    RefusedError
        Locked, or wrong; the same words for a wrong password, an unknown name and who may not sign in.
    """
    _take_try(username, now)
    found = authenticate(request, username=username, password=password)
    if not isinstance(found, Account) or not duties_of(found, localdate(now)).exists():
        _tell_failure(username, address, now)
        raise RefusedError("accounts.sign_in.wrong")
    return found


def _take_try(username: str, now: dt.datetime) -> None:
    name = username.casefold()[:40]
    tries = SignInTries.objects.filter(name=name)
    with transaction.atomic():
        SignInTries.objects.filter(last_at__lt=now - LIMITS.lock).delete()
        SignInTries.objects.get_or_create(name=name, defaults={"last_at": now})
        taken = tries.filter(wrong__lt=LIMITS.most_wrong).update(wrong=F("wrong") + 1, last_at=now)
    if not taken:
        seen = tries.values_list("last_at", flat=True).first() or now
        minutes = max(1, -(-int((seen + LIMITS.lock - now).total_seconds()) // 60))
        raise RefusedError("accounts.sign_in.locked", minutes=minutes)


def _tell_failure(username: str, address: str, now: dt.datetime) -> None:
    account = Account.objects.filter(username__iexact=username).first()
    if account is None:
        return  # whatever was typed, it may be somebody's password: nothing is kept
    wrong = SignInTries.objects.filter(name=username.casefold()[:40], wrong__gte=LIMITS.most_wrong).exists()
    action = "account.lock" if wrong else "account.sign_in_failed"
    with transaction.atomic():
        trace.record(Who(None, address), action, account, now=now, area_code=area_of(account))


def signed_in(account: Account, *, address: str, now: dt.datetime) -> None:
    """Tell that somebody signed in; earlier wrong tries are forgotten."""
    with transaction.atomic():
        SignInTries.objects.filter(name=account.username.casefold()).delete()
        trace.record(Who(account, address), "account.sign_in", account, now=now, area_code=area_of(account))


def signed_out(account: Account, *, address: str, now: dt.datetime) -> None:
    """Tell that somebody signed out."""
    with transaction.atomic():
        trace.record(Who(account, address), "account.sign_out", account, now=now, area_code=area_of(account))


def needs_code(account: Account) -> bool:
    """Whether the account has one-time codes switched on."""
    return SecondFactor.objects.filter(account=account, confirmed_at__isnull=False).exists()


def check_code(account: Account, code: str, *, now: dt.datetime) -> None:
    """Refuse a code that is wrong or was used before; tries count as those of passwords do."""
    _take_try(account.username, now)
    if not _use_code(account, code, now):
        raise RefusedError("accounts.code.wrong")


def _use_code(account: Account, code: str, now: dt.datetime) -> bool:
    factor = SecondFactor.objects.filter(account=account).first()
    if factor is None:
        return False
    codes = pyotp.TOTP(unseal(factor.secret, f"totp:{account.pk}"), interval=LIMITS.code_step_s)
    this = int(now.timestamp()) // LIMITS.code_step_s
    for step in (this, this - 1, this + 1):
        if pyotp.utils.strings_equal(codes.generate_otp(step), code.strip()):
            later = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(later.update(last_step=step))
    return False


def offer_factor(account: Account) -> str:
    """The text an authenticator reads from a QR code; the same secret until it is confirmed."""
    purpose = f"totp:{account.pk}"
    factor, _ = SecondFactor.objects.get_or_create(
        account=account, defaults={"secret": seal(pyotp.random_base32(), purpose)}
    )
    if factor.confirmed_at is not None:
        raise RefusedError("accounts.code.on", status=409)
    return pyotp.TOTP(unseal(factor.secret, purpose)).provisioning_uri(
        name=account.username, issuer_name="一刻"
    )


def confirm_factor(account: Account, code: str, *, who: Who, now: dt.datetime) -> None:
    """Switch codes on, once the first one is right."""
    with transaction.atomic():
        if not _use_code(account, code, now):
            raise RefusedError("accounts.code.wrong")
        SecondFactor.objects.filter(account=account).update(confirmed_at=now)
        trace.record(who, "account.codes_on", account, now=now, area_code=area_of(account))


def drop_factor(account: Account, *, who: Who, now: dt.datetime) -> None:
    """Switch codes off."""
    with transaction.atomic():
        if SecondFactor.objects.filter(account=account).delete()[0]:
            trace.record(who, "account.codes_off", account, now=now, area_code=area_of(account))
