import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from yike.web.accounts.models import Account, Duty
from yike.web.accounts.queries import branches_of, duties_of, within_branches
from yike.web.regions.models import Area

TODAY = dt.date(2026, 11, 22)


def test_user_names_differ_by_more_than_case(make_account):
    make_account("Wang")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_account("wang", role="")

    assert Account.objects.get_by_natural_key("WANG").username == "Wang"


@pytest.mark.parametrize(("begins", "ends", "counts"), [
    (TODAY, None, True),
    (TODAY, TODAY, True),
    (TODAY + dt.timedelta(1), None, False),
    (dt.date(2026, 1, 1), TODAY - dt.timedelta(1), False),
])  # fmt: skip
def test_a_duty_counts_from_its_first_to_its_last_day(make_account, begins, ends, counts):
    account = make_account(role="")
    Duty.objects.create(account=account, role="city", area_code="6205", begins_on=begins, ends_on=ends)

    assert duties_of(account, TODAY).exists() == counts


def test_a_duty_cannot_end_before_it_begins(make_account):
    account = make_account(role="")

    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(account=account, role="city", begins_on=TODAY, ends_on=TODAY - dt.timedelta(1))


def test_who_left_yesterday_has_no_branch_today(make_account):
    account = make_account(left_on=TODAY - dt.timedelta(1))

    assert branches_of(account, TODAY) == ()


def test_the_wider_branch_swallows_the_narrower(make_account):
    account = make_account(area_code="411281")
    for code in ("411281001", "6205"):
        Duty.objects.create(account=account, role="planner", area_code=code, begins_on=TODAY)

    assert branches_of(account, TODAY) == ("411281", "6205")
    assert branches_of(account, TODAY, ["planner"]) == ("411281001", "6205")


def test_nobody_sees_anything_without_a_branch(db):
    Area.objects.create(code="411281000000", branch="411281", level="district")

    def seen(*branches):
        return Area.objects.filter(within_branches(branches, "branch")).count()

    assert (seen(), seen("4113"), seen("41"), seen("")) == (0, 0, 1, 1)
