"""Made-up cities: statistics within the measured table, exact totals, the same bytes for the same seed."""

import csv
import json

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from yike.errors import InputError
from yike.sources.synth.city import make_city
from yike.sources.synth.people import whole_parts
from yike.sources.synth.spec import SIZES
from yike.sources.synth.streets import draw_streets


@pytest.fixture(scope="module")
def streets():
    return draw_streets(SIZES["yima"], np.random.default_rng(7))


def graph_of(s):
    u, v = s.piece_from_idx, s.piece_to_idx
    length = np.hypot(s.x_m[u] - s.x_m[v], s.y_m[u] - s.y_m[v])
    return coo_matrix((length, (u, v)), (len(s.x_m), len(s.x_m))).tocsr(), length


def test_streets_have_the_density_of_measured_towns(streets):
    degree = np.bincount(np.concatenate([streets.piece_from_idx, streets.piece_to_idx]))
    km2 = len(streets.block_corner) * SIZES["yima"].block_m ** 2 / 1e6
    crossings, ends = (degree >= 3).sum(), (degree == 1).sum()

    assert 50 <= crossings / km2 <= 150
    assert 0.06 <= ends / (ends + crossings) <= 0.26
    assert 12 <= graph_of(streets)[1].sum() / 1000 / km2 <= 20


def test_streets_hang_together_and_wind(streets):
    graph, _ = graph_of(streets)
    start = np.random.default_rng(0).choice(len(streets.x_m), 60)
    walk = dijkstra(graph, directed=False, indices=start, limit=4000)
    crow = np.hypot(streets.x_m[start][:, None] - streets.x_m, streets.y_m[start][:, None] - streets.y_m)
    near = (crow > 300) & (crow < 1200) & np.isfinite(walk)

    assert connected_components(graph, directed=False)[0] == 1
    assert 1.3 <= np.median(walk[near] / crow[near]) <= 1.45


def test_walled_blocks_have_one_to_four_gates(streets):
    gates = np.bincount(streets.gate_block_idx, minlength=len(streets.block_corner))

    assert 0.5 < streets.block_is_walled.mean() < 0.7
    assert gates[streets.block_is_walled].min() >= 1
    assert gates[streets.block_is_walled].max() <= 4
    assert gates[~streets.block_is_walled].max() == 0


def test_whole_parts_add_up_exactly():
    parts = whole_parts(np.array([1.0, 1.0, 1.0]), 100)

    assert parts.tolist() == [34, 33, 33]


def read(path):
    with path.open(encoding="utf-8-sig") as table:
        return list(csv.DictReader(table))


def test_yima_has_its_official_communities_people_and_number_of_outlets(yima_pack):
    layer = json.loads((yima_pack / "communities.geojson").read_text("utf-8"))
    places, outlets = read(yima_pack / "places.csv"), read(yima_pack / "outlets.csv")

    assert len(layer["features"]) == 35
    assert len({f["properties"]["street"] for f in layer["features"]}) == 7
    assert layer["features"][0]["properties"]["code"] == "411281001001"
    assert sum(int(p["人口"]) for p in places) == 170_900
    assert sum(f["properties"]["people"] for f in layer["features"]) == 170_900
    assert len(outlets) == 1_700


def test_outlets_cluster_like_measured_ones(yima_pack):
    outlets = read(yima_pack / "outlets.csv")
    lon = np.array([float(o["经度"]) for o in outlets])
    lat = np.array([float(o["纬度"]) for o in outlets])
    x, y = lon * 111_195 * np.cos(np.radians(34.75)), lat * 111_195
    nearest = cKDTree(np.c_[x, y]).query(np.c_[x, y], k=2)[0][:, 1]
    at_random = 0.5 / np.sqrt(len(x) / (np.ptp(x) * np.ptp(y)))

    assert 0.4 <= nearest.mean() / at_random <= 0.75


def test_planted_gaps_leave_a_margin_on_both_sides(yima_pack):
    truth = json.loads((yima_pack / "truth.json").read_text("utf-8"))
    planted = {(g["circle_name"], g["form_row"]) for g in truth["planted"]}
    empty = [g["share_in_norm"] for g in truth["planted"]]
    others = [
        s for row, shares in truth["share_in_norm"].items()
        for name, s in zip(truth["circles"], shares, strict=True) if (name, row) not in planted
    ]  # fmt: skip

    assert len(planted) == SIZES["yima"].n_planted
    assert max(empty) < 0.8 - 0.1
    assert min(others) >= 0.8 + 0.03
    assert all(g["people_gained"] > 0 for g in truth["planted"])


def test_same_seed_gives_the_same_files(yima_pack, tmp_path):
    again = make_city("yima", 7, tmp_path / "again")

    for path in sorted(yima_pack.iterdir()):
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name


def test_unknown_size_names_the_known_ones(tmp_path):
    with pytest.raises(InputError, match="atlantis") as wrong:
        make_city("atlantis", 1, tmp_path)

    assert "yima" in wrong.value.hint


def test_idle_rooms_say_what_a_list_of_rooms_says(yima_pack):
    rooms = read(yima_pack / "premises.csv")

    assert {"闲置用房", "便民检测亭", "自行车棚", "地下空间"} <= {r["类型"] for r in rooms}
    assert all(r["产权单位"].startswith("虚构") for r in rooms)
    assert all(float(r["改造费用(万元)"]) > 0 for r in rooms)
    assert {r["现状"] for r in rooms} <= {"闲置", "空置", "待出租", "已出租"}
    assert 0 < sum(not r["可用业态"] for r in rooms) < len(rooms)


def test_planted_best_rooms_are_idle_and_take_any_type(yima_pack):
    truth = json.loads((yima_pack / "truth.json").read_text("utf-8"))
    rooms = {r["编号"]: r for r in read(yima_pack / "premises.csv")}
    best = [rooms[g["best_premises"]] for g in truth["planted"]]

    assert {(r["类型"], r["现状"], r["可用业态"]) for r in best} == {("闲置用房", "闲置", "")}


def test_yima_has_vendors_and_stops_apart_from_each_other(yima_pack):
    vendors, stops = read(yima_pack / "vendors.csv"), read(yima_pack / "stops.csv")
    lon = np.array([float(s["经度"]) for s in stops])
    lat = np.array([float(s["纬度"]) for s in stops])
    x, y = lon * 111_195 * np.cos(np.radians(34.75)), lat * 111_195
    nearest = cKDTree(np.c_[x, y]).query(np.c_[x, y], k=2)[0][:, 1]

    assert (len(vendors), len(stops)) == (6, 16)
    assert nearest.min() > 249.0
    assert [v["电话"] for v in vendors] == [""] * 6
    assert len({s["名称"] for s in stops}) == 16


def test_only_cities_with_stops_name_vendors_in_their_pack(yima_pack):
    text = (yima_pack / "pack.toml").read_text("utf-8")

    assert [SIZES[s].n_stops for s in ("yima", "medium", "large")] == [16, 0, 0]
    assert "[vendors]" in text
    assert "[stops]" in text
