"""What people may choose from: types of facilities, kinds and states of idle premises."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from yike.standards.loader import load_types
from yike.standards.site_rules import load_site_rules
from yike.standards.types import BusinessType
from yike.web.outlets.values import type_label


@cache
def settings() -> dict[str, Any]:
    """``data/directory.toml``."""
    return tomllib.loads((files("yike.web.outlets") / "data" / "directory.toml").read_text("utf-8"))


@cache
def facility_types() -> tuple[BusinessType, ...]:
    """Types of the catalogue that a facility may have, in its order."""
    also = settings()["facility"]["also"]
    return tuple(t for t in load_types() if "facility" in (t.kind, t.group) or t.code in also)


@cache
def form_types() -> frozenset[str]:
    """Types among them that the survey form counts as outlets."""
    return frozenset(t.code for t in facility_types() if t.form_row[:1] in "BQ")


def facility_choices() -> list[tuple[str, str]]:
    """Types of facilities with their labels."""
    return [(t.code, t.label) for t in facility_types()]


def premises_choices() -> list[tuple[str, str]]:
    """Kinds of idle premises with their labels."""
    return [(k.code, k.label) for k in load_site_rules().kinds]


def kind_label(code: str) -> str:
    """What people read for a kind of idle premises; "" for none."""
    return dict(premises_choices()).get(code, "")


def state_choices(now: str = "") -> list[tuple[str, str]]:
    """States of idle premises, with the one that stands where it is another."""
    usual = list(settings()["premises"]["states"])
    return [(s, s) for s in (usual if not now or now in usual else [*usual, now])]


def move_in_choices(now: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Types that may move into idle premises: rows of the form and facilities, with those that stand."""
    usual = [(t.code, t.label) for t in load_types() if not t.parent]
    known = {code for code, _ in usual}
    return usual + [(c, type_label(c) or c) for c in now if c not in known]


def types_text(codes: Iterable[str]) -> str:
    """Types that may move in, as people read them."""
    return "、".join(type_label(c) or c for c in codes) or "不限"


def use_of(state: str) -> str:
    """Whether premises in this state can be had: "idle", "busy", or "" where nothing is told."""
    return "" if not state else "idle" if load_site_rules().is_idle(state) else "busy"
