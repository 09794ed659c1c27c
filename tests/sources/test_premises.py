"""Idle rooms, plots and kiosks."""

import pytest

from reading import LAT, LON, codes_of, reading_in
from yike.sources.pack_spec import FileSpec
from yike.sources.premises import read_premises


def premises_in(folder, text, encoding="utf-8"):
    (folder / "premises.csv").write_bytes(text.encode(encoding))
    ctx = reading_in(folder)
    return read_premises(FileSpec("premises.csv", "wgs84"), ctx), ctx


def test_read_premises_takes_the_smallest_table(tmp_path):
    premises, ctx = premises_in(tmp_path, f"id,name,lon,lat,area_m2\n1,老锅炉房,{LON},{LAT},300\n")

    assert premises.name == ("老锅炉房",)
    assert premises.area_m2.tolist() == [300]
    assert premises.cost_fen.tolist() == [-1]
    assert premises.allowed_types == ((),)
    assert codes_of(ctx) == []


def test_read_premises_takes_every_column(tmp_path):
    premises, ctx = premises_in(
        tmp_path,
        "编号,名称,类型,面积,产权单位,状态,可引入业态,年租金（万元）,可用时间,经度,纬度\n"
        f"1,甲亭,早餐亭,12平方米,区国资,闲置,便利店、早餐,1.5,早6晚9,{LON},{LAT}\n"
        f"2,乙地块,地块,２００,街道,在建,不限,,,{LON},{LAT}\n",
        "gb18030",
    )

    assert premises.kind == ("早餐亭", "地块")
    assert premises.owner == ("区国资", "街道")
    assert premises.state == ("闲置", "在建")
    assert premises.area_m2.tolist() == [12, 200]
    assert premises.allowed_types == (("convenience_store", "breakfast_shop"), ())
    # 1.5万元 = 15,000 yuan = 1,500,000 fen.
    assert premises.cost_fen.tolist() == [1_500_000, -1]
    assert premises.hours == ("早6晚9", "")
    assert codes_of(ctx) == ["table.encoding.gb18030"]


def test_read_premises_tells_every_bad_cell(tmp_path):
    premises, ctx = premises_in(
        tmp_path,
        "编号,名称,面积,可引入业态,租金,可用时间,经度,纬度\n"
        f"1,甲,-3,便立店,很贵,随时,{LON},{LAT}\n"
        f"1,乙,0,,-5,,{LON},{LAT}\n"
        "3,丙,10,,,,,\n",
    )

    assert len(premises) == 2
    assert sorted((f.code, f.row) for f in ctx.faults) == [
        ("layers.id.duplicate", 3),
        ("layers.point.missing", 4),
        ("premises.area", 3),
        ("premises.cost", 2),
        ("premises.cost", 3),
        ("premises.hours", 2),
        ("premises.number.small", 2),
        ("premises.type", 2),
    ]
    assert "便利店" in next(f for f in ctx.faults if f.code == "premises.type").message


@pytest.mark.parametrize("text", ["", "\n\n", "只有一列\n"])
def test_read_premises_tells_an_empty_or_useless_file(tmp_path, text):
    premises, ctx = premises_in(tmp_path, text)

    assert len(premises) == 0
    assert codes_of(ctx, "error") != []


def test_read_premises_without_a_file_is_empty(tmp_path):
    ctx = reading_in(tmp_path)

    assert len(read_premises(FileSpec(), ctx)) == 0
    assert codes_of(ctx) == []


def test_rents_stand_beside_costs(tmp_path):
    premises, ctx = premises_in(
        tmp_path,
        "编号,名称,空间类型,月租金,改造费用（万元）,现状,可用时段,经度,纬度\n"
        f"1,甲,核酸亭,1000,2,闲置,08:00-20:00,{LON},{LAT}\n"
        f"2,乙,飞船,,,空置,,{LON},{LAT}\n"
        f"3,丙,,600,,,,{LON},{LAT}\n",
    )

    # 1,000 yuan a month are 12,000 a year, 1,200,000 fen; 2 万元 are 2,000,000 fen.
    assert premises.rent_fen.tolist() == [1_200_000, -1, 720_000]
    assert premises.cost_fen.tolist() == [2_000_000, -1, -1]
    assert premises.kind == ("核酸亭", "飞船", "")
    assert premises.kind_code == ("test_kiosk", "", "")
    assert premises.hours[0] == "08:00-20:00"
    assert [(f.code, f.row, f.level) for f in ctx.faults] == [("premises.kind", 3, "warning")]


def test_a_list_with_rents_alone_takes_the_first_years_rent_as_cost(tmp_path):
    premises, _ = premises_in(tmp_path, f"编号,名称,年租金（万元）,经度,纬度\n1,甲,1.5,{LON},{LAT}\n")

    assert premises.rent_fen.tolist() == premises.cost_fen.tolist() == [1_500_000]


def test_an_address_stands_in_for_a_name(tmp_path):
    premises, _ = premises_in(tmp_path, f"编号,名称,地址,经度,纬度\n1,,新华路3号,{LON},{LAT}\n")

    assert premises.name == ("新华路3号",)
