"""
Communities (社区) and living circles (便民生活圈): who lives under which, and which belong together.

Communities come as polygons, as points (then part ``core.circle.delineate`` gives each home to the community
it walks to soonest), or as a column of the homes. Circles come as the list of the form (序号, 名称, 包含社区,
建设年限). Names are matched by stem; a name that merely looks alike is suggested, never taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from yike.core.tables import Communities, FloatArray
from yike.sources.circle_cells import kind_of
from yike.sources.circles import CircleMembers, no_communities, read_circles
from yike.sources.intake import ReadContext
from yike.sources.located import Located, read_located, read_rows, unique_ids
from yike.sources.names import stem
from yike.sources.pack_spec import CommunitiesSpec, PlacesSpec
from yike.sources.tabular import Table

__all__ = ["CircleMembers", "CommunityPoints", "no_communities", "read_circles", "read_communities"]

OVERLAP_SHARE = 0.01
"""Neighbours that overlap by more of the smaller one than this get a warning: drawn lines never meet."""

_AREA_TYPES = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, eq=False)
class CommunityPoints:
    """Positions of communities that have no polygon: seeds of the walking Voronoi; NaN where none."""

    lon: FloatArray
    lat: FloatArray


def read_communities(spec: CommunitiesSpec, ctx: ReadContext) -> Communities:
    """
    Read the communities of a pack.

    Parameters
    ----------
    spec
        Section ``[communities]``.
    ctx
        Faults and what was found are noted; the points of
        communities go to ``ctx.settled["community_points"]`` as ``CommunityPoints``.

    Returns
    -------
    Communities
        ``delineation`` is "polygons", "walking_voronoi" (points: the study has to delineate), "column" or
        "none" (no communities). ``circle_idx`` is -1 until ``circles.read_circles``.
    """
    if spec.source == "file" and spec.file:
        areas = _from_file(spec, ctx)
    elif spec.source == "osm_residential":
        areas = _from_osm(ctx)
    elif spec.source == "column":
        areas = _from_column(spec, ctx)
    else:
        return no_communities()
    if not len(areas):
        ctx.add("areas.community.none", file=spec.file or "pack.toml", column="[communities]")
    ctx.found["communities"] = {"rows": len(areas), "delineation": areas.delineation}
    return areas


def _from_file(spec: CommunitiesSpec, ctx: ReadContext) -> Communities:
    rows = read_located(ctx, spec, "communities", "community")
    if rows is None or not len(rows):
        return no_communities()
    areas = _register(ctx, rows.table, tuple(rows.shape))
    ctx.settled["communities_table"] = rows.table
    ctx.settled["community_points"] = CommunityPoints(rows.lon, rows.lat)
    if all(s is None for s in rows.shape):
        ctx.add("areas.community.voronoi", file=rows.table.file, level="note")
        ctx.estimates.append("社区范围为推定：社区只有点位，居住点按步行时间最近的社区划分。")
        return replace(areas, delineation="walking_voronoi")
    _tell_overlaps(ctx, areas, rows)
    return areas


def _register(ctx: ReadContext, table: Table, polygons: tuple[Any, ...]) -> Communities:
    numbers = {
        name: table.numbers(name, ctx.faults, at_least=0, code="areas.community.number")
        for name in ("people", "households", "total_floor_m2", "commercial_floor_m2", "service_floor_m2")
    }
    _tell_doubles(ctx, table)
    for i in np.flatnonzero(numbers["commercial_floor_m2"] > numbers["total_floor_m2"]):
        ctx.faults.append(
            table.fault(
                "areas.community.commercial_larger",
                int(i),
                "commercial_floor_m2",
                found=f"{numbers['commercial_floor_m2'][i]:g}",
                expected=f"{numbers['total_floor_m2'][i]:g}",
                level="warning",
            )
        )
    return Communities(
        community_id=unique_ids(ctx, table, "community-"),
        name=table.text("name"),
        street=table.text("street"),
        kind=tuple(kind_of(cell) for cell in table.text("kind")),
        polygons=polygons,
        circle_idx=np.full(len(table), -1, np.int32),
        delineation="polygons",
        **numbers,
    )


def _tell_doubles(ctx: ReadContext, table: Table) -> None:
    seen = dict[tuple[str, str], int]()
    for i, (name, street) in enumerate(zip(table.text("name"), table.text("street"), strict=True)):
        if not name:
            ctx.faults.append(table.fault("areas.community.name_missing", i, "name"))
            continue
        key = (stem(name), street)
        if key in seen:
            ctx.faults.append(
                table.fault(
                    "areas.community.duplicate", i, "name", found=name, level="warning", other_row=seen[key]
                )
            )
        seen.setdefault(key, int(table.row_number[i]))


def _tell_overlaps(ctx: ReadContext, areas: Communities, rows: Located) -> None:
    shapes = np.array([s if s is not None else shapely.Polygon() for s in areas.polygons], dtype=object)
    pairs = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    for a, b in sorted((int(a), int(b)) for a, b in pairs.T if a < b):
        share = shapes[a].intersection(shapes[b]).area / min(shapes[a].area, shapes[b].area)
        if share > OVERLAP_SHARE:
            ctx.add(
                "areas.community.overlap",
                file=rows.table.file,
                row=int(rows.table.row_number[b]),
                level="warning",
                name=areas.name[b],
                other=areas.name[a],
                found=f"{share:.0%}",
            )


def _from_osm(ctx: ReadContext) -> Communities:
    """Named residential areas of the OSM file stand for communities: the best there is in open data."""
    named = osm_residential(ctx)
    if not named:
        ctx.add("areas.community.no_osm_areas", file=ctx.spec.network.file)
        return no_communities()
    n = len(named)
    unknown = np.full(n, np.nan)
    return Communities(
        community_id=tuple(id_ for id_, _, _ in named),
        name=tuple(name for _, name, _ in named),
        street=("",) * n,
        kind=("",) * n,
        people=unknown,
        households=unknown,
        total_floor_m2=unknown,
        commercial_floor_m2=unknown,
        service_floor_m2=unknown,
        polygons=tuple(shape for _, _, shape in named),
        circle_idx=np.full(n, -1, np.int32),
        delineation="polygons",
    )


def osm_residential(ctx: ReadContext) -> list[tuple[str, str, Any]]:
    """Id, name and polygon of the OSM file's named residential areas, in the file's order."""
    areas = ctx.osm.areas if ctx.osm is not None else None
    if areas is None:
        return []
    return [
        (areas.area_id[i], areas.name[i], areas.geometry[i])
        for i in range(len(areas))
        if areas.kind[i] == "residential" and areas.name[i] and areas.geometry[i].geom_type in _AREA_TYPES
    ]


def _from_column(spec: CommunitiesSpec, ctx: ReadContext) -> Communities:
    """One community per value of a column of the homes, in order of first appearance."""
    column, homes = spec.column, ctx.spec.places
    table = _peek(ctx, homes)
    if table is None:
        return no_communities()
    if column and column not in table.headers:
        ctx.add(
            "areas.community.column_missing", file=homes.file, found=column, near="、".join(table.headers)
        )
        return no_communities()
    cells = table.columns[table.headers.index(column)] if column else table.text("community")
    return by_names(tuple(dict.fromkeys(c for c in cells if c)))


def _peek(ctx: ReadContext, homes: PlacesSpec) -> Table | None:
    """Table of the homes, its faults left to the reader of the homes."""
    if homes.source != "file" or not homes.file:
        return None
    quiet = replace(ctx, faults=[])
    return read_rows(quiet, homes, "places", "place")


def by_names(names: Sequence[str]) -> Communities:
    """Communities of which only the name is known."""
    unknown, n = np.full(len(names), np.nan), len(names)
    return Communities(
        tuple(names), tuple(names), ("",) * n, ("",) * n, unknown, unknown, unknown, unknown, unknown,
        (None,) * n, np.full(n, -1, np.int32), "column" if n else "none",
    )  # fmt: skip
