"""The numbers by which data is judged, and who may take on which function."""

import dataclasses

from yike.core.circle.rules import Judgement
from yike.standards.judging import load_judgement, load_options
from yike.standards.loader import load_types


def test_engine_defaults_are_the_numbers_of_the_file():
    values = {code: v.value for code, v in load_judgement().items()}
    assert dataclasses.asdict(Judgement()) == values


def test_every_judged_number_is_marked_as_our_own():
    assert all(v.source.is_inferred and v.label for v in load_judgement().values())


def test_options_name_known_types_and_say_where_they_come_from():
    codes = {t.code for t in load_types()}
    for rule in load_options():
        assert set(rule.functions) | set(rule.hosts) <= codes, rule.code
        assert rule.source.text, rule.code
        assert set(rule.functions).isdisjoint(rule.hosts) or len(rule.hosts) > 1, rule.code
    assert {r.kind for r in load_options()} == {"add_function", "extend_hours", "movable"}


def test_basic_types_of_the_form_have_an_option_beside_a_new_outlet():
    functions = {f for r in load_options() for f in r.functions}
    basic = {t.code for t in load_types() if t.form_row < "B12" and t.kind == "outlet" and not t.parent}
    assert basic - functions <= {"supermarket", "pharmacy"}
