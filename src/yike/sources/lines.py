"""
A planning bureau's line layer (GeoJSON, GeoPackage, zipped Shapefile) as a walking network.

Lines are split where they cross, unless their levels differ (a bridge crosses without meeting); ends within
``snap_m`` of each other, or of another line, are joined. ``noding.py`` does the geometry.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yike.core.geo.projection import LocalProjection
from yike.core.network.build import make_network
from yike.core.tables import BoolArray, ByteArray, IntArray, PieceFlag, WalkNetwork
from yike.errors import EmptyNetworkError, Fault, UnreadableFileError
from yike.sources.headers import match_headers
from yike.sources.intake import fault
from yike.sources.layers import Geometries, Layer, read_layer, shift_datum
from yike.sources.noding import Noded, node_lines
from yike.sources.osm.walkable import DEFAULT_FILTER

_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING)
_NO = frozenset({"", "0", "f", "false", "n", "no", "否", "无", "不是"})
_DENIED = frozenset({"no", "private", "否", "禁止", "不可", "0", "false"})
_NOT_STREETS = DEFAULT_FILTER.not_walkable | frozenset(
    {"ferry", "rail", "railway", "subway", "高速", "高速公路", "铁路", "轨道交通", "航线"}
)
_STEPS = frozenset({"steps", "stairs", "台阶", "梯道", "步梯"})
_LEVEL_FIELDS = ("layer", "level", "bridge", "tunnel")


def read_lines(
    path: Path,
    datum: str | None = None,
    *,
    crs: str | None = None,
    snap_m: float = 0.5,
    split: bool = True,
    sheet: str = "",
) -> tuple[WalkNetwork, list[Fault]]:
    """
    Read a line layer as a walking network.

    Parameters
    ----------
    path
        ``.geojson``, ``.gpkg``, ``.shp`` or ``.shp.zip``.
    datum
        How plain degrees are meant: "wgs84", "cgcs2000", "gcj02" or "bd09". Layers with a coordinate
        system of their own (Gauss-Kruger and the like) do not need it.
    crs
        Coordinate system to use instead of the file's own, "EPSG:4547".
    snap_m
        Ends this near to each other, or to another line, are joined.
    split
        Split lines where they cross; False when the layer comes split already.
    sheet
        Layer of a GeoPackage.

    Returns
    -------
    network
        Vertex ids count from 1; ``piece_way_id`` is the feature's number from 1.
    faults
        Features that could not be used, and notes on what was joined or kept apart.

    Raises
    ------
    UnreadableFileError
        The layer cannot be read at all; carries the faults.
    EmptyNetworkError
        No line of it can be walked.
    """
    path = Path(path)
    layer, faults = read_layer(path, name=sheet, file=path.name, crs=crs)
    if layer is None:
        raise UnreadableFileError("lines.unreadable", tuple(faults), file=path.name)
    if not layer.datum:
        layer = shift_datum(layer, datum or "wgs84")
    shapes, feature, more = _single_lines(layer)
    columns = _Columns(layer)
    walkable = columns.is_walkable()
    kept = walkable[feature]
    faults += [*more, *_filter_faults(layer, walkable)]
    shapes, feature = shapes[kept], feature[kept]
    if not len(shapes):
        raise EmptyNetworkError("lines.empty", file=path.name)
    projection, flat = _to_metres(shapes)
    noded = node_lines(flat, columns.levels()[feature], snap_m, split)
    faults += _noding_faults(layer, feature, noded, snap_m)
    if not len(noded.piece_from_idx):
        raise EmptyNetworkError("lines.empty", file=path.name)
    return _network(noded, projection, columns, feature[noded.piece_line_idx]), faults


def _single_lines(layer: Layer) -> tuple[Geometries, IntArray, list[Fault]]:
    """Lines of all features (multi-part ones taken apart) and the feature each came from."""
    parts, owner = shapely.get_parts(layer.geometry, return_index=True)
    is_line = np.isin(shapely.get_type_id(parts), [int(t) for t in _LINES])
    faults = [
        fault(
            "lines.geometry.kind",
            file=layer.file,
            row=int(layer.row[i]),
            found=str(layer.geometry[i].geom_type),
        )
        for i in np.unique(owner[~is_line]).tolist()
    ]
    parts, owner = parts[is_line], owner[is_line]
    has_length = shapely.length(parts) > 0
    faults += [
        fault("lines.zero_length", level="warning", file=layer.file, row=int(layer.row[i]))
        for i in np.unique(owner[~has_length]).tolist()
    ]
    return parts[has_length], owner[has_length].astype(np.int32), faults


def _to_metres(shapes: Geometries) -> tuple[LocalProjection, Geometries]:
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    projection = LocalProjection((west + east) / 2, (south + north) / 2)

    def forward(xy: Any) -> Any:
        return np.column_stack(projection.forward(xy[:, 0], xy[:, 1]))

    return projection, shapely.transform(shapes, forward, include_z=False)


class _Columns:
    """Attributes of the layer under our names, whatever they are called in the file."""

    def __init__(self, layer: Layer) -> None:
        headers = list(layer.columns)
        found = match_headers(headers, "line")
        self._values = {field: layer.columns[headers[i]] for field, i in found.items()}
        self._n = len(layer)

    def text(self, field: str) -> list[str]:
        values = self._values.get(field)
        return [""] * self._n if values is None else ["" if v is None else str(v).strip() for v in values]

    def _is(self, field: str) -> BoolArray:
        """Whether the field says anything but no."""
        return np.array([v.casefold().removesuffix(".0") not in _NO for v in self.text(field)], np.bool_)

    def is_walkable(self) -> BoolArray:
        """Not a motorway, railway or ferry, and not closed to pedestrians."""
        kind = [v.casefold() in _NOT_STREETS for v in self.text("kind")]
        foot = [v.casefold() in _DENIED for v in self.text("foot")]
        return ~(np.array(kind, np.bool_) | np.array(foot, np.bool_))

    def levels(self) -> IntArray:
        """One number per combination of layer, level, bridge and tunnel."""
        keys = list(zip(*(self._level_text(field) for field in _LEVEL_FIELDS), strict=True))
        number = {key: i for i, key in enumerate(sorted(set(keys)))}
        return np.array([number[key] for key in keys], np.int32)

    def _level_text(self, field: str) -> list[str]:
        return [
            "" if v.casefold().removesuffix(".0") in _NO else v.casefold().removesuffix(".0")
            for v in self.text(field)
        ]

    def flags(self) -> ByteArray:
        """``PieceFlag`` bits per feature."""
        steps = self._is("stairs") | np.array([v.casefold() in _STEPS for v in self.text("kind")], np.bool_)
        flags: ByteArray = np.where(steps, np.uint8(PieceFlag.STEPS), np.uint8(0))
        flags |= np.where(self._is("bridge"), np.uint8(PieceFlag.BRIDGE), np.uint8(0))
        flags |= np.where(self._is("tunnel"), np.uint8(PieceFlag.TUNNEL), np.uint8(0))
        return flags


def _network(noded: Noded, projection: LocalProjection, columns: _Columns, feature: IntArray) -> WalkNetwork:
    lon, lat = projection.inverse(noded.vertex_x_m, noded.vertex_y_m)
    kind_of, kinds = _numbered(columns.text("kind"), most=256)
    name_of, names = _numbered(columns.text("name"))
    blank = names.index("") if "" in names else -1
    name_idx = name_of[feature]
    return make_network(
        np.arange(1, len(noded.vertex_x_m) + 1, dtype=np.int64),
        np.asarray(lon, np.float64),
        np.asarray(lat, np.float64),
        noded.piece_from_idx,
        noded.piece_to_idx,
        noded.piece_length_m,
        flags=columns.flags()[feature],
        kind_idx=kind_of[feature].astype(np.uint8),
        kinds=kinds,
        way_id=feature.astype(np.int64) + 1,
        name_idx=np.where(name_idx == blank, np.int32(-1), name_idx),
        names=names,
        origin=(projection.origin_lon, projection.origin_lat),
        x_m=noded.vertex_x_m,
        y_m=noded.vertex_y_m,
    )


def _numbered(texts: list[str], most: int | None = None) -> tuple[IntArray, tuple[str, ...]]:
    """Texts by number; beyond ``most`` different ones the rest are called ``other``."""
    known = sorted(set(texts))
    if most is not None and len(known) > most:
        known = [*known[: most - 1], "other"]
    number = {text: i for i, text in enumerate(known)}
    return np.array([number.get(text, len(known) - 1) for text in texts], np.int32), tuple(known)


def _filter_faults(layer: Layer, walkable: BoolArray) -> list[Fault]:
    count = int((~walkable).sum())
    return [fault("lines.not_walkable", level="note", file=layer.file, count=count)] if count else []


def _noding_faults(layer: Layer, feature: IntArray, noded: Noded, snap_m: float) -> list[Fault]:
    counts = {
        "lines.crossings.split": noded.n_split,
        "lines.crossings.apart": noded.n_apart,
        "lines.ends.joined": noded.n_snapped,
    }
    faults = [
        fault(code, level="note", file=layer.file, count=count, snap_m=snap_m)
        for code, count in counts.items()
        if count
    ]
    gone = np.unique(feature[np.setdiff1d(np.arange(len(feature)), noded.piece_line_idx)])
    if len(gone):
        rows = layer.row[gone]
        listed = "、".join(str(r) for r in rows[:5].tolist()) + ("……" if len(rows) > 5 else "")
        facts = {"count": len(rows), "rows": listed, "snap_m": snap_m}
        first = int(rows[0])
        faults.append(fault("lines.shorter_than_snap", level="warning", file=layer.file, row=first, **facts))
    return faults
