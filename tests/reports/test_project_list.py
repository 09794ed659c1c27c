"""The papers of a project list: a form to print and sign, an official text, a layer, data, a scenario."""

import json
import zipfile
from dataclasses import replace

import docx
import openpyxl
import pytest

from yike.reports.project_list import rows as cells
from yike.reports.project_list.build import WORDS, write_projects
from yike.reports.project_list.plain import project_data
from yike.reports.project_list.shares import kind_shares, shares_sentence
from yike.sources.scenario_file import read_scenario
from yike.studies.pipeline import assess_base, base_of
from yike.studies.projects import ProjectSpec, draft_projects
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch


@pytest.fixture(scope="module")
def tiny(tiny_pack, tmp_path_factory):
    needs = tmp_path_factory.mktemp("needs") / "needs.csv"
    needs.write_text("生活圈,业态,需求内容,票数,紧急\n,理发店,没处理发,12,是\n,,多种树,3,\n", "utf-8")
    watch = Watch(silent)
    base = base_of(StudySpec(tiny_pack, with_isochrones=False), watch)
    facts = assess_base(base, watch).facts
    return draft_projects(base, facts, ProjectSpec(needs=needs, start_on="2026-03-01"))


@pytest.fixture(scope="module")
def folder(tiny, tmp_path_factory):
    out = tmp_path_factory.mktemp("papers")
    write_projects(tiny, out)
    return out


def texts(sheet):
    return [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]


def test_every_paper_is_written_and_named(folder):
    assert sorted(p.name for p in folder.iterdir()) == sorted(WORDS)


def test_same_facts_give_the_same_bytes(tiny, folder, tmp_path):
    write_projects(tiny, tmp_path)
    for name in WORDS:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_list_sheet_is_a_form_to_print_and_sign(folder, tiny):
    book = openpyxl.load_workbook(folder / "projects.xlsx")
    assert book.sheetnames == ["项目清单", "惠及居民", "缺口对应", "形态与承诺", "需求答复"]
    sheet = book["项目清单"]
    assert sheet["A1"].value == "示例片区一刻钟便民生活圈建设项目清单"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert sheet.print_title_rows == "$3:$4"
    headers = [c.value for c in sheet[3]]
    for name in ("项目名称", "建设内容", "建设方式", "牵头单位", "配合单位", "投资（万元）", "完成时限"):
        assert name in headers
    assert [sheet.cell(4, 10 + k).value for k in range(4)] == ["估算区间\n（推定）", "政府", "社会", "捐赠"]
    said = texts(sheet)
    assert any(t.startswith("填报单位（盖章）") for t in said)
    assert any(t.startswith("填报日期") for t in said)
    assert any("推定" in t and "立项以测算为准" in t for t in said)


def test_list_sheet_leaves_money_and_progress_to_people(folder, tiny):
    sheet = openpyxl.load_workbook(folder / "projects.xlsx")["项目清单"]
    first = next(r for r in range(5, 20) if sheet.cell(r, 2).value == "P01")
    headers = [c.value for c in sheet[3]]
    by_name = {name: sheet.cell(first, k + 1).value for k, name in enumerate(headers) if name}
    # premises 2～8 with repair, laundry and hair 1～4 each and breakfast 3～12
    assert by_name["投资（万元）"] == "8～32"
    assert [sheet.cell(first, 11 + k).value for k in range(3)] == [None, None, None]
    assert by_name["进度\n（%）"] is None
    assert by_name["计划开工"] == "2026年3月1日"
    assert by_name["新增可达\n（人次）"] == 1200  # 300 people with four types


def test_groups_are_merged_over_their_projects(folder, tiny):
    sheet = openpyxl.load_workbook(folder / "projects.xlsx")["项目清单"]
    groups = cells.grouped(tiny)
    assert sum(len(members) for _, members in groups) == len(tiny.projects)
    row = 5
    for name, members in groups:
        assert sheet.cell(row, 1).value.replace("\n", "") == name
        if len(members) > 1:
            assert f"A{row}:A{row + len(members) - 1}" in {str(r) for r in sheet.merged_cells.ranges}
        row += len(members)
    assert str(sheet.cell(row, 1).value).startswith("合　计")


def test_explanation_sheets_hold_whom_gaps_and_needs(folder, tiny):
    book = openpyxl.load_workbook(folder / "projects.xlsx")
    n_gains = sum(len(d.gains) for d in tiny.details)
    assert book["惠及居民"].max_row == 2 + n_gains
    assert book["缺口对应"].max_row == 2 + len(tiny.gaps)
    assert {"列入项目P01", "看不出对应哪类业态，请社区核实后再办"} <= set(texts(book["需求答复"]))
    assert "● 补齐" in texts(book["缺口对应"])
    assert any(t.startswith("○ 未列入：") for t in texts(book["缺口对应"]))


def test_official_text_explains_each_project_and_names_what_is_left(folder, tiny):
    paper = docx.Document(str(folder / "projects.docx"))
    said = "\n".join(p.text for p in paper.paragraphs)
    for part in ("一、总体情况", "二、逐项说明", "三、未补齐的缺口", "四、居民需求的答复", "五、说明"):
        assert part in said
    for name in tiny.projects.name:
        assert name in said
    left = [g for g in tiny.gaps if g.outcome != "closed"]
    assert len(paper.tables[0].rows) == 1 + len(left)
    assert [c.text for c in paper.tables[-1].columns[0].cells] == ["编号", *tiny.projects.project_id]
    with zipfile.ZipFile(folder / "projects.docx") as archive:
        assert b'w:orient="landscape"' in archive.read("word/document.xml")


def test_data_and_layer_say_the_same(folder, tiny):
    data = json.loads((folder / "projects.json").read_text("utf-8"))
    layer = json.loads((folder / "projects.geojson").read_text("utf-8"))
    assert data["schema"] == "yike.projects/1"
    assert [p["id"] for p in data["projects"]] == [f["id"] for f in layer["features"]]
    first = data["projects"][0]
    assert layer["features"][0]["geometry"]["coordinates"] == [first["site"]["lon"], first["site"]["lat"]]
    assert first["progress_share"] is None  # nobody has reported any
    assert first["cost"] == {
        "low_fen": 8_000_000, "high_fen": 32_000_000, "is_inferred": True, "words": first["cost"]["words"],
    }  # fmt: skip
    assert first["gains"][0]["before_s"] is None  # nobody reached one: unknown, not 0
    assert {g["outcome"] for g in data["gaps"]} == {"closed", "partly", "left"}
    assert [n["decision"] for n in data["needs"]] == ["project", "not_now"]


def test_project_list_in_words(tiny, golden):
    data = project_data(tiny)
    lines = [data["summary"]]
    for p in data["projects"]:
        lines += [f"{p['id']} {p['name']}", p["content"], p["explanation"], p["cost"]["words"]]
    lines += [f"{g['type_label']} {g['outcome']} {g['reason_text']}" for g in data["gaps"]]
    golden("project_list.txt", "\n".join([*lines, *data["notes"]]) + "\n")


def test_scenario_opens_every_project(folder, tiny):
    scenario = read_scenario(folder / "projects_scenario.toml")
    assert [entry.kind for entry in scenario.entries] == ["add_outlet", "add_function"]
    assert len(scenario.entries) == len(tiny.projects)


def test_invented_data_are_marked_on_every_paper(tiny, tmp_path):
    write_projects(replace(tiny, provenance=replace(tiny.provenance, is_invented=True)), tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "projects.xlsx")["项目清单"]
    assert "虚构" in sheet["A1"].value
    assert sheet.oddHeader.center.text == "虚构数据，仅供演示"
    assert json.loads((tmp_path / "projects.geojson").read_text("utf-8"))["invented"] is True
    assert "虚构" in "".join(p.text for p in docx.Document(str(tmp_path / "projects.docx")).paragraphs)


def test_keys_of_the_data_are_documented(tiny):
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs" / "guides" / "projects.md").read_text("utf-8")
    data = project_data(tiny)
    keys = [*data, *data["totals"], *data["projects"][0], *data["gaps"][0], *data["needs"][0]]
    assert [k for k in dict.fromkeys(keys) if f"`{k}`" not in text] == []


def test_shares_tell_what_makes_use_of_what_stands_already(tiny):
    shares = {s.kind: s for s in kind_shares(tiny)}
    kinds = [d.kind for d in tiny.details]

    assert sum(s.projects for s in shares.values()) == len(tiny.projects)
    assert shares["reuse"].projects == kinds.count("reuse")
    assert sum(s.cost_share for s in shares.values()) == pytest.approx(1)
    assert sum(s.people_share for s in shares.values()) == pytest.approx(1)
    # P01 on premises: the middle of 8～32 万元 (see above), in fen
    assert shares["reuse"].cost_fen >= 20 * 1_000_000
    assert "避免大拆大建" in shares_sentence(tiny)
    nothing = replace(tiny, details=(), projects=replace_with_none(tiny.projects))
    assert shares_sentence(nothing) == ""


def replace_with_none(table):
    return replace(table, **{name: value[:0] for name, value in vars(table).items()})


def test_rooms_have_blanks_for_promises_and_other_sites_none(folder, tiny):
    data = project_data(tiny)
    for project in data["projects"]:
        is_room = project["site"]["kind"] == "premises"
        assert (project["service_promise"] is not None) == is_room
        if is_room:
            assert project["service_promise"] == {"services": None, "price_cap": None, "checked_on": None}
            assert project["rent_relief"] == {"fen_a_year": None, "from": None, "until": None}
    sheet = openpyxl.load_workbook(folder / "projects.xlsx")["形态与承诺"]
    first = [sheet.cell(3, k).value for k in range(1, 11)]
    assert first[0] == "P01"
    assert [v or "" for v in first[5:]] == [""] * 5
