"""The catalogue: the form's rows, families, settings, files."""

import pytest

from yike.errors import PolicyFileError
from yike.standards.catalogue import FORM_ROWS, read_types, types_under
from yike.standards.loader import load_rule_pack, load_supply, load_types

# annex 5 of 天政办发〔2023〕54号, in its own order: 14 basic rows, 9 quality rows
ANNEX_5 = """
B01 便利店 B02 综合超市 B03 菜市场 B04 生鲜超市(菜店) B05 早餐店 B06 维修点 B07 洗染店 B08 美容美发店
B09 照相文印店 B10 药店 B11 家政服务 B12 邮政快递综合服务点(快件箱组) B13 再生资源回收点 B99 其他(基本保障类)
Q01 新式书店 Q02 运动健身 Q03 特色餐饮店 Q04 养老站点 Q05 托育站点 Q06 保健养生 Q07 教育培训 Q08 休闲娱乐
Q99 其他(品质提升类)
"""


def test_catalogue_begins_with_the_rows_of_annex_5_in_order():
    types = load_types()
    words = [word for t in types.types[:23] for word in (t.form_row, t.label)]
    assert words == ANNEX_5.split()
    assert types.form_idx == tuple(range(23))


def test_annex_5_has_14_basic_and_9_quality_rows():
    groups = [t.group for t in load_types().types[:23]]
    assert groups == ["basic"] * 14 + ["quality"] * 9
    assert len(FORM_ROWS) == 23


def test_sub_types_stand_in_the_row_of_their_parent():
    types = load_types()
    children = [t for t in types if t.parent]
    assert len(children) > 30
    for t in children:
        parent = types.types[types.idx(t.parent)]
        assert (t.form_row, t.group) == (parent.form_row, parent.group)


def test_small_repairs_are_told_apart():
    crafts = {t.label for t in load_types() if t.parent == "repair"}
    assert crafts == {
        "修鞋", "配钥匙", "开锁", "缝补改衣", "修表", "修伞", "磨刀", "修车(自行车/电动车)", "家电维修",
        "手机电脑维修", "社区工坊",
    }  # fmt: skip


def test_a_shoe_repair_serves_the_repair_row_too():
    types = load_types()
    line = types.with_parents(types.idx("shoe_repair"))
    assert [types.types[i].code for i in line] == ["shoe_repair", "repair"]


def test_facilities_and_movable_kinds_have_rows_of_their_own():
    own = [t for t in load_types() if t.kind != "outlet" and not t.parent]
    assert [t.form_row for t in own] == [f"F{k:02d}" for k in range(1, 15)] + [
        f"M{k:02d}" for k in range(1, 5)
    ]


def test_unstaffed_points_are_marked():
    unstaffed = {t.code for t in load_types() if t.is_unstaffed}
    assert {"parcel_locker", "recycling_point", "vending_machine"} <= unstaffed
    assert "convenience_store" not in unstaffed


def test_community_canteen_is_filed_where_the_city_says():
    types = load_types()
    at = types.idx("community_canteen")
    assert types.types[at].form_row == "Q99"
    rules = load_rule_pack("tianshui-2023-54")
    moved = types_under(types, replace_setting(rules, "Q03"))
    assert (moved.types[at].form_row, moved.types[at].parent) == ("Q03", "specialty_dining")
    assert [t.code for t in moved] == [t.code for t in types]


def replace_setting(rules, row):
    import dataclasses

    return dataclasses.replace(rules, settings={**rules.settings, "community_canteen_row": row})


def test_supply_is_outlets_over_people_and_always_inferred():
    by_code = {norm.code: norm for norm in load_supply()}
    # 南通: 104 chain convenience stores over 27 circles x 21,400 residents = 577,800
    assert by_code["convenience_store"].per_1000 == pytest.approx(104 / 577.8)
    assert all(norm.source.is_inferred for norm in by_code.values())
    assert "laundry" not in by_code  # nobody counted laundries: absent, not 0


def write_type(folder, code, text):
    (folder / f"{code}.toml").write_text(text, "utf-8")


def test_reader_names_file_and_key_of_an_unknown_key(tmp_path):
    write_type(
        tmp_path,
        "shop",
        'code = "shop"\nform_row = "B01"\nlabel = "店"\norder = 1\ngroup = "basic"\ncolour = "red"',
    )
    with pytest.raises(PolicyFileError) as error:
        read_types(tmp_path)
    # the source comes first: nothing is taken without one
    assert error.value.code == "standards.source.missing"
    assert "shop.toml" in str(error.value)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('colour = "red"', "standards.key.unknown"),
        ("order = true", "standards.key.kind"),
        ('kind = "stall"', "standards.key.choice"),
        ('osm = [{ shop = 1 }]', "standards.key.kind"),
        ("order = ", "standards.file.broken"),
    ],
)  # fmt: skip
def test_reader_refuses_what_it_does_not_know(tmp_path, line, code):
    key = line.split(" ")[0]
    good = {"code": '"shop"', "form_row": '"B01"', "label": '"店"', "order": "1", "group": '"basic"'}
    kept = [f"{k} = {v}" for k, v in good.items() if k != key]
    source = '[source]\ndocument = "d"\ntext = "t"'
    write_type(tmp_path, "shop", "\n".join([*kept, line, source]))
    with pytest.raises(PolicyFileError) as error:
        read_types(tmp_path)
    assert error.value.code == code
    assert "shop.toml" in str(error.value)


def test_a_catalogue_without_the_forms_rows_is_refused(tmp_path):
    source = '[source]\ndocument = "d"\ntext = "t"'
    write_type(
        tmp_path,
        "shop",
        f'code = "shop"\nform_row = "B01"\nlabel = "店"\norder = 1\ngroup = "basic"\n{source}',
    )
    with pytest.raises(PolicyFileError) as error:
        read_types(tmp_path)
    assert error.value.code == "standards.type.rows"
