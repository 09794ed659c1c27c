import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from maps import walk_map
from naive import network as naive
from random_networks import SLOW_ON_STEPS, networks
from yike.core.network.contract import build_graph
from yike.core.network.search import ticks_of, vertex_ticks, walk_ticks
from yike.core.tables import NO_TICKS, TICKS_PER_S


@settings(max_examples=80, deadline=None)
@given(
    networks(),
    st.lists(st.tuples(st.integers(0, 13), st.integers(0, 10**8)), max_size=4),
    st.integers(0, 10**8),
)
def test_walk_ticks_from_many_starts_equals_the_naive_twin(network, starts, limit):
    graph = build_graph(network, SLOW_ON_STEPS)
    starts = [(j % graph.n_junctions, t) for j, t in starts]
    junctions = np.array([j for j, _ in starts], dtype=np.int32)
    spent = np.array([t for _, t in starts], dtype=np.int32)
    got = walk_ticks(graph, junctions, spent, limit)
    assert got.tolist() == naive.junction_ticks(graph, starts, limit).tolist()


def test_limit_is_inclusive_to_the_tick():
    town = walk_map("a-----b-----c")  # 300 s to b, 600 s to c
    graph = town.graph()
    start, zero = np.array([town.vertex("a")]), np.zeros(1, np.int32)
    at = vertex_ticks(town.network, graph, start, zero, ticks_of(300.0))
    short = vertex_ticks(town.network, graph, start, zero, ticks_of(300.0) - 1)
    assert at[town.vertex("b")] == 300 * TICKS_PER_S
    assert short[town.vertex("b")] == NO_TICKS
    assert at[town.vertex("c")] == NO_TICKS


def test_nearest_of_two_starts_wins_along_their_shared_edge():
    town = walk_map("a---b-c---d")  # one edge of 500 m; b and c are starts 100 m apart
    graph = town.graph()
    starts = np.array([town.vertex("b"), town.vertex("c")])
    ticks = vertex_ticks(town.network, graph, starts, np.zeros(2, np.int32), ticks_of(900))
    reached = ticks / TICKS_PER_S
    assert [reached[town.vertex(v)] for v in "abcd"] == [200.0, 0.0, 0.0, 200.0]


def test_start_without_a_walkable_piece_reaches_itself_alone():
    town = walk_map("""
        a===b---c
    """)
    graph = town.graph(town.profile(avoid_steps=True))
    start = np.array([town.vertex("a")])
    ticks = vertex_ticks(town.network, graph, start, np.zeros(1, np.int32), ticks_of(9000))
    assert np.flatnonzero(ticks != NO_TICKS).tolist() == [town.vertex("a")]


def test_ticks_of_counts_a_walk_of_exactly_the_cutoff():
    assert ticks_of(900.0) == 900 * TICKS_PER_S
    assert ticks_of(float("inf")) == NO_TICKS - 1
