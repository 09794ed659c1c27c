import datetime as dt

import pytest

from yike.web.accounts.models import Account, Duty
from yike.web.audit.chain import Who


@pytest.fixture
def now():
    return dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def make_account(db):
    def make(username="zhang", area_code="411281", role="district", **fields):
        account = Account.objects.create_user(
            username, "长城长城1234", display_name=f"{username}（虚构）", **fields
        )
        if role:
            Duty.objects.create(
                account=account, role=role, area_code=area_code, begins_on=dt.date(2026, 1, 1)
            )
        return account

    return make


@pytest.fixture
def who(make_account):
    return Who(make_account(), "127.0.0.1")
