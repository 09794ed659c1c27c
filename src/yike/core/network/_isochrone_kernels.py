"""Compiled loops of isochrones: reached street pieces, their raster of distances, and the outline."""

# mypy: disallow-untyped-defs=False, disallow-untyped-decorators=False, disallow-untyped-calls=False

from __future__ import annotations

import numpy as np
from numba import njit

from yike.core.network._contour_kernels import trace_rings
from yike.core.network._search_kernels import bounded_search

_NO = np.int32(2**31 - 1)


@njit(cache=True)
def list_incident_edges(edge_from, edge_to, ptr):
    """Edges at each junction, loops once; ``ptr`` (zeros on entry) gets the slices."""
    m = edge_from.size
    for e in range(m):
        ptr[edge_from[e] + 1] += 1
        if edge_to[e] != edge_from[e]:
            ptr[edge_to[e] + 1] += 1
    for j in range(ptr.size - 1):
        ptr[j + 1] += ptr[j]
    pos = ptr[:-1].copy()
    edges = np.empty(ptr[-1], np.int32)
    for e in range(m):
        edges[pos[edge_from[e]]] = e
        pos[edge_from[e]] += 1
        if edge_to[e] != edge_from[e]:
            edges[pos[edge_to[e]]] = e
            pos[edge_to[e]] += 1
    return edges


@njit(cache=True)
def measure_chains(
    piece_edge, piece_start, piece_ticks, piece_m, piece_first, chain_ptr, chain_vertex, chain_ticks, chain_m
):
    """True metres of each stretch of the chain columns (row k: from vertex k to the next)."""
    for p in range(piece_edge.size):
        e = piece_edge[p]
        if e < 0:
            continue
        low = chain_ptr[e]
        high = chain_ptr[e + 1] - 1
        while low < high:
            middle = (low + high) >> 1
            if chain_ticks[middle] < piece_start[p]:
                low = middle + 1
            else:
                high = middle
        # Pieces of zero ticks share an offset: the vertex and the ticks of the stretch tell them apart.
        last = chain_ptr[e + 1] - 1
        while low < last and not (
            chain_vertex[low] == piece_first[p] and chain_ticks[low + 1] - chain_ticks[low] == piece_ticks[p]
        ):
            low += 1
        if low < last:
            chain_m[low] = piece_m[p]


@njit(cache=True)
def _may_join(i, j, ticks, x, y, metres, tolerance):
    """Whether the chain between rows i and j is straight within the tolerance, and evenly walked."""
    dx = x[j] - x[i]
    dy = y[j] - y[i]
    length2 = dx * dx + dy * dy
    long = 0.0
    for k in range(i, j):
        long += metres[k]
    all_ticks = np.float64(ticks[j] - ticks[i])
    sofar = 0.0
    for k in range(i + 1, j):
        px = x[k] - x[i]
        py = y[k] - y[i]
        t = min(1.0, max(0.0, (px * dx + py * dy) / length2)) if length2 > 0.0 else 0.0
        if (px - t * dx) ** 2 + (py - t * dy) ** 2 > tolerance * tolerance:
            return False
        sofar += metres[k - 1]
        if abs(sofar * all_ticks - long * (ticks[k] - ticks[i])) > tolerance * all_ticks:
            return False
    return True


@njit(cache=True)
def thin_chains(chain_ptr, ticks, x, y, metres, tolerance, out_ptr, out_ticks, out_x, out_y, out_m):
    """Drop vertices that bend a chain by less than the tolerance; returns the rows kept."""
    n = 0
    for e in range(chain_ptr.size - 1):
        out_ptr[e] = n
        i = chain_ptr[e]
        last = chain_ptr[e + 1] - 1
        while True:
            out_ticks[n] = ticks[i]
            out_x[n] = x[i]
            out_y[n] = y[i]
            out_m[n] = 0.0
            n += 1
            if i == last:
                break
            j = i + 1
            while j < last and j - i < 32 and _may_join(i, j + 1, ticks, x, y, metres, tolerance):
                j += 1
            for k in range(i, j):
                out_m[n - 1] += metres[k]
            i = j
    out_ptr[chain_ptr.size - 1] = n
    return n


@njit(cache=True)
def _emit(lo, hi, k0, k1, chain_ticks, chain_x, chain_y, chain_m, segments, n):
    """Append the stretches of a chain between two offsets; returns the buffer, its length, and metres."""
    metres = 0.0
    for k in range(k0, k1):
        t0 = chain_ticks[k]
        t1 = chain_ticks[k + 1]
        if t1 < lo or t0 > hi:
            continue
        f0 = 0.0
        f1 = 1.0
        if t1 > t0:
            f0 = (max(lo, np.int64(t0)) - t0) / (t1 - t0)
            f1 = (min(hi, np.int64(t1)) - t0) / (t1 - t0)
        if n == segments.shape[0]:
            bigger = np.empty((2 * n + 16, 4))
            bigger[:n] = segments
            segments = bigger
        dx = chain_x[k + 1] - chain_x[k]
        dy = chain_y[k + 1] - chain_y[k]
        segments[n, 0] = chain_x[k] + f0 * dx
        segments[n, 1] = chain_y[k] + f0 * dy
        segments[n, 2] = chain_x[k] + f1 * dx
        segments[n, 3] = chain_y[k] + f1 * dy
        n += 1
        metres += chain_m[k] * (f1 - f0)
    return segments, n, metres


@njit(cache=True)
def _reached_parts(e, limit, best_a, best_b, ticks, starts, start_offset, start_spent, lo, hi):
    """
    Stretches of an edge within the limit, merged and in order: from either end, and around own starts.

    ``starts`` is the slice of starts on this edge. Returns how many stretches.
    """
    n = 0
    if best_a <= limit:
        lo[n] = 0
        hi[n] = min(ticks, limit - best_a)
        n += 1
    if best_b <= limit:
        lo[n] = max(0, ticks - (limit - best_b))
        hi[n] = ticks
        n += 1
    for s in range(starts[0], starts[1]):
        left = limit - start_spent[s]
        if left < 0:
            continue
        a = max(np.int64(0), start_offset[s] - left)
        b = min(ticks, start_offset[s] + left)
        lo[n] = a
        hi[n] = b
        n += 1
    for i in range(1, n):
        a = lo[i]
        b = hi[i]
        k = i
        while k > 0 and lo[k - 1] > a:
            lo[k] = lo[k - 1]
            hi[k] = hi[k - 1]
            k -= 1
        lo[k] = a
        hi[k] = b
    m = 0
    for i in range(n):
        if m > 0 and lo[i] <= hi[m - 1]:
            hi[m - 1] = max(hi[m - 1], hi[i])
        else:
            lo[m] = lo[i]
            hi[m] = hi[i]
            m += 1
    return m


@njit(cache=True)
def _lower_bound(values, n, wanted):
    low = 0
    high = n
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def collect_reached(
    limit, best, touched, n_touched, inc_ptr, inc_edge, edge_from, edge_to, edge_ticks,
    chain_ptr, chain_ticks, chain_x, chain_y, chain_m, start_edge, start_offset, start_spent, segments,
):  # fmt: skip
    """Every stretch of street within the limit, once; starts sorted by edge. Returns buffer, n, metres."""
    n = 0
    metres = 0.0
    n_starts = start_edge.size
    lo = np.empty(n_starts + 2, np.int64)
    hi = np.empty(n_starts + 2, np.int64)
    for i in range(n_touched):
        j = touched[i]
        if best[j] > limit:
            continue
        for q in range(inc_ptr[j], inc_ptr[j + 1]):
            e = inc_edge[q]
            a = edge_from[e]
            if a != j and best[a] <= limit:
                continue  # done from its other end
            first = _lower_bound(start_edge, n_starts, e) if n_starts else 0
            last = first
            while last < n_starts and start_edge[last] == e:
                last += 1
            m = _reached_parts(
                e, limit, np.int64(best[a]), np.int64(best[edge_to[e]]), np.int64(edge_ticks[e]),
                (first, last), start_offset, start_spent, lo, hi,
            )  # fmt: skip
            for k in range(m):
                segments, n, more = _emit(
                    lo[k], hi[k], chain_ptr[e], chain_ptr[e + 1] - 1,
                    chain_ticks, chain_x, chain_y, chain_m, segments, n,
                )  # fmt: skip
                metres += more
    s = 0
    while s < n_starts:
        e = start_edge[s]
        last = s
        while last < n_starts and start_edge[last] == e:
            last += 1
        if e >= 0 and best[edge_from[e]] > limit and best[edge_to[e]] > limit:
            m = _reached_parts(
                e, limit, np.int64(_NO), np.int64(_NO), np.int64(edge_ticks[e]),
                (s, last), start_offset, start_spent, lo, hi,
            )  # fmt: skip
            for k in range(m):
                segments, n, more = _emit(
                    lo[k], hi[k], chain_ptr[e], chain_ptr[e + 1] - 1,
                    chain_ticks, chain_x, chain_y, chain_m, segments, n,
                )  # fmt: skip
                metres += more
        s = last
    return segments, n, metres


@njit(cache=True)
def stamp_distances(segments, n, x0, y0, cell, reach, raster, n_cols, n_rows):
    """Squared distance (metres) from lattice points to the nearest segment, exact up to ``reach``."""
    raster[: n_cols * n_rows] = 4.0 * reach * reach
    for s in range(n):
        ax = segments[s, 0] - x0
        ay = segments[s, 1] - y0
        dx = segments[s, 2] - segments[s, 0]
        dy = segments[s, 3] - segments[s, 1]
        c0 = max(0, int(np.ceil((min(ax, ax + dx) - reach) / cell)))
        c1 = min(n_cols - 1, int((max(ax, ax + dx) + reach) / cell))
        r0 = max(0, int(np.ceil((min(ay, ay + dy) - reach) / cell)))
        r1 = min(n_rows - 1, int((max(ay, ay + dy) + reach) / cell))
        length2 = dx * dx + dy * dy
        per = 1.0 / length2 if length2 > 0.0 else 0.0
        for r in range(r0, r1 + 1):
            py = r * cell - ay
            row = r * n_cols
            for c in range(c0, c1 + 1):
                px = c * cell - ax
                t = min(1.0, max(0.0, (px * dx + py * dy) * per))
                fx = px - t * dx
                fy = py - t * dy
                d = np.float32(fx * fx + fy * fy)
                raster[row + c] = min(raster[row + c], d)


@njit(cache=True)
def _grown(array, need):
    if need <= array.size:
        return array
    bigger = np.empty(max(need, 2 * array.size), array.dtype)
    bigger[: array.size] = array
    return bigger


@njit(cache=True)
def _ring_area(points, first, last, cell):
    total = 0.0
    for k in range(first, last - 1):
        total += points[k, 0] * points[k + 1, 1] - points[k + 1, 0] * points[k, 1]
    return 0.5 * total * cell * cell


@njit(cache=True)
def draw_groups(
    indptr, neighbour, neighbour_ticks, inc_ptr, inc_edge, edge_from, edge_to, edge_ticks,
    chain_ptr, chain_ticks, chain_x, chain_y, chain_m,
    group_ptr, end_ptr, end_junction, end_ticks, row_edge, row_offset, row_access, limits, cell, buffer,
):  # fmt: skip
    """
    Isochrones of groups of start rows: one search per group, one outline per group and limit.

    Rows of a group must be sorted by edge; limits ascending. Returns ring points in local metres and the
    slices that put them together (rings to polygons to drawings), area and street metres per drawing.
    """
    n_groups = group_ptr.size - 1
    n_drawings = n_groups * limits.size
    best = np.full(indptr.size - 1, _NO, np.int32)
    touched = np.empty(indptr.size - 1, np.int32)
    heap = np.empty(4096, np.int64)
    segments = np.empty((4096, 4))
    raster = np.empty(65536, np.float32)
    ring_at = np.empty(65536, np.int32)
    points = np.empty((4096, 2))
    ring_ptr = np.empty(256, np.int64)
    ring_outer = np.empty(256, np.int64)
    out_xy = np.empty((1 << 14, 2))
    out_ring = np.zeros(1 << 10, np.int64)
    out_polygon = np.zeros(1 << 10, np.int64)
    drawing_ptr = np.zeros(n_drawings + 1, np.int64)
    area = np.zeros(n_drawings)
    street = np.zeros(n_drawings)
    n_xy = 0
    n_rings = 0
    n_polygons = 0
    reach = buffer + cell
    for g in range(n_groups):
        r0 = group_ptr[g]
        r1 = group_ptr[g + 1]
        n_touched, heap = bounded_search(
            indptr, neighbour, neighbour_ticks, end_junction[end_ptr[r0] : end_ptr[r1]],
            end_ticks[end_ptr[r0] : end_ptr[r1]], limits[-1], best, touched, heap,
        )  # fmt: skip
        for c in range(limits.size):
            segments, n, street[g * limits.size + c] = collect_reached(
                limits[c], best, touched, n_touched, inc_ptr, inc_edge, edge_from, edge_to, edge_ticks,
                chain_ptr, chain_ticks, chain_x, chain_y, chain_m,
                row_edge[r0:r1], row_offset[r0:r1], row_access[r0:r1], segments,
            )  # fmt: skip
            if n:
                x0 = min(segments[:n, 0].min(), segments[:n, 2].min()) - reach
                y0 = min(segments[:n, 1].min(), segments[:n, 3].min()) - reach
                x1 = max(segments[:n, 0].max(), segments[:n, 2].max()) + reach
                y1 = max(segments[:n, 1].max(), segments[:n, 3].max()) + reach
                # One lattice for the whole town, so that a longer walk always covers a shorter one.
                x0 = np.floor(x0 / cell) * cell
                y0 = np.floor(y0 / cell) * cell
                n_cols = int((x1 - x0) / cell) + 2
                n_rows = int((y1 - y0) / cell) + 2
                raster = _grown(raster, n_cols * n_rows)
                ring_at = _grown(ring_at, n_cols * n_rows)
                stamp_distances(segments, n, x0, y0, cell, reach, raster, n_cols, n_rows)
                k, points, ring_ptr, ring_outer = trace_rings(
                    raster, n_cols, n_rows, buffer, ring_at, points, ring_ptr, ring_outer
                )
                while n_xy + ring_ptr[k] > out_xy.shape[0]:
                    larger = np.empty((2 * out_xy.shape[0], 2))
                    larger[:n_xy] = out_xy[:n_xy]
                    out_xy = larger
                out_ring = _grown(out_ring, n_rings + k + 1)
                out_polygon = _grown(out_polygon, n_polygons + k + 1)
                total = 0.0
                for o in range(k):
                    if ring_outer[o] != o:
                        continue
                    for h in range(o, k):  # holes are found after their outer ring
                        if ring_outer[h] != o:
                            continue
                        total += _ring_area(points, ring_ptr[h], ring_ptr[h + 1], cell)
                        for q in range(ring_ptr[h], ring_ptr[h + 1]):
                            out_xy[n_xy, 0] = x0 + points[q, 0] * cell
                            out_xy[n_xy, 1] = y0 + points[q, 1] * cell
                            n_xy += 1
                        n_rings += 1
                        out_ring[n_rings] = n_xy
                    n_polygons += 1
                    out_polygon[n_polygons] = n_rings
                area[g * limits.size + c] = total
            drawing_ptr[g * limits.size + c + 1] = n_polygons
        for i in range(n_touched):
            best[touched[i]] = _NO
    return out_xy[:n_xy], out_ring[: n_rings + 1], out_polygon[: n_polygons + 1], drawing_ptr, area, street
