"""Rule packs: the lists of the documents, how layers lie on each other, and sources that travel along."""

import datetime as dt

import pytest

from yike.errors import PolicyFileError
from yike.standards.loader import list_rule_packs, load_profiles, load_rule_pack, load_types

BASE = """
code = "base"
title = "上级文件"
issuer = "上级"
[defaults]
within_basic = { value = 10, unit = "min", source = { clause = "一", text = "十分钟" } }
within_quality = { value = 15, unit = "min", source = { clause = "一", text = "一刻钟" } }
share = { value = 0.8, source = { text = "八成", mark = "inferred" } }
[[type]]
code = "pharmacy"
group = "basic"
required = true
source = { clause = "二", text = "药店" }
[[type]]
code = "laundry"
group = "basic"
required = true
source = { clause = "二", text = "洗染店" }
[[indicator]]
code = "chain"
label = "连锁"
measure = "chain_share"
unit = "share"
at_least = 0.3
source = { clause = "三", text = "30%" }
"""
HEAD = 'code = "local"\ntitle = "本地文件"\nissuer = "本地"\nbase = "base"\n'


def load(folder, local="", base=BASE, code="local", **others):
    files = {"base": base, "local": HEAD + local, **others}
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return load_rule_pack(code, (folder,))


def required(code, group="basic"):
    labels = {t.code: t.label for t in load_types()}
    return [labels[r.code] for r in load_rule_pack(code).types if r.is_required and r.group == group]


def test_yima_names_11_basic_types():
    assert required("yima-2023-9") == [
        "便利店", "综合超市", "菜市场", "生鲜超市(菜店)", "早餐店", "维修点", "洗染店", "美容美发店",
        "照相文印店", "药店", "邮政快递综合服务点(快件箱组)",
    ]  # fmt: skip


def test_tianshui_names_12_basic_types_without_the_greengrocer():
    found = required("tianshui-2023-54")
    assert len(found) == 12
    assert "生鲜超市(菜店)" not in found


def test_beijing_names_8_functions():
    assert len(required("beijing-2022-8")) == 8


def test_national_base_names_13_rows_and_the_front_warehouse_only_for_information():
    assert len(required("mofcom-2021-247")) == 13
    rule = load_rule_pack("mofcom-2021-247").rule("front_warehouse")
    assert (rule.group, rule.is_required, rule.required_source.is_inferred) == ("basic", False, True)


def test_elderly_care_changes_its_class_from_document_to_document():
    in_annex_5 = load_rule_pack("tianshui-2023-54").rule("elderly_care")
    assert (in_annex_5.group, in_annex_5.is_required) == ("quality", False)
    in_jincheng = load_rule_pack("jincheng-2024-115").rule("elderly_care")
    assert (in_jincheng.group, in_jincheng.is_required) == ("basic", True)
    of_2025 = load_rule_pack("mofcom-2025-9").rule("elderly_care")
    assert (of_2025.group, of_2025.is_required) == ("quality", True)


def limits(code):
    return {i.code: i.at_least for i in load_rule_pack(code).indicators if i.at_least is not None}


@pytest.mark.parametrize(
    ("pack", "indicator", "limit"),
    [
        ("yima-2023-9", "satisfaction_share", 0.85),
        ("yima-2023-9", "community_share_improved", 0.6),
        ("yima-2023-9", "community_share_basic", 0.9),
        ("yima-2023-9", "parcel_point_area_m2", 15),
        ("tianshui-2023-54", "satisfaction_share", 0.9),
        ("tianshui-2023-54", "chain_share", 0.3),
        ("tianshui-2023-54", "area_share", 0.1),
        ("tianshui-2023-54", "service_area_per_100_households", 30),
        ("tianshui-2023-54", "samples", 50),
        ("hongjiang-2024-8", "chain_share", 0.3),
        ("hongjiang-2024-8", "satisfaction_share", 0.9),
        ("shanxi-2023-star", "basic_types_of_23", 15),
        ("shanxi-2023-star", "quality_types_of_30", 20),
        ("mofcom-2025-9", "chain_share", 0.3),
        ("mofcom-2025-9", "service_area_per_100_households", 30),
    ],
)
def test_limits_are_those_of_the_document(pack, indicator, limit):
    assert limits(pack)[indicator] == limit


def test_tianshui_targets_by_year():
    targets = {t.code: (t.value, t.due) for t in load_rule_pack("tianshui-2023-54").targets}
    assert targets["communities_2023"] == (0.3, dt.date(2023, 12, 31))
    assert targets["residents_2023"] == (0.5, dt.date(2023, 12, 31))
    assert targets["communities_2024"] == (0.7, dt.date(2024, 12, 31))
    assert targets["communities_2025"] == (1.0, dt.date(2025, 12, 31))


def test_tianshui_stage_two_falls_short_of_its_own_target_either_way():
    rules = load_rule_pack("tianshui-2023-54")
    share = rules.settings["stage_two_share_of_rest"]
    of_the_rest = 0.3 + share * (1 - 0.3)
    of_all = 0.3 + share
    assert (round(of_the_rest, 2), round(of_all, 2)) == (0.51, 0.6)
    note = next(note for note in rules.notes if "70%" in note)
    assert "51%" in note
    assert "60%" in note


def test_hongjiang_wants_one_circle_of_each_level_by_november_2025():
    targets = [t for t in load_rule_pack("hongjiang-2024-8").targets if t.code.startswith("circles_")]
    assert [(t.value, t.due) for t in targets] == [(1, dt.date(2025, 11, 30))] * 3


def test_hongjiang_classes_are_another_axis_than_levels():
    rules = load_rule_pack("hongjiang-2024-8")
    classes = {b.label: len(b.slots) for b in rules.bundles if b.code.startswith("class_")}
    assert classes == {"邻里街区应有业态": 5, "邻里中心应有业态": 5, "邻里社区应有业态": 8}
    assert [g.label for g in rules.grades] == ["基础型", "提升型", "品质型"]


def test_yima_has_two_levels():
    assert [g.label for g in load_rule_pack("yima-2023-9").grades] == ["基础保障类", "提升示范类"]


def test_shanxi_points_stay_unknown():
    rules = load_rule_pack("shanxi-2023-star")
    assert [i.code for i in rules.indicators if i.points is not None] == []
    assert [g.code for g in rules.grades] == ["basic", "improved", "quality"]


def test_default_sheet_adds_up_to_100_and_is_inferred_throughout():
    rules = load_rule_pack("yike-default")
    scored = [i for i in rules.indicators if i.points is not None]
    assert sum(i.points for i in scored) == 100
    assert rules.is_inferred
    assert all(i.points_source.is_inferred for i in scored)
    assert all(gate.source.is_inferred for grade in rules.grades for gate in grade.gates)


def test_default_gates_are_10_12_13_and_0_4_6_of_the_forms_rows():
    rules = load_rule_pack("yike-default")
    n_basic = sum(r.is_required for r in rules.types)
    n_quality = sum(r.group == "quality" for r in rules.types)
    assert (n_basic, n_quality) == (13, 8)

    def least(grade, indicator, n):
        share = next(g.at_least for g in grade.gates if g.indicator == indicator)
        return next(k for k in range(n + 1) if k / n >= share)

    assert [least(g, "basic_points_share", 13) for g in rules.grades] == [10, 12, 13]
    assert [least(g, "quality_points_share", 8) for g in rules.grades] == [0, 4, 6]


def test_bundles_and_theme_circles():
    rules = load_rule_pack("tianshui-2023-54")
    assert [b.label for b in rules.bundles] == ["一店一早", "一菜一修", "一老一小"]
    assert [t.label for t in rules.themes][:8] == [
        "购物便民圈", "医疗便民圈", "养老便民圈", "教育便民圈", "文化便民圈", "餐饮便民圈", "生活服务便民圈",
        "线上生活圈",
    ]  # fmt: skip
    culture = {t.code: t.within_s for t in rules.themes if t.code.startswith(("culture_1", "fitness"))}
    assert culture == {"fitness_15": 900, "culture_15": 900, "culture_10": 600}  # both, as the text says both
    assert "一收一洗" in [b.label for b in load_rule_pack("mofcom-2025-9").bundles]


def test_an_inference_never_wears_a_documents_number_alone():
    for code in list_rule_packs():
        rules = load_rule_pack(code)
        for rule in rules.types:
            if rule.share_source.is_inferred:
                assert rule.share_source.document in ("yike-inference", "yike-default")


def test_profiles_walk_at_4_and_3_km_an_hour():
    profiles = load_profiles()
    assert profiles["adult"].speed_m_s * 900 == pytest.approx(1000)  # 15 minutes are 1,000 m
    assert profiles["elder"].speed_m_s == pytest.approx(3000 / 3600)
    assert profiles["wheelchair"].avoid_steps
    assert not profiles["adult"].avoid_steps


# ---- layers ----


def test_a_local_pack_takes_over_what_it_does_not_say(tmp_path):
    rules = load(tmp_path)
    rule = rules.rule("pharmacy")
    assert (rule.is_required, rule.within_s, rule.share) == (True, 600, 0.8)
    assert (rule.source.document, rule.source.clause) == ("base", "二")
    assert rule.share_source.is_inferred
    assert rules.lineage == ("base", "local")


def test_an_entry_replaces_value_by_value_and_each_value_keeps_its_source(tmp_path):
    rules = load(
        tmp_path,
        '[[type]]\ncode = "pharmacy"\n'
        'within = { value = 5, unit = "min", source = { clause = "九", text = "五分钟" } }',
    )
    rule = rules.rule("pharmacy")
    assert rule.within_s == 300
    assert (rule.within_source.document, rule.within_source.clause) == ("local", "九")
    assert (rule.source.document, rule.is_required) == ("base", True)


def test_remove_drops_an_entry(tmp_path):
    rules = load(
        tmp_path, '[[type]]\ncode = "laundry"\nremove = true\n[[indicator]]\ncode = "chain"\nremove = true'
    )
    assert rules.rule("laundry") is None
    assert rules.indicators == ()


def test_a_new_entry_joins_and_types_stay_in_form_order(tmp_path):
    rules = load(
        tmp_path,
        '[[type]]\ncode = "convenience_store"\ngroup = "basic"\n'
        'required = true\nsource = { text = "便利店" }',
    )
    assert [r.code for r in rules.types] == ["convenience_store", "laundry", "pharmacy"]


def test_a_limit_replaces_the_limits_below_as_one(tmp_path):
    rules = load(tmp_path, '[[indicator]]\ncode = "chain"\nat_most = 0.5\nsource = { text = "不超过五成" }')
    (rule,) = rules.indicators
    assert (rule.at_least, rule.at_most, rule.source.document) == (None, 0.5, "local")


SHEET = """
code = "sheet"
title = "评分表（推定）"
issuer = "自拟"
is_inferred = true
[[indicator]]
code = "chain"
label = "连锁"
measure = "chain_share"
unit = "share"
at_least = 0.5
points = { value = 10, from = 0, full = 0.3 }
source = { text = "十分" }
[[type]]
code = "fitness"
group = "quality"
source = { text = "健身" }
[[grade]]
code = "basic"
label = "基础型"
level = 1
gate = [{ code = "score", indicator = "score", at_least = 6 }]
source = { text = "六分" }
"""


def test_a_score_sheet_lends_points_and_levels_and_nothing_else(tmp_path):
    (tmp_path / "sheet.toml").write_text(SHEET, "utf-8")
    rules = load(tmp_path, 'scoring = "sheet"\n')
    (rule,) = rules.indicators
    assert (rule.at_least, rule.source.document) == (0.3, "base")  # the official limit stays
    assert (rule.points, rule.points_source.document, rule.points_source.is_inferred) == (10, "sheet", True)
    assert [g.label for g in rules.grades] == ["基础型"]
    assert rules.rule("fitness") is None
    assert rules.scoring == "sheet"


def test_a_folder_of_ones_own_wins_over_the_programs_pack(tmp_path):
    own = 'code = "yima-2023-9"\ntitle = "改过的"\nissuer = "我"\nbase = "mofcom-2021-247"\n'
    (tmp_path / "yima-2023-9.toml").write_text(own, "utf-8")
    assert load_rule_pack("yima-2023-9", (tmp_path,)).title == "改过的"
    assert load_rule_pack("yima-2023-9").title.startswith("义政办")


@pytest.mark.parametrize(
    ("local", "code"),
    [
        ("colour = 1", "standards.key.unknown"),
        ('[[type]]\ncode = "pharmacy"\nshade = 1', "standards.key.unknown"),
        ('[[type]]\ncode = "fitness"\nrequired = true\nsource = { text = "t" }', "standards.key.missing"),
        ('[[type]]\ncode = "pharmacy"\nwithin = { value = 10, unit = "h" }', "standards.key.unit"),
        ('[[type]]\ncode = "pharmacy"\n[[type]]\ncode = "pharmacy"', "standards.key.twice"),
        ('[[grade]]\ncode = "basic"\nlabel = "基础型"\nlevel = 1', "standards.source.missing"),
        ('[[indicator]]\ncode = "x"\nat_least = 1\nsource = { text = "t" }', "standards.key.missing"),
        ('[[indicator]]\ncode = "chain"\nat_least = "30%"', "standards.key.kind"),
        (
            '[[target]]\ncode = "x"\nlabel = "x"\nindicator = "chain"\noperator = ">"\nvalue = 1',
            "standards.key.choice",
        ),
        ("[settings]\nrounding = { value = 'half_up' }", "standards.source.missing"),
        (
            '[[type]]\ncode = "health_station"\ngroup = "facility"\nsource = { text = "t" }',
            "standards.pack.no_default",
        ),
    ],
)
def test_faults_name_file_and_key(tmp_path, local, code):
    with pytest.raises(PolicyFileError) as error:
        load(tmp_path, local)
    assert error.value.code == code
    assert "local" in str(error.value)
    assert error.value.hint


def test_a_base_that_leads_back_to_itself_is_refused(tmp_path):
    with pytest.raises(PolicyFileError) as error:
        load(tmp_path, base=BASE.replace('issuer = "上级"', 'issuer = "上级"\nbase = "local"'))
    assert error.value.code == "standards.pack.loop"


def test_an_unknown_pack_lists_those_there_are():
    with pytest.raises(PolicyFileError) as error:
        load_rule_pack("nowhere-1")
    assert "tianshui-2023-54" in error.value.hint


def test_a_pack_must_be_named_like_its_file(tmp_path):
    (tmp_path / "other.toml").write_text(BASE, "utf-8")
    with pytest.raises(PolicyFileError) as error:
        load_rule_pack("other", (tmp_path,))
    assert error.value.code == "standards.pack.file_name"
