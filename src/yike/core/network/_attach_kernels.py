"""Compiled loops of attaching points to street pieces."""

# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def fill_grid(segments, x0_m, y0_m, cell_m, n_cols, n_rows, ptr):
    """
    Pieces of each grid cell, ascending; ``ptr`` (zeros on entry) gets the slices.

    A piece enters every cell its line crosses: column by column, over the rows it spans there (and one
    rounding error more), so long pieces do not fill their whole bounding box.
    """
    items = np.empty(0, np.int32)
    pos = np.empty(0, np.int64)
    for count_only in (True, False):
        if not count_only:
            for c in range(n_cols * n_rows):
                ptr[c + 1] += ptr[c]
            items = np.empty(ptr[n_cols * n_rows], np.int32)
            pos = ptr[:-1].copy()
        for i in range(segments.shape[0]):
            ax = (segments[i, 0] - x0_m) / cell_m
            ay = (segments[i, 1] - y0_m) / cell_m
            bx = ax + segments[i, 2] / cell_m
            by = ay + segments[i, 3] / cell_m
            if bx < ax:
                ax, ay, bx, by = bx, by, ax, ay
            slope = (by - ay) / (bx - ax) if bx > ax else 0.0
            c0 = min(n_cols - 1, max(0, int(ax - 1e-6)))
            c1 = min(n_cols - 1, int(bx + 1e-6))
            for c in range(c0, c1 + 1):
                if c0 == c1 or bx - ax < 1e-9:
                    ya, yb = ay, by
                else:
                    ya = ay + slope * (max(ax, c - 1e-6) - ax)
                    yb = ay + slope * (min(bx, c + 1 + 1e-6) - ax)
                low = min(ya, yb) - 1e-6
                high = max(ya, yb) + 1e-6
                r0 = min(n_rows - 1, max(0, int(low)))
                r1 = min(n_rows - 1, max(0, int(high)))
                for r in range(r0, r1 + 1):
                    cell = c * n_rows + r
                    if count_only:
                        ptr[cell + 1] += 1
                    else:
                        items[pos[cell]] = i
                        pos[cell] += 1
    return items


@njit(cache=True)
def nearest_segments(
    x_m,
    y_m,
    order,
    point_group,
    segments,
    segment_group,
    ptr,
    items,
    x0_m,
    y0_m,
    cell_m,
    n_cols,
    n_rows,
    max_m,
    out_row,
    out_share,
    out_m,
):
    """
    Nearest segment of each point within ``max_m`` (inclusive), ties to the lowest row.

    Where ``segment_group`` is not empty, only segments of the point's own group count.

    Rings of cells around the point, until nothing nearer can lie outside the rings seen.
    """
    last_col = n_cols - 1
    last_row = n_rows - 1
    for k in range(order.size):
        i = order[k]
        out_row[i] = -1
        px = x_m[i]
        py = y_m[i]
        gx = (px - x0_m) / cell_m
        gy = (py - y0_m) / cell_m
        reach = max_m / cell_m + 1.0
        if not (gx > -reach and gy > -reach and gx < n_cols + reach and gy < n_rows + reach):
            continue
        col = int(np.floor(gx))
        row = int(np.floor(gy))
        margin = min(gx - col, col + 1 - gx, gy - row, row + 1 - gy)
        best = max_m * max_m * (1.0 + 1e-12)
        best_row = -1
        best_share = 0.0
        ring = 0
        while True:
            for c in range(max(0, col - ring), min(last_col, col + ring) + 1):
                full = c == col - ring or c == col + ring
                step = 1 if full or ring == 0 else 2 * ring
                for r in range(row - ring, row + ring + 1, step):
                    if r < 0 or r > last_row:
                        continue
                    cell = c * n_rows + r
                    for q in range(ptr[cell], ptr[cell + 1]):
                        s = items[q]
                        if segment_group.size > 0 and segment_group[s] != point_group[i]:
                            continue
                        ax = segments[s, 0]
                        ay = segments[s, 1]
                        dx = segments[s, 2]
                        dy = segments[s, 3]
                        length2 = dx * dx + dy * dy
                        t = 0.0
                        if length2 > 0.0:
                            t = ((px - ax) * dx + (py - ay) * dy) / length2
                        # The far end is taken as it is stored: pieces that share a vertex then tie exactly.
                        if t <= 0.0:
                            t = 0.0
                            fx = ax - px
                            fy = ay - py
                        elif t >= 1.0:
                            t = 1.0
                            fx = segments[s, 4] - px
                            fy = segments[s, 5] - py
                        else:
                            fx = ax + t * dx - px
                            fy = ay + t * dy - py
                        d = fx * fx + fy * fy
                        if d < best or (d == best and (best_row < 0 or s < best_row)):
                            best = d
                            best_row = s
                            best_share = t
            seen = (ring + margin) * cell_m
            if seen * seen > best:
                break
            ring += 1
        if best_row >= 0 and np.sqrt(best) <= max_m:
            out_row[i] = best_row
            out_share[i] = best_share
            out_m[i] = np.sqrt(best)


@njit(cache=True)
def direct_pairs(
    place_edge, place_offset, place_access, edge_ptr, edge_outlets, offset, access, ptr, outlet, ticks
):
    """
    Pairs on one edge: counts into ``ptr`` when ``outlet`` is empty, else the pairs.

    ``edge_outlets[edge_ptr[e]:edge_ptr[e + 1]]`` are the outlets of an edge, ascending.
    """
    fill = outlet.size > 0
    for i in range(place_edge.size):
        e = place_edge[i]
        if not fill:
            ptr[i + 1] = ptr[i] + (edge_ptr[e + 1] - edge_ptr[e] if e >= 0 else 0)
            continue
        if e < 0:
            continue
        k = ptr[i]
        for q in range(edge_ptr[e], edge_ptr[e + 1]):
            o = edge_outlets[q]
            outlet[k] = o
            ticks[k] = abs(place_offset[i] - offset[o]) + place_access[i] + access[o]
            k += 1
