import json

import openpyxl
import pytest
from click.testing import CliRunner

from returns_town import build_town, open_town
from yike.cli.main import cli
from yike.web.returns.models import CellChange, Return
from yike.web.returns.queries import doc_of


@pytest.fixture
def east(transactional_db, now):
    build_town(now)
    open_town(now)
    return Return.objects.get(circle__code="C1")


@pytest.fixture
def run(settings):
    def call(*words, code=0):
        result = CliRunner().invoke(cli, [*words, "--data", str(settings.DATA)])
        assert result.exit_code == code, result.output
        return result.stdout

    return call


def change(path, edits):
    from yike.sources.survey_form import read_forms

    cells = read_forms(path).forms[0].cells
    book = openpyxl.load_workbook(path)
    for key, value in edits.items():
        book.worksheets[0][cells[key].partition("!")[2]] = value
    book.save(path)
    return path


def test_circles_are_listed_for_programs(east, run):
    rows = json.loads(run("circle", "list", "--json"))["circles"]

    assert [(r["code"], r["people"], r["is_invented"]) for r in rows] == [
        ("C1", 1000, True), ("C2", 1000, True), ("C3", 1000, True),
    ]  # fmt: skip
    assert "东一圈" in run("circle", "list", "--branch", "990101001")


@pytest.mark.parametrize("suffix", ["xlsx", "docx", "pdf"])
def test_a_form_goes_out_as_a_file(east, run, tmp_path, suffix):
    run("returns", "export", "--circle", "C1", "-o", str(tmp_path / f"a.{suffix}"))
    run("returns", "export", "--circle", "C1", "--wave", "2026年第一期", "-o", str(tmp_path / f"b.{suffix}"))

    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_nothing_changed_is_0_differences(east, run, tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    run("returns", "export", "--circle", "C1", "-o", str(path))

    found = json.loads(run("returns", "import", str(path), "--dry-run", "--json"))
    assert (found["changed"], found["errors"], found["questions"]) == ([], [], [])
    assert "0 处差异" in run("returns", "import", str(path))
    assert CellChange.objects.count() == 0


def test_three_changed_cells_are_told_then_written(east, run, tmp_path):
    path = tmp_path / "a.xlsx"
    run("returns", "export", "--circle", "C1", "-o", str(path))
    change(path, {"Q01.needs": "书店", "B06.needs": "修鞋；配钥匙", "centres": 1})

    dry = json.loads(run("returns", "import", str(path), "--dry-run", "--json"))
    assert [(c["key"], c["old"], c["new"]) for c in dry["changed"]] == [
        ("centres", "", "1.00"), ("B06.needs", "", "修鞋；配钥匙"), ("Q01.needs", "", "书店"),
    ]  # fmt: skip
    assert CellChange.objects.count() == 0
    run("returns", "import", str(path))
    assert doc_of(east).values["B06.needs"] == "修鞋；配钥匙"
    assert "0 处差异" in run("returns", "import", str(path), "--dry-run")


def test_a_bad_cell_stops_the_whole_file(east, run, tmp_path):
    path = tmp_path / "a.xlsx"
    run("returns", "export", "--circle", "C1", "-o", str(path))
    change(path, {"Q01.needs": "书店", "B01.satisfaction": 108, "Q02.outlets": "三四个"})

    told = json.loads(run("returns", "import", str(path), "--json", code=1))

    assert {e["key"] for e in told["errors"]} == {"B01.satisfaction", "Q02.outlets"}
    assert all(e["reason"] and e["cure"] for e in told["errors"])
    assert doc_of(east).values["Q01.needs"] is None


def test_overriding_the_register_needs_a_comment(east, run, tmp_path):
    path = tmp_path / "a.xlsx"
    run("returns", "export", "--circle", "C1", "-o", str(path))
    change(path, {"B01.outlets": 4, "ALL.outlets": 4})

    result = CliRunner().invoke(cli, ["returns", "import", str(path), "--data", str(tmp_path)])
    assert result.exception.code == "returns.comment"
    run("returns", "import", str(path), "--comment", "新开一家（虚构）")
    assert doc_of(east).values["ALL.outlets"] == 4


def test_a_workbook_of_a_whole_wave_comes_back_as_one(east, run, tmp_path):
    path = tmp_path / "all.xlsx"
    told = json.loads(run("returns", "export", "-o", str(path), "--json"))
    assert [f["circle"] for f in told["forms"]] == ["C1", "C2", "C3"]
    assert json.loads(run("returns", "import", str(path), "--dry-run", "--json"))["changed"] == []

    from yike.sources.survey_form import read_forms

    places = {f.circle_name: f.cells["Q01.needs"].rsplit("!", 1) for f in read_forms(path).forms}
    book = openpyxl.load_workbook(path)
    for name in ("东一圈", "西一圈"):
        sheet, cell = places[name]
        book[sheet][cell] = f"{name}缺书店"
    book.save(path)
    found = json.loads(run("returns", "import", str(path), "--json"))
    assert [(c["code"], c["new"]) for c in found["changed"]] == [
        (told["forms"][0]["code"], "东一圈缺书店"), (told["forms"][2]["code"], "西一圈缺书店"),
    ]  # fmt: skip
    assert doc_of(Return.objects.get(circle__code="C3")).values["Q01.needs"] == "西一圈缺书店"


def test_one_bad_form_of_a_workbook_stops_them_all(east, run, tmp_path):
    path = tmp_path / "all.xlsx"
    run("returns", "export", "-o", str(path))
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["G9"] = "缺书店"
    book.worksheets[1].delete_rows(12)
    book.save(path)

    assert json.loads(run("returns", "import", str(path), "--json", code=1))["applied"] is False
    assert CellChange.objects.count() == 0


def test_a_changed_structure_is_told_with_its_place_though_nobody_said_whose_form_it_is(east, run, tmp_path):
    path = tmp_path / "a.xlsx"
    run("returns", "export", "--circle", "C1", "-o", str(path))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_rows(12)
    book.save(path)

    found = json.loads(run("returns", "import", str(path), "--dry-run", "--json", code=1))

    assert found["changed"] == []
    assert "第 12 行" in found["errors"][0]["cell"]
    assert "早餐店" in found["errors"][0]["reason"]


@pytest.mark.parametrize(("content", "said"), [(b"", "空文件"), (b"a,b\n1,2\n", "既不是 Excel 表格")])
def test_a_file_that_is_no_form_is_told_in_a_sentence(east, run, tmp_path, content, said):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    found = json.loads(run("returns", "import", str(path), "--json", code=1))

    assert said in found["errors"][0]["reason"]


def test_a_remark_beside_the_form_does_not_stop_it(east, run, tmp_path):
    path = tmp_path / "a.xlsx"
    run("returns", "export", "--circle", "C1", "-o", str(path))
    book = openpyxl.load_workbook(change(path, {"Q01.needs": "缺书店"}))
    book.worksheets[0]["L12"] = "我的备注"
    book.save(path)

    found = json.loads(run("returns", "import", str(path), "--dry-run", "--json"))

    assert found["errors"] == []
    assert ["L12" in w["reason"] for w in found["warnings"]] == [True]


def test_two_different_sheets_of_one_form_are_refused_by_name(east, run, tmp_path):
    from yike.reports.survey_form.sheet import write_forms

    path = tmp_path / "a.xlsx"
    write_forms([doc_of(east), doc_of(east)], path)
    assert json.loads(run("returns", "import", str(path), "--dry-run", "--json"))["errors"] == []

    book = openpyxl.load_workbook(path)
    book.worksheets[1]["G9"] = "缺书店"
    book.save(path)
    found = json.loads(run("returns", "import", str(path), "--json", code=1))

    assert "东一圈、东一圈(2)" in found["errors"][0]["reason"]
    assert CellChange.objects.count() == 0


def test_a_form_that_is_not_to_be_filled_now_says_so_before_anything_is_written(east, run, tmp_path):
    path = tmp_path / "a.xlsx"
    run("returns", "export", "--circle", "C1", "-o", str(path))
    Return.objects.filter(pk=east.pk).update(state="submitted")

    assert json.loads(run("returns", "import", str(path), "--dry-run", "--json"))["errors"] == []
    found = json.loads(
        run("returns", "import", str(change(path, {"Q01.needs": "缺书店"})), "--dry-run", "--json", code=1)
    )

    assert "待审核" in found["errors"][0]["reason"]
