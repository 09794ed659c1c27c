"""Long work of the register: look at a list, put it in, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yike.web.audit.chain import Who
from yike.web.jobs.kinds import does
from yike.web.jobs.queue import Running
from yike.web.outlets import imports
from yike.web.outlets.models import ImportBatch


@does("outlets.preview")
def preview(running: Running) -> Mapping[str, Any]:
    """What a file would do."""
    return imports.preview(
        who=_who(running), batch=_batch(running), now=running.clock(), progress=running.progress
    )


@does("outlets.import")
def apply(running: Running) -> Mapping[str, Any]:
    """Put a looked-at file into the register."""
    return imports.apply(
        who=_who(running),
        batch=_batch(running),
        now=running.clock(),
        good_rows_only=bool(running.job.arguments.get("good_rows_only")),
        progress=running.progress,
    )


@does("outlets.undo")
def undo(running: Running) -> Mapping[str, Any]:
    """Take a file back out."""
    return imports.undo(
        who=_who(running), batch=_batch(running), now=running.clock(), progress=running.progress
    )


def _who(running: Running) -> Who:
    return Who(running.job.asked_by, "后台任务")


def _batch(running: Running) -> ImportBatch:
    return ImportBatch.objects.get(pk=running.job.arguments["batch"])
