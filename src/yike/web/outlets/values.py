"""An outlet as plain values: which columns people change, which follow from others, snapshots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from yike.core.tables import Tri
from yike.sources.opening_hours import parse_hours
from yike.standards.loader import load_types
from yike.standards.types import BusinessType
from yike.web.outlets.models import Outlet

PLAIN = (
    "code", "name", "type_code", "type_text", "brand", "is_chain", "chain_mode", "credit_code",
    "no_code_reason", "licences", "hours", "holiday_hours", "delivers_at_night", "phone", "is_accessible",
    "takes_cash", "payments", "staff", "area_m2", "capacity", "is_movable", "is_unstaffed", "verified_on",
    "credit_grade", "area_code", "address", "lon", "lat", "source_lon", "source_lat", "source_datum",
    "source", "is_invented",
)  # fmt: skip
"""Columns that people and imports change."""

KEYS = ("community_id", "verified_by_id")
FOLLOWING = ("search", "form_row", "is_24h", "opens_early", "open_late", "is_seasonal")
"""Columns that follow from the type and the hours."""

LISTS = ("services", "stops")
SERVICE_KEYS = ("label", "type_code", "hours", "is_public")
STOP_KEYS = ("place", "lon", "lat", "hours")
_FLAG: Mapping[Tri, bool | None] = {Tri.YES: True, Tri.NO: False, Tri.UNKNOWN: None}


@cache
def types_by_code() -> dict[str, BusinessType]:
    """The catalogue by code."""
    return {t.code: t for t in load_types()}


def type_label(code: str) -> str:
    """What people read for a type; "" for none."""
    kind = types_by_code().get(code)
    return kind.label if kind else ""


def follow(outlet: Outlet, services: Iterable[Mapping[str, Any]] | None = None) -> None:
    """Set the columns that follow from others; ``services`` None keeps those it is found by."""
    kept = outlet.search.partition("\t")[2] if services is None else " ".join(s["label"] for s in services)
    told = (outlet.name, outlet.brand, outlet.address, outlet.code, outlet.credit_code)
    outlet.search = f"{' '.join(t for t in told if t)[:400]}\t{kept}"[:600].upper()
    kind = types_by_code().get(outlet.type_code)
    outlet.form_row = kind.form_row if kind else ""
    hours = parse_hours(outlet.hours)
    outlet.is_24h, outlet.opens_early, outlet.open_late = (
        _FLAG[Tri(f)] for f in (hours.is_24h, hours.opens_before_8, hours.open_after_21)
    )
    outlet.is_seasonal = hours.is_seasonal


def snapshot(
    outlet: Outlet, services: Iterable[Mapping[str, Any]], stops: Iterable[Mapping[str, Any]]
) -> Any:
    """Every column of an outlet as JSON keeps it."""
    values = {name: plain(getattr(outlet, name)) for name in (*PLAIN, *KEYS, "status")}
    values["merged_into"] = outlet.merged_into_id
    values["is_gone"] = outlet.gone_at is not None
    return values | {"services": [dict(s) for s in services], "stops": [dict(s) for s in stops]}


def plain(value: Any) -> Any:
    """As JSON keeps it: dates as text."""
    return value.isoformat() if isinstance(value, dt.date) else value


def services_of(outlet: Outlet) -> list[dict[str, Any]]:
    """Added services as plain values."""
    return [{k: getattr(s, k) for k in SERVICE_KEYS} for s in outlet.services.all()]


def stops_of(outlet: Outlet) -> list[dict[str, Any]]:
    """Stops as plain values."""
    return [{k: getattr(s, k) for k in STOP_KEYS} for s in outlet.stops.all()]


def merged_services(
    old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Services an outlet has after a list names some: none is lost, hours told anew replace those known."""
    merged = {s["label"]: dict(s) for s in old}
    for told in new:
        known = merged.setdefault(told["label"], dict(told))
        known |= {k: told[k] for k in SERVICE_KEYS if told[k]}
    return list(merged.values())


def merged_stops(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Stops as a list tells them; where it names no place, the place known for that point stays."""
    places = {(s["lon"], s["lat"]): s["place"] for s in old}
    return [{**s, "place": s["place"] or places.get((s["lon"], s["lat"]), "")} for s in new]


def put(outlet: Outlet, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """
    Write plain values into the columns of an outlet, unsaved; what changed, by column, old and new.

    ``services`` and ``stops`` are not columns: the actions write them.
    """
    changed: dict[str, tuple[Any, Any]] = {}
    for name, value in values.items():
        if name in LISTS:
            continue
        if name not in PLAIN and name not in KEYS:
            raise ValueError(f"no column of an outlet: {name}")
        if name == "verified_on" and isinstance(value, str):
            value = dt.date.fromisoformat(value) if value else None
        old = getattr(outlet, name)
        if old != value:
            changed[name] = (plain(old), plain(value))
            setattr(outlet, name, value)
    follow(outlet, values.get("services"))
    return changed
