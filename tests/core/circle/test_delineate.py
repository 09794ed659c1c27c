"""Walking-time Voronoi on drawn towns, and against one search per seed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from maps import walk_map
from naive import circle as naive
from random_networks import SLOW_ON_STEPS, networks
from yike.core.circle.delineate import walking_voronoi
from yike.core.network.attach import attach_points, direct_walks
from yike.core.network.contract import build_graph
from yike.core.network.search import walk_ticks
from yike.core.tables import TICKS_PER_S


def nearest(town, seeds, points, limit_s=3600.0):
    graph = town.graph()
    return walking_voronoi(graph, town.attach(seeds, graph), town.attach(points, graph), limit_s).tolist()


def test_points_go_to_the_seed_nearest_on_foot_not_in_a_straight_line():
    # c lies 200 m from B and 400 m from A; but the street to B goes round: 400 + 200 + 600 + 200 m
    town = walk_map(
        """
        A---c B
        |     |
        +-----+
        """,
        metres_per_cell=100,
    )
    assert nearest(town, "AB", "c") == [0]


def test_equal_walks_go_to_the_lowest_seed():
    town = walk_map("A--c--B", metres_per_cell=100)
    assert nearest(town, "AB", "c") == [0]
    assert nearest(town, "BA", "c") == [0]


def test_points_beyond_the_limit_have_no_seed_and_the_limit_counts():
    town = walk_map("A--c--d", metres_per_cell=100)
    assert nearest(town, "A", "cd", limit_s=300.0) == [0, -1]
    assert nearest(town, "A", "cd", limit_s=600.0) == [0, 0]


def test_points_on_the_seed_s_own_street_walk_straight_to_it():
    town = walk_map("+-A-c-----B-+", metres_per_cell=100)
    assert nearest(town, "AB", "c") == [0]


def test_islands_and_far_points_have_no_seed():
    town = walk_map(
        """
        A--c

        d--e
        """,
        metres_per_cell=100,
    )
    assert nearest(town, "A", "cde") == [0, -1, -1]


def test_no_seeds_or_no_points_is_fine():
    town = walk_map("A--c", metres_per_cell=100)
    assert nearest(town, "", "c") == [-1]
    assert nearest(town, "A", "") == []


spots = st.lists(st.tuples(st.integers(-300, 300), st.integers(-300, 300)), min_size=1, max_size=6)


@given(networks(), spots, spots, st.sampled_from([60.0, 300.0, 3600.0]))
@settings(max_examples=60, deadline=None)
def test_voronoi_equals_one_search_per_seed(network, seed_xy, point_xy, limit_s):
    graph = build_graph(network, SLOW_ON_STEPS)
    seeds, points = (
        attach_points(network, graph, *np.array(xy, float).T, min_component=1) for xy in (seed_xy, point_xy)
    )
    limit = int(limit_s) * TICKS_PER_S
    direct = direct_walks(graph, points, seeds)
    table = np.full((len(points), len(seeds)), np.inf)
    for s in range(len(seeds)):
        ends = slice(seeds.end_ptr[s], seeds.end_ptr[s + 1])
        best = walk_ticks(graph, seeds.end_junction_idx[ends], seeds.end_ticks[ends], limit)
        for p in range(len(points)):
            for e in range(points.end_ptr[p], points.end_ptr[p + 1]):
                ticks = int(best[points.end_junction_idx[e]]) + int(points.end_ticks[e])
                table[p, s] = min(table[p, s], ticks)
    for p in range(len(points)):
        for k in range(direct.ptr[p], direct.ptr[p + 1]):
            s = direct.outlet_idx[k]
            table[p, s] = min(table[p, s], direct.ticks[k])
    got = walking_voronoi(graph, seeds, points, limit_s)
    assert got.tolist() == [naive.nearest_seed(row, limit) for row in table]
