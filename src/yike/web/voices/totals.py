"""Totals as pages show them: shares with their base, small groups withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yike.web.voices.pooling import Pooled, withheld
from yike.web.voices.questions import questionnaire, settings
from yike.web.voices.rules import half_width


@dataclass(frozen=True)
class RowTotal:
    """One type: shares in per cent, None where nobody answered or too few did."""

    label: str
    valid: int
    share: float | None
    half_width: float | None
    reach_share: float | None
    is_small: bool


@dataclass(frozen=True)
class Band:
    """One group of respondents; ``n`` None where it is too small to show."""

    label: str
    n: int | None
    share: float | None


def row_totals(counted: Pooled, reach: Mapping[str, tuple[int, int]]) -> list[RowTotal]:
    """Every type of the questionnaire, in its order."""
    return [_row(label, counted.by_row.get(row, (0, 0)), reach.get(row, (0, 0))) for row, label in _rows()]


def _rows() -> tuple[tuple[str, str], ...]:
    return questionnaire().rows


def _row(label: str, pair: tuple[int, int], reach: tuple[int, int]) -> RowTotal:
    satisfied, valid = pair
    least = settings().small_cell
    shown = valid >= least
    return RowTotal(
        label,
        valid,
        100 * satisfied / valid if shown else None,
        half_width(satisfied, valid) if shown else None,
        100 * reach[0] / reach[1] if reach[1] >= least else None,
        0 < valid < least,
    )


def band_totals(counts: Mapping[str, int], choices: Iterable[tuple[str, str]]) -> list[Band]:
    """Groups that somebody belongs to, those who did not say last."""
    hidden, total = withheld(dict(counts)), sum(counts.values())
    labels = [*((str(code), str(label)) for code, label in choices), ("", "未填")]
    shown = [(code, label) for code, label in labels if counts.get(code)]
    return [
        Band(label, None, None) if code in hidden else Band(label, counts[code], 100 * counts[code] / total)
        for code, label in shown
    ]
