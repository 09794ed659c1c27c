"""A scenario laid over a pack: edited tables, as if somebody had changed the files; every fault collected."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from yike.core.geo.projection import LocalProjection
from yike.core.network.overlay import CloseStreet, Edit, OpenGate, apply_overlay
from yike.core.tables import OutletStatus, Tri
from yike.errors import Fault, InputError
from yike.sources.compounds import GATE_WITHIN_M
from yike.sources.names import match_name
from yike.sources.opening_hours import WEEK_MIN, parse_hours
from yike.sources.outlet_services import add_early, pack_services, without_early
from yike.sources.pack import OUTSIDE_M, Pack, read_pack
from yike.sources.pack_join import points_outside, polygon_of_points
from yike.sources.scenario_edits import (
    AddFunction,
    AddOutlet,
    CloseOutlet,
    Entry,
    ExtendHours,
    MoveOutlet,
    NewEstate,
    Scenario,
    SetNorm,
    SetProfile,
    SetTime,
    Spot,
    StreetEdit,
)
from yike.sources.scenario_file import KINDS, entry_fault, scenario_error
from yike.standards.loader import load_types
from yike.standards.types import BusinessTypes, RulePack, Source
from yike.studies.base import Base
from yike.studies.pipeline import limit_of
from yike.studies.scenario_tables import find_areas, longer, with_outlet, with_place
from yike.studies.study import StudySpec


@dataclass(frozen=True, eq=False)
class Edited:
    """The pack, rules and settings of a scenario; a full run of them is what a comparison must equal."""

    spec: StudySpec
    pack: Pack
    rules: RulePack
    is_other_reach: bool  # streets, gates, walker or time of day: everything is walked anew
    said: tuple[tuple[int, str, str, str], ...]  # number of the entry, kind, its label, what it does
    notes: tuple[str, ...] = ()


class _Wrong(Exception):
    """One edit does not fit the pack: code, key, what was found, facts."""

    def __init__(self, code: str, key: str, found: object, **facts: str) -> None:
        super().__init__(code)
        self.code, self.key, self.found, self.facts = code, key, found, facts


def edit_pack(base: Base, scenario: Scenario) -> Edited:
    """
    Lay a scenario over the pack of a base, entry by entry in the order of the file.

    Later entries see what earlier ones did: an outlet added may take on a function, one closed cannot move.

    Raises
    ------
    InputError
        Entries that do not fit the pack; ``faults`` holds them all.
    """
    desk = _Desk(base, scenario)
    for entry in scenario.entries:
        desk.take(entry)
    desk.try_streets()
    if desk.faults:
        raise scenario_error(desk.faults)
    return desk.edited()


@dataclass
class _Desk:
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

    def take(self, entry: Entry) -> None:
        """Apply one entry, or note why it cannot be."""
        makers: dict[type, Callable[[Any, Entry], str]] = {
            AddOutlet: self.add_outlet,
            CloseOutlet: self.close_outlet,
            MoveOutlet: self.move_outlet,
            AddFunction: self.add_function,
            ExtendHours: self.extend_hours,
            StreetEdit: self.edit_street,
            NewEstate: self.new_estate,
            SetNorm: self.set_norm,
            SetProfile: self.set_profile,
            SetTime: self.set_time,
        }
        try:
            words = makers[type(entry.edit)](entry.edit, entry)
        except _Wrong as wrong:
            self.faults.append(
                entry_fault(
                    wrong.code, self.scenario.file, entry.number, entry.line, wrong.key, wrong.found,
                    **wrong.facts,
                )
            )  # fmt: skip
            return
        self.said.append((entry.number, entry.kind, KINDS[entry.kind], words))

    # --- outlets

    def add_outlet(self, edit: AddOutlet, entry: Entry) -> str:
        lon, lat, x_m, y_m = self.settle(edit.spot)
        n = len(self.outlets)
        outlet_id = edit.outlet_id or self._free_id()
        if self.rows_of(outlet_id):
            raise _Wrong("id_taken", "id", outlet_id)
        kind = self.types.types[edit.type_idx]
        row = {
            "outlet_id": outlet_id, "name": edit.name or f"新增{kind.label}", "lon": lon, "lat": lat,
            "x_m": x_m, "y_m": y_m, "type_idx": edit.type_idx, "status": OutletStatus.OPEN,
            "is_chain": Tri.YES if edit.is_chain else Tri.NO,
            "is_movable": kind.is_movable, "is_unstaffed": kind.is_unstaffed, "staff": edit.staff,
            "area_m2": edit.area_m2, "capacity": np.nan, "hours": edit.hours, "source_row": -1,
            "community_idx": -1, "circle_idx": -1, "unit_idx": n,
            "checked_on": self.base.pack.spec.pack.as_of,  # as if it stood in the register on that day
        }  # fmt: skip
        services = self._services(edit.type_idx, edit.services, edit.hours)
        self.outlets = with_outlet(self.outlets, row, services)
        self.new_rows[outlet_id] = n
        self.moved.add(n)
        if edit.is_chain is None:
            # left unknown, one more shop would lower its circle's score: the chain share could not be told
            self.chainless.append(outlet_id)
        where = f"在 {edit.spot.at}" if edit.spot.at else f"在 {lon:.5f}, {lat:.5f}"
        more = "、".join(self.types.types[t].label for t in edit.services)
        called = f"“{edit.name}”（{outlet_id}）" if edit.name else f" {outlet_id}"
        return f"{where} 新增{kind.label}{called}" + (f"，兼做{more}" if more else "")

    def close_outlet(self, edit: CloseOutlet, entry: Entry) -> str:
        rows = self.open_rows(edit.outlet_id)
        status = self.outlets.status.copy()
        status[rows] = OutletStatus.CLOSED
        self.outlets = replace(self.outlets, status=status)
        return f"关闭 {self._called(rows[0])}"

    def move_outlet(self, edit: MoveOutlet, entry: Entry) -> str:
        rows = self.open_rows(edit.outlet_id)
        if len(rows) > 1:
            raise _Wrong("outlet_stops", "outlet", edit.outlet_id, count=str(len(rows)))
        columns = dict(zip(("lon", "lat", "x_m", "y_m"), self.settle(edit.spot), strict=True))
        community, circle = self.outlets.community_idx.copy(), self.outlets.circle_idx.copy()
        community[rows], circle[rows] = -1, -1
        changed: dict[str, Any] = {"community_idx": community, "circle_idx": circle}
        for name, value in columns.items():
            changed[name] = getattr(self.outlets, name).copy()
            changed[name][rows] = value
        self.outlets = replace(self.outlets, **changed)
        self.moved.add(rows[0])
        where = edit.spot.at or f"{columns['lon']:.5f}, {columns['lat']:.5f}"
        return f"{self._called(rows[0])} 迁到 {where}"

    def add_function(self, edit: AddFunction, entry: Entry) -> str:
        rows = self.open_rows(edit.outlet_id)
        known = set(self._served(rows[0]))
        for t in edit.types:
            if t in known:
                near = self.types.types[t].label
                raise _Wrong("function_known", "type", edit.outlet_id, near=near)
        if self.base.pack.spec.outlets.services_count == "main_type_only":
            self.notes.append(f"城市包只按主营业态计算，{edit.outlet_id} 增加的功能不改变可达。")
        for row in rows:
            more = (*self._served(row), *edit.types)
            hours = self.outlets.hours[row]
            self._serve(row, self._services(int(self.outlets.type_idx[row]), more, hours))
        return f"{self._called(rows[0])} 增加{'、'.join(self.types.types[t].label for t in edit.types)}"

    def extend_hours(self, edit: ExtendHours, entry: Entry) -> str:
        rows = self.open_rows(edit.outlet_id)
        hours = list(self.outlets.hours)
        gained: set[int] = set()
        for row in rows:
            hours[row] = edit.hours
            before = self._served(row)
            self._serve(row, self._services(int(self.outlets.type_idx[row]), before, edit.hours))
            gained |= set(self._served(row)) - set(before)
        self.outlets = replace(self.outlets, hours=tuple(hours))
        words = f"{self._called(rows[0])} 营业时间改为 {edit.hours}"
        if gained:
            return f"{words}，按规则可算{'、'.join(self.types.types[t].label for t in sorted(gained))}"
        self.notes.append(f"{words}：按现行规则不增加业态，可达不变。")
        return words

    def open_rows(self, outlet_id: str) -> list[int]:
        """Rows of an outlet that trades; all stops of a movable one."""
        known = self.rows_of(outlet_id)
        if not known:
            near = _near(outlet_id, self.outlets.outlet_id)
            raise _Wrong("outlet_unknown", "outlet", outlet_id, near=near)
        rows = [r for r in known if self.outlets.status[r] == OutletStatus.OPEN]
        if not rows:
            raise _Wrong("outlet_closed", "outlet", outlet_id)
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

    def _called(self, row: int) -> str:
        name = self.outlets.name[row]
        return f"{name}（{self.outlets.outlet_id[row]}）" if name else self.outlets.outlet_id[row]

    def _served(self, row: int) -> tuple[int, ...]:
        ptr = self.outlets.service_ptr
        return tuple(self.outlets.service_type_idx[ptr[row] : ptr[row + 1]].tolist())

    def _services(self, type_idx: int, more: Iterable[int], hours: str) -> list[int]:
        """Types an outlet serves, as the reader of outlets would have it."""
        if self.base.pack.spec.outlets.services_count == "main_type_only":
            return [int(t) for t in pack_services(self.types, [type_idx], [()])[1]]
        ptr, served = pack_services(self.types, [type_idx], [tuple(more)])
        early = parse_hours(hours).opens_before_8 == Tri.YES
        return [int(t) for t in add_early(self.types, ptr, served, [early])[1]]

    def _serve(self, row: int, services: list[int]) -> None:
        ptr, served = self.outlets.service_ptr, self.outlets.service_type_idx
        new = np.array(services, np.int32)
        longer = len(new) - int(ptr[row + 1] - ptr[row])
        self.outlets = replace(
            self.outlets,
            service_ptr=np.concatenate([ptr[: row + 1], ptr[row + 1 :] + longer]),
            service_type_idx=np.concatenate([served[: ptr[row]], new, served[ptr[row + 1] :]]),
        )

    def _free_id(self) -> str:
        n = 1
        while self.rows_of(f"新增{n}"):
            n += 1
        return f"新增{n}"

    # --- places

    def new_estate(self, edit: NewEstate, entry: Entry) -> str:
        lon, lat, x_m, y_m = self.settle(edit.spot)
        n = len(self.places)
        place_id = edit.place_id or f"新建{n - len(self.base.pack.places) + 1}"
        if place_id in set(self.places.place_id):
            raise _Wrong("id_taken", "id", place_id)
        by_band = self._bands(edit)
        community = self._community(edit, lon, lat)
        compound = polygon_of_points(self.base.pack.compounds.polygons, np.array([lon]), np.array([lat]))
        row = {
            "place_id": place_id, "name": edit.name, "lon": lon, "lat": lat, "x_m": x_m, "y_m": y_m,
            "people": edit.people, "households": edit.households, "people_by_band": by_band,
            "community_idx": community, "circle_idx": self._circle(community, lon, lat),
            "compound_idx": compound[0], "is_estimated": False, "source_row": -1,
        }  # fmt: skip
        self.places = with_place(self.places, row)
        if community >= 0:
            # who moves in belongs to the community's own totals
            more = {"people": edit.people, "households": edit.households}
            for name, value in more.items():
                total = getattr(self.communities, name).copy()
                total[community] += value
                self.communities = replace(self.communities, **{name: total})
        return f"新建小区 {edit.name or place_id}，居民 {edit.people:g} 人"

    def _bands(self, edit: NewEstate) -> np.ndarray:
        known = self.places.bands
        for code in edit.bands:
            if code not in known:
                raise _Wrong("band_unknown", "bands", code, near="、".join(known) or "没有")
        if any(n > edit.people for n in edit.bands.values()):
            most = max(edit.bands.values())
            raise _Wrong("bands_exceed", "bands", most, near=f"{edit.people:g}")
        return np.array([edit.bands.get(code, np.nan) for code in known], np.float64)

    def _community(self, edit: NewEstate, lon: float, lat: float) -> int:
        areas = self.communities
        if edit.community:
            match = match_name(edit.community, areas.name, areas.community_id)
            if match.idx < 0:
                near = "、".join(match.suggestions) or "没有"
                raise _Wrong("community_unknown", "community", edit.community, near=near)
            return match.idx
        if areas.delineation != "polygons":
            return -1
        return int(polygon_of_points(areas.polygons, np.array([lon]), np.array([lat]))[0])

    def _circle(self, community: int, lon: float, lat: float) -> int:
        pack = self.base.pack
        if community >= 0:
            return int(self.communities.circle_idx[community])
        if len(pack.circles) == 1 and not len(self.communities):
            return 0
        return int(polygon_of_points(pack.circles.polygons, np.array([lon]), np.array([lat]))[0])

    # --- streets, rules, settings

    def edit_street(self, edit: StreetEdit, entry: Entry) -> str:
        change = edit.edit
        name = f"“{change.name}”" if change.name else _spot_of(change)
        if isinstance(change, OpenGate) and self._open_compound(change, edit.hours):
            return f"给小区开门{name}"
        self.streets.append((entry, change))
        return f"{KINDS[entry.kind]}{name}"

    def _open_compound(self, gate: OpenGate, hours: str) -> bool:
        """A gate in the wall of the nearest compound, if one is near."""
        walls = self.base.pack.compounds
        if not len(walls):
            return False
        x_m, y_m = (float(v[0]) for v in self.ground.forward(np.array([gate.lon]), np.array([gate.lat])))
        far = shapely.distance(shapely.boundary(np.array(walls.polygons_m, object)), shapely.Point(x_m, y_m))
        nearest = int(np.argmin(far))
        if not far[nearest] <= GATE_WITHIN_M:
            return False
        spans = parse_hours(hours).spans if hours else ((0, WEEK_MIN),)
        row = {
            "gate_id": f"新开{len(self.gates) - len(self.base.pack.gates) + 1}", "name": gate.name,
            "lon": gate.lon, "lat": gate.lat, "x_m": x_m, "y_m": y_m, "compound_idx": nearest,
            "is_pedestrian": True, "is_car": False, "hours": hours, "spans": spans, "source_row": -1,
        }  # fmt: skip
        self.gates = replace(self.gates, **{k: longer(getattr(self.gates, k), v) for k, v in row.items()})
        return True

    def try_streets(self) -> None:
        """Lay the street edits over the network once, to find those without a street near them."""
        if not self.streets:
            return
        pack = self.base.pack
        network = apply_overlay(pack.network, pack.overlay) if pack.overlay else pack.network
        try:
            apply_overlay(network, [edit for _, edit in self.streets])
        except InputError as wrong:
            for each in wrong.faults:
                entry, edit = self.streets[each.row - 1]
                found = edit.name or f"第 {entry.number} 条"
                self.faults.append(
                    entry_fault(
                        "street", self.scenario.file, entry.number, entry.line, "point", found,
                        kind=KINDS[entry.kind],
                    )
                )  # fmt: skip

    def set_norm(self, edit: SetNorm, entry: Entry) -> str:
        kind = self.types.types[edit.type_idx]
        if self.rules.rule(kind.code) is None:
            raise _Wrong("norm_unknown", "type", kind.label, near=self.rules.code)
        limit_s = limit_of(self.spec, self.base.pack)
        if edit.within_s > limit_s:
            near = f"{limit_s / 60:g}"
            raise _Wrong("norm_beyond", "minutes", edit.within_s / 60, near=near)
        source = Source("scenario", text=f"情景“{self.scenario.name}”的假设", mark="inferred")
        self.rules = replace(
            self.rules,
            types=tuple(
                replace(r, within_s=edit.within_s, within_source=source) if r.code == kind.code else r
                for r in self.rules.types
            ),
        )
        return f"{kind.label}的时限改为 {edit.within_s / 60:g} 分钟（假设）"

    def set_profile(self, edit: SetProfile, entry: Entry) -> str:
        self.spec = replace(self.spec, profile=edit.profile)
        return f"步行者换为 {edit.profile}"

    def set_time(self, edit: SetTime, entry: Entry) -> str:
        self.spec = replace(self.spec, at_minute=edit.at_minute)
        return f"时刻换为 {edit.at_minute // 60:02d}:{edit.at_minute % 60:02d}"

    # --- places of things

    def settle(self, spot: Spot) -> tuple[float, float, float, float]:
        """Degrees and local metres of a spot."""
        lon, lat = self._of_id(spot.at) if spot.at else (spot.lon, spot.lat)
        x, y = self.ground.forward(np.array([lon]), np.array([lat]))
        if len(points_outside(self.base.pack.network, np.asarray(x), np.asarray(y), OUTSIDE_M)):
            raise _Wrong("outside", "at" if spot.at else "point", spot.at or f"{lon:.5f}, {lat:.5f}")
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
        raise _Wrong("at_unknown", "at", at, near=_near(at, (*rooms.premises_id, *self.outlets.outlet_id)))

    # --- the result

    def edited(self) -> Edited:
        pack, settled = self.base.pack, dict(self.base.pack.settled)
        spec = self.spec
        if spec.at_minute != self.base.spec.at_minute and pack.spec.network.is_osm:
            # closures by the hour are settled where OSM is read
            again = read_pack(spec.pack, at_minute=spec.at_minute)
            pack = replace(pack, network=again.network, spec=again.spec)
        if self.moved:
            self.outlets, by_walk = find_areas(pack, self.communities, self.outlets, sorted(self.moved))
            settled |= {"outlets_by_walk": True} if by_walk else {}
        edited = replace(
            pack,
            outlets=self.outlets,
            places=self.places,
            communities=self.communities,
            gates=self.gates,
            overlay=(*pack.overlay, *(edit for _, edit in self.streets)),
            settled=settled,
        )
        other = bool(self.streets) or len(self.gates) != len(self.base.pack.gates)
        same_walk = (spec.profile, spec.at_minute) == (self.base.spec.profile, self.base.spec.at_minute)
        is_other = other or not same_walk
        notes = list(self.notes)
        if self.chainless:
            notes.append(f"{'、'.join(self.chainless)} 没有写是否连锁（chain），按不是连锁计（推定）。")
        return Edited(spec, edited, self.rules, is_other, tuple(self.said), tuple(notes))


def _spot_of(edit: Edit) -> str:
    """Where a street edit without a name is, in words."""
    if isinstance(edit, CloseStreet) and edit.way_id:
        return f"（路 {edit.way_id}）"
    lon, lat = (v[0] if isinstance(v, tuple) else v for v in (edit.lon, edit.lat))
    return f"（{lon:.5f}, {lat:.5f}）"


def _near(text: str, known: Iterable[str]) -> str:
    names = list(known)
    return "、".join(difflib.get_close_matches(text, names, n=3, cutoff=0.5) or names[:3]) or "没有"
