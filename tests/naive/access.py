"""The slow, obvious twin of the access kernels: one heap search per place, in plain Python integers."""

import heapq

import numpy as np

from yike.core.tables import TICKS_PER_S


def junction_ticks(graph, starts):
    """Ticks from the starts, a list of (junction, ticks), to every junction; absent when unreachable."""
    done, heap = {}, [(ticks, junction) for junction, ticks in starts]
    heapq.heapify(heap)
    while heap:
        ticks, junction = heapq.heappop(heap)
        if junction in done:
            continue
        done[junction] = ticks
        for k in range(graph.indptr[junction], graph.indptr[junction + 1]):
            heapq.heappush(heap, (ticks + int(graph.neighbour_ticks[k]), int(graph.neighbour_idx[k])))
    return done


def ends_of(points, i):
    """A point's (junction, ticks) pairs."""
    cut = slice(points.end_ptr[i], points.end_ptr[i + 1])
    return list(zip(points.end_junction_idx[cut].tolist(), points.end_ticks[cut].tolist(), strict=True))


def pair_ticks(graph, places, outlets, direct):
    """Matrix of walking ticks, place x outlet; None where there is no way."""
    matrix = []
    for p in range(len(places)):
        reached = junction_ticks(graph, ends_of(places, p))
        row = []
        for o in range(len(outlets)):
            row.append(min((reached[j] + c for j, c in ends_of(outlets, o) if j in reached), default=None))
        for k in range(direct.ptr[p], direct.ptr[p + 1]):
            o, ticks = direct.outlet_idx[k], int(direct.ticks[k])
            row[o] = ticks if row[o] is None else min(row[o], ticks)
        matrix.append(row)
    return matrix


def seconds(ticks):
    """Seconds as float32, never less than the ticks."""
    near = np.float32(ticks / TICKS_PER_S)
    return near if float(near) * TICKS_PER_S >= ticks else np.nextafter(near, np.float32(np.inf))


def access(graph, places, outlets, direct, service_ptr, service_col, n_cols, is_open, cutoffs_s, limit_s):
    """(nearest_s, nearest_outlet_idx, count) of ``compute_access``, the slow way."""
    n = len(places)
    nearest_s = np.full((n, n_cols), np.inf, np.float32)
    nearest_outlet = np.full((n, n_cols), -1, np.int32)
    count = np.zeros((n, n_cols, len(cutoffs_s)), np.int32)
    times = pair_ticks(graph, places, outlets, direct)
    for p in range(n):
        if not places.is_attached[p]:
            nearest_s[p] = np.nan
            continue
        best = [None] * n_cols
        for o in range(len(outlets)):
            ticks = times[p][o]
            if ticks is None or not is_open[o]:
                continue
            for col in service_col[service_ptr[o] : service_ptr[o + 1]]:
                for k, cutoff_s in enumerate(cutoffs_s):
                    count[p, col, k] += ticks <= cutoff_s * TICKS_PER_S
                if ticks <= limit_s * TICKS_PER_S and (best[col] is None or ticks < best[col][0]):
                    best[col] = (ticks, o)
        for col in range(n_cols):
            if best[col] is not None:
                nearest_s[p, col] = seconds(best[col][0])
                nearest_outlet[p, col] = best[col][1]
    return nearest_s, nearest_outlet, count


def walk_times(graph, places, outlets, direct, limit_s, is_open):
    """Per place, the list of (outlet, seconds) within the limit, by ascending outlet."""
    matrix = pair_ticks(graph, places, outlets, direct)
    return [
        [
            (o, seconds(t))
            for o, t in enumerate(row)
            if t is not None and is_open[o] and t <= limit_s * TICKS_PER_S and places.is_attached[p]
        ]
        for p, row in enumerate(matrix)
    ]
