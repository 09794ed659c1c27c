"""Access measures of the smallest pack, worked out by hand, as files and from the command line."""

import csv
import json
import math
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest

from tiny_pack import write_tiny_pack
from yike.errors import InputError
from yike.studies.measures import MeasureSpec, measure_and_write, nearest_and_write
from yike.studies.study import StudySpec

# Streets are 85 m, 76.5 s each at 4 km/h. Stores: s1 at node 3, s3 at node 31; the chemist at node 11.
# Homes: p1 (100 people) at node 2, p2 (200) at 6, p3 (300) at 21; "far" is not attached.
STREET_S = 76.5


def rows_of(path):
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def values_of(path):
    return {r["place_id"]: r["value"] for r in rows_of(path)}


def yike(*args):
    return subprocess.run(
        [sys.executable, "-m", "yike.cli.main", *args], capture_output=True, text=True, timeout=300
    )


def test_nearest_lists_k_outlets_by_walking_time(tiny_pack, tmp_path):
    summary = nearest_and_write(StudySpec(tiny_pack), "便利店", 2, tmp_path / "n.csv")

    found = [(r["place_id"], r["rank"], r["outlet_id"], r["walk_s"]) for r in rows_of(tmp_path / "n.csv")]
    assert found == [
        ("p1", "1", "s1", f"{STREET_S}"),
        ("p1", "2", "s3", f"{29 * STREET_S}"),
        ("p2", "1", "s1", f"{3 * STREET_S}"),
        ("p2", "2", "s3", f"{25 * STREET_S}"),
        ("p3", "1", "s3", f"{10 * STREET_S:g}"),
        ("p3", "2", "s1", f"{18 * STREET_S:g}"),
        ("far", "1", "", ""),
        ("far", "2", "", ""),
    ]
    # means 15, 14, 14 streets, weighted by 100, 200 and 300 people
    assert summary["mean_walk_s"] == pytest.approx(STREET_S * (15 * 100 + 14 * 200 + 14 * 300) / 600)
    assert summary["places_with_k"] == 3


def test_nearest_tells_none_from_unattached(tiny_pack, tmp_path):
    nearest_and_write(StudySpec(tiny_pack), "B10", 2, tmp_path / "n.parquet")

    table = pq.read_table(tmp_path / "n.parquet")
    second = [r for r in table.to_pylist() if r["rank"] == 2]
    assert [r["walk_s"] for r in second] == [math.inf, math.inf, math.inf, None]
    assert [r["state"] for r in second] == ["beyond"] * 3 + ["unattached"]
    assert table.schema.metadata[b"yike.pack"] == b"demo"


def test_catchment_shares_stores_among_people_within_the_walk(tiny_pack, tmp_path):
    # 10 minutes are 7.8 streets: s1 serves p1 and p2 (300 people), s3 nobody
    ask = MeasureSpec("2sfca", cutoff_s=600.0, capacity="equal")

    summary = measure_and_write(StudySpec(tiny_pack), "B01", ask, tmp_path / "m.csv")

    value = values_of(tmp_path / "m.csv")
    assert float(value["p1"]) == float(value["p2"]) == pytest.approx(1 / 300)
    assert (value["p3"], value["far"]) == ("0", "")
    assert summary["mean"] == pytest.approx(300 / 600 / 300)
    assert (summary["places_none"], summary["places_unattached"]) == (1, 1)


def test_enhanced_catchment_weighs_by_thirds_of_the_walk(tiny_pack, tmp_path):
    # 15 minutes: s1 has p1 and p2 in its first third; p3 reaches s3 after 765 s, in the last third
    measure_and_write(
        StudySpec(tiny_pack), "B01", MeasureSpec("e2sfca", capacity="equal"), tmp_path / "m.csv"
    )

    value = values_of(tmp_path / "m.csv")
    assert float(value["p1"]) == pytest.approx(1 / 300)
    assert float(value["p3"]) == pytest.approx(0.22 / (0.22 * 300))


def test_gravity_fades_with_the_walk(tiny_pack, tmp_path):
    ask = MeasureSpec("gravity", decay="exponential", half_s=STREET_S, capacity="equal")

    measure_and_write(StudySpec(tiny_pack), "B01", ask, tmp_path / "m.csv")

    # one street: a half; three: an eighth; ten: 2 ** -10
    value = values_of(tmp_path / "m.csv")
    assert [float(value[p]) for p in ("p1", "p2", "p3")] == pytest.approx([1 / 2, 1 / 8, 2**-10], rel=1e-4)


def test_unknown_capacity_stays_unknown_unless_assumed(tiny_pack, tmp_path):
    spec = StudySpec(tiny_pack)

    unknown = measure_and_write(spec, "B01", MeasureSpec("2sfca"), tmp_path / "a.csv")
    assumed = measure_and_write(spec, "B01", MeasureSpec("2sfca", unknown_capacity=30.0), tmp_path / "b.csv")

    assert set(values_of(tmp_path / "a.csv").values()) == {""}
    assert (unknown["mean"], unknown["outlets_capacity_unknown"]) == (None, 2)
    assert float(values_of(tmp_path / "b.csv")["p1"]) == pytest.approx(30 / 300)
    assert {r["is_inferred"] for r in rows_of(tmp_path / "b.csv")} == {"1"}
    assert "推定" in assumed["sentence"]


def test_type_without_outlets_is_missing_data_not_zero(tiny_pack, tmp_path):
    ask = MeasureSpec("gravity", capacity="equal")

    summary = measure_and_write(StudySpec(tiny_pack), "Q04", ask, tmp_path / "m.csv")

    rows = rows_of(tmp_path / "m.csv")
    assert [r["value"] for r in rows] == [""] * 4
    assert [r["state_label"] for r in rows] == ["数据缺失"] * 3 + ["未接入"]
    assert summary["missing"] == "data_missing"


def test_catchment_without_any_people_is_refused(tmp_path):
    pack = write_tiny_pack(tmp_path / "pack")
    homes = (pack / "places.csv").read_text("utf-8").splitlines()
    bare = [",".join(line.split(",")[:3]) for line in homes]
    (pack / "places.csv").write_text("\n".join(bare) + "\n", "utf-8")

    with pytest.raises(InputError) as error:
        measure_and_write(StudySpec(pack), "B01", MeasureSpec("2sfca"), tmp_path / "m.csv")

    assert error.value.code == "study.measure.no_people"


@pytest.mark.parametrize(("type_text", "name"), [("飞船", "m.csv"), ("B01", "m.xlsx")])
def test_unknown_type_and_ending_are_refused(tiny_pack, tmp_path, type_text, name):
    with pytest.raises(InputError):
        nearest_and_write(StudySpec(tiny_pack), type_text, 1, tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_same_pack_gives_the_same_bytes(tiny_pack, tmp_path):
    for name in ("a.parquet", "b.parquet"):
        nearest_and_write(StudySpec(tiny_pack, n_threads=1 + (name > "b")), "B01", 3, tmp_path / name)

    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_measures_from_the_command_line(tiny_pack, tmp_path):
    nearest = yike(
        "access", "nearest", str(tiny_pack), "--type", "B01", "--k", "2", "-o", str(tmp_path / "n.csv"),
        "--json", "--quiet",
    )  # fmt: skip
    measure = yike(
        "access", "measure", str(tiny_pack), "--measure", "2sfca", "--type", "B01", "--capacity", "equal",
        "--cutoff-min", "10", "-o", str(tmp_path / "m.csv"), "--quiet",
    )  # fmt: skip

    assert (nearest.returncode, measure.returncode) == (0, 0)
    assert json.loads(nearest.stdout)["places_with_k"] == 3
    assert np.isclose(float(values_of(tmp_path / "m.csv")["p1"]), 1 / 300)
    assert "两步移动搜索法" in measure.stdout
