"""What planned building years bring: how much is covered by the end of each year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yike.core.tables import FloatArray, IntArray

HAIR = 1e-9
"""Shares of tenths add up to a hair less than they should."""


@dataclass(frozen=True, eq=False)
class YearCoverage:
    """Weight covered by the end of each year: for certain, and at most."""

    years: tuple[int, ...]
    low: FloatArray  # (n_years,) in circles whose year is known and has come
    high: FloatArray  # (n_years,) with every circle of an unknown year counted as built
    whole: float  # weight of all rows, NaN where one is unknown

    @property
    def low_share(self) -> FloatArray:
        """0–1 of the whole, NaN where the whole is unknown or nothing."""
        return self._share(self.low)

    @property
    def high_share(self) -> FloatArray:
        """0–1 of the whole, NaN where the whole is unknown or nothing."""
        return self._share(self.high)

    def _share(self, part: FloatArray) -> FloatArray:
        return part / self.whole if self.whole > 0 else np.full(len(part), np.nan)


def cover_by_year(
    build_year: IntArray, circle_of_row: IntArray, weight: FloatArray, years: Sequence[int]
) -> YearCoverage:
    """
    Weight of the rows that lie in a circle built by the end of each year.

    Parameters
    ----------
    build_year : shape (n_circles,)
        -1 unknown.
    circle_of_row : shape (n_rows,)
        Circle of each community (or home), -1 none: such a row is never covered.
    weight : shape (n_rows,)
        1 per community, or residents; NaN unknown.

    Notes
    -----
    ``low`` and ``high`` never fall from year to year; they are equal where every year is known.
    """
    year = np.append(build_year, np.int32(-2))[circle_of_row]
    known = np.nan_to_num(weight)
    maybe = math.fsum(known[year == -1])
    low = np.array([math.fsum(known[(year >= 0) & (year <= y)]) for y in years])
    return YearCoverage(tuple(years), low, low + maybe, float(weight.sum()) if len(weight) else math.nan)


def two_readings(first: float, share: float) -> tuple[float, float]:
    """
    Coverage after a second stage of ``share``: of what the first stage left, and of the whole.

    Thirty per cent, then thirty per cent "of the remaining total", is 51 % or 60 %.
    """
    return min(first + share * (1.0 - first), 1.0), min(first + share, 1.0)


def largest_share(weight: FloatArray, n: int) -> float:
    """Share of the whole in the n heaviest rows, NaN where a weight is unknown."""
    whole = float(weight.sum()) if len(weight) else math.nan
    return math.fsum(np.sort(weight)[::-1][:n]) / whole if whole > 0 else math.nan


def fewest_rows(weight: FloatArray, share: float) -> int | None:
    """Fewest rows that hold a share of the whole, None where a weight is unknown."""
    whole = float(weight.sum()) if len(weight) else math.nan
    if not whole > 0:
        return None
    held = np.cumsum(np.sort(weight)[::-1])
    return int(np.searchsorted(held, share * whole * (1.0 - HAIR))) + 1 if share > 0 else 0


def rows_for(share: float, n: int) -> int:
    """Fewest of n rows that make a share of them: 30 % of 7 are 3."""
    return math.ceil(share * n - HAIR)
