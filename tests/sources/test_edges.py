"""Networks given as tables of nodes and edges: read whole, every wrong row told."""

import gzip

import numpy as np
import pytest

from yike.core.network.contract import build_graph
from yike.core.network.profile import WalkProfile
from yike.core.tables import PieceFlag
from yike.errors import EmptyNetworkError, InputError, UnreadableFileError
from yike.sources.edges import read_edges

NODES = "node_id,lon,lat\n7,116.30,40.00\n8,116.31,40.00\n9,116.32,40.00\n"
EDGES = "from,to,length_m\n7,8,900\n8,9,850.5\n"
METRE_A_SECOND = WalkProfile("test", "", 1.0)


def _write(tmp_path, nodes: str | bytes | None, edges: str | bytes):
    paths = []
    for name, content in (("nodes.csv", nodes), ("edges.csv", edges)):
        if content is None:
            paths.append(None)
            continue
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return paths


def _faults(tmp_path, nodes, edges, **options):
    with pytest.raises(InputError) as caught:
        read_edges(*_write(tmp_path, nodes, edges), **options)
    assert all(f.message and f.cure for f in caught.value.faults)
    return [(f.code.removeprefix("edges."), f.row, f.found) for f in caught.value.faults]


def test_nodes_and_edges_make_a_network(tmp_path):
    network, faults = read_edges(*_write(tmp_path, NODES, EDGES))

    assert network.vertex_id.tolist() == [7, 8, 9]
    assert network.vertex_lon.tolist() == [116.30, 116.31, 116.32]
    assert network.piece_from_idx.tolist() == [0, 1]
    assert network.piece_to_idx.tolist() == [1, 2]
    assert network.piece_length_m.tolist() == [900, 850.5]
    assert network.piece_way_id.tolist() == [1, 2]
    assert faults == []


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        ("\ufeff" + NODES, "\ufeff" + EDGES),
        (NODES.replace("node_id", "节点编号").replace("lon,lat", "经度,纬度").encode("gb18030"), EDGES),
        (NODES.replace(",", ", ").encode(), EDGES.replace("from,to,length_m", "起点,终点,长度")),
    ],
    ids=["bom", "gb18030", "chinese headers and blanks"],
)
def test_tables_as_people_write_them(tmp_path, nodes, edges):
    network, _ = read_edges(*_write(tmp_path, nodes, edges))

    assert network.vertex_id.tolist() == [7, 8, 9]
    assert network.piece_length_m.tolist() == [900, 850.5]


def test_full_width_digits_and_units_are_numbers(tmp_path):
    network, _ = read_edges(*_write(tmp_path, NODES, "from,to,length_m\n7,8,９００\n8,9,850.5米\n"))

    assert network.piece_length_m.tolist() == [900, 850.5]


def test_gzipped_tables(tmp_path):
    path = tmp_path / "edges.csv.gz"
    path.write_bytes(gzip.compress(EDGES.encode()))

    network, _ = read_edges(None, path)

    assert network.n_pieces == 2


def test_wrong_nodes_are_all_told_with_their_rows(tmp_path):
    nodes = (
        "node_id,lon,lat\n7,116.30,40.00\n7,116.31,40.00\n,116.32,40.00\n9,abc,40\n10,116.3,inf\n11,200,10\n"
    )

    faults = _faults(tmp_path, nodes, EDGES)

    assert faults == [
        ("node.blank_id", 4, ""),
        ("node.duplicate", 3, "7"),
        ("node.coordinate", 5, "abc"),
        ("node.coordinate", 6, "116.3"),
        ("node.coordinate", 7, "200"),
    ]


def test_swapped_coordinates_are_told_once(tmp_path):
    nodes = "node_id,lon,lat\n7,40.00,116.30\n8,40.00,116.31\n9,40.0,116.32\n"

    assert _faults(tmp_path, nodes, EDGES) == [("node.swapped", 0, "")]


def test_wrong_edges_are_all_told_with_their_rows(tmp_path):
    edges = "from,to,length_m\n7,8,900\n7,99,10\n8,9,-5\n8,9,0\n8,9,\n8,9,nan\n,9,10\n"

    faults = _faults(tmp_path, NODES, edges)

    assert faults == [
        ("edge.blank", 8, ""),
        ("edge.unknown_node", 3, "99"),
        ("edge.length", 4, "-5"),
        ("edge.length", 5, "0"),
        ("edge.length", 6, ""),
        ("edge.length", 7, "nan"),
    ]


@pytest.mark.parametrize(
    ("nodes", "edges", "column"),
    [
        ("node_id,lon\n7,116\n", EDGES, "lon,lat"),
        ("lon,lat\n116,40\n", EDGES, "id"),
        (NODES, "from,to\n7,8\n", "length_m"),
        (NODES, "a,b,c\n7,8,9\n", "from"),
    ],
)
def test_missing_columns_are_told(tmp_path, nodes, edges, column):
    with pytest.raises(UnreadableFileError) as caught:
        read_edges(*_write(tmp_path, nodes, edges))

    assert (caught.value.faults[0].code, caught.value.faults[0].column) == ("edges.column.missing", column)


@pytest.mark.parametrize(
    "edges", [b"", b"from,to,length_m\n", bytes(range(256)) * 40], ids=["empty", "header", "noise"]
)
def test_tables_that_hold_nothing_are_told(tmp_path, edges):
    with pytest.raises(UnreadableFileError) as caught:
        read_edges(*_write(tmp_path, NODES, edges))

    assert caught.value.faults


def test_edges_alone_have_lengths_but_no_coordinates(tmp_path):
    network, faults = read_edges(
        *_write(tmp_path, None, "from_osm_node,to_osm_node,metres\n30,4,5\n4,100,6\n")
    )

    assert network.vertex_id.tolist() == [4, 30, 100]
    assert np.isnan(network.vertex_lon).all()
    assert np.isnan(network.vertex_x_m).all()
    assert [f.code for f in faults] == ["edges.no_coordinates"]
    graph = build_graph(network, METRE_A_SECOND)
    assert graph.edge_ticks.tolist() == [11 * 65_536]  # 30 - 4 - 100 is one edge of 11 m


def test_ids_that_are_no_numbers_are_counted_anew(tmp_path):
    nodes = NODES.replace("\n7,", "\nA7,")

    network, faults = read_edges(*_write(tmp_path, nodes, EDGES.replace("\n7,", "\nA7,")))

    assert network.vertex_id.tolist() == [1, 2, 3]
    assert network.piece_from_idx.tolist() == [0, 1]
    assert [f.code for f in faults] == ["edges.ids_renumbered"]


def test_stairs_foot_and_names(tmp_path):
    edges = "from,to,length_m,stairs,foot,name\n7,8,900,是,,河边路\n8,9,850,0,no,\n7,9,1800,,yes,\n"

    network, faults = read_edges(*_write(tmp_path, NODES, edges))

    assert network.piece_length_m.tolist() == [900, 1800]
    assert network.piece_flags.tolist() == [PieceFlag.STEPS, 0]
    assert network.piece_way_id.tolist() == [1, 3]
    assert network.piece_name_idx.tolist() == [0, -1]
    assert network.names == ("河边路",)
    assert [f.code for f in faults] == ["edges.edge.not_walkable"]


@pytest.mark.parametrize(
    ("at", "open_lengths"),
    [
        (None, [1, 2, 3]),
        (12 * 60, [1, 2]),  # noon: the third is closed by day
        (23 * 60, [1, 3]),
        (5 * 60, [1, 3]),
        (6 * 60, [1, 2, 3]),  # opens at six sharp
    ],
)
def test_hours_close_edges_over_midnight_too(tmp_path, at, open_lengths):
    edges = "from,to,length_m,closed_from,closed_to\n7,8,1,,\n8,9,2,22:00,6:00\n7,9,3,9：00,18\n"

    network, _ = read_edges(*_write(tmp_path, NODES, edges), at=at)

    assert network.piece_length_m.tolist() == open_lengths


@pytest.mark.parametrize("hours", ["25:00,6:00", "22:00,", "深夜,6:00"])
def test_hours_that_cannot_be_read_are_faults(tmp_path, hours):
    edges = f"from,to,length_m,closed_from,closed_to\n7,8,1,{hours}\n"

    assert [code for code, _, _ in _faults(tmp_path, NODES, edges)] == ["edge.hours"]


def test_plane_coordinates_by_declared_system_or_around_an_origin(tmp_path):
    nodes = "node_id,x_m,y_m\n7,500000,4427757\n8,500100,4427757\n9,500200,4427757\n"

    by_system, quiet = read_edges(*_write(tmp_path, nodes, EDGES), crs="EPSG:4548")
    local = nodes.replace("500", "").replace("4427757", "0")
    around, told = read_edges(*_write(tmp_path, local, EDGES), origin=(117.0, 40.0))

    assert by_system.vertex_lon[0] == pytest.approx(117.0, abs=1e-9)
    assert quiet == []
    assert around.vertex_x_m.tolist() == [0, 100, 200]
    assert around.vertex_lon[0] == pytest.approx(117.0)
    assert [f.code for f in told] == ["edges.planar"]


def test_a_table_where_nothing_may_be_walked(tmp_path):
    edges = "from,to,length_m,foot\n7,8,900,no\n"

    with pytest.raises(EmptyNetworkError):
        read_edges(*_write(tmp_path, NODES, edges))


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "vertices", "edges", "km"), [("guangzhou", 66928, 96843, 23619), ("zhuhai", 11254, 16829, 4289)]
)
def test_topologies_of_whole_cities(shared_data, name, vertices, edges, km):
    network, _ = read_edges(None, shared_data / "guangzhou-zhuhai-topology" / f"{name}_edges.csv.gz")

    assert (network.n_vertices, network.n_pieces) == (vertices, edges)
    assert network.piece_length_m.sum() / 1000 == pytest.approx(km, abs=0.5)
