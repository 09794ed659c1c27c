"""Scenario files: every kind of edit, and every fault told at once with its place and cure."""

import re
from importlib.resources import files

import pytest

from yike.core.network.overlay import AddPath, CloseStreet, OpenGate
from yike.errors import InputError, UnreadableFileError
from yike.sources.scenario_edits import (
    AddFunction,
    AddOutlet,
    CloseOutlet,
    ExtendHours,
    MoveOutlet,
    NewEstate,
    SetNorm,
    SetProfile,
    SetTime,
    Spot,
    StreetEdit,
)
from yike.sources.scenario_file import KINDS, TEMPLATE, inspect_scenario, new_scenario, read_scenario
from yike.standards.loader import load_types

TYPES = load_types()
PHARMACY, REPAIR, PARCEL = (TYPES.idx(c) for c in ("pharmacy", "repair", "parcel_point"))


def written(folder, text):
    path = folder / "试.toml"
    path.write_text(text, "utf-8")
    return path


def only_edit(folder, body):
    (entry,) = read_scenario(written(folder, f"[[edit]]\n{body}")).entries
    return entry.edit


def faults_of(folder, text):
    return inspect_scenario(written(folder, text))[1]


@pytest.mark.parametrize(
    ("body", "edit"),
    [
        (
            'do = "add_outlet"\ntype = "药店"\nat = "R1"\nservices = ["维修点"]\nchain = true\narea_m2 = 60\n'
            'staff = 2\nid = "N1"\nname = "新店"\nhours = "06:00-21:00"',
            AddOutlet(PHARMACY, Spot(at="R1"), "N1", "新店", (REPAIR,), "06:00-21:00", True, 60.0, 2.0),
        ),
        ('do = "关闭网点"\noutlet = "W1"', CloseOutlet("W1")),
        ('do = "迁移网点"\noutlet = "W1"\npoint = [116.3, 39.9]', MoveOutlet("W1", Spot(116.3, 39.9))),
        ('do = "增加功能"\noutlet = "W1"\ntype = "B06"', AddFunction("W1", (REPAIR,))),
        (
            'do = "一店多能"\noutlet = "W1"\ntype = ["B06", "B12", "维修点"]',
            AddFunction("W1", (REPAIR, PARCEL)),
        ),
        ('do = "延长营业"\noutlet = "W1"\nhours = "6:00-22:00"', ExtendHours("W1", "6:00-22:00")),
        (
            'do = "开门"\npoint = [116.3, 39.9]\nname = "东门"\nhours = "06:00-22:00"',
            StreetEdit(OpenGate(116.3, 39.9, 15.0, "东门"), "06:00-22:00"),
        ),
        (
            'do = "补路"\npoints = [[116.3, 39.9], [116.31, 39.91]]\nsteps = true',
            StreetEdit(AddPath((116.3, 116.31), (39.9, 39.91), "", True, 10.0)),
        ),
        ('do = "封路"\nway = 77', StreetEdit(CloseStreet(way_id=77))),
        ('do = "封路"\npoint = [116.3, 39.9]', StreetEdit(CloseStreet(0, 116.3, 39.9, 15.0))),
        (
            'do = "新建小区"\npoint = [116.3, 39.9]\npeople = 900\nbands = { "60岁以上" = 80, "0-3岁" = 9 }',
            NewEstate(Spot(116.3, 39.9), 900.0, bands={"60_over": 80.0, "under_3": 9.0}),
        ),
        ('do = "改时限"\ntype = "药店"\nminutes = 5', SetNorm(PHARMACY, 300.0)),
        ('do = "换步行者"\nprofile = "elder"', SetProfile("elder")),
        ('do = "换时刻"\nat = "22:30"', SetTime(22 * 60 + 30)),
    ],
)
def test_edit_reads_as_written(tmp_path, body, edit):
    found = only_edit(tmp_path, body)

    assert repr(found) == repr(edit)  # NaN, unlike itself, reads alike


@pytest.mark.parametrize(("kind", "label"), list(KINDS.items()))
def test_kind_has_a_chinese_and_an_english_name(tmp_path, kind, label):
    missing = [faults_of(tmp_path, f'[[edit]]\ndo = "{name}"')[0].code for name in (kind, label)]

    assert missing[0] == missing[1] != "scenario.kind"


def test_polygon_of_an_estate_becomes_a_point_inside_it(tmp_path):
    edit = only_edit(
        tmp_path,
        'do = "新建小区"\npeople = 10\npolygon = [[116.3, 39.9], [116.302, 39.9], [116.302, 39.902]]',
    )

    # inside the triangle: right of its slope, above its base
    assert 0 < edit.spot.lat - 39.9 < edit.spot.lon - 116.3 < 0.002


def test_datum_of_the_file_holds_for_every_point(tmp_path):
    text = 'datum = "gcj02"\n[[edit]]\ndo = "关店"\noutlet = "a"\n[[edit]]\ndo = "搬迁"\noutlet = "b"\n'
    scenario = read_scenario(written(tmp_path, text + "point = [116.3, 39.9]"))

    spot = scenario.edits[1].spot
    # GCJ-02 lies some 500 m east and 150 m north of WGS-84 in Peking
    assert 0.004 < 116.3 - spot.lon < 0.008
    assert 0.0005 < 39.9 - spot.lat < 0.003


def test_every_fault_is_told_at_once_with_line_entry_and_key(tmp_path):
    text = """name = "错"
size = 3

[[edit]]
do = "新增网点"
type = "某某某"
services = [1]
hours = "有空就开"

[[edit]]
do = "长高"

[[edit]]
do = "新建小区"
point = [39.9, 116.3]
people = -4
colour = "red"
"""
    faults = faults_of(tmp_path, text)

    told = [(f.row, f.column, f.code.removeprefix("scenario.")) for f in faults]
    assert told == [
        (0, "size", "head"),
        (4, "[[edit]] 第 1 条 type", "type"),
        (4, "[[edit]] 第 1 条 point / at", "spot"),
        (4, "[[edit]] 第 1 条 services", "types"),
        (4, "[[edit]] 第 1 条 hours", "hours"),
        (10, "[[edit]] 第 2 条 do", "kind"),
        (13, "[[edit]] 第 3 条 point", "point_swapped"),
        (13, "[[edit]] 第 3 条 people", "number"),
        (13, "[[edit]] 第 3 条 colour", "key"),
    ]
    assert all(f.message and f.cure and "{" not in f.message + f.cure for f in faults)
    assert {f.file for f in faults} == {"试.toml"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('do = "换时刻"\nat = "25:00"', "clock"),
        ('do = "换步行者"\nprofile = "跑步"', "profile"),
        ('do = "关闭网点"', "missing"),
        ('do = "关闭网点"\noutlet = 3', "text"),
        ('do = "补路"\npoints = [[116.3, 39.9]]', "points"),
        ('do = "补路"\npoints = [[116.3, 39.9], [116.3, 39.91]]\nsteps = "有"', "flag"),
        ('do = "新增网点"\ntype = "药店"\nat = "R1"\npoint = [116.3, 39.9]', "spot"),
        ('do = "新增网点"\ntype = "药店"\npoint = [416.3, 39.9]', "point"),
        ('do = "新建小区"\npeople = 1\npolygon = [[116.3, 39.9], [116.4, 39.9]]', "polygon"),
        ('do = "新建小区"\npoint = [116.3, 39.9]\npeople = 1\nbands = { "高个子" = 1 }', "bands"),
        ('do = "改时限"\ntype = "药店"\nminutes = 0', "number"),
        ('do = "封路"\nname = "x"', "missing"),
    ],
)
def test_fault_names_what_is_wrong(tmp_path, body, code):
    (fault,) = faults_of(tmp_path, f"[[edit]]\n{body}")

    assert fault.code == f"scenario.{code}"
    assert fault.cure
    assert "{" not in fault.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('name = "空"', "empty"),
        ("[edit]\ndo = 1", "section"),
        ('datum = "月球"\n[[edit]]\ndo = "关店"\noutlet = "a"', "datum"),
        ('name = 3\n[[edit]]\ndo = "关店"\noutlet = "a"', "text"),
    ],
)
def test_fault_of_the_head(tmp_path, text, code):
    (fault,) = faults_of(tmp_path, text)

    assert fault.code == f"scenario.{code}"


def test_reading_stops_with_all_faults(tmp_path):
    with pytest.raises(InputError) as wrong:
        read_scenario(written(tmp_path, '[[edit]]\ndo = "关店"\n[[edit]]\ndo = "?"'))

    assert len(wrong.value.faults) == 2


def test_file_that_is_not_toml_or_not_there(tmp_path):
    with pytest.raises(UnreadableFileError, match="读不出来"):
        read_scenario(written(tmp_path, "name = 没有引号"))
    with pytest.raises(UnreadableFileError, match="读不出来"):
        read_scenario(tmp_path / "没有.toml")


def test_template_reads_and_so_do_all_its_examples(tmp_path):
    path = new_scenario(tmp_path / "a.toml", '我的"情景')
    scenario = read_scenario(path)
    assert (scenario.name, [e.kind for e in scenario.entries]) == ("我的情景", ["add_outlet"])

    text = (files("yike.sources") / TEMPLATE).read_text("utf-8")
    everything = re.sub(r"^# (\[\[edit\]\]|\w+ = )", r"\1", text, flags=re.M)
    scenario = read_scenario(written(tmp_path, everything))
    assert [e.kind for e in scenario.entries] == list(KINDS)


def test_new_scenario_overwrites_nothing(tmp_path):
    path = new_scenario(tmp_path / "a.toml")
    path.write_text("我的", "utf-8")

    with pytest.raises(UnreadableFileError, match="不会覆盖"):
        new_scenario(path)
    assert path.read_text("utf-8") == "我的"


def test_entry_without_a_kind_says_which_there_are(tmp_path):
    (wrong,) = faults_of(tmp_path, 'name = "x"\n[[edit]]\nkind = "close_outlet"\n')

    assert wrong.code == "scenario.no_kind"
    assert "关闭网点" in wrong.cure


def test_kind_that_is_near_none_gets_all_in_chinese(tmp_path):
    (wrong,) = faults_of(tmp_path, 'name = "x"\n[[edit]]\ndo = "explode"\n')

    assert "explode" in wrong.message
    assert "、".join(KINDS.values()) in wrong.cure


def test_name_with_marks_that_toml_cannot_hold_still_reads(tmp_path):
    path = new_scenario(tmp_path / "s.toml", 'a"b\\c\nd\te')

    assert read_scenario(path).name == "abc d e"


def test_scenario_saved_as_gbk_is_told_so(tmp_path):
    (tmp_path / "s.toml").write_bytes('name = "补点"\n'.encode("gbk"))

    with pytest.raises(UnreadableFileError, match="另存为 UTF-8"):
        read_scenario(tmp_path / "s.toml")


def test_line_that_is_no_toml_is_named(tmp_path):
    (tmp_path / "s.toml").write_text('name = "x"\n[[edit]\n', "utf-8")

    with pytest.raises(UnreadableFileError, match="第 2 行"):
        read_scenario(tmp_path / "s.toml")


def test_missing_file_and_folder_are_told_in_chinese(tmp_path):
    for path, words in ((tmp_path / "没有.toml", "没有这个文件"), (tmp_path, "这是文件夹")):
        with pytest.raises(UnreadableFileError, match=words):
            read_scenario(path)
