"""The check of standards: what ships is clean, and every kind of mistake is found and explained."""

import re
from pathlib import Path

import pytest

from yike.errors import has_text
from yike.standards.check import check_standards
from yike.standards.data_files import DATA

SOURCE = 'source = { clause = "一", text = "原文" }'
HEAD = 'code = "own"\ntitle = "自己的"\nissuer = "我"\nbase = "mofcom-2021-247"\nchecked = 2026-01-01\n'
INDICATOR = (
    f'[[indicator]]\ncode = "own_share"\nlabel = "占比"\nmeasure = "chain_share"\nunit = "share"\n{SOURCE}\n'
)


def own_faults(folder: Path, text: str, head: str = HEAD):
    (folder / "own.toml").write_text(head + text, "utf-8")
    return [fault for fault in check_standards((folder,)) if fault.file == "own.toml"]


def test_what_ships_has_no_error_and_no_warning():
    faults = check_standards()
    assert [f"{f.file} {f.message}" for f in faults if f.level != "note"] == []


def test_codes_from_memory_are_listed_as_notes():
    notes = {fault.file for fault in check_standards() if fault.code == "standards.check.unverified"}
    assert {"car_wash.toml", "travel_service.toml", "recycling_point.toml"} <= notes


def test_a_plain_pack_of_ones_own_is_clean(tmp_path):
    assert own_faults(tmp_path, INDICATOR) == []


GRADE = '[[grade]]\ncode = "{c}"\nlabel = "{c}"\nlevel = {n}\n{s}\ngate = [{g}]\n'


def grade(code, level, gate):
    return GRADE.format(c=code, n=level, g=gate, s=SOURCE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[[type]]\ncode = "teleport"\ngroup = "basic"\n' + SOURCE, "type_unknown"),
        ('[[type]]\ncode = "pharmacy"\nshare = { value = 80 }\n' + SOURCE, "share"),
        ('[[type]]\ncode = "pharmacy"\nwithin = { value = 600, unit = "min" }\n' + SOURCE, "within"),
        ('[[type]]\ncode = "laundromat"\nremove = true', "removes_nothing"),
        ('[[type]]\ncode = "pharmacy"\ngroup = "basic"', "source_missing"),
        (INDICATOR.replace("chain_share", "chains"), "measure"),
        (INDICATOR.replace(SOURCE, "at_least = 85\n" + SOURCE), "share"),
        (INDICATOR.replace(SOURCE, "at_least = 0.9\nat_most = 0.1\n" + SOURCE), "limits"),
        (INDICATOR.replace(SOURCE, "points = { value = 0, from = 0, full = 1 }\n" + SOURCE), "points"),
        (INDICATOR.replace(SOURCE, "at_least = 0.5\ndue = 1925-12-31\n" + SOURCE), "date"),
        (INDICATOR.replace(SOURCE, 'params = { types = ["teleport"] }\n' + SOURCE), "type_unknown"),
        (INDICATOR.replace('text = "原文"', 'document = "nowhere-1"'), "document_unknown"),
        (INDICATOR.replace('text = "原文"', 'document = "yike-default"'), "not_marked"),
        (grade("g", 1, ""), "no_gates"),
        (grade("g", 1, '{ code = "x", indicator = "nothing", at_least = 1 }'), "gate_unknown"),
        (grade("g", 1, '{ code = "x", indicator = "samples" }'), "gate_limit"),
        (grade("g", 1, '{ code = "x", indicator = "score", at_least = 60 }'), "no_points"),
        (
            grade("low", 1, '{ code = "x", indicator = "samples", at_least = 50 }')
            + grade("high", 2, '{ code = "x", indicator = "samples", at_least = 40 }'),
            "grade_order",
        ),
        (
            f'[[bundle]]\ncode = "b"\nlabel = "组合"\nslot = [{{ label = "空", types = [] }}]\n{SOURCE}',
            "empty_slot",
        ),
        (
            '[[target]]\ncode = "t"\nlabel = "目标"\nindicator = "nothing"\noperator = ">="\nvalue = 1\n'
            f'unit = "count"\ndue_text = "年底"\n{SOURCE}',
            "target_unknown",
        ),
        (f'[settings]\nrounding = {{ value = "up", {SOURCE} }}', "setting"),
    ],
)
def test_every_mistake_is_found_and_explained(tmp_path, text, code):
    faults = own_faults(tmp_path, text)
    assert [fault.code for fault in faults] == [f"standards.check.{code}"]
    assert faults[0].message
    assert faults[0].cure


@pytest.mark.parametrize(
    ("head", "code", "level"),
    [
        (HEAD.replace("checked = 2026-01-01\n", ""), "not_checked", "warning"),
        (HEAD + "from = 2027-01-01\n", "checked_early", "error"),
        (HEAD + "from = 1900-01-01\n", "date", "error"),
        (HEAD + 'is_inferred = true\nmark = "official"\n', "not_marked", "error"),
        (HEAD.replace("mofcom-2021-247", "mofcom-2025-9") + "from = 2024-01-01\n", "base_later", "warning"),
    ],
)
def test_dates_and_marks_of_the_head(tmp_path, head, code, level):
    found = {(fault.code, fault.level) for fault in own_faults(tmp_path, "", head)}
    assert (f"standards.check.{code}", level) in found


def test_all_mistakes_of_a_file_come_at_once(tmp_path):
    text = (
        INDICATOR.replace("chain_share", "chains")
        + '[[type]]\ncode = "pharmacy"\nshare = { value = 80 }\n'
        + SOURCE
    )
    assert {f.code for f in own_faults(tmp_path, text)} == {
        "standards.check.measure",
        "standards.check.share",
    }


def test_a_file_that_cannot_be_read_is_one_fault_and_the_others_are_still_checked(tmp_path):
    (tmp_path / "broken.toml").write_text("code = ", "utf-8")
    faults = own_faults(tmp_path, '[[type]]\ncode = "pharmacy"\nshare = { value = 80 }\n' + SOURCE)
    assert [fault.code for fault in faults] == ["standards.check.share"]
    broken = [f for f in check_standards((tmp_path,)) if f.file == "broken.toml"]
    assert [fault.code for fault in broken] == ["standards.file.broken"]


def test_every_code_raised_in_the_room_has_a_chinese_text():
    room = DATA.parent
    codes = set()
    for path in room.glob("*.py"):
        text = path.read_text("utf-8")
        codes |= set(re.findall(r'"(standards\.[a-z_.]+)"', text)) - {"standards.check."}
        if path.name.startswith("check"):
            codes |= {f"standards.check.{word}" for word in re.findall(r'_fault\(\s*"([a-z_]+)"', text)}
    assert len(codes) > 30
    assert [code for code in sorted(codes) if not has_text(code)] == []
