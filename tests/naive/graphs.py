"""Small street graphs and points on them, made straight from lists, for tests of searches."""

from dataclasses import dataclass

import numpy as np

from yike.core.tables import TICKS_PER_S, Attachments, DirectWalks, StreetGraph


def street_graph(n_junctions, edges):
    """StreetGraph of edges (from, to, ticks); loops and parallel edges as the contract says."""
    u = np.array([e[0] for e in edges], np.int32)
    v = np.array([e[1] for e in edges], np.int32)
    w = np.array([e[2] for e in edges], np.int32)
    ok = u != v
    a, b, c = np.r_[u[ok], v[ok]], np.r_[v[ok], u[ok]], np.r_[w[ok], w[ok]]
    order = np.lexsort((c, b, a))
    a, b, c = a[order], b[order], c[order]
    m = len(edges)
    return StreetGraph(
        junction_vertex_idx=np.arange(n_junctions, dtype=np.int32),
        indptr=np.searchsorted(a, np.arange(n_junctions + 1)).astype(np.int32),
        neighbour_idx=b.astype(np.int32),
        neighbour_ticks=c.astype(np.int32),
        edge_from_idx=u,
        edge_to_idx=v,
        edge_ticks=w,
        chain_ptr=np.arange(0, 2 * m + 1, 2),
        chain_vertex_idx=np.stack([u, v], 1).ravel(),
        chain_ticks=np.stack([0 * w, w], 1).ravel(),
        piece_edge_idx=np.arange(m, dtype=np.int32),
        piece_start_ticks=0 * w,
        piece_is_reversed=np.zeros(m, bool),
        piece_ticks=w,
        component_idx=np.zeros(n_junctions, np.int32),
        component_size=np.array([n_junctions], np.int32),
        speed_m_s=1.0,
        profile="adult",
    )


def attachments(ends, edge=None, offset=None, access=None):
    """Attachments of points with the given ends, lists of (junction, ticks); no ends: not attached."""
    n = len(ends)
    flat = [e for point in ends for e in point]
    none = np.full(n, -1, np.int32)
    return Attachments(
        is_attached=np.array([bool(point) for point in ends], bool),
        piece_idx=none if edge is None else np.array(edge, np.int32),
        edge_idx=none if edge is None else np.array(edge, np.int32),
        edge_offset_ticks=0 * none if offset is None else np.array(offset, np.int32),
        access_ticks=0 * none if access is None else np.array(access, np.int32),
        distance_m=np.zeros(n),
        foot_x_m=np.zeros(n),
        foot_y_m=np.zeros(n),
        end_ptr=np.r_[0, np.cumsum([len(point) for point in ends])].astype(np.int64),
        end_junction_idx=np.array([j for j, _ in flat], np.int32),
        end_ticks=np.array([c for _, c in flat], np.int32),
        compound_idx=none,
        rule=np.ones(n, np.uint8),
    )


def street_ends(edges, spot):
    """Ends of a point on a street: (edge, offset, access)."""
    edge, offset, access = spot
    u, v, w = edges[edge]
    return [(u, offset + access), (v, w - offset + access)]


def direct_walks(places, outlets):
    """Walks along one street, for spots (edge, offset, access) or None."""
    pairs = [
        (p, o, abs(a[1] - b[1]) + a[2] + b[2])
        for p, a in enumerate(places)
        for o, b in enumerate(outlets)
        if a is not None and b is not None and a[0] == b[0]
    ]
    return DirectWalks(
        ptr=np.searchsorted([p for p, _, _ in pairs], np.arange(len(places) + 1)).astype(np.int64),
        outlet_idx=np.array([o for _, o, _ in pairs], np.int32),
        ticks=np.array([t for _, _, t in pairs], np.int32),
    )


@dataclass
class Town:
    """Arguments of ``compute_access``."""

    graph: StreetGraph
    places: Attachments
    outlets: Attachments
    direct: DirectWalks
    service_ptr: np.ndarray
    service_col: np.ndarray
    n_cols: int
    is_open: np.ndarray

    @property
    def given(self):
        """The positional arguments."""
        return (
            self.graph,
            self.places,
            self.outlets,
            self.direct,
            self.service_ptr,
            self.service_col,
            self.n_cols,
        )


def random_town(seed, n_junctions=12, n_places=10, n_outlets=14, n_cols=3, tick=TICKS_PER_S, gates=True):
    """
    A random town: streets with loops, parallels, dead ends and islands; points on streets and behind gates.

    Walks are small multiples of ``tick``, so that ties and walks of exactly the cutoff are frequent.
    """
    rng = np.random.default_rng(seed)
    n_edges = max(1, int(n_junctions * rng.uniform(0.8, 1.7)))
    edges = [
        (int(rng.integers(n_junctions)), int(rng.integers(n_junctions)), int(rng.integers(0, 7)) * tick)
        for _ in range(n_edges)
    ]

    def point():
        kind = rng.random()
        if kind < 0.1:
            return [], None
        if kind < 0.3 and gates:
            n = int(rng.integers(1, 5))
            return [(int(rng.integers(n_junctions)), int(rng.integers(6)) * tick) for _ in range(n)], None
        edge = int(rng.integers(n_edges))
        offset = int(rng.integers(edges[edge][2] // tick + 1)) * tick
        spot = (edge, offset, int(rng.integers(3)) * tick)
        return street_ends(edges, spot), spot

    places = [point() for _ in range(n_places)]
    outlets = [point() for _ in range(n_outlets)]
    services = [np.flatnonzero(rng.random(n_cols) < 0.5) for _ in range(n_outlets)]
    return Town(
        street_graph(n_junctions, edges),
        attachments([p[0] for p in places]),
        attachments([o[0] for o in outlets]),
        direct_walks([p[1] for p in places], [o[1] for o in outlets]),
        np.r_[0, np.cumsum([len(s) for s in services])].astype(np.int64),
        np.concatenate([*services, []]).astype(np.int32),
        n_cols,
        rng.random(n_outlets) < 0.8,
    )
