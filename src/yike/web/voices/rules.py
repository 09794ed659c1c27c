"""Who may note, merge, decide and survey; what may follow what; how sure a share of answers is."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yike.errors import RefusedError
from yike.web.accounts.queries import branches_of
from yike.web.audit.chain import Who
from yike.web.regions.models import Circle
from yike.web.voices.models import Need, Survey

Z = 1.96
"""95 % of a normal distribution."""

OPEN_STATES = (Need.State.NEW, Need.State.CONFIRMED)
"""States in which a need still gathers voices."""


@dataclass(frozen=True)
class Decision:
    """A way to settle a need."""

    code: str
    label: str
    state: str
    needs_note: bool
    hint: str


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads((files("yike.web.voices") / "data" / "needs.toml").read_text("utf-8"))


def roles_for(what: str) -> tuple[str, ...]:
    """Roles that may ``note``, ``merge``, ``decide``, ``survey`` or take ``raw`` answers."""
    return tuple(_raw()["roles"][what])


def limit(name: str) -> float:
    """A number of ``[limits]``."""
    return float(_raw()["limits"][name])


@cache
def decisions() -> dict[str, Decision]:
    """Ways to settle a need, by code."""
    return {
        d["code"]: Decision(d["code"], d["label"], d["state"], d["needs_note"], d.get("hint", ""))
        for d in _raw()["decision"]
    }


def may(who: Who, what: str, circle: Circle, area_code: str, today: dt.date) -> bool:
    """Whether somebody may do it: a branch that holds the place, or a community of the circle."""
    if who.account is None:
        return True
    own = branches_of(who.account, today, roles_for(what))
    places = [area_code, circle.area_code]
    places += circle.members.filter(ends_on__isnull=True).values_list("community__branch", flat=True)
    return any(place.startswith(branch) for branch in own for place in places)


def require(who: Who, what: str, circle: Circle, area_code: str, today: dt.date) -> None:
    """Raise RefusedError (403) where ``may`` says no."""
    if not may(who, what, circle, area_code, today):
        raise RefusedError("register.not_yours", branch=area_code)


def require_state(need: Need, *states: str) -> None:
    """Raise RefusedError (409) for a need that is not in one of the states any more."""
    if need.state not in states:
        raise RefusedError("voices.need.state", status=409, text=need.text, found=need.get_state_display())


def require_decision(code: str, note: str) -> Decision:
    """The decision of a code; a refusal says why."""
    found = decisions().get(code)
    if found is None:
        raise RefusedError("voices.need.decision", status=409, found=code)
    if found.needs_note and not note.strip():
        raise RefusedError("voices.need.no_reason", status=409, wanted=found.label)
    return found


def survey_state(survey: Survey, today: dt.date) -> str:
    """``waiting``, ``open`` or ``closed``, on a day."""
    if survey.closed_at is not None or today > survey.closes_on:
        return "closed"
    return "waiting" if today < survey.opens_on else "open"


def require_open(survey: Survey, today: dt.date) -> None:
    """Raise RefusedError (409) unless answers may be added on a day."""
    state = survey_state(survey, today)
    if state != "open":
        raise RefusedError(f"voices.survey.{state}", status=409, title=survey.title, on=survey.opens_on)


def require_not_closed(survey: Survey) -> None:
    """
    Raise RefusedError (409) once somebody has closed the survey.

    Sheets filled in time are typed in after the last day too, until it is closed by hand.
    """
    if survey.closed_at is not None:
        raise RefusedError("voices.survey.closed", status=409, title=survey.title, on=survey.opens_on)


def half_width(satisfied: int, valid: int) -> float | None:
    """
    How far the true share may be from satisfied ÷ valid, in percentage points at 95 %; None without answers.

    Normal approximation, ±8.3 at 45 of 50; where all or none are satisfied the rule of three, 3 ÷ n.
    """
    if not valid:
        return None
    if satisfied in (0, valid):
        return min(100.0, 300 / valid)
    share = satisfied / valid
    return 100 * Z * math.sqrt(share * (1 - share) / valid)
