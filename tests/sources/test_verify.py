"""Networks against distances computed outside the project: every reference file, exactly."""

import json
import math

import pytest

from osm_files import BUNDLED, write_osm
from yike.core.tables import EARTH_RADIUS_M
from yike.errors import UnreadableFileError
from yike.sources.verify import read_reference, verify_network

REAL = {
    "beijing-wudaokou": "wudaokou.osm.pbf",
    "guixi-county-city": "guixi.osm.gz",
    "helsinki-center": "helsinki.osm.pbf",
    "las-palmas": "laspalmas.osm.pbf",
    "monaco": "monaco.osm.pbf",
    "porto-perf": "porto.osm.pbf",
    "sao-paulo-center": "saopaulo.osm.pbf",
    "shanghai-center": "shanghai_center_roads.osm.pbf",
    "shenzhen-nanshan": "nanshan.osm.pbf",
}

DEGREE_M = math.radians(1.0) * EARTH_RADIUS_M  # of latitude: 111,195 m


def _assert_all_equal(result):
    assert result.n_pairs_equal == len(result.pairs) == 60
    assert result.n_counts_equal == len(result.counts) == 36
    assert result.worst_m <= 0.0051  # the reference itself is rounded to a centimetre
    assert result.is_ok


def test_the_bundled_district_reproduces_its_reference():
    _assert_all_equal(verify_network(BUNDLED / "helsinki.osm.pbf", BUNDLED / "reference_paths.json"))


@pytest.mark.real
@pytest.mark.parametrize("name", REAL)
def test_every_real_extract_reproduces_its_reference(shared_data, name):
    folder = shared_data / name

    _assert_all_equal(verify_network(folder / REAL[name], folder / "reference_paths.json"))


@pytest.mark.real
def test_every_reference_file_is_tested(shared_data):
    assert sorted(p.parent.name for p in shared_data.glob("*/reference_paths.json")) == sorted(REAL)


def _line_town(tmp_path):
    """1 - 2 - 3 northward, 0.001 and 0.002 degrees apart; 4 - 5 elsewhere."""
    nodes = [(1, 0.0, 0.0), (2, 0.0, 0.001), (3, 0.0, 0.003), (4, 1.0, 0.0), (5, 1.0, 0.001)]
    ways = [(1, [1, 2, 3], {"highway": "path"}), (2, [4, 5], {"highway": "path"})]
    return write_osm(tmp_path, nodes, ways)


def _reference(tmp_path, pairs, counts):
    rows = [{"from_node": a, "to_node": b, "metres": m} for a, b, m in pairs]
    path = tmp_path / "reference.json"
    path.write_text(json.dumps({"pairs": rows, "reach_counts": counts}))
    return path


def test_differences_are_found_and_measured(tmp_path):
    right, wrong = 0.003 * DEGREE_M, 0.003 * DEGREE_M + 0.06
    reference = _reference(tmp_path, [(1, 3, right), (1, 3, wrong)], [])

    result = verify_network(_line_town(tmp_path), reference)

    assert [p.is_equal for p in result.pairs] == [True, False]
    assert result.worst_m == pytest.approx(0.06, abs=1e-4)
    assert not result.is_ok


def test_unreachable_and_unknown_nodes_do_not_agree(tmp_path):
    reference = _reference(tmp_path, [(1, 4, 100.0), (1, 99, 100.0)], [])

    result = verify_network(_line_town(tmp_path), reference)

    assert result.pairs[0].found_m == math.inf
    assert math.isnan(result.pairs[1].found_m)
    assert result.n_pairs_equal == 0


def test_counts_include_the_start_and_the_limit(tmp_path):
    # from node 2: itself at 0, node 1 at 111 m, node 3 at 222 m
    counts = [{"from_node": 2, "vertices_within_111m": 1, "within_112m": 2, "within_223m": 3}]

    result = verify_network(_line_town(tmp_path), _reference(tmp_path, [], counts))

    assert [(c.within_m, c.found) for c in result.counts] == [(111, 1), (112, 2), (223, 3)]
    assert result.is_ok


def test_walks_longer_than_one_search_at_a_metre_a_second(tmp_path):
    nodes = [(i, 0.0, round(0.05 * i, 7)) for i in range(1, 10)]
    path = write_osm(tmp_path, nodes, [(1, list(range(1, 10)), {"highway": "path"})])
    reference = _reference(tmp_path, [(1, 9, round(0.4 * DEGREE_M, 2))], [])  # 44.5 km

    result = verify_network(path, reference)

    assert result.is_ok


def test_nothing_to_compare_is_not_ok(tmp_path):
    assert not verify_network(_line_town(tmp_path), _reference(tmp_path, [], [])).is_ok


@pytest.mark.parametrize(("text", "code"), [("{", "unreadable"), ("[]", "shape"), ('{"pairs": []}', "shape")])
def test_reference_files_of_another_kind_are_told(tmp_path, text, code):
    path = tmp_path / "reference.json"
    path.write_text(text)

    with pytest.raises(UnreadableFileError) as caught:
        read_reference(path)

    assert caught.value.code == f"osm.reference.{code}"
