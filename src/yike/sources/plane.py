"""Tables in plane metres: a coordinate system declared in ``pack.toml`` turns them into degrees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from yike.core.tables import BoolArray, FloatArray
from yike.sources.intake import ReadContext
from yike.sources.layers import parse_crs
from yike.sources.numbers import parse_number
from yike.sources.tabular import Table

if TYPE_CHECKING:
    import pyproj

FAR_DEG = 1.0
"""Farther than this from the streets, a plane coordinate was read in the wrong order."""


def plane_of(ctx: ReadContext, crs: str, section: str) -> pyproj.CRS | None:
    """The plane system a section declares; None (and a fault where nobody knows it) for degrees."""
    system = parse_crs(crs)
    if system is None:
        ctx.add("layers.crs.unknown", file="pack.toml", column=f"[{section}] crs", found=crs)
    return system if system is not None and system.is_projected else None


def in_degrees(ctx: ReadContext, table: Table, system: pyproj.CRS) -> Table:
    """
    The table with its coordinate cells in WGS-84 degrees; cells that are no number stay as they are.

    Surveyors in China write X for north and Y for east. Where the cells as written lie far from the streets
    and exchanged they lie on them, they are exchanged, with a note.
    """
    if not (table.has("lon") and table.has("lat")):
        return table
    x, y = (np.array([parse_number(c).value for c in table.text(n)], np.float64) for n in ("lon", "lat"))
    known = x[np.isfinite(x) & np.isfinite(y)], y[np.isfinite(x) & np.isfinite(y)]
    if len(known[0]) and (np.abs(known[0]) <= 180).all() and (np.abs(known[1]) <= 180).all():
        found = f"{known[0][0]:g}, {known[1][0]:g}"
        ctx.add("layers.crs.degrees", file=table.file, sheet=table.sheet, found=found, expected=system.name)
        return table
    import pyproj

    to_degrees = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    lon, lat = _moved(to_degrees, x, y)
    swapped = _moved(to_degrees, y, x)
    if _near(ctx, *swapped).sum() > _near(ctx, lon, lat).sum():
        lon, lat = swapped
        found = f"{table.header('lon')}、{table.header('lat')}"
        ctx.add("layers.crs.axes", file=table.file, sheet=table.sheet, found=found, level="note")
    columns = list(table.columns)
    for name, values in (("lon", lon), ("lat", lat)):
        cells = table.text(name)
        columns[table.fields[name]] = tuple(
            repr(float(v)) if np.isfinite(v) else cell for v, cell in zip(values, cells, strict=True)
        )
    return replace(table, columns=tuple(columns))


def _moved(change: pyproj.Transformer, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    lon, lat = change.transform(x, y)
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


def _near(ctx: ReadContext, lon: FloatArray, lat: FloatArray) -> BoolArray:
    if ctx.network is None or not ctx.network.n_vertices:
        return np.zeros(len(lon), np.bool_)
    net_lon, net_lat = ctx.network.vertex_lon, ctx.network.vertex_lat
    return np.asarray(
        (lon > net_lon.min() - FAR_DEG)
        & (lon < net_lon.max() + FAR_DEG)
        & (lat > net_lat.min() - FAR_DEG)
        & (lat < net_lat.max() + FAR_DEG),
        np.bool_,
    )
