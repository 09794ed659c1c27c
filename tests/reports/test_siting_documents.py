"""Recommended sites on the page, in the file and on paper say the same, and say what they do not know."""

import json
import re

import docx
import pytest

from siting_street import HOMES, write_street
from yike.reports.docx_report.build import write_docx
from yike.reports.html_report.build import page_of
from yike.reports.html_report.siting_curve import curve_svg
from yike.reports.siting_json.build import build_siting, write_siting_json
from yike.reports.siting_lines import gap_of, proof_short, proof_words, wan_yuan
from yike.studies.pipeline import run_study
from yike.studies.study import StudySpec


def facts_of(folder, **spec):
    return run_study(StudySpec(folder, with_siting=True, with_isochrones=False, **spec)).facts


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    return facts_of(write_street(tmp_path_factory.mktemp("street") / "pack"))


@pytest.fixture(scope="module")
def page(street):
    return page_of(street)


def section_of(page):
    return page[page.index('<section id="siting"') : page.index('<section id="circles"')]


def plain(markup):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def card_of(page, label):
    return next(c for c in section_of(page).split("<article")[1:] if f"<h3>{label}</h3>" in c)


def test_page_tells_every_number_of_sites_of_a_type(page):
    card = plain(card_of(page, "便利店"))
    assert "1 ＋空房r17 +500 500 52.6% 5 已证明最优" in card
    assert "2 ＋空房r35 +450 950 100% 9 已证明最优" in card
    assert "C楼 25.7 → 4.1" in card  # (20 x 85 + 15) m and (3 x 85 + 15) m at 4 km/h
    assert "共 4 处，按选址规则不合适的 0 处，附近有人够不着的 3 处" in card


def test_page_of_invented_data_marks_the_section(page):
    assert "虚构" in section_of(page)[:200]


def test_curve_marks_proven_plans_and_money_has_no_bound(street):
    one = next(t for t in street.extras["siting"]["types"] if t["type_code"] == "convenience_store")
    by_sites, by_money = curve_svg(one, "sites"), curve_svg(one, "money")
    assert by_sites.count('class="dot proven"') == 2
    assert re.findall(r'data-k="(\d)"', by_sites) == ["1", "2"]
    assert by_sites.count('class="bound"') == 1
    assert by_money.count('class="bound"') == 0


def test_curve_leaves_steps_out_that_cost_more_and_serve_fewer():
    plans = [
        {"k": 1, "people": 10.0, "bound": 10.0, "status": "optimal", "cost_fen": 9_000_000},
        {"k": 2, "people": 30.0, "bound": 40.0, "status": "bounded", "cost_fen": 3_000_000},
        {"k": 3, "people": 40.0, "bound": 40.0, "status": "optimal", "cost_fen": 12_000_000},
    ]
    line = re.search(r'd="([^"]*)" class="gained"', curve_svg({"plans": plans}, "money")).group(1)
    assert line.count("L") == 2  # from nothing to 3 万元, then to 12 万元; the dearer single site is off
    assert curve_svg({"plans": plans}, "sites").count('class="dot"') == 1


def test_words_of_proof_are_rounded_up_and_optimal_is_said_only_when_proven():
    plan = {"people": 874.9, "bound": 1000.0, "status": "bounded"}
    assert gap_of(plan) == pytest.approx(0.1251)
    assert proof_words(plan) == "与最优相差不超过 12.6%"
    assert proof_short(plan) == "≤ 12.6%"
    assert proof_words({**plan, "status": "optimal"}) == "已证明最优"


def test_money_is_written_in_wan_and_unknown_stays_unknown():
    assert [wan_yuan(v) for v in (5_000_000, 12_345_678, None)] == ["5", "12.35", "未知"]


def test_file_counts_what_the_page_counts(street, tmp_path):
    write_siting_json(street, tmp_path / "siting.json")
    told = json.loads((tmp_path / "siting.json").read_text("utf-8"))
    assert told == build_siting(street)
    one = next(t for t in told["types"] if t["label"] == "便利店")
    assert [(c["k"], c["people"], c["bound"], c["gap"]) for c in one["curve"]] == [
        (1, 500.0, 500.0, 0.0),
        (2, 950.0, 950.0, 0.0),
    ]
    assert [s["id"] for s in one["sites"]] == ["r17", "r35"]
    assert one["source"]["document"] == "mofcom-2023-401"


def test_paper_has_a_row_per_type(street, tmp_path):
    write_docx(street, tmp_path / "report.docx")
    tables = docx.Document(str(tmp_path / "report.docx")).tables
    table = next(t for t in tables if t.cell(0, 0).text == "业态" and "位置" in t.cell(0, 1).text)
    row = next(r for r in table.rows if r.cells[0].text == "便利店")
    assert [c.text for c in row.cells][1:] == [
        "1．空房r17（500，4.1）；2．空房r35（450，6.6）", "950", "100%", "9", "已证明最优",
    ]  # fmt: skip


def test_page_and_paper_say_why_nothing_is_sited(tmp_path):
    facts = facts_of(write_street(tmp_path / "pack", with_outlets=False))
    assert "网点未调查或数据缺失" in plain(section_of(page_of(facts)))
    write_docx(facts, tmp_path / "report.docx")
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "report.docx")).paragraphs)
    assert "不知道缺不缺，不推荐选址" in text
    assert build_siting(facts)["reason"] == "not_surveyed"


def test_page_marks_street_points_and_equal_homes(tmp_path):
    homes = [(i, k, "") for i, k, _ in HOMES]
    facts = facts_of(write_street(tmp_path / "pack", homes=homes, rooms=()))
    words = plain(section_of(page_of(facts)))
    assert "不是已知空房" in words
    assert "推定" in words
    assert "没有人数：各居住点同等计算" in words


def test_page_of_a_run_that_was_not_asked_says_so(tmp_path):
    facts = run_study(StudySpec(write_street(tmp_path / "pack"), with_isochrones=False)).facts
    assert "没有计算选址" in plain(section_of(page_of(facts)))
