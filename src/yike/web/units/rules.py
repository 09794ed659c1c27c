"""Who may keep units and teams, and when a team may be dissolved."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from yike.errors import RefusedError
from yike.web.accounts.models import Role
from yike.web.audit.chain import Who
from yike.web.regions.rules import require
from yike.web.units.models import Team

KEEPERS = (Role.SUBDISTRICT, Role.DISTRICT, Role.CITY)


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Mechanisms and levels of heads, from ``data/teams.toml``."""
    found: Mapping[str, Mapping[str, str]] = tomllib.loads(
        (files("yike.web.units") / "data" / "teams.toml").read_text("utf-8")
    )
    return found


def require_keeper(who: Who, branch: str, today: dt.date) -> None:
    """Raise RefusedError unless somebody may keep units and teams of a branch."""
    require(who, KEEPERS, branch, today)


def require_standing(team: Team, on: dt.date) -> None:
    """Raise RefusedError for a team that is dissolved."""
    if team.handed_to_id is not None and team.dissolves_on is not None and team.dissolves_on <= on:
        raise RefusedError("team.dissolved", status=409, found=team.name, day=team.dissolves_on.isoformat())
