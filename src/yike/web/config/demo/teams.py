"""The units that a document's task table names, and the team it sets up, with invented names."""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib.resources import files
from typing import Any

from django.utils.timezone import localdate

from yike.web.audit.chain import Who
from yike.web.config.demo.areas import Place
from yike.web.units import actions
from yike.web.units.models import Team
from yike.web.units.queries import unit_meant

WHO = Who(None, "演示")
MARK = "（虚构）"


def load_team(place: Place, *, now: dt.datetime) -> None:
    """Put a place's units and team into the directory; a place without one stays without."""
    told = tomllib.loads((files("yike.web.config.demo") / "data" / "teams.toml").read_text("utf-8"))
    wanted = told.get(place.code)
    if wanted is None or Team.objects.filter(area_code=place.branch).exists():
        return
    actions.load_task_units(who=WHO, document=wanted["document"], area_code=place.branch, now=now)
    fields = {
        "office": unit_meant(wanted["office"], place.branch), "mechanism": wanted["mechanism"],
        "level": wanted["level"], "source": wanted["source"], "is_invented": True,
    }  # fmt: skip
    team = actions.create_team(who=WHO, name=wanted["name"], area_code=place.branch, fields=fields, now=now)
    for row in wanted["members"]:
        actions.join_team(who=WHO, team=team, fields=_member(row, localdate(now)), now=now)


def _member(row: list[str], today: dt.date) -> dict[str, Any]:
    part, person, post, head_level = row
    return {
        "part": part, "person": person + MARK, "post": post, "head_level": head_level,
        "begins_on": today.replace(month=1, day=1),
    }  # fmt: skip
