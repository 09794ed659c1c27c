"""A GeoTIFF of people per cell."""

from __future__ import annotations

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
from yike.sources.pack_spec import PlacesSpec
from yike.sources.population import grid_cells

MARGIN_M = 1_500.0
"""Cells farther than this from the network's box cannot matter to a 15-minute walk."""

DENSITY_BELOW = 1.0
"""A raster whose fullest cell holds less than one person gives a density or a share, not people."""

_M_PER_DEGREE = 111_195.0


def read_raster(spec: PlacesSpec, ctx: ReadContext, path: Path) -> Places | None:
    """
    Read the people per cell of a GeoTIFF, as far as it lies near the streets.

    Returns
    -------
    Places
        One row per cell with people; None (and a fault) where the file cannot be used.
    """
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
    return grid_cells(np.asarray(lon), np.asarray(lat), values, ids, ctx)
