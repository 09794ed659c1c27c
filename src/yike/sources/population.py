"""
Population grids: a table of cells, polygons with a population column, or a GeoTIFF of people per cell.

A cell is one place at its centre (for polygons: at a point inside). Its people are what the grid says,
``people_method`` "grid": not counted at addresses, but not our estimate either.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from rasterio.errors import RasterioError
from rasterio.windows import Window, from_bounds

from yike.core.geo.datum import to_wgs84
from yike.core.tables import FloatArray, Places
from yike.sources.intake import ReadContext
from yike.sources.located import read_located, rows_of, unique_ids
from yike.sources.pack_spec import PlacesSpec

MARGIN_M = 1_500.0
"""Cells farther than this from the network's box cannot matter to a 15-minute walk."""

DENSITY_BELOW = 1.0
"""A raster whose fullest cell holds less than one person gives a density or a share, not people."""

_M_PER_DEGREE = 111_195.0

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
    cells = _read_raster(spec, ctx, path) if is_raster else _read_cells(spec, ctx)
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
    cells = _cells(rows.lon, rows.lat, people, unique_ids(ctx, table, "cell-"), ctx)
    return replace(cells, name=table.text("name"), source_row=rows_of(rows))


def _read_raster(spec: PlacesSpec, ctx: ReadContext, path: Path) -> Places | None:
    file = spec.file
    try:
        with rasterio.open(path) as raster:
            stated = raster.crs.to_wkt() if raster.crs is not None else spec.crs
            if not stated:
                ctx.add("places.grid.crs_missing", file=file)
                return None
            band = spec.band
            if not 1 <= band <= raster.count:
                ctx.add("places.grid.band_missing", file=file, found=str(band), expected=str(raster.count))
                return None
            system = CRS.from_user_input(stated)
            window = _window(ctx, raster, system)
            if window is None:
                return None
            people = raster.read(band, window=window, masked=True).astype(np.float64).filled(np.nan)
            transform = raster.transform
    except (RasterioError, CRSError, ValueError) as wrong:
        ctx.add("places.grid.unreadable", file=file, found=str(wrong)[:200])
        return None
    return _from_raster(spec, ctx, people, transform, window, system)


def _window(ctx: ReadContext, raster: Any, system: CRS) -> Window | None:
    """Part of the raster that covers the network's box and the margin; None when they do not meet."""
    whole = Window(0, 0, raster.width, raster.height)
    if ctx.network is None or not ctx.network.n_vertices:
        return whole
    lon, lat = ctx.network.vertex_lon, ctx.network.vertex_lat
    d_lat = MARGIN_M / _M_PER_DEGREE
    d_lon = d_lat / max(0.01, float(np.cos(np.radians(np.abs(lat).max()))))
    box = (lon.min() - d_lon, lat.min() - d_lat, lon.max() + d_lon, lat.max() + d_lat)
    change = Transformer.from_crs("EPSG:4326", system, always_xy=True)
    asked = from_bounds(*change.transform_bounds(*box), transform=raster.transform)
    asked = asked.round_offsets(op="floor").round_lengths(op="ceil")
    try:
        return asked.intersection(whole)
    except rasterio.errors.WindowError:
        return None


def _from_raster(
    spec: PlacesSpec, ctx: ReadContext, people: FloatArray, transform: Any, window: Window, system: CRS
) -> Places:
    file = spec.file
    if (n_negative := int((people < 0).sum())) > 0:
        ctx.add("places.grid.negative", file=file, count=n_negative, level="warning")
    row, column = np.nonzero(people > 0)
    values = people[row, column]
    if len(values) and values.max() < DENSITY_BELOW:
        ctx.add("places.grid.density", file=file, found=f"{values.max():.3g}", level="warning")
    top, left = int(window.row_off), int(window.col_off)
    # Written out: multiplying by an Affine is deprecated in one version and the only way in another.
    x = transform.c + transform.a * (column + left + 0.5) + transform.b * (row + top + 0.5)
    y = transform.f + transform.d * (column + left + 0.5) + transform.e * (row + top + 0.5)
    lon, lat = Transformer.from_crs(system, "EPSG:4326", always_xy=True).transform(x, y)
    if spec.datum:
        lon, lat = to_wgs84(lon, lat, spec.datum)
    ids = tuple(f"r{r + top}c{c + left}" for r, c in zip(row.tolist(), column.tolist(), strict=True))
    ctx.add(
        "places.grid.clipped",
        file=file,
        level="note",
        margin=f"{MARGIN_M:g}",
        count=len(values),
        people=f"{values.sum():,.0f}",
    )
    return _cells(np.asarray(lon), np.asarray(lat), values, ids, ctx)


def _cells(
    lon: FloatArray, lat: FloatArray, people: FloatArray, ids: tuple[str, ...], ctx: ReadContext
) -> Places:
    n = len(ids)
    none = np.full(n, -1, np.int32)
    x_m, y_m = ctx.projection.forward(lon, lat)
    unknown = np.full(n, np.nan)
    return Places(
        ids, ("",) * n, lon, lat, x_m, y_m, people, unknown, (), np.empty((n, 0)), none, none, none,
        np.zeros(n, np.bool_), "grid", none,
    )  # fmt: skip
