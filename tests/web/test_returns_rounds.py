"""Ending and reopening a round from its page, and what people are told who come too late."""

import pytest
from django.urls import reverse

from returns_town import CITY, PROGRAM, build_town, clerk, complete, open_town
from yike.errors import RefusedError
from yike.web.accounts.models import Account
from yike.web.outlets.actions import create_outlet
from yike.web.returns.actions import check, close_wave, report_branch, submit
from yike.web.returns.models import Return, Wave


@pytest.fixture
def town(db, now):
    build_town(now)
    return open_town(now, is_invented=True)


@pytest.fixture
def enter(client):
    def signed_in(role, area_code):
        account = clerk(role, area_code).account
        Account.objects.filter(pk=account.pk).update(must_change_password=False)
        client.force_login(account)
        return client

    return signed_in


def test_ending_a_round_twice_does_not_open_it_again(enter, town):
    city, page = enter("city", CITY), reverse("returns:closing", args=[town.pk])

    for _ in range(2):
        city.post(page, {"to": "closed"})
    assert Wave.objects.get().closed_at is not None

    for _ in range(2):
        city.post(page, {"to": "open"})
    assert Wave.objects.get().closed_at is None


def test_a_step_in_a_round_that_ended_is_told_as_that(enter, town, now):
    east = Return.objects.get(circle__code="C1")
    complete(east, now)
    submit(who=PROGRAM, of=east, now=now, samples_reason="冬天没有人")
    close_wave(who=PROGRAM, wave=town, now=now)

    answer = enter("subdistrict", "990101001").post(reverse("returns:check", args=[east.pk]), follow=True)

    assert "“2026年第一期”已经结束" in answer.content.decode()


def test_what_is_wrong_and_what_to_do_end_in_one_full_stop_each():
    refused = RefusedError("returns.branch_acted", name="东街", found="东一圈（已锁定）")

    assert refused.sentence.count("。") == 2
    assert "。。" not in refused.sentence
    assert RefusedError("entry.whole", found="三").sentence.endswith("。")


def test_circles_of_a_street_are_counted_where_the_leading_community_lies(town, now):
    """C1 spans two communities of 东街; both circles of 东街 must be agreed to before it reports."""
    for code in ("C1", "C2"):
        of = Return.objects.get(circle__code=code)
        complete(of, now)
        submit(who=PROGRAM, of=of, now=now, samples_reason="冬天没有人")
    check(who=PROGRAM, of=Return.objects.get(circle__code="C1"), now=now)

    with pytest.raises(RefusedError, match="东三圈"):
        report_branch(who=PROGRAM, wave=town, area_code="990101001", now=now)


def test_an_outlet_that_opened_since_is_offered_and_taken_over(enter, town, now):
    east = Return.objects.get(circle__code="C1")
    community = enter("community", "990101001001")
    page = reverse("returns:return", args=[east.pk])
    assert "登记册有新的数" not in community.get(page).content.decode()

    create_outlet(
        who=PROGRAM, now=now,
        values={"name": "新开的店（虚构）", "type_code": "convenience_store", "area_code": "990101001001",
                "staff": 5, "is_chain": True, "is_invented": True},
    )  # fmt: skip
    text = community.get(page).content.decode()
    assert "登记册有新的数 3 格" in text
    assert "便利店 · 网点数量" in text[text.index("登记册有新的数") :]

    community.post(reverse("returns:refresh", args=[east.pk]))
    assert "登记册有新的数" not in community.get(page).content.decode()
