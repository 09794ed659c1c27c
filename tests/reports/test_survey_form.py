"""The annex-5 workbook, opened again: structure, order, arithmetic, unknown cells, marks."""

import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from openpyxl import load_workbook

from report_facts import make_facts
from yike.core.tables import OutletStatus, Tri
from yike.reports.survey_form.sheet import write_annex5
from yike.reports.survey_form.values import survey_form
from yike.standards.survey_form import BASIC_ROWS, QUALITY_ROWS, round_places, to_wan

ROWS = 23


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("annex5") / "annex5.xlsx"
    write_annex5(make_facts(), path)
    return load_workbook(path)


def test_one_sheet_per_circle_and_one_on_sources(book):
    assert book.sheetnames == [*make_facts().circles.name, "数据来源"]


def test_rows_stand_in_the_official_order(book):
    ws = book.worksheets[0]
    names = [ws.cell(r, 2).value for r in range(8, 8 + ROWS)]

    assert names[:3] == ["便利店", "综合超市", "菜市场"]
    assert names[13:16] == ["其他", "新式书店", "运动健身"]
    assert names[-1] == "其他"
    assert len(BASIC_ROWS) == 14
    assert len(QUALITY_ROWS) == 9


def test_merges_are_those_of_the_form(book):
    merges = {str(m) for m in book.worksheets[0].merged_cells.ranges}

    assert {"A1:I1", "A7:B7", "A8:A21", "A22:A30", "G6:I6", "B31:I31", "B3:E3", "G3:I3"} <= merges


def test_total_is_the_sum_of_the_rows(book):
    for ws in book.worksheets[:-1]:
        counts = [ws.cell(r, 3).value for r in range(8, 8 + ROWS)]
        chains = [ws.cell(r, 5).value for r in range(8, 8 + ROWS)]
        assert ws.cell(7, 3).value == sum(c for c in counts if c is not None)
        assert ws.cell(7, 5).value == sum(c for c in chains if c is not None)


def test_every_number_shows_two_decimals(book):
    ws = book.worksheets[0]

    assert {ws.cell(r, c).number_format for r in range(7, 8 + ROWS) for c in (3, 4, 5, 6)} == {"0.00"}


def test_outlets_count_once_by_their_main_type():
    facts = make_facts()
    form = survey_form(facts, 0)
    open_here = (facts.outlets.circle_idx == 0) & (facts.outlets.status == OutletStatus.OPEN)
    rows = np.array([t.form_row for t in facts.types])[facts.outlets.type_idx[open_here]]

    assert form.total.n_outlets == sum(r[0] in "BQ" for r in rows)
    assert {r.form_row: r.n_outlets for r in form.rows}["B05"] == (rows == "B05").sum()


def test_staff_are_added_as_persons_and_rounded_last():
    # 61 and 3 persons are 0.01 and 0.00 万人 apart, 0.01 together; ten rows of 49 print 0.05, not 0.00.
    assert to_wan(49) == Decimal("0.00")
    assert to_wan(10 * 49) == Decimal("0.05")
    assert to_wan(50) == Decimal("0.01")
    assert round_places(0.125, 2, "half_even") == Decimal("0.12")
    assert round_places(0.125, 2) == Decimal("0.13")


def test_staff_that_nobody_knows_stays_blank():
    facts = make_facts()
    facts = replace(facts, outlets=replace(facts.outlets, staff=np.full(len(facts.outlets), np.nan)))
    form = survey_form(facts, 0)
    with_outlets = [r for r in form.rows if r.n_outlets]

    assert {r.staff for r in with_outlets} == {None}
    assert all(r.staff_unknown == r.n_outlets for r in with_outlets)
    assert {r.staff for r in form.rows if r.n_outlets == 0} == {0}


def test_chain_flags_that_nobody_knows_stay_blank():
    facts = make_facts()
    unknown = np.full(len(facts.outlets), Tri.UNKNOWN, np.int8)
    form = survey_form(replace(facts, outlets=replace(facts.outlets, is_chain=unknown)), 0)

    assert {r.n_chain for r in form.rows if r.n_outlets} == {None}


def test_type_that_the_source_hardly_maps_is_blank_not_zero(book):
    facts = make_facts()
    blank = [r.form_row for r in survey_form(facts, 0).rows if r.n_outlets is None]
    ws = book.worksheets[0]

    assert blank == ["Q01"]
    assert ws.cell(8 + 14, 3).value is None


def test_invented_data_is_marked_on_every_sheet(book):
    for ws in book.worksheets[:-1]:
        assert "虚构" in ws["A2"].value
        assert "虚构" in ws.oddHeader.center.text


def test_needs_are_never_filled_in_for_residents(book):
    ws = book.worksheets[0]

    assert {ws.cell(r, 7).value for r in range(7, 8 + ROWS)} == {None}
    assert any("问需于民" in str(c.value) for c in book.worksheets[-1]["B"])


def test_same_facts_give_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_annex5(make_facts(), tmp_path / name)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_circle_names_that_excel_forbids_become_sheet_names(tmp_path):
    facts = make_facts()
    names = ("甲/乙[丙]圈", "甲/乙[丙]圈", "很" * 40, "数据来源")
    write_annex5(replace(facts, circles=replace(facts.circles, name=names)), tmp_path / "odd.xlsx")
    sheets = load_workbook(tmp_path / "odd.xlsx").sheetnames

    assert len(set(sheets)) == 5
    assert all(len(s) <= 31 and not re.search(r"[\\/*?:\[\]]", s) for s in sheets)


def test_zero_is_called_confirmed_only_after_a_complete_survey(tmp_path):
    facts = make_facts()
    said = []
    for is_surveyed in (True, False):
        write_annex5(
            replace(facts, provenance=replace(facts.provenance, is_surveyed=is_surveyed)), tmp_path / "a.xlsx"
        )
        column = load_workbook(tmp_path / "a.xlsx").worksheets[-1]["B"]
        said.append(next(str(c.value) for c in column if str(c.value).startswith("空白")))

    assert "确认没有" in said[0]
    assert "确认没有" not in said[1]
    assert "没有收录" in said[1]
