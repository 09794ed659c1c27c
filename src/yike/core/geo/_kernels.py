"""Compiled loops of geo: plain arrays in, preallocated arrays out."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def hilbert_keys(x_m, y_m, x0_m, y0_m, cells_per_m, keys):
    """Hilbert curve position (16 bits a side) above the row number; unknown places come last."""
    for i in range(x_m.size):
        dx = (x_m[i] - x0_m) * cells_per_m
        dy = (y_m[i] - y0_m) * cells_per_m
        if not (dx >= 0.0 and dx < 65536.0 and dy >= 0.0 and dy < 65536.0):
            keys[i] = (np.uint64(0xFFFFFFFF) << np.uint64(32)) | np.uint64(i)
            continue
        x = np.int64(dx)
        y = np.int64(dy)
        d = np.int64(0)
        s = np.int64(1 << 15)
        while s > 0:
            rx = np.int64(1) if (x & s) > 0 else np.int64(0)
            ry = np.int64(1) if (y & s) > 0 else np.int64(0)
            d += s * s * ((3 * rx) ^ ry)
            x &= s - 1
            y &= s - 1
            if ry == 0:
                if rx == 1:
                    x = s - 1 - x
                    y = s - 1 - y
                x, y = y, x
            s >>= 1
        keys[i] = (np.uint64(d) << np.uint64(32)) | np.uint64(i)
