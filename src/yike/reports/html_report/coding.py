"""Numbers as short base64 text: quantised, delta-coded varints for lines, typed arrays for columns."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

from yike.core.tables import FloatArray, LongArray

STEP_M = 0.25
"""Drawing grid. At the closest zoom it is one screen pixel; a delta below 16 m takes one byte."""


def as_base64(column: NDArray[np.generic]) -> str:
    """Little-endian bytes of a column as base64."""
    data = np.ascontiguousarray(column)
    return base64.b64encode(data.astype(data.dtype.newbyteorder("<"), copy=False).tobytes()).decode("ascii")


def varints(numbers: LongArray) -> str:
    """Whole numbers of any sign as zigzag varints (7 bits a byte, low first), in base64."""
    zigzag = ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)
    n_bytes = np.ones(len(zigzag), np.int64)
    for bits in range(7, 64, 7):
        n_bytes += zigzag >= (1 << bits)
    start = np.cumsum(n_bytes) - n_bytes
    out = np.zeros(int(n_bytes.sum()), np.uint8)
    for k in range(int(n_bytes.max(initial=0))):
        has = n_bytes > k
        more = np.where(n_bytes[has] > k + 1, 128, 0)
        out[start[has] + k] = (zigzag[has] >> np.uint64(7 * k)) % 128 + more.astype(np.uint64)
    return as_base64(out)


def on_grid(metres: FloatArray) -> LongArray:
    """Metres as whole steps of the drawing grid."""
    return np.rint(np.asarray(metres, np.float64) / STEP_M).astype(np.int64)


def coded_points(x_m: FloatArray, y_m: FloatArray) -> dict[str, object]:
    """A run of points as differences from one to the next; unknown points become (0, 0)."""
    xy = on_grid(np.nan_to_num(np.column_stack([x_m, y_m]), posinf=0.0, neginf=0.0))
    return {"n": len(xy), "xy": varints(np.diff(xy, axis=0, prepend=0).ravel())}


def coded_lines(n_points: LongArray, x_m: FloatArray, y_m: FloatArray) -> dict[str, object]:
    """Lines as one run of points with the number of points of each."""
    return {**coded_points(x_m, y_m), "lines": varints(np.asarray(n_points, np.int64))}
