"""Every day: erase what is past its period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yike.web.accounts.trace import Who
from yike.web.jobs.daily import every_day
from yike.web.jobs.kinds import does
from yike.web.jobs.queue import Running
from yike.web.personal.actions import keep_periods


@does("personal.retention")
def retention(running: Running) -> Mapping[str, Any]:
    """Erase what is past its period."""
    return keep_periods(who=Who(None, "后台任务"), now=running.clock())


every_day("personal.retention", "清理到期的个人信息")
