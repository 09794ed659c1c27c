"""The main street end to end: the smallest pack by hand, the made-up city by its truth, the real district."""

import csv
import json
import math

import numpy as np
import pyarrow.parquet as pq
import pytest

from yike.core.tables import GapState
from yike.errors import InputError
from yike.studies.outputs import KINDS, compute_and_write, run_and_write
from yike.studies.pipeline import run_study
from yike.studies.study import StudySpec

SPEED = 4.0 / 3.6
ALL_FILES = sorted([*KINDS.values(), "run.json"])


def rows_of(path):
    return {(r["place_id"], r["form_row"]): r for r in pq.read_table(path).to_pylist()}


def test_smallest_pack_gives_walking_times_worked_out_by_hand(tiny_pack, tmp_path):
    compute_and_write(StudySpec(tiny_pack), tmp_path)
    rows = rows_of(tmp_path / "access.parquet")

    # Streets are 85 m each: p1 stands at node 2, the first shop at node 3, the chemist at node 11.
    assert rows["p1", "B01"]["nearest_s"] == pytest.approx(85 / SPEED, abs=0.01)
    assert rows["p1", "B01"]["nearest_outlet_id"] == "s1"
    assert rows["p2", "B01"]["nearest_s"] == pytest.approx(3 * 85 / SPEED, abs=0.01)
    assert rows["p3", "B01"]["nearest_s"] == pytest.approx(10 * 85 / SPEED, abs=0.01)
    assert rows["p3", "B01"]["nearest_outlet_id"] == "s3"
    assert rows["p2", "B10"]["nearest_s"] == pytest.approx(5 * 85 / SPEED, abs=0.01)
    # 300 s is 333 m: four streets would be 340 m.
    assert [rows["p2", "B01"][f"n_{s}s"] for s in (300, 600, 900)] == [1, 1, 1]
    assert [rows["p3", "B01"][f"n_{s}s"] for s in (300, 600, 900)] == [0, 0, 1]


def test_place_far_from_any_street_is_null_not_zero(tiny_pack, tmp_path):
    compute_and_write(StudySpec(tiny_pack), tmp_path)
    far = rows_of(tmp_path / "access.parquet")["far", "B01"]

    assert far["nearest_s"] is None
    assert far["nearest_outlet_id"] is None
    assert far["n_900s"] is None


def test_type_that_nobody_offers_is_infinitely_far(tiny_pack, tmp_path):
    compute_and_write(StudySpec(tiny_pack), tmp_path)

    assert rows_of(tmp_path / "access.parquet")["p1", "B03"]["nearest_s"] == math.inf


def test_elder_profile_takes_four_thirds_of_the_time(tiny_pack, tmp_path):
    compute_and_write(StudySpec(tiny_pack), tmp_path / "adult.parquet")
    compute_and_write(StudySpec(tiny_pack, profile="elder"), tmp_path / "elder.parquet")
    adult, elder = rows_of(tmp_path / "adult.parquet"), rows_of(tmp_path / "elder.parquet")

    assert elder["p3", "B01"]["nearest_s"] == pytest.approx(adult["p3", "B01"]["nearest_s"] * 4 / 3, rel=1e-5)


def test_run_writes_every_file_and_the_same_bytes_twice(tiny_pack, tmp_path):
    run_and_write(StudySpec(tiny_pack), tmp_path / "a")
    run_and_write(StudySpec(tiny_pack, n_threads=1), tmp_path / "b")

    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ALL_FILES
    for name in KINDS.values():
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_run_record_names_inputs_rules_and_warnings(tiny_pack, tmp_path):
    run_and_write(StudySpec(tiny_pack), tmp_path)
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))

    assert set(record["inputs"]) >= {"nodes.csv", "edges.csv", "outlets.csv", "places.csv"}
    assert all(len(digest) == 64 for digest in record["inputs"].values())
    assert record["rule_pack"] == "mofcom-2021-247"
    assert record["counts"]["places_attached"] == 3
    assert any(w["code"] == "study.places.unattached" for w in record["warnings"])
    assert all("study" not in w["message"] for w in record["warnings"])


def test_another_rule_pack_never_overwrites_a_run(tiny_pack, tmp_path):
    run_and_write(StudySpec(tiny_pack), tmp_path, kinds=("gaps",))

    with pytest.raises(InputError, match="规则包"):
        run_and_write(StudySpec(tiny_pack, rule_pack="yima-2023-9"), tmp_path, kinds=("gaps",))


def test_rule_packs_are_compared_side_by_side(tiny_pack, tmp_path):
    run_and_write(StudySpec(tiny_pack), tmp_path, ("beijing-2022-8",), kinds=("gaps",))

    with (tmp_path / "compare.csv").open(encoding="utf-8-sig") as table:
        rows = list(csv.DictReader(table))
    assert (tmp_path / "beijing-2022-8" / "gaps.csv").is_file()
    assert {"mofcom-2021-247", "beijing-2022-8"} <= set(rows[0])
    assert rows[-1]["type_label"] == "等级"


def test_cancelled_run_leaves_no_half_file(tiny_pack, tmp_path):
    def stop(stage, done, total):
        if stage.startswith("写出 report.docx"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_and_write(StudySpec(tiny_pack), tmp_path, (), stop)

    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".half")]
    assert not (tmp_path / "report.docx").exists()
    assert not (tmp_path / "run.json").exists()


def test_made_up_city_shows_every_planted_gap_and_no_other(yima_pack):
    truth = json.loads((yima_pack / "truth.json").read_text("utf-8"))
    facts = run_study(StudySpec(yima_pack)).facts
    found = {
        (facts.circles.name[c], facts.types.types[t].form_row)
        for c, t, s in zip(facts.gaps.circle_idx, facts.gaps.type_idx, facts.gaps.state, strict=True)
        if s == GapState.GAP
    }

    assert found == {(g["circle_name"], g["form_row"]) for g in truth["planted"]}


def test_made_up_city_has_the_shares_of_an_independent_dijkstra(yima_pack):
    truth = json.loads((yima_pack / "truth.json").read_text("utf-8"))
    facts = run_study(StudySpec(yima_pack, with_isochrones=False)).facts
    cover = facts.circle_coverage
    worst = 0.0
    for row, shares in truth["share_in_norm"].items():
        column = facts.access.column_of(facts.types.idx_of_row(row))
        by_name = dict(zip(facts.circles.name, cover.share_in_norm[:, column], strict=True))
        worst = max(worst, max(abs(by_name[n] - s) for n, s in zip(truth["circles"], shares, strict=True)))

    # Both honour walls and gates; coordinates in the files are rounded to a centimetre, which may move
    # one building across a limit.
    assert worst < 0.01


def test_made_up_city_is_marked_so_in_every_file(yima_pack, tmp_path):
    run_and_write(StudySpec(yima_pack), tmp_path)

    assert "虚构" in (tmp_path / "report.html").read_text("utf-8")
    assert '"is_invented": true' in (tmp_path / "run.json").read_text("utf-8")
    assert pq.read_schema(tmp_path / "access.parquet").metadata[b"yike.invented"] == b"true"
    with (tmp_path / "gaps.csv").open(encoding="utf-8-sig") as table:
        assert {r["invented"] for r in csv.DictReader(table)} == {"1"}
    for name in ("assessment.json", "circles.geojson", "isochrones.geojson"):
        assert "虚构" in (tmp_path / name).read_text("utf-8"), name


def test_real_district_runs_with_estimates_named(helsinki_pack, tmp_path):
    summary = run_and_write(StudySpec(helsinki_pack), tmp_path)
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))

    assert summary["counts"]["vertices"] == 5431
    assert summary["counts"]["people_estimated"]
    assert "估算" in summary["sentence"]
    assert any("推定" in e for e in record["estimates"])
    assert record["sources"][0]["attribution"] == "© OpenStreetMap contributors"


def test_real_district_equals_scipy_on_the_uncontracted_network(helsinki_pack):
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    facts = run_study(StudySpec(helsinki_pack, with_isochrones=False)).facts
    net, places, at = facts.network, facts.places, facts.place_attachments
    column = facts.access.column_of(facts.types.idx_of_row("B10"))
    serving = [k for k in range(len(facts.outlets)) if facts.types.idx_of_row("B10") in _tops(facts, k)]
    n, m = net.n_vertices, len(places)
    rows, cols, metres = [net.piece_from_idx], [net.piece_to_idx], [net.piece_length_m]
    out = facts.outlet_attachments
    for table, ids, first in ((at, range(m), n), (out, serving, n + m)):
        for k, i in enumerate(ids):
            p = table.piece_idx[i]
            if p < 0:
                continue
            ends = net.piece_from_idx[p], net.piece_to_idx[p]
            along = math.hypot(
                net.vertex_x_m[ends[0]] - table.foot_x_m[i], net.vertex_y_m[ends[0]] - table.foot_y_m[i]
            )
            straight = math.hypot(
                net.vertex_x_m[ends[0]] - net.vertex_x_m[ends[1]],
                net.vertex_y_m[ends[0]] - net.vertex_y_m[ends[1]],
            )
            share = along / straight if straight else 0.0
            for end, part in zip(ends, (share, 1 - share), strict=True):
                rows.append([end])
                cols.append([first + k])
                metres.append([part * net.piece_length_m[p] + table.distance_m[i] + 1e-9])
    size = n + m + len(serving)
    triple = [np.concatenate([np.asarray(x) for x in xs]) for xs in (rows, cols, metres)]
    order = np.lexsort((triple[2], triple[1], triple[0]))
    a, b, w = (t[order] for t in triple)
    first_of = np.r_[True, (a[1:] != a[:-1]) | (b[1:] != b[:-1])]
    graph = coo_matrix((w[first_of], (a[first_of], b[first_of])), (size, size)).tocsr()
    reached = dijkstra(graph, directed=False, indices=n + m + np.arange(len(serving)), min_only=True)[
        n : n + m
    ]

    ours = facts.access.nearest_s[:, column]
    # Homes and shops on the very same street piece may meet along it, which this graph leaves out.
    same = np.isin(at.piece_idx, out.piece_idx[serving])
    assert np.allclose(ours[~same], reached[~same] / SPEED, atol=0.01)
    assert (ours[same] <= reached[same] / SPEED + 0.01).all()


def _tops(facts, outlet):
    kinds = facts.outlets.service_type_idx[
        facts.outlets.service_ptr[outlet] : facts.outlets.service_ptr[outlet + 1]
    ]
    return {facts.types.with_parents(int(k))[-1] for k in kinds if k >= 0}
