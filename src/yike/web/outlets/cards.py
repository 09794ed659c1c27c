"""What the register has for the first screen."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate

from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account
from yike.web.accounts.rules import has_role
from yike.web.outlets import queries
from yike.web.outlets.rules import KEEPERS, fresh_days


@shows_card(order=45)
def to_visit(account: Account, now: dt.datetime) -> Card | None:
    """How many outlets nobody has looked at for long; for who keeps a register."""
    today = localdate(now)
    if not has_role(account, today, *KEEPERS):
        return None
    stale = today - dt.timedelta(fresh_days())
    wanted = queries.OutletFilter(stale_since=stale, features=("not_closed",))
    n = queries.filtered(queries.outlets_visible_to(account, today), wanted).order_by().count()
    lines = (Line(f"{fresh_days():g} 天没有核实的网点", "/desk/outlets/visits/", n),) if n else ()
    return Card("网点核实", lines, empty="网点都在有效期内。")
