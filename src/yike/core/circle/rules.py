"""
What a rule pack asks, as plain numbers over access columns: the form in which policy enters the engine.

``studies/policy.py`` translates a ``RulePack`` into these; nothing here knows documents or labels. A
``col`` is a column of the ``AccessTable``; every limit is a number that somebody gave, with its source.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from yike.core.tables import FloatArray


@dataclass(frozen=True)
class TypeNorm:
    """What is asked of one access column: the walk, and the share of residents that must manage it."""

    code: str
    col: int
    group: str  # "basic" | "quality" | "facility"
    is_required: bool
    within_s: float
    share: float


@dataclass(frozen=True)
class Indicator:
    """A named measure against a limit, perhaps with points."""

    code: str
    measure: str
    at_least: float | None = None
    at_most: float | None = None
    equals: float | None = None
    points: float | None = None
    points_from: float | None = None
    points_full: float | None = None
    params: Mapping[str, float | str | tuple[str, ...]] = field(default_factory=dict)
    scope: str = "circle"  # "circle" | "community" | "city"

    @property
    def limit(self) -> float:
        """The target as one number, NaN without one."""
        for limit in (self.at_least, self.at_most, self.equals):
            if limit is not None:
                return limit
        return math.nan


@dataclass(frozen=True)
class Gate:
    """A condition of a grade, on an indicator or on ``"score"``."""

    code: str
    indicator: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Grade:
    """A level and its gates."""

    code: str
    gates: tuple[Gate, ...]


@dataclass(frozen=True)
class Bundle:
    """Slots that must all be present; a slot is served by any of its columns."""

    code: str
    slots: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Theme:
    """A theme circle: the columns it covers; ``within_s`` NaN means each column's own norm."""

    code: str
    cols: tuple[int, ...]
    within_s: float = math.nan


@dataclass(frozen=True)
class Pairing:
    """A host that can take on a function: ``host_col`` may add ``function_col``."""

    function_col: int
    host_col: int
    kind: str = "add_function"  # or "extend_hours"
    code: str = ""


@dataclass(frozen=True)
class Judgement:
    """
    Numbers by which data is judged, not people: when is a type badly mapped, when is supply unusual.

    All of them are our own proposals (推定); the values come from ``standards/data/judgement.toml``, and
    the defaults here are the same so that the engine can be used alone.
    """

    expected_min: float = 4.0  # outlets the supply norm must expect before few found means badly mapped
    found_ratio: float = 0.25  # found below this part of what was expected: badly mapped
    people_min: float = 5000.0  # so many people and none found at all: badly mapped
    unknown_max: float = 0.5  # above this share of unknown flags a share has no value, only bounds
    saturation_circles_min: float = 5
    saturation_outlets_min: float = 3  # fewer outlets are never called too many
    saturation_over: float = 1.5  # supply above the upper quartile and this many medians
    saturation_under: float = 0.5
    default_share: float = 0.8  # share of residents for slots the rule pack sets none for
    default_within_s: float = 900.0
    late_from_min: float = 21 * 60.0  # minute of the day after which an outlet is open late
    cluster_gap_m: float = 50.0
    cluster_min: float = 5
    linear_ratio: float = 0.3
    layout_min: float = 10
    detour: float = 1.3


@dataclass(frozen=True, eq=False)
class CirclePolicy:
    """Everything a rule pack asks of circles, over the access columns."""

    rule_pack: str
    n_cols: int
    norms: tuple[TypeNorm, ...]
    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...]
    bundles: tuple[Bundle, ...]
    themes: tuple[Theme, ...]
    column_of_code: Mapping[str, int]
    supply_per_1000: FloatArray  # (n_cols,) NaN none
    pairings: tuple[Pairing, ...] = ()
    movable_cols: tuple[int, ...] = ()  # columns a movable facility may serve
    judgement: Judgement = field(default_factory=Judgement)

    @property
    def norm_s(self) -> FloatArray:
        """Norm walk per column in seconds, NaN where none is set."""
        return self._per_column({n.col: n.within_s for n in self.norms}, math.nan)

    @property
    def share(self) -> FloatArray:
        """Required share per column, NaN where none is set."""
        return self._per_column({n.col: n.share for n in self.norms}, math.nan)

    @property
    def is_required(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Columns the rule pack requires."""
        out = np.zeros(self.n_cols, bool)
        out[[n.col for n in self.norms if n.is_required]] = True
        return out

    def _per_column(self, values: Mapping[int, float], otherwise: float) -> FloatArray:
        out = np.full(self.n_cols, otherwise)
        for col, value in values.items():
            out[col] = value
        return out
