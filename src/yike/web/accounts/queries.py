"""Reads: duties in force, branches a person sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from yike.web.accounts.models import Account, Duty, RosterBatch


def duties_of(account: Account, today: dt.date) -> QuerySet[Duty]:
    """Duties in force on a day, first and last day included; none for who has left or may not sign in."""
    if not account.is_active or (account.left_on is not None and account.left_on < today):
        return Duty.objects.none()
    in_force = Q(begins_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return Duty.objects.filter(in_force, account=account)


def branches_of(account: Account, today: dt.date, roles: Iterable[str] = ()) -> tuple[str, ...]:
    """Code prefixes of the branches a person sees in any of ``roles``, the widest only; () sees none."""
    duties = duties_of(account, today)
    if roles := tuple(roles):
        duties = duties.filter(role__in=roles)
    codes = sorted(set(duties.values_list("area_code", flat=True)))
    return tuple(c for c in codes if not any(c != wide and c.startswith(wide) for wide in codes))


def within_branch(branch: str, column: str = "area_code") -> Q:
    """Rows of a branch as a range of codes, which both databases answer from an index; "" is everything."""
    if not branch:
        return Q()
    after = str(int(branch) + 1).zfill(len(branch))
    return Q(**{f"{column}__gte": branch, f"{column}__lt": after})


def within_branches(branches: Iterable[str], column: str = "area_code") -> Q:
    """Rows whose code lies in one of the branches; none without branches."""
    found = Q(pk__in=())
    for branch in branches:
        if not branch:
            return Q()
        found |= within_branch(branch, column)
    return found


def one_of(rows: QuerySet[Any], key: int) -> Any:
    """The row with a key among those a person sees; 404 for any other, the same as for none."""
    return get_object_or_404(rows, pk=key)


def account_or_none(key: int | None) -> Account | None:
    """The account with a key, before anybody is signed in."""
    return None if key is None else Account.objects.filter(pk=key).first()


def duties_ever(account: Account) -> list[Duty]:
    """Every duty of an account, past and coming ones too."""
    return list(account.duties.select_related("given_by"))


def duties_of_all(accounts: QuerySet[Account], today: dt.date) -> QuerySet[Duty]:
    """Duties of accounts that have not ended before a day."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return Duty.objects.filter(lasting, account__in=accounts).select_related("account")


def successors_of(account: Account, accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts in use, other than this one, that may take its duties over."""
    return accounts.exclude(pk=account.pk).filter(left_on__isnull=True, is_active=True)


def accounts_of(batch: RosterBatch, accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Those of the accounts that came with a workbook."""
    return accounts.filter(batch=batch)


def area_of(account: Account) -> str:
    """The branch an entry on an account belongs to: that of its latest duty, "" without any."""
    code = account.duties.order_by("-begins_on", "-id").values_list("area_code", flat=True).first()
    return code or ""


def with_duties(accounts: QuerySet[Account], today: dt.date) -> QuerySet[Account]:
    """Accounts with ``duties_now``: the list of their duties in force."""
    in_force = Q(begins_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return accounts.prefetch_related(Prefetch("duties", Duty.objects.filter(in_force), to_attr="duties_now"))


def batches_of(manager: Account, accounts: QuerySet[Account]) -> QuerySet[RosterBatch]:
    """Workbooks a manager brought in, or whose accounts all are among these, which are the manager's."""
    others = Account.objects.filter(batch=OuterRef("pk")).exclude(pk__in=accounts.values("pk"))
    theirs = Exists(accounts.filter(batch=OuterRef("pk")))
    return RosterBatch.objects.filter(theirs | Q(made_by=manager)).exclude(Exists(others))


def people_found(
    accounts: QuerySet[Account], today: dt.date, *, q: str = "", role: str = "", state: str = ""
) -> QuerySet[Account]:
    """Accounts narrowed by words, a role in force, and whether they are in, switched off or gone."""
    for word in q.split():
        accounts = accounts.filter(
            Q(display_name__icontains=word) | Q(username__icontains=word) | Q(unit_name__icontains=word)
        )
    if role:
        in_force = Q(begins_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        accounts = accounts.filter(pk__in=Duty.objects.filter(in_force, role=role).values("account"))
    states = {
        "in": Q(is_active=True, left_on__isnull=True),
        "off": Q(is_active=False, left_on__isnull=True),
        "left": Q(left_on__isnull=False),
    }
    return accounts.filter(states.get(state, Q()))
