import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.regions.actions import add_centre, add_operator, add_profile, change_circle, end_centre
from yike.web.regions.divisions import load_divisions, load_tianshui_circles
from yike.web.regions.limits import checks_of, pack_code_for
from yike.web.regions.models import Area, Circle, CommunityProfile
from yike.web.regions.queries import profile_of
from yike.web.regions.rules import check_ages
from yike.web.regions.words import age_bands, figure

PROGRAM = Who(None)
DAY = dt.date(2026, 11, 22)
CODES = [code for code, _, _ in age_bands()]


@pytest.fixture
def circle(db, now):
    return load_tianshui_circles(who=PROGRAM, now=now)[2]  # 天水郡: three communities


def tell(circle, now, *rows, as_of=dt.date(2026, 10, 1)):
    members = circle.members.order_by("community__code")
    for member, values in zip(members, rows, strict=False):
        add_profile(who=PROGRAM, community=member.community, as_of=as_of, values=values, now=now)


def test_people_of_a_circle_are_the_sum_of_its_communities_when_all_have_told(circle, now):
    before = profile_of(circle, DAY)
    assert (before.people, before.people_from) == (22600, "circle")

    tell(circle, now, {"people": 7000}, {"people": 8000})
    assert profile_of(circle, DAY).people_from == "circle"
    tell(circle, now, {"people": 7000}, {"people": 8000}, {"people": 7777})

    after = profile_of(circle, DAY)
    assert (after.people, after.people_from, len(after.members)) == (22777, "communities", 3)
    assert after.said["residents"] == "登记册：3 个社区居民数之和，最早的截至 2026年10月1日"


def test_a_profile_counts_from_its_day_on(circle, now):
    tell(circle, now, *[{"people": 1000}] * 3, as_of=dt.date(2026, 1, 1))
    tell(circle, now, *[{"people": 2000}] * 3, as_of=dt.date(2026, 6, 1))

    days = (dt.date(2025, 12, 31), dt.date(2026, 5, 31), dt.date(2026, 6, 1))
    assert [profile_of(circle, d).people for d in days] == [22600, 3000, 6000]


def test_the_area_share_of_a_circle_is_pooled_and_unknown_unless_all_have_told(circle, now):
    one = {"floor_area_m2": 100_000, "commercial_area_m2": 9000, "service_area_m2": 1000}
    two = {"floor_area_m2": 300_000, "commercial_area_m2": 9000, "service_area_m2": 1000}
    tell(circle, now, one, two)
    assert profile_of(circle, DAY).area_share is None

    tell(circle, now, one, two, one)

    assert profile_of(circle, DAY).area_share == Decimal(6)  # 30,000 of 500,000


def test_centres_are_counted_in_force_and_unknown_when_none_was_ever_told(circle, now):
    assert profile_of(circle, DAY).centres is None
    first = add_centre(who=PROGRAM, circle=circle, values={"name": "一（虚构）"}, now=now)
    late = {"name": "二（虚构）", "begins_on": dt.date(2027, 1, 1)}
    add_centre(who=PROGRAM, circle=circle, values=late, now=now)
    assert profile_of(circle, DAY).centres == 1

    end_centre(who=PROGRAM, centre=first, on=dt.date(2026, 6, 30), now=now)

    assert profile_of(circle, DAY).centres == 0
    assert profile_of(circle, dt.date(2026, 6, 30)).centres == 1
    assert profile_of(circle, dt.date(2027, 1, 1)).centres == 1


def test_kinds_of_operators_are_those_ticked_and_those_at_work(circle, now):
    change_circle(who=PROGRAM, circle=circle, fields={"operator_kinds": ["outlets"]}, now=now)
    values = {"kind": "state", "name": "国企（虚构）", "begins_on": dt.date(2026, 1, 1)}
    add_operator(who=PROGRAM, circle=circle, values=values, now=now)

    assert profile_of(circle, DAY).operator_kinds == ("state", "outlets")  # in the form's order
    assert profile_of(circle, dt.date(2025, 1, 1)).operator_kinds == ("outlets",)


@pytest.mark.parametrize(("service", "share", "sign"), [
    (1999.0, "9.99", "gap"), (2000.0, "10.00", "met"), (2000.01, "10.00", "met"), (1999.99, "9.99", "gap"),
])  # fmt: skip
def test_ten_per_cent_of_a_new_community_is_met_at_ten_and_missed_below(service, share, sign):
    profile = CommunityProfile(
        is_new=True, floor_area_m2=100_000, commercial_area_m2=8000, service_area_m2=service
    )

    check = checks_of(profile, "620502001002")[0]

    assert (figure(check.value), check.sign) == (share, sign)
    assert check.source == "天政办发〔2023〕54号 七（二）“比例不低于10%”"


@pytest.mark.parametrize(("service", "sign"), [(299.99, "gap"), (300.0, "met"), (None, "unknown")])
def test_thirty_square_metres_for_a_hundred_households(service, sign):
    profile = CommunityProfile(households=1000, service_area_m2=service)

    check = checks_of(profile, "620502001002")[1]

    assert (check.at_least, check.sign) == (30, sign)


@pytest.mark.parametrize("is_new", [False, None])
def test_a_community_that_is_not_new_is_shown_its_share_for_reference(is_new):
    profile = CommunityProfile(is_new=is_new, floor_area_m2=1000, commercial_area_m2=10, service_area_m2=10)

    assert checks_of(profile, "411281001001")[0].sign == "standing"


def test_each_city_is_checked_by_its_own_document_else_the_national_one():
    assert [pack_code_for(b) for b in ("620502001", "411281", "431281001", "5101")] == [
        "tianshui-2023-54", "yima-2023-9", "hongjiang-2024-8", "mofcom-2021-247",
    ]  # fmt: skip


@given(st.lists(st.integers(0, 5000), min_size=len(CODES), max_size=len(CODES)), st.integers(-3, 3))
def test_ages_that_are_all_told_add_up_or_are_refused(numbers, gap):
    people = sum(numbers) + gap
    bands = dict(zip(CODES, numbers, strict=True))
    if gap == 0:
        check_ages(people, bands)
        return
    with pytest.raises(RefusedError, match=f"{'少' if gap > 0 else '多'} {abs(gap)} 人"):
        check_ages(people, bands)


def test_ages_told_in_part_may_stay_below_the_people_and_never_above():
    check_ages(1000, {"0-2": 30})
    check_ages(None, {"0-2": 30})
    with pytest.raises(RefusedError, match="多 1 人"):
        check_ages(1000, {"0-2": 1001})


def test_parts_of_floor_area_larger_than_the_whole_are_refused(circle, now):
    values = {"floor_area_m2": 100.0, "commercial_area_m2": 60.0, "service_area_m2": 41.0}

    with pytest.raises(RefusedError, match="大于总建筑面积"):
        tell(circle, now, values)


def test_only_a_community_has_a_profile(circle, now):
    with pytest.raises(RefusedError, match="不是社区"):
        add_profile(
            who=PROGRAM, community=Area.objects.get(branch="620502001"), as_of=DAY, values={}, now=now
        )


def test_a_neighbouring_community_may_not_tell_for_another(circle, now, make_account):
    load_divisions("620502", who=PROGRAM, now=now)
    stranger = Who(make_account("lin", "620502001001", "community"))
    with pytest.raises(RefusedError, match="职责"):
        add_profile(who=stranger, community=Area.objects.get(code="620502001002"), as_of=DAY,
                    values={"people": 1}, now=now)  # fmt: skip
    assert not CommunityProfile.objects.exists()


def test_a_circle_may_be_surveyed_once_its_communities_have_told_their_people(circle, now):
    from yike.web.regions.actions import enter_state

    Circle.objects.filter(pk=circle.pk).update(people=None, households=None)
    with pytest.raises(RefusedError, match="居民数"):
        enter_state(who=PROGRAM, circle=circle, state="surveying", now=now)
    tell(circle, now, *[{"people": 5}] * 3)
    assert enter_state(who=PROGRAM, circle=circle, state="surveying", now=now).state == "surveying"
