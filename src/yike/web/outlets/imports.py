"""
Imports: a batch put into the register and taken back.

Both stage what they are about to do in parts (``staging``), which may be cancelled, killed and gone on with,
and then make all of it true by one short transaction (``switch``): nobody ever sees half a batch.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from yike.errors import RefusedError, YikeError
from yike.web.accounts.queries import within_branch
from yike.web.audit.chain import Who, record
from yike.web.outlets import rules
from yike.web.outlets.matching import Matcher
from yike.web.outlets.models import BatchState, ImportBatch, OutletVersion, StagedChange, Verdict
from yike.web.outlets.previews import Progress as Progress
from yike.web.outlets.previews import known_communities as known_communities
from yike.web.outlets.previews import preview as preview
from yike.web.outlets.previews import silent
from yike.web.outlets.queries import live_outlets
from yike.web.outlets.staging import clear, rows_to_undo, rows_to_write, stage
from yike.web.outlets.switch import edited_since, make_true
from yike.web.outlets.uploads import choose_datum as choose_datum
from yike.web.outlets.uploads import drop as drop
from yike.web.outlets.uploads import file_of as file_of
from yike.web.outlets.uploads import upload as upload
from yike.web.outlets.uploads import wrong_state

MOST_NAMED = 200
SLACK = 1000
"""Version numbers that a transaction still open at the preview may have taken before those it saw."""

SLACK_TIME = dt.timedelta(hours=1)


def apply(
    *,
    who: Who,
    batch: ImportBatch,
    now: dt.datetime,
    good_rows_only: bool = False,
    progress: Progress = silent,
) -> dict[str, int]:
    """
    Put a looked-at batch into the register, all of it or nothing.

    Repeating it after it was done changes nothing and gives the same counts; after a killed worker it goes on
    with what was staged.

    Raises
    ------
    RefusedError
        Rows with errors without ``good_rows_only``; the register changed since the preview; a batch in
        another state.
    """
    rules.require_keeper(who, batch.area_code, localdate(now))
    try:
        while True:
            fresh = ImportBatch.objects.get(pk=batch.pk)
            if fresh.state == BatchState.APPLIED:
                return dict(fresh.counts["applied"])
            _refuse_unfit(fresh, good_rows_only)
            total = fresh.counts.get("new", 0) + fresh.counts.get("changed", 0)
            _stage_all(fresh, rows_to_write, total, "准备写入", now, progress)
            if (done := _apply_staged(fresh, total, who=who, now=now)) is not None:
                return done
    except (YikeError, KeyboardInterrupt):
        clear(batch)
        raise


def _refuse_unfit(batch: ImportBatch, good_rows_only: bool) -> None:
    if batch.state != BatchState.PREVIEWED:
        raise wrong_state(batch, "导入")
    counts = batch.counts
    if counts.get("error") and not good_rows_only:
        raise RefusedError("register.import.has_errors", status=409, count=counts["error"])
    if not counts.get("new") and not counts.get("changed"):
        raise RefusedError("register.import.nothing", status=409)


def _stage_all(
    batch: ImportBatch, work_out: Any, total: int, word: str, now: dt.datetime, progress: Progress
) -> None:
    progress(word, StagedChange.objects.filter(batch=batch).count(), total)
    while stage(batch, work_out, now) is not None:
        progress(word, StagedChange.objects.filter(batch=batch).count(), total)


def _apply_staged(batch: ImportBatch, total: int, *, who: Who, now: dt.datetime) -> dict[str, int] | None:
    """Make the batch true; None when another worker was there first or took the staged changes away."""
    try:
        with transaction.atomic():
            batch = _hold(batch)
            staged = StagedChange.objects.filter(batch=batch).count()
            if batch.state != BatchState.PREVIEWED or staged != total:
                return None
            _refuse_stale(batch)
            acts = make_true(batch, "import", "", who=who, now=now)
            done = {"new": acts["add"], "changed": acts["change"]}
            ImportBatch.objects.filter(pk=batch.pk).update(
                state=BatchState.APPLIED, applied_at=now, counts=batch.counts | {"applied": done}
            )
            record(
                who, "import.apply", "import", str(batch.pk), now=now, area_code=batch.area_code,
                after=done | {"digest": batch.digest},
            )  # fmt: skip
    except IntegrityError:  # a number in the list was given to another outlet meanwhile
        raise RefusedError("register.import.stale", status=409, what="有编号已被使用") from None
    return done


def _hold(batch: ImportBatch) -> ImportBatch:
    """Lock the batch and every other one open in the same city, so that two imports run one by one."""
    city = batch.area_code[:4]
    open_here = ImportBatch.objects.select_for_update().filter(within_branch(city or ""))
    held = {b.pk: b for b in open_here.filter(state=BatchState.PREVIEWED).order_by("pk")}
    return held.get(batch.pk) or ImportBatch.objects.select_for_update().get(pk=batch.pk)


def _refuse_stale(batch: ImportBatch) -> None:
    """Refuse when a known outlet was edited since, or a new one has been entered by somebody else."""
    if edited := edited_since(batch):
        name = StagedChange.objects.get(pk=edited[0]).outlet.name
        raise RefusedError("register.import.stale", status=409, what=f"“{name}”已被修改")
    if batch.counts.get("new") and (name := _entered_since(batch)):
        raise RefusedError("register.import.stale", status=409, what=f"“{name}”已有人登记")


def _entered_since(batch: ImportBatch) -> str:
    """Name of a new row's outlet that somebody entered since the preview; "" for none."""
    since = (batch.previewed_at or batch.uploaded_at) - SLACK_TIME
    others = ImportBatch.objects.filter(applied_at__gte=since).exclude(pk=batch.pk)
    fresh = OutletVersion.objects.filter(number=1).filter(
        Q(id__gt=batch.counts["mark"] - SLACK) | Q(batch__in=others)
    )
    entered = live_outlets().filter(within_branch(batch.area_code), pk__in=fresh.values("outlet"))
    if not entered.exists():
        return ""
    matcher = Matcher(entered)
    rows = batch.rows.filter(verdict=Verdict.NEW).values_list("name", "values")
    return next((name for name, values in rows.iterator(2000) if matcher.find(values).keys), "")


def undo(*, who: Who, batch: ImportBatch, now: dt.datetime, progress: Progress = silent) -> dict[str, Any]:
    """
    Take a whole batch back: new outlets are taken out, changed ones get their values back.

    Outlets that somebody changed since stay as they are and are named in the result (``kept``).
    """
    rules.require_keeper(who, batch.area_code, localdate(now))
    try:
        while True:
            fresh = ImportBatch.objects.get(pk=batch.pk)
            if fresh.state == BatchState.UNDONE:
                return dict(fresh.counts["undone"])
            if fresh.state != BatchState.APPLIED:
                raise wrong_state(fresh, "撤销")
            total = OutletVersion.objects.filter(batch=fresh, action="import").count()
            _stage_all(fresh, rows_to_undo, total, "准备撤销", now, progress)
            if (done := _undo_staged(fresh, total, who=who, now=now)) is not None:
                return done
    except (YikeError, KeyboardInterrupt):
        clear(batch)
        raise


def _undo_staged(batch: ImportBatch, total: int, *, who: Who, now: dt.datetime) -> dict[str, Any] | None:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        staged = StagedChange.objects.filter(batch=batch)
        if batch.state != BatchState.APPLIED or staged.count() != total:
            return None
        staged.filter(pk__in=edited_since(batch)).update(act=StagedChange.Act.KEEP, event="")
        kept = list(
            staged.filter(act=StagedChange.Act.KEEP)
            .order_by("number")
            .values_list("outlet_id", "outlet__name")[:MOST_NAMED]
        )
        acts = make_true(batch, "undo", "撤销导入", who=who, now=now)
        done = {
            "removed": acts["remove"],
            "restored": acts["change"],
            "kept": acts["keep"],
            "kept_names": [name for _, name in kept],
            "kept_keys": [key for key, _ in kept],
        }
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.UNDONE, undone_at=now, counts=batch.counts | {"undone": done}
        )
        record(who, "import.undo", "import", str(batch.pk), now=now, area_code=batch.area_code, after=done)
    return done
