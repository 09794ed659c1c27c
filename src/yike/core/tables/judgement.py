"""What circles have, lack and score."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from yike.core.tables.arrays import ByteArray, FloatArray, IntArray, LongArray, TriArray, freeze


class GapState(IntEnum):
    """What is known about a business type in a circle."""

    MET = 0  # 达标
    GAP = 1  # 缺口
    DATA_MISSING = 2  # 数据缺失: the source hardly maps this type
    NOT_SURVEYED = 3  # 未调查: the pack has no outlets at all
    UNKNOWN = 4  # 未知: no people known, or none attached to the network
    NOT_REQUIRED = 5  # 不要求: the rule pack does not ask for it, shown for information


@dataclass(frozen=True, eq=False)
class Coverage:
    """
    Area x business type: how many residents reach one, by 5/10/15 minutes and within the norm.

    The same shape serves circles and communities. People of unattached places are counted apart.
    """

    area_ids: tuple[str, ...]
    type_rows: IntArray
    cutoffs_s: tuple[float, ...]
    people: FloatArray  # (n_areas,) residents known, attached or not; NaN when none is known
    people_attached: FloatArray  # (n_areas,)
    people_within: FloatArray  # (n_areas, n_types, n_cutoffs) residents who reach one by the cutoff
    people_in_norm: FloatArray  # (n_areas, n_types) by the type's own norm
    share_in_norm: FloatArray  # (n_areas, n_types) of attached residents, NaN unknown
    mean_nearest_s: FloatArray  # (n_areas, n_types) people-weighted over those who reach one, NaN none
    n_outlets: IntArray  # (n_areas, n_types) open outlets serving the type that lie in the area
    norm_s: FloatArray  # (n_types,) NaN where the rule pack sets none
    median_nearest_s: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    # (n_areas, n_types) over all attached residents; +inf when more than half reach none, NaN unknown
    weights: tuple[
        str, ...
    ] = ()  # per area "people" | "equal" (no people known: places alike, 估算) | "none"
    n_places: IntArray = field(default_factory=lambda: np.empty(0, np.int32))  # (n_areas,)
    n_unattached: IntArray = field(default_factory=lambda: np.empty(0, np.int32))  # places 未接入
    n_people_unknown: IntArray = field(default_factory=lambda: np.empty(0, np.int32))  # places

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class Assessment:
    """Circle x indicator: value against target, score, and the grade that follows."""

    circle_ids: tuple[str, ...]
    indicator: tuple[str, ...]
    value: FloatArray  # (n_circles, n_indicators), NaN unknown
    numerator: FloatArray  # NaN where the measure has none
    denominator: FloatArray
    target: FloatArray  # (n_indicators,), NaN none
    is_met: TriArray  # (n_circles, n_indicators) Tri
    points: FloatArray  # (n_circles, n_indicators) scored, NaN not scored or not measurable
    points_max: FloatArray  # (n_indicators,), NaN not scored
    score: FloatArray  # (n_circles,) sum of known points, NaN when nothing is known
    score_known_max: FloatArray  # (n_circles,) points that could be measured at all
    grade: tuple[str, ...]  # code of the level, "" none reached, "unknown" undecidable
    grade_reason: tuple[tuple[str, ...], ...]  # codes of the gates that failed or are unknown
    rule_pack: str

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class Gaps:
    """Circle x business type, worst first: who lacks what, and by how much."""

    circle_idx: IntArray
    type_idx: IntArray  # row of BusinessTypes
    state: ByteArray  # GapState
    norm_s: FloatArray
    share_in_norm: FloatArray  # NaN unknown
    share_required: FloatArray
    shortfall: FloatArray  # share missing to the required share, 0 when met, NaN unknown
    people_unserved: FloatArray  # attached residents beyond the norm, NaN unknown
    person_minutes: FloatArray  # residents x minutes over the norm (beyond the search limit: at the limit)
    bands: tuple[str, ...]
    unserved_by_band: FloatArray  # (n_gaps, n_bands), NaN unknown
    rank: IntArray  # 1.. among GAP rows, 0 otherwise
    place_ptr: LongArray  # slice of place_idx per row: the unserved places, worst first
    place_idx: IntArray

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.circle_idx)
