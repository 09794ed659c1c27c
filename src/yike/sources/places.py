"""
Where people live: a table or layer of homes, a population grid, or residential buildings of the OSM file.

Blank is unknown and stays NaN; 0 is nobody. What has to be estimated is marked so on every row.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yike.core.tables import BoolArray, Communities, FloatArray, IntArray, Places
from yike.errors import Fault
from yike.sources.age_bands import read_bands
from yike.sources.buildings import read_osm_buildings
from yike.sources.intake import ReadContext, fault
from yike.sources.located import Located, read_located, rows_of, unique_ids
from yike.sources.names import match_name, nearest_names
from yike.sources.pack_join import polygon_of_points
from yike.sources.pack_spec import PlacesSpec
from yike.sources.population import GRID_SUFFIXES, empty_places, read_grid
from yike.sources.spread import (
    NOT_ESTIMATED,
    load_estimates,
    method_of,
    spread_people,
    total_of_points,
    ways_in_words,
)
from yike.sources.tabular import Table

HUGE_PEOPLE = 50_000
"""More people than any one compound holds: a total of a street office typed onto a point."""

DIFFERS_SHARE = 0.005
"""Totals of two tables that differ by less than this (and less than one person) are not told apart."""


def read_places(spec: PlacesSpec, ctx: ReadContext) -> Places:
    """
    Read the homes of a pack, by whichever source it names.

    Parameters
    ----------
    spec
        Section ``[places]``.
    ctx
        Its ``communities`` and ``compounds`` (when read already) give each home its area.

    Returns
    -------
    Places
        Empty when the pack has none or the file cannot be read (then a fault says so). ``circle_idx`` is
        -1 until the circles are read.
    """
    if spec.source == "osm":
        places = read_osm_buildings(spec, ctx)
    elif spec.source == "file" and spec.file:
        is_grid = spec.kind == "grid" or spec.file.casefold().endswith(GRID_SUFFIXES)
        places = read_grid(spec, ctx) if is_grid else read_homes(spec, ctx)
    else:
        places = empty_places()
    if not len(places):
        ctx.add("places.none", file=spec.file or "pack.toml", column="[places]", level="warning")
    places = with_areas(ctx, places)
    _compare_with_area(spec, ctx)
    _compare_totals(ctx, places)
    _note_found(ctx, places)
    return places


def read_homes(spec: PlacesSpec, ctx: ReadContext) -> Places:
    """Homes from a table of points or a layer of points or polygons; see ``read_places``."""
    want = {"points": "point", "polygons": "polygon"}.get(spec.kind, "any")
    rows = read_located(ctx, spec, "places", "place", want=want)
    if rows is None or not len(rows):
        return empty_places()
    table = rows.table
    ctx.settled["places_table"] = table
    people = _people(spec, ctx, table)
    households = table.numbers("households", ctx.faults, at_least=0, code="places.number")
    bands, by_band = read_bands(table, people, ctx.faults)
    _check_people(ctx, table, people, households)
    _tell_duplicates(ctx, rows)
    community_idx = _named_communities(ctx, table)
    people, is_estimated, method = _fill_unknown(spec, ctx, rows, people, community_idx)
    return Places(
        place_id=unique_ids(ctx, table, "place-"),
        name=table.text("name"),
        lon=rows.lon,
        lat=rows.lat,
        x_m=rows.x_m,
        y_m=rows.y_m,
        people=people,
        households=households,
        bands=bands,
        people_by_band=by_band,
        community_idx=community_idx,
        circle_idx=np.full(len(rows), -1, np.int32),
        compound_idx=_named_compounds(ctx, table),
        is_estimated=is_estimated,
        people_method=method,
        source_row=rows_of(rows),
    )


def _people(spec: PlacesSpec, ctx: ReadContext, table: Table) -> FloatArray:
    if not table.has("people"):
        return np.full(len(table), np.nan)
    return table.numbers("people", ctx.faults, at_least=0, code="places.number")


def _check_people(ctx: ReadContext, table: Table, people: FloatArray, households: FloatArray) -> None:
    for code, bad in (
        ("places.people.fraction", people != np.round(people)),
        ("places.people.huge", people > HUGE_PEOPLE),
        ("places.people.fewer_than_households", people < households),
    ):
        for i in np.flatnonzero(bad & ~np.isnan(people)):
            facts = {"found": f"{people[i]:g}", "expected": f"{households[i]:g}"}
            ctx.faults.append(table.fault(code, int(i), "people", level="warning", **facts))
    unknown = int(np.isnan(people).sum())
    if unknown and table.has("people"):
        code = "places.people.all_unknown" if unknown == len(people) else "places.people.unknown"
        ctx.add(code, file=table.file, sheet=table.sheet, level="warning", count=unknown)


def _tell_duplicates(ctx: ReadContext, rows: Located) -> None:
    """Same name at the same spot (to a metre): people would count twice."""
    seen = dict[tuple[str, int, int], int]()
    names = rows.table.text("name")
    for i in range(len(rows)):
        key = (names[i], round(float(rows.x_m[i])), round(float(rows.y_m[i])))
        if key in seen and names[i]:
            other = int(rows.table.row_number[seen[key]])
            ctx.faults.append(
                rows.table.fault(
                    "places.duplicate_position", i, "name", found=names[i], level="warning", other_row=other
                )
            )
        seen.setdefault(key, i)


def _fill_unknown(
    spec: PlacesSpec, ctx: ReadContext, rows: Located, people: FloatArray, community_idx: IntArray
) -> tuple[FloatArray, BoolArray, str]:
    """Where nobody's number is known: from totals, or from floor area; else unknown stays unknown."""
    given = ~np.isnan(people)
    if given.any() or not len(people):
        return people, np.zeros(len(people), np.bool_), "given"
    floor_m2 = rows.table.numbers("floor_m2", [], at_least=0)
    has_floor = not np.isnan(floor_m2).any()
    weight = floor_m2 if has_floor else np.ones(len(people))
    community_idx = _where_unnamed(ctx, rows.lon, rows.lat, community_idx)
    totals = ctx.communities.people if ctx.communities is not None else np.empty(0)
    per_m2 = 1.0 / load_estimates()["residential_m2_per_person"].value
    spread = spread_people(
        weight,
        community_idx,
        totals,
        total=spec.total if spec.total is not None else total_of_points(ctx.communities),
        per_weight=(spec.people_per_m2 or per_m2) if has_floor else None,
    )
    method = method_of(spread)
    if method != "unknown":
        by = "建筑面积" if has_floor else "居住点平均"
        words = ways_in_words(spread, spec.people_per_m2 or per_m2, by)
        ctx.estimates.append("居住人口为估算：居住点表没有人口；" + "；".join(words) + "。")
    elif not rows.table.has("people"):
        ctx.add("places.people.column_missing", file=rows.table.file, sheet=rows.table.sheet, level="warning")
    if method != "unknown" and not has_floor:
        method = "equal"
    return spread.people, spread.how != NOT_ESTIMATED, method


def _named_communities(ctx: ReadContext, table: Table) -> IntArray:
    """Communities by the table's own column; -1 where blank or unknown (then the position decides)."""
    found = np.full(len(table), -1, np.int32)
    column = ctx.spec.communities.column
    cells = _column(table, column) if ctx.spec.communities.source == "column" else table.text("community")
    areas = ctx.communities
    if areas is None or not len(areas):
        return found
    matched = {c: match_name(c, areas.name, areas.community_id) for c in set(cells) if c}
    told = set[str]()
    for i, cell in enumerate(cells):
        if not cell:
            continue
        found[i] = matched[cell].idx
        if found[i] < 0 and cell not in told:
            told.add(cell)
            several = len(matched[cell].rows) > 1
            near = [f"{areas.name[r]}（{areas.street[r]}）" for r in matched[cell].rows]
            ctx.faults.append(
                table.fault(
                    "places.community_ambiguous" if several else "places.community_unknown",
                    i,
                    "community",
                    found=cell,
                    near="、".join(near or matched[cell].suggestions) or "没有",
                )
            )
    return found


def _column(table: Table, header: str) -> tuple[str, ...]:
    return table.columns[table.headers.index(header)] if header in table.headers else table.text("community")


def _named_compounds(ctx: ReadContext, table: Table) -> IntArray:
    found = np.full(len(table), -1, np.int32)
    names = tuple(getattr(ctx.compounds, "name", ()))
    ids = tuple(getattr(ctx.compounds, "compound_id", ()))
    if not names:
        return found
    for i, cell in enumerate(table.text("compound")):
        if cell:
            found[i] = match_name(cell, names, ids).idx
            if found[i] < 0:
                near = "、".join(nearest_names(cell, names)) or "没有"
                ctx.faults.append(
                    table.fault(
                        "places.compound_unknown", i, "compound", found=cell, near=near, level="warning"
                    )
                )
    return found


def with_areas(ctx: ReadContext, places: Places) -> Places:
    """Places with the community and compound they lie in, where their file did not say."""
    community_idx = _where_unnamed(ctx, places.lon, places.lat, places.community_idx)
    compound_idx = places.compound_idx
    polygons = getattr(ctx.compounds, "polygons", ())
    if len(polygons):
        by_position = polygon_of_points(polygons, places.lon, places.lat)
        compound_idx = np.where(compound_idx >= 0, compound_idx, by_position).astype(np.int32)
    outside = community_idx < 0
    areas = ctx.communities
    if areas is not None and areas.delineation in ("polygons", "column") and outside.any():
        known = places.people[outside]
        ctx.add(
            "places.outside_communities",
            file=ctx.spec.places.file or ctx.spec.network.file,
            level="warning",
            count=int(outside.sum()),
            people=f"{np.nansum(known):,.0f} 人" if not np.isnan(known).all() else "人口未知",
        )
    return replace(places, community_idx=community_idx, compound_idx=compound_idx)


def _where_unnamed(ctx: ReadContext, lon: FloatArray, lat: FloatArray, community_idx: IntArray) -> IntArray:
    if ctx.communities is None or ctx.communities.delineation != "polygons":
        return community_idx
    by_position = polygon_of_points(ctx.communities.polygons, lon, lat)
    return np.where(community_idx >= 0, community_idx, by_position).astype(np.int32)


def _compare_totals(ctx: ReadContext, places: Places) -> None:
    """B04: people on the homes of a community against the community's own total."""
    areas = ctx.communities
    if areas is None or not len(areas) or not len(places) or places.people_method not in ("given", "grid"):
        return
    if areas.delineation == "walking_voronoi" and (places.community_idx < 0).any():
        return  # the study gives the homes their communities, then compares
    ctx.faults.extend(total_faults(ctx.spec.places.file, places, areas))


def total_faults(file: str, places: Places, areas: Communities) -> list[Fault]:
    """One warning for each community whose homes hold other people than its stated total."""
    faults = []
    for c, found, is_complete in community_sums(places, areas):
        stated = areas.people[c]
        off = abs(found - stated) if is_complete else max(0.0, found - stated)
        if off >= 1 and off > DIFFERS_SHARE * stated:
            words = {"found": f"{found:,.0f} 人", "expected": f"{stated:,.0f} 人"}
            faults.append(
                fault("places.community_total", file=file, level="warning", name=areas.name[c], **words)
            )
    return faults


def _compare_with_area(spec: PlacesSpec, ctx: ReadContext) -> None:
    """The communities together cannot hold more people than the whole area."""
    stated = float(np.nansum(ctx.communities.people)) if ctx.communities is not None else 0.0
    if spec.total is not None and stated > spec.total:
        ctx.add(
            "places.total_smaller",
            file="pack.toml",
            column="[places] total",
            level="warning",
            found=f"{stated:,.0f} 人",
            expected=f"{spec.total:,.0f} 人",
        )


def community_sums(places: Places, areas: Communities) -> list[tuple[int, float, bool]]:
    """
    Community, known people on its homes, and whether all of them are known.

    Only communities that have homes and a stated total.
    """
    sums = []
    for c in np.flatnonzero(~np.isnan(areas.people)):
        mine = places.people[places.community_idx == c]
        if len(mine):
            sums.append((int(c), float(np.nansum(mine)), not np.isnan(mine).any()))
    return sums


def _note_found(ctx: ReadContext, places: Places) -> None:
    known = ~np.isnan(places.people)
    ctx.found["places"] = {
        "rows": len(places),
        "people": round(float(places.people[known].sum()), 1) if known.any() else None,
        "people_unknown_rows": int((~known).sum()),
        "estimated_rows": int(places.is_estimated.sum()),
        "people_method": places.people_method,
        "bands": list(places.bands),
    }
