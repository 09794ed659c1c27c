import datetime as dt

import pytest
from django.db import connection

from yike.errors import RefusedError
from yike.web.audit.chain import Who, verify_chain
from yike.web.audit.models import Entry
from yike.web.regions.actions import (
    change_circle,
    change_members,
    create_area,
    create_circle,
    end_area,
    enter_state,
    rename_area,
)
from yike.web.regions.divisions import load_divisions, load_tianshui_circles
from yike.web.regions.models import Area, AreaName, Circle, CircleMember, CircleState, CircleTransition
from yike.web.regions.queries import named
from yike.web.regions.rules import next_states, steps

PROGRAM = Who(None)


@pytest.fixture
def yima(db, now):
    load_divisions("411281", who=PROGRAM, now=now)
    return Area.objects.get(branch="411281")


def test_the_official_divisions_of_yima_are_seven_streets_and_35_communities(yima, now):
    levels = dict.fromkeys(Area.objects.values_list("level", flat=True), 0)
    for level in Area.objects.values_list("level", flat=True):
        levels[level] += 1

    assert levels == {"province": 1, "city": 1, "district": 1, "subdistrict": 7, "community": 35}
    assert Area.objects.get(branch="411281006010").parent.branch == "411281006"
    assert yima.parent.parent.branch == "41"
    assert named(Area.objects.filter(branch="411281"), now.date()).get().name == "义马市"
    assert load_divisions("411281", who=PROGRAM, now=now) == 0


def test_the_six_circles_of_tianshui_hold_25_communities(db, now):
    circles = load_tianshui_circles(who=PROGRAM, now=now)

    assert [c.members.count() for c in circles] == [7, 4, 3, 3, 3, 5]
    assert [c.area_code for c in circles] == [
        "620502",
        "620502",
        "620502",
        "620503003",
        "620503003",
        "620503",
    ]
    assert {(c.build_year, c.is_invented) for c in circles} == {(2023, True)}
    assert load_tianshui_circles(who=PROGRAM, now=now) == []


def test_without_the_leading_communities_there_are_19(db, now):
    load_tianshui_circles(who=PROGRAM, now=now, lead_counts=False)

    assert CircleMember.objects.count() == 19


def test_a_renamed_area_keeps_its_old_name_for_old_days(yima, now):
    street = Area.objects.get(branch="411281001")
    rename_area(who=PROGRAM, area=street, name="新名街道", begins_on=dt.date(2026, 6, 1), now=now)

    days = (dt.date(2026, 5, 31), dt.date(2026, 6, 1))
    names = [named(Area.objects.filter(pk=street.pk), d).get().name for d in days]
    assert names == ["千秋路街道", "新名街道"]
    assert Entry.objects.get(action="area.rename").before == {"name": "千秋路街道"}
    with pytest.raises(RefusedError, match="2026-06-01"):
        rename_area(who=PROGRAM, area=street, name="再改", begins_on=dt.date(2026, 6, 1), now=now)


def test_an_area_ends_only_after_what_is_below_it(yima, now):
    street = Area.objects.get(branch="411281001")
    with pytest.raises(RefusedError, match="下面还有"):
        end_area(who=PROGRAM, area=street, ends_on=now.date(), now=now)

    last = Area.objects.filter(parent=street).first()
    other = Area.objects.get(branch="411281006010")
    end_area(who=PROGRAM, area=last, ends_on=now.date(), now=now, succeeded_by=other)

    assert Area.objects.get(pk=last.pk).succeeded_by == other
    with pytest.raises(RefusedError, match="已经撤销"):
        end_area(who=PROGRAM, area=last, ends_on=now.date(), now=now)


@pytest.mark.parametrize("code", ["411281001001", "41128", "abc"])
def test_a_known_or_odd_code_is_refused(yima, now, code):
    with pytest.raises(RefusedError):
        create_area(who=PROGRAM, code=code, name="重复", now=now)


def test_a_new_community_hangs_below_its_street(yima, now, make_account):
    city = Who(make_account("shi", "4112", "city"))
    area = create_area(who=city, code="411281001099", name="新社区（虚构）", now=now, is_invented=True)

    assert (area.level, area.parent.branch) == ("community", "411281001")
    assert AreaName.objects.get(area=area).name == "新社区（虚构）"
    with pytest.raises(RefusedError, match="职责"):
        create_area(
            who=Who(make_account("she", "411281", "district")), code="411281001098", name="x", now=now
        )


@pytest.fixture
def circle(yima, now):
    members = list(Area.objects.filter(branch__startswith="411281001", level="community")[:2])
    return create_circle(
        who=PROGRAM, code="C1", name="第一圈（虚构）", communities=members, lead=members[0],
        fields={"people": 9000, "is_invented": True}, now=now,
    )  # fmt: skip


def test_members_change_on_a_day_and_the_old_ones_stay_in_history(circle, now):
    kept, left = circle.members.order_by("id")
    fresh = Area.objects.get(branch="411281006010")
    change_members(
        who=PROGRAM, circle=circle, communities=[kept.community, fresh], on=dt.date(2026, 12, 1), now=now
    )

    circle.refresh_from_db()
    assert circle.area_code == "411281"
    assert {m.community_id for m in circle.members.filter(ends_on__isnull=True)} == {
        kept.community_id,
        fresh.pk,
    }
    assert circle.members.get(pk=left.pk).ends_on == dt.date(2026, 11, 30)


def test_a_community_of_another_circle_is_refused_by_name(circle, now):
    with pytest.raises(RefusedError, match="第一圈"):
        create_circle(
            who=PROGRAM, code="C2", name="第二圈", communities=[circle.members.first().community], now=now
        )
    assert not Circle.objects.filter(code="C2").exists()


def test_a_change_of_a_circle_is_told_with_before_and_after(circle, now):
    change_circle(who=PROGRAM, circle=circle, fields={"people": 9100, "households": None}, now=now)

    entry = Entry.objects.get(action="circle.change")
    assert (entry.before, entry.after) == ({"people": 9000}, {"people": 9100})
    assert list(verify_chain()) == []


def test_every_state_is_in_the_rules_and_can_be_reached():
    assert set(steps()) == set(CircleState.values)
    reached, todo = set(), [""]
    while todo:
        for state in next_states(todo.pop()):
            if state not in reached:
                reached.add(state)
                todo.append(state)
    assert reached == set(CircleState.values)


def test_a_circle_walks_the_programme_and_cannot_jump(circle, now, make_account):
    with pytest.raises(RefusedError, match="摸底调查"):
        enter_state(who=PROGRAM, circle=circle, state="building", now=now)
    for state in ("surveying", "needs_confirmed", "planned", "building", "self_assessed", "accepting"):
        enter_state(who=PROGRAM, circle=circle, state=state, now=now)
    with pytest.raises(RefusedError, match="等级"):
        enter_state(who=PROGRAM, circle=circle, state="accepted", now=now)
    with pytest.raises(RefusedError, match="说明"):
        enter_state(who=PROGRAM, circle=circle, state="rectifying", now=now)
    with pytest.raises(RefusedError, match="职责"):
        enter_state(
            who=Who(make_account("jie", "411281001", "subdistrict")),
            circle=circle, state="rectifying", note="补齐台账", now=now,
        )  # fmt: skip
    enter_state(who=PROGRAM, circle=circle, state="rectifying", note="补齐台账", now=now)
    enter_state(who=PROGRAM, circle=circle, state="accepting", now=now)
    last = enter_state(who=PROGRAM, circle=circle, state="accepted", level="basic", now=now)

    assert (last.state, last.level, circle.transitions.count()) == ("accepted", "basic", 10)


def test_surveying_needs_people_and_a_leading_community(circle, now):
    change_circle(who=PROGRAM, circle=circle, fields={"people": None}, now=now)
    with pytest.raises(RefusedError, match="居民数"):
        enter_state(who=PROGRAM, circle=circle, state="surveying", now=now)


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_enter_the_same_state_twice(now):
    from races import at_once

    load_divisions("411281", who=PROGRAM, now=now)
    members = list(Area.objects.filter(level="community")[:1])
    circle = create_circle(
        who=PROGRAM, code="C1", name="圈", communities=members, lead=members[0], fields={"people": 1}, now=now
    )

    results = at_once(2, lambda i: enter_state(who=PROGRAM, circle=circle, state="surveying", now=now))

    assert sorted(type(r).__name__ for r in results) == ["CircleTransition", "RefusedError"]
    assert CircleTransition.objects.filter(state="surveying").count() == 1
    connection.close()
