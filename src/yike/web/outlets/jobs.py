"""Long work of the register: look at a list, put it in, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.accounts.rules import has_role
from yike.web.audit.chain import Who
from yike.web.jobs.kinds import does
from yike.web.jobs.queue import Running
from yike.web.outlets import imports, kept_exports, queries
from yike.web.outlets.forms import OutletFilterForm
from yike.web.outlets.models import ImportBatch
from yike.web.outlets.rules import KEEPERS


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


@does("outlets.export")
def export(running: Running) -> Mapping[str, Any]:
    """Write a long list, as who asked may see it now."""
    account, today = running.job.asked_by, localdate(running.clock())
    if account is None:
        raise RefusedError("register.not_yours", branch="")
    query = QueryDict(running.job.arguments["query"])
    form = OutletFilterForm(queries.areas_to_choose(account, today), query)
    seen = queries.outlets_visible_to(account, today)
    found = queries.filtered(seen, form.wanted(today, query.get("sort", "")))
    return kept_exports.write(
        running.job, found, now=running.clock(), progress=running.progress,
        is_whole=has_role(account, today, *KEEPERS),
    )  # fmt: skip


def _who(running: Running) -> Who:
    return Who(running.job.asked_by, "后台任务")


def _batch(running: Running) -> ImportBatch:
    return ImportBatch.objects.get(pk=running.job.arguments["batch"])
