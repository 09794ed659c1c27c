"""Workers killed in the middle of a preview, an import and an undo: nothing half done, and it runs again."""

import datetime as dt
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from yike.web.audit.chain import Who, verify_chain
from yike.web.jobs.queue import LEASE, enqueue
from yike.web.jobs.worker import run_one
from yike.web.outlets import imports
from yike.web.outlets.actions import change_outlet
from yike.web.outlets.models import Outlet, OutletEvent, OutletVersion, StagedChange
from yike.web.outlets.queries import live_outlets
from yike.web.regions.divisions import load_divisions

PROGRAM = Who(None)
DYING = Path(__file__).resolve().parents[1] / "dying_worker.py"
PARTS = 600  # rows: two parts of 500
pytestmark = pytest.mark.django_db(transaction=True)


def lines(phone):
    head = "编号,名称,业态,经度,纬度,电话,兼营"
    rows = [
        f"K{i},店{i},便利店,{111.8 + i / 1e4:.4f},34.74,{phone}{i:04d},打印" for i in range(PARTS)
    ]  # fmt: skip
    return "\n".join([head, *rows]).encode()


def uploaded(now, phone="0398555"):
    return imports.upload(
        who=PROGRAM, stream=io.BytesIO(lines(phone)), name="网点.csv", area_code="411281", now=now,
        datum="wgs84",
    )  # fmt: skip


def database_url():
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def killed(where, nth):
    """Run one job in a process that dies at the n-th call of a function."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "yike.web.config.settings", "DATABASE_URL": database_url(),
        "YIKE_DATA": str(settings.DATA),
    }  # fmt: skip
    ran = subprocess.run([sys.executable, DYING, where, str(nth)], env=env, capture_output=True, text=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr


def run_again():
    later = timezone.now() + LEASE + dt.timedelta(minutes=1)
    seconds = iter(range(10_000))
    job = run_one("w2", lambda: later + dt.timedelta(seconds=next(seconds)))
    job.refresh_from_db()
    return job


@pytest.fixture
def batch(db):
    now = timezone.now()
    load_divisions("411281", who=PROGRAM, now=now)
    made = uploaded(now)
    imports.preview(who=PROGRAM, batch=made, now=now)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("where", "nth"),
    [("yike.web.jobs.queue:Running.progress", 2), ("yike.web.outlets.previews:forget", 1)],
)
def test_a_killed_preview_leaves_the_last_one_standing_and_runs_again(batch, where, nth):
    enqueue("outlets.preview", "预检", {"batch": batch.pk}, who=PROGRAM, now=timezone.now())

    killed(where, nth)
    before = batch.rows.count()
    job = run_again()

    assert (before, batch.rows.count(), Outlet.objects.count()) == (PARTS, PARTS, 0)
    assert (job.state, job.attempts, job.result["new"]) == ("done", 2, PARTS)


@pytest.mark.parametrize(
    ("where", "nth", "staged"),
    [
        ("yike.web.outlets.staging:_write", 1, 0),
        ("yike.web.jobs.queue:Running.progress", 2, 500),
        ("yike.web.outlets.switch:_write_events", 1, PARTS),
        ("yike.web.outlets.imports:record", 1, PARTS),
    ],
)
def test_a_killed_import_leaves_nothing_half_done_and_goes_on(batch, where, nth, staged):
    enqueue("outlets.import", "导入", {"batch": batch.pk}, who=PROGRAM, now=timezone.now())

    killed(where, nth)
    batch.refresh_from_db()
    assert (batch.state, live_outlets().count(), StagedChange.objects.count()) == ("previewed", 0, staged)
    assert (OutletVersion.objects.count(), OutletEvent.objects.count()) == (0, 0)
    job = run_again()

    batch.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("done", 2, {"new": PARTS, "changed": 0})
    assert (batch.state, live_outlets().count(), Outlet.objects.count()) == ("applied", PARTS, PARTS)
    assert (OutletVersion.objects.count(), OutletEvent.objects.count()) == (PARTS, PARTS)
    assert (StagedChange.objects.count(), list(verify_chain())) == (0, [])


def with_new_phone():
    """How many outlets have the second list's numbers; they lie sealed, so the database cannot say."""
    return sum(o.phone.startswith("0398999") for o in live_outlets())


@pytest.mark.parametrize(
    ("where", "nth"),
    [("yike.web.jobs.queue:Running.progress", 2), ("yike.web.outlets.imports:record", 1)],
)
def test_a_killed_undo_of_changes_leaves_nothing_half_done_and_goes_on(batch, where, nth):
    now = timezone.now()
    imports.apply(who=PROGRAM, batch=batch, now=now)
    second = uploaded(now, "0398999")
    imports.preview(who=PROGRAM, batch=second, now=now)
    imports.apply(who=PROGRAM, batch=second, now=now)
    enqueue("outlets.undo", "撤销", {"batch": second.pk}, who=PROGRAM, now=now)

    killed(where, nth)
    second.refresh_from_db()
    assert (second.state, with_new_phone(), set(live_outlets().values_list("version", flat=True))) == (
        "applied", PARTS, {2},
    )  # fmt: skip
    job = run_again()

    assert (job.state, job.attempts, job.result["restored"], job.result["kept"]) == ("done", 2, PARTS, 0)
    assert (with_new_phone(), live_outlets().count(), Outlet.objects.count()) == (0, PARTS, PARTS)
    assert set(live_outlets().values_list("version", flat=True)) == {3}


def test_an_edit_between_a_kill_and_the_next_try_is_not_lost(batch):
    now = timezone.now()
    imports.apply(who=PROGRAM, batch=batch, now=now)
    enqueue("outlets.undo", "撤销", {"batch": batch.pk}, who=PROGRAM, now=now)

    killed("yike.web.outlets.switch:_write_events", 1)
    shop = Outlet.objects.get(code="K7")
    change_outlet(who=PROGRAM, outlet=shop, values={"phone": "1"}, now=now)
    job = run_again()

    assert (job.result["removed"], job.result["kept_names"]) == (PARTS - 1, ["店7"])
    assert [(o.code, o.phone) for o in live_outlets()] == [("K7", "1")]


def test_a_cancelled_import_takes_back_what_it_had_staged(batch, make_account):
    from yike.web.jobs.queue import ask_to_cancel

    who = Who(make_account())
    job = enqueue("outlets.import", "导入", {"batch": batch.pk}, who=who, now=timezone.now())
    told = []

    def clock():
        told.append(1)
        if len(told) == 6:  # after the first part
            ask_to_cancel(job, who=who, now=timezone.now())
        return timezone.now() + dt.timedelta(seconds=2 * len(told))

    run_one("w1", clock)

    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, batch.state) == ("cancelled", "previewed")
    assert (Outlet.objects.count(), StagedChange.objects.count()) == (0, 0)
