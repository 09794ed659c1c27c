"""Lists of waves and returns as pages show them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet

from yike.web.accounts.models import Account
from yike.web.returns import rules
from yike.web.returns.models import Return, ReturnState, Wave
from yike.web.returns.queries.progress import waiting_for
from yike.web.returns.queries.scope import returns_visible_to, waves_visible_to


def waves_with_counts(account: Account, today: dt.date) -> QuerySet[Wave]:
    """Waves with how many of the returns that a person sees are in, and locked."""
    own = Q(returns__in=returns_visible_to(account, today).order_by().values("pk"))
    return waves_visible_to(account, today).annotate(
        n_returns=Count("returns", filter=own),
        n_in=Count("returns", filter=own & Q(returns__state__in=rules.DONE)),
        n_locked=Count("returns", filter=own & Q(returns__state=ReturnState.LOCKED)),
    )


def fillable_of(account: Account, today: dt.date) -> list[Return]:
    """Returns that a person may fill now, those sent back first."""
    waiting = waiting_for(account, today)
    return [*waiting.sent_back, *waiting.to_fill]
