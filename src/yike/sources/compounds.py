"""
Walled compounds (小区) and their gates, as the pack gives them.

OpenStreetMap hardly maps walls and gates in China, so these layers decide where people really come out. A
gate belongs to the compound that its column names, else to the one whose border runs nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from yike.core.tables import BoolArray, FloatArray, IntArray, freeze
from yike.sources.intake import ReadContext
from yike.sources.located import Located, read_located, rows_of, unique_ids
from yike.sources.names import match_name, nearest_names
from yike.sources.numbers import is_blank
from yike.sources.opening_hours import parse_hours
from yike.sources.pack_spec import FileSpec
from yike.sources.tabular import Table

GATE_WITHIN_M = 30.0
"""A gate farther than this from every compound's border belongs to none: no wall there to open."""

PEDESTRIAN_WORDS = ("人行", "行人", "步行", "pedestrian", "foot", "entrance", "小门", "侧门")
CAR_WORDS = ("车行", "车辆", "car", "lift_gate", "机动车")
BOTH_WORDS = ("人车", "混行", "主出入口", "大门", "gate", "正门")
CLOSED_WORDS = ("封闭", "关闭", "封堵", "closed", "停用", "消防")


@dataclass(frozen=True, eq=False)
class Compounds:
    """Walled compounds; polygons in WGS-84 degrees and in local metres."""

    compound_id: tuple[str, ...]
    name: tuple[str, ...]
    polygons: tuple[Any, ...]
    polygons_m: tuple[Any, ...]
    source_row: IntArray

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.compound_id)


@dataclass(frozen=True, eq=False)
class Gates:
    """Gates of compounds: where one may pass, on foot or by car, and when."""

    gate_id: tuple[str, ...]
    name: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    compound_idx: IntArray  # -1 none
    is_pedestrian: BoolArray  # people on foot may pass: every open gate but a pure car gate
    is_car: BoolArray
    hours: tuple[str, ...]  # as given, "" always open
    spans: tuple[tuple[tuple[int, int], ...], ...]  # open minutes of the week; ((0, 10080),) always
    source_row: IntArray

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.gate_id)


def read_compounds(spec: FileSpec, ctx: ReadContext) -> Compounds:
    """
    Read the layer of compounds.

    Parameters
    ----------
    spec
        Section ``[compounds]``: a polygon layer.
    ctx
        Takes the faults; the count goes to ``found["compounds"]``.

    Returns
    -------
    Compounds
        Empty when the pack has none or the file cannot be read.
    """
    rows = read_located(ctx, spec, "compounds", "compound", want="polygon") if spec.file else None
    if rows is None:
        return Compounds((), (), (), (), np.empty(0, np.int32))
    if all(s is None for s in rows.shape):
        ctx.add("compounds.no_polygons", file=spec.file)
        return Compounds((), (), (), (), np.empty(0, np.int32))
    in_metres = shapely.transform(
        rows.shape, lambda xy: np.column_stack(ctx.projection.forward(xy[:, 0], xy[:, 1]))
    )
    _tell_overlaps(ctx, rows, in_metres)
    ctx.found["compounds"] = {"rows": len(rows)}
    return Compounds(
        unique_ids(ctx, rows.table, "compound-"),
        rows.table.text("name"),
        tuple(rows.shape),
        tuple(in_metres),
        rows_of(rows),
    )


def read_gates(spec: FileSpec, ctx: ReadContext, compounds: Compounds) -> Gates:
    """
    Read the gates of compounds.

    Parameters
    ----------
    spec
        Section ``[gates]``: a table or layer of points; columns 类型 (人行, 车行, 人车混行), 小区, 开放时间.
    ctx
        Takes the faults; counts go to ``found["gates"]``.
    compounds
        Read before.

    Returns
    -------
    Gates
        Closed gates (封闭) are left out with a note. A compound without any gate for walkers gets a warning.
    """
    rows = read_located(ctx, spec, "gates", "gate", want="point") if spec.file else None
    if rows is None:
        return _no_gates()
    table = rows.table
    kinds = [_kind(ctx, table, i) for i in range(len(rows))]
    hours = [_spans(ctx, table, i) for i in range(len(rows))]
    keep = np.flatnonzero([k is not None for k in kinds])
    ids, names = unique_ids(ctx, table, "gate-"), table.text("name")
    compound_idx = _compounds_of(ctx, rows, compounds)
    gates = Gates(
        gate_id=tuple(ids[i] for i in keep),
        name=tuple(names[i] for i in keep),
        lon=rows.lon[keep],
        lat=rows.lat[keep],
        x_m=rows.x_m[keep],
        y_m=rows.y_m[keep],
        compound_idx=compound_idx[keep],
        is_pedestrian=np.array([kinds[i] in ("both", "pedestrian") for i in keep], np.bool_),
        is_car=np.array([kinds[i] in ("both", "car") for i in keep], np.bool_),
        hours=tuple(table.text("hours")[i] for i in keep),
        spans=tuple(hours[i] for i in keep),
        source_row=rows_of(rows)[keep],
    )
    _tell_without_gate(ctx, spec, compounds, gates)
    ctx.found["gates"] = {"rows": len(gates), "pedestrian": int(gates.is_pedestrian.sum())}
    return gates


def _no_gates() -> Gates:
    none, no_idx, no_flag = np.empty(0), np.empty(0, np.int32), np.empty(0, np.bool_)
    return Gates((), (), none, none, none, none, no_idx, no_flag, no_flag, (), (), no_idx)


def _kind(ctx: ReadContext, table: Table, i: int) -> str | None:
    """Whom a gate lets pass: "pedestrian", "car" or (blank too) "both"; None when closed for good."""
    cell = table.text("kind")[i].casefold()
    if any(w in cell for w in CLOSED_WORDS):
        ctx.faults.append(table.fault("compounds.gate.closed", i, "kind", found=cell, level="note"))
        return None
    has_foot, has_car = any(w in cell for w in PEDESTRIAN_WORDS), any(w in cell for w in CAR_WORDS)
    if not cell or (has_foot and has_car) or any(w in cell for w in BOTH_WORDS if cell != "lift_gate"):
        return "both"
    if has_foot or has_car:
        return "pedestrian" if has_foot else "car"
    ctx.faults.append(table.fault("compounds.gate.kind", i, "kind", found=cell, level="warning"))
    return "both"


def _spans(ctx: ReadContext, table: Table, i: int) -> tuple[tuple[int, int], ...]:
    cell = table.text("hours")[i]
    always = ((0, 7 * 24 * 60),)
    if is_blank(cell):
        return always
    hours = parse_hours(cell)
    if not hours.is_known:
        ctx.faults.append(table.fault("compounds.gate.hours", i, "hours", found=cell, level="warning"))
    return hours.spans if hours.is_known else always


def _compounds_of(ctx: ReadContext, rows: Located, compounds: Compounds) -> IntArray:
    found = _nearest_border(rows, compounds)
    for i, cell in enumerate(rows.table.text("compound")):
        if not cell:
            continue
        by_name = match_name(cell, compounds.name, compounds.compound_id).idx
        if by_name >= 0:
            found[i] = by_name
        else:
            near = "、".join(nearest_names(cell, compounds.name)) or "没有"
            ctx.faults.append(
                rows.table.fault(
                    "compounds.gate.compound_unknown", i, "compound", found=cell, near=near, level="warning"
                )
            )
    for alone in np.flatnonzero(found < 0):
        ctx.faults.append(rows.table.fault("compounds.gate.alone", int(alone), "compound", level="warning"))
    return found


def _nearest_border(rows: Located, compounds: Compounds) -> IntArray:
    found = np.full(len(rows), -1, np.int32)
    if not len(compounds) or not len(rows):
        return found
    borders = shapely.boundary(np.array(compounds.polygons_m, dtype=object))
    points = shapely.points(rows.x_m, rows.y_m)
    (at, border), _ = shapely.STRtree(borders).query_nearest(
        points, max_distance=GATE_WITHIN_M, return_distance=True
    )
    # Of equally near borders the lowest row wins.
    order = np.lexsort((-border, at))
    found[at[order]] = border[order]
    return found


def _tell_without_gate(ctx: ReadContext, spec: FileSpec, compounds: Compounds, gates: Gates) -> None:
    served = set(gates.compound_idx[gates.is_pedestrian].tolist())
    for c in range(len(compounds)):
        if c not in served:
            ctx.add("compounds.without_gate", file=spec.file, level="warning", compound=compounds.name[c])


def _tell_overlaps(ctx: ReadContext, rows: Located, shapes: Any) -> None:
    pairs = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    names = rows.table.text("name")
    for a, b in sorted((int(a), int(b)) for a, b in pairs.T if a < b):
        shared = shapes[a].intersection(shapes[b]).area
        if shared > 0.05 * min(shapes[a].area, shapes[b].area):
            ctx.faults.append(
                rows.table.fault(
                    "compounds.overlap", b, "name", compound=names[b], other=names[a], found=f"{shared:,.0f}",
                    level="warning",
                )
            )  # fmt: skip
