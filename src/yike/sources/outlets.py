"""
Shops and service points (网点) out of a clerk's list, or out of OpenStreetMap.

Every row with a usable position is kept: a business type that nobody knows gets ``type_idx`` -1 and a
fault with the nearest names, an optional cell that cannot be read is unknown. Movable outlets give one
row for each stop.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from yike.core.tables import IntArray, Outlets, OutletStatus, Tri
from yike.sources.credit_code import clean_code, code_fault
from yike.sources.delivery import read_delivery
from yike.sources.duplicates import find_duplicates
from yike.sources.intake import ReadContext
from yike.sources.located import Located, keep_rows, locate_rows, read_rows, unique_ids
from yike.sources.numbers import is_blank
from yike.sources.opening_hours import parse_hours
from yike.sources.outlet_fields import (
    parse_chain,
    parse_date,
    parse_status,
    parse_yes_no,
    split_services,
)
from yike.sources.outlet_services import add_early, pack_services
from yike.sources.outlet_stops import first_of_row, stops_as_rows, told_once
from yike.sources.outlets_osm import read_osm_outlets
from yike.sources.pack_spec import OutletsSpec
from yike.sources.row_datum import one_datum
from yike.sources.tabular import Table
from yike.standards.classify import Match, classify

MOSTLY = 0.5
"""Share of rows from which a column is taken to hold something else than its header says."""

_UNMATCHED = {
    "empty": ("outlets.type.blank", "warning"),
    "ambiguous": ("outlets.type.ambiguous", "warning"),
    "not_ours": ("outlets.type.not_ours", "note"),
}

AMAP_CLASS = re.compile(r"[;；|]")
"""Amap writes its classes from wide to narrow with these between them; that is one type."""

SURE = ("code", "row", "label", "alias")

DUPLICATE_WORDS = {"credit_code": "统一社会信用代码", "phone": "电话", "name": "名称（相距 50 米内）"}


def read_outlets(spec: OutletsSpec, ctx: ReadContext) -> Outlets:
    """
    Read the outlets of a pack.

    Parameters
    ----------
    spec
        Section ``[outlets]``.
    ctx
        Takes the faults (``outlets.*``, and those of tables and positions); counts go to
        ``found["outlets"]``.

    Returns
    -------
    Outlets
        Empty when the pack has none; ``community_idx`` and ``circle_idx`` are -1, ``pack.py`` joins them.
    """
    if spec.source == "none":
        return no_outlets()
    if spec.source == "osm":
        return _settle(ctx, read_osm_outlets(ctx) or no_outlets())
    table = read_rows(ctx, spec, "outlets", "outlet")
    if table is None:
        return no_outlets()
    missing = table.missing("type") + table.missing("lon", "lat")
    if missing:
        ctx.faults.extend(missing)
        return no_outlets()
    if table.datum:  # the layer's own plane coordinates leave no question
        spec = replace(spec, datum=table.datum)
    n_told = len(ctx.faults)
    table, spec = one_datum(ctx, stops_as_rows(ctx, table), spec)
    located = locate_rows(ctx, table, spec, "outlets")
    # Rows without a usable position are lost, but the rest of their faults is told in the same reading.
    lost = keep_rows(table, ~np.isin(table.row_number, located.table.row_number))
    if len(lost):
        _fields(ctx, lost)
    outlets = _from_located(ctx, located)
    told_once(ctx, n_told)
    return _settle(ctx, outlets)


def no_outlets() -> Outlets:
    """A list without rows: the report says 未调查."""
    none, text = np.zeros(0), ()
    idx = np.zeros(0, np.int32)
    return Outlets(
        text, text, none, none, none, none, idx, np.zeros(1, np.int64), idx, np.zeros(0, np.uint8),
        np.zeros(0, np.int8), np.zeros(0, bool), np.zeros(0, bool), none, none, none, text, idx, idx, idx,
    )  # fmt: skip


def _settle(ctx: ReadContext, outlets: Outlets) -> Outlets:
    if ctx.spec.outlets.services_count == "main_type_only":
        ptr, types = pack_services(ctx.types, outlets.type_idx.tolist(), [()] * len(outlets))
        outlets = replace(outlets, service_ptr=ptr, service_type_idx=types)
    outlets.validate()
    _note_found(ctx, outlets)
    return outlets


def _note_found(ctx: ReadContext, outlets: Outlets) -> None:
    once = outlets.first_of_units(np.ones(len(outlets), np.bool_))
    by_type = Counter(ctx.types.types[t].label for t in outlets.type_idx[once].tolist() if t >= 0)
    status = Counter(OutletStatus(s).name.lower() for s in outlets.status[once].tolist())
    ctx.found.setdefault("outlets", {}).update(
        rows=int(np.sum(once)),
        unmatched=int(np.sum(once & (outlets.type_idx < 0))),
        by_type=dict(sorted(by_type.items(), key=lambda p: (-p[1], p[0]))),
        by_status=dict(sorted(status.items())),
        chain=int(np.sum(once & (outlets.is_chain == Tri.YES))),
        movable=int(np.sum(once & outlets.is_movable)),
        stops=len(outlets) if not once.all() else 0,
    )


def _from_located(ctx: ReadContext, located: Located) -> Outlets:
    table = located.table
    ctx.settled["outlet_areas"] = {name: table.text(name) for name in ("community", "circle")}
    fields = _fields(ctx, table)
    ctx.settled["delivery"] = read_delivery(ctx, table)
    _report_duplicates(ctx, located)
    nobody = np.full(len(table), -1, np.int32)
    return Outlets(
        outlet_id=unique_ids(ctx, table, "W"),
        name=table.text("name"),
        lon=located.lon,
        lat=located.lat,
        x_m=located.x_m,
        y_m=located.y_m,
        hours=table.text("hours"),
        source_row=table.row_number.astype(np.int32),
        community_idx=nobody,
        circle_idx=nobody.copy(),
        unit_idx=first_of_row(table.row_number),
        **fields,
    )


def _fields(ctx: ReadContext, table: Table) -> dict[str, Any]:
    """Columns of ``Outlets`` that need no position; faults of every cell."""
    type_idx = [m.type_idx for m in _match_types(ctx, table)]
    services = _match_services(ctx, table)
    for i, more in _several_types(ctx, table).items():
        type_idx[i], *rest = more
        services[i] += rest
    ptr, service_types = pack_services(ctx.types, type_idx, services)
    early = [parse_hours(cell).opens_before_8 == Tri.YES for cell in table.text("hours")]
    ptr, service_types, n_added = add_early(ctx.types, ptr, service_types, early)
    if n_added:
        ctx.faults.append(table.fault("outlets.hours.breakfast", -1, "hours", level="note", count=n_added))
    movable = _yes_no(ctx, table, "movable")
    unstaffed = _yes_no(ctx, table, "unstaffed")
    for i, t in enumerate(type_idx):
        kind = ctx.types.types[t]
        if t >= 0 and movable[i] == Tri.UNKNOWN:
            movable[i] = kind.is_movable
        if t >= 0 and unstaffed[i] == Tri.UNKNOWN:
            unstaffed[i] = kind.is_unstaffed
    checked_on = _checked(ctx, table)
    _check_rows(ctx, table)
    optional: dict[str, Any] = {"level": "warning", "at_least": 0}
    return {
        "type_idx": np.array(type_idx, np.int32),
        "service_ptr": ptr,
        "service_type_idx": service_types,
        "status": _status(ctx, table),
        "is_chain": _chain(ctx, table),
        "is_movable": movable == Tri.YES,
        "is_unstaffed": unstaffed == Tri.YES,
        "checked_on": checked_on,
        **{name: table.numbers(name, ctx.faults, **optional) for name in ("staff", "area_m2", "capacity")},
    }


def _match_types(ctx: ReadContext, table: Table) -> list[Match]:
    names = table.text("name")
    cells = table.text("type")
    matches = [classify(c, ctx.types, name=n) for c, n in zip(cells, names, strict=True)]
    bad = [i for i, m in enumerate(matches) if m.type_idx < 0]
    if len(bad) >= max(3, MOSTLY * len(matches)) and _names_are_types(ctx, names):
        ctx.faults.append(
            table.fault("outlets.type.columns_swapped", -1, "type", found=cells[bad[0]], other=names[bad[0]])
        )
        return matches
    for i in bad:
        near = "、".join(matches[i].suggestions) or "附件5的具体业态，如便利店、药店"
        unknown = "outlets.type.unknown" if matches[i].suggestions else "outlets.type.unlike"
        code, level = _UNMATCHED.get(matches[i].how, (unknown, "warning"))
        why = matches[i].reason
        ctx.faults.append(table.fault(code, i, "type", found=cells[i], level=level, near=near, why=why))
    return matches


def _several_types(ctx: ReadContext, table: Table) -> dict[int, list[int]]:
    """Rows whose type cell names several types ("便利店、药店"): all of them, the first as the main one."""
    found: dict[int, list[int]] = {}
    for i, cell in enumerate(table.text("type")):
        parts = [] if AMAP_CLASS.search(cell) else split_services(cell)
        matches = [classify(part, ctx.types) for part in parts] if len(parts) > 1 else []
        types = list(dict.fromkeys(m.type_idx for m in matches))
        if len(types) > 1 and all(m.how in SURE for m in matches):
            found[i] = types
            main, more = (
                ctx.types.types[types[0]].label,
                "、".join(ctx.types.types[t].label for t in types[1:]),
            )
            ctx.faults.append(
                table.fault("outlets.type.several", i, "type", found=cell, level="note", main=main, more=more)
            )
    return found


def _names_are_types(ctx: ReadContext, names: Sequence[str]) -> bool:
    hits = sum(classify(n, ctx.types).how in ("code", "row", "label", "alias") for n in names if n)
    return hits >= MOSTLY * len(names)


def _match_services(ctx: ReadContext, table: Table) -> list[list[int]]:
    services: list[list[int]] = []
    for i, cell in enumerate(table.text("services")):
        found = []
        for word in split_services(cell):
            match = classify(word, ctx.types)
            if match.type_idx >= 0:
                found.append(match.type_idx)
            else:
                near = "、".join(match.suggestions) or "没有相近的"
                ctx.faults.append(
                    table.fault(
                        "outlets.service.unknown", i, "services", found=word, level="warning", near=near
                    )
                )
        services.append(found)
    return services


def _words(
    ctx: ReadContext, table: Table, name: str, code: str, parse: Callable[[int], int | None], default: int
) -> IntArray:
    values = np.full(len(table), default, np.int32)
    for i in range(len(table)):
        read = parse(i)
        if read is None:
            ctx.faults.append(table.fault(code, i, name, found=table.text(name)[i], level="warning"))
        else:
            values[i] = read
    return values


def _yes_no(ctx: ReadContext, table: Table, name: str) -> IntArray:
    cells = table.text(name)
    return _words(ctx, table, name, "outlets.yes_no.unknown", lambda i: parse_yes_no(cells[i]), Tri.UNKNOWN)


def _status(ctx: ReadContext, table: Table) -> Any:
    cells = table.text("status")
    read = _words(ctx, table, "status", "outlets.status.unknown", lambda i: parse_status(cells[i]), 0)
    return read.astype(np.uint8)


def _chain(ctx: ReadContext, table: Table) -> Any:
    chain, mode, brand = table.text("chain"), table.text("mode"), table.text("brand")
    read = _words(
        ctx, table, "chain", "outlets.yes_no.unknown",
        lambda i: parse_chain(chain[i], mode[i], brand[i]), Tri.UNKNOWN,
    )  # fmt: skip
    return read.astype(np.int8)


def _checked(ctx: ReadContext, table: Table) -> tuple[str, ...]:
    """Dates of 核实日期 as ISO text, "" where blank, no date, or later than the pack's own date."""
    days = []
    for i, cell in enumerate(table.text("checked")):
        day = parse_date(cell)
        later = day is not None and day.isoformat() > ctx.spec.pack.as_of
        if later or (day is None and not is_blank(cell)):
            code = "outlets.checked.later" if later else "outlets.checked.bad"
            as_of = ctx.spec.pack.as_of
            ctx.faults.append(table.fault(code, i, "checked", found=cell, level="warning", as_of=as_of))
        days.append(day.isoformat() if day and not later else "")
    known = sorted(d for d in days if d)
    if known:
        ctx.found.setdefault("outlets", {})["checked"] = [known[0], known[-1]]
    return tuple(days)


def _check_rows(ctx: ReadContext, table: Table) -> None:
    """Credit codes and hours: looked at, warned about, never refused."""
    for i, cell in enumerate(table.text("credit_code")):
        odd = "" if is_blank(cell) else code_fault(clean_code(cell))
        if odd:
            ctx.faults.append(
                table.fault(f"outlets.credit_code.{odd}", i, "credit_code", found=cell, level="warning")
            )
    for i, cell in enumerate(table.text("hours")):
        if not is_blank(cell) and not parse_hours(cell).is_known:
            ctx.faults.append(table.fault("outlets.hours.unread", i, "hours", found=cell, level="note"))


def _report_duplicates(ctx: ReadContext, located: Located) -> None:
    table = located.table
    codes = [clean_code(c) if not is_blank(c) else "" for c in table.text("credit_code")]
    groups = find_duplicates(table.text("name"), codes, table.text("phone"), located.x_m, located.y_m)
    for group in groups:
        rows = sorted({int(table.row_number[i]) for i in group.rows})
        if len(rows) < 2:
            continue  # stops of one movable outlet
        shown = "、".join(str(r) for r in rows[:8]) + (" 等" if len(rows) > 8 else "")
        ctx.faults.append(
            table.fault(
                f"outlets.duplicate.{group.reason}", group.rows[1], group.reason, found=group.value,
                level="warning", rows=shown, by=DUPLICATE_WORDS[group.reason], count=len(rows),
            )
        )  # fmt: skip
