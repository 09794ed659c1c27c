"""The areas of the demonstration and their accounts, as ``data/areas.toml`` lists them."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yike.web.accounts.demo import DemoAccount, DemoArea
from yike.web.accounts.models import Role
from yike.web.regions.codes import full_code, parent_branch
from yike.web.regions.models import Area
from yike.web.regions.queries import named

PLAIN = ("code", "title", "note", "prefix", "branch", "own_return", "seats", "people")


@dataclass(frozen=True)
class Place:
    """One area: its branch, who sits where, units of our own where it has no official ones."""

    code: str
    title: str
    note: str
    prefix: str
    branch: str
    own_return: str  # state that the community account finds its own form in
    seats: dict[str, str]  # role → branch
    people: dict[str, str]  # role → invented name
    units: tuple[tuple[str, str], ...]  # code, name


@cache
def _listed() -> dict[str, Any]:
    return tomllib.loads((files("yike.web.config.demo") / "data" / "areas.toml").read_text("utf-8"))


def password() -> str:
    """The one password of all demo accounts."""
    return str(_listed()["password"])


def places() -> tuple[Place, ...]:
    """The areas, in the order they are shown."""
    return tuple(
        Place(
            units=tuple((u["code"], u["name"]) for u in a.get("unit", ())),
            **{k: a[k] for k in PLAIN},
        )
        for a in _listed()["area"]
    )  # fmt: skip


def place(code: str) -> Place:
    """One area by its code."""
    return next(p for p in places() if p.code == code)


def accounts_of(place: Place, today: dt.date) -> DemoArea:
    """The accounts of an area, with the names of their units as the register has them."""
    words = _listed()["role_words"]
    accounts = tuple(
        DemoAccount(
            username=f"{place.prefix}-{words[role]}",
            name=f"{place.people[role]}（虚构）",
            role=role,
            unit=unit_of(role, branch, today),
            area_code=branch,
        )
        for role, branch in place.seats.items()
    )
    return DemoArea(place.title, accounts)


def unit_of(role: str, branch: str, today: dt.date) -> str:
    """``新区街道千秋社区居委会``: a community with its subdistrict, else the branch; then the office."""
    code = [parent_branch(branch), branch] if role == Role.COMMUNITY else [branch]
    found = {a.branch: a.name for a in named(Area.objects.filter(branch__in=code), today)}  # type: ignore[attr-defined]
    name = "".join(found.get(c) or full_code(c) for c in code)
    office = {Role.CITY: "商务局", Role.DISTRICT: "商务局", Role.DEPARTMENT: "市场监管局"}
    return name + office.get(Role(role), "")
