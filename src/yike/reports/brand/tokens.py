"""Colours, minute classes and status signs as data, and as CSS variables."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class MinuteClass:
    """One class of the minutes scale: everything up to ``up_to_s`` seconds and beyond the class before."""

    code: str
    up_to_s: float
    label: str
    colour: str
    shape: str


@cache
def load_tokens() -> dict[str, Any]:
    """All of ``tokens.toml``; treat it as read-only."""
    return tomllib.loads((files(__package__) / "tokens.toml").read_text("utf-8"))


def minute_classes() -> tuple[MinuteClass, ...]:
    """The one scale of minutes, nearest first."""
    return tuple(MinuteClass(**row) for row in load_tokens()["minute"])


def css_variables() -> str:
    """``:root{--ink:#…;…}`` with every colour and minute class."""
    tokens = load_tokens()
    named = [f"--{name}:{value}" for name, value in tokens["colour"].items()]
    named += [f"--{c.code}:{c.colour}" for c in minute_classes()]
    return ":root{" + ";".join(named) + "}\n"


def mark_svg() -> str:
    """The mark as inline SVG in the colour of the text around it."""
    return (files(__package__) / "mark.svg").read_text("utf-8").strip()


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21. Source: WCAG 2.1, relative luminance."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channel = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channel)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
