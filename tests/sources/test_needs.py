"""Needs lists and a person's own units: read whole, every fault told, nothing dropped."""

import datetime as dt
import math

import numpy as np
import pytest

from yike.core.tables import Circles, Communities
from yike.errors import InputError, UnreadableFileError
from yike.sources.needs import read_needs
from yike.sources.units_file import read_units
from yike.standards.loader import load_types

TYPES = load_types()


def two_circles():
    n = np.full(2, np.nan)
    whole = np.full(2, -1, np.int32)
    circles = Circles(
        ("1", "2"), ("光明便民生活圈", "桥南便民生活圈"), ("", ""), whole, (None, None), whole, ((), ()),
        ("", ""), np.full(2, -1, np.int8),
    )  # fmt: skip
    communities = Communities(
        ("c1", "c2"), ("光明社区", "林苑社区"), ("", ""), ("", ""), n, n, n, n, n, (None, None),
        np.array([0, 1], np.int32), "column",
    )  # fmt: skip
    return circles, communities


def needs_of(folder, text):
    (folder / "needs.csv").write_text(text, "utf-8")
    return read_needs(folder / "needs.csv", *two_circles(), TYPES)


def test_needs_are_read_with_circle_type_voices_and_urgency(tmp_path):
    rows, faults = needs_of(
        tmp_path,
        "生活圈,业态,需求内容,票数,来源,紧急\n"
        "光明便民生活圈,修鞋,没有修鞋的,12,问卷,是\n"
        "林苑社区,早餐店,早上没处吃,,热线,\n"
        ",药店,药店太远,3,议事会,\n",
    )
    told = [(r.row, r.circle_idx, TYPES.types[r.type_idx].code, r.source, r.is_urgent) for r in rows]
    assert told == [
        (2, 0, "repair", "问卷", True),  # shoe repair asks for 维修点
        (3, 1, "breakfast_shop", "热线", False),  # by its community
        (4, -1, "pharmacy", "议事会", False),  # blank area: the whole pack
    ]
    assert rows[0].voices == 12
    assert math.isnan(rows[1].voices)
    assert faults == ()


def test_a_need_that_names_no_type_is_kept_with_a_warning(tmp_path):
    rows, faults = needs_of(tmp_path, "生活圈,业态,需求内容,票数\n光明便民生活圈,,希望多种点树,5\n")
    assert (rows[0].type_idx, rows[0].text) == (-1, "希望多种点树")
    assert [(f.code, f.level, f.row) for f in faults] == [("needs.type", "warning", 2)]


def test_all_faults_of_a_needs_list_are_told_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        needs_of(
            tmp_path, "生活圈,业态,票数\n光名圈,药店,3\n光明便民生活圈,药店,很多\n光明便民生活圈,药店,-1\n"
        )
    assert {f.code for f in caught.value.faults} == {
        "needs.area", "needs.number.bad", "needs.number.small",
    }  # fmt: skip


def units_of(folder, text):
    (folder / "units.toml").write_text(text, "utf-8")
    return read_units(folder / "units.toml", TYPES)


def test_site_settings_go_before_those_of_the_type(tmp_path):
    own = units_of(
        tmp_path,
        '[type."维修点"]\nlead = "市商务局"\ncoop = ["市住建局"]\ndue = "2024年9月底"\ncost_wan = [3, 8]\n'
        '[site."R0022"]\nlead = ["新区街道办事处"]\nmode = "以空间换服务"\n',
    )
    here, there = own.of("R0022", "repair"), own.of("R0001", "repair")
    assert here.lead == ("新区街道办事处",)
    assert (here.supporting, here.mode) == (("市住建局",), "space_for_service")
    assert (there.lead, there.mode) == (("市商务局",), None)
    assert there.due.on == dt.date(2024, 9, 30)
    assert there.cost_fen == (3_000_000, 8_000_000)
    assert own.of("R0001", "pharmacy").lead is None


def test_all_faults_of_a_units_file_are_told_at_once(tmp_path):
    text = (
        '[kind.x]\n[type."维修点"]\nlead = 3\nbudget = 1\ndue = "明年"\nmode = "白送"\ncost_wan = [8, 3]\n'
        '[type."没有这种店"]\nlead = ["甲"]\n'
    )
    with pytest.raises(InputError) as caught:
        units_of(tmp_path, text)
    columns = {f.column for f in caught.value.faults}
    assert columns == {
        "kind", "type.维修点.lead", "type.维修点.budget", "type.维修点.due", "type.维修点.mode",
        "type.维修点.cost_wan", "type.没有这种店",
    }  # fmt: skip


def test_a_units_file_that_is_no_toml_says_so(tmp_path):
    with pytest.raises(UnreadableFileError, match="units"):
        units_of(tmp_path, "[type\n")


@pytest.mark.parametrize("cost", ["[1e300, 1e301]", "[inf, inf]", "[nan, 3]", "[-1, 3]", "[8, 3]", "[1]"])
def test_costs_that_no_project_has_are_refused(tmp_path, cost):
    with pytest.raises(InputError) as wrong:
        units_of(tmp_path, f'[type."药店"]\ncost_wan = {cost}\n')
    assert [f.code for f in wrong.value.faults] == ["units.value"]


@pytest.mark.parametrize("due", ["2025-02-30", "2025年4月31日", "2025年13月", "2025-06-00"])
def test_days_that_no_month_has_are_refused(tmp_path, due):
    with pytest.raises(InputError) as wrong:
        units_of(tmp_path, f'[type."药店"]\ndue = "{due}"\n')
    assert [f.column for f in wrong.value.faults] == ["type.药店.due"]


def test_a_type_told_twice_under_two_names_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"“units\.toml”有 1 处错误") as wrong:
        units_of(tmp_path, '[type."药店"]\nlead = ["甲"]\n[type."B10"]\nlead = ["乙"]\n')
    assert [f.code for f in wrong.value.faults] == ["units.twice"]


def test_units_saved_as_gbk_are_told_so(tmp_path):
    (tmp_path / "units.toml").write_bytes('[type."药店"]\n'.encode("gbk"))
    with pytest.raises(UnreadableFileError, match="另存为 UTF-8"):
        read_units(tmp_path / "units.toml", TYPES)


def test_a_list_that_is_no_needs_list_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"“needs\.csv”有 1 处错误") as wrong:
        needs_of(tmp_path, "生活圈,票数\n光明便民生活圈,2\n")
    assert [f.code for f in wrong.value.faults] == ["needs.columns"]
