"""Jobs of every day: whichever worker is idle first asks for them, once a day."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from yike.web.accounts.trace import Who
from yike.web.jobs.models import DailyRun
from yike.web.jobs.queue import enqueue

_DAILY: dict[str, str] = {}


def every_day(kind: str, title: str) -> None:
    """Ask for a job of this kind once a day."""
    _DAILY[kind] = title


def enqueue_due(now: dt.datetime) -> list[str]:
    """Ask for what has not been asked for today; two workers at once ask once."""
    today = localdate(now)
    asked = set(DailyRun.objects.filter(day=today).values_list("kind", flat=True))
    return [kind for kind in _DAILY if kind not in asked and _ask(kind, today, now)]


def _ask(kind: str, today: dt.date, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            DailyRun.objects.create(kind=kind, day=today)
            enqueue(kind, _DAILY[kind], {}, who=Who(None, "每日"), now=now)
    except IntegrityError:  # another worker was first
        return False
    return True
