"""Who may keep packs and run analyses."""

from __future__ import annotations

import datetime as dt

from yike.web.accounts.models import Role
from yike.web.audit.chain import Who
from yike.web.regions.rules import require

RUNNERS = (Role.PLANNER, Role.DISTRICT, Role.CITY)


def require_runner(who: Who, branch: str, today: dt.date) -> None:
    """Raise RefusedError unless somebody may run analyses of a branch."""
    require(who, RUNNERS, branch, today)
