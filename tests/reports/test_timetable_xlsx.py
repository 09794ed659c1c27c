"""The workbook of a timetable, opened again: sheets, numbers, unknowns, page, the same bytes."""

import openpyxl
import pytest

from timetable_facts_maker import NAN, REACH, crowded, invented, one_visit, usual
from yike.reports.timetable_facts import TradeReach
from yike.reports.timetable_xlsx.build import SHEETS, write_timetable_xlsx

UNKNOWN = "未知"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "timetable.xlsx"
    write_timetable_xlsx(usual(), path)
    return openpyxl.load_workbook(path)


def rows(ws, first):
    return [[c.value for c in row] for row in ws.iter_rows(min_row=first)]


def test_book_has_its_five_sheets(book):
    assert book.sheetnames == ["总表", "按点位", "按服务者", "覆盖情况", "说明"]


def test_grid_has_the_stop_in_the_half_day_of_each_vendor(book):
    ws = book["总表"]
    grid = {r[0]: r[3:] for r in rows(ws, 5)}

    assert [ws.cell(3, c).value for c in (4, 6, 16)] == ["周一", "周二", "周日"]
    assert [ws.cell(4, c).value for c in (4, 5)] == ["上午", "下午"]
    assert len(grid) == 4
    mine = {i: name for i, name in enumerate(grid["蔬菜直通车1号"]) if name}
    assert mine == {1: "桥南小区东门", 4: "光明社区广场", 12: "光明社区广场"}  # Mon pm, Wed am, Sun am
    assert [r[2] for r in rows(ws, 5)] == [2, 1, 2, 3]


def test_lists_by_stop_and_by_vendor_have_every_visit(book):
    by_stop, by_vendor = rows(book["按点位"], 4), rows(book["按服务者"], 4)

    assert len(by_stop) == len(by_vendor) == 8
    assert by_stop[0] == [
        "光明社区广场", "光明社区", "光明路 12 号东侧", "周一", "上午", "08:00–11:30",
        "王师傅修鞋摊", "维修", 1200,
    ]  # fmt: skip
    assert by_stop[-1][-1] == UNKNOWN
    assert [r[0] for r in by_vendor] == ["王师傅修鞋摊"] * 2 + ["李师傅磨刀"] + ["便民理发"] * 2 + [
        "蔬菜直通车1号"
    ] * 3


def test_who_has_nothing_is_listed_as_such(tmp_path):
    write_timetable_xlsx(usual(visits=()), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")

    assert [r[6] for r in rows(book["按点位"], 4)] == ["没有安排"] * 3
    assert [r[5] for r in rows(book["按服务者"], 4)] == ["没有安排"] * 4


def test_coverage_tells_before_and_after_as_shares(book):
    first, second, third = rows(book["覆盖情况"], 5)[:3]

    assert first == ["维修", "全部", 3000, 900, 0.3, 2400, 0.8, 1800, 0.6, 1500]
    assert second == ["维修", "光明社区", 2000, 900, 0.45, 2000, 1.0, 1500, 0.75, 1100]
    assert third == ["维修", "桥南社区", 1000, 0, 0.0, 400, 0.4, 300, 0.3, 400]
    assert book["覆盖情况"].cell(5, 5).number_format == "0.0%"


def test_unknown_people_are_never_zero(book):
    last = rows(book["覆盖情况"], 5)[-1]

    assert last == ["理发", "桥南社区", *([UNKNOWN] * 8)]


def test_an_unknown_before_leaves_what_the_timetable_adds(tmp_path):
    some = TradeReach(
        "repair", "某社区", 1000.0, NAN, 400.0, 300.0, before_least=100.0, before_words="未写明"
    )
    write_timetable_xlsx(usual(reach=(*REACH, some)), tmp_path / "t.xlsx")
    row = next(
        r for r in rows(openpyxl.load_workbook(tmp_path / "t.xlsx")["覆盖情况"], 5) if r[1] == "某社区"
    )

    assert row[2:] == [1000, UNKNOWN, UNKNOWN, 400, 0.4, 300, 0.3, 300]


def test_share_of_nobody_is_a_dash(tmp_path):
    empty = TradeReach("repair", "空社区", 0.0, 0.0, 0.0, 0.0)
    write_timetable_xlsx(usual(reach=(*REACH, empty)), tmp_path / "t.xlsx")
    row = next(
        r for r in rows(openpyxl.load_workbook(tmp_path / "t.xlsx")["覆盖情况"], 5) if r[1] == "空社区"
    )

    assert row[2:] == [0, 0, "—", 0, "—", 0, "—", 0]


def test_notes_say_method_proof_sources_and_no_more_than_was_proven(book, tmp_path):
    notes = dict(r[:2] for r in rows(book["说明"], 3) if r[0] not in ("来源", "备注"))
    write_timetable_xlsx(usual(status="bounded", gap=0.021), tmp_path / "t.xlsx")
    other = dict(r[:2] for r in rows(openpyxl.load_workbook(tmp_path / "t.xlsx")["说明"], 3))

    assert notes["结果"] == "已证明最优：目标值 5,400.00，上界 5,400.00"
    assert other["结果"].startswith("与最优相差不超过 2.1%")
    assert notes["方法"] == "整数规划（HiGHS）；随机种子 0"
    assert "居民步行 10 分钟内" in notes["服务范围"]
    assert [r[1] for r in rows(book["说明"], 3) if r[0] == "来源"] == [
        "商务局流动摊位登记表，内部资料", "OpenStreetMap，ODbL-1.0",
    ]  # fmt: skip


def test_every_sheet_prints_on_a4_across_with_its_header_again(book):
    for ws in book:
        assert (ws.page_setup.paperSize, ws.page_setup.orientation) == (9, "landscape")
        assert (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == (1, 0)
        assert ws.freeze_panes
        assert ws.print_title_rows


def test_invented_is_said_on_every_sheet(tmp_path):
    write_timetable_xlsx(invented(), tmp_path / "t.xlsx")

    for ws in openpyxl.load_workbook(tmp_path / "t.xlsx"):
        assert "虚构" in ws.cell(2, 1).value
        assert "虚构" in ws.oddHeader.center.text


def test_names_that_look_like_formulas_stay_text(tmp_path):
    write_timetable_xlsx(usual(title="=1+1"), tmp_path / "t.xlsx")
    ws = openpyxl.load_workbook(tmp_path / "t.xlsx")["总表"]

    assert ws.cell(1, 1).value == "=1+1"
    assert ws.cell(1, 1).data_type == "s"


@pytest.mark.parametrize(
    "facts", [usual(), one_visit(), crowded(), usual(vendors=(), stops=(), visits=(), reach=())]
)
def test_same_facts_give_the_same_bytes(tmp_path, facts):
    write_timetable_xlsx(facts, tmp_path / "a.xlsx")
    write_timetable_xlsx(facts, tmp_path / "b.xlsx")

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == list(SHEETS)
