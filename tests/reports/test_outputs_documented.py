"""Every column, key, measure and extra has its line in the docs."""

from pathlib import Path

import pytest

from drawn_facts import drawn_facts
from siting_street import write_street
from yike.core.circle.measures import EXTERNAL, MEASURES
from yike.reports.access_parquet.build import access_notes, access_rows
from yike.reports.assessment_json.build import build_assessment
from yike.reports.gaps_csv.build import CLOSING, COLUMNS
from yike.reports.siting_json.build import build_siting
from yike.studies.pipeline import run_study
from yike.studies.study import StudySpec

DOCS = Path(__file__).parents[2] / "docs"


def documented(name):
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", [*MEASURES, *EXTERNAL])
def test_every_measure_has_a_line(name):
    assert f"`{name}`" in documented("reference/indicators.md")


def test_every_column_of_the_tables_has_a_line():
    text, facts = documented("reference/outputs.md"), drawn_facts()
    table = access_rows(facts.access, facts.places.place_id, facts.outlets.outlet_id, facts.types)
    notes = access_notes(facts.provenance, "r", "p", facts.access)
    missing = [c for c in (*table.column_names, *notes, *COLUMNS, *CLOSING) if f"`{c}`" not in text]
    assert missing == []


def test_every_key_of_the_assessment_has_a_line():
    text, got = documented("reference/outputs.md"), build_assessment(drawn_facts())
    keys = [*got, *(k for k in got["circles"][0] if k not in ("id", "name"))]
    assert [k for k in keys if f"`{k}`" not in text] == []


def test_every_extra_has_a_line():
    text = documented("reference/outputs.md")
    assert [k for k in drawn_facts().extras if f"`{k}`" not in text] == []


def test_every_key_of_the_sites_has_a_line(tmp_path):
    text = documented("reference/outputs.md")
    got = build_siting(run_study(StudySpec(write_street(tmp_path / "pack"), with_siting=True)).facts)
    one = got["types"][0]
    keys = [*got, *one, *one["sites"][0], *one["curve"][0], *one["curve"][0]["sites"][0]]
    assert [k for k in keys if f"`{k}`" not in text] == []
