"""What every report is given: one frozen bundle of tables, policy and provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yike.core.network.profile import WalkProfile
from yike.core.tables import (
    AccessTable,
    Assessment,
    Attachments,
    Circles,
    Communities,
    Coverage,
    Gaps,
    Outlets,
    Places,
    Provenance,
    StreetGraph,
    WalkNetwork,
)
from yike.errors import Fault
from yike.standards.types import BusinessTypes, RulePack


@dataclass(frozen=True)
class IsochroneArea:
    """One isochrone: the circle's centre(s), the cutoff, the polygon and what it holds."""

    origin_id: str
    origin_name: str
    cutoff_s: float
    polygon: Any  # shapely (Multi)Polygon in WGS-84 degrees
    area_m2: float
    street_m: float
    people: float  # by reached network, never by polygon; NaN unknown


@dataclass(frozen=True)
class ReportFacts:
    """Everything a document may say; writers take only this."""

    provenance: Provenance
    profile: WalkProfile
    types: BusinessTypes
    rules: RulePack
    network: WalkNetwork
    graph: StreetGraph
    outlets: Outlets
    places: Places
    communities: Communities
    circles: Circles
    place_attachments: Attachments
    outlet_attachments: Attachments
    access: AccessTable
    circle_coverage: Coverage
    community_coverage: Coverage
    assessment: Assessment
    gaps: Gaps
    isochrones: tuple[IsochroneArea, ...]
    faults: tuple[Fault, ...]
    extras: Mapping[str, Any] = field(
        default_factory=dict
    )  # measures beyond the tables, see studies/study.py
    version: str = ""
