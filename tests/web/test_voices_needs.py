"""Needs: noted by words, offered when alike, merged and parted, decided, put into the form and the list."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from yike.errors import RefusedError
from yike.web.audit.chain import Who, verify_chain
from yike.web.audit.models import Entry
from yike.web.regions.actions import create_area, create_circle
from yike.web.voices import queries
from yike.web.voices.actions.needs import (
    Said,
    add_voice,
    classify_need,
    decide_need,
    merge_needs,
    note_need,
    part_need,
    reopen_need,
)
from yike.web.voices.models import Need, NeedVoice
from yike.web.voices.speech import alike, row_of, type_of, without_numbers

TODAY = dt.date(2026, 11, 22)


def said(text, voices=1, **more):
    return Said(text, "talk", TODAY, voices=voices, **more)


@pytest.fixture
def circle(db, now):
    program = Who(None)
    create_area(who=program, code="411281000000", name="义马市", now=now)
    create_area(who=program, code="411281001000", name="千秋路街道", now=now)
    communities = [
        create_area(who=program, code=f"41128100100{i}", name=f"{name}社区", now=now)
        for i, name in ((1, "银杏"), (2, "连银"))
    ]
    return create_circle(who=program, code="YM-01", name="银杏圈（虚构）", communities=communities, now=now)


@pytest.fixture
def worker(make_account):
    return Who(make_account("shequ", "411281001001", "community", must_change_password=False))


@pytest.fixture
def street(make_account):
    return Who(make_account("jiedao", "411281001", "subdistrict", must_change_password=False))


@pytest.mark.parametrize(
    ("words", "row"),
    [("楼下没地方修鞋", "B06"), ("早上买不到早饭", "B05"), ("买菜要走二十分钟", "B04"), ("剪头发太远", "B08"),
     ("没有托儿所", "Q05"), ("路灯不亮", "")],
)  # fmt: skip
def test_words_lead_to_the_row_they_ask_for(words, row):
    assert row_of(type_of(words)) == row


def test_telephone_and_identity_numbers_are_left_out():
    assert without_numbers("找王师傅 138-1234-5678 修鞋，3 号楼") == "找王师傅 〔号码已略去〕 修鞋，3 号楼"
    assert without_numbers("41128119900101123X 要助餐") == "〔号码已略去〕 要助餐"


def test_alike_counts_shared_pairs_of_characters():
    # 修鞋摊 has the pairs 修鞋, 鞋摊; 修鞋匠 has 修鞋, 鞋匠: one of two shared, 2 · 1 / (2 + 2)
    assert alike("修鞋摊", "修鞋匠") == 0.5
    assert alike("没有", "缺") == 0.0


def test_a_need_is_noted_with_type_voice_and_trace(circle, worker, now):
    need = note_need(who=worker, circle=circle, said=said("楼下没地方修鞋", building="3号楼"), now=now)

    assert (need.form_row, need.type_code, need.voices, need.state) == ("B06", "shoe_repair", 1, "new")
    assert list(need.said.values_list("text", "building")) == [("楼下没地方修鞋", "3号楼")]
    assert Entry.objects.latest("number").action == "need.note"
    assert list(verify_chain()) == []


def test_similar_needs_are_offered_by_type_first_then_by_words(circle, worker, now):
    shoes = note_need(who=worker, circle=circle, said=said("想找个修皮鞋的", 2), now=now)
    keys = note_need(who=worker, circle=circle, said=said("没有配钥匙的"), now=now)
    note_need(who=worker, circle=circle, said=said("没有药店"), now=now)
    refused = note_need(who=worker, circle=circle, said=said("修鞋"), now=now)
    decide_need(who=Who(None), need=refused, kind="existing", note="东门有", now=now)

    found = queries.similar_needs(circle, "楼下没地方修鞋", type_of("楼下没地方修鞋"))

    assert found == [shoes]
    assert queries.similar_needs(circle, "配钥匙", "key_cutting") == [keys]


def test_a_voice_is_added_instead_of_a_second_need(circle, worker, now):
    need = note_need(who=worker, circle=circle, said=said("没地方修鞋"), now=now)

    add_voice(who=worker, need=need, said=said("修鞋太远", 3, is_urgent=True), now=now)

    need.refresh_from_db()
    assert (need.voices, need.is_urgent, need.said.count(), Need.objects.count()) == (4, True, 2, 1)


def test_merging_adds_voices_and_parting_takes_them_out_again(circle, worker, now):
    keep = note_need(who=worker, circle=circle, said=said("没地方修鞋", 2), now=now)
    other = note_need(who=worker, circle=circle, said=said("修鞋太远", 5), now=now)

    merge_needs(who=worker, keep=keep, others=[other], now=now)
    keep.refresh_from_db()
    other.refresh_from_db()
    assert (keep.voices, other.state, other.merged_into_id) == (7, "merged", keep.pk)

    part_need(who=worker, need=other, now=now)
    keep.refresh_from_db()
    other.refresh_from_db()
    assert (keep.voices, other.voices, other.state, other.merged_into_id) == (2, 5, "new", None)
    assert [s.state for s in other.steps.all()] == ["new", "merged", "new"]


def test_needs_of_two_circles_are_not_merged(circle, worker, now):
    far = create_area(who=Who(None), code="411281002001", name="远社区", now=now)
    elsewhere = create_circle(who=Who(None), code="YM-02", name="远圈", communities=[far], now=now)
    keep = note_need(who=Who(None), circle=circle, said=said("没地方修鞋"), now=now)
    other = note_need(who=Who(None), circle=elsewhere, said=said("没地方修鞋"), now=now)

    with pytest.raises(RefusedError) as refused:
        merge_needs(who=Who(None), keep=keep, others=[other], now=now)
    assert refused.value.code == "voices.need.merge_self"


def test_the_street_decides_and_a_refusal_needs_its_reason(circle, worker, street, now):
    need = note_need(who=worker, circle=circle, said=said("没有药店"), now=now)

    with pytest.raises(RefusedError) as not_yours:
        decide_need(who=worker, need=need, kind="listed", note="", now=now)
    with pytest.raises(RefusedError) as no_reason:
        decide_need(who=street, need=need, kind="not_now", note=" ", now=now)
    decide_need(who=street, need=need, kind="listed", note="", now=now)
    with pytest.raises(RefusedError) as twice:
        decide_need(who=street, need=need, kind="not_now", note="没有空房", now=now)

    codes = [e.value.code for e in (not_yours, no_reason, twice)]
    assert codes == ["register.not_yours", "voices.need.no_reason", "voices.need.state"]
    reopen_need(who=street, need=need, now=now, note="再核实")
    need.refresh_from_db()
    assert (need.state, need.decision_kind) == ("new", "")


def test_confirmed_needs_stand_in_their_row_most_voices_first(circle, street, now):
    program = Who(None)
    for text, voices, kind in (
        ("修鞋摊", 2, "listed"), ("配钥匙", 5, "listed"), ("药店", 1, "listed"), ("修伞", 9, "not_now"),
        ("路灯不亮", 9, "listed"), ("没有银行", 9, "listed"), ("配钥匙", 1, "listed"),
    ):  # fmt: skip
        need = note_need(who=program, circle=circle, said=said(text, voices), now=now)
        decide_need(who=program, need=need, kind=kind, note="说明", now=now)

    assert queries.confirmed_needs(circle) == {"B06": "配钥匙；修鞋摊", "B10": "药店"}


def test_classifying_moves_the_row_and_keeps_what_was_said(circle, worker, now):
    need = note_need(who=worker, circle=circle, said=said("路灯不亮"), now=now)

    classify_need(who=worker, need=need, now=now, text="缺维修点", type_code="repair", building="后巷")

    need.refresh_from_db()
    assert (need.form_row, need.text, need.said.get().text) == ("B06", "缺维修点", "路灯不亮")


def test_a_worker_may_note_in_the_whole_circle_but_not_elsewhere(circle, worker, now):
    far = create_area(who=Who(None), code="411281002001", name="远社区", now=now)
    elsewhere = create_circle(who=Who(None), code="YM-02", name="远圈", communities=[far], now=now)

    note_need(who=worker, circle=circle, said=said("没有药店"), now=now)
    with pytest.raises(RefusedError):
        note_need(who=worker, circle=elsewhere, said=said("没有药店"), now=now)


def test_the_phone_page_notes_then_offers_the_similar_one(client, circle, worker):
    client.force_login(worker.account)
    place = next(p for p in queries.places_to_choose(worker.account, TODAY))
    assert place.label.startswith("银杏社区")
    sent = {"text": "楼下没地方修鞋", "place": place.key, "channel": "talk", "voices": "1"}

    first = client.post("/desk/voices/new/", sent)
    offered = client.post("/desk/voices/new/", sent | {"text": "想找个修皮鞋的"})
    joined = client.post(
        "/desk/voices/new/", sent | {"text": "想找个修皮鞋的", "into": str(Need.objects.get().pk)}
    )

    assert (first.status_code, offered.status_code, joined.status_code) == (302, 200, 302)
    assert "是同一件事吗" in offered.content.decode()
    assert (Need.objects.get().voices, NeedVoice.objects.count()) == (2, 2)
    assert Need.objects.get().area_code == "411281001001"
    apart = client.post("/desk/voices/new/", sent | {"text": "想找个修皮鞋的", "into": "apart"})
    assert (apart.status_code, Need.objects.count()) == (302, 2)


def test_the_list_exports_what_it_shows(client, circle, street, worker, now):
    note_need(who=worker, circle=circle, said=said("=1+1 修鞋", 2), now=now)
    note_need(who=worker, circle=circle, said=said("没有药店", 3), now=now)
    client.force_login(street.account)

    answer = client.get("/desk/voices/?as=xlsx&row=B06")

    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
    assert [r[4] for r in rows] == ["'=1+1 修鞋", "1 条"]
    assert (rows[0][5], rows[1][5], sheet["E3"].data_type) == (2, 2, "s")


def test_a_need_noted_by_two_at_once_loses_no_voice(circle, worker, now):
    need = note_need(who=worker, circle=circle, said=said("没地方修鞋"), now=now)
    stale = Need.objects.get(pk=need.pk)

    add_voice(who=worker, need=need, said=said("一", 2), now=now)
    add_voice(who=worker, need=stale, said=said("二", 3), now=now)

    assert Need.objects.get().voices == 6
