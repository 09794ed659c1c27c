"""Moving the merged return of a branch: report, send back, lock, undo."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.returns import rules
from yike.web.returns.actions.held import hold, step_branch, trace_wave
from yike.web.returns.actions.steps import agree_held
from yike.web.returns.cells import values_to_json
from yike.web.returns.models import BranchState, BranchStep, Return, ReturnState, Wave
from yike.web.returns.prefill import areas_named
from yike.web.returns.queries import branch_states, returns_of_branch, unfinished
from yike.web.returns.queries.merging import merged


def report_branch(*, who: Who, wave: Wave, area_code: str, now: dt.datetime) -> BranchStep:
    """Report a branch's merged return upward, once every return of it has been agreed to here."""
    with transaction.atomic():
        wave, level = _hold_branch(wave, area_code)
        name = name_of(area_code)
        if level.code == rules.TOP:
            raise RefusedError("returns.branch_top", status=409, name=name)
        rules.require_level(who, level, area_code, localdate(now), name)
        state = branch_states(wave).get(area_code, BranchState.OPEN)
        if state in (BranchState.REPORTED, BranchState.LOCKED):
            raise RefusedError("returns.branch_state", status=409, name=name, state=rules.branch_word(state))
        _require_all(wave, area_code, level.enters, name)
        doc = merged(wave, area_code).doc
        step = step_branch(
            wave, area_code, BranchState.REPORTED, who=who, now=now, values=values_to_json(doc.values)
        )
        trace_wave(who, "wave.report", wave, now=now, area_code=area_code, after={"state": step.state})
    return step


def send_back_branch(*, who: Who, wave: Wave, area_code: str, note: str, now: dt.datetime) -> BranchStep:
    """Give a branch's merged return back, while none of its returns has been agreed to above."""
    if not note.strip():
        raise RefusedError("returns.send_back_reason", status=400)
    with transaction.atomic():
        wave, level = _hold_branch(wave, area_code)
        name = name_of(area_code)
        _require_reported(wave, area_code, name)
        path = rules.path_of(wave)
        above = path[path.index(level) + 1]
        over = area_code[: above.digits] if above.digits else wave.area_code
        rules.require_level(who, above, over, localdate(now), name)
        _require_none_beyond(wave, area_code, level, name)
        step = step_branch(wave, area_code, BranchState.SENT_BACK, who=who, now=now, note=note)
        trace_wave(
            who, "wave.send_back", wave, now=now, area_code=area_code, after={"state": step.state}, note=note
        )
    return step


def undo_branch(*, who: Who, wave: Wave, area_code: str, now: dt.datetime, note: str = "") -> BranchStep:
    """Take a report back, while the level above has agreed to none of its returns."""
    with transaction.atomic():
        wave, level = _hold_branch(wave, area_code)
        name = name_of(area_code)
        rules.require_level(who, level, area_code, localdate(now), name)
        last = _require_reported(wave, area_code, name)
        _require_none_beyond(wave, area_code, level, name)
        step = step_branch(wave, area_code, BranchState.OPEN, who=who, now=now, note=note, undoes=last)
        trace_wave(
            who, "wave.undo", wave, now=now, area_code=area_code, after={"state": step.state}, note=note
        )
    return step


def lock_branch(*, who: Who, wave: Wave, area_code: str, now: dt.datetime, note: str = "") -> BranchStep:
    """Lock every return of a branch, or of the whole wave, and keep its merged return as it is now."""
    with transaction.atomic():
        wave, _level = _hold_branch(wave, area_code)
        name = name_of(area_code)
        rules.require_role(who, rules.roles_for("top"), wave.area_code, localdate(now), name)
        states = branch_states(wave)
        if states.get(area_code) == BranchState.LOCKED:
            raise RefusedError(
                "returns.branch_state", status=409, name=name, state=rules.branch_word(BranchState.LOCKED)
            )
        below = rules.path_of(wave)[-2] if len(rules.path_of(wave)) > 1 else None
        if below is not None:
            _require_all(wave, area_code, below.enters, name)
        for row in returns_of_branch(wave, area_code):
            _lock_one(row, who=who, now=now, note=note, states=states)
        doc = merged(wave, area_code).doc
        step = step_branch(
            wave,
            area_code,
            BranchState.LOCKED,
            who=who,
            now=now,
            note=note,
            values=values_to_json(doc.values),
        )
        trace_wave(
            who, "wave.lock", wave, now=now, area_code=area_code, after={"state": step.state}, note=note
        )
    return step


def _lock_one(row: Return, *, who: Who, now: dt.datetime, note: str, states: dict[str, str]) -> None:
    held = hold(row)
    if held.state != ReturnState.LOCKED:
        agree_held(held, ReturnState.LOCKED, who=who, now=now, note=note, states=states)


def _hold_branch(wave: Wave, area_code: str) -> tuple[Wave, rules.Level]:
    # Steps of one wave's branches come one after the other: each looks at all returns below it.
    held = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
    if held.closed_at is not None:
        raise RefusedError("returns.wave_closed", status=409, title=held.title)
    return held, rules.level_of_branch(held, area_code)


def _require_all(wave: Wave, area_code: str, state: str, name: str) -> None:
    below = list(returns_of_branch(wave, area_code).select_for_update(of=("self",), no_key=True))
    if not below:
        raise RefusedError("returns.branch_empty", status=409, name=name)
    waiting = unfinished(below, state, wave)
    if waiting:
        listed = "、".join(f"{r.circle.name}（{rules.state_word(r.state)}）" for r in waiting[:6])
        raise RefusedError("returns.branch_waits", status=409, name=name, n=len(waiting), found=listed)


def _require_reported(wave: Wave, area_code: str, name: str) -> BranchStep:
    last = BranchStep.objects.filter(wave=wave, area_code=area_code).order_by("-id").first()
    if last is None or last.state != BranchState.REPORTED:
        state = rules.branch_word(last.state if last else BranchState.OPEN)
        raise RefusedError("returns.branch_state", status=409, name=name, state=state)
    return last


def _require_none_beyond(wave: Wave, area_code: str, level: rules.Level, name: str) -> None:
    path = rules.path_of(wave)
    done = path.index(level) + 1
    below = returns_of_branch(wave, area_code).select_for_update(of=("self",), no_key=True)
    beyond = [r for r in below if rules.reached(wave, r.state) > done]
    if beyond:
        listed = "、".join(f"{r.circle.name}（{rules.state_word(r.state)}）" for r in beyond[:6])
        raise RefusedError("returns.branch_acted", status=409, name=name, found=listed)


def name_of(area_code: str) -> str:
    """What a branch is called now."""
    return areas_named([area_code])[area_code][0]
