"""Who may manage whose account, and who may give which role."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from yike.errors import RefusedError
from yike.web.accounts.models import Account, Duty, Role
from yike.web.accounts.queries import branches_of, duties_of, within_branches

MANAGERS = (Role.SECURITY, Role.CITY)
GUARDED = (Role.SECURITY, Role.ADMIN, Role.AUDITOR)
"""Roles that watch over others: only who manages security gives them, so that no office watches itself."""


def roles_of(account: Account, today: dt.date) -> frozenset[str]:
    """Roles in force."""
    return frozenset(duties_of(account, today).values_list("role", flat=True))


def has_role(account: Account, today: dt.date, *roles: str) -> bool:
    """Whether one of the roles is in force."""
    return bool(roles_of(account, today) & set(roles))


def check_role(account: Account, today: dt.date, *roles: str) -> None:
    """Refuse (403) who has none of the roles."""
    if not has_role(account, today, *roles):
        raise RefusedError("accounts.role.missing", needed="、".join(str(Role(r).label) for r in roles))


def accounts_managed_by(manager: Account, today: dt.date) -> QuerySet[Account]:
    """
    Accounts whose every duty, now and later, lies in the manager's branches; never the manager's own.

    An account with duties elsewhere too is left to who is above both: a new password would open both.
    """
    covered = Q(pk__in=())
    for role in (r for r in MANAGERS if r in roles_of(manager, today)):
        branches = within_branches(branches_of(manager, today, [role]))
        covered |= branches if role == Role.SECURITY else branches & ~Q(role__in=GUARDED)
    open_duties = Duty.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), account=OuterRef("pk"))
    outside = open_duties.exclude(pk__in=Duty.objects.filter(covered).values("pk"))
    ever = Duty.objects.filter(covered, account=OuterRef("pk"))
    return Account.objects.filter(Exists(ever)).exclude(Exists(outside)).exclude(pk=manager.pk)


def may_give(manager: Account, role: str, area_code: str, today: dt.date) -> bool:
    """Whether a duty in a branch is the manager's to give."""
    givers = [Role.SECURITY] if role in GUARDED else list(MANAGERS)
    mine = branches_of(manager, today, givers)
    return any(area_code.startswith(branch) for branch in mine)


def check_may_give(manager: Account | None, role: str, area_code: str, today: dt.date) -> None:
    """Refuse (403) a duty that is not the manager's to give; the program itself may give any."""
    if manager is not None and not may_give(manager, role, area_code, today):
        raise RefusedError("accounts.duty.not_yours", role=str(Role(role).label), branch=area_code or "全部")


def check_manages(manager: Account | None, account: Account, today: dt.date) -> None:
    """Answer 404 for an account that is not the manager's to change."""
    if manager is not None and not accounts_managed_by(manager, today).filter(pk=account.pk).exists():
        raise RefusedError("accounts.account.unknown", status=404)
