import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps import walk_map
from random_networks import ADULT, SLOW_ON_STEPS, networks, street_grid
from yike.core.geo.projection import LocalProjection
from yike.core.network.attach import attach_points
from yike.core.network.contract import build_graph
from yike.core.network.isochrone import lay_out_streets, reach_each, reach_polygons
from yike.core.network.search import ticks_of, walk_ticks
from yike.core.tables import TICKS_PER_S


def in_metres(polygon, network):
    """A polygon in degrees back in local metres."""
    projection = LocalProjection(network.origin_lon, network.origin_lat)
    return shapely.transform(polygon, lambda xy: np.column_stack(projection.forward(xy[:, 0], xy[:, 1])))


def reached_lines(network, graph, starts, cutoff_s):
    """Reached stretches of every piece, one by one: from both ends and around starts on it."""
    limit = ticks_of(cutoff_s)
    best = walk_ticks(graph, starts.end_junction_idx, starts.end_ticks, limit).astype(np.int64)
    found = []
    for p in range(network.n_pieces):
        e = graph.piece_edge_idx[p]
        if e < 0:
            continue
        t0, long = int(graph.piece_start_ticks[p]), int(graph.piece_ticks[p])
        left = limit - best[graph.edge_from_idx[e]]
        right = int(graph.edge_ticks[e]) - (limit - best[graph.edge_to_idx[e]])
        spans = [(0, left - t0), (right - t0, long)]
        for i in np.flatnonzero(starts.edge_idx == e):
            spare = limit - int(starts.access_ticks[i])
            o = int(starts.edge_offset_ticks[i])
            spans.append((o - spare - t0, o + spare - t0))
        parts = sorted((max(0, a), min(long, b)) for a, b in spans if min(long, b) >= max(0, a))
        merged: list[tuple[int, int]] = []
        for low, high in parts:
            if merged and low <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        a, b = network.piece_from_idx[p], network.piece_to_idx[p]
        if graph.piece_is_reversed[p]:
            a, b = b, a
        start, end = (np.array([network.vertex_x_m[v], network.vertex_y_m[v]]) for v in (a, b))
        for low, high in ((low / max(long, 1), high / max(long, 1)) for low, high in merged):
            high = high if long else 1.0
            line = shapely.LineString([start + low * (end - start), start + high * (end - start)])
            found.append((line, network.piece_length_m[p] * (high - low)))
    return found


def test_area_around_the_middle_of_a_street_ends_where_the_walk_ends():
    town = walk_map("a---------x---------b", metres_per_cell=50)  # x in the middle of 1,000 m
    area = reach_polygons(town.network, town.graph(), town.attach("x"), [100.0])[0]
    shape = in_metres(area.polygon, town.network)
    # 200 m of street, 30 m to either side and round the ends
    assert area.street_m == pytest.approx(200.0, abs=1e-3)
    assert area.area_m2 == pytest.approx(200 * 60 + np.pi * 30**2, rel=0.05)
    assert shape.area == pytest.approx(area.area_m2, rel=1e-6)
    assert shape.bounds == pytest.approx((370.0, -30.0, 630.0, 30.0), abs=4.0)


def test_block_wider_than_the_buffers_stays_a_hole():
    town = walk_map("""
        x-----+
        |     |
        |     |
        |     |
        +-----+
    """)  # 300 m by 200 m
    area = reach_polygons(town.network, town.graph(), town.attach("x"), [900.0])[0]
    assert len(area.polygon.geoms) == 1
    assert len(area.polygon.geoms[0].interiors) == 1
    hole = in_metres(shapely.Polygon(area.polygon.geoms[0].interiors[0]), town.network)
    assert hole.bounds == pytest.approx((30.0, 30.0, 270.0, 170.0), abs=4.0)
    assert area.street_m == pytest.approx(1000.0)


def test_street_reached_from_both_ends_meets_in_the_middle_and_no_further():
    town = walk_map("""
        +-------x-------+
        |               |
        |               |
        +---------------+
    """)  # 800 by 150 m; from x to the far middle 400 + 150 + 400 = 950 s
    graph = town.graph()
    short, whole = reach_polygons(town.network, graph, town.attach("x", graph), [900.0, 950.0])
    assert short.street_m == pytest.approx(1900.0 - 100.0, abs=1e-3)
    assert whole.street_m == pytest.approx(1900.0, abs=1e-3)
    assert len(short.polygon.geoms[0].interiors) == 0  # still open at the far middle
    assert len(whole.polygon.geoms[0].interiors) == 1


def test_walk_too_short_for_any_junction_reaches_its_own_piece_alone():
    town = walk_map("a---------x---------b")
    area = reach_polygons(town.network, town.graph(), town.attach("x"), [10.0])[0]
    assert area.street_m == pytest.approx(20.0, abs=1e-3)


def test_walk_to_the_street_is_part_of_the_walk():
    town = walk_map("""
        a---------b

             x
    """)  # 100 m off
    graph = town.graph()
    none, some = reach_polygons(town.network, graph, town.attach("x", graph), [99.0, 150.0])
    assert (none.area_m2, none.street_m, none.polygon.is_empty) == (0.0, 0.0, True)
    assert some.street_m == pytest.approx(100.0, abs=1e-3)


def test_area_from_nothing_attached_is_empty():
    town = walk_map("a---b")
    far = attach_points(town.network, town.graph(), np.array([9e3]), np.array([0.0]), min_component=1)
    area = reach_polygons(town.network, town.graph(), far, [900.0])[0]
    assert area.polygon.is_empty
    assert area.area_m2 == 0.0


def test_two_streets_that_do_not_meet_stay_apart_in_spite_of_being_near():
    town = walk_map("""
        x----------


        y----------
    """)  # 150 m apart, no connection: no hull over both
    graph = town.graph()
    area = reach_polygons(town.network, graph, town.attach("xy", graph), [900.0])[0]
    assert len(area.polygon.geoms) == 2


def test_areas_come_in_the_order_asked_and_grow_with_the_cutoff():
    network = street_grid(20, 2, seed=3)
    graph = build_graph(network, ADULT)
    starts = attach_points(network, graph, np.array([900.0]), np.array([900.0]))
    areas = reach_polygons(network, graph, starts, [600.0, 300.0, 900.0])
    assert [a.cutoff_s for a in areas] == [600.0, 300.0, 900.0]
    ten, five, fifteen = (in_metres(a.polygon, network) for a in areas)
    # Outlines that coincide do so to the rounding of distances in float32.
    assert five.difference(ten).area < 1.0
    assert ten.difference(fifteen).area < 1.0
    assert five.area < ten.area < fifteen.area


def test_each_alone_equals_all_in_one_batch():
    network = street_grid(15, 2, seed=4)
    graph = build_graph(network, ADULT)
    rng = np.random.default_rng(4)
    starts = attach_points(network, graph, rng.uniform(0, 1400, 20), rng.uniform(0, 1400, 20))
    drawing = lay_out_streets(network, graph)
    batch = reach_each(network, graph, starts, [300.0, 600.0], drawing=drawing)
    for row, got in enumerate(batch):
        alone = reach_polygons(network, graph, starts, [300.0, 600.0], rows=np.array([row]))
        assert [(a.area_m2, a.street_m) for a in got] == [(a.area_m2, a.street_m) for a in alone]
        assert all(a.polygon.equals_exact(b.polygon, 0.0) for a, b in zip(got, alone, strict=True))


def test_area_agrees_with_buffers_around_the_reached_pieces():
    network = street_grid(14, 2, seed=6)
    graph = build_graph(network, ADULT)
    starts = attach_points(network, graph, np.array([500.0, 900.0]), np.array([600.0, 200.0]))
    for cutoff_s in (120.0, 300.0, 600.0):
        area = reach_polygons(network, graph, starts, [cutoff_s])[0]
        lines = reached_lines(network, graph, starts, cutoff_s)
        exact = shapely.union_all([line.buffer(30.0) for line, _ in lines])
        drawn = in_metres(area.polygon, network)
        assert area.street_m == pytest.approx(sum(metres for _, metres in lines), rel=1e-4)
        assert drawn.symmetric_difference(exact).area <= 0.05 * exact.area
        # Nowhere off by more than half a cell's diagonal: gaps narrower than that may close.
        assert exact.buffer(15.0).contains(drawn)
        assert drawn.buffer(15.0).contains(exact)


@settings(max_examples=60, deadline=None)
@given(
    networks(),
    st.lists(st.tuples(st.integers(-300, 300), st.integers(-300, 300)), min_size=1, max_size=3),
    st.sampled_from([0.0, 30.0, 200.0, 900.0]),
)
def test_areas_are_valid_and_hold_what_is_reached(network, points, cutoff_s):
    graph = build_graph(network, SLOW_ON_STEPS)
    x, y = (np.array([p[k] for p in points], dtype=float) for k in (0, 1))
    starts = attach_points(network, graph, x, y, min_component=1)
    area = reach_polygons(network, graph, starts, [cutoff_s])[0]
    drawn = in_metres(area.polygon, network)
    assert shapely.is_valid(area.polygon)
    assert drawn.area == pytest.approx(area.area_m2, rel=1e-6, abs=1e-3)
    lines = [line for line, _ in reached_lines(network, graph, starts, cutoff_s)]
    assert all(drawn.contains(line) for line in lines)
    assert drawn.is_empty == (not lines)


@settings(max_examples=40, deadline=None)
@given(networks(), st.integers(-300, 300), st.integers(-300, 300))
def test_whole_component_is_reached_in_the_end(network, x, y):
    graph = build_graph(network, SLOW_ON_STEPS)
    starts = attach_points(network, graph, np.array([float(x)]), np.array([float(y)]), min_component=1)
    if not starts.is_attached[0]:
        return
    area = reach_polygons(network, graph, starts, [16_000.0])[0]
    own = graph.component_idx[starts.end_junction_idx[0]]
    mine = graph.component_idx[graph.edge_from_idx[graph.piece_edge_idx]] == own
    whole = network.piece_length_m[mine & (graph.piece_edge_idx >= 0)].sum()
    # Pieces of less than a tick have no stretch of their own.
    assert area.street_m == pytest.approx(whole, abs=network.n_pieces / TICKS_PER_S)
