import datetime as dt

import pytest
from django.http import Http404

from returns_town import CITY, PROGRAM, build_town, clerk, complete, open_town
from yike.errors import RefusedError
from yike.web.audit.chain import verify_chain
from yike.web.audit.models import Entry
from yike.web.returns.actions import (
    add_note,
    approve,
    check,
    close_wave,
    correct,
    fill_cells,
    lock,
    lock_branch,
    open_wave,
    report_branch,
    send_back,
    send_back_branch,
    settle_note,
    submit,
    undo_branch,
    undo_step,
)
from yike.web.returns.models import Return, Revision
from yike.web.returns.queries import (
    branch_states,
    doc_of,
    findings_of,
    frozen_by_token,
    open_notes,
    open_to,
    progress_of,
    returns_visible_to,
    revision_of,
    waiting_for,
    waves_visible_to,
)

EAST, WEST, DISTRICT = "990101001", "990101002", "990101"


@pytest.fixture
def wave(db, now):
    build_town(now)
    return open_town(now)


@pytest.fixture
def people(wave):
    return {
        "community": clerk("community", "990101001001"),
        "east": clerk("subdistrict", EAST),
        "west": clerk("subdistrict", WEST),
        "district": clerk("district", DISTRICT),
        "city": clerk("city", CITY),
    }


def of(code):
    return Return.objects.select_related("wave", "circle").get(circle__code=code)


def send_in(code, now, who=PROGRAM):
    complete(of(code), now)
    return submit(who=who, of=of(code), now=now, samples_reason="调查未完（虚构）")


def climb(wave, now, upto):
    """All three returns as far as a state."""
    for code in ("C1", "C2", "C3"):
        send_in(code, now)
        check(who=PROGRAM, of=of(code), now=now)
    for street in (EAST, WEST):
        report_branch(who=PROGRAM, wave=wave, area_code=street, now=now)
    if upto == "checked":
        return
    for code in ("C1", "C2", "C3"):
        approve(who=PROGRAM, of=of(code), now=now)
    report_branch(who=PROGRAM, wave=wave, area_code=DISTRICT, now=now)
    if upto == "locked":
        lock_branch(who=PROGRAM, wave=wave, area_code=CITY, now=now)


def test_who_may_do_what_as_a_form_climbs(wave, people, now):
    today = now.date()

    def may(name, code="C1"):
        return sorted(open_to(people[name], of(code), today))

    assert may("community") == ["fill", "note", "refresh", "submit", "take_file"]
    assert may("community", "C3") == []
    assert may("district") == ["note"]
    send_in("C1", now, people["community"])
    assert may("community") == ["note", "undo"]
    assert may("east") == ["check", "note", "send_back", "undo"]
    assert may("west") == []
    check(who=people["east"], of=of("C1"), now=now)
    assert may("community") == ["note"]
    assert may("east") == ["note", "send_back", "undo"]
    assert may("district") == ["note"]
    send_in("C2", now)
    check(who=people["east"], of=of("C2"), now=now)
    report_branch(who=people["east"], wave=wave, area_code=EAST, now=now)
    assert may("east") == ["note"]
    assert may("district") == ["approve", "note", "send_back"]
    approve(who=people["district"], of=of("C1"), now=now)
    assert may("district") == ["note", "send_back", "undo"]
    assert may("city") == ["note"]


def test_only_the_right_level_moves_a_form(wave, people, now):
    send_in("C1", now)
    for name in ("community", "west", "district", "city"):
        with pytest.raises(RefusedError, match="职责"):
            check(who=people[name], of=of("C1"), now=now)
    with pytest.raises(RefusedError, match="轮到街道"):
        approve(who=people["district"], of=of("C1"), now=now)
    check(who=people["east"], of=of("C1"), now=now)
    with pytest.raises(RefusedError, match="轮到街道"):  # its branch has not reported
        approve(who=people["district"], of=of("C1"), now=now)
    with pytest.raises(RefusedError, match="东三圈（填报中）"):
        report_branch(who=people["east"], wave=wave, area_code=EAST, now=now)


def test_a_submitted_form_is_closed_and_errors_stop_it(wave, people, now):
    with pytest.raises(RefusedError, match="运营主体没有勾选") as wrong:
        submit(who=people["community"], of=of("C1"), now=now)
    assert {"operators", "layouts", "has_platform", "ALL.satisfaction"} <= set(wrong.value.facts["keys"])
    complete(of("C1"), now)
    with pytest.raises(RefusedError, match="有效问卷 0 份，少于 50 份"):
        submit(who=people["community"], of=of("C1"), now=now)
    submit(who=people["community"], of=of("C1"), now=now, samples_reason="入户调查未完（虚构）")
    with pytest.raises(RefusedError, match="待审核"):
        fill_cells(
            who=people["community"], of=of("C1"), values={"centres": 2}, comments={}, seen=None, now=now
        )


def test_a_form_comes_back_with_notes_at_its_cells(wave, people, now):
    send_in("C1", now)
    with pytest.raises(RefusedError, match="原因"):
        send_back(who=people["east"], of=of("C1"), notes={}, now=now)
    send_back(who=people["east"], of=of("C1"), notes={"B01.staff": "请核对"}, note="另补问卷", now=now)

    back = of("C1")
    assert back.state == "sent_back"
    assert [(n.key, n.text) for n in open_notes(back)] == [("B01.staff", "请核对"), ("", "另补问卷")]
    assert [f.key for f in findings_of(back) if f.code == "note_open"] == ["", "B01.staff"]
    assert revision_of(back).token == ""
    settle_note(who=people["community"], note=open_notes(back)[0], now=now)
    assert open_notes(back).count() == 1
    send_in("C1", now)
    assert open_notes(back).count() == 0


def test_a_form_sent_back_from_above_opens_the_branches_that_reported(wave, people, now):
    climb(wave, now, "checked")
    send_back(who=people["district"], of=of("C1"), notes={}, note="漏填", now=now)

    assert branch_states(wave) == {EAST: "sent_back", WEST: "reported"}
    with pytest.raises(RefusedError, match="东一圈（已退回）"):
        report_branch(who=people["east"], wave=wave, area_code=EAST, now=now)
    send_in("C1", now)
    check(who=people["east"], of=of("C1"), now=now)
    report_branch(who=people["east"], wave=wave, area_code=EAST, now=now)
    assert branch_states(wave)[EAST] == "reported"


def test_steps_are_undone_until_the_level_above_has_acted(wave, people, now):
    send_in("C1", now, people["community"])
    token = revision_of(of("C1")).token
    undo_step(who=people["community"], of=of("C1"), now=now)
    assert (of("C1").state, revision_of(of("C1")).token) == ("draft", "")
    with pytest.raises(Http404):
        frozen_by_token(token)
    send_in("C1", now, people["community"])
    send_in("C2", now)
    check(who=people["east"], of=of("C1"), now=now)
    with pytest.raises(RefusedError, match="没有您可以撤销"):
        undo_step(who=people["community"], of=of("C1"), now=now)
    undo_step(who=people["east"], of=of("C1"), now=now)
    assert of("C1").state == "submitted"
    for code in ("C1", "C2"):
        check(who=people["east"], of=of(code), now=now)
    report_branch(who=people["east"], wave=wave, area_code=EAST, now=now)
    with pytest.raises(RefusedError, match="没有您可以撤销"):
        undo_step(who=people["east"], of=of("C1"), now=now)
    undo_branch(who=people["east"], wave=wave, area_code=EAST, now=now)
    undo_step(who=people["east"], of=of("C1"), now=now)
    undo_step(who=PROGRAM, of=of("C1"), now=now)
    assert (of("C1").state, of("C1").steps.count()) == ("draft", 9)


def test_sending_back_is_undone_while_nothing_was_changed(wave, people, now):
    send_in("C1", now)
    send_back(who=people["east"], of=of("C1"), notes={}, note="误操作", now=now)
    undo_step(who=people["east"], of=of("C1"), now=now)
    assert of("C1").state == "submitted"
    assert frozen_by_token(revision_of(of("C1")).token).is_whole
    send_back(who=people["east"], of=of("C1"), notes={}, note="再退", now=now)
    later = now + dt.timedelta(minutes=1)
    fill_cells(who=PROGRAM, of=of("C1"), values={"centres": 2}, comments={}, seen=None, now=later)
    with pytest.raises(RefusedError, match="没有您可以撤销"):
        undo_step(who=people["east"], of=of("C1"), now=later)


def test_a_report_is_undone_or_given_back_until_one_form_is_agreed_above(wave, people, now):
    climb(wave, now, "checked")
    send_back_branch(who=people["district"], wave=wave, area_code=EAST, note="重新核对", now=now)
    assert branch_states(wave)[EAST] == "sent_back"
    report_branch(who=people["east"], wave=wave, area_code=EAST, now=now)
    approve(who=people["district"], of=of("C1"), now=now)
    for act in (undo_branch, send_back_branch):
        who = people["east"] if act is undo_branch else people["district"]
        with pytest.raises(RefusedError, match="东一圈（区县已审）"):
            act(who=who, wave=wave, area_code=EAST, note="再看", now=now)


def test_a_locked_form_has_a_digest_and_a_page_of_its_own(wave, people, now):
    climb(wave, now, "locked")

    kept = revision_of(of("C1"))
    seen = frozen_by_token(kept.token)
    assert (seen.is_locked, seen.is_newest, seen.is_whole) == (True, True, True)
    assert seen.doc.values["B01.outlets"] == 3
    assert len(kept.digest) == 64
    Revision.objects.filter(pk=kept.pk).update(values=kept.values | {"B01.outlets": 30})
    assert not frozen_by_token(kept.token).is_whole
    for act in (undo_step, check, approve, lock):
        with pytest.raises(RefusedError):
            act(who=PROGRAM, of=of("C1"), now=now)


def test_a_correction_keeps_both_revisions(wave, people, now):
    climb(wave, now, "locked")
    first = revision_of(of("C1"))
    with pytest.raises(RefusedError, match="职责"):
        correct(who=people["east"], of=of("C1"), why="多数了一家", now=now)
    with pytest.raises(RefusedError, match="原因"):
        correct(who=people["city"], of=of("C1"), why=" ", now=now)
    correct(who=people["city"], of=of("C1"), why="多数了一家（虚构）", now=now)
    comments = {"B01.outlets": "多数了一家（虚构）"}
    fill_cells(
        who=people["east"], of=of("C1"), values={"B01.outlets": 2}, comments=comments, seen=None, now=now
    )

    assert (doc_of(of("C1"), 1).values["B01.outlets"], doc_of(of("C1")).values["B01.outlets"]) == (3, 2)
    assert branch_states(wave) == {
        EAST: "sent_back",
        DISTRICT: "sent_back",
        CITY: "sent_back",
        WEST: "reported",
    }
    old = frozen_by_token(first.token)
    assert (old.is_locked, old.is_newest, old.is_whole) == (True, False, True)
    climb_again(wave, now)
    assert [r.locked_at is not None for r in of("C1").revisions.all()] == [True, True]
    assert frozen_by_token(revision_of(of("C1")).token).doc.revision == 2
    assert list(verify_chain()) == []


def climb_again(wave, now):
    send_in("C1", now)
    check(who=PROGRAM, of=of("C1"), now=now)
    report_branch(who=PROGRAM, wave=wave, area_code=EAST, now=now)
    approve(who=PROGRAM, of=of("C1"), now=now)
    report_branch(who=PROGRAM, wave=wave, area_code=DISTRICT, now=now)
    lock_branch(who=PROGRAM, wave=wave, area_code=CITY, now=now)


def test_a_county_level_city_has_no_district_between(db, now):
    build_town(now)
    wave = open_town(now, area_code=DISTRICT)
    office = clerk("city", DISTRICT)
    for code in ("C1", "C2", "C3"):
        send_in(code, now)
        check(who=PROGRAM, of=of(code), now=now)
    with pytest.raises(RefusedError, match="本期没有"):
        approve(who=office, of=of("C1"), now=now)
    for street in (EAST, WEST):
        report_branch(who=PROGRAM, wave=wave, area_code=street, now=now)
    lock(who=office, of=of("C1"), now=now)
    lock_branch(who=office, wave=wave, area_code=DISTRICT, now=now)

    assert {r.state for r in Return.objects.all()} == {"locked"}


def test_the_office_of_a_county_level_city_stands_for_the_district_in_a_wave_from_above(wave, now):
    office = clerk("city", DISTRICT)
    climb(wave, now, "checked")

    approve(who=office, of=of("C1"), now=now)

    assert of("C1").state == "approved"
    with pytest.raises(RefusedError, match="轮到区县"):
        lock(who=clerk("city", CITY), of=of("C1"), now=now)


def test_everybody_sees_the_own_branch(wave, people, now):
    today = now.date()
    seen = {
        name: sorted(returns_visible_to(p.account, today).values_list("circle__code", flat=True))
        for name, p in people.items()
    }

    assert seen["community"] == ["C1"]
    assert (seen["east"], seen["west"]) == (["C1", "C2"], ["C3"])
    assert seen["district"] == seen["city"] == ["C1", "C2", "C3"]
    assert waves_visible_to(people["community"].account, today).get() == wave
    assert not waves_visible_to(clerk("city", "98").account, today).exists()


def test_who_has_not_submitted_is_told_at_each_level(wave, people, now):
    send_in("C1", now)
    lines = {p.area_code: p for p in progress_of(wave, CITY)}

    assert sorted(lines) == [CITY, DISTRICT, EAST, WEST]
    assert (lines[EAST].name, lines[EAST].circles, lines[EAST].submitted) == ("东街", 2, 1)
    assert [r.circle.name for r in lines[EAST].missing] == ["东三圈"]
    assert lines[CITY].by_state == {"draft": 2, "submitted": 1}
    assert not lines[EAST].can_report
    waits = waiting_for(people["east"].account, now.date())
    assert ([r.circle.name for r in waits.to_check], [r.circle.name for r in waits.not_submitted]) == (
        ["东一圈"],
        ["东三圈"],
    )
    community = waiting_for(clerk("community", "990101001003").account, now.date())
    assert (len(community.to_fill), len(community.sent_back), community.red_cells) == (1, 0, 4)


def test_a_wave_opens_once_and_closes(wave, people, now):
    with pytest.raises(RefusedError, match="已有"):
        open_town(now)
    day = dt.date(2026, 11, 30)
    days = {"as_of": day, "opens_on": day, "due_on": day}
    with pytest.raises(RefusedError, match="职责"):
        open_wave(who=people["east"], area_code=EAST, title="街道自开", now=now, **days)
    with pytest.raises(RefusedError, match="截止日"):
        open_wave(
            who=people["city"], area_code=CITY, title="倒着", now=now, as_of=day, opens_on=day,
            due_on=day - dt.timedelta(days=1),
        )  # fmt: skip
    close_wave(who=people["city"], wave=wave, now=now)
    with pytest.raises(RefusedError, match="已经结束"):
        complete(of("C1"), now)
    assert "fill" not in open_to(people["community"], of("C1"), now.date())


def test_notes_belong_to_cells_of_the_form(wave, people, now):
    with pytest.raises(RefusedError, match="没有“B77"):
        add_note(who=people["east"], of=of("C1"), key="B77.outlets", text="在哪里", now=now)
    with pytest.raises(RefusedError, match="职责"):
        add_note(who=people["west"], of=of("C1"), key="", text="外街道", now=now)


def test_every_step_leaves_its_trace(wave, people, now):
    climb(wave, now, "locked")

    actions = (
        Entry.objects.filter(target_key=of("C1").code).order_by("number").values_list("action", flat=True)
    )
    assert list(actions) == [
        "return.fill", "return.submit", "return.checked", "return.approved", "return.locked",
    ]  # fmt: skip
