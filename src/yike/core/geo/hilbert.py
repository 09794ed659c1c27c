"""Order points along a Hilbert curve, so that neighbours in space are neighbours in memory."""

from __future__ import annotations

import numpy as np

from yike.core.geo._kernels import hilbert_keys
from yike.core.tables import FloatArray, IntArray


def hilbert_order(x_m: FloatArray, y_m: FloatArray) -> IntArray:
    """
    Rows in the order of a Hilbert curve over their bounding square (65,536 cells a side).

    Parameters
    ----------
    x_m, y_m : shape (n,)
        Local metres; NaN and infinity are allowed and come last.

    Returns
    -------
    shape (n,), int32
        A permutation: ``x_m[order]`` runs along the curve. Rows of one cell keep their order, so the result
        depends on nothing but the input.
    """
    x = np.ascontiguousarray(x_m, dtype=np.float64)
    y = np.ascontiguousarray(y_m, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return np.arange(len(x), dtype=np.int32)
    x0, y0 = float(x[known].min()), float(y[known].min())
    extent = max(float(x[known].max()) - x0, float(y[known].max()) - y0, 1e-6)
    keys = np.empty(len(x), dtype=np.uint64)
    # Key and row share one word: plain words sort 8 x faster than a stable argsort (1 M: 12 ms, 100 ms).
    hilbert_keys(x, y, x0, y0, 65535.0 / extent, keys)
    keys.sort()
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int32)
