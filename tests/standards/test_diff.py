"""Differences of rule packs: nothing against itself, every change with both sources."""

import pytest

from yike.standards.diff import diff_packs
from yike.standards.loader import list_rule_packs, load_rule_pack, load_types


def diff(before, after):
    return diff_packs(load_rule_pack(before), load_rule_pack(after), load_types())


@pytest.mark.parametrize("code", list_rule_packs())
def test_a_pack_does_not_differ_from_itself(code):
    assert diff(code, code) == ()


def test_a_changed_limit_shows_both_values_and_both_sources():
    found = {(d.code, d.field): d for d in diff("yima-2023-9", "tianshui-2023-54")}
    change = found["satisfaction_share", "at_least"]
    assert (change.before, change.after) == (0.85, 0.9)
    assert change.before_source.document == "yima-2023-9"
    assert change.after_source.document == "tianshui-2023-54"


def test_types_that_only_one_pack_names_are_entries():
    found = {
        (d.section, d.code): (d.before, d.after)
        for d in diff("yima-2023-9", "tianshui-2023-54")
        if d.field == "entry"
    }
    assert found["type", "community_canteen"] == (None, "有")
    assert found["type", "front_warehouse"] == ("有", None)


def test_turning_a_comparison_round_swaps_its_sides():
    there = {
        (d.section, d.code, d.field): (d.before, d.after) for d in diff("yima-2023-9", "hongjiang-2024-8")
    }
    back = {
        (d.section, d.code, d.field): (d.after, d.before) for d in diff("hongjiang-2024-8", "yima-2023-9")
    }
    assert there == back
    assert there


def test_one_changed_norm_is_one_difference(tmp_path):
    own = 'code = "own"\ntitle = "t"\nissuer = "i"\nbase = "mofcom-2021-247"\n[[type]]\ncode = "pharmacy"\n'
    (tmp_path / "own.toml").write_text(
        own + 'within = { value = 5, unit = "min", source = { text = "五分钟" } }', "utf-8"
    )
    pack = load_rule_pack("own", (tmp_path,))
    (change,) = diff_packs(load_rule_pack("mofcom-2021-247"), pack, load_types())
    assert (change.section, change.label, change.field) == ("type", "药店", "within_s")
    assert (change.before, change.after) == (600.0, 300.0)
