"""
Rows with a position, whatever they came in: points of a table, points or polygons of a layer.

Every reader of points in this project starts here, so that a missing, swapped or shifted coordinate is
found by the same rule and told in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.errors import MissingColumnError, UnreadableFileError
from yike.sources.datum_guess import convert_points
from yike.sources.headers import match_headers
from yike.sources.intake import ReadContext
from yike.sources.layers import Geometries, Layer, is_layer, load_layer
from yike.sources.numbers import Number
from yike.sources.pack_spec import FileSpec
from yike.sources.plane import in_degrees, plane_of
from yike.sources.tabular import Table, read_table

FAR_DEG = 1.0
"""A point this far outside the network's box with its axes the given way, and inside it with them swapped."""

MANY_SWAPPED = 3
"""Fewer exchanged rows than this are told row by row."""


@dataclass(frozen=True, eq=False)
class Located:
    """Usable rows of a file: cells, position in WGS-84 and in local metres, and the shape of polygons."""

    table: Table
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    shape: Geometries  # polygon in WGS-84, None for points

    def __len__(self) -> int:
        return len(self.lon)


def read_located(
    ctx: ReadContext, spec: FileSpec, section: str, kind: str, *, want: str = "any"
) -> Located | None:
    """
    Read a table of points or a layer of points or polygons.

    Parameters
    ----------
    ctx
        Takes the faults.
    spec
        The file; its ``sheet`` is a sheet or layer.
    section
        Section of ``pack.toml``, for the faults.
    kind
        Section of ``headers.toml``.
    want
        "point", "polygon" or "any", for layers. A polygon stands for a point inside it.

    Returns
    -------
    The usable rows; None when the file cannot be read or has no coordinates at all. Rows whose position
    cannot be used are faults of level "error" and left out.
    """
    if is_layer(spec.file):
        layer = load_layer(ctx, spec, section, want)
        return None if layer is None else _from_layer(ctx, layer, spec, kind)
    table = read_rows(ctx, spec, section, kind)
    if table is None:
        return None
    try:
        table.require("lon", "lat")
    except MissingColumnError as wrong:
        ctx.faults.extend(wrong.faults)
        return None
    return _from_table(ctx, table, spec, section)


def read_rows(ctx: ReadContext, spec: FileSpec, section: str, kind: str) -> Table | None:
    """Table of a section without positions; None (and a fault) when the file cannot be read."""
    path = ctx.path(spec.file, section)
    if path is None:
        return None
    try:
        table = read_table(path, sheet=spec.sheet or None, kind=kind, columns=spec.columns, crs=spec.crs)
    except UnreadableFileError as wrong:
        ctx.add(wrong.code, file=spec.file, **{k: v for k, v in wrong.facts.items() if k != "file"})
        return None
    ctx.faults.extend(table.faults)
    if not len(table):
        ctx.add("layers.no_rows", file=spec.file, sheet=table.sheet)
    return table


def locate_rows(ctx: ReadContext, table: Table, spec: FileSpec, section: str) -> Located:
    """Usable rows of a table that has coordinate columns; the others are faults, as in ``read_located``."""
    return _from_table(ctx, table, spec, section)


def unique_ids(ctx: ReadContext, table: Table, prefix: str) -> tuple[str, ...]:
    """
    Ids of all rows: as given, made from the row number where blank, faulted where given twice.

    Parameters
    ----------
    ctx
        Takes the faults.
    table
        Its "id" column may be missing.
    prefix
        Start of an id that is made up: prefix and row number of the file.
    """
    ids, first_row = [], dict[str, int]()
    for i, given in enumerate(table.text("id")):
        row = int(table.row_number[i])
        name = given or f"{prefix}{row}"
        if name in first_row:
            ctx.faults.append(
                table.fault("layers.id.duplicate", i, "id", found=name, other_row=first_row[name])
            )
            name = f"{name}#{row}"
        first_row[name] = row
        ids.append(name)
    return tuple(ids)


def keep_rows(table: Table, keep: BoolArray) -> Table:
    """The rows marked True."""
    rows = np.flatnonzero(keep)
    columns = tuple(tuple(c[i] for i in rows) for c in table.columns)
    return replace(table, columns=columns, row_number=table.row_number[rows])


def _from_layer(ctx: ReadContext, layer: Layer, spec: FileSpec, kind: str) -> Located:
    keep = ~shapely.is_missing(layer.geometry)
    table = keep_rows(_layer_table(layer, spec, kind), keep)
    geometry = layer.geometry[keep]
    # A point inside, also for crescents and holes, where a centroid may lie outside.
    inside = np.where(shapely.get_type_id(geometry) == 0, geometry, shapely.point_on_surface(geometry))
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    is_area = np.isin(shapely.get_type_id(geometry), (3, 6))
    x_m, y_m = ctx.projection.forward(lon, lat)
    shape = geometry.copy()
    shape[~is_area] = None
    return Located(table, lon, lat, x_m, y_m, shape)


def _layer_table(layer: Layer, spec: FileSpec, kind: str) -> Table:
    headers = tuple(layer.columns)
    return Table(
        file=layer.file,
        sheet="",
        kind=kind,
        headers=headers,
        header_row=0,
        columns=tuple(tuple(_cell(v) for v in layer.columns[h]) for h in headers),
        row_number=layer.row,
        fields=match_headers(headers, kind, spec.columns),
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _from_table(ctx: ReadContext, table: Table, spec: FileSpec, section: str) -> Located:
    if spec.crs and not table.datum and (plane := plane_of(ctx, spec.crs, section)) is not None:
        table, datum = in_degrees(ctx, table, plane), "wgs84"
    else:
        datum = table.datum or spec.datum
    table = _exchanged(ctx, table)
    lon_cells, lat_cells = table.degrees()
    lon = np.array([n.value for n in lon_cells], np.float64)
    lat = np.array([n.value for n in lat_cells], np.float64)
    good = np.array([_pair_is_good(ctx, table, i, lon_cells, lat_cells) for i in range(len(table))], np.bool_)
    table, lon, lat = keep_rows(table, good), lon[good], lat[good]
    _tell_swapped(ctx, table, lon, lat)
    lon, lat = convert_points(ctx, section, spec.file, datum, lon, lat)
    x_m, y_m = ctx.projection.forward(lon, lat)
    return Located(table, lon, lat, x_m, y_m, np.full(len(lon), None, dtype=object))


def _exchanged(ctx: ReadContext, table: Table) -> Table:
    """Where most rows have longitude and latitude exchanged: one fault, and the columns the right way."""
    if not (table.has("lon") and table.has("lat")) or not len(table):
        return table
    lon, lat = (np.array([n.value for n in cells], np.float64) for cells in table.degrees())
    known = np.isfinite(lon) & np.isfinite(lat) & ((lon != 0) | (lat != 0))
    swapped = known & (np.abs(lat) > 90) & (np.abs(lon) <= 90)
    if ctx.network is not None and ctx.network.n_vertices:
        swapped |= known & ~_near(ctx, lon, lat) & _near(ctx, lat, lon)
    if swapped.sum() < max(MANY_SWAPPED, 0.5 * known.sum()):
        return table
    first = int(np.flatnonzero(swapped)[0])
    found = f"{table.text('lon')[first]}, {table.text('lat')[first]}"
    names = {"lon": table.header("lat"), "lat": table.header("lon")}
    ctx.faults.append(
        table.fault("layers.point.all_swapped", -1, found=found, count=int(swapped.sum()), **names)
    )
    columns = list(table.columns)
    columns[table.fields["lon"]], columns[table.fields["lat"]] = table.text("lat"), table.text("lon")
    return replace(table, columns=tuple(columns))


def _pair_is_good(
    ctx: ReadContext, table: Table, i: int, lon: Sequence[Number], lat: Sequence[Number]
) -> bool:
    column = "lon" if table.has("lon") else "coordinates"
    if lon[i].how == "blank" and lat[i].how == "blank":
        ctx.faults.append(table.fault("layers.point.missing", i, column))
        return False
    for name, number, limit in (("lon", lon[i], 180.0), ("lat", lat[i], 90.0)):
        found = table.text(name)[i] or (table.text("coordinates")[i] if table.has("coordinates") else "")
        if number.how in ("bad", "blank"):
            ctx.faults.append(table.fault("layers.point.bad", i, name, found=found))
            return False
        if abs(number.value) > limit:
            swapped = name == "lat" and abs(lon[i].value) <= 90
            code = "layers.point.swapped" if swapped else "layers.point.range"
            ctx.faults.append(table.fault(code, i, name, found=found, expected=f"±{limit:g}"))
            return False
    if lon[i].value == 0 and lat[i].value == 0:
        ctx.faults.append(table.fault("layers.point.zero", i, column))
        return False
    return True


def _tell_swapped(ctx: ReadContext, table: Table, lon: FloatArray, lat: FloatArray) -> None:
    """Points far from the network that would lie in it with longitude and latitude exchanged."""
    if ctx.network is None or not ctx.network.n_vertices or not len(lon):
        return
    swapped = np.flatnonzero(~_near(ctx, lon, lat) & _near(ctx, lat, lon))
    for i in swapped:
        ctx.faults.append(
            table.fault("layers.point.swapped", int(i), "lat", found=f"{lon[i]:g}, {lat[i]:g}", expected="")
        )


def _near(ctx: ReadContext, lon: FloatArray, lat: FloatArray) -> BoolArray:
    if ctx.network is None:
        return np.ones(len(lon), np.bool_)
    box_lon, box_lat = ctx.network.vertex_lon, ctx.network.vertex_lat
    near: BoolArray = (lon > box_lon.min() - FAR_DEG) & (lon < box_lon.max() + FAR_DEG)
    near &= (lat > box_lat.min() - FAR_DEG) & (lat < box_lat.max() + FAR_DEG)
    return near


def rows_of(located: Located) -> IntArray:
    """Row numbers of the file, as a person counts."""
    return located.table.row_number.astype(np.int32)
