"""Features of a map layer as the rows of a table: GeoJSON, GeoPackage, zipped Shapefile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yike.errors import UnreadableFileError
from yike.sources.headers import match_headers
from yike.sources.layers import read_layer
from yike.sources.tabular import Table


def read_layer_table(
    path: Path, *, layer: str | None, kind: str, columns: Mapping[str, str], crs: str = ""
) -> Table:
    """
    Read a layer's features as rows; "lon" and "lat" come from the shape (a point inside polygons).

    Row numbers count features from 1. ``Table.datum`` is "wgs84" when the file's own plane coordinate
    system settles it, else "" and the pack has to say.

    Raises
    ------
    UnreadableFileError
        Nothing could be read; carries the faults of ``layers.read_layer``.
    """
    found, faults = read_layer(path, name=layer or "", crs=crs or None)
    if found is None:
        raise UnreadableFileError("table.layer.unreadable", tuple(faults), file=path.name)
    headers = tuple(found.columns)
    cells = [tuple(_as_text(v) for v in column) for column in found.columns.values()]
    lon, lat = _points(found.geometry)
    fields = match_headers(headers, kind, columns)
    fields.update(lon=len(headers), lat=len(headers) + 1)
    return Table(
        file=path.name,
        sheet=layer or "",
        kind=kind,
        headers=(*headers, "经度", "纬度"),
        header_row=0,
        columns=(*cells, lon, lat),
        row_number=found.row,
        fields=fields,
        encoding="utf-8",
        faults=tuple(faults),
        datum=found.datum,
    )


def _points(geometry: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    is_point = shapely.get_type_id(geometry) == shapely.GeometryType.POINT
    points = np.where(is_point, geometry, shapely.point_on_surface(geometry))
    return _degrees(shapely.get_x(points)), _degrees(shapely.get_y(points))


def _degrees(values: Any) -> tuple[str, ...]:
    return tuple("" if np.isnan(v) else repr(float(v)) for v in values)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()
