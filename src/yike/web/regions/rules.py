"""Who may change areas and circles, and which state a circle may enter when."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yike.errors import RefusedError
from yike.web.accounts.models import Role
from yike.web.accounts.queries import branches_of
from yike.web.audit.chain import Who
from yike.web.regions.models import Circle, CircleState, CircleTransition

AREA_KEEPERS = (Role.CITY, Role.ADMIN)
CIRCLE_KEEPERS = (Role.SUBDISTRICT, Role.DISTRICT, Role.CITY)
LEVELS = {"basic": "基础型", "improved": "提升型", "quality": "品质型"}
NEED_WORDS = {
    "communities": "所含社区",
    "lead_community": "牵头社区",
    "people": "居民数或户数",
    "note": "说明",
    "level": "等级（基础型、提升型或品质型）",
}


@dataclass(frozen=True)
class Step:
    """What must hold before a circle enters a state."""

    state: str
    before: tuple[str, ...]  # states it may come from, "" the very first
    roles: tuple[str, ...]
    needs: tuple[str, ...]


@cache
def steps() -> dict[str, Step]:
    """Every step by the state it leads to, from ``data/transitions.toml``."""
    raw = tomllib.loads((files("yike.web.regions") / "data" / "transitions.toml").read_text("utf-8"))
    return {
        s["code"]: Step(s["code"], tuple(s["from"]), tuple(s["roles"]), tuple(s["needs"]))
        for s in raw["state"]
    }


def next_states(state: str) -> tuple[str, ...]:
    """States that may follow, in the order of the programme."""
    return tuple(code for code, step in steps().items() if state in step.before)


def may(who: Who, roles: Iterable[str], branch: str, today: dt.date) -> bool:
    """Whether somebody has one of the roles over a branch; the program itself (no account) may do all."""
    if who.account is None:
        return True
    return any(branch.startswith(own) for own in branches_of(who.account, today, roles))


def require(who: Who, roles: Iterable[str], branch: str, today: dt.date) -> None:
    """Raise RefusedError where ``may`` says no."""
    if not may(who, roles, branch, today):
        raise RefusedError("register.not_yours", branch=branch)


def require_step(circle: Circle, state: str, *, now_in: str, level: str, note: str) -> Step:
    """The step into a state; raises RefusedError when it cannot follow or something is missing."""
    if state not in steps():
        raise RefusedError("register.circle.state_unknown", found=state)
    step = steps()[state]
    if now_in not in step.before:
        raise RefusedError(
            "register.circle.step",
            found=label_of(now_in),
            wanted=label_of(state),
            next="、".join(label_of(s) for s in next_states(now_in)) or "没有",
        )
    missing = [NEED_WORDS[n] for n in step.needs if not _has(circle, n, level=level, note=note)]
    if missing:
        raise RefusedError("register.circle.incomplete", wanted=label_of(state), missing="、".join(missing))
    return step


def label_of(state: str) -> str:
    """What people read for a state; "" is a circle that has none yet."""
    return str(CircleState(state).label) if state else "尚未登记状态"


def state_of(circle: Circle) -> CircleTransition | None:
    """The last transition of a circle."""
    return circle.transitions.order_by("-at", "-id").first()


def _has(circle: Circle, need: str, *, level: str, note: str) -> bool:
    if need == "communities":
        return circle.members.filter(ends_on__isnull=True).exists()
    if need == "lead_community":
        return circle.lead_community_id is not None
    if need == "people":
        return bool(circle.people or circle.households)
    if need == "level":
        return level in LEVELS
    return bool(note.strip())
