"""The merged return of a branch: its steps, and what somebody may do with it now."""

from __future__ import annotations

import datetime as dt

from yike.web.audit.chain import Who
from yike.web.returns import rules
from yike.web.returns.models import BranchState, BranchStep, Return, Wave
from yike.web.returns.queries.scope import returns_of_branch, unfinished
from yike.web.returns.queries.turns import branch_states


def branch_steps(wave: Wave, branch: str) -> list[BranchStep]:
    """Every step of a branch in a wave, in order."""
    return list(BranchStep.objects.filter(wave=wave, area_code=branch).select_related("by").order_by("id"))


def open_to_branch(who: Who, wave: Wave, branch: str, today: dt.date) -> frozenset[str]:
    """Some of report, send_back, lock, undo; the actions decide again when they are asked."""
    if wave.closed_at is not None:
        return frozenset()
    path, level = rules.path_of(wave), _level(wave, branch)
    if level is None:
        return frozenset()
    state = branch_states(wave).get(branch, BranchState.OPEN)
    below = list(returns_of_branch(wave, branch))
    own = rules.may_at(who, level, branch, today)
    found: set[str] = set()
    if level.code == rules.TOP:
        return frozenset({"lock"} if own and _may_lock(wave, path, below, state) else ())
    if state in (BranchState.OPEN, BranchState.SENT_BACK):
        ready = bool(below) and not unfinished(below, level.enters, wave)
        return frozenset({"report"} if own and ready else ())
    if state == BranchState.REPORTED:
        if own:
            found.add("undo")
        above = path[path.index(level) + 1]
        if rules.may_at(who, above, branch[: above.digits] if above.digits else wave.area_code, today):
            found.add("send_back")
    return frozenset(found)


def _level(wave: Wave, branch: str) -> rules.Level | None:
    for level in rules.path_of(wave):
        if len(branch) == (level.digits or len(wave.area_code)) and branch.startswith(wave.area_code):
            return level
    return None


def _may_lock(wave: Wave, path: tuple[rules.Level, ...], below: list[Return], state: str) -> bool:
    """Every return of the wave has been agreed to by the level below the top."""
    if state == BranchState.LOCKED or not below:
        return False
    return len(path) < 2 or not unfinished(below, path[-2].enters, wave)
