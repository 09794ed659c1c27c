"""Moving a return: submit, check, send back, approve, lock, undo, correct."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.returns import rules
from yike.web.returns.actions.held import enter, hold, newest, step_branch, trace
from yike.web.returns.actions.notes import write_note
from yike.web.returns.checks import findings
from yike.web.returns.models import (
    BranchState,
    CellNote,
    Return,
    ReturnState,
    Revision,
)
from yike.web.returns.queries import branch_states, undoable
from yike.web.returns.queries.filled import filled_of
from yike.web.returns.queries.frozen import digest_of


def submit(*, who: Who, of: Return, now: dt.datetime, samples_reason: str = "") -> Return:
    """
    Hand a form to the level above; its cells are closed from now on.

    Raises
    ------
    RefusedError
        ``returns.errors`` (409) while checks find errors; the fact ``keys`` names their cells.
    """
    with transaction.atomic():
        held = hold(of)
        rules.require_fill(who, held, localdate(now), "submit")
        revision = newest(held)
        held.samples_reason = samples_reason.strip()[:400] or held.samples_reason
        wrong = [f for f in findings(filled_of(held, revision)) if f.severity == "error"]
        if wrong:
            told = "".join(f"{f.text}" for f in wrong[:3])
            raise RefusedError(
                "returns.errors", status=409, n=len(wrong), first=told, keys=[f.key for f in wrong]
            )
        _freeze(held, revision)
        CellNote.objects.filter(of=held, settled_at__isnull=True).update(
            settled_at=now, settled_by=who.account
        )
        enter(held, ReturnState.SUBMITTED, who=who, now=now)
        trace(who, "return.submit", held, now=now, after={"digest": revision.digest}, note=samples_reason)
    return held


def check(*, who: Who, of: Return, now: dt.datetime, note: str = "") -> Return:
    """Agree for the subdistrict."""
    return _agree(who=who, of=of, state=ReturnState.CHECKED, now=now, note=note)


def approve(*, who: Who, of: Return, now: dt.datetime, note: str = "") -> Return:
    """Agree for the district, once the subdistrict has reported."""
    return _agree(who=who, of=of, state=ReturnState.APPROVED, now=now, note=note)


def lock(*, who: Who, of: Return, now: dt.datetime, note: str = "") -> Return:
    """Agree for good, once the level below has reported: from now on only a correction changes anything."""
    return _agree(who=who, of=of, state=ReturnState.LOCKED, now=now, note=note)


def _agree(*, who: Who, of: Return, state: ReturnState, now: dt.datetime, note: str) -> Return:
    with transaction.atomic():
        held = hold(of)
        agree_held(held, state, who=who, now=now, note=note, states=branch_states(held.wave))
    return held


def agree_held(
    held: Return, state: str, *, who: Who, now: dt.datetime, note: str, states: Mapping[str, str]
) -> None:
    """Let a held return enter the state of the level whose turn it is."""
    rules.require_open(held)
    level = next((v for v in rules.path_of(held.wave) if v.enters == state), None)
    if level is None:
        raise RefusedError("returns.no_level", status=409, state=rules.state_word(state))
    branch = rules.branch_at(level, held)
    rules.require_level(who, level, branch, localdate(now), held.circle.name)
    turn = rules.holder_of(held, states)
    if turn != level or held.state == state:
        _refuse_turn(held, turn, state)
    before = held.state
    if state == ReturnState.LOCKED:
        Revision.objects.filter(of=held, number=held.revision).update(locked_at=now)
    enter(held, state, who=who, now=now, note=note)
    trace(who, f"return.{state}", held, now=now, before={"state": before}, after={"state": state}, note=note)


def _refuse_turn(held: Return, turn: rules.Level | None, state: str) -> None:
    raise RefusedError(
        "returns.step",
        status=409,
        name=held.circle.name,
        state=rules.state_word(held.state),
        wanted=rules.state_word(state),
        turn=turn.label if turn else ("社区" if held.state in rules.FILLABLE else "没有人"),
    )


def send_back(
    *,
    who: Who,
    of: Return,
    notes: Mapping[str, str],
    now: dt.datetime,
    note: str = "",
) -> Return:
    """
    Give a return back to be put right, with remarks at its cells.

    Branches that reported it are open again: they report anew when it has come back.
    """
    said = {key: text for key, text in notes.items() if text.strip()}
    if not said and not note.strip():
        raise RefusedError("returns.send_back_reason", status=400)
    with transaction.atomic():
        held = hold(of)
        rules.require_open(held)
        states = branch_states(held.wave)
        level = rules.holder_of(held, states)
        if level is None:
            raise RefusedError(
                "returns.send_back", status=409, name=held.circle.name, state=rules.state_word(held.state)
            )
        rules.require_level(who, level, rules.branch_at(level, held), localdate(now), held.circle.name)
        before = held.state
        for key, text in said.items():
            write_note(held, key, text, who=who, now=now)
        if note.strip():
            write_note(held, "", note, who=who, now=now)
        reopen_branches(held, states, who=who, now=now, note=f"{held.circle.name}被退回")
        _thaw(held)
        enter(held, ReturnState.SENT_BACK, who=who, now=now, note=note)
        trace(
            who, "return.send_back", held, now=now, before={"state": before},
            after={"state": held.state, "notes": said}, note=note,
        )  # fmt: skip
    return held


def undo_step(*, who: Who, of: Return, now: dt.datetime, note: str = "") -> Return:
    """Take the last step back, while it is unlocked and the level above has not acted on it."""
    with transaction.atomic():
        held = hold(of)
        rules.require_open(held)
        last = undoable(who, held, localdate(now), branch_states(held.wave))
        if last is None:
            raise RefusedError(
                "returns.undo", status=409, name=held.circle.name, state=rules.state_word(held.state)
            )
        standing = rules.live_steps(held.steps.order_by("id"))
        before = held.state
        if before == ReturnState.SUBMITTED:
            _thaw(held)
        if before == ReturnState.SENT_BACK:
            _freeze(held, newest(held))
        enter(held, standing[-2].state, who=who, now=now, note=note, undoes=last)
        trace(
            who,
            "return.undo",
            held,
            now=now,
            before={"state": before},
            after={"state": held.state},
            note=note,
        )
    return held


def correct(*, who: Who, of: Return, why: str, now: dt.datetime) -> Revision:
    """Open a new revision of a locked return; the old one stays as it was, with its digest and token."""
    if not why.strip():
        raise RefusedError("returns.correct_reason", status=400)
    with transaction.atomic():
        held = hold(of)
        rules.require_open(held)
        rules.require_role(
            who, rules.roles_for("correct"), held.wave.area_code, localdate(now), held.circle.name
        )
        if held.state != ReturnState.LOCKED:
            raise RefusedError(
                "returns.not_locked", status=409, name=held.circle.name, state=rules.state_word(held.state)
            )
        old = newest(held)
        fresh = Revision.objects.create(
            of=held,
            number=old.number + 1,
            values=old.values,
            sources=old.sources,
            comments=old.comments,
            opened_at=now,
            opened_by=who.account,
            why=why.strip()[:400],
        )
        held.revision = fresh.number
        reopen_branches(held, branch_states(held.wave), who=who, now=now, note=f"{held.circle.name}更正")
        enter(held, ReturnState.DRAFT, who=who, now=now, note=why)
        trace(
            who, "return.correct", held, now=now, before={"revision": old.number},
            after={"revision": fresh.number}, note=why,
        )  # fmt: skip
    return fresh


def reopen_branches(
    held: Return, states: Mapping[str, str], *, who: Who, now: dt.datetime, note: str
) -> None:
    """Branches above a return that have reported or are locked are open again."""
    for level in rules.path_of(held.wave):
        branch = rules.branch_at(level, held)
        if states.get(branch) in (BranchState.REPORTED, BranchState.LOCKED):
            step_branch(held.wave, branch, BranchState.SENT_BACK, who=who, now=now, note=note)


def _freeze(held: Return, revision: Revision) -> None:
    revision.digest = digest_of(held, revision)
    revision.token = secrets.token_urlsafe(18)
    revision.save(update_fields=["digest", "token"])


def _thaw(held: Return) -> None:
    """A paper printed before is of no form any more."""
    Revision.objects.filter(of=held, number=held.revision, locked_at__isnull=True).update(digest="", token="")
