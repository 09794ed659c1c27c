"""What the scenario report is given: the state before, and for each scenario what changes and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yike.core.circle.gaps import find_gaps
from yike.core.circle.presence import Presence
from yike.core.network.profile import WalkProfile
from yike.core.tables import (
    AccessTable,
    Assessment,
    Attachments,
    BoolArray,
    Circles,
    Communities,
    Coverage,
    FloatArray,
    Gaps,
    IntArray,
    LongArray,
    Outlets,
    Places,
    Provenance,
    WalkNetwork,
)
from yike.standards.types import BusinessTypes, RulePack


@dataclass(frozen=True, eq=False)
class ScenarioSide:
    """The district in one state, judged: before all scenarios, or after one."""

    rules: RulePack
    profile: WalkProfile
    at_minute: int | None
    network: WalkNetwork
    places: Places
    outlets: Outlets
    communities: Communities
    circles: Circles
    place_attachments: Attachments
    outlet_attachments: Attachments
    access: AccessTable
    services: tuple[LongArray, IntArray]
    circle_coverage: Coverage
    community_coverage: Coverage
    circle_presence: Presence
    community_presence: Presence
    assessment: Assessment
    saturation: list[list[dict[str, Any]]]  # per circle and access column
    share_required: FloatArray  # per access column, NaN where nothing is asked

    @cached_property
    def gaps(self) -> Gaps:
        """Gaps of the circles, worst first; found when somebody asks for them."""
        return find_gaps(
            self.access, self.places, self.circle_coverage, self.circle_presence, self.share_required,
            self.places.circle_idx,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class AreaChanges:
    """
    Area x business type: who comes within the norm, and who drops out of it.

    Counted over homes that stand before and after; a type without a norm in the rule pack is taken at 15
    minutes. Where no people of an area are known homes count alike (估算), and numbers of people are NaN.
    """

    area_ids: tuple[str, ...]
    type_rows: IntArray  # business type of each column, those of both sides
    norm_before_s: FloatArray  # (n_cols,)
    norm_after_s: FloatArray
    people_before: FloatArray  # (n_areas, n_cols) within the norm
    people_after: FloatArray  # new homes count too
    gained: FloatArray  # (n_areas, n_cols)
    lost: FloatArray
    places_gained: IntArray
    places_lost: IntArray
    bands: tuple[str, ...]
    gained_by_band: FloatArray  # (n_areas, n_cols, n_bands), NaN unknown
    lost_by_band: FloatArray
    share_before: FloatArray  # (n_areas, n_cols), NaN unknown
    share_after: FloatArray
    outlets_before: IntArray
    outlets_after: IntArray
    state_before: IntArray  # GapState, -1 where the side has no such column
    state_after: IntArray
    is_estimate: BoolArray  # (n_areas,) homes counted alike


@dataclass(frozen=True, eq=False)
class WhoChanged:
    """Home x type whose walk changes by a minute or more, or crosses the norm; most people first."""

    place_idx: IntArray  # row of the places after (places before keep their rows)
    type_idx: IntArray
    before_s: FloatArray  # NaN 未接入, +inf none within the limit
    after_s: FloatArray
    was_within: BoolArray
    is_within: BoolArray
    people: FloatArray
    n_all: int  # how many there are; the rows may be fewer


@dataclass(frozen=True, eq=False)
class ScenarioOutcome:
    """One scenario: what it does, what was computed for it, and what changes."""

    name: str
    note: str
    file: str
    edits: tuple[tuple[int, str, str, str], ...]  # entry, kind, its label, words
    recomputed: str  # "nothing" | "judging" | "outlets" | "places" | "all"
    after: ScenarioSide
    circles: AreaChanges
    communities: AreaChanges
    city: AreaChanges  # one area: the whole pack
    who: WhoChanged
    is_better: BoolArray  # (n_places before,) at least one type comes within the norm
    is_worse: BoolArray  # at least one type drops out of it
    new_places: IntArray  # rows of homes that stand only after
    notes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)  # stage -> wall seconds


@dataclass(frozen=True, eq=False)
class ScenarioFacts:
    """Everything the scenario report may say."""

    provenance: Provenance
    types: BusinessTypes
    before: ScenarioSide
    outcomes: tuple[ScenarioOutcome, ...]
    basemap: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
