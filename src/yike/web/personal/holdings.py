"""
What is held about people. Every app names its holdings; words, purposes and periods are in ``data``.

Example, in an app's ``personal.py``, imported by its ``ready``::

    holds(Holding("outlet_phone", find=phones_like, erase=blank_phone, purge=blank_phones_before))
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yike.web.accounts.models import Account
from yike.web.accounts.trace import Who


@dataclass(frozen=True)
class Found:
    """One record about a person: where it is, in words, and every column as it stands."""

    key: str
    label: str
    area_code: str
    columns: Mapping[str, str]


Find = Callable[[Account, str, dt.date], Sequence[Found]]
"""(who looks, a whole name or number, today) → records in the branches that person manages."""

Erase = Callable[[Who, str, dt.datetime], bool]
"""(who, key, now) → whether something was erased; leaves its own trace."""

Purge = Callable[[Who, dt.datetime, dt.datetime], int]
"""(who, cutoff, now) → how many records older than the cutoff were erased."""


@dataclass(frozen=True)
class Holding:
    """One kind of personal data; None where it cannot be found, erased or needs no purge."""

    code: str
    find: Find | None = None
    erase: Erase | None = None
    purge: Purge | None = None


@dataclass(frozen=True)
class Policy:
    """What the inventory says of a holding."""

    code: str
    what: str
    purpose: str
    basis: str
    stored: str
    shown: str
    kept: str
    kept_days: int | None
    source: str


_HOLDINGS: dict[str, Holding] = {}


def holds(holding: Holding) -> None:
    """Name a holding; its policy must be in the data file."""
    if holding.code not in policies():
        raise ValueError(f"no policy for {holding.code}")
    _HOLDINGS[holding.code] = holding


def holdings() -> list[Holding]:
    """All holdings, in the order of the inventory."""
    return [_HOLDINGS[code] for code in policies() if code in _HOLDINGS]


def holding_of(code: str) -> Holding | None:
    """The holding with a code."""
    return _HOLDINGS.get(code)


@cache
def policies() -> dict[str, Policy]:
    """Policies by code, from ``data/holdings.toml``."""
    raw = tomllib.loads((files("yike.web.personal") / "data" / "holdings.toml").read_text("utf-8"))
    return {h["code"]: _policy(h) for h in raw["holding"]}


def _policy(raw: Mapping[str, Any]) -> Policy:
    return Policy(
        raw["code"], raw["what"], raw["purpose"], raw["basis"], raw["stored"], raw["shown"], raw["kept"],
        raw.get("kept_days"), raw["source"],
    )  # fmt: skip
