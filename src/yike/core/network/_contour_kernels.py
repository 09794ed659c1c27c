"""
Compiled contour tracing: the outline of the raster cells within a distance, as closed rings.

Marching squares over the lattice of cell centres. Every ring keeps the inside on its left (outer rings
counter-clockwise, holes clockwise); points lie strictly between lattice points, so rings never touch.
"""

# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit

# Sides of a lattice cell.
_BOTTOM, _RIGHT, _TOP, _LEFT = 0, 1, 2, 3


@njit(cache=True, inline="always")
def _crossing(inside2, outside2, level):
    """Share of the way from the inside to the outside lattice point where the distance is ``level``."""
    a = np.sqrt(inside2)
    t = (level - a) / (np.sqrt(outside2) - a)
    return min(0.999, max(0.001, t))


@njit(cache=True)
def _next_side(z, n_cols, i, j, level2, enter):
    """Side by which the contour leaves cell (i, j) that it entered by ``enter``, the inside on its left."""
    bl = z[i * n_cols + j]
    br = z[i * n_cols + j + 1]
    tl = z[(i + 1) * n_cols + j]
    tr = z[(i + 1) * n_cols + j + 1]
    in_bl = bl <= level2
    in_br = br <= level2
    in_tr = tr <= level2
    in_tl = tl <= level2
    if in_bl == in_tr and in_br == in_tl and in_bl != in_br:
        # A saddle: two corners are joined through the middle when the middle is near enough.
        middle = (np.sqrt(bl) + np.sqrt(br) + np.sqrt(tl) + np.sqrt(tr)) / 4
        joined = middle * middle <= level2
        if enter == _BOTTOM:
            return _RIGHT if joined else _LEFT
        if enter == _TOP:
            return _LEFT if joined else _RIGHT
        if enter == _RIGHT:
            return _TOP if joined else _BOTTOM
        return _BOTTOM if joined else _TOP
    if enter != _RIGHT and in_tr and not in_br:
        return _RIGHT
    if enter != _TOP and in_tl and not in_tr:
        return _TOP
    if enter != _LEFT and in_bl and not in_tl:
        return _LEFT
    return _BOTTOM


@njit(cache=True)
def _side_point(z, n_cols, i, j, side, level, level2, out, n):
    """Write the crossing on one side of cell (i, j) as lattice coordinates (column, row)."""
    if side in (_BOTTOM, _TOP):
        row = i if side == _BOTTOM else i + 1
        a = z[row * n_cols + j]
        b = z[row * n_cols + j + 1]
        t = _crossing(a, b, level) if a <= level2 else 1.0 - _crossing(b, a, level)
        out[n, 0] = j + t
        out[n, 1] = row
    else:
        col = j if side == _LEFT else j + 1
        a = z[i * n_cols + col]
        b = z[(i + 1) * n_cols + col]
        t = _crossing(a, b, level) if a <= level2 else 1.0 - _crossing(b, a, level)
        out[n, 0] = col
        out[n, 1] = i + t


@njit(cache=True)
def trace_rings(z, n_cols, n_rows, level, ring_at, points, ring_ptr, ring_outer):
    """
    Rings around the lattice points with squared distance ``z`` up to ``level`` squared.

    ``z`` must be outside along its border. ``ring_at`` is scratch of the raster's size; ``points`` and the
    ring columns grow as needed. ``ring_outer`` is the ring's own row for an outer ring, else its outer ring.
    Returns the number of rings and the (possibly grown) arrays; ``ring_ptr`` has one row more than rings.
    """
    level2 = level * level
    ring_at[: n_cols * n_rows] = -1
    n_rings = 0
    n = 0
    ring_ptr[0] = 0
    for i in range(n_rows):
        last_ring = -1
        for j in range(n_cols - 1):
            here = i * n_cols + j
            is_in = z[here] <= level2
            if is_in == (z[here + 1] <= level2):
                continue
            if ring_at[here] >= 0:
                last_ring = ring_at[here]
                continue
            # A new ring. Coming from outside it is an outer one; from inside it is a hole of the ring
            # crossed last, or of that ring's outer ring.
            if n_rings + 2 > ring_ptr.size:
                bigger = np.empty(2 * ring_ptr.size + 2, ring_ptr.dtype)
                bigger[: n_rings + 1] = ring_ptr[: n_rings + 1]
                ring_ptr = bigger
                more = np.empty(bigger.size, ring_outer.dtype)
                more[:n_rings] = ring_outer[:n_rings]
                ring_outer = more
            ring_outer[n_rings] = ring_outer[last_ring] if is_in else n_rings
            ci = i if is_in else i - 1
            cj = j
            enter = _BOTTOM if is_in else _TOP
            first = n
            while True:
                if n + 2 > points.shape[0]:
                    larger = np.empty((2 * points.shape[0] + 2, 2))
                    larger[:n] = points[:n]
                    points = larger
                _side_point(z, n_cols, ci, cj, enter, level, level2, points, n)
                n += 1
                if enter == _BOTTOM:
                    ring_at[ci * n_cols + cj] = n_rings
                elif enter == _TOP:
                    ring_at[(ci + 1) * n_cols + cj] = n_rings
                leave = _next_side(z, n_cols, ci, cj, level2, enter)
                if leave == _BOTTOM:
                    ci -= 1
                    enter = _TOP
                elif leave == _TOP:
                    ci += 1
                    enter = _BOTTOM
                elif leave == _LEFT:
                    cj -= 1
                    enter = _RIGHT
                else:
                    cj += 1
                    enter = _LEFT
                row = ci if enter == _BOTTOM else ci + 1
                if cj == j and row == i and enter in (_BOTTOM, _TOP):
                    break
            points[n] = points[first]
            n += 1
            n_rings += 1
            ring_ptr[n_rings] = n
            last_ring = n_rings - 1
    return n_rings, points, ring_ptr, ring_outer
