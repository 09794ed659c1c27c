"""
A made-up city of fixed seed, for benchmarks of walking access.

A bent and broken street grid with dead ends and shape points (about the vertex degrees of a real walking
network: 7 % of degree 1, 59 % of degree 2, 16 % of degree 3, 18 % more), places along the streets,
outlets of 22 types around hot spots, some types fifteen times as common as others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yike.core.network.attach import attach_points, direct_walks
from yike.core.network.build import make_network
from yike.core.network.contract import build_graph
from yike.core.network.profile import WalkProfile
from yike.core.tables import Attachments, DirectWalks, StreetGraph, WalkNetwork

SIZES = {"10k": 10_000, "30k": 30_000, "100k": 100_000, "300k": 300_000, "1M": 1_000_000}
N_TYPES = 22
SEED = 20_210_528  # the day the national notice on living circles was signed
SPACING_M = 82.0
WALKER = WalkProfile(code="adult", label="成人", speed_m_s=1.25)


@dataclass(frozen=True)
class City:
    """Streets, and where people live and shops stand, in metres."""

    network: WalkNetwork
    place_xy: np.ndarray
    outlet_xy: np.ndarray
    outlet_type: np.ndarray


@dataclass(frozen=True)
class AccessCase:
    """The tables that ``compute_access`` takes."""

    graph: StreetGraph
    places: Attachments
    outlets: Attachments
    direct: DirectWalks
    service_ptr: np.ndarray
    service_col: np.ndarray

    def given(self) -> tuple:
        """Positional arguments of ``compute_access``."""
        return (
            self.graph,
            self.places,
            self.outlets,
            self.direct,
            self.service_ptr,
            self.service_col,
            N_TYPES,
        )


def make_city(n_vertices: int, seed: int = SEED) -> City:
    """A city of about ``n_vertices`` street vertices, as many places, and 0.3 as many outlets."""
    rng = np.random.default_rng(seed)
    xy, street = _main_component(*_with_dead_ends(rng, *_bent_grid(rng, int(0.4 * n_vertices))))
    order = rng.permutation(len(xy))  # the keys of real extracts say little of where a vertex lies
    back = np.argsort(order)
    xy, street = xy[order], back[street]
    xy, start, end = _with_shape_points(rng, xy, street, n_vertices)
    network = make_network(
        vertex_id=np.arange(len(xy)),
        lon=None,
        lat=None,
        piece_from_idx=start,
        piece_to_idx=end,
        piece_length_m=np.hypot(*(xy[start] - xy[end]).T),
        origin=(105.6, 34.5),
        x_m=xy[:, 0],
        y_m=xy[:, 1],
    )
    place_xy = _along_streets(rng, network, rng.integers(0, network.n_pieces, n_vertices))
    outlet_xy = _around_hot_spots(rng, network, int(0.3 * n_vertices))
    share = 1 / np.arange(1, N_TYPES + 1) ** 0.9
    return City(network, place_xy, outlet_xy, rng.choice(N_TYPES, len(outlet_xy), p=share / share.sum()))


def _bent_grid(rng, n_junctions):
    side = int(np.ceil(np.sqrt(1.06 * n_junctions)))
    column, row = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    xy = np.stack([column.ravel(), row.ravel()], 1) * SPACING_M
    xy = xy + rng.normal(0, 0.18 * SPACING_M, xy.shape)
    at = np.arange(side * side).reshape(side, side)
    grid = np.concatenate(
        [np.stack([at[:-1], at[1:]], -1).reshape(-1, 2), np.stack([at[:, :-1], at[:, 1:]], -1).reshape(-1, 2)]
    )
    diagonal = np.stack([at[:-1, :-1], at[1:, 1:]], -1).reshape(-1, 2)
    kept = grid[rng.random(len(grid)) > 0.24], diagonal[rng.random(len(diagonal)) < 0.05]
    return xy, np.concatenate(kept)


def _with_dead_ends(rng, xy, street):
    base = rng.integers(0, len(xy), int(0.14 * len(xy)))
    angle, length = rng.random(len(base)) * 2 * np.pi, rng.gamma(3, 14, len(base)) + 8
    tip = xy[base] + length[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    stub = np.stack([base, len(xy) + np.arange(len(base))], 1)
    return np.concatenate([xy, tip]), np.concatenate([street, stub])


def _main_component(xy, street):
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    links = coo_matrix((np.ones(len(street)), tuple(street.T)), (len(xy), len(xy)))
    label = connected_components(links, directed=False)[1]
    keep = label == np.bincount(label).argmax()
    row = np.cumsum(keep) - 1
    return xy[keep], row[street[keep[street[:, 0]]]]


def _with_shape_points(rng, xy, street, n_vertices):
    n_points = np.minimum(rng.poisson(max(0.0, (n_vertices - len(xy)) / len(street)), len(street)), 8)
    first = np.cumsum(n_points) - n_points
    of = np.repeat(np.arange(len(street)), n_points)
    nth = np.arange(n_points.sum()) - first[of]
    part = ((nth + 1) / (n_points[of] + 1))[:, None]
    a, b = xy[street[of, 0]], xy[street[of, 1]]
    bow = rng.normal(0, 0.06, len(street))[of, None] * np.sin(np.pi * part)
    points = a + part * (b - a) + bow * ((b - a)[:, ::-1] * [-1, 1])
    idx = len(xy) + np.arange(len(points))
    is_last = nth == n_points[of] - 1
    bare = street[n_points == 0]
    start = np.concatenate([bare[:, 0], np.where(nth == 0, street[of, 0], idx - 1), idx[is_last]])
    end = np.concatenate([bare[:, 1], idx, street[of[is_last], 1]])
    return np.concatenate([xy, points]), start, end


def _along_streets(rng, network, piece):
    xy = np.stack([network.vertex_x_m, network.vertex_y_m], 1)
    a, b = xy[network.piece_from_idx[piece]], xy[network.piece_to_idx[piece]]
    return a + rng.random((len(piece), 1)) * (b - a) + rng.normal(0, 12, (len(piece), 2))


def _around_hot_spots(rng, network, n):
    from scipy.spatial import cKDTree

    xy = np.stack([network.vertex_x_m, network.vertex_y_m], 1)
    extent = xy.max()
    n_spots = max(4, int((extent / 2500) ** 2))
    weight = rng.pareto(1.5, n_spots) + 0.3
    spot = rng.choice(n_spots, n, p=weight / weight.sum())
    wish = (rng.random((n_spots, 2)) * extent)[spot] + rng.normal(0, 600, (n, 2))
    anywhere = rng.random(n) < 0.35
    wish[anywhere] = rng.random((anywhere.sum(), 2)) * extent
    middle = (xy[network.piece_from_idx] + xy[network.piece_to_idx]) / 2
    return _along_streets(rng, network, cKDTree(middle).query(np.clip(wish, 0, extent))[1])


def on_streets(city: City) -> AccessCase:
    """The product's problem: places and outlets somewhere along the streets."""
    graph = build_graph(city.network, WALKER)
    places = attach_points(city.network, graph, *city.place_xy.T)
    outlets = attach_points(city.network, graph, *city.outlet_xy.T)
    ptr = np.arange(len(outlets) + 1)
    return AccessCase(
        graph, places, outlets, direct_walks(graph, places, outlets), ptr, city.outlet_type.astype(np.int32)
    )


def at_junctions(case: AccessCase) -> AccessCase:
    """The peers' problem: every junction a place, every outlet moved to its nearer junction."""
    n = case.graph.n_junctions
    first = case.outlets.end_ptr[:-1]
    nearer = first + (case.outlets.end_ticks[first + 1] < case.outlets.end_ticks[first])
    return AccessCase(
        case.graph,
        _points_at(np.arange(n)),
        _points_at(case.outlets.end_junction_idx[nearer]),
        DirectWalks(np.zeros(n + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32)),
        case.service_ptr,
        case.service_col,
    )


def _points_at(junction: np.ndarray) -> Attachments:
    n = len(junction)
    none, zero = np.full(n, -1, np.int32), np.zeros(n, np.int32)
    return Attachments(
        is_attached=np.ones(n, bool),
        piece_idx=none,
        edge_idx=none,
        edge_offset_ticks=zero,
        access_ticks=zero,
        distance_m=np.zeros(n),
        foot_x_m=np.zeros(n),
        foot_y_m=np.zeros(n),
        end_ptr=np.arange(n + 1),
        end_junction_idx=np.asarray(junction, np.int32),
        end_ticks=zero,
        compound_idx=none,
        rule=np.ones(n, np.uint8),
    )


TABLES = {"graph": StreetGraph, "places": Attachments, "outlets": Attachments, "direct": DirectWalks}


def save_case(case: AccessCase, path: Path) -> None:
    """Keep a case, so that a fresh process can load it without the cost of making it."""
    columns = {f"{t}.{k}": v for t in TABLES for k, v in vars(getattr(case, t)).items()}
    np.savez(path, service_ptr=case.service_ptr, service_col=case.service_col, **columns)


def load_case(path: Path) -> AccessCase:
    """Read what ``save_case`` wrote."""
    with np.load(path) as kept:
        tables = {
            t: kind(**{k.split(".")[1]: kept[k][()] for k in kept.files if k.startswith(f"{t}.")})
            for t, kind in TABLES.items()
        }
        return AccessCase(**tables, service_ptr=kept["service_ptr"], service_col=kept["service_col"])
