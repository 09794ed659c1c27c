from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from shapely import box

from maps import Town, walk_map
from yike.core.network.attach import attach_points
from yike.core.network.compound import attach_with_compounds, close_compounds, direct_walks_with_compounds
from yike.core.network.compound_gates import is_open_at
from yike.core.network.contract import build_graph
from yike.core.network.search import walk_ticks
from yike.core.tables import NO_TICKS, TICKS_PER_S, AttachRule, PieceFlag

ALWAYS = ((0, 7 * 24 * 60),)


@dataclass
class Walls:
    polygons_m: tuple


@dataclass
class Gates:
    x_m: np.ndarray
    y_m: np.ndarray
    compound_idx: np.ndarray
    is_pedestrian: np.ndarray
    spans: tuple = field(default=())


def gates_of(*rows) -> Gates:
    """Gates from (x, y, compound) or (x, y, compound, spans)."""
    return Gates(
        np.array([r[0] for r in rows], dtype=float),
        np.array([r[1] for r in rows], dtype=float),
        np.array([r[2] for r in rows], dtype=np.int32),
        np.ones(len(rows), dtype=np.bool_),
        tuple(r[3] if len(r) > 3 else ALWAYS for r in rows),
    )


class Walled:
    """A town with compounds: seconds between letters by every way the tables allow."""

    def __init__(self, town: Town, walls, gates: Gates, speed_m_s: float = 1.0, **settings):
        self.town = town
        profile = town.profile(speed_m_s)
        self.network, self.access = close_compounds(
            town.network, Walls(tuple(walls)), gates, profile, min_component=1, **settings
        )
        self.graph = build_graph(self.network, profile)

    def attach(self, names: str):
        return attach_with_compounds(self.graph, self.access, *self.town.xy(names), min_component=1)

    def seconds(self, start: str, end: str) -> float:
        a, b = self.attach(start), self.attach(end)
        best = walk_ticks(self.graph, a.end_junction_idx, a.end_ticks, 10_000 * TICKS_PER_S)
        arrive = best[b.end_junction_idx].astype(np.int64) + b.end_ticks
        direct = direct_walks_with_compounds(self.graph, self.access, a, b).ticks.astype(np.int64)
        shortest = np.concatenate((arrive, direct)).min(initial=NO_TICKS)
        return float(shortest) / TICKS_PER_S if shortest < NO_TICKS else float("inf")


STREETS = """
    a-----------b
    |           |
    |           |
    |     p     |
    |           |
    |           |
    c-----------d
"""  # 600 m by 300 m, no lanes inside; p at (300, 150)


def test_home_without_lanes_walks_straight_times_the_detour_to_the_gate():
    town = walk_map(STREETS)
    wall = box(50, 50, 550, 250)
    walled = Walled(town, [wall], gates_of((300, 50, 0)))
    # p to the gate 100 m x 1.3, gate to the street 50 m, then 300 m to either corner below
    assert walled.seconds("p", "c") == pytest.approx(130 + 50 + 300, abs=1e-4)
    # and up the side street to a: 300 m more. Without the wall p would be 150 m from the upper street.
    assert walled.seconds("p", "a") == pytest.approx(130 + 50 + 300 + 300, abs=1e-4)
    assert walled.attach("p").rule.tolist() == [AttachRule.GATE_STRAIGHT]


def test_second_gate_is_used_where_it_is_nearer():
    town = walk_map(STREETS)
    walled = Walled(town, [box(50, 50, 550, 250)], gates_of((300, 50, 0), (300, 250, 0)))
    assert walled.seconds("p", "a") == pytest.approx(130 + 50 + 300, abs=1e-4)
    assert np.diff(walled.attach("p").end_ptr).tolist() == [2]


def test_gate_closed_at_night_does_not_count():
    town = walk_map(STREETS)
    day = tuple((d * 1440 + 6 * 60, d * 1440 + 22 * 60) for d in range(7))
    gates = gates_of((300, 50, 0), (300, 250, 0, day))
    walls = [box(50, 50, 550, 250)]
    assert Walled(town, walls, gates, at_minute=600).seconds("p", "a") == pytest.approx(480, abs=1e-4)
    assert Walled(town, walls, gates, at_minute=23 * 60).seconds("p", "a") == pytest.approx(780, abs=1e-4)


def test_gate_for_cars_only_does_not_count():
    town = walk_map(STREETS)
    gates = gates_of((300, 50, 0), (300, 250, 0))
    gates.is_pedestrian[1] = False
    assert Walled(town, [box(50, 50, 550, 250)], gates).seconds("p", "a") == pytest.approx(780, abs=1e-4)


@pytest.mark.parametrize(
    ("gates", "at_minute", "state"),
    [
        (gates_of(), None, "no_gate"),
        (gates_of((300, 50, 0, ((0, 60),))), 600, "closed"),
        (gates_of((300, 50, 0)), 600, "open"),
    ],
)
def test_compound_without_an_open_gate_leaves_homes_unattached_and_says_why(gates, at_minute, state):
    walled = Walled(walk_map(STREETS), [box(50, 50, 550, 250)], gates, at_minute=at_minute)
    got = walled.attach("p")
    assert walled.access.exit_state == (state,)
    assert got.is_attached.tolist() == [state == "open"]
    assert got.compound_idx.tolist() == [0]
    assert (got.rule[0] == AttachRule.NONE) == (state != "open")


def test_gate_far_from_any_street_says_so():
    walled = Walled(walk_map("a---b"), [box(0, 300, 200, 500)], gates_of((100, 300, 0)))
    assert walled.access.exit_state == ("no_street",)


LANES = """
    a-----------b
    |     |     |
    |     +--q  |
    |     |     |
    |  p--+     |
    |     |     |
    c-----+-----d
"""  # a lane crosses the block from (300, 300) to (300, 0); p at (150, 100), q at (450, 200)


def test_home_with_lanes_walks_along_them_to_the_gate():
    town = walk_map(LANES)
    walled = Walled(town, [box(20, 20, 580, 280)], gates_of((300, 20, 0)))
    # p along its lane 150 m, down the lane 80 m to the wall, 20 m to the street, 300 m to c
    assert walled.seconds("p", "c") == pytest.approx(150 + 80 + 20 + 300, abs=1e-4)
    assert walled.attach("p").rule.tolist() == [AttachRule.GATE_LANES]
    # the upper end of the lane has no gate: a is reached round the block
    assert walled.seconds("p", "a") == pytest.approx(150 + 80 + 20 + 300 + 300, abs=1e-4)


def test_nobody_walks_through_a_compound():
    town = walk_map("""
        +--a--+
        |  |  |
        |  |  |
        |  |  |
        +--b--+
    """)  # the lane a-b is 200 m; round either side 150 + 200 + 150
    wall = box(30, 20, 270, 180)
    gates = gates_of((150, 20, 0), (150, 180, 0))
    assert town.seconds("a", "b") == 200.0
    assert Walled(town, [wall], gates).seconds("a", "b") == pytest.approx(500, abs=1e-4)


def test_neighbours_in_one_compound_meet_by_lanes_without_leaving():
    walled = Walled(walk_map(LANES), [box(20, 20, 580, 280)], gates_of((300, 20, 0)))
    assert walled.seconds("p", "q") == pytest.approx(150 + 100 + 150, abs=1e-4)


def test_neighbours_without_lanes_meet_straight_times_the_detour():
    town = walk_map("""
        a---------b
        |         |
        |  p   q  |
        |         |
        c---------d
    """)
    walled = Walled(town, [box(20, 20, 480, 180)], gates_of((20, 100, 0)), detour=1.5)
    assert walled.seconds("p", "q") == pytest.approx(200 * 1.5, abs=1e-4)


def test_shop_beside_the_gate_is_reached_along_the_street_without_a_junction_between():
    town = walk_map("""
        a-----s-------b

              p
    """)  # one street; the gate below s comes out 50 m east of it
    walled = Walled(town, [box(250, -100, 550, 50)], gates_of((350, 50, 0)))
    # p (300, 0) to the gate (350, 50): 70.71 m x 1.3; gate to the street 50 m; back along it 50 m
    assert walled.seconds("p", "s") == pytest.approx(70.7107 * 1.3 + 50 + 50, abs=1e-3)


def test_home_outside_does_not_join_an_inner_lane():
    town = walk_map("""
        a-----b
        |     |
        |     |
        |     |
        |     |
        ;     ;
        +~~~~~+
         o
    """)
    walled = Walled(town, [box(-10, 40, 310, 140)], gates_of((0, 140, 0)))
    got = walled.attach("o")
    assert got.rule.tolist() == [AttachRule.STREET]
    assert got.foot_y_m[0] >= 140.0 or got.piece_idx[0] >= 0
    assert walled.network.piece_flags[got.piece_idx[0]] & PieceFlag.PRIVATE == 0


def test_home_outside_a_wall_joins_the_street_and_one_inside_does_not():
    town = walk_map("""
        a-------------b
         o  i
    """)
    wall = box(120, -100, 300, 40)
    walled = Walled(town, [wall], gates_of((300, 0, 0)))
    got = walled.attach("oi")
    assert got.rule.tolist() == [AttachRule.STREET, AttachRule.GATE_STRAIGHT]
    # i (200, 0): 100 m x 1.3 to the gate, 50 m to the street
    assert (got.end_ticks[2:] / TICKS_PER_S).tolist() == pytest.approx([130 + 50], abs=1e-4)


def test_shop_in_the_wall_faces_the_street_and_one_behind_it_does_not():
    town = walk_map(STREETS)
    walled = Walled(town, [box(50, 50, 550, 250)], gates_of((50, 150, 0)))
    x, y = np.array([300.0, 300.0, 300.0]), np.array([241.0, 240.0, 200.0])
    got = attach_with_compounds(walled.graph, walled.access, x, y, min_component=1, front_m=10.0)
    assert got.rule.tolist() == [AttachRule.STREET, AttachRule.GATE_STRAIGHT, AttachRule.GATE_STRAIGHT]
    assert got.distance_m[0] == pytest.approx(59.0)
    assert got.compound_idx.tolist() == [-1, 0, 0]


def test_lane_from_one_compound_into_the_next_is_no_way_out():
    town = walk_map("""
        a-----------------b
        |                 |
        |  p-----------q  |
        |                 |
        c-----------------d
    """)  # the lane p-q passes from the left compound into the right one
    walls = [box(20, 20, 450, 180), box(450, 20, 880, 180)]
    walled = Walled(town, walls, gates_of((20, 100, 0), (880, 100, 1)))
    # p is at (150, 100): the lane does not lead to its gate, so straight: 130 x 1.3 + 20, and so for q;
    # between the gates 100 up, 900 along, 100 down
    assert walled.seconds("p", "q") == pytest.approx(2 * (130 * 1.3 + 20) + 1100, abs=1e-4)


def test_bridge_over_a_compound_stays_a_street():
    town = walk_map("""
        +--a--+
        |  |  |
        |  |  |
        |  |  |
        +--b--+
    """)
    x = town.network.vertex_x_m
    middle = (x[town.network.piece_from_idx] == 150) & (x[town.network.piece_to_idx] == 150)
    flags = np.where(middle, np.uint8(PieceFlag.BRIDGE), np.uint8(0))
    town = replace(town, network=replace(town.network, piece_flags=flags))
    assert Walled(town, [box(30, 20, 270, 180)], gates_of()).seconds("a", "b") == 200.0


def test_street_along_the_wall_stays_a_street():
    town = walk_map("""
        a-----b
        |     |
        c-----d
    """)
    # the compound is drawn to the street's own line, and half a metre over it
    walled = Walled(town, [box(0, -0.5, 300, 100.5)], gates_of())
    assert walled.seconds("a", "d") == 400.0
    assert walled.access.private_m == 0.0


def test_compounds_leave_a_town_without_walls_as_it_is():
    town = walk_map(LANES)
    graph = town.graph()
    plain = attach_points(town.network, graph, *town.xy("pq"), min_component=1)
    walled = Walled(town, [], gates_of())
    got = walled.attach("pq")
    assert walled.network.n_pieces == town.network.n_pieces
    assert got.end_ticks.tolist() == plain.end_ticks.tolist()
    assert got.rule.tolist() == [AttachRule.STREET, AttachRule.STREET]


def test_walks_in_and_out_are_the_same_both_ways():
    walled = Walled(walk_map(LANES), [box(20, 20, 580, 280)], gates_of((300, 20, 0), (300, 280, 0)))
    for a, b in ("pc", "pa", "qd", "pq", "qb"):
        assert walled.seconds(a, b) == walled.seconds(b, a)


@pytest.mark.parametrize(
    ("spans", "minute", "expected"),
    [
        (((360, 1320),), None, True),
        (((360, 1320),), 360, True),
        (((360, 1320),), 1320, False),
        (((10_000, 10_200),), 60, True),  # Sunday evening into Monday
        ((), 600, False),
    ],
)
def test_is_open_at_minutes_of_the_week(spans, minute, expected):
    assert is_open_at(spans, minute) is expected
