"""What an OSM file gives beside its streets, as tables of plain columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from yike.core.tables import (
    BoolArray,
    FloatArray,
    IntArray,
    LongArray,
    TriArray,
    WalkNetwork,
    freeze,
)
from yike.errors import Fault
from yike.sources.osm.network import OsmNotes

Geometries = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class OsmOutlets:
    """Shops, services and facilities that the catalogue's OSM tags name; nodes first, then areas."""

    outlet_id: tuple[str, ...]  # "n123", "w123" or "r123"
    name: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    type_idx: IntArray  # main type, row of ``BusinessTypes``; the first that fits
    service_ptr: LongArray  # shape (n + 1,)
    service_type_idx: IntArray  # every type that fits, ascending
    brand: tuple[str, ...]
    operator: tuple[str, ...]
    hours: tuple[str, ...]  # opening_hours as written
    phone: tuple[str, ...]
    address: tuple[str, ...]
    wheelchair: tuple[str, ...]
    tags: tuple[str, ...]  # the tags that decided the type, "shop=convenience"
    area_m2: FloatArray  # of areas; NaN for points

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.outlet_id)


@dataclass(frozen=True, eq=False)
class OsmBuildings:
    """Buildings with footprint and levels; ``levels`` is NaN where neither levels nor height is mapped."""

    building_id: tuple[str, ...]  # "w123" or "r123"
    name: tuple[str, ...]
    kind: tuple[str, ...]  # value of building=*
    lon: FloatArray  # a point inside
    lat: FloatArray
    footprint_m2: FloatArray
    levels: FloatArray  # NaN unknown
    levels_from: tuple[str, ...]  # "levels" | "height" (height / 3 m, 估算) | ""
    is_residential: BoolArray
    residential_by: tuple[str, ...]  # "tag" | "landuse" (building=yes in landuse=residential) | ""
    flats: FloatArray  # building:flats, NaN unknown
    polygon: Geometries  # degrees
    has_bare_address: BoolArray  # building=yes with a house number and no use of its own

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.building_id)


@dataclass(frozen=True, eq=False)
class OsmAreas:
    """Residential areas, places and administrative boundaries: candidates for compounds and communities."""

    area_id: tuple[str, ...]  # "n123", "w123" or "r123"
    name: tuple[str, ...]  # "" unnamed
    kind: tuple[str, ...]  # "residential" | "place" | "boundary"
    value: tuple[str, ...]  # of landuse, place or boundary: "residential", "quarter", "administrative"
    admin_level: IntArray  # -1 none
    lon: FloatArray  # a point inside
    lat: FloatArray
    geometry: Geometries  # polygon, multipolygon, or point (places mapped as nodes), degrees

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.area_id)


@dataclass(frozen=True, eq=False)
class OsmGates:
    """Gates, bollards and entrances mapped as nodes."""

    node_id: LongArray
    lon: FloatArray
    lat: FloatArray
    kind: tuple[str, ...]  # value of barrier=* (or "entrance")
    name: tuple[str, ...]
    foot: TriArray  # Tri: may pedestrians pass; UNKNOWN without access and foot tags
    hours: tuple[str, ...]
    is_on_street: BoolArray  # a node of a walkable way

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.node_id)


@dataclass(frozen=True, eq=False)
class OsmShapes:
    """Layers of the base map, and walls: shapes for drawing."""

    shape_id: tuple[str, ...]
    layer: tuple[str, ...]  # "water" | "waterway" | "green" | "rail" | "wall"
    value: tuple[str, ...]  # the tag's value: "park", "river", "fence"
    name: tuple[str, ...]
    geometry: Geometries  # degrees

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.shape_id)

    def of(self, layer: str) -> Geometries:
        """Shapes of one layer."""
        chosen: Geometries = self.geometry[[i for i, name in enumerate(self.layer) if name == layer]]
        return chosen


@dataclass(frozen=True, eq=False)
class OsmExtract:
    """Everything wanted from one OSM file; parts that were not asked for are None."""

    file: str
    bounds: tuple[float, float, float, float] | None  # stated in the file
    network: WalkNetwork | None = None
    notes: OsmNotes | None = None
    outlets: OsmOutlets | None = None
    buildings: OsmBuildings | None = None
    areas: OsmAreas | None = None
    gates: OsmGates | None = None
    base: OsmShapes | None = None
    faults: tuple[Fault, ...] = ()
    found: dict[str, int] = field(default_factory=dict)  # counts by part, for reports
