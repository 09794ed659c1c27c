"""Walking-time Voronoi: each point to the seed nearest on foot."""

from __future__ import annotations

import numpy as np

from yike.core.circle._kernels import labelled_search
from yike.core.network.attach import direct_walks
from yike.core.network.search import ticks_of
from yike.core.tables import NO_TICKS, Attachments, IntArray, StreetGraph

_NONE = np.int64(2**63 - 1)


def walking_voronoi(graph: StreetGraph, seeds: Attachments, points: Attachments, limit_s: float) -> IntArray:
    """
    Nearest seed of each point by walking time, for communities known only by a point.

    Parameters
    ----------
    graph
        Where to walk.
    seeds, points
        How both join the graph. Unattached seeds get no points, unattached points no seed.
    limit_s
        Longest walk; a walk of exactly this length counts.

    Returns
    -------
    shape (n_points,), int32
        Row of the seed, -1 beyond the limit. Equal times go to the lowest row.

    Notes
    -----
    One search from all seeds at once, whatever their number. Exact: times are whole ticks.
    """
    limit = ticks_of(limit_s)
    best = np.full(graph.n_junctions, NO_TICKS, np.int32)
    label = np.full(graph.n_junctions, -1, np.int32)
    seed_of_end = np.repeat(np.arange(len(seeds), dtype=np.int32), np.diff(seeds.end_ptr))
    labelled_search(
        graph.indptr,
        graph.neighbour_idx,
        graph.neighbour_ticks,
        seeds.end_junction_idx,
        seeds.end_ticks,
        seed_of_end,
        limit,
        best,
        label,
    )
    nearest = np.full(len(points), _NONE, np.int64)
    point = np.repeat(np.arange(len(points)), np.diff(points.end_ptr))
    arrive = best[points.end_junction_idx].astype(np.int64) + points.end_ticks
    _offer(nearest, point, arrive, label[points.end_junction_idx], limit)
    direct = direct_walks(graph, points, seeds)
    point = np.repeat(np.arange(len(points)), np.diff(direct.ptr))
    _offer(nearest, point, direct.ticks.astype(np.int64), direct.outlet_idx, limit)
    return np.where(nearest == _NONE, -1, nearest & 0x7FFFFFFF).astype(np.int32)


def _offer(nearest: np.ndarray, point: np.ndarray, ticks: np.ndarray, seed: np.ndarray, limit: int) -> None:
    """Keep the smaller of (ticks, seed) for each point, both packed in one word."""
    within = (ticks <= limit) & (seed >= 0)
    np.minimum.at(nearest, point[within], (ticks[within] << 32) | seed[within].astype(np.int64))
