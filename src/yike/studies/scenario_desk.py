"""The tables of a pack while a scenario edits them, and what every edit asks of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.network.overlay import Edit
from yike.core.tables import OutletStatus
from yike.errors import Fault
from yike.sources.outlet_services import without_early
from yike.sources.pack import OUTSIDE_M
from yike.sources.pack_join import points_outside
from yike.sources.scenario_edits import Entry, Scenario, Spot
from yike.standards.loader import load_types
from yike.standards.types import BusinessTypes
from yike.studies.base import Base


class WrongEditError(Exception):
    """One edit does not fit the pack: code, key, what was found, facts."""

    def __init__(self, code: str, key: str, found: object, **facts: str) -> None:
        super().__init__(code)
        self.code, self.key, self.found, self.facts = code, key, found, facts


@dataclass
class Desk:
    """Tables while they are edited."""

    base: Base
    scenario: Scenario
    faults: list[Fault] = field(default_factory=list)
    said: list[tuple[int, str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    streets: list[tuple[Entry, Edit]] = field(default_factory=list)
    chainless: list[str] = field(default_factory=list)  # new outlets that do not say whether they are a chain
    moved: set[int] = field(default_factory=set)  # rows of outlets whose area is to be found anew

    def __post_init__(self) -> None:
        pack = self.base.pack
        self.spec, self.rules = self.base.spec, self.base.rules
        self.outlets, self.places = pack.outlets, pack.places
        self.communities, self.gates = pack.communities, pack.gates
        network = pack.network
        self.ground = LocalProjection(network.origin_lon, network.origin_lat)
        catalogue = load_types()
        by_hours = pack.spec.outlets.breakfast_by_hours
        self.types: BusinessTypes = catalogue if by_hours else without_early(catalogue)
        self.new_rows: dict[str, int] = {}

    def open_rows(self, outlet_id: str) -> list[int]:
        """Rows of an outlet that trades; all stops of a movable one."""
        known = self.rows_of(outlet_id)
        if not known:
            near = near_names(outlet_id, self.outlets.outlet_id)
            raise WrongEditError("outlet_unknown", "outlet", outlet_id, near=near)
        rows = [r for r in known if self.outlets.status[r] == OutletStatus.OPEN]
        if not rows:
            raise WrongEditError("outlet_closed", "outlet", outlet_id)
        return rows

    def rows_of(self, outlet_id: str) -> list[int]:
        """Rows of an outlet; the id of the first stop of a movable one stands for all its stops."""
        if outlet_id in self.new_rows:
            return [self.new_rows[outlet_id]]
        # a search through the names, as a dictionary of 50,000 of them takes longer to make
        try:
            row = self.base.pack.outlets.outlet_id.index(outlet_id)
        except ValueError:
            return []
        unit = self.base.pack.outlets.unit_idx
        if unit[row] != row:
            return [row]
        return [int(r) for r in np.flatnonzero(unit == row)]

    def called(self, row: int) -> str:
        """Name and id of an outlet."""
        name = self.outlets.name[row]
        return f"{name}（{self.outlets.outlet_id[row]}）" if name else self.outlets.outlet_id[row]

    def served(self, row: int) -> tuple[int, ...]:
        """Business types that an outlet serves."""
        ptr = self.outlets.service_ptr
        return tuple(self.outlets.service_type_idx[ptr[row] : ptr[row + 1]].tolist())

    def settle(self, spot: Spot) -> tuple[float, float, float, float]:
        """Degrees and local metres of a spot."""
        lon, lat = self._of_id(spot.at) if spot.at else (spot.lon, spot.lat)
        x, y = self.ground.forward(np.array([lon]), np.array([lat]))
        if len(points_outside(self.base.pack.network, np.asarray(x), np.asarray(y), OUTSIDE_M)):
            raise WrongEditError("outside", "at" if spot.at else "point", spot.at or f"{lon:.5f}, {lat:.5f}")
        return lon, lat, float(x[0]), float(y[0])

    def _of_id(self, at: str) -> tuple[float, float]:
        rooms = self.base.pack.premises
        if at in rooms.premises_id:
            i = rooms.premises_id.index(at)
            return float(rooms.lon[i]), float(rooms.lat[i])
        stops = self.base.pack.stops
        if stops is not None and at in stops.stop_id:
            i = stops.stop_id.index(at)
            return float(stops.lon[i]), float(stops.lat[i])
        rows = self.rows_of(at)
        if rows:
            return float(self.outlets.lon[rows[0]]), float(self.outlets.lat[rows[0]])
        raise WrongEditError(
            "at_unknown", "at", at, near=near_names(at, (*rooms.premises_id, *self.outlets.outlet_id))
        )


def near_names(text: str, known: Iterable[str]) -> str:
    """What may have been meant, for a fault."""
    names = list(known)
    return "、".join(difflib.get_close_matches(text, names, n=3, cutoff=0.5) or names[:3]) or "没有"
