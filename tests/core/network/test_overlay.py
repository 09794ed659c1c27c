import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps import Town, walk_map
from naive import network as naive
from random_networks import ADULT, SLOW_ON_STEPS, networks
from yike.core.geo.projection import LocalProjection
from yike.core.network.overlay import AddPath, CloseStreet, OpenGate, apply_overlay
from yike.core.network.split import split_pieces
from yike.core.tables import PieceFlag
from yike.errors import InputError

BLOCK = """
    a-----+-----b
    |           |
    |           |
    c-----+-----d
"""  # 600 m by 150 m


def at(town: Town, *points):
    """Degrees of points in local metres, as tuples of longitudes and latitudes."""
    projection = LocalProjection(town.network.origin_lon, town.network.origin_lat)
    lon, lat = projection.inverse(np.array([p[0] for p in points]), np.array([p[1] for p in points]))
    return tuple(lon.tolist()), tuple(lat.tolist())


def seconds(network, town: Town, start: str, end: str) -> float:
    profile = town.profile()
    return float(naive.vertex_seconds(network, profile, town.vertex(start))[town.vertex(end)])


def test_added_path_joins_streets_in_the_middle_of_their_pieces():
    town = walk_map(BLOCK)
    lon, lat = at(town, (175, 150), (175, 0))
    network = apply_overlay(town.network, [AddPath(lon, lat, name="小巷")])
    # a to c stays 150 m; a to the path 175, down 150, on to d 425
    assert seconds(network, town, "a", "d") == pytest.approx(750.0)
    added = (network.piece_flags & PieceFlag.OVERLAY) != 0
    assert network.piece_length_m[added].tolist() == pytest.approx([150.0])
    assert network.names[network.piece_name_idx[added][0]] == "小巷"


def test_added_path_shortens_a_walk_by_what_is_drawn():
    town = walk_map("""
        a-----+
              |
              |
              |
        b-----+
    """)  # 300 + 200 + 300
    lon, lat = at(town, (3, 196), (-40, 100), (2, 3))
    network = apply_overlay(town.network, [AddPath(lon, lat)])
    # ends land on the street at (3, 200) and (2, 0); the bend lies at (-40, 100)
    path = np.hypot(43, 100) + np.hypot(42, 100)
    assert seconds(network, town, "a", "b") == pytest.approx(3 + path + 2, abs=1e-6)


def test_added_path_may_be_steps_and_may_end_blind():
    town = walk_map(BLOCK)
    lon, lat = at(town, (300, 150), (300, 80))
    network = apply_overlay(town.network, [AddPath(lon, lat, is_steps=True)])
    added = (network.piece_flags & PieceFlag.OVERLAY) != 0
    assert network.piece_flags[added].tolist() == [PieceFlag.OVERLAY | PieceFlag.STEPS]
    assert network.n_vertices == town.network.n_vertices + 1


def test_closed_way_is_gone_and_others_stay():
    town = walk_map("a-----b")
    network = apply_overlay(town.network, [CloseStreet(way_id=3)])
    assert network.n_pieces == town.network.n_pieces - 1
    assert 3 not in network.piece_way_id
    assert seconds(network, town, "a", "b") == float("inf")


def test_street_nearest_to_a_point_is_closed():
    town = walk_map(BLOCK)
    lon, lat = at(town, (175, 155))
    network = apply_overlay(town.network, [CloseStreet(lon=lon[0], lat=lat[0])])
    # a to b went straight, 600 m; now round by c and d
    assert seconds(network, town, "a", "b") == pytest.approx(150 + 600 + 150)


def test_opened_gate_joins_streets_on_both_sides():
    town = walk_map("""
        a--+  +--b
    """)  # 100 m between the dead ends at 150 and 300
    lon, lat = at(town, (225, 0))
    network = apply_overlay(town.network, [OpenGate(lon[0], lat[0], within_m=80)])
    assert seconds(network, town, "a", "b") == pytest.approx(450.0)


def test_opened_gate_where_streets_meet_already_changes_nothing():
    town = walk_map(BLOCK)
    lon, lat = at(town, (300, 150))
    assert apply_overlay(town.network, [OpenGate(lon[0], lat[0])]) is town.network


def test_edits_that_find_no_street_are_all_told():
    town = walk_map(BLOCK)
    lon, lat = at(town, (5000, 5000), (5100, 5000))
    edits = [AddPath(lon, lat, name="远路"), CloseStreet(way_id=999), OpenGate(lon[0], lat[0], name="远门")]
    with pytest.raises(InputError, match="3 处改动") as caught:
        apply_overlay(town.network, edits)
    assert [f.row for f in caught.value.faults] == [1, 2, 3]
    assert "远路" in caught.value.faults[0].message
    assert "远门" in caught.value.faults[2].message


@settings(max_examples=80, deadline=None)
@given(
    networks(),
    st.lists(st.tuples(st.integers(0, 19), st.floats(0, 1)), max_size=12),
)
def test_splitting_pieces_changes_no_walking_time_and_no_length(network, cuts):
    piece = np.array([p % network.n_pieces for p, _ in cuts], dtype=np.int32)
    share = np.array([s for _, s in cuts], dtype=float)
    split = split_pieces(network, piece, share)
    assert split.network.piece_length_m.sum() == pytest.approx(network.piece_length_m.sum())
    assert (split.network.piece_flags == network.piece_flags[split.source_piece_idx]).all()
    for start in range(0, network.n_vertices, 4):
        old = naive.vertex_seconds(network, SLOW_ON_STEPS, start)
        new = naive.vertex_seconds(split.network, SLOW_ON_STEPS, start)[: network.n_vertices]
        assert new == pytest.approx(old, abs=1e-6)


def test_cuts_lie_where_they_were_asked_for():
    town = walk_map("a-b", metres_per_cell=100)
    network = town.network
    split = split_pieces(network, np.array([0, 0, 0], dtype=np.int32), np.array([0.75, 0.0, 0.25]))
    x = split.network.vertex_x_m[split.cut_vertex_idx]
    assert x.tolist() == [75.0, 0.0, 25.0]
    assert split.network.piece_length_m.tolist() == pytest.approx([25.0, 50.0, 25.0, 100.0])
    assert split.network.vertex_id[-2:].tolist() == [-1, -2]
    assert naive.vertex_seconds(split.network, ADULT, 0)[2] == pytest.approx(200 / 1.25)
