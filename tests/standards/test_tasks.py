"""The task tables, typed from the documents: all tasks there, units in full, deadlines read."""

import dataclasses
import datetime as dt

import pytest

from yike.standards.check_projects import check_table
from yike.standards.due_dates import parse_due
from yike.standards.loader import load_rule_pack, load_types
from yike.standards.project_policy import (
    cost_of,
    load_costs,
    load_modes,
    load_programmes,
    mode_for,
    programme_of,
)
from yike.standards.tasks import NATIONAL, agencies_for, load_tasks

TIANSHUI, YIMA, HONGJIANG = "tianshui-2023-54", "yima-2023-9", "hongjiang-2024-8"


def task(document, list_code, no):
    return next(t for t in load_tasks()[document].tasks if (t.list_code, t.no) == (list_code, no))


@pytest.mark.parametrize(
    ("document", "list_code", "count"),
    [(TIANSHUI, "annex3", 12), (TIANSHUI, "annex4", 30), (YIMA, "plan", 23), (HONGJIANG, "annex2", 19)],
)
def test_every_task_of_a_list_is_there_once(document, list_code, count):
    numbers = [t.no for t in load_tasks()[document].tasks if t.list_code == list_code]
    assert numbers == list(range(1, count + 1))


def test_units_stand_in_full_and_lead_goes_before_supporting():
    breakfast = task(TIANSHUI, "annex3", 1)
    assert breakfast.lead == ("市商务局",)
    assert breakfast.supporting == ("市住建局", "市市场监管局", "秦州区政府", "麦积区政府")
    assert not breakfast.lead_is_inferred
    assert task(TIANSHUI, "annex3", 10).lead == ("市民政局", "市住建局")
    assert task(TIANSHUI, "annex4", 3).supporting == ("各街道办事处", "各社区")


def test_first_responsible_unit_is_an_inferred_lead():
    credit = task(YIMA, "plan", 22)
    assert (credit.lead, credit.supporting) == (
        ("发展和改革委员会",),
        ("市场监督管理局", "商务局", "各街道办事处"),
    )
    assert credit.lead_is_inferred
    assert credit.source.clause == "五（六）22"
    services = task(HONGJIANG, "annex2", 18)
    assert (services.lead, services.supporting) == (("市交通运输局",), ("市人社局",))


def test_deadlines_are_dates_or_standing_with_the_words_kept():
    assert task(TIANSHUI, "annex3", 7).due.on == dt.date(2024, 6, 30)
    assert task(TIANSHUI, "annex4", 9).due.on == dt.date(2024, 12, 31)
    misprint = task(TIANSHUI, "annex4", 24).due
    assert (misprint.on, misprint.text) == (dt.date(2024, 9, 30), "2024年9月度")
    standing = [t.no for t in load_tasks()[TIANSHUI].tasks if t.list_code == "annex3" and t.due.is_standing]
    assert standing == [4, 5, 6, 10, 11, 12]
    assert task(HONGJIANG, "annex2", 5).due.on == dt.date(2025, 11, 30)


def test_contradictions_of_the_documents_are_noted_not_hidden():
    both = task(TIANSHUI, "annex3", 11)
    assert "市卫生健康委" in both.lead
    assert "市卫生健康委" in both.supporting
    assert both.note
    circles = [t for t in load_tasks()[HONGJIANG].tasks if t.group == "打造9个便民圈"]
    assert len(circles) == 8
    assert "8" in circles[-1].note


def test_every_task_of_annex_3_belongs_to_one_key_project():
    known = {p.code for p in load_programmes()}
    assert len(known) == 6
    assert {t.programme for t in load_tasks()[TIANSHUI].tasks if t.list_code == "annex3"} == known


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年9月底", (2024, 9, 30)),
        ("2024年 9月底", (2024, 9, 30)),
        ("2024年2月底", (2024, 2, 29)),
        ("2023 年底", (2023, 12, 31)),
        ("2025年12月底前", (2025, 12, 31)),
        ("2024年9月度", (2024, 9, 30)),
        ("2024-09-15", (2024, 9, 15)),
        ("2024-05", (2024, 5, 31)),
    ],
)
def test_due_words_become_the_last_day_that_keeps_them(text, day):
    assert parse_due(text).on == dt.date(*day)


def test_standing_and_blank_have_no_day():
    assert parse_due("常态化 推进").is_standing
    assert parse_due("") == parse_due("  ")
    assert parse_due("").on is None


@pytest.mark.parametrize("text", ["明年", "2024年13月", "2024年9月中旬", "9月底"])
def test_due_words_that_name_no_day_are_refused(text):
    with pytest.raises(ValueError, match=text):
        parse_due(text)


@pytest.mark.parametrize(
    ("rules", "type_code", "way", "lead", "due", "clause"),
    [
        (TIANSHUI, "breakfast_shop", "", ("市商务局",), dt.date(2024, 9, 30), "附件3第1项"),
        (TIANSHUI, "hair_beauty", "", ("市商务局",), dt.date(2024, 9, 30), "附件4第12项"),
        (TIANSHUI, "childcare", "", ("市卫生健康委",), None, "附件4第8项"),
        (YIMA, "parcel_point", "", ("交通运输局",), None, "五（三）13"),
        (HONGJIANG, "elderly_care", "", ("市民政局",), dt.date(2025, 12, 31), "附件2第14项"),
    ],
)
def test_agencies_come_from_the_task_nearest_to_the_type(rules, type_code, way, lead, due, clause):
    found = agencies_for(type_code, load_rule_pack(rules), load_types(), way)
    assert (found.lead, found.due.on, found.task.source.clause) == (lead, due, clause)


def test_a_standing_task_takes_the_date_of_the_next_nearest():
    # annex 3 no. 5 on convenience stores is standing; annex 4 no. 12 wants the 12 basic types by 2024-09
    found = agencies_for("convenience_store", load_rule_pack(TIANSHUI), load_types())
    assert found.task.source.clause == "附件3第5项"
    assert (found.due.on, found.due_task.source.clause) == (dt.date(2024, 9, 30), "附件4第12项")


def test_units_of_the_way_co_operate_too():
    plain = agencies_for("repair", load_rule_pack(TIANSHUI), load_types())
    reused = agencies_for("repair", load_rule_pack(TIANSHUI), load_types(), "reuse")
    assert set(reused.supporting) - set(plain.supporting) == {"各街道办事处", "各社区"}


def test_a_type_that_the_document_leaves_out_gets_an_inferred_proposal():
    found = agencies_for("recycling_point", load_rule_pack(YIMA), load_types())
    assert found.is_inferred
    assert found.task.document == NATIONAL
    assert found.task.source.is_inferred


def test_a_sub_type_takes_the_units_of_what_it_refines():
    rules, types = load_rule_pack(TIANSHUI), load_types()
    assert agencies_for("shoe_repair", rules, types).task == agencies_for("repair", rules, types).task


def test_every_form_type_has_a_lead_under_every_rule_pack():
    types = load_types()
    for rules in (TIANSHUI, YIMA, HONGJIANG, "mofcom-2023-401"):
        pack = load_rule_pack(rules)
        without = [
            types.types[i].code
            for i in types.form_idx
            if not agencies_for(types.types[i].code, pack, types).lead
        ]
        assert without == [], rules


def test_check_tells_a_task_left_out_and_a_unit_missing():
    table = load_tasks()[HONGJIANG]
    known = frozenset(t.code for t in load_types())
    broken = dataclasses.replace(
        table, tasks=(dataclasses.replace(table.tasks[0], lead=(), types=("teleport",)), *table.tasks[2:])
    )
    codes = {f.code for f in check_table(broken, known, frozenset({HONGJIANG}), set())}
    assert codes == {
        "standards.check.task_numbers", "standards.check.no_lead", "standards.check.type_unknown",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("site", "codes", "owner", "mode"),
    [
        ("outlet", ("breakfast_shop",), "", "multi_function"),
        ("stop", ("repair",), "", "movable"),
        ("premises", ("elderly_care",), "国有资产公司", "space_for_service"),
        ("premises", ("elderly_care",), "某某置业", "public_build"),
        ("premises", ("repair",), "", "subsidy"),
        ("premises", ("pharmacy",), "", "market"),
        ("street_point", ("pharmacy",), "", "market_new"),
    ],
)
def test_the_way_follows_site_type_and_owner(site, codes, owner, mode):
    assert mode_for(site, codes, owner).code == mode


def test_costs_add_site_and_type_and_are_all_inferred():
    band = cost_of("premises", "repair")
    assert (band.low_fen, band.high_fen) == ((2 + 1) * 1_000_000, (8 + 4) * 1_000_000)
    costs = load_costs()
    assert all(b.source.is_inferred for b in (*costs.sites, *costs.types))
    assert {m.kind for m in load_modes()} == {"reuse", "new", "movable"}


def test_only_types_that_the_document_names_have_a_key_project():
    assert programme_of("repair").label == "一菜一修"
    assert programme_of("childcare").label == "一老一小"
    assert programme_of("hair_beauty") is None
