import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from journey import environment
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


@pytest.fixture(scope="session")
def journey_folder(tmp_path_factory):
    """天水 with a round just opened, made once; journeys copy it."""
    folder = tmp_path_factory.mktemp("journey") / "data"
    script = Path(__file__).parents[1] / "journey_town.py"
    run = subprocess.run([sys.executable, str(script), str(folder)], env=environment(), capture_output=True)
    assert run.returncode == 0, run.stderr.decode()
    return folder
