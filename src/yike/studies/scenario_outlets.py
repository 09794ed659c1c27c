"""What a scenario does to outlets: open, close, move, add functions, change hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from yike.core.tables import OutletStatus, Tri
from yike.sources.opening_hours import parse_hours
from yike.sources.outlet_services import add_early, pack_services
from yike.sources.scenario_edits import AddFunction, AddOutlet, CloseOutlet, Entry, ExtendHours, MoveOutlet
from yike.studies.scenario_desk import Desk, WrongEditError
from yike.studies.scenario_tables import with_outlet


def add_outlet(desk: Desk, edit: AddOutlet, entry: Entry) -> str:
    """Open a new outlet."""
    lon, lat, x_m, y_m = desk.settle(edit.spot)
    n = len(desk.outlets)
    outlet_id = edit.outlet_id or _free_id(desk)
    if desk.rows_of(outlet_id):
        raise WrongEditError("id_taken", "id", outlet_id)
    kind = desk.types.types[edit.type_idx]
    row = {
        "outlet_id": outlet_id, "name": edit.name or f"新增{kind.label}", "lon": lon, "lat": lat,
        "x_m": x_m, "y_m": y_m, "type_idx": edit.type_idx, "status": OutletStatus.OPEN,
        "is_chain": Tri.YES if edit.is_chain else Tri.NO,
        "is_movable": kind.is_movable, "is_unstaffed": kind.is_unstaffed, "staff": edit.staff,
        "area_m2": edit.area_m2, "capacity": np.nan, "hours": edit.hours, "source_row": -1,
        "community_idx": -1, "circle_idx": -1, "unit_idx": n,
        "checked_on": desk.base.pack.spec.pack.as_of,  # as if it stood in the register on that day
    }  # fmt: skip
    services = _services(desk, edit.type_idx, edit.services, edit.hours)
    desk.outlets = with_outlet(desk.outlets, row, services)
    desk.new_rows[outlet_id] = n
    desk.moved.add(n)
    if edit.is_chain is None:
        # left unknown, one more shop would lower its circle's score: the chain share could not be told
        desk.chainless.append(outlet_id)
    where = f"在 {edit.spot.at}" if edit.spot.at else f"在 {lon:.5f}, {lat:.5f}"
    more = "、".join(desk.types.types[t].label for t in edit.services)
    called = f"“{edit.name}”（{outlet_id}）" if edit.name else f" {outlet_id}"
    return f"{where} 新增{kind.label}{called}" + (f"，兼做{more}" if more else "")


def close_outlet(desk: Desk, edit: CloseOutlet, entry: Entry) -> str:
    """Close an outlet, with all its stops."""
    rows = desk.open_rows(edit.outlet_id)
    status = desk.outlets.status.copy()
    status[rows] = OutletStatus.CLOSED
    desk.outlets = replace(desk.outlets, status=status)
    return f"关闭 {desk.called(rows[0])}"


def move_outlet(desk: Desk, edit: MoveOutlet, entry: Entry) -> str:
    """Move an outlet; its community and circle are found anew."""
    rows = desk.open_rows(edit.outlet_id)
    if len(rows) > 1:
        raise WrongEditError("outlet_stops", "outlet", edit.outlet_id, count=str(len(rows)))
    columns = dict(zip(("lon", "lat", "x_m", "y_m"), desk.settle(edit.spot), strict=True))
    community, circle = desk.outlets.community_idx.copy(), desk.outlets.circle_idx.copy()
    community[rows], circle[rows] = -1, -1
    changed: dict[str, Any] = {"community_idx": community, "circle_idx": circle}
    for name, value in columns.items():
        changed[name] = getattr(desk.outlets, name).copy()
        changed[name][rows] = value
    desk.outlets = replace(desk.outlets, **changed)
    desk.moved.add(rows[0])
    where = edit.spot.at or f"{columns['lon']:.5f}, {columns['lat']:.5f}"
    return f"{desk.called(rows[0])} 迁到 {where}"


def add_function(desk: Desk, edit: AddFunction, entry: Entry) -> str:
    """Let an outlet serve further types."""
    rows = desk.open_rows(edit.outlet_id)
    known = set(desk.served(rows[0]))
    for t in edit.types:
        if t in known:
            near = desk.types.types[t].label
            raise WrongEditError("function_known", "type", edit.outlet_id, near=near)
    if desk.base.pack.spec.outlets.services_count == "main_type_only":
        desk.notes.append(f"城市包只按主营业态计算，{edit.outlet_id} 增加的功能不改变可达。")
    for row in rows:
        more = (*desk.served(row), *edit.types)
        hours = desk.outlets.hours[row]
        _serve(desk, row, _services(desk, int(desk.outlets.type_idx[row]), more, hours))
    return f"{desk.called(rows[0])} 增加{'、'.join(desk.types.types[t].label for t in edit.types)}"


def extend_hours(desk: Desk, edit: ExtendHours, entry: Entry) -> str:
    """Change opening hours; early ones may make an outlet serve breakfast."""
    rows = desk.open_rows(edit.outlet_id)
    hours = list(desk.outlets.hours)
    gained: set[int] = set()
    for row in rows:
        hours[row] = edit.hours
        before = desk.served(row)
        _serve(desk, row, _services(desk, int(desk.outlets.type_idx[row]), before, edit.hours))
        gained |= set(desk.served(row)) - set(before)
    desk.outlets = replace(desk.outlets, hours=tuple(hours))
    words = f"{desk.called(rows[0])} 营业时间改为 {edit.hours}"
    if gained:
        return f"{words}，按规则可算{'、'.join(desk.types.types[t].label for t in sorted(gained))}"
    desk.notes.append(f"{words}：按现行规则不增加业态，可达不变。")
    return words


def _services(desk: Desk, type_idx: int, more: Iterable[int], hours: str) -> list[int]:
    """Types an outlet serves, as the reader of outlets would have it."""
    if desk.base.pack.spec.outlets.services_count == "main_type_only":
        return [int(t) for t in pack_services(desk.types, [type_idx], [()])[1]]
    ptr, served = pack_services(desk.types, [type_idx], [tuple(more)])
    early = parse_hours(hours).opens_before_8 == Tri.YES
    return [int(t) for t in add_early(desk.types, ptr, served, [early])[1]]


def _serve(desk: Desk, row: int, services: list[int]) -> None:
    ptr, served = desk.outlets.service_ptr, desk.outlets.service_type_idx
    new = np.array(services, np.int32)
    longer = len(new) - int(ptr[row + 1] - ptr[row])
    desk.outlets = replace(
        desk.outlets,
        service_ptr=np.concatenate([ptr[: row + 1], ptr[row + 1 :] + longer]),
        service_type_idx=np.concatenate([served[: ptr[row]], new, served[ptr[row + 1] :]]),
    )


def _free_id(desk: Desk) -> str:
    n = 1
    while desk.rows_of(f"新增{n}"):
        n += 1
    return f"新增{n}"
