"""Reads: one person's records in all holdings, requests of one's branches."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.accounts.rules import MANAGERS
from yike.web.personal.holdings import Found, holdings
from yike.web.personal.models import Request


def records_about(looker: Account, words: str, today: dt.date) -> dict[str, list[Found]]:
    """Records of a whole name or number, by holding, in the branches the looker manages."""
    found = {h.code: list(h.find(looker, words, today)) for h in holdings() if h.find}
    return {code: records for code, records in found.items() if records}


def requests_visible_to(account: Account, today: dt.date) -> QuerySet[Request]:
    """Requests handled in the branches an account manages."""
    found = Request.objects.filter(within_branches(branches_of(account, today, MANAGERS)))
    return found.select_related("done_by")
