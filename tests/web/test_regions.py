import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from yike.web.regions.codes import branch_of, full_code, level_of, parent_branch
from yike.web.regions.models import Area, AreaName, Circle, CircleMember, CircleTransition
from yike.web.regions.queries import areas_visible_to, circles_visible_to, named, with_state

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(("code", "level", "branch", "parent"), [
    ("410000000000", "province", "41", ""),
    ("411200000000", "city", "4112", "41"),
    ("411281000000", "district", "411281", "4112"),
    ("411281001000", "subdistrict", "411281001", "411281"),
    ("411281001001", "community", "411281001001", "411281001"),
    ("110100000000", "city", "1101", "11"),
])  # fmt: skip
def test_codes_tell_level_and_branch(code, level, branch, parent):
    assert (level_of(code), branch_of(code), parent_branch(branch), full_code(branch)) == (
        level,
        branch,
        parent,
        code,
    )


@pytest.mark.parametrize("code", ["", "41128100000", "4112810000000", "41128100000x", "000000000000"])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(ValueError, match=code or "^$"):
        level_of(code)


@pytest.fixture
def town(db):
    areas = {}
    for branch in ("411281", "411281001", "411281001001", "411281001002", "411281002", "411281002001"):
        areas[branch] = Area.objects.create(
            code=full_code(branch),
            branch=branch,
            level=level_of(full_code(branch)),
            parent=areas.get(parent_branch(branch)),
        )
    circle = Circle.objects.create(code="C1", name="银杏圈（虚构）", area_code="411281")
    for branch in ("411281001001", "411281002001"):
        CircleMember.objects.create(circle=circle, community=areas[branch])
    return areas


def test_everybody_sees_his_branch_alone(town, make_account):
    street = make_account("jie", "411281001", "subdistrict")
    other = make_account("lin", "411282", "district")

    assert [a.branch for a in areas_visible_to(street, TODAY)] == [
        "411281001",
        "411281001001",
        "411281001002",
    ]
    assert not areas_visible_to(other, TODAY).exists()


def test_a_community_sees_the_circle_it_shares_with_another_street(town, make_account):
    inside = make_account("she", "411281001001", "community")
    outside = make_account("wai", "411281001002", "community")

    assert [c.code for c in circles_visible_to(inside, TODAY)] == ["C1"]
    assert not circles_visible_to(outside, TODAY).exists()


def test_a_community_is_in_one_circle_at_a_time(town):
    second = Circle.objects.create(code="C2", name="第二圈", area_code="411281")

    with pytest.raises(IntegrityError), transaction.atomic():
        CircleMember.objects.create(circle=second, community=town["411281001001"])

    CircleMember.objects.filter(community=town["411281001001"]).update(ends_on=TODAY)
    CircleMember.objects.create(circle=second, community=town["411281001001"], begins_on=TODAY)
    assert second.members.count() == 1


def test_a_name_is_that_of_the_day(town):
    area = town["411281001"]
    AreaName.objects.create(area=area, name="旧街道", ends_on=dt.date(2025, 12, 31))
    AreaName.objects.create(area=area, name="新街道", begins_on=dt.date(2026, 1, 1))

    def name(day):
        return named(Area.objects.filter(pk=area.pk), day).get().name

    assert (name(dt.date(2025, 12, 31)), name(dt.date(2026, 1, 1))) == ("旧街道", "新街道")


def test_a_circle_is_in_the_state_it_entered_last(town, now):
    circle = Circle.objects.get()
    assert with_state(Circle.objects.all()).get().state is None
    for day, state, level in ((0, "surveying", ""), (1, "accepted", "basic")):
        CircleTransition.objects.create(circle=circle, state=state, level=level, at=now + dt.timedelta(day))

    found = with_state(Circle.objects.all()).get()

    assert (found.state, found.level) == ("accepted", "basic")
