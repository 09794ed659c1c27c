"""What a measure may look at, and what it answers: the two shapes every measure shares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from yike.core.circle.hours import is_all_day, is_open_late
from yike.core.circle.presence import Presence
from yike.core.circle.rules import CirclePolicy
from yike.core.tables import (
    BoolArray,
    Communities,
    Coverage,
    FloatArray,
    GapState,
    IntArray,
    Outlets,
    TriArray,
    freeze,
)


@dataclass(frozen=True, eq=False)
class MeasureContext:
    """
    Areas (circles, communities, or the whole city as one area) with all that lies in them.

    ``is_counted`` marks the outlets that count in totals: open, matched to a row of the form.
    ``external`` holds values people typed in (satisfaction, samples, checklist), by indicator code.
    """

    policy: CirclePolicy
    coverage: Coverage
    presence: Presence
    outlets: Outlets
    area_of_outlet: IntArray
    is_counted: BoolArray
    is_unstaffed: BoolArray
    n_functions: IntArray
    communities: Communities
    area_of_community: IntArray
    is_verified: TriArray | None = None  # seen on the spot within the period the rule asks
    is_built: TriArray | None = None  # per community: lies in a circle that counts as built
    external: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def n_areas(self) -> int:
        """Number of areas."""
        return len(self.coverage.area_ids)

    @cached_property
    def is_unsurveyed(self) -> bool:
        """Whether the pack has no list of outlets at all: then their number is unknown, and not 0."""
        states = self.presence.data_state
        return bool(len(states) and (states == GapState.NOT_SURVEYED).all())

    @cached_property
    def counted(self) -> BoolArray:
        """Outlets that count and lie in an area; of the stops of one outlet in an area, the first."""
        here = np.asarray(self.is_counted & (self.area_of_outlet >= 0), bool)
        return self.outlets.first_of_units(here, self.area_of_outlet)

    @cached_property
    def open_late(self) -> TriArray:
        """Outlets open late, see ``Judgement.late_from_min``."""
        return is_open_late(self.outlets.hours, self.policy.judgement.late_from_min)

    @cached_property
    def all_day(self) -> TriArray:
        """Outlets open round the clock."""
        return is_all_day(self.outlets.hours)

    def count_outlets(self, which: BoolArray) -> FloatArray:
        """Number of counted outlets of each area that are marked; NaN where nobody looked for any."""
        if self.is_unsurveyed:
            return np.full(self.n_areas, np.nan)
        area = self.area_of_outlet[self.counted & which]
        return np.bincount(area, minlength=self.n_areas).astype(np.float64)

    def sum_communities(self, values: FloatArray, which: BoolArray) -> FloatArray:
        """Exact sum over the marked communities of each area; NaN when one of them is unknown, or none is."""
        parts: list[list[float]] = [[] for _ in range(self.n_areas)]
        for area, value, is_in in zip(self.area_of_community, values, which, strict=True):
            if area >= 0 and is_in:
                parts[area].append(float(value))
        return np.array([math.fsum(p) if p else math.nan for p in parts], np.float64)


@dataclass(frozen=True, eq=False)
class MeasureValues:
    """
    A measure's answer per area: ``value = scale x numerator / denominator``.

    Where part of the data is unknown, ``low`` and ``high`` say between which values the truth lies; a
    target is met or missed only when both agree. ``value`` is NaN when nothing useful can be said.
    """

    value: FloatArray
    numerator: FloatArray
    denominator: FloatArray
    low: FloatArray
    high: FloatArray
    scale: float
    n_unknown: FloatArray  # rows without the answer
    is_applicable: BoolArray  # False where the measure has no object (no new community in the circle)
    rows: str = ""  # what its rows are: "outlets", "communities", "types", "places", "external"
    row_mask: BoolArray | None = None  # the rows of the numerator, where rows are outlets

    def __post_init__(self) -> None:
        freeze(self)


def ratio(
    numerator: FloatArray,
    denominator: FloatArray,
    *,
    scale: float = 1.0,
    rows: str = "",
    row_mask: BoolArray | None = None,
    is_applicable: BoolArray | None = None,
) -> MeasureValues:
    """Values without unknown parts: one division, NaN where the denominator is 0 or unknown."""
    value = divide(numerator * scale, denominator)
    return MeasureValues(
        value=value,
        numerator=numerator,
        denominator=denominator,
        low=value,
        high=value,
        scale=scale,
        n_unknown=np.zeros(len(value)),
        is_applicable=np.ones(len(value), bool) if is_applicable is None else is_applicable,
        rows=rows,
        row_mask=row_mask,
    )


def divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Division that answers NaN for nothing by nothing, and for anything by nothing."""
    out = np.full(len(numerator), np.nan)
    np.divide(numerator, denominator, out=out, where=denominator > 0)
    return out
