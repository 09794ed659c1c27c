"""Reads: whose jobs one sees."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from yike.web.accounts.models import Account, Role
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.jobs.models import Job, State

KEEPERS = (Role.ADMIN, Role.CITY)


def jobs_visible_to(account: Account, today: dt.date) -> QuerySet[Job]:
    """One's own jobs, and those of the branches one keeps in order."""
    mine = Q(asked_by=account) | within_branches(branches_of(account, today, KEEPERS))
    return Job.objects.filter(mine).select_related("asked_by")


def jobs_to_watch(account: Account, since: dt.datetime) -> QuerySet[Job]:
    """One's own jobs that wait, run, or have failed since a moment."""
    own = Job.objects.filter(asked_by=account)
    return own.filter(Q(state__in=[State.QUEUED, State.RUNNING]) | Q(state=State.FAILED, ended_at__gte=since))
