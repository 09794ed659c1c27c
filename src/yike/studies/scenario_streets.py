"""What a scenario does to streets: paths, closures, gates in the streets and in the walls of compounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from yike.core.network.overlay import CloseStreet, Edit, OpenGate, apply_overlay
from yike.errors import InputError
from yike.sources.compounds import GATE_WITHIN_M
from yike.sources.opening_hours import WEEK_MIN, parse_hours
from yike.sources.scenario_edits import Entry, StreetEdit
from yike.sources.scenario_file import KINDS, entry_fault
from yike.studies.scenario_desk import Desk
from yike.studies.scenario_tables import longer


def edit_street(desk: Desk, edit: StreetEdit, entry: Entry) -> str:
    """Note a street edit, or open a gate in the wall of a compound nearby."""
    change = edit.edit
    name = f"“{change.name}”" if change.name else _spot_of(change)
    if isinstance(change, OpenGate) and _open_compound(desk, change, edit.hours):
        return f"给小区开门{name}"
    desk.streets.append((entry, change))
    return f"{KINDS[entry.kind]}{name}"


def _open_compound(desk: Desk, gate: OpenGate, hours: str) -> bool:
    """A gate in the wall of the nearest compound, if one is near."""
    walls = desk.base.pack.compounds
    if not len(walls):
        return False
    x_m, y_m = (float(v[0]) for v in desk.ground.forward(np.array([gate.lon]), np.array([gate.lat])))
    far = shapely.distance(shapely.boundary(np.array(walls.polygons_m, object)), shapely.Point(x_m, y_m))
    nearest = int(np.argmin(far))
    if not far[nearest] <= GATE_WITHIN_M:
        return False
    spans = parse_hours(hours).spans if hours else ((0, WEEK_MIN),)
    row = {
        "gate_id": f"新开{len(desk.gates) - len(desk.base.pack.gates) + 1}", "name": gate.name,
        "lon": gate.lon, "lat": gate.lat, "x_m": x_m, "y_m": y_m, "compound_idx": nearest,
        "is_pedestrian": True, "is_car": False, "hours": hours, "spans": spans, "source_row": -1,
    }  # fmt: skip
    desk.gates = replace(desk.gates, **{k: longer(getattr(desk.gates, k), v) for k, v in row.items()})
    return True


def try_streets(desk: Desk) -> None:
    """Lay the street edits over the network once, to find those without a street near them."""
    if not desk.streets:
        return
    pack = desk.base.pack
    network = apply_overlay(pack.network, pack.overlay) if pack.overlay else pack.network
    try:
        apply_overlay(network, [edit for _, edit in desk.streets])
    except InputError as wrong:
        for each in wrong.faults:
            entry, edit = desk.streets[each.row - 1]
            found = edit.name or f"第 {entry.number} 条"
            desk.faults.append(
                entry_fault(
                    "street", desk.scenario.file, entry.number, entry.line, "point", found,
                    kind=KINDS[entry.kind],
                )
            )  # fmt: skip


def _spot_of(edit: Edit) -> str:
    """Where a street edit without a name is, in words."""
    if isinstance(edit, CloseStreet) and edit.way_id:
        return f"（路 {edit.way_id}）"
    lon, lat = (v[0] if isinstance(v, tuple) else v for v in (edit.lon, edit.lat))
    return f"（{lon:.5f}, {lat:.5f}）"
