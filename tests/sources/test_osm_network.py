"""Walking networks of OSM files: the filter, the pieces, gates and walls."""

import numpy as np
import pytest

from naive.osm_by_osmium import read_pieces
from osm_files import BUNDLED, write_osm
from yike.core.geo.projection import haversine_m
from yike.core.tables import PieceFlag
from yike.errors import EmptyNetworkError
from yike.sources.osm import read_network

LON, LAT = 116.3, 40.0
STEP = 0.001


def _grid(*ids):
    """Nodes in a row, 0.001 degrees apart."""
    return [(i, round(LON + k * STEP, 7), LAT) for k, i in enumerate(ids)]


def _pieces(network):
    ids = network.vertex_id
    return sorted(
        zip(
            network.piece_way_id.tolist(),
            ids[network.piece_from_idx].tolist(),
            ids[network.piece_to_idx].tolist(),
            strict=True,
        )
    )


def test_network_equals_the_object_by_object_reading():
    path = BUNDLED / "helsinki.osm.pbf"

    network, notes = read_network(path)

    vertices, pieces = read_pieces(path)
    assert network.vertex_id.tolist() == sorted(vertices)
    places = [vertices[i] for i in network.vertex_id.tolist()]
    assert list(zip(network.vertex_lon.tolist(), network.vertex_lat.tolist(), strict=True)) == places
    assert _pieces(network) == sorted(pieces)
    assert network.n_vertices == 5431  # as the data's own notes say
    assert notes.n_highways == 2650


def test_piece_lengths_are_haversine():
    network, _ = read_network(BUNDLED / "helsinki.osm.pbf")

    start, end = network.piece_from_idx, network.piece_to_idx
    lon, lat = network.vertex_lon, network.vertex_lat
    expected = haversine_m(lon[start], lat[start], lon[end], lat[end])
    np.testing.assert_allclose(network.piece_length_m, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("tags", "is_walkable"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "platform"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "elevator"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "no"}, False),
        ({"highway": "service", "access": "no", "foot": "yes"}, True),
        ({"highway": "service", "access": "private", "foot": "designated"}, True),
        ({"highway": "service", "access": "private", "foot": "permissive"}, True),
        ({"highway": "service", "access": "private", "foot": "destination"}, False),
        ({"highway": "service", "access": "permissive"}, True),
        ({"highway": "service", "access": "residents"}, True),
        ({"highway": "path", "foot": "no"}, False),
        ({"highway": "path", "foot": "private"}, False),
        ({"highway": "pedestrian", "area": "yes"}, False),
        ({"highway": "pedestrian", "area": "no"}, True),
        ({"highway": "residential", "oneway": "yes"}, True),
        ({"railway": "rail"}, False),
    ],
)
def test_walkable_filter_follows_the_definition(tmp_path, tags, is_walkable):
    path = write_osm(tmp_path, _grid(1, 2, 3), [(10, [1, 2], tags), (11, [2, 3], {"highway": "path"})])

    network, _ = read_network(path)

    assert (10 in network.piece_way_id.tolist()) == is_walkable


def test_segments_with_a_missing_end_are_dropped_and_counted(tmp_path):
    # node 99 is not in the file: 1-2 stays, 2-99 and 99-3 go, ways are not bridged over it
    path = write_osm(tmp_path, _grid(1, 2, 3, 4), [(10, [1, 2, 99, 3, 4], {"highway": "path"})])

    network, notes = read_network(path)

    assert _pieces(network) == [(10, 1, 2), (10, 3, 4)]
    assert (notes.n_missing_ends, notes.n_cut_ways) == (2, 1)
    assert [f.code for f in notes.faults] == ["osm.network.missing_nodes"]
    assert "1 条道路" in notes.faults[0].message


def test_a_node_on_a_way_of_one_node_is_a_vertex(tmp_path):
    ways = [
        (10, [1, 2], {"highway": "path"}),
        (11, [3], {"highway": "path"}),
        (12, [4, 99], {"highway": "path"}),
    ]
    path = write_osm(tmp_path, _grid(1, 2, 3, 4), ways)

    network, _ = read_network(path)

    assert network.vertex_id.tolist() == [1, 2, 3, 4]
    assert network.n_pieces == 1


def test_repeated_nodes_make_no_piece_and_loops_stay(tmp_path):
    nodes = [*_grid(1, 2), (3, LON, LAT + STEP)]
    path = write_osm(tmp_path, nodes, [(10, [1, 1, 2, 3, 1], {"highway": "path"})])

    network, _ = read_network(path)

    assert _pieces(network) == [(10, 1, 2), (10, 2, 3), (10, 3, 1)]


def test_ids_beyond_2_to_the_31_and_parallel_pieces(tmp_path):
    big = 12_345_678_901
    nodes = [(big, LON, LAT), (big + 1, LON + STEP, LAT)]
    ways = [(big, [big, big + 1], {"highway": "path"}), (big + 5, [big + 1, big], {"highway": "steps"})]
    path = write_osm(tmp_path, nodes, ways)

    network, _ = read_network(path)

    assert network.vertex_id.tolist() == [big, big + 1]
    assert _pieces(network) == [(big, big, big + 1), (big + 5, big + 1, big)]


def test_flags_kinds_and_names_of_pieces(tmp_path):
    ways = [
        (1, [1, 2], {"highway": "steps", "name": "石阶"}),
        (2, [2, 3], {"highway": "footway", "bridge": "yes", "name": "天桥"}),
        (3, [3, 4], {"highway": "footway", "tunnel": "building_passage"}),
        (4, [4, 5], {"highway": "footway", "bridge": "no"}),
    ]
    path = write_osm(tmp_path, _grid(1, 2, 3, 4, 5), ways)

    network, _ = read_network(path)

    assert network.piece_flags.tolist() == [PieceFlag.STEPS, PieceFlag.BRIDGE, PieceFlag.TUNNEL, 0]
    assert [network.kinds[k] for k in network.piece_kind_idx] == ["steps", "footway", "footway", "footway"]
    assert [network.names[n] if n >= 0 else "" for n in network.piece_name_idx] == ["石阶", "天桥", "", ""]


def test_private_lanes_are_kept_as_such_when_asked(tmp_path):
    ways = [
        (1, [1, 2], {"highway": "residential"}),
        (2, [2, 3], {"highway": "service", "access": "private"}),
        (3, [3, 4], {"highway": "service", "access": "no"}),
    ]
    path = write_osm(tmp_path, _grid(1, 2, 3, 4), ways)

    default, notes = read_network(path)
    with_lanes, _ = read_network(path, keep_private=True)

    assert _pieces(default) == [(1, 1, 2)]
    assert notes.n_private_ways == 1
    assert _pieces(with_lanes) == [(1, 1, 2), (2, 2, 3)]
    assert with_lanes.piece_flags.tolist() == [0, PieceFlag.PRIVATE]


def test_a_file_without_streets_is_told(tmp_path):
    path = write_osm(
        tmp_path, _grid(1, 2), [(1, [1, 2], {"highway": "motorway"}), (2, [1, 2], {"waterway": "river"})]
    )

    with pytest.raises(EmptyNetworkError, match="没有可以步行的道路（共有 1 条"):
        read_network(path)


def test_isolated_pieces_stay(tmp_path):
    ways = [(i, [2 * i, 2 * i + 1], {"highway": "path"}) for i in range(1, 6)]
    path = write_osm(tmp_path, _grid(*range(2, 12)), ways)

    network, _ = read_network(path)

    assert (network.n_vertices, network.n_pieces) == (10, 5)


@pytest.mark.parametrize(
    ("tags", "is_closed"),
    [
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, False),
        ({"barrier": "lift_gate", "foot": "no"}, True),
        ({"barrier": "bollard"}, False),
        ({"barrier": "wall"}, True),
        ({"entrance": "yes", "access": "private"}, False),
    ],
)
def test_gates_close_streets_only_when_asked(tmp_path, tags, is_closed):
    nodes = [(1, LON, LAT), (2, LON + STEP, LAT, tags), (3, LON + 2 * STEP, LAT)]
    path = write_osm(tmp_path, nodes, [(10, [1, 2, 3], {"highway": "service"})])

    default, _ = read_network(path)
    gated, notes = read_network(path, gates=True)

    assert default.n_vertices == 3
    # a closed gate becomes two dead ends: its vertex comes twice, no street is lost
    assert gated.vertex_id.tolist() == ([1, 2, 3, 2] if is_closed else [1, 2, 3])
    assert gated.n_pieces == 2
    assert notes.n_closed_gates == int(is_closed)
    assert len({*gated.piece_from_idx.tolist(), *gated.piece_to_idx.tolist()}) == 3 + is_closed


def _walled(tmp_path, street_tags, gate=()):
    """A street 1-2-3 along the parallel; a wall crosses it between 2 and 3 at 1.5 steps."""
    wall = round(LON + 1.5 * STEP, 7)
    nodes = [*_grid(1, 2, 3), (4, wall, LAT - STEP), (5, wall, LAT + STEP), *gate]
    ways = [(10, [1, 2, 3], street_tags), (11, [4, 5], {"barrier": "wall"})]
    return write_osm(tmp_path, nodes, ways)


def test_walls_stop_streets_that_cross_them(tmp_path):
    path = _walled(tmp_path, {"highway": "path"})

    default, _ = read_network(path)
    walled, notes = read_network(path, walls=True)

    assert _pieces(default) == [(10, 1, 2), (10, 2, 3)]
    assert _pieces(walled) == [(10, 1, 2)]
    assert notes.n_blocked_by_walls == 1


def test_bridges_pass_over_walls(tmp_path):
    walled, notes = read_network(_walled(tmp_path, {"highway": "path", "bridge": "yes"}), walls=True)

    assert walled.n_pieces == 2
    assert notes.n_blocked_by_walls == 0


@pytest.mark.parametrize(("access", "passes"), [("yes", True), ("private", False)])
def test_a_gate_in_the_wall_lets_the_street_through(tmp_path, access, passes):
    gate = (6, round(LON + 1.5 * STEP, 7), LAT, {"barrier": "gate", "access": access})

    walled, _ = read_network(_walled(tmp_path, {"highway": "path"}, [gate]), walls=True)

    assert walled.n_pieces == (2 if passes else 1)


def test_a_street_that_touches_a_wall_at_a_common_node_goes_on(tmp_path):
    nodes = [*_grid(1, 2, 3), (4, round(LON + STEP, 7), LAT + STEP)]
    ways = [(10, [1, 2, 3], {"highway": "path"}), (11, [2, 4], {"barrier": "fence"})]

    walled, _ = read_network(write_osm(tmp_path, nodes, ways), walls=True)

    assert walled.n_pieces == 2


def test_reading_twice_gives_the_same_bytes():
    path = BUNDLED / "helsinki.osm.pbf"

    first, _ = read_network(path, walls=True, gates=True, keep_private=True)
    second, _ = read_network(path, walls=True, gates=True, keep_private=True)

    for name, value in vars(first).items():
        other = getattr(second, name)
        same = value.tobytes() == other.tobytes() if isinstance(value, np.ndarray) else value == other
        assert same, name


@pytest.mark.real
def test_pbf_and_xml_of_guixi_are_the_same_network(shared_data):
    folder = shared_data / "guixi-county-city"

    pbf, _ = read_network(folder / "guixi.osm.pbf")
    xml, notes = read_network(folder / "guixi.osm.gz")

    assert pbf.vertex_id.tolist() == xml.vertex_id.tolist()
    np.testing.assert_array_equal(pbf.piece_length_m, xml.piece_length_m)
    assert pbf.names == xml.names
    assert notes.bounds == (117.19116, 28.28171, 117.25519, 28.32252)


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "vertices", "pieces"),
    [
        ("beijing-wudaokou/wudaokou.osm.pbf", 2101, 2490),
        ("monaco/monaco.osm.pbf", 11058, 12142),
        ("sao-paulo-center/saopaulo.osm.pbf", 20123, 23301),
        ("shanghai-center/shanghai_center_roads.osm.pbf", 20735, 23125),
        ("shenzhen-nanshan/nanshan.osm.pbf", 7936, 8728),
    ],
)
def test_real_extracts_have_all_their_vertices(shared_data, file, vertices, pieces):
    network, _ = read_network(shared_data / file)

    assert (network.n_vertices, network.n_pieces) == (vertices, pieces)
