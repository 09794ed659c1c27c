"""Holding a return while it is written, entering states, leaving the trace."""

from __future__ import annotations

import datetime as dt
from typing import Any

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.returns.cells import names_of
from yike.web.returns.models import BranchState, BranchStep, Return, ReturnState, ReturnStep, Revision, Wave
from yike.web.returns.queries import keys_changed_since


def hold(of: Return, seen: int | None = None) -> Return:
    """
    The return as it stands now, held until the transaction ends.

    Raises
    ------
    RefusedError
        ``returns.stale`` (409): another version than ``seen`` is in force; names the cells that differ.
    """
    held = (
        Return.objects.select_for_update(of=("self",), no_key=True)
        .select_related("wave", "circle")
        .get(pk=of.pk)
    )
    if seen is not None and held.version != seen:
        changed = keys_changed_since(held, seen)
        raise RefusedError(
            "returns.stale",
            status=409,
            name=held.circle.name,
            cells=names_of(changed) or "没有单元格，只有流转状态",
            keys=changed,
        )
    return held


def newest(of: Return) -> Revision:
    """The revision that is worked on."""
    return Revision.objects.select_for_update().get(of=of, number=of.revision)


def next_version(of: Return) -> None:
    """Save with the next version number."""
    of.version += 1
    of.save(update_fields=["version", "state", "revision", "samples_reason"])


def enter(
    of: Return, state: str, *, who: Who, now: dt.datetime, note: str = "", undoes: ReturnStep | None = None
) -> ReturnStep:
    """Let a held return enter a state."""
    of.state = ReturnState(state)
    next_version(of)
    return ReturnStep.objects.create(
        of=of, revision=of.revision, state=of.state, undoes=undoes, by=who.account, at=now, note=note[:400]
    )


def step_branch(
    wave: Wave,
    area_code: str,
    state: str,
    *,
    who: Who,
    now: dt.datetime,
    note: str = "",
    values: dict[str, Any] | None = None,
    undoes: BranchStep | None = None,
) -> BranchStep:
    """Let a branch's merged return enter a state."""
    return BranchStep.objects.create(
        wave=wave,
        area_code=area_code,
        state=BranchState(state),
        by=who.account,
        at=now,
        note=note[:400],
        values=values or {},
        undoes=undoes,
    )


def trace(who: Who, action: str, of: Return, *, now: dt.datetime, **told: Any) -> None:
    """Add the entry about a return; last in the transaction."""
    record(who, action, "return", of.code, now=now, area_code=of.area_code, **told)


def trace_wave(
    who: Who, action: str, wave: Wave, *, now: dt.datetime, area_code: str = "", **told: Any
) -> None:
    """Add the entry about a wave or one of its branches; last in the transaction."""
    record(who, action, "wave", str(wave.pk), now=now, area_code=area_code or wave.area_code, **told)
