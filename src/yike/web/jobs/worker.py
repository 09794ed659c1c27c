"""The worker: claims jobs one after another until it is told to stop."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from django.db import InterfaceError, OperationalError

from yike.errors import CancelledError, YikeError
from yike.web.jobs.daily import enqueue_due
from yike.web.jobs.heartbeat import Heartbeat
from yike.web.jobs.kinds import work_of
from yike.web.jobs.models import Job, State
from yike.web.jobs.queue import Clock, Running, claim

IDLE_S, AWAY_S = 0.5, 5.0
LOG = logging.getLogger(__name__)


def run_one(worker: str, clock: Clock) -> Job | None:
    """Claim one job and do it; None when nothing waits."""
    job = claim(worker, clock())
    if job is None:
        return None
    running = Running(job, clock)
    work = work_of(job.kind)
    if work is None:
        running.say(f"没有程序会做“{job.kind}”。")
        running.end(State.FAILED)
        return job
    try:
        with Heartbeat(running):
            result = work(running)
        running.end(State.DONE, result)
    except (CancelledError, KeyboardInterrupt):
        running.end(State.CANCELLED)
    except YikeError as wrong:
        running.say(f"{wrong}{wrong.hint}")
        running.end(State.FAILED, {"code": wrong.code})
    except Exception:  # the one place that catches all: whatever it was, the job must say so
        running.say(traceback.format_exc())
        running.end(State.FAILED, {"code": "job.crashed"})
    return job


def run_until(stop: Callable[[], bool], wait: Callable[[float], None], worker: str, clock: Clock) -> None:
    """Work until asked to stop; ``wait`` pauses when there is nothing to do or the database is away."""
    while not stop():
        try:
            is_idle = run_one(worker, clock) is None and not enqueue_due(clock())
        except (OperationalError, InterfaceError):  # a job in hand runs again when its lease has ended
            LOG.exception("后台任务：数据库连不上或写不进，稍后再试")
            wait(AWAY_S)
            continue
        if is_idle:
            wait(IDLE_S)
