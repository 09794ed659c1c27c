"""Siting problems of fixed seed: a compact part of the made-up city, rooms anywhere along its streets."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from access_city import SIZES, WALKER, AccessCase, load_case, make_city, save_case
from yike.core.network.attach import attach_points, direct_walks
from yike.core.network.contract import build_graph

CUTOFF_S = 900.0
LIMIT_S = 1600.0  # 2 km
TASKS = {  # size: candidates, places, sites, city
    "12x500": (12, 500, 3, "10k"),
    "200x2k": (200, 2_000, 5, "30k"),
    "1kx10k": (1_000, 10_000, 10, "30k"),
    "2kx20k": (2_000, 20_000, 20, "100k"),
    "10kx100k": (10_000, 100_000, 100, "100k"),
}


def make_task(size: str, path: Path) -> None:
    """
    Draw a problem and keep it: the nearest places to the middle of the city, so that density stays.

    Kept as an ``AccessCase``: its places are the candidates, its outlets the demand points, its service
    columns their people.
    """
    m, n, _, city_size = TASKS[size]
    city = make_city(SIZES[city_size])
    rng = np.random.default_rng(7)
    middle = np.median(city.place_xy, axis=0)
    off = np.abs(city.place_xy - middle).max(1)
    near = np.sort(np.argsort(off, kind="stable")[:n])
    vertices = np.stack([city.network.vertex_x_m, city.network.vertex_y_m], 1)
    inside = np.flatnonzero(np.abs(vertices - middle).max(1) <= off[near].max())
    rooms = vertices[np.sort(rng.choice(inside, m, replace=False))]
    people = np.round(rng.gamma(1.5, 20, n)).astype(np.int32)
    graph = build_graph(city.network, WALKER)
    candidates = attach_points(city.network, graph, *rooms.T)
    places = attach_points(city.network, graph, *city.place_xy[near].T)
    direct = direct_walks(graph, candidates, places)
    save_case(AccessCase(graph, candidates, places, direct, np.arange(n + 1), people), path)


def load_task(size: str, folder: Path) -> AccessCase:
    """A kept problem, made on first use."""
    path = folder / f"siting-{size}.npz"
    if not path.exists():
        make_task(size, path)
    return load_case(path)
