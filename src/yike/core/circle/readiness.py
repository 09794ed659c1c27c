"""Rank areas by weighted criteria in the open: every value a range, every unknown left unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.tables import FloatArray, IntArray

FULL_MARKS = 100.0


@dataclass(frozen=True, eq=False)
class Ranking:
    """Points of areas, what is certain and what they may be at most; best first in ``order``."""

    low: FloatArray  # (n_areas, n_criteria) points for certain
    high: FloatArray  # (n_areas, n_criteria) points at most
    score: FloatArray  # (n_areas,) of 100, for certain
    score_at_most: FloatArray  # (n_areas,)
    order: IntArray  # (n_areas,)


def rank_areas(
    low: FloatArray, high: FloatArray, zero: FloatArray, full: FloatArray, weight: FloatArray
) -> Ranking:
    """
    Points rise straight from ``zero`` (none) to ``full`` (all) of each criterion; 100 in all.

    Parameters
    ----------
    low, high : shape (n_areas, n_criteria)
        Smallest and largest value that each may have; -inf and +inf where nothing is known.
    zero, full : shape (n_criteria,)
        ``full`` below ``zero`` makes less the better.
    weight : shape (n_criteria,)
        Sum above 0; need not be 100.

    Notes
    -----
    Areas are ordered by what is certain, then by what is possible, then as they stand: an unknown never
    counts as a merit, and never as a fault that was seen.
    """
    share = weight / weight.sum() * FULL_MARKS
    one, other = (_points(value, zero, full) * share for value in (low, high))
    least, most = np.minimum(one, other), np.maximum(one, other)
    score, at_most = least.sum(axis=1), most.sum(axis=1)
    order = np.lexsort((np.arange(len(score)), -np.round(at_most, 9), -np.round(score, 9)))
    return Ranking(least, most, score, at_most, order.astype(np.int32))


def _points(value: FloatArray, zero: FloatArray, full: FloatArray) -> FloatArray:
    return np.clip((value - zero) / (full - zero), 0.0, 1.0)
