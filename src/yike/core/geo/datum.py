"""
National datums: GCJ-02 (Amap, Tencent) and BD-09 (Baidu) to WGS-84 and back.

CGCS2000 agrees with WGS-84 within decimetres and is treated as equal for walking. Outside the box of the
shift nothing moves. Wrong datums shift by 0.4 to 1.3 km, which is a different living circle, so every file
declares its own (see docs/concepts).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from yike.core.tables import BoolArray, FloatArray
from yike.errors import CoordinateSystemError

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")

# The published open formula of the shift: Krassovsky 1940 axes and a sum of sines.
_AXIS_M = 6_378_245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BAIDU_PI = np.pi * 3000.0 / 180.0
_MAX_ROUNDS = 30
_ENOUGH_DEG = 1e-12


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[FloatArray, FloatArray]:
    """
    WGS-84 degrees of points given in a national datum.

    GCJ-02 and BD-09 have no closed inverse: the forward shift is iterated to 1e-12 degrees.

    Parameters
    ----------
    lon, lat
        Degrees, scalars or arrays of one shape.
    datum
        One of ``DATUMS``.

    Raises
    ------
    CoordinateSystemError
        The datum is not known.
    """
    given_lon, given_lat = _as_arrays(lon, lat, datum)
    if datum in ("wgs84", "cgcs2000"):
        return given_lon, given_lat
    found_lon, found_lat = given_lon.copy(), given_lat.copy()
    for _ in range(_MAX_ROUNDS):
        lon_now, lat_now = _shift(found_lon, found_lat, datum)
        step_lon, step_lat = given_lon - lon_now, given_lat - lat_now
        found_lon, found_lat = found_lon + step_lon, found_lat + step_lat
        if not np.any(np.abs(step_lon) > _ENOUGH_DEG) and not np.any(np.abs(step_lat) > _ENOUGH_DEG):
            break
    inside = _in_shift_box(found_lon, found_lat)
    return np.where(inside, found_lon, given_lon), np.where(inside, found_lat, given_lat)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[FloatArray, FloatArray]:
    """
    Degrees in a national datum of WGS-84 points; see ``to_wgs84``.

    Raises
    ------
    CoordinateSystemError
        The datum is not known.
    """
    given_lon, given_lat = _as_arrays(lon, lat, datum)
    if datum in ("wgs84", "cgcs2000"):
        return given_lon, given_lat
    inside = _in_shift_box(given_lon, given_lat)
    # Points far outside may overflow nothing, but their shift means nothing: compute it on a dummy.
    lon_in, lat_in = np.where(inside, given_lon, 105.0), np.where(inside, given_lat, 35.0)
    moved_lon, moved_lat = _shift(lon_in, lat_in, datum)
    return np.where(inside, moved_lon, given_lon), np.where(inside, moved_lat, given_lat)


def _as_arrays(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[FloatArray, FloatArray]:
    if datum not in DATUMS:
        raise CoordinateSystemError("network.datum.unknown", found=datum, expected="、".join(DATUMS))
    return np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)


def _in_shift_box(lon: FloatArray, lat: FloatArray) -> BoolArray:
    inside: BoolArray = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return inside


def _shift(lon: FloatArray, lat: FloatArray, datum: str) -> tuple[FloatArray, FloatArray]:
    lon, lat = _wgs84_to_gcj02(lon, lat)
    return _gcj02_to_bd09(lon, lat) if datum == "bd09" else (lon, lat)


def _wgs84_to_gcj02(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY2) / (magic * np.sqrt(magic))
    parallel_m = _AXIS_M / np.sqrt(magic) * np.cos(phi)
    return lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)


def _gcj02_to_bd09(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_PI)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_PI)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006
