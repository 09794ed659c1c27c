"""States of jobs as marks."""

from __future__ import annotations

from yike.web.jobs.models import State

SIGNS: dict[str, str] = {
    State.QUEUED: "waiting",
    State.RUNNING: "busy",
    State.DONE: "done",
    State.FAILED: "wrong",
    State.CANCELLED: "stopped",
}
