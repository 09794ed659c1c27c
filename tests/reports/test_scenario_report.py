"""The comparison's page, workbook and JSON: self-contained, marked, escaped, the same bytes each time."""

import json
import re
import zipfile

import pytest
from openpyxl import load_workbook

from yike.reports.scenario_report.build import FILES, write_comparison
from yike.reports.scenario_report.page import page_of
from yike.reports.scenario_report.record import comparison_record
from yike.sources.scenario_edits import (
    AddOutlet,
    CloseOutlet,
    Entry,
    MoveOutlet,
    NewEstate,
    Scenario,
    SetNorm,
    SetProfile,
    Spot,
)
from yike.standards.loader import load_types
from yike.studies.scenario import compare_scenarios, open_base
from yike.studies.study import StudySpec

TYPES = load_types()
REPAIR = TYPES.idx("repair")
KINDS = {AddOutlet: "add_outlet", CloseOutlet: "close_outlet", MoveOutlet: "move_outlet",
         NewEstate: "new_estate", SetNorm: "set_norm", SetProfile: "set_profile"}  # fmt: skip


def scenario_of(name, *edits, note=""):
    entries = tuple(Entry(e, k, 0, KINDS[type(e)]) for k, e in enumerate(edits, 1))
    return Scenario(name, entries, note, "试.toml")


@pytest.fixture(scope="module")
def facts(yima_pack):
    opened = open_base(StudySpec(yima_pack, with_isochrones=False))
    ids = opened.base.pack.outlets.outlet_id
    return compare_scenarios(
        opened,
        [
            scenario_of("补<维修>", AddOutlet(REPAIR, Spot(at="R0001"), name="甲&乙"), note="两处 \"闲置\""),
            scenario_of(
                "调整", CloseOutlet(ids[1]), MoveOutlet(ids[2], Spot(at="R0002")),
                NewEstate(Spot(at="R0003"), 1500.0, name="新苑"), SetNorm(TYPES.idx("pharmacy"), 360.0),
            ),
            scenario_of("老年", SetProfile("elder")),
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(facts):
    return page_of(facts)


def test_page_asks_nothing_of_the_network_and_runs_no_script(page):
    assert re.findall(r"(?:src|href)=\"(?!#|data:)([^\"]+)", page) == []
    assert "<script" not in page
    assert "url(" not in page.replace("data:", "")


def test_page_escapes_what_people_wrote(page):
    assert "补<维修>" not in page
    assert "补&lt;维修&gt;" in page
    assert "两处 &quot;闲置&quot;" in page


def test_page_says_that_the_town_is_invented_in_every_section(page):
    sections = re.findall(r"<section id=\"\w+\"[^>]*>|<section class=\"sheet scenario\"[^>]*>", page)

    assert len(sections) >= 6
    assert page.count('class="badge"') >= len(sections)
    assert "本页数据为虚构" in page


def test_page_shows_a_map_and_what_was_computed_for_each_scenario(page):
    assert page.count('<svg class="scenario-map"') == 3
    assert "无审图号" in page
    for words in ("只更新变动网点周边", "只查新增居住点", "步行时间全部重算", "按不是连锁计（推定）"):
        assert words in page
    for shape in ("shop opened", "shop closed", "home gained", "home lost", "home new"):
        assert shape in page


def test_page_and_workbook_name_source_date_rules_and_method(facts, page, tmp_path):
    write_comparison(facts, tmp_path)
    notes = [c.value for c in load_workbook(tmp_path / "compare.xlsx")["说明"]["A"] if c.value]

    for words in ("2026年1月1日", "yima-2023-9", "一刻虚构城市生成器", "逐位相同"):
        assert words in page
        assert any(words in line for line in notes)


def test_workbook_has_its_sheets_and_the_numbers_of_the_record(facts, tmp_path):
    write_comparison(facts, tmp_path)
    book = load_workbook(tmp_path / "compare.xlsx")
    record = comparison_record(facts)

    assert book.sheetnames == [
        "总览",
        "业态×生活圈 变化",
        "业态×社区 变化",
        "等级变化",
        "受影响居住点",
        "年龄段",
        "说明",
    ]
    sheet = book["业态×生活圈 变化"]
    head = [c.value for c in sheet[4]]
    rows = [dict(zip(head, [c.value for c in r], strict=True)) for r in sheet.iter_rows(min_row=5)]
    told = [(s["name"], c["name"], c["type_label"], c["gained"], c["lost"])
            for s in record["scenarios"] for c in s["circles"]]  # fmt: skip
    assert [(r["情景"], r["生活圈"], r["业态"], r["新增覆盖居民"], r["失去覆盖居民"]) for r in rows] == told
    assert sheet["A1"].value.startswith("【虚构】")


def test_record_is_plain_json_and_its_sums_agree(facts, tmp_path):
    write_comparison(facts, tmp_path)
    record = json.loads((tmp_path / "compare.json").read_text("utf-8"))

    assert record["pack"]["invented"] is True
    assert [s["recomputed"] for s in record["scenarios"]] == ["outlets", "places", "all"]
    for scenario in record["scenarios"]:
        for one in scenario["types"]:
            mine = [c for c in scenario["circles"] if c["type"] == one["type"]]
            assert sum(c["gained"] for c in mine) == pytest.approx(one["gained"])
            assert sum(c["lost"] for c in mine) == pytest.approx(one["lost"])
    gaps = next(r for r in record["overview"] if r["code"] == "gaps")
    closed, opened = (
        next(r for r in record["overview"] if r["code"] == code)["scenarios"]
        for code in ("gaps_closed", "gaps_opened")
    )
    # every gap that appears or goes is told
    assert [gaps["now"] - c + o for c, o in zip(closed, opened, strict=True)] == gaps["scenarios"]


def test_files_are_the_same_bytes_each_time(facts, tmp_path):
    one, two = write_comparison(facts, tmp_path / "a"), write_comparison(facts, tmp_path / "b")

    assert [p.name for p in one] == list(FILES)
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    with zipfile.ZipFile(one[1]) as book:
        assert {i.date_time for i in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_empty_scenario_says_that_nothing_changes(facts, yima_pack):
    opened = open_base(StudySpec(yima_pack, with_isochrones=False))
    page = page_of(compare_scenarios(opened, [Scenario("空")]))

    assert "没有变化" in page
    assert "没有需要重算的" in page
