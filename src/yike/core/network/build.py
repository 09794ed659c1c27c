"""Make a ``WalkNetwork`` from vertices and street pieces, whatever they were read from."""

from __future__ import annotations

import numpy as np

from yike.core.geo.projection import LocalProjection, haversine_m
from yike.core.tables import ByteArray, FloatArray, IntArray, LongArray, WalkNetwork
from yike.errors import EmptyNetworkError, InputError


def make_network(
    vertex_id: LongArray,
    lon: FloatArray | None,
    lat: FloatArray | None,
    piece_from_idx: IntArray,
    piece_to_idx: IntArray,
    piece_length_m: FloatArray | None = None,
    flags: ByteArray | None = None,
    kind_idx: ByteArray | None = None,
    kinds: tuple[str, ...] = (),
    way_id: LongArray | None = None,
    name_idx: IntArray | None = None,
    names: tuple[str, ...] = (),
    origin: tuple[float, float] | None = None,
    x_m: FloatArray | None = None,
    y_m: FloatArray | None = None,
) -> WalkNetwork:
    """
    Put columns together, fill what was not given, and check them. Nothing is dropped.

    Parameters
    ----------
    vertex_id : shape (n_vertices,)
        Outside keys.
    lon, lat : shape (n_vertices,)
        WGS-84 degrees; None when only local metres are known (a planar pack), then ``origin`` is required.
    piece_from_idx, piece_to_idx : shape (n_pieces,)
        Vertices of each piece; loops and parallel pieces are fine.
    piece_length_m
        Metres; None: great-circle length between the two vertices.
    flags, kind_idx, kinds, way_id, name_idx, names
        Columns of ``WalkNetwork``; None or empty: plain streets of unknown kind, way and name.
    origin
        Longitude and latitude of local (0, 0); None: the middle of the vertices' bounding box.
    x_m, y_m
        Local metres; None: projected from ``lon`` and ``lat``.

    Raises
    ------
    EmptyNetworkError
        There is no vertex.
    InputError
        A coordinate is unknown or infinite, or a length negative or unknown.
    ValueError
        Columns of different lengths, or an index that points outside (a mistake of the calling code).
    """
    ids = np.asarray(vertex_id, dtype=np.int64)
    if not len(ids):
        raise EmptyNetworkError("network.empty")
    lon, lat, x_m, y_m, origin = _coordinates(lon, lat, x_m, y_m, origin)
    start, end = np.asarray(piece_from_idx, dtype=np.int32), np.asarray(piece_to_idx, dtype=np.int32)
    n = len(start)
    if piece_length_m is None:
        piece_length_m = haversine_m(lon[start], lat[start], lon[end], lat[end])
    length_m = np.asarray(piece_length_m, dtype=np.float64)
    _check_lengths_known(length_m, way_id)
    network = WalkNetwork(
        vertex_id=ids,
        vertex_lon=lon,
        vertex_lat=lat,
        vertex_x_m=x_m,
        vertex_y_m=y_m,
        piece_from_idx=start,
        piece_to_idx=end,
        piece_length_m=length_m,
        piece_flags=np.zeros(n, np.uint8) if flags is None else np.asarray(flags, dtype=np.uint8),
        piece_kind_idx=np.zeros(n, np.uint8) if kind_idx is None else np.asarray(kind_idx, dtype=np.uint8),
        piece_way_id=np.zeros(n, np.int64) if way_id is None else np.asarray(way_id, dtype=np.int64),
        piece_name_idx=np.full(n, -1, np.int32) if name_idx is None else np.asarray(name_idx, dtype=np.int32),
        kinds=kinds or ("",),
        names=names,
        origin_lon=origin[0],
        origin_lat=origin[1],
    )
    network.validate()
    return network


def _coordinates(
    lon: FloatArray | None,
    lat: FloatArray | None,
    x_m: FloatArray | None,
    y_m: FloatArray | None,
    origin: tuple[float, float] | None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, tuple[float, float]]:
    if lon is None or lat is None:
        if x_m is None or y_m is None or origin is None:
            raise ValueError("give lon and lat, or x_m, y_m and origin")
        _check_finite(x_m, y_m)
        lon, lat = LocalProjection(*origin).inverse(x_m, y_m)
    _check_finite(lon, lat)
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if origin is None:
        origin = (float((lon.min() + lon.max()) / 2), float((lat.min() + lat.max()) / 2))
    if x_m is None or y_m is None:
        x_m, y_m = LocalProjection(*origin).forward(lon, lat)
    return lon, lat, np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64), origin


def _check_finite(a: FloatArray, b: FloatArray) -> None:
    bad = ~(np.isfinite(a) & np.isfinite(b))
    if bad.any():
        raise InputError("network.vertex.not_finite", count=int(bad.sum()), row=int(np.argmax(bad)))


def _check_lengths_known(length_m: FloatArray, way_id: LongArray | None) -> None:
    bad = ~((length_m >= 0) & np.isfinite(length_m))
    if bad.any():
        row = int(np.argmax(bad))
        way = int(way_id[row]) if way_id is not None else 0
        raise InputError(
            "network.piece.bad_length", count=int(bad.sum()), row=row, way=way, found=float(length_m[row])
        )
