"""Asking for work, claiming it, and telling how it goes: each by one conditional update."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from yike.errors import CancelledError
from yike.web.audit.chain import Who, record
from yike.web.jobs.models import Job, State

LEASE = dt.timedelta(seconds=60)
MOST_ATTEMPTS = 3

Clock = Callable[[], dt.datetime]


def enqueue(
    kind: str, title: str, arguments: Mapping[str, Any], *, who: Who, now: dt.datetime, area_code: str = ""
) -> Job:
    """Put a job into the queue; inside the caller's transaction it appears when that commits."""
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            title=title,
            arguments=dict(arguments),
            area_code=area_code,
            asked_by=who.account,
            asked_at=now,
        )
        record(who, "job.ask", "job", str(job.pk), now=now, area_code=area_code, after={"kind": kind})
    return job


def claim(worker: str, now: dt.datetime) -> Job | None:
    """
    Take the oldest job that waits, or whose worker has died; None when there is none.

    Two workers never get the same job: the update that takes it tests the state it saw.
    """
    waiting = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=now)
    while True:
        seen = Job.objects.filter(waiting).order_by("id").values("id", "attempts", "state").first()
        if seen is None:
            return None
        same = Job.objects.filter(waiting, pk=seen["id"], attempts=seen["attempts"])
        if seen["attempts"] >= MOST_ATTEMPTS:
            _give_up(same, now)
            continue
        taken = same.update(
            state=State.RUNNING,
            worker=worker,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            stage="",
            done=0,
        )
        if taken:
            return Job.objects.get(pk=seen["id"])


def _give_up(jobs: Any, now: dt.datetime) -> None:
    words = f"执行程序 {MOST_ATTEMPTS} 次中断，不再重试。\n"
    jobs.update(state=State.FAILED, ended_at=now, log=Concat(F("log"), Value(words)))


class Running:
    """A job in a worker's hands; give ``progress`` to the study."""

    def __init__(self, job: Job, clock: Clock) -> None:
        self.job = job
        self.clock = clock
        self._told_at = clock() - LEASE

    def progress(self, stage: str, done: int, total: int) -> None:
        """
        Renew the lease and show how far it is, at most once a second.

        Raises
        ------
        CancelledError
            Somebody asked to cancel, or another worker has taken the job over.
        """
        now = self.clock()
        if now - self._told_at < dt.timedelta(seconds=1) and done < total:
            return
        self._told_at = now
        still_ours = (
            self._mine()
            .filter(cancel_asked_at__isnull=True)
            .update(stage=stage[:120], done=done, total=total, lease_until=now + LEASE)
        )
        if not still_ours:
            raise CancelledError("job.cancelled")

    def keep_lease(self) -> bool:
        """Renew the lease and nothing else; False when the job is no longer ours."""
        return bool(self._mine().update(lease_until=self.clock() + LEASE))

    def say(self, line: str) -> None:
        """Add a line to the job's log."""
        self._mine().update(log=Concat(F("log"), Value(line + "\n")))

    def end(self, state: str, result: Mapping[str, Any] | None = None) -> bool:
        """Finish; False when the job is no longer ours."""
        ended = self._mine().update(
            state=state, result=dict(result or {}), ended_at=self.clock(), lease_until=None, worker=""
        )
        return bool(ended)

    def _mine(self) -> Any:
        mine = {"worker": self.job.worker, "attempts": self.job.attempts, "state": State.RUNNING}
        return Job.objects.filter(pk=self.job.pk, **mine)


def ask_to_cancel(job: Job, *, who: Who, now: dt.datetime) -> bool:
    """Cancel a waiting job at once, a running one at its next step; False when it has ended."""
    with transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, state=State.QUEUED)
        hit = waiting.update(state=State.CANCELLED, cancel_asked_at=now, ended_at=now)
        hit = hit or Job.objects.filter(pk=job.pk, state=State.RUNNING, cancel_asked_at__isnull=True).update(
            cancel_asked_at=now
        )
        if hit:
            record(who, "job.cancel", "job", str(job.pk), now=now, area_code=job.area_code)
    return bool(hit)
