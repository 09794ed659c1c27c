import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps import walk_map
from naive import network as naive
from random_networks import ADULT, PROFILES, SLOW_ON_STEPS, WHEELCHAIR, networks, street_grid
from yike.core.network.build import make_network
from yike.core.network.contract import build_graph
from yike.core.network.search import vertex_ticks
from yike.core.tables import NO_TICKS, TICKS_PER_S, WalkNetwork
from yike.errors import EmptyNetworkError, StudyError


def graph_or_none(network, profile):
    try:
        return build_graph(network, profile)
    except EmptyNetworkError:
        return None


def seconds_from(network: WalkNetwork, graph, start: int) -> np.ndarray:
    limit = 25_000 * TICKS_PER_S
    ticks = vertex_ticks(network, graph, np.array([start]), np.zeros(1, np.int32), limit)
    return np.where(ticks == NO_TICKS, np.inf, ticks / TICKS_PER_S)


def renumbered(network: WalkNetwork, order: np.ndarray) -> WalkNetwork:
    """The same network with its vertices in another order."""
    new = np.argsort(order).astype(np.int32)
    return make_network(
        network.vertex_id[order],
        None,
        None,
        new[network.piece_from_idx],
        new[network.piece_to_idx],
        network.piece_length_m,
        network.piece_flags,
        origin=(network.origin_lon, network.origin_lat),
        x_m=network.vertex_x_m[order],
        y_m=network.vertex_y_m[order],
    )


@settings(max_examples=150, deadline=None)
@given(networks(), st.sampled_from(PROFILES))
def test_contraction_keeps_all_walking_times_between_vertices(network, profile):
    graph = graph_or_none(network, profile)
    for start in range(network.n_vertices):
        expected = naive.vertex_seconds(network, profile, start)
        if graph is not None:
            # Half a tick per edge, and no walk has more edges than the network pieces.
            got = seconds_from(network, graph, start)
            assert np.isfinite(got).tolist() == np.isfinite(expected).tolist()
            reached = np.isfinite(got)
            assert got[reached] == pytest.approx(expected[reached], abs=network.n_pieces / TICKS_PER_S)


@settings(max_examples=100, deadline=None)
@given(networks(), st.sampled_from(PROFILES))
def test_every_walkable_piece_keeps_its_place_and_no_other_has_one(network, profile):
    graph = graph_or_none(network, profile)
    if graph is None:
        return
    for p in range(network.n_pieces):
        edge = graph.piece_edge_idx[p]
        assert (edge >= 0) == naive.may_walk(network, p, profile)
        if edge < 0:
            continue
        chain = slice(graph.chain_ptr[edge], graph.chain_ptr[edge + 1])
        places = list(zip(graph.chain_vertex_idx[chain], graph.chain_ticks[chain], strict=True))
        a, b = network.piece_from_idx[p], network.piece_to_idx[p]
        if graph.piece_is_reversed[p]:
            a, b = b, a
        start = graph.piece_start_ticks[p]
        assert (a, start) in places
        assert (b, start + graph.piece_ticks[p]) in places
    assert len(graph.chain_vertex_idx) == np.count_nonzero(graph.piece_edge_idx >= 0) + graph.n_edges


@settings(max_examples=60, deadline=None)
@given(networks(max_vertices=9, max_pieces=10), st.sampled_from(PROFILES))
def test_components_count_uncontracted_walkable_vertices(network, profile):
    graph = graph_or_none(network, profile)
    if graph is not None:
        sizes = naive.component_sizes(network, profile)
        got = graph.component_size[graph.component_idx]
        assert got.tolist() == sizes[graph.junction_vertex_idx].tolist()
        assert graph.component_size.sum() == np.count_nonzero(sizes)


@settings(max_examples=60, deadline=None)
@given(networks(), st.randoms(use_true_random=False))
def test_renumbering_vertices_changes_no_walking_time(network, random):
    order = np.array(random.sample(range(network.n_vertices), network.n_vertices))
    other = renumbered(network, order)
    one, two = graph_or_none(network, SLOW_ON_STEPS), graph_or_none(other, SLOW_ON_STEPS)
    start = int(order[0])
    got = seconds_from(other, two, 0)
    # An isolated ring or a loop may be summed the other way round: one tick on each edge.
    tolerance = network.n_pieces / TICKS_PER_S
    assert got == pytest.approx(seconds_from(network, one, start)[order], abs=tolerance)


@settings(max_examples=40, deadline=None)
@given(networks())
def test_walking_times_are_the_same_both_ways(network):
    graph = graph_or_none(network, SLOW_ON_STEPS)
    times = np.array([seconds_from(network, graph, v) for v in range(network.n_vertices)])
    assert times.tolist() == times.T.tolist()


def test_graph_of_a_grid_leaves_out_vertices_of_degree_two():
    network = street_grid(8, 3)
    graph = build_graph(network, ADULT)
    degree = np.bincount(np.concatenate((network.piece_from_idx, network.piece_to_idx)))
    assert graph.n_junctions == np.count_nonzero((degree != 2) & (degree > 0))
    assert np.diff(graph.chain_ptr).sum() == network.n_pieces + graph.n_edges


def test_steps_stop_a_wheelchair_and_slow_who_is_slowed():
    town = walk_map("""
        a--==--b
        |      |
        +------+
    """)  # along the steps 7 cells, round the block 2 + 7 + 2
    assert town.seconds("a", "b") == 350.0
    assert town.seconds("a", "b", town.profile(avoid_steps=True)) == 550.0
    # Three pieces touch a cell of steps: 4 x 50 + 3 x 50 x 2, or x 1.5
    assert town.seconds("a", "b", town.profile(steps_factor=2.0)) == 500.0
    assert town.seconds("a", "b", town.profile(steps_factor=1.5)) == 425.0


def test_private_lanes_are_closed_unless_the_profile_may_use_them():
    town = walk_map("a--~~--b")
    assert town.seconds("a", "b") == float("inf")
    assert town.seconds("a", "b", town.profile(uses_private=True)) == 350.0


def test_isolated_ring_gets_one_junction():
    town = walk_map("""
        a--+
        |  |
        +--b
    """)  # the far corner is 3 + 2 cells away, either way
    graph = town.graph()
    assert (graph.n_junctions, graph.n_edges) == (1, 1)
    assert graph.indptr.tolist() == [0, 0]
    assert town.seconds("a", "b") == 250.0


def test_chain_longer_than_the_limit_is_cut_and_stays_exact():
    # 40 pieces of 1 km at 1 m/s: 40,000 s, more than the 8,192 s of one chain
    n = 41
    network = make_network(
        np.arange(n), None, None, np.arange(n - 1), np.arange(1, n), np.full(n - 1, 1000.0),
        origin=(116.3, 39.9), x_m=np.arange(n) * 1000.0, y_m=np.zeros(n),
    )  # fmt: skip
    graph = build_graph(network, walk_map("a-b").profile())
    assert graph.edge_ticks.max() <= 8192 * TICKS_PER_S
    assert graph.n_edges == 5
    limit = 30_000 * TICKS_PER_S
    ticks = vertex_ticks(network, graph, np.array([0]), np.zeros(1, np.int32), limit)
    assert ticks[30] == limit
    assert ticks[31] == NO_TICKS


def test_piece_too_long_for_a_search_is_named():
    network = make_network(
        np.array([1, 2]), None, None, np.array([0]), np.array([1]), np.array([40_000.0]),
        way_id=np.array([77]), origin=(116.3, 39.9), x_m=np.array([0.0, 40_000.0]), y_m=np.zeros(2),
    )  # fmt: skip
    with pytest.raises(StudyError, match=r"way 77.*40\.0 km"):
        build_graph(network, ADULT)


def test_network_of_nothing_but_steps_is_empty_for_a_wheelchair():
    town = walk_map("a===b")
    with pytest.raises(EmptyNetworkError, match="轮椅"):
        build_graph(town.network, WHEELCHAIR)


def test_parallel_edges_and_loops_keep_their_own_ticks():
    network = make_network(
        np.array([1, 2]), None, None, np.array([0, 0, 0]), np.array([1, 1, 0]), np.array([10.0, 7.0, 5.0]),
        origin=(116.3, 39.9), x_m=np.array([0.0, 5.0]), y_m=np.zeros(2),
    )  # fmt: skip
    graph = build_graph(network, walk_map("a-b").profile())
    # b has degree 2: the two parallel pieces become one loop of 17 s beside the loop of 5 s
    assert sorted((graph.edge_ticks / TICKS_PER_S).tolist()) == [5.0, 17.0]
    assert len(graph.neighbour_idx) == 0
    assert graph.component_size.tolist() == [2]
