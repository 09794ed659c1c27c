"""Whose turn it is: states of branches, what somebody may do with a return now, its steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet

from yike.web.audit.chain import Who
from yike.web.regions.rules import may
from yike.web.returns import rules
from yike.web.returns.models import BranchStep, CellChange, Return, ReturnState, ReturnStep, Wave


def branch_states(wave: Wave) -> dict[str, str]:
    """The state of every branch of a wave that has ever taken a step; the others are open."""
    last: dict[str, str] = {}
    for code, state in BranchStep.objects.filter(wave=wave).order_by("id").values_list("area_code", "state"):
        last[code] = state
    return last


def open_to(who: Who, of: Return, today: dt.date, states: Mapping[str, str] | None = None) -> frozenset[str]:
    """
    What somebody may do with a return now.

    Some of: fill, take_file, refresh, submit, note, check, approve, lock, send_back, undo, correct.
    """
    found: set[str] = set()
    is_open = of.wave.closed_at is None
    if is_open and of.state in rules.FILLABLE:
        if rules.may_fill(who, of, today):
            found |= {"fill", "take_file", "refresh"}
        if rules.may_fill(who, of, today, "submit"):
            found.add("submit")
    if any(may(who, rules.roles_for("note"), c, today) for c in _branches_of(of)):
        found.add("note")
    if of.state == ReturnState.LOCKED and may(who, rules.roles_for("correct"), of.wave.area_code, today):
        found.add("correct")
    states = branch_states(of.wave) if states is None else states
    if is_open:
        found |= _level_steps(who, of, today, states)
        if undoable(who, of, today, states) is not None:
            found.add("undo")
    return frozenset(found)


def _branches_of(of: Return) -> set[str]:
    return {of.home_code, *(c["code"] for c in of.communities)}


STEP_NAMES = {ReturnState.CHECKED: "check", ReturnState.APPROVED: "approve", ReturnState.LOCKED: "lock"}


def _level_steps(who: Who, of: Return, today: dt.date, states: Mapping[str, str]) -> set[str]:
    level = rules.holder_of(of, states)
    if level is None or not rules.may_at(who, level, rules.branch_at(level, of), today):
        return set()
    found = {"send_back"}
    if of.state != level.enters:  # it agreed already and waits for the rest of its branch
        found.add(STEP_NAMES[ReturnState(level.enters)])
    return found


def undoable(who: Who, of: Return, today: dt.date, states: Mapping[str, str]) -> ReturnStep | None:
    """The last step that stands, when it may be undone by this person now; else None."""
    standing = rules.live_steps(of.steps.order_by("id"))
    if len(standing) < 2:
        return None
    last = standing[-1]
    if last.revision != of.revision or last.state in (ReturnState.DRAFT, ReturnState.LOCKED):
        return None
    if last.state == ReturnState.SUBMITTED:
        return last if rules.may_fill(who, of, today, "submit") else None
    if last.state == ReturnState.SENT_BACK:
        own = who.account is None or last.by_id == who.account.pk
        return last if own and not CellChange.objects.filter(of=of, at__gt=last.at).exists() else None
    level = rules.holder_of(of, states)
    if level is None or level.enters != last.state:
        return None  # its branch has reported: the level above has it
    return last if rules.may_at(who, level, rules.branch_at(level, of), today) else None


def steps_of(of: Return) -> QuerySet[ReturnStep]:
    """Every step of a return, in order."""
    return ReturnStep.objects.filter(of=of).select_related("by", "undoes").order_by("id")
