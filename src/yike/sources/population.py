"""
Population grids: a table of cells, polygons with a population column, or a GeoTIFF of people per cell.

A cell is one place at its centre (for polygons: at a point inside). Its people are what the grid says,
``people_method`` "grid": not counted at addresses, but not our estimate either.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yike.core.tables import FloatArray, Places
from yike.sources.intake import ReadContext
from yike.sources.located import read_located, rows_of, unique_ids
from yike.sources.pack_spec import PlacesSpec

GRID_SUFFIXES = (".tif", ".tiff")


def read_grid(spec: PlacesSpec, ctx: ReadContext) -> Places:
    """
    Read the population grid of ``[places]``.

    Parameters
    ----------
    spec
        Section ``[places]``: a CSV or XLSX of cells (lon, lat, population), a polygon layer with a population
        column, or a GeoTIFF (``band``).
    ctx
        Takes the faults; its network says which part of a raster matters.

    Returns
    -------
    Places
        Every row of a table or layer; of a raster only cells with people near the network. Empty when
        nothing could be read.
    """
    path = ctx.path(spec.file, "places")
    if path is None:
        return empty_places()
    is_raster = spec.file.casefold().endswith(GRID_SUFFIXES)
    if is_raster:
        from yike.sources.raster import (
            read_raster,  # late: rasterio takes 0.1 s, and few packs bring a GeoTIFF
        )

        cells = read_raster(spec, ctx, path)
    else:
        cells = _read_cells(spec, ctx)
    if cells is None or not np.nansum(cells.people) > 0:
        ctx.add("places.grid.empty", file=spec.file, level="warning")
    return cells if cells is not None else empty_places()


def empty_places() -> Places:
    """No homes at all."""
    none, no_idx = np.empty(0), np.empty(0, np.int32)
    return Places(
        (), (), none, none, none, none, none, none, (), np.empty((0, 0)), no_idx, no_idx, no_idx,
        np.empty(0, np.bool_), "unknown", no_idx,
    )  # fmt: skip


def _read_cells(spec: PlacesSpec, ctx: ReadContext) -> Places | None:
    rows = read_located(ctx, spec, "places", "place")
    if rows is None:
        return None
    table = rows.table
    if not table.has("people"):
        ctx.add("places.grid.column_missing", file=table.file, found="、".join(table.headers))
        return None
    people = table.numbers("people", ctx.faults, at_least=0, code="places.number")
    cells = grid_cells(rows.lon, rows.lat, people, unique_ids(ctx, table, "cell-"), ctx)
    return replace(cells, name=table.text("name"), source_row=rows_of(rows))


def grid_cells(
    lon: FloatArray, lat: FloatArray, people: FloatArray, ids: tuple[str, ...], ctx: ReadContext
) -> Places:
    """Cells as places at their centres, in the metres of the pack."""
    n = len(ids)
    none = np.full(n, -1, np.int32)
    x_m, y_m = ctx.projection.forward(lon, lat)
    unknown = np.full(n, np.nan)
    return Places(
        ids, ("",) * n, lon, lat, x_m, y_m, people, unknown, (), np.empty((n, 0)), none, none, none,
        np.zeros(n, np.bool_), "grid", none,
    )  # fmt: skip
