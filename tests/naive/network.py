"""Slow, obvious twins of the network's kernels."""

from __future__ import annotations

import heapq
import math

import numpy as np

from yike.core.tables import Attachments, PieceFlag, StreetGraph, WalkNetwork


def may_walk(network: WalkNetwork, piece: int, profile) -> bool:
    flags = int(network.piece_flags[piece])
    if flags & PieceFlag.STEPS and profile.avoid_steps:
        return False
    return bool(profile.uses_private or not flags & PieceFlag.PRIVATE)


def vertex_seconds(network: WalkNetwork, profile, start: int) -> np.ndarray:
    """Dijkstra over the uncontracted network, one heap, floats."""
    links: dict[int, list[tuple[int, float]]] = {}
    for p in range(network.n_pieces):
        if may_walk(network, p, profile):
            a, b = int(network.piece_from_idx[p]), int(network.piece_to_idx[p])
            steps = bool(network.piece_flags[p] & PieceFlag.STEPS)
            s = (
                float(network.piece_length_m[p])
                / profile.speed_m_s
                * (profile.steps_factor if steps else 1.0)
            )
            links.setdefault(a, []).append((b, s))
            links.setdefault(b, []).append((a, s))
    best = np.full(network.n_vertices, math.inf)
    best[start] = 0.0
    heap = [(0.0, start)]
    while heap:
        t, v = heapq.heappop(heap)
        if t > best[v]:
            continue
        for x, s in links.get(v, []):
            if t + s < best[x]:
                best[x] = t + s
                heapq.heappush(heap, (t + s, x))
    return best


def component_sizes(network: WalkNetwork, profile) -> np.ndarray:
    """Vertices of each vertex's component; 0 for a vertex without a walkable piece."""
    label = list(range(network.n_vertices))
    touched = set()
    for _ in range(network.n_vertices):
        for p in range(network.n_pieces):
            if may_walk(network, p, profile):
                a, b = int(network.piece_from_idx[p]), int(network.piece_to_idx[p])
                touched |= {a, b}
                label[a] = label[b] = min(label[a], label[b])
    return np.array([label.count(label[v]) if v in touched else 0 for v in range(network.n_vertices)])


def nearest_piece(network: WalkNetwork, may_join: np.ndarray, x: float, y: float) -> tuple[int, float]:
    """Nearest piece by trying all of them: (row, metres); the first of equals."""
    best = (-1, math.inf)
    for p in np.flatnonzero(may_join):
        a, b = network.piece_from_idx[p], network.piece_to_idx[p]
        ax, ay = network.vertex_x_m[a], network.vertex_y_m[a]
        bx, by = network.vertex_x_m[b], network.vertex_y_m[b]
        length2 = (bx - ax) ** 2 + (by - ay) ** 2
        t = 0.0 if length2 == 0 else ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2
        if t <= 0:
            d = math.hypot(ax - x, ay - y)
        elif t >= 1:
            d = math.hypot(bx - x, by - y)
        else:
            d = math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y)
        if d < best[1]:
            best = (int(p), d)
    return best


def direct_pairs(places: Attachments, outlets: Attachments) -> list[tuple[int, int, int]]:
    """Every (place, outlet, ticks) on one edge, by two loops."""
    found = []
    for i in range(len(places)):
        for o in range(len(outlets)):
            if places.edge_idx[i] >= 0 and places.edge_idx[i] == outlets.edge_idx[o]:
                along = abs(int(places.edge_offset_ticks[i]) - int(outlets.edge_offset_ticks[o]))
                ticks = along + int(places.access_ticks[i]) + int(outlets.access_ticks[o])
                found.append((i, o, ticks))
    return found


def junction_ticks(graph: StreetGraph, starts: list[tuple[int, int]], limit: int) -> np.ndarray:
    """Relax all edges until nothing changes."""
    best = np.full(graph.n_junctions, 2**31 - 1, dtype=np.int64)
    for j, t in starts:
        if t <= limit:
            best[j] = min(best[j], t)
    changed = True
    while changed:
        changed = False
        for a, b, t in zip(graph.edge_from_idx, graph.edge_to_idx, graph.edge_ticks, strict=True):
            for u, v in ((a, b), (b, a)):
                if best[u] + t <= limit and best[u] + t < best[v]:
                    best[v] = best[u] + t
                    changed = True
    return best
