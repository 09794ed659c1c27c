"""Reads: entries of somebody's branches, narrowed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from yike.web.accounts.models import Account, Role
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.audit.models import Entry

READERS = (Role.AUDITOR, Role.SECURITY, Role.ADMIN, Role.CITY)


def entries_visible_to(account: Account, today: dt.date) -> QuerySet[Entry]:
    """Entries of the branches in which an account reads the record."""
    return Entry.objects.filter(within_branches(branches_of(account, today, READERS)))


def entry_or_404(account: Account, number: int, today: dt.date) -> Entry:
    """An entry by its number among those the account reads; 404 for any other."""
    return get_object_or_404(entries_visible_to(account, today), number=number)


def entries_found(entries: QuerySet[Entry], **asked: Any) -> QuerySet[Entry]:
    """Entries narrowed by person, action, object, branch and days, newest first; blank narrows nothing."""
    columns = {
        "action": "action",
        "kind": "target_kind",
        "branch": "area_code__startswith",
    }
    for name, column in columns.items():
        if asked.get(name):
            entries = entries.filter(**{column: asked[name]})
    if key := asked.get("key"):  # some keys are a number with the name of that day
        entries = entries.filter(Q(target_key=key) | Q(target_key__startswith=f"{key} "))
    if actor := asked.get("actor"):
        entries = entries.filter(Q(actor_id_text__iexact=actor) | Q(actor_name__icontains=actor))
    if since := asked.get("since"):
        entries = entries.filter(at__gte=_midnight(since))
    if until := asked.get("until"):
        entries = entries.filter(at__lt=_midnight(until + dt.timedelta(days=1)))
    return entries.order_by("-number")


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def warnings_since(account: Account, today: dt.date, since: dt.datetime) -> dict[str, int]:
    """How many names were locked and tries failed since a moment, in the branches an account reads."""
    seen = entries_visible_to(account, today).filter(at__gte=since)
    names = ("account.lock", "account.sign_in_failed")
    return {name: seen.filter(action=name).count() for name in names}


def deeds_since(account: Account, today: dt.date, since: dt.datetime) -> list[tuple[str, int]]:
    """(action, how often) since a moment in the branches an account reads, the most frequent first."""
    seen = entries_visible_to(account, today).filter(at__gte=since).order_by()
    counted = seen.values("action").annotate(n=Count("pk")).order_by("-n", "action")
    return [(row["action"], row["n"]) for row in counted]
