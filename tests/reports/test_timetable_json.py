"""timetable.json: the whole timetable, documented, without telephones and without times of computing."""

import json
from pathlib import Path

from timetable_facts_maker import NAN, usual, visit
from yike.reports.timetable_json.build import build_timetable, write_timetable_json

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "timetable-json.md"


def keys(value):
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from keys(inner)
    if isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_document_is_the_golden_one(tmp_path, golden):
    write_timetable_json(usual(), tmp_path / "t.json")

    golden("timetable.json", (tmp_path / "t.json").read_text("utf-8"))


def test_every_key_has_a_line_in_the_docs():
    text = DOCS.read_text("utf-8")

    assert sorted({k for k in keys(build_timetable(usual())) if f"`{k}`" not in text}) == []


def test_unknown_is_null_and_telephones_stay_out(tmp_path):
    write_timetable_json(usual(bound=NAN, gap=float("inf")), tmp_path / "t.json")
    text = (tmp_path / "t.json").read_text("utf-8")
    told = json.loads(text)

    assert told["reach"][-1]["people"] is None
    assert (told["bound"], told["gap"]) == (None, None)
    assert "000-0001" not in text


def test_seconds_of_computing_change_nothing(tmp_path):
    write_timetable_json(usual(seconds=1.0), tmp_path / "a.json")
    write_timetable_json(usual(seconds=2.0), tmp_path / "b.json")

    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_visits_are_in_order_whatever_order_they_come_in():
    backwards = usual(visits=tuple(reversed(usual().visits)))

    assert build_timetable(backwards) == build_timetable(usual())
    assert build_timetable(usual(visits=(visit("V1", "P1", 3, "pm"),)))["visits"][0]["day"] == 3
