"""Rows of candidates, kind by kind, before any rule looks at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.siting.candidates import Candidates
from yike.core.tables import OutletStatus
from yike.errors import message_of
from yike.standards.judging import load_options
from yike.standards.project_policy import cost_of
from yike.studies.base import Base
from yike.studies.policy import services_of
from yike.studies.street_points import points_along_streets

KINDS = ("premises", "outlet", "street_point", "stop")
"""Kinds of candidates, in the order in which they are listed."""

KIND_LABELS = {
    "premises": "闲置空间",
    "outlet": "现有网点兼办",
    "street_point": "生成的街边点（不是已知空房）",
    "stop": "流动停靠点",
}


@dataclass
class _Rows:
    """Columns of ``Candidates`` while they grow."""

    candidate_id: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    x_m: list[float] = field(default_factory=list)
    y_m: list[float] = field(default_factory=list)
    area_m2: list[float] = field(default_factory=list)
    cost_fen: list[int] = field(default_factory=list)
    allowed_types: list[tuple[str, ...]] = field(default_factory=list)
    origin_idx: list[int] = field(default_factory=list)
    source_row: list[int] = field(default_factory=list)

    def table(self) -> Candidates:
        """The rows as a table."""
        real = {n: np.array(getattr(self, n), float) for n in ("lon", "lat", "x_m", "y_m", "area_m2")}
        return Candidates(
            candidate_id=tuple(self.candidate_id),
            name=tuple(self.name),
            kind=tuple(self.kind),
            cost_fen=np.array(self.cost_fen, np.int64),
            allowed_types=tuple(self.allowed_types),
            origin_idx=np.array(self.origin_idx, np.int32),
            source_row=np.array(self.source_row, np.int32),
            **real,
        )


def candidate_rows(
    base: Base, type_idx: int, kinds: tuple[str, ...], spacing_m: float
) -> tuple[Candidates, list[str]]:
    """
    Every place of the kinds asked for, and what is to be said of them.

    Ids are those of the pack; generated points are numbered in their order.
    """
    rows, notes = _Rows(), list[str]()
    makers: dict[str, Callable[[], str]] = {
        "premises": lambda: _premises(base, rows),
        "outlet": lambda: _outlets(base, type_idx, rows),
        "street_point": lambda: _street_points(base, spacing_m, rows),
        "stop": lambda: _stops(base, type_idx, rows),
    }
    for kind in KINDS:
        if kind in kinds and (note := makers[kind]()):
            notes.append(note)
    return rows.table(), notes


def _premises(base: Base, rows: _Rows) -> str:
    p = base.pack.premises
    rows.candidate_id += p.premises_id
    rows.name += [n or i for n, i in zip(p.name, p.premises_id, strict=True)]
    rows.kind += ["premises"] * len(p)
    rows.lon += p.lon.tolist()
    rows.lat += p.lat.tolist()
    rows.x_m += p.x_m.tolist()
    rows.y_m += p.y_m.tolist()
    rows.area_m2 += p.area_m2.tolist()
    rows.cost_fen += p.cost_fen.tolist()
    rows.allowed_types += p.allowed_types
    rows.origin_idx += range(len(p))
    rows.source_row += p.source_row.tolist()
    return "" if len(p) else message_of("site_words.no_premises", {})


def hosts_of(base: Base, type_idx: int) -> list[int]:
    """Open, fixed outlets that may take a type on (一店多能) and do not offer it yet, first stops only."""
    outlets, types = base.joined.outlets, base.types
    asked = {types.types[i].code for i in types.with_parents(type_idx)}
    codes = {
        host
        for rule in load_options()
        if rule.kind != "movable" and asked & set(rule.functions)
        for host in rule.hosts
    }
    hosts = np.array([i for i, t in enumerate(types) if t.code in codes], np.int32)
    may = np.diff(services_of(outlets, types, hosts)[0]) > 0
    has = np.diff(services_of(outlets, types, np.array([type_idx], np.int32))[0]) > 0
    good = may & ~has & (outlets.status == OutletStatus.OPEN) & ~outlets.is_movable
    return np.flatnonzero(outlets.first_of_units(good)).tolist()


def _outlets(base: Base, type_idx: int, rows: _Rows) -> str:
    """Hosts cost what the function costs: the room is there."""
    o, hosts, label = base.joined.outlets, hosts_of(base, type_idx), base.types.types[type_idx].label
    cost = function_cost_fen(base, type_idx, "outlet")
    for i in hosts:
        rows.candidate_id.append(o.outlet_id[i])
        rows.name.append(o.name[i] or o.outlet_id[i])
        rows.kind.append("outlet")
        rows.allowed_types.append(())
        rows.cost_fen.append(cost)
        rows.origin_idx.append(i)
        rows.source_row.append(int(o.source_row[i]))
        for name in ("lon", "lat", "x_m", "y_m", "area_m2"):
            getattr(rows, name).append(float(getattr(o, name)[i]))
    if hosts:
        return message_of("site_words.outlet_cost", {"wan": f"{cost / 1e6:g}", "type": label})
    return message_of("site_words.no_hosts", {"type": label})


def function_cost_fen(base: Base, type_idx: int, kind: str) -> int:
    """Middle of the cost band of a type on a kind of site, in fen (推定)."""
    return cost_of(kind, base.types.types[base.types.with_parents(type_idx)[-1]].code).middle_fen


def _street_points(base: Base, spacing_m: float, rows: _Rows) -> str:
    network, min_component = base.joined.network, base.joined.streets.walk.min_component
    found = points_along_streets(network, base.joined.graph, spacing_m, min_component)
    n = len(found)
    lon, lat = LocalProjection(network.origin_lon, network.origin_lat).inverse(found.x_m, found.y_m)
    rows.candidate_id += [f"S{i + 1:06d}" for i in range(n)]
    rows.name += [
        message_of("site_words.street_point", {"street": s, "number": i + 1}) if s
        else message_of("site_words.street_point_unnamed", {"number": i + 1})
        for i, s in enumerate(found.street)
    ]  # fmt: skip
    rows.kind += ["street_point"] * n
    rows.lon += np.asarray(lon).tolist()
    rows.lat += np.asarray(lat).tolist()
    rows.x_m += found.x_m.tolist()
    rows.y_m += found.y_m.tolist()
    rows.area_m2 += [float("nan")] * n
    rows.cost_fen += [-1] * n
    rows.allowed_types += [()] * n
    rows.origin_idx += [-1] * n
    rows.source_row += [-1] * n
    return message_of("site_words.street_points", {"spacing": f"{spacing_m:g}"})


def is_movable(base: Base, type_idx: int) -> bool:
    """Whether a type may come on wheels."""
    types = base.types
    line = {types.types[i].code for i in types.with_parents(type_idx)}
    by_rule = any(line & set(rule.functions) for rule in load_options() if rule.kind == "movable")
    return by_rule or types.types[type_idx].is_movable


def _stops(base: Base, type_idx: int, rows: _Rows) -> str:
    stops = base.pack.stops
    if not is_movable(base, type_idx):
        return message_of("site_words.not_movable", {"type": base.types.types[type_idx].label})
    if stops is None or not len(stops):
        return message_of("site_words.no_stops", {})
    n, cost = len(stops), function_cost_fen(base, type_idx, "stop")
    rows.candidate_id += stops.stop_id
    rows.name += [name or i for name, i in zip(stops.name, stops.stop_id, strict=True)]
    rows.kind += ["stop"] * n
    rows.lon += stops.lon.tolist()
    rows.lat += stops.lat.tolist()
    rows.x_m += stops.x_m.tolist()
    rows.y_m += stops.y_m.tolist()
    rows.area_m2 += [float("nan")] * n
    rows.cost_fen += [cost] * n
    rows.allowed_types += [tuple(base.types.types[t].code for t in trades) for trades in stops.trades]
    rows.origin_idx += range(n)
    rows.source_row += stops.source_row.tolist()
    return message_of(
        "site_words.stop_cost", {"wan": f"{cost / 1e6:g}", "type": base.types.types[type_idx].label}
    )
