"""What the permission table is made of: a row, roles, branches, a community to put things in."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yike.web.accounts.models import Role
from yike.web.regions.models import Area

OWN, OTHER = "411281", "620502"
ALL = frozenset(Role.values)
MANAGE = frozenset({"security", "city"})
READ_RECORD = frozenset({"security", "city", "admin", "auditor"})
KEEP_JOBS = frozenset({"city", "admin"})
NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
number = itertools.count(1)


@dataclass(frozen=True)
class Row:
    """One address. ``make`` gives the arguments of an object in a branch, where there is one."""

    method: str = "get"
    may: frozenset[str] = ALL
    make: Callable[[str], dict[str, Any]] | None = None
    ok: int = 200
    refused: int = 403
    data: dict[str, Any] = field(default_factory=dict)


KEEP = frozenset({"community", "subdistrict", "district", "city"})


def a_community(branch):
    found = Area.objects.filter(branch=f"{branch}001001").first()
    return found or Area.objects.create(code=f"{branch}001001", branch=f"{branch}001001", level="community")
