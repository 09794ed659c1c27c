"""Where people live, the areas they are counted by, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yike.core.tables.arrays import BoolArray, FloatArray, IntArray, TriArray, check_lengths, freeze


@dataclass(frozen=True, eq=False)
class Places:
    """Where people live (居住点): a building, an entrance, a 小区 or a grid cell."""

    place_id: tuple[str, ...]
    name: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    people: FloatArray  # residents, NaN unknown
    households: FloatArray  # NaN unknown
    bands: tuple[str, ...]  # age bands known, e.g. ("0-3", "60+"); codes of ``AGE_BANDS`` in standards
    people_by_band: FloatArray  # shape (n, len(bands)), NaN unknown
    community_idx: IntArray  # -1 none
    circle_idx: IntArray  # -1 none
    compound_idx: IntArray  # gated compound it lies in, -1 none
    is_estimated: BoolArray  # people estimated by us (估算), not given
    people_method: (
        str  # "given" | "grid" | "community_total_by_floor_area" | "floor_area" | "equal" | "unknown"
    )
    source_row: IntArray

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.place_id)

    def validate(self) -> None:
        """Raise ValueError when the columns disagree or people are negative."""
        check_lengths(
            self,
            len(self),
            "name",
            "lon",
            "lat",
            "x_m",
            "y_m",
            "people",
            "households",
            "people_by_band",
            "community_idx",
            "circle_idx",
            "compound_idx",
            "is_estimated",
            "source_row",
        )
        if np.any(self.people < 0):
            raise ValueError("Places.people has a negative number")


@dataclass(frozen=True, eq=False)
class Communities:
    """Communities (社区): the lowest level of the register."""

    community_id: tuple[str, ...]  # 12-digit code where known, else the pack's own
    name: tuple[str, ...]
    street: tuple[str, ...]  # 街道 name, "" unknown
    kind: tuple[str, ...]  # "new" | "old" | ""
    people: FloatArray  # stated total, NaN unknown
    households: FloatArray
    total_floor_m2: FloatArray  # NaN unknown
    commercial_floor_m2: FloatArray  # commercial and integrated service floor area, NaN unknown
    service_floor_m2: FloatArray  # 社区综合服务设施 area, NaN unknown
    polygons: tuple[Any, ...]  # shapely geometry in WGS-84 degrees or None
    circle_idx: IntArray  # -1 none
    delineation: str  # "polygons" | "walking_voronoi" | "column" | "none"

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.community_id)


@dataclass(frozen=True, eq=False)
class Circles:
    """Living circles (便民生活圈): one or several communities."""

    circle_id: tuple[str, ...]
    name: tuple[str, ...]
    lead_community: tuple[str, ...]
    build_year: IntArray  # -1 unknown
    polygons: tuple[Any, ...]  # shapely geometry in WGS-84 degrees or None
    n_centres: IntArray  # 社区商业中心 in 座, -1 unknown
    operator_kinds: tuple[tuple[str, ...], ...]  # the form's five choices, empty unknown
    layout_form: tuple[str, ...]  # as declared by the pack, "" unknown
    has_platform: TriArray  # Tri

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.circle_id)


@dataclass(frozen=True, eq=False)
class Survey:
    """
    What residents answered, per circle: satisfaction and needs, overall and by row of the form.

    Shares are of valid answers; who does not know or never uses a type is not in the base.
    """

    satisfaction_share: FloatArray  # (n_circles,) overall, NaN unknown
    samples: FloatArray  # (n_circles,) valid questionnaires, NaN unknown
    needs: tuple[str, ...]  # (n_circles,) overall, "" none told
    form_rows: tuple[str, ...]  # rows of the form that somebody answered about, in the form's order
    share_by_row: FloatArray  # (n_circles, n_rows), NaN unknown
    needs_by_row: tuple[tuple[str, ...], ...]  # (n_circles, n_rows)
    other: dict[str, FloatArray] = field(default_factory=dict)
    # header -> (n_circles,): further columns of numbers, for indicators that people type in

    def __post_init__(self) -> None:
        freeze(self)

    def row(self, circle_idx: int, form_row: str) -> tuple[float, str]:
        """Satisfaction and needs of one row of the form; NaN and "" when nobody answered."""
        if form_row not in self.form_rows:
            return float("nan"), ""
        at = self.form_rows.index(form_row)
        return float(self.share_by_row[circle_idx, at]), self.needs_by_row[circle_idx][at]
