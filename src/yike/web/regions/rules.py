"""Who may change areas and circles, and which state a circle may enter when."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yike.errors import RefusedError
from yike.web.accounts.models import Role
from yike.web.accounts.queries import branches_of
from yike.web.audit.chain import Who
from yike.web.regions.models import Circle, CircleState, CircleTransition
from yike.web.regions.words import age_bands

AREA_KEEPERS = (Role.CITY, Role.ADMIN)
CIRCLE_KEEPERS = (Role.SUBDISTRICT, Role.DISTRICT, Role.CITY)
PROFILE_KEEPERS = (Role.COMMUNITY, *CIRCLE_KEEPERS)
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


def branches_of_circle(circle: Circle) -> tuple[str, ...]:
    """Branches whose people answer for a circle: its own, and that of its leading community."""
    lead = circle.lead_community
    return (circle.area_code, lead.branch) if lead else (circle.area_code,)


def may_for(who: Who, roles: Iterable[str], circle: Circle, today: dt.date) -> bool:
    """Whether somebody has one of the roles over a circle; the leading street keeps one of two streets."""
    wanted = tuple(roles)
    return any(may(who, wanted, branch, today) for branch in branches_of_circle(circle))


def require_for(who: Who, roles: Iterable[str], circle: Circle, today: dt.date) -> None:
    """Raise RefusedError where ``may_for`` says no."""
    if not may_for(who, roles, circle, today):
        raise RefusedError("register.not_yours", branch=circle.area_code)


def missing_for(circle: Circle, step: Step) -> list[str]:
    """What the register still lacks before a step, in words; what the step's form asks for is left out."""
    asked = {"level", "note"}
    return [NEED_WORDS[n] for n in step.needs if n not in asked and not _has(circle, n, level="", note="")]


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


def check_ages(people: int | None, bands: Mapping[str, int]) -> None:
    """Raise RefusedError unless ages add up to the people: exactly where every band is told, else at most."""
    told = sum(bands.values())
    wanted = [code for code, _, _ in age_bands()]
    unknown = set(bands) - set(wanted)
    if unknown:
        raise ValueError(f"no age bands: {sorted(unknown)}")
    is_whole = all(code in bands for code in wanted)
    if people is None or (told <= people and not is_whole) or told == people:
        return
    raise RefusedError(
        "register.profile.ages", status=409, told=told, people=people, gap=abs(people - told),
        word="少" if told < people else "多",
    )  # fmt: skip


def check_floor_areas(values: Mapping[str, Any]) -> None:
    """Raise RefusedError when parts are larger than the whole."""
    total = values.get("floor_area_m2")
    parts = [values.get("commercial_area_m2") or 0, values.get("service_area_m2") or 0]
    if total is not None and sum(parts) > total:
        raise RefusedError("register.profile.areas", status=409, told=sum(parts), total=total)


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
        return bool(circle.people or circle.households) or _has_all_people(circle)
    if need == "level":
        return level in LEVELS
    return bool(note.strip())


def _has_all_people(circle: Circle) -> bool:
    """Whether every community of the circle has told its people."""
    now = circle.members.filter(ends_on__isnull=True)
    told = now.filter(community__profiles__people__isnull=False).distinct()
    return now.exists() and told.count() == now.count()
