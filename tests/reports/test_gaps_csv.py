"""gaps.csv: what a spreadsheet sees."""

import csv
import dataclasses
import io

import numpy as np

from drawn_facts import drawn_facts
from report_facts import make_facts
from yike.reports.gaps_csv.build import CLOSING, COLUMNS, gaps_text, write_gaps_csv


def rows_of(facts):
    return list(csv.DictReader(io.StringIO(gaps_text(facts))))


def row(facts, form_row):
    return next(r for r in rows_of(facts) if r["form_row"] == form_row)


def test_file_opens_in_a_spreadsheet(tmp_path):
    path = tmp_path / "gaps.csv"
    write_gaps_csv(drawn_facts(), path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig") == gaps_text(drawn_facts())


def test_header_names_every_column_once():
    header = gaps_text(drawn_facts()).splitlines()[0].split(",")
    assert header == [*COLUMNS, "unserved_60_over", *CLOSING]


def test_a_gap_says_who_lacks_what_and_what_would_help():
    got = row(drawn_facts(), "B03")
    assert (got["circle_id"], got["circle_name"], got["type_label"]) == ("k0", "画中圈", "菜市场")
    assert (got["state"], got["state_label"]) == ("gap", "缺口")
    assert (got["norm_min"], got["share_in_norm"], got["share_required"]) == ("10", "0.1", "0.8")
    assert (got["people_unserved"], got["person_minutes"], got["unserved_60_over"]) == ("90", "200", "18")
    assert got["option"].endswith("将在 10 分钟内可达。")
    assert (got["source_document"], got["as_of"], got["invented"]) == ("mofcom-2021-247", "2026-01-01", "1")
    assert got["is_inferred"] == "1"  # the share of 80 % is our own proposal


def test_gaps_come_first_and_are_ranked():
    ranks = [r["rank"] for r in rows_of(drawn_facts())]
    n = sum(1 for r in ranks if r)
    assert ranks[:n] == [str(k) for k in range(1, n + 1)]
    assert set(ranks[n:]) == {""}


def test_what_is_met_has_no_rank_and_no_option():
    got = row(drawn_facts(), "B01")
    assert (got["state"], got["rank"], got["option"]) == ("met", "", "")


def test_unknown_numbers_are_empty_never_0():
    facts = drawn_facts()
    blank = np.full(len(facts.gaps), np.nan)
    gaps = dataclasses.replace(facts.gaps, people_unserved=blank, person_minutes=blank)
    got = row(dataclasses.replace(facts, gaps=gaps), "B03")
    assert (got["people_unserved"], got["person_minutes"]) == ("", "")


def test_a_name_that_looks_like_a_formula_stays_a_name():
    facts = drawn_facts()
    circles = dataclasses.replace(facts.circles, name=("=1+1",))
    assert row(dataclasses.replace(facts, circles=circles), "B03")["circle_name"] == "'=1+1"


def test_facts_without_extras_still_make_a_table():
    assert len(rows_of(make_facts())) == len(make_facts().gaps)
