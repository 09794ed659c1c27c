import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_packs import HEAD, NETWORK, OUTLETS, PLACES, SOURCE, at, codes, outlets_csv, small_pack
from yike.core.tables import OutletStatus, Tri
from yike.sources.credit_code import ALPHABET, check_character, clean_code, code_fault
from yike.sources.duplicates import find_duplicates
from yike.sources.outlet_fields import parse_chain, parse_status, parse_stops, parse_yes_no, split_services
from yike.sources.pack import inspect_pack

WIDE = (
    "编号,名称,业态,经度,纬度,服务,品牌,连锁,直营/加盟,从业人数,面积,营业时间,状态,统一社会信用代码,"
    "电话,核实日期"
)


def _read(tmp_path, *rows, header="编号,名称,业态,经度,纬度", toml=None):
    settings = {} if toml is None else {"toml": toml}
    folder = small_pack(tmp_path / "pack", outlets=outlets_csv(*rows, header=header), **settings)
    report, pack = inspect_pack(folder)
    faults = [f for f in report.faults if f.file == "outlets.csv"]
    return faults, pack.outlets if pack else None


def _labels(tmp_path, outlets, i):
    from yike.standards.loader import load_types

    ptr = outlets.service_ptr
    return [load_types().types[t].label for t in outlets.service_type_idx[ptr[i] : ptr[i + 1]]]


def test_all_columns_are_read(tmp_path):
    about = "好邻居,,加盟,3人,８０㎡,07:00-22:00,营业,91110000101623741K,010-62345678,2025-12-15"
    row = f"W1,甲店,便利店,{at(50, 5)},,{about}"
    faults, outlets = _read(tmp_path, row, header=WIDE)
    assert faults == []
    assert outlets.outlet_id == ("W1",)
    assert (outlets.is_chain[0], outlets.status[0]) == (Tri.YES, OutletStatus.OPEN)
    assert (outlets.staff[0], outlets.area_m2[0], outlets.hours[0]) == (3, 80, "07:00-22:00")
    assert outlets.source_row.tolist() == [2]
    assert np.isnan(outlets.capacity[0])


def test_types_match_by_code_label_alias_amap_and_industry_code(tmp_path):
    words = ["B01", "便利店", "小卖部", "060200", "convenience_store", "Ｂ０１"]
    _, outlets = _read(tmp_path, *(f"W{i},,{w},{at(50 + i, 5)}" for i, w in enumerate(words)))
    assert len(set(outlets.type_idx.tolist())) == 1
    assert outlets.type_idx[0] >= 0


def test_unknown_and_blank_types_are_kept_and_told_with_suggestions(tmp_path):
    faults, outlets = _read(
        tmp_path, f"1,甲,便利点店铺坊,{at(50, 5)}", f"2,乙,量子力学,{at(60, 5)}", f"3,丙,,{at(70, 5)}"
    )
    assert len(outlets) == 3
    told = {f.row: f for f in faults}
    assert (told[3].code, told[3].level, told[3].found) == ("outlets.type.unlike", "warning", "量子力学")
    assert told[4].code == "outlets.type.blank"
    assert outlets.type_idx[1:].tolist() == [-1, -1]
    assert np.diff(outlets.service_ptr).tolist()[1:] == [0, 0]


def test_services_add_types_once_each(tmp_path):
    header = "编号,名称,业态,经度,纬度,服务"
    row = f"W1,甲,便利店,{at(50, 5)},早餐店、药店；便利店/早餐店+飞行器"
    faults, outlets = _read(tmp_path, row, header=header)
    assert [(f.code, f.found) for f in faults] == [("outlets.service.unknown", "飞行器")]
    assert _labels(tmp_path, outlets, 0) == ["便利店", "早餐店", "药店"]


def test_sub_types_serve_their_parents(tmp_path):
    _, outlets = _read(tmp_path, f"W1,老李修鞋,修鞋,{at(50, 5)}")
    assert _labels(tmp_path, outlets, 0) == ["维修点", "修鞋"]


def test_services_may_be_left_out_of_the_count(tmp_path):
    from small_packs import HEAD, NETWORK, OUTLETS, PLACES, SOURCE

    toml = HEAD + NETWORK + OUTLETS + 'services_count = "main_type_only"\n' + PLACES + SOURCE
    row = f"W1,甲,便利店,{at(50, 5)},早餐店"
    _, outlets = _read(tmp_path, row, header="编号,名称,业态,经度,纬度,服务", toml=toml)
    assert _labels(tmp_path, outlets, 0) == ["便利店"]


def test_movable_outlets_give_one_row_for_each_stop(tmp_path):
    header = "编号,名称,业态,经度,纬度,停靠点,营业时间"
    stops = f'"{at(100, 5)} 周二 8:00-10:00；{at(300, 5)}"'
    faults, outlets = _read(tmp_path, f"M1,蔬菜直通车,生鲜超市,,,{stops},06:00-12:00", header=header)
    assert outlets.outlet_id == ("M1@1", "M1@2")
    assert outlets.is_movable.tolist() == [True, True]
    assert outlets.hours == ("周二 8:00-10:00", "06:00-12:00")
    np.testing.assert_allclose(outlets.x_m[1] - outlets.x_m[0], 200, atol=0.1)
    assert faults == []


def test_stops_that_cannot_be_read_are_errors(tmp_path):
    header = "编号,名称,业态,经度,纬度,停靠点"
    faults, _ = _read(tmp_path, f'M1,直通车,生鲜超市,,,"{at(100, 5)}；在东门"', header=header)
    assert [(f.code, f.found, f.row, f.level) for f in faults] == [("outlets.stop.bad", "在东门", 2, "error")]


def test_swapped_type_and_name_columns_are_told_once(tmp_path):
    rows = [
        f"{i},{t},{n},{at(50 + i, 5)}"
        for i, (t, n) in enumerate(
            [("便利店", "好邻居甲"), ("药店", "康民乙"), ("早餐店", "张记丙"), ("洗染店", "洁净丁")]
        )
    ]
    faults, _ = _read(tmp_path, *rows)
    assert codes(faults) == ["outlets.type.columns_swapped"]
    assert faults[0].level == "error"


def test_optional_cells_that_cannot_be_read_are_unknown_with_a_warning(tmp_path):
    row = f"W1,甲,便利店,{at(50, 5)},,,也许,,-2,十平,很早,不清楚,91110000101623741A,,去年"
    faults, outlets = _read(tmp_path, row, header=WIDE)
    assert outlets.is_chain[0] == Tri.UNKNOWN
    assert np.isnan(outlets.staff[0])
    assert np.isnan(outlets.area_m2[0])
    assert sorted((f.code, f.level) for f in faults) == [
        ("outlets.checked.bad", "warning"),
        ("outlets.credit_code.check", "warning"),
        ("outlets.hours.unread", "note"),
        ("outlets.status.unknown", "warning"),
        ("outlets.yes_no.unknown", "warning"),
        ("table.number.bad", "warning"),
        ("table.number.small", "warning"),
    ]


def test_rows_without_a_position_tell_their_other_faults_too(tmp_path):
    header = "编号,名称,业态,经度,纬度,从业人数"
    faults, outlets = _read(tmp_path, "1,甲,量子力学,nan,39.9,十二", header=header)
    assert outlets is None
    assert sorted((f.code, f.row) for f in faults) == [
        ("layers.point.bad", 2),
        ("outlets.type.unlike", 2),
        ("table.number.bad", 2),
    ]


def test_duplicates_by_code_phone_and_name_are_warnings(tmp_path):
    rows = [
        f"1,甲店（东门）,便利店,{at(50, 5)},,,,,,,,,91110000101623741K,,",
        f"2,乙,药店,{at(350, 5)},,,,,,,,,９１１１００００１０１６２３７４１k,,",
        f"3,丙,药店,{at(350, 205)},,,,,,,,,,010-62345678,",
        f"4,丁,药店,{at(150, 205)},,,,,,,,,,(010)62345678,",
        f"5,甲店,便利店,{at(90, 5)},,,,,,,,,,,",
        f"6,甲店,便利店,{at(390, 5)},,,,,,,,,,,",
    ]
    faults, outlets = _read(tmp_path, *rows, header=WIDE)
    told = [(f.code, f.level, f.facts["rows"]) for f in faults]
    assert told == [
        ("outlets.duplicate.credit_code", "warning", "2、3"),
        ("outlets.duplicate.phone", "warning", "4、5"),
        ("outlets.duplicate.name", "warning", "2、6"),
    ]
    assert len(outlets) == 6


def test_same_name_within_fifty_metres_includes_fifty():
    names, blank = ("店",) * 3, ("",) * 3
    near = find_duplicates(names, blank, blank, np.array([0.0, 50.0, 101.0]), np.zeros(3))
    assert [d.rows for d in near] == [(0, 1)]


def test_hotlines_are_no_duplicates():
    phones = ("4008208820", "4008208820", "0000000", "0000000", "95588", "95588")
    blank = ("",) * 6
    assert find_duplicates(blank, blank, phones, np.zeros(6), np.zeros(6)) == []


def test_duplicate_ids_are_errors(tmp_path):
    faults, outlets = _read(tmp_path, f"W1,甲,便利店,{at(50, 5)}", f"W1,乙,药店,{at(250, 5)}")
    assert (codes(faults, "error"), outlets) == (["layers.id.duplicate"], None)


@pytest.mark.parametrize("code", ["91110000101623741K", "911101066976941872", "91350100M000100Y43"])
def test_valid_credit_codes_pass(code):
    assert code_fault(clean_code(code)) == ""
    assert code_fault(clean_code(f" {code.lower()} ")) == ""


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91350211M0000XUF46", "check"),  # a real company's
        ("9111000010162374", "length"),
        ("9111000O101623741K", "shape"),
        ("91110000101623741I", "shape"),
    ],
)
def test_odd_credit_codes_are_told_apart(code, fault):
    assert code_fault(code) == fault


def test_remainder_zero_gives_the_character_zero():
    # 31 - 0 would point behind the alphabet; all zeros weigh nothing.
    assert check_character("0" * 17) == "0"


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_changes_the_check(first, place, other):
    changed = first[:place] + other + first[place + 1 :]
    assert (check_character(changed) == check_character(first)) == (changed == first)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("", OutletStatus.OPEN),
        ("在营（开业）企业", OutletStatus.OPEN),
        ("正常营业", OutletStatus.OPEN),
        ("暂停营业", OutletStatus.SUSPENDED),
        ("停业装修", OutletStatus.SUSPENDED),
        ("筹建", OutletStatus.PLANNED),
        ("未开业", OutletStatus.PLANNED),
        ("注销", OutletStatus.CLOSED),
        ("已关闭", OutletStatus.CLOSED),
        ("？？", None),
    ],
)
def test_status_words(word, status):
    assert parse_status(word) == status


@pytest.mark.parametrize(
    ("chain", "mode", "brand", "expected"),
    [
        ("是", "", "", Tri.YES),
        ("否", "直营", "大牌", Tri.NO),
        ("", "加盟", "", Tri.YES),
        ("直营", "", "", Tri.YES),
        ("", "个体", "", Tri.NO),
        ("", "", "大牌", Tri.YES),
        ("", "", "无", Tri.UNKNOWN),
        ("", "", "", Tri.UNKNOWN),
        ("大概", "", "", None),
    ],
)
def test_chain_is_decided_by_the_most_telling_column(chain, mode, brand, expected):
    assert parse_chain(chain, mode, brand) == expected


@pytest.mark.parametrize(
    ("word", "read"),
    [("√", Tri.YES), ("☐", Tri.NO), ("", Tri.UNKNOWN), ("不详", Tri.UNKNOWN), ("可能", None)],
)
def test_ticks_and_boxes_are_yes_and_no(word, read):
    assert parse_yes_no(word) == read


def test_services_split_at_every_usual_sign():
    assert split_services("a、b，c,d；e;f/g+h\ni") == list("abcdefghi")
    assert split_services("无") == []


def test_stops_read_position_and_hours():
    stops, bad = parse_stops("116.31,39.98 周二上午；（116.32，39.99）；x")
    assert [(s.lon, s.lat, s.hours) for s in stops] == [(116.31, 39.98, "周二上午"), (116.32, 39.99, "")]
    assert bad == ["x"]


def test_dining_that_opens_before_eight_serves_breakfast_too(tmp_path):
    rows = [
        f"{i},店{i},特色餐饮店,{at(50 * i, 5)},{hours}"
        for i, hours in enumerate(("06:30-14:00", "10:00-22:00", ""))
    ]
    header = "编号,名称,业态,经度,纬度,营业时间"
    faults, outlets = _read(tmp_path, *rows, header=header)
    off = HEAD + NETWORK + OUTLETS + "breakfast_by_hours = false\n" + PLACES + SOURCE
    _, without = _read(tmp_path, *rows, header=header, toml=off)

    assert [_labels(tmp_path, outlets, i) for i in range(3)] == [
        ["早餐店", "特色餐饮店"],
        ["特色餐饮店"],
        ["特色餐饮店"],
    ]
    assert [(f.code, f.facts["count"]) for f in faults] == [("outlets.hours.breakfast", 1)]
    assert _labels(tmp_path, without, 0) == ["特色餐饮店"]


def test_stops_of_a_movable_outlet_are_one_unit(tmp_path):
    stops = f'"{at(50, 5)} 周二 8:00-10:00；{at(350, 5)} 周四 14:00-16:00"'
    faults, outlets = _read(
        tmp_path, f"W1,店,便利店,{at(5, 5)},", f"M1,菜车,菜市场,{at(0, 0)},{stops}",
        header="编号,名称,业态,经度,纬度,停靠点",
    )  # fmt: skip

    assert faults == []
    assert outlets.outlet_id == ("W1", "M1@1", "M1@2")
    assert outlets.unit_idx.tolist() == [0, 1, 1]


def test_stops_are_read_where_coordinates_share_a_column(tmp_path):
    rows = (f'M1,菜车,菜市场,,"{at(50, 5)} 周二；{at(350, 5)} 周四"', f'W1,店,便利店,"{at(5, 5)}",')
    _, outlets = _read(tmp_path, *rows, header="编号,名称,业态,坐标,停靠点")

    assert outlets.outlet_id == ("M1@1", "M1@2", "W1")


def test_date_of_the_last_visit_is_kept_unless_later_than_the_data(tmp_path):
    faults, outlets = _read(
        tmp_path,
        f"1,甲,药店,{at(5, 5)},2025年12月1日",
        f"2,乙,药店,{at(105, 5)},2026-03-01",
        f"3,丙,药店,{at(205, 5)},",
        header="编号,名称,业态,经度,纬度,核实日期",
    )

    assert outlets.checked_on == ("2025-12-01", "", "")
    assert [(f.code, f.row) for f in faults] == [("outlets.checked.later", 3)]


def test_several_types_in_one_cell_are_a_main_type_and_services(tmp_path):
    faults, outlets = _read(
        tmp_path,
        f"1,甲,药店+便利店,{at(5, 5)}",
        f"2,乙,购物服务;便民商店/便利店;便民商店/便利店,{at(105, 5)}",
    )

    assert [_labels(tmp_path, outlets, i) for i in range(2)] == [["便利店", "药店"], ["便利店"]]
    assert (codes(faults), faults[0].facts["main"]) == (["outlets.type.several"], "药店")


def test_faults_of_a_row_with_stops_are_told_once(tmp_path):
    row = f'M1,菜车,量子力学,{at(0, 0)},"{at(50, 5)} 8:00-10:00；{at(150, 5)} 9:00-10:00",三人'
    faults, _ = _read(tmp_path, row, header="编号,名称,业态,经度,纬度,停靠点,从业人数")

    assert sorted(codes(faults)) == ["outlets.type.unlike", "table.number.bad"]
