"""Who may do what with a return when: the levels it passes and the states between, ``data/steps.toml``."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yike.errors import RefusedError
from yike.web.accounts.models import Duty, Role
from yike.web.accounts.queries import duties_of
from yike.web.audit.chain import Who
from yike.web.regions.rules import may
from yike.web.returns.models import BranchState, Return, ReturnState, ReturnStep, Wave

FILLABLE = (ReturnState.DRAFT, ReturnState.SENT_BACK)
DONE = (ReturnState.SUBMITTED, ReturnState.CHECKED, ReturnState.APPROVED, ReturnState.LOCKED)
TOP = "top"


@dataclass(frozen=True)
class Level:
    """A level that looks at returns, and the state they enter when it agrees."""

    code: str
    label: str
    digits: int  # of the code of its branches; 0 for the top, which is the wave's branch
    roles: tuple[str, ...]
    own: tuple[str, ...]
    enters: str


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads((files("yike.web.returns") / "data" / "steps.toml").read_text("utf-8"))


def roles_for(step: str) -> tuple[str, ...]:
    """Who may do a step that belongs to no level: open_wave, fill, submit, note, correct, top."""
    return tuple(_raw()["roles"][step])


@cache
def levels_between() -> tuple[Level, ...]:
    """Every level between the community and the top, lowest first."""
    return tuple(
        Level(v["code"], v["label"], v["digits"], tuple(v["roles"]), tuple(v["own"]), v["enters"])
        for v in _raw()["level"]
    )


def path_of(wave: Wave) -> tuple[Level, ...]:
    """The levels a return of a wave passes, lowest first; a county-level city has no district between."""
    top = Level(TOP, "汇总单位", 0, roles_for("top"), (), ReturnState.LOCKED)
    return (*(v for v in levels_between() if v.digits > len(wave.area_code)), top)


def branch_at(level: Level, of: Return) -> str:
    """The branch of a level that a return belongs to."""
    return of.home_code[: level.digits] if level.digits else of.wave.area_code


def level_of_branch(wave: Wave, area_code: str) -> Level:
    """The level of a branch in a wave; RefusedError where no level has such branches."""
    for level in path_of(wave):
        digits = level.digits or len(wave.area_code)
        if len(area_code) == digits and area_code.startswith(wave.area_code):
            return level
    raise RefusedError("returns.no_branch", status=404, branch=area_code)


def reached(wave: Wave, state: str) -> int:
    """How many levels have agreed to a return in a state: 0 submitted, -1 not yet submitted."""
    if state in FILLABLE:
        return -1
    if state == ReturnState.SUBMITTED:
        return 0
    return next(i + 1 for i, level in enumerate(path_of(wave)) if level.enters == state)


class Standing:
    """Somebody's duties on a day, read once for many questions; the program itself may do all."""

    def __init__(self, who: Who, today: dt.date) -> None:
        self.is_program = who.account is None
        duties = duties_of(who.account, today) if who.account is not None else Duty.objects.none()
        self.duties = tuple(duties.values_list("role", "area_code"))

    def may(self, roles: Iterable[str], branch: str) -> bool:
        """Whether one of the roles reaches over a branch."""
        wanted = set(roles)
        return self.is_program or any(r in wanted and branch.startswith(code) for r, code in self.duties)

    def may_at(self, level: Level, branch: str) -> bool:
        """Whether this is somebody who stands for a level over a branch."""
        exact = any(role in level.own and code == branch for role, code in self.duties)
        return exact or self.may(level.roles, branch)

    def may_fill(self, of: Return, step: str = "fill") -> bool:
        """Whether a return is hers to fill or submit: of one of its communities, or of its subdistrict."""
        roles = roles_for(step)
        communities = {of.home_code, *(c["code"] for c in of.communities)}
        if Role.COMMUNITY in roles and any(self.may([Role.COMMUNITY], c) for c in communities):
            return True
        return self.may([r for r in roles if r != Role.COMMUNITY], of.home_code)


def may_at(who: Who, level: Level, branch: str, today: dt.date) -> bool:
    """Whether somebody stands for a level over a branch."""
    return Standing(who, today).may_at(level, branch)


def may_fill(who: Who, of: Return, today: dt.date, step: str = "fill") -> bool:
    """Whether a return is somebody's to fill or submit."""
    return Standing(who, today).may_fill(of, step)


def require_fill(who: Who, of: Return, today: dt.date, step: str = "fill") -> None:
    """Refuse who may not fill, and forms that are not to be filled now."""
    if not may_fill(who, of, today, step):
        raise RefusedError("returns.not_yours", status=403, name=of.circle.name)
    require_open(of)
    if of.state not in FILLABLE:
        raise RefusedError(
            "returns.not_fillable", status=409, name=of.circle.name, state=state_word(of.state)
        )


def require_open(of: Return) -> None:
    """Refuse a return of a wave that has been closed."""
    if of.wave.closed_at is not None:
        raise RefusedError("returns.wave_closed", status=409, title=of.wave.title)


def require_role(who: Who, roles: Iterable[str], branch: str, today: dt.date, name: str) -> None:
    """Refuse (403) who has none of the roles over a branch."""
    if not may(who, roles, branch, today):
        raise RefusedError("returns.not_yours", status=403, name=name)


def require_level(who: Who, level: Level, branch: str, today: dt.date, name: str) -> None:
    """Refuse (403) who does not stand for a level over a branch."""
    if not may_at(who, level, branch, today):
        raise RefusedError("returns.not_yours", status=403, name=name)


def holder_of(of: Return, branch_states: Mapping[str, str]) -> Level | None:
    """
    The level whose turn it is with a submitted return: who agreed keeps it until its branch has reported.

    None while the community has it, and once it is locked.
    """
    path, done = path_of(of.wave), reached(of.wave, of.state)
    if done < 0 or done >= len(path):
        return None
    if done and branch_states.get(branch_at(path[done - 1], of)) != BranchState.REPORTED:
        return path[done - 1]
    return path[done]


def live_steps(steps: Iterable[ReturnStep]) -> list[ReturnStep]:
    """Steps that stand, in order: an undone step and the one that undid it fall out together."""
    standing: list[ReturnStep] = []
    for step in steps:
        if step.undoes_id is None:
            standing.append(step)
        else:
            standing = [s for s in standing if s.pk != step.undoes_id]
    return standing


def state_word(state: str) -> str:
    """What people read for a state of a return."""
    return str(ReturnState(state).label)


def branch_word(state: str) -> str:
    """What people read for a state of a branch."""
    return str(BranchState(state).label)
