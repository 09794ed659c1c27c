"""The heartbeat of a job: its lease is renewed while the worker lives, however long a step is silent."""

from __future__ import annotations

import threading
from types import TracebackType

from django.db import DatabaseError, connection

from yike.web.jobs.queue import LEASE, Running

EVERY_S = LEASE.total_seconds() / 4


class Heartbeat:
    """
    Beats beside a running job, on a thread with a connection of its own; use it in a ``with``.

    A worker that is killed takes its heart along: the lease ends and another worker takes the job over. One
    beat may fail (the database is busy); the next three come before the lease ends.
    """

    def __init__(self, running: Running, every_s: float = EVERY_S) -> None:
        self._running, self._every_s = running, every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{running.job.pk}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, where: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def has_stopped(self, within_s: float) -> bool:
        """Whether the heart stops within some seconds: because the job is another worker's now."""
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._every_s):
                try:
                    if not self._running.keep_lease():
                        return
                except DatabaseError:
                    connection.close()
        finally:
            connection.close()
