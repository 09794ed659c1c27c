"""Posters of stops, read back: words, pages, sizes of letters, and codes as a phone reads them."""

import io
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from timetable_facts_maker import PROVENANCE, STOPS, crowded, invented, one_visit, usual, visit
from yike.reports.pdf.render import render_png
from yike.reports.timetable_view import TimetableView
from yike.reports.vendor_poster.build import TEMPLATE, poster_data, write_posters
from yike.reports.vendor_poster.content import posters
from yike.reports.vendor_poster.qr import MOST_BYTES, code_of

A4_PT = (595.28, 841.89)


def pages_of(path):
    return [page.extract_text() for page in PdfReader(path).pages]


def words(path):
    return "\n".join(pages_of(path)).replace(" ", "")


def test_one_poster_a_stop_and_one_paper_of_all(tmp_path):
    written = write_posters(usual(), tmp_path)

    assert [p.name for p in written] == ["P1.pdf", "P2.pdf", "P3.pdf", "posters.pdf"]
    assert [len(pages_of(p)) for p in written] == [1, 1, 1, 3]
    assert all(p.is_file() for p in written)


def test_poster_says_what_comes_when(tmp_path, golden):
    write_posters(usual(), tmp_path)

    golden("vendor_poster.txt", words(tmp_path / "P1.pdf") + "\n")


def test_sheets_are_a4_upright(tmp_path):
    for path in write_posters(crowded(), tmp_path):
        for page in PdfReader(path).pages:
            assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4_PT, abs=0.1)


def test_fullest_week_takes_two_sheets_that_name_all_42_visits(tmp_path):
    write_posters(crowded(), tmp_path)
    sheets = [text.replace(" ", "") for text in pages_of(tmp_path / "P1.pdf")]

    assert len(sheets) == 2
    assert "第1张，共2张" in sheets[0]
    assert "第2张，共2张" in sheets[1]
    listed = "".join(s.split("扫一扫")[0] for s in sheets)
    assert [listed.count(n) for n in ("王师傅修鞋配钥匙", "便民理发", "蔬菜直通车2号")] == [14, 14, 14]
    assert [listed.count(f"周{day}") for day in "一二三四五六日"] == [1] * 7


def test_days_of_a_week_never_lie_on_two_sheets(tmp_path):
    write_posters(crowded(), tmp_path)
    first, second = (text.replace(" ", "") for text in pages_of(tmp_path / "P1.pdf"))

    assert [d for d in "一二三四五六日" if f"周{d}" in first] == list("一二三四")
    assert [d for d in "一二三四五六日" if f"周{d}" in second] == list("五六日")


def test_posters_and_calendars_speak_in_residents_words(tmp_path):
    facts = usual(visit_labels=(("vegetables", "新鲜蔬菜"), ("hairdresser", "剪头发")))

    write_posters(facts, tmp_path)
    code = code_of(TimetableView(facts), STOPS[2], [visit("V3", "P3", 5, "am")])

    assert "新鲜蔬菜、早餐" in words(tmp_path / "P2.pdf").replace("\n", "")
    assert "菜店" not in words(tmp_path / "posters.pdf")
    assert "剪头发 便民理发" in code.text


def test_four_vendors_in_one_half_day_stay_above_the_code(tmp_path):
    visits = tuple(visit(v, "P1", 4, "am") for v in ("V1", "V2", "V3", "V4"))
    panel_top_pt = 58 / 25.4 * 72  # the panel with the code is 58 mm high
    at_pt = {}

    def note(text, matrix, own, _, __):
        for name in ("王师傅", "李师傅", "便民理发", "直通车"):
            if name in text.replace(" ", ""):
                at_pt[name] = own[4] * matrix[1] + own[5] * matrix[3] + matrix[5]

    without_phones = [replace(v, phone="") for v in usual().vendors]  # else names stand beside the code too
    write_posters(one_visit(vendors=tuple(without_phones), visits=visits), tmp_path)
    page = PdfReader(tmp_path / "P1.pdf").pages[0]
    page.extract_text(visitor_text=note)

    assert len(at_pt) == 4
    assert min(at_pt.values()) > panel_top_pt


@pytest.mark.parametrize(("facts", "least_pt"), [(one_visit(), 60), (usual(), 28), (crowded(), 18)])
def test_times_are_printed_large_enough_for_old_eyes(tmp_path, facts, least_pt):
    write_posters(facts, tmp_path)
    sizes = []

    def note(text, _, matrix, __, size):
        if "–" in text:
            sizes.append(size * abs(matrix[3]))

    PdfReader(tmp_path / "P1.pdf").pages[0].extract_text(visitor_text=note)

    assert sizes
    assert min(sizes) >= least_pt * 0.95  # times beside trades are a twentieth smaller


def test_more_visitors_at_once_than_a_sheet_holds_go_on_next_page(tmp_path):
    vendors = tuple(replace(usual().vendors[0], vendor_id=f"N{i}", name=f"{i:02d}号师傅") for i in range(40))
    facts = usual(vendors=vendors, visits=tuple(visit(v.vendor_id, "P1", 0, "am") for v in vendors))
    write_posters(facts, tmp_path)
    text = words(tmp_path / "P1.pdf")

    assert len(pages_of(tmp_path / "P1.pdf")) > 1
    assert all(f"{i:02d}号师傅" in text.split("电话")[0] or f"{i:02d}号师傅" in text for i in range(40))


def test_invented_is_said_across_the_sheet_and_real_is_not(tmp_path):
    write_posters(invented(), tmp_path / "invented")
    write_posters(usual(), tmp_path / "real")

    assert (
        words(tmp_path / "invented" / "P1.pdf").count("虚构") >= 3
    )  # behind, across the corner, small print
    assert "虚构" not in words(tmp_path / "real" / "P1.pdf")


def test_map_review_number_and_sources_are_in_the_small_print(tmp_path):
    origin = replace(PROVENANCE, map_review_no="豫S(2026)1号")
    write_posters(usual(provenance=origin), tmp_path / "with")
    write_posters(usual(), tmp_path / "without")

    assert "审图号：豫S(2026)1号" in words(tmp_path / "with" / "P1.pdf")
    assert "审图号" not in words(tmp_path / "without" / "P1.pdf")
    assert "数据日期2026年1月1日" in words(tmp_path / "without" / "P1.pdf")
    assert "商务局流动摊位登记表、OpenStreetMap" in words(tmp_path / "without" / "P1.pdf")


def test_only_given_telephones_are_printed(tmp_path):
    write_posters(usual(), tmp_path)

    assert "电话：王师傅修鞋摊000-0001" in words(tmp_path / "P1.pdf")
    assert "电话" not in words(tmp_path / "P3.pdf")


def test_stops_that_nobody_comes_to_get_no_poster(tmp_path):
    assert write_posters(usual(visits=()), tmp_path / "none") == []
    assert [p.stem for p in write_posters(one_visit(stops=STOPS), tmp_path / "one")] == ["P1", "posters"]


def test_ids_that_are_no_file_names_are_told_apart(tmp_path):
    stops = (replace(STOPS[0], stop_id="东门/1"), replace(STOPS[1], stop_id="东门 1"),
             replace(STOPS[2], stop_id="posters"))  # fmt: skip
    visits = tuple(visit("V1", s.stop_id, i, "am") for i, s in enumerate(stops))
    written = write_posters(usual(stops=stops, visits=visits), tmp_path)

    assert [p.name for p in written] == ["东门_1.pdf", "东门_1_2.pdf", "posters_2.pdf", "posters.pdf"]


def test_same_facts_give_the_same_bytes(tmp_path):
    one, two = write_posters(usual(), tmp_path / "a"), write_posters(usual(seconds=9.9), tmp_path / "b")

    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def scan(facts):
    """What a phone reads off the first sheet, printed at 150 dots an inch."""
    view = TimetableView(facts)
    (page, *_) = render_png(TEMPLATE, poster_data(facts, posters(view)), ppi=150)
    (code,) = zxingcpp.read_barcodes(np.asarray(Image.open(io.BytesIO(page)).convert("L")))
    return code.text


def test_code_holds_the_address_when_there_is_one():
    assert scan(usual(public_url="https://example.org/t/小城?p=1")) == "https://example.org/t/小城?p=1"


def test_code_holds_the_times_when_there_is_no_address():
    assert scan(one_visit()) == (
        "光明社区广场 流动便民服务\n2026年1月5日起每周\n周三上午 08:00–11:30 维修 王师傅修鞋摊"
    )


def test_code_of_the_fullest_week_is_read_and_names_every_trade():
    text = scan(crowded())

    assert len(text.encode()) <= MOST_BYTES
    assert "维修：周一、周二、周三、周四、周五、周六、周日" in text


def test_code_says_when_not_all_is_in_it():
    long = tuple((f"t{i}", f"很长很长的业态名称{i}") for i in range(60))
    vendor = replace(usual().vendors[0], trades=tuple(code for code, _ in long))
    facts = one_visit(trades=long)
    view = TimetableView(replace(facts, vendors=(vendor,)))
    code = code_of(view, STOPS[0], view.at_stop("P1"))

    assert not code.is_whole
    assert code.text.endswith("……")
    assert len(code.text.encode()) <= MOST_BYTES
    assert posters(view)[0]["code_caption"] == "扫一扫，存下部分时间"


def test_code_of_an_invented_pack_says_so():
    assert scan(invented()).startswith("【虚构】")


def test_long_names_and_addresses_still_fit_one_sheet(tmp_path):
    stop = replace(
        STOPS[0],
        name="某某街道某某社区新时代文明实践综合服务中心东侧停车场入口处" * 2,
        address="很长的地址" * 12,
    )
    write_posters(one_visit(stops=(stop,)), tmp_path)

    assert len(pages_of(tmp_path / "P1.pdf")) == 1
    assert stop.name in words(tmp_path / "P1.pdf").replace("\n", "")
