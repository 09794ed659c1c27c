"""Views of the list that people keep and share."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.http import QueryDict
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.accounts.queries import branches_of
from yike.web.accounts.rules import has_role
from yike.web.audit.chain import Who, record
from yike.web.outlets.models import SavedView
from yike.web.outlets.rules import KEEPERS

KEPT = ("q", "row", "status", "area", "stale", "type", "flag", "sort", "col", "per", "map")
MOST = 40


def query_of(address: str) -> str:
    """The part of a list's address that a view keeps: no page, nothing unknown."""
    told, kept = QueryDict(address.lstrip("?")), QueryDict(mutable=True)
    for name in KEPT:
        if values := [v for v in told.getlist(name) if v]:
            kept.setlist(name, values)
    return kept.urlencode()


def save_view(*, who: Who, name: str, query: str, is_shared: bool, now: dt.datetime) -> SavedView:
    """Keep a view under a name; the same name again replaces it. Who keeps a register may share."""
    account = who.account
    name = name.strip()
    if account is None or not name:
        raise RefusedError("register.view.no_name")
    kept = query_of(query)
    if len(kept) > 1000:
        raise RefusedError("register.view.long")
    today = localdate(now)
    branch = next(iter(branches_of(account, today, KEEPERS)), "")
    if is_shared and not has_role(account, today, *KEEPERS):
        raise RefusedError("register.not_yours", branch=branch)
    with transaction.atomic():
        mine = SavedView.objects.filter(owner=account, list_code="outlets")
        if mine.count() >= MOST and not mine.filter(name=name).exists():
            raise RefusedError("register.view.many", limit=MOST)
        view, _ = SavedView.objects.update_or_create(
            owner=account, list_code="outlets", name=name,
            defaults={"query": kept, "is_shared": is_shared, "area_code": branch, "made_at": now},
        )  # fmt: skip
        after = {"name": name, "query": kept, "is_shared": is_shared}
        record(who, "view.save", "saved_view", str(view.pk), now=now, area_code=branch, after=after)
    return view


def drop_view(*, who: Who, view: SavedView, now: dt.datetime) -> None:
    """Forget a view; only its owner may."""
    if who.account is None or view.owner_id != who.account.pk:
        raise RefusedError("register.view.not_yours", name=view.name)
    with transaction.atomic():
        record(who, "view.drop", "saved_view", str(view.pk), now=now, area_code=view.area_code,
               before={"name": view.name, "query": view.query})  # fmt: skip
        view.delete()
