"""
Whole runs on the real extracts: the counts of their READMEs, states told apart, attribution, same bytes.

No figure here is a fact about the places themselves: extracts are old and cut, people mostly estimated.
"""

import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

import real_packs
from yike.studies.outputs import KINDS, run_and_write
from yike.studies.study import StudySpec

pytestmark = pytest.mark.real

ATTRIBUTION = "© OpenStreetMap contributors"
QUARTERS = ("新林院", "荷清苑教师住宅区", "西院", "西王庄小区", "清华大学西北小区", "华清嘉园小区")
UNTOLD = ("share_in_norm", "shortfall", "people_unserved", "person_minutes", "rank", "option")


@dataclass(frozen=True)
class Run:
    """A finished run: its pack, its folder, its record, its assessment, its gap rows."""

    pack: Path
    out: Path

    @property
    def record(self):
        return json.loads((self.out / "run.json").read_text("utf-8"))

    @property
    def assessment(self):
        return json.loads((self.out / "assessment.json").read_text("utf-8"))

    @property
    def gaps(self):
        with (self.out / "gaps.csv").open(encoding="utf-8-sig", newline="") as table:
            return list(csv.DictReader(table))

    def circle(self, name):
        return next(c for c in self.assessment["circles"] if c["name"] == name)


@pytest.fixture(scope="session")
def real_pack(shared_data, tmp_path_factory):
    """Maker of city packs out of the extracts; skips, with a word, where one is missing."""

    def make(name):
        folder = shared_data / real_packs.FOLDERS.get(name, name)
        if not folder.is_dir():
            pytest.skip(f"the extract {folder.name} is not in the shared data folder")
        return real_packs.make_pack(name, shared_data, tmp_path_factory.mktemp(name) / "pack")

    return make


def finished(pack, kinds=(), **settings):
    out = pack.parent / "out"
    run_and_write(StudySpec(pack, **settings), out, kinds=kinds)
    return Run(pack, out)


@pytest.fixture(scope="module")
def wudaokou(real_pack):
    return finished(real_pack("beijing-wudaokou"))


@pytest.fixture(scope="module")
def guixi(real_pack):
    return finished(real_pack("guixi-county-city"))


@pytest.fixture(scope="module")
def monaco(real_pack):
    return finished(real_pack("monaco"))


def assert_honest(run):
    """What holds for every run: attribution everywhere, null and infinite kept apart, no NaN in text."""
    table = pq.read_table(run.out / "access.parquet")
    nearest = table["nearest_s"].to_numpy()
    counts = table["n_900s"].to_numpy()
    record, html = run.record, (run.out / "report.html").read_text("utf-8")

    assert sorted(p.name for p in run.out.iterdir()) == sorted([*KINDS.values(), "run.json"])
    assert table.num_rows == record["counts"]["places"] * len(run.assessment["types"])
    assert table["nearest_s"].null_count == table["n_900s"].null_count
    assert table["nearest_s"].null_count == len(run.assessment["types"]) * (
        record["counts"]["places"] - record["counts"]["places_attached"]
    )
    assert (counts[np.isinf(nearest)] == 0).all()
    assert (counts[nearest <= 900.0] > 0).all()
    assert ATTRIBUTION in html
    for name in ("circles.geojson", "isochrones.geojson"):
        assert ATTRIBUTION in json.loads((run.out / name).read_text("utf-8"))["attribution"]
    assert "NaN" not in (run.out / "assessment.json").read_text("utf-8")
    for row in run.gaps:
        if row["state"] in ("not_surveyed", "data_missing", "unknown"):
            assert [row[c] for c in UNTOLD] == [""] * len(UNTOLD), row
        if row["state"] == "gap":
            assert 0.0 <= float(row["share_in_norm"]) < float(row["share_required"])


def test_wudaokou_is_judged_by_its_named_quarters(wudaokou):
    record = wudaokou.record

    assert_honest(wudaokou)
    assert {c["name"] for c in wudaokou.assessment["circles"]} == set(QUARTERS)
    assert record["counts"]["vertices"] == 2_101
    assert record["found"]["network"]["components"] == 13
    assert record["found"]["outlets"]["by_type"]["便利店"] == 16
    assert record["found"]["outlets"]["by_type"]["照相文印店"] == 12
    assert record["counts"]["people_estimated"]
    assert any("估算" in e for e in record["estimates"])
    assert any("推定" in e for e in record["estimates"])


def test_quarter_without_mapped_homes_is_unknown_and_not_without_shops(wudaokou):
    quarter = wudaokou.circle("华清嘉园小区")
    rows = [r for r in wudaokou.gaps if r["circle_name"] == "华清嘉园小区" and r["state"] != "not_required"]

    assert quarter["people"] is None
    assert quarter["n_places"] == 0
    assert {r["state"] for r in rows} == {"unknown"}
    assert {t["share_in_norm"] for t in quarter["types"]} == {None}


def test_types_that_openstreetmap_hardly_maps_are_data_missing_in_wudaokou(wudaokou):
    # 33,000 people and not one of them mapped: nobody drew them, which is not to say there are none.
    missing = {r["type_label"] for r in wudaokou.gaps if r["state"] == "data_missing"}

    assert missing == {"菜市场", "早餐店", "家政服务", "再生资源回收点"}
    assert not missing & {r["type_label"] for r in wudaokou.gaps if r["state"] == "gap"}


def test_guixi_is_unsurveyed_everywhere_and_lacks_nothing(guixi):
    record, sheet = guixi.record, load_workbook(guixi.out / "annex5.xlsx").worksheets[0]

    assert_honest(guixi)
    assert record["counts"]["circles"] == 16
    assert record["counts"]["vertices"] == 1_256
    assert record["counts"]["outlets"] == 0
    assert {r["state"] for r in guixi.gaps} == {"not_surveyed", "not_required"}
    assert record["counts"]["gaps"]["not_surveyed"] == 16 * 13
    assert record["counts"]["gaps"]["gap"] == record["counts"]["gaps"]["met"] == 0
    assert {sheet.cell(r, c).value for r in range(7, 31) for c in (3, 4, 5)} == {None}
    assert "未调查" in (guixi.out / "report.html").read_text("utf-8")


def test_guixi_shows_no_zero_for_what_nobody_counted(guixi):
    for circle in guixi.assessment["circles"]:
        assert {t["n_outlets"] for t in circle["types"]} == {None}
        assert {t["share_in_norm"] for t in circle["types"]} == {None}
        assert {s["per_1000"] for s in circle["saturation"]} == {None}
        assert circle["layout"] is None
        for indicator in circle["indicators"]:
            assert indicator["value"] is None, indicator["code"]
            assert indicator["is_met"] == "unknown", indicator["code"]


def test_guixi_communities_keep_their_official_names(guixi):
    with (guixi.pack / "communities.csv").open(encoding="utf-8-sig") as table:
        named = {r["osm_name"] for r in csv.DictReader(table)}

    assert len(named) == 16
    assert {c["name"] for c in guixi.assessment["circles"]} == named


def test_nanshan_circles_are_its_residential_areas(real_pack):
    run = finished(real_pack("shenzhen-nanshan"))
    record = run.record

    assert_honest(run)
    # 42 areas of 38 names: parts of one quarter are one circle
    assert record["counts"]["circles"] == 38
    assert record["counts"]["vertices"] == 7_936
    assert record["found"]["outlets"]["by_type"]["便利店"] == 3
    assert record["found"]["network"]["components"] == 33
    # 68,000 people and three convenience stores: the map is poor, not the district
    assert "便利店" in {r["type_label"] for r in run.gaps if r["state"] == "data_missing"}


def test_monaco_is_complete_and_small(monaco):
    record = monaco.record

    assert_honest(monaco)
    assert record["counts"]["vertices"] == 11_058
    assert record["counts"]["pieces"] == 12_142
    assert record["found"]["network"]["components"] == 27
    assert record["counts"]["places_attached"] == record["counts"]["places"]
    assert record["counts"]["gaps"]["met"] > 0
    assert record["counts"]["gaps"]["unknown"] == 0


def test_same_run_gives_the_same_bytes_with_one_thread(monaco, tmp_path):
    run_and_write(StudySpec(monaco.pack, n_threads=1), tmp_path)

    for name in KINDS.values():
        assert (tmp_path / name).read_bytes() == (monaco.out / name).read_bytes(), name


def test_sao_paulo_people_are_those_of_the_grid(real_pack):
    run = finished(real_pack("sao-paulo-center"))
    counts = run.record["counts"]

    assert_honest(run)
    assert (counts["places"], counts["people"], counts["people_estimated"]) == (323, 517_570.0, False)
    assert counts["vertices"] == 20_123
    assert run.assessment["circles"][0]["people"] == 517_570.0
    assert {r["state"] for r in run.gaps} == {"not_surveyed", "not_required"}


def test_sao_paulo_coverage_is_weighted_by_people(real_pack):
    """One shop is put beside the fullest hexagon: the share is that of the people who reach it."""
    pack = real_pack("sao-paulo-center")
    with (pack / "hexgrid_population.csv").open(encoding="utf-8") as table:
        cells = list(csv.DictReader(table))
    people = {c["id"]: float(c["population"]) for c in cells}
    fullest = max(cells, key=lambda c: float(c["population"]))
    (pack / "outlets.csv").write_text(
        f"id,name,type,lon,lat\ns1,试,便利店,{fullest['lon']},{fullest['lat']}\n"
    )
    with (pack / "pack.toml").open("a", encoding="utf-8") as spec:
        spec.write('\n[outlets]\nfile = "outlets.csv"\ndatum = "wgs84"\nsurveyed = true\n')
    run = finished(pack, kinds=("access", "assessment"))
    rows = [r for r in pq.read_table(run.out / "access.parquet").to_pylist() if r["form_row"] == "B01"]
    near = math.fsum(people[r["place_id"]] for r in rows if r["n_600s"] == 1)
    entry = next(t for t in run.assessment["circles"][0]["types"] if t["form_row"] == "B01")

    assert near >= people[fullest["id"]] > 0
    assert entry["people_within"]["600s"] == pytest.approx(near, abs=0.05)
    assert entry["share_in_norm"] == pytest.approx(near / 517_570, abs=1e-6)


def test_shanghai_joins_outlets_of_another_source_to_its_streets(real_pack):
    run = finished(real_pack("shanghai-center"))
    record = run.record

    assert_honest(run)
    assert record["counts"]["vertices"] == 20_735
    assert record["counts"]["circles"] == 1
    assert record["found"]["network"]["components"] == 10
    assert record["found"]["outlets"]["unmatched"] == 0


@pytest.mark.parametrize(
    ("name", "vertices"),
    [("zhuhai-topology", 11_254), pytest.param("porto-perf", 304_868, marks=pytest.mark.slow)],
)
def test_streets_alone_give_an_honest_report(real_pack, name, vertices):
    run = finished(real_pack(name), kinds=("access", "assessment", "gaps", "annex5", "docx", "html"))
    record = run.record

    assert record["counts"]["vertices"] == vertices
    assert record["counts"]["people"] is None
    assert {w["code"] for w in record["warnings"]} >= {"places.none", "outlets.none"}
    assert record["counts"]["gaps"]["gap"] == 0
    assert {r["state"] for r in run.gaps} == {"not_surveyed", "not_required"}
    assert pq.read_table(run.out / "access.parquet").num_rows == 0
    assert run.assessment["circles"][0]["people"] is None


@pytest.mark.slow
def test_las_palmas_runs_as_a_whole_city(real_pack):
    run = finished(real_pack("las-palmas"))
    record = run.record
    counts = record["counts"]

    assert_honest(run)
    assert counts["circles"] == 68
    assert counts["people"] == pytest.approx(380_000, abs=0.01)
    assert counts["places"] - counts["places_attached"] == 1
    assert 4_000 < counts["outlets"] < 9_581
    assert record["found"]["outlets"]["by_type"]["便利店"] == 163  # the README's own count
    assert record["found"]["outlets"]["by_type"]["药店"] <= 98
    assert counts["gaps"]["gap"] > 100
    assert counts["gaps"]["met"] > 100
    assert (run.out / "report.html").stat().st_size < 15_000_000
    ranks = [int(r["rank"]) for r in run.gaps if r["rank"]]
    minutes = [float(r["person_minutes"]) for r in run.gaps if r["rank"]]
    assert ranks == list(range(1, len(ranks) + 1))
    assert minutes == sorted(minutes, reverse=True)
