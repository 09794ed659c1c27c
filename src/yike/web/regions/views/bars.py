"""Bars of the age structure, ready for drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yike.web.regions.words import age_bands, read


@dataclass(frozen=True)
class Bar:
    """One band: persons, share of all in per cent, width of the bar out of 100."""

    label: str
    group: str
    people: int | None
    percent: float | None
    width: float


def age_bars(bands: Mapping[str, int], people: int | None) -> list[Bar]:
    """Bars from zero, the longest fills the width; a band nobody told has none."""
    known = {k: int(v) for k, v in bands.items()}
    if not known:
        return []
    whole = people or sum(known.values())
    most = max(known.values()) or 1
    groups = read("profile")["groups"]
    return [
        Bar(
            label,
            groups[group],
            known.get(code),
            known[code] / whole * 100 if code in known and whole else None,
            known.get(code, 0) / most * 100,
        )
        for code, label, group in age_bands()
    ]
