import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps import walk_map
from naive import network as naive
from random_networks import ADULT, SLOW_ON_STEPS, networks, street_grid
from yike.core.network.attach import attach_points, direct_walks, pieces_to_join
from yike.core.network.contract import build_graph
from yike.core.network.search import walk_ticks
from yike.core.tables import NO_TICKS, TICKS_PER_S, AttachRule

POINTS = st.lists(
    st.tuples(st.integers(-600, 600).map(lambda v: v / 1.5), st.integers(-600, 600).map(lambda v: v / 1.5)),
    min_size=1,
    max_size=8,
)


def columns(points):
    return np.array([p[0] for p in points]), np.array([p[1] for p in points])


@settings(max_examples=150, deadline=None)
@given(networks(), POINTS, st.sampled_from([0.0, 20.0, 200.0]), st.sampled_from([1, 4, 50]))
def test_attach_equals_trying_every_piece(network, points, max_m, min_component):
    graph = build_graph(network, SLOW_ON_STEPS)
    got = attach_points(network, graph, *columns(points), max_m=max_m, min_component=min_component)
    may_join = pieces_to_join(graph, min_component)
    for i, (x, y) in enumerate(points):
        piece, metres = naive.nearest_piece(network, may_join, x, y)
        if abs(metres - max_m) < 1e-9:
            continue  # a matter of the last bit of the root
        assert got.is_attached[i] == (metres <= max_m)
        if got.is_attached[i]:
            assert got.distance_m[i] == pytest.approx(metres, abs=1e-9)
            _, own = naive.nearest_piece(network, np.arange(network.n_pieces) == got.piece_idx[i], x, y)
            assert own == pytest.approx(metres, abs=1e-9)
            # Of two pieces drawn the same way the lower one; the last bit may tell others apart.
            drawn = [(network.piece_from_idx[p], network.piece_to_idx[p]) for p in (piece, got.piece_idx[i])]
            assert drawn[0] != drawn[1] or got.piece_idx[i] == piece


def test_attach_equals_trying_every_piece_on_a_town():
    network = street_grid(9, 2, seed=4)
    graph = build_graph(network, ADULT)
    rng = np.random.default_rng(5)
    x, y = rng.uniform(-300, 1100, 400), rng.uniform(-300, 1100, 400)
    got = attach_points(network, graph, x, y)
    may_join = pieces_to_join(graph)
    for i in range(len(x)):
        piece, metres = naive.nearest_piece(network, may_join, x[i], y[i])
        assert got.piece_idx[i] == (piece if metres <= 200 else -1)


@settings(max_examples=80, deadline=None)
@given(networks(), POINTS)
def test_both_ends_hold_the_walk_to_the_street_and_along_it(network, points):
    graph = build_graph(network, SLOW_ON_STEPS)
    got = attach_points(network, graph, *columns(points), min_component=1)
    assert np.diff(got.end_ptr).tolist() == (2 * got.is_attached).tolist()
    for i in np.flatnonzero(got.is_attached):
        edge, offset, access = got.edge_idx[i], got.edge_offset_ticks[i], got.access_ticks[i]
        ends = slice(got.end_ptr[i], got.end_ptr[i + 1])
        assert got.end_junction_idx[ends].tolist() == [graph.edge_from_idx[edge], graph.edge_to_idx[edge]]
        assert got.end_ticks[ends].tolist() == [offset + access, graph.edge_ticks[edge] - offset + access]
        assert 0 <= offset <= graph.edge_ticks[edge]


@settings(max_examples=80, deadline=None)
@given(networks(), POINTS, POINTS)
def test_direct_walks_equal_two_loops(network, homes, shops):
    graph = build_graph(network, SLOW_ON_STEPS)
    places = attach_points(network, graph, *columns(homes), min_component=1)
    outlets = attach_points(network, graph, *columns(shops), min_component=1)
    got = direct_walks(graph, places, outlets)
    rows = np.repeat(np.arange(len(homes)), np.diff(got.ptr))
    pairs = list(zip(rows.tolist(), got.outlet_idx.tolist(), got.ticks.tolist(), strict=True))
    assert pairs == naive.direct_pairs(places, outlets)


def test_point_walks_straight_to_the_street_and_leaves_both_ways():
    town = walk_map("""
        a----------b

          x
    """)  # x: 100 m below the street, 100 m from a, 450 m from b
    got = town.attach("x")
    assert got.distance_m.tolist() == [100.0]
    assert (got.end_ticks / TICKS_PER_S).tolist() == [200.0, 550.0]
    assert (got.foot_x_m[0], got.foot_y_m[0]) == (100.0, 100.0)
    assert got.rule.tolist() == [AttachRule.STREET]


def test_point_exactly_at_the_limit_is_attached_and_beyond_is_not():
    town = walk_map("""
        a-----b



         x


    """)
    assert town.attach("x", max_m=200.0).is_attached.tolist() == [True]
    beyond = town.attach("x", max_m=199.99)
    assert beyond.is_attached.tolist() == [False]
    assert np.isnan(beyond.distance_m).all()
    assert len(beyond.end_ticks) == 0
    assert beyond.rule.tolist() == [AttachRule.NONE]


def test_small_component_is_passed_over_for_a_larger_one_farther_away():
    town = walk_map("""
        a--b
          x

        c---------d
    """)  # the upper street has 4 vertices, the lower 11
    near = town.attach("x", min_component=4)
    far = town.attach("x", min_component=5)
    largest = town.attach("x", min_component=50)
    assert near.distance_m.tolist() == [50.0]
    assert far.distance_m.tolist() == [100.0]
    assert largest.distance_m.tolist() == [100.0]


def test_nearest_by_true_geometry_not_by_the_chord_of_the_bend():
    town = walk_map("""
        a     b
        |  x  |
        |     |
        +-----+
    """)  # x lies on the chord of the one edge a..b, 150 m from each side and 100 m from the bottom
    assert town.graph().n_edges == 1
    assert town.attach("x").distance_m.tolist() == [100.0]


def test_two_points_on_one_edge_meet_along_it():
    town = walk_map("""
        a-------------b
           x     y
    """)  # the edge: x at 150 m, y at 450 m, both 50 m off
    graph = town.graph()
    walks = direct_walks(graph, town.attach("x", graph), town.attach("y", graph))
    assert (walks.ticks / TICKS_PER_S).tolist() == [300.0 + 50.0 + 50.0]


def test_point_on_a_loop_has_both_ends_at_the_same_junction():
    town = walk_map("""
        +--x
        |  |
        a--+
        |
        b
    """)  # the block a-x: 2 + 3 cells either way
    graph = town.graph()
    got = town.attach("x", graph)
    assert got.end_junction_idx[0] == got.end_junction_idx[1]
    assert (got.end_ticks / TICKS_PER_S).tolist() == [250.0, 250.0]


def test_unknown_coordinates_are_not_attached():
    town = walk_map("a---b")
    got = attach_points(
        town.network, town.graph(), np.array([np.nan, np.inf, 0.0]), np.zeros(3), min_component=1
    )
    assert got.is_attached.tolist() == [False, False, True]


def test_walks_between_places_are_the_same_both_ways():
    network = street_grid(6, 2, seed=8)
    graph = build_graph(network, ADULT)
    rng = np.random.default_rng(9)
    points = attach_points(network, graph, rng.uniform(0, 500, 12), rng.uniform(0, 500, 12), min_component=1)
    table = np.full((12, 12), NO_TICKS, dtype=np.int64)
    for i in range(12):
        own = slice(points.end_ptr[i], points.end_ptr[i + 1])
        best = walk_ticks(graph, points.end_junction_idx[own], points.end_ticks[own], 3600 * TICKS_PER_S)
        for k in range(12):
            ends = slice(points.end_ptr[k], points.end_ptr[k + 1])
            table[i, k] = (
                best[points.end_junction_idx[ends]].astype(np.int64) + points.end_ticks[ends]
            ).min()
    assert table.tolist() == table.T.tolist()
    assert table.max() < 3600 * TICKS_PER_S
