"""Supply per 1,000 residents against the other circles: over- and under-supply (商业饱和度)."""

from __future__ import annotations

from typing import Any

import numpy as np

from yike.core.circle.plain import number
from yike.core.circle.rules import Judgement
from yike.core.tables import ByteArray, Coverage, FloatArray, GapState, IntArray


def assess_saturation(
    coverage: Coverage, data_state: ByteArray, judgement: Judgement
) -> list[list[dict[str, Any]]]:
    """
    Outlets per 1,000 residents of each area and type, with a flag against the pack's own areas.

    ``over``: above the upper quartile and ``saturation_over`` medians, with ``saturation_outlets_min``
    outlets at least (one shop among few residents is no surplus) and where half the areas have any.
    ``under``: below the lower quartile and ``saturation_under`` medians. ``unknown`` with fewer than
    ``saturation_circles_min`` areas whose residents are known, or where the source hardly maps the type.
    It compares circles with each other; it does not say how much is right.

    Returns
    -------
    per area, per column: ``col``, ``per_1000``, ``q25``, ``median``, ``q75``, ``flag``
    """
    rate = supply_rates(coverage, data_state)
    known = (~np.isnan(rate)).sum(axis=0)
    quartiles = np.full((3, rate.shape[1]), np.nan)
    for col in np.flatnonzero(known):
        quartiles[:, col] = np.nanquantile(rate[:, col], (0.25, 0.5, 0.75))
    flags = _flags(rate, coverage.n_outlets, quartiles, known, judgement)
    return [
        [
            {
                "col": col,
                "per_1000": number(rate[area, col]),
                "q25": number(quartiles[0, col]),
                "median": number(quartiles[1, col]),
                "q75": number(quartiles[2, col]),
                "flag": str(flags[area, col]),
            }
            for col in range(rate.shape[1])
        ]
        for area in range(rate.shape[0])
    ]


def supply_rates(coverage: Coverage, data_state: ByteArray) -> FloatArray:
    """Outlets per 1,000 residents, NaN where residents or outlets are not known, shape as coverage."""
    complete = (coverage.n_people_unknown == 0) & (coverage.people > 0)
    people = np.where(complete, coverage.people, np.nan)
    rate = coverage.n_outlets / people[:, None] * 1000.0
    rate[:, data_state != GapState.MET] = np.nan
    return rate


def _flags(
    rate: FloatArray,
    n_outlets: IntArray,
    quartiles: FloatArray,
    known: np.ndarray,
    judgement: Judgement,
) -> np.ndarray:
    low, middle, high = quartiles
    flags = np.full(rate.shape, "usual", dtype=object)
    enough = (n_outlets >= judgement.saturation_outlets_min) & (middle > 0)
    flags[enough & (rate > high) & (rate >= judgement.saturation_over * middle)] = "over"
    flags[(rate < low) & (rate <= judgement.saturation_under * middle)] = "under"
    flags[np.isnan(rate) | (known < judgement.saturation_circles_min)[None, :]] = "unknown"
    return flags
