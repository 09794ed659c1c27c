import openpyxl
import pytest

from yike.errors import Fault
from yike.reports.intake_workbook.build import SourceSheet, write_intake_workbook
from yike.reports.intake_workbook.templates import template_tables, write_templates
from yike.reports.intake_workbook.text import describe_found
from yike.sources.headers import match_headers
from yike.sources.tabular import read_table
from yike.standards.loader import load_types

RED, YELLOW = "00F8C9C4", "00FBE9B0"
SHEET = SourceSheet(
    "outlets.csv",
    "",
    [("网点清单", "", ""), ("编号", "业态", "经度"), ("007", "便利店", "116.5"), ("=1+1", "量子", "x\x01")],
    [1, 2, 5, 6],
)
FAULTS = [
    Fault(
        "outlets.type.unknown", "outlets.csv", "", 6, "业态", "量子", level="warning", facts={"near": "药店"}
    ),
    Fault("layers.point.bad", "outlets.csv", "", 6, "经度", "x"),
    Fault("datum.missing_no_guess", "outlets.csv", "", 0, "[outlets] datum", facts={"section": "outlets"}),
]


def _write(tmp_path, faults=FAULTS, sheets=(SHEET,), name="a.xlsx"):
    write_intake_workbook(sheets, faults, tmp_path / name)
    return openpyxl.load_workbook(tmp_path / name)


def test_copy_keeps_rows_at_their_numbers_and_marks_cells(tmp_path):
    book = _write(tmp_path)
    ws = book["outlets"]
    assert [c.value for c in ws[5]][:3] == ["007", "便利店", 116.5]
    assert ws.cell(6, 2).fill.fgColor.rgb == YELLOW
    assert ws.cell(6, 3).fill.fgColor.rgb == RED
    assert ws.cell(2, 4).value == "原因"
    reason = ws.cell(6, 4)
    assert reason.fill.fgColor.rgb == RED
    assert "量子" in reason.value
    assert reason.value.index("x") < reason.value.index("量子")  # errors before warnings
    assert ws.cell(5, 4).value is None


def test_text_of_clerks_is_never_a_formula(tmp_path):
    ws = _write(tmp_path)["outlets"]
    assert (ws.cell(6, 1).value, ws.cell(6, 1).data_type) == ("=1+1", "s")


def test_list_holds_every_fault_worst_first(tmp_path):
    ws = _write(tmp_path)["检查结果"]
    assert "2 处错误、1 处提醒" in ws["A1"].value
    assert [ws.cell(r, 1).value for r in (3, 4, 5)] == ["错误", "错误", "提醒"]
    assert ws.cell(3, 4).value == 6
    assert ws.cell(4, 4).value is None


def test_corrected_copy_reads_again_as_the_table(tmp_path):
    _write(tmp_path)
    table = read_table(tmp_path / "a.xlsx", sheet="outlets")
    assert table.text("id") == ("007", "=1+1")
    assert table.row_number.tolist() == [5, 6]


def test_clean_pack_gives_a_workbook_that_says_so(tmp_path):
    assert _write(tmp_path, faults=[], sheets=())["检查结果"]["A1"].value == "没有发现问题。"


def test_sheet_names_stay_apart_and_legal(tmp_path):
    rows = [("名称",), ("甲",)]
    sheets = [SourceSheet(f"x/{'长' * 40}.csv", "a:b", rows, [1, 2]) for _ in range(2)]
    names = _write(tmp_path, sheets=sheets).sheetnames[1:]
    assert len(set(names)) == 2
    assert all(len(n) <= 31 and ":" not in n for n in names)


def test_same_faults_give_the_same_bytes(tmp_path):
    _write(tmp_path, name="a.xlsx")
    _write(tmp_path, name="b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("table", template_tables()["table"], ids=lambda t: t["file"])
def test_template_headers_are_all_known_and_the_example_is_no_row(tmp_path, table):
    write_templates(tmp_path, load_types())
    read = read_table(tmp_path / table["file"], kind=table["kind"])
    assert (read.sheet, read.header_row, len(read)) == (table["sheet"], 2, 0)
    headers = [c["header"] for c in table["columns"]]
    known = set(match_headers(headers, table["kind"]).values())
    unknown = [h for i, h in enumerate(headers) if i not in known]
    assert unknown in ([], ["60岁及以上", "3岁以下"])  # age bands have a reader of their own


def test_rows_typed_below_the_example_are_read(tmp_path):
    write_templates(tmp_path, load_types())
    book = openpyxl.load_workbook(tmp_path / "outlets.xlsx")
    book["网点"]["B4"], book["网点"]["C4"] = "甲店", "便利店"
    book["网点"]["D4"], book["网点"]["E4"] = 116.3, 39.9
    book.save(tmp_path / "outlets.xlsx")
    read = read_table(tmp_path / "outlets.xlsx")
    assert (read.text("name"), read.row_number.tolist()) == (("甲店",), [4])


def test_template_offers_every_type_and_allows_other_words(tmp_path):
    types = load_types()
    write_templates(tmp_path, types)
    book = openpyxl.load_workbook(tmp_path / "outlets.xlsx")
    labels = [row[1].value for row in book["业态"].iter_rows(min_row=2)]
    assert labels == [t.label for t in types]
    rule = next(v for v in book["网点"].data_validations.dataValidation if "业态" in v.formula1)
    assert rule.formula1 == f"'业态'!$B$2:$B${len(types) + 1}"
    assert rule.errorStyle == "warning"


def test_templates_overwrite_nothing(tmp_path):
    (tmp_path / "outlets.xlsx").write_text("mine")
    written = write_templates(tmp_path, load_types())
    assert (tmp_path / "outlets.xlsx").read_text() == "mine"
    assert "outlets.xlsx" not in [p.name for p in written]


def test_found_is_told_in_lines():
    found = {
        "network": {"vertices": 25, "pieces": 40, "length_km": 4.0, "components": 1, "largest_share": 1.0},
        "outlets": {"rows": 3, "unmatched": 1, "by_type": {"药店": 2}, "chain": 0, "movable": 0},
        "places": {"rows": 2, "people": 170_900.0, "people_method": "given"},
    }
    assert describe_found(found) == [
        "路网：25 个节点，40 段街道，4.0 公里，1 个互不相连的部分，最大一块占 100.0%",
        "网点：3 行，1 个业态未识别",
        "　　按业态：药店 2",
        "居住点：2 行，居民 170,900 人，人口由清单给出",
    ]
