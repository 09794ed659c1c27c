"""Rows of accounts, the record, jobs and the parts page."""

from __future__ import annotations

import datetime as dt

from permission_rows.base import KEEP_JOBS, MANAGE, NOW, READ_RECORD, Row, number
from yike.web.accounts.models import Account, Duty, RosterBatch
from yike.web.accounts.trace import Who
from yike.web.audit.models import Entry
from yike.web.jobs.queue import enqueue


def an_account(branch):
    account = Account.objects.create_user(f"p{next(number)}", "长城长城1234", display_name="某人（虚构）")
    Duty.objects.create(account=account, role="community", area_code=branch, begins_on=dt.date(2026, 1, 1))
    return {"pk": account.pk}


def a_duty(branch):
    pk = an_account(branch)["pk"]
    return {"pk": pk, "duty": Duty.objects.get(account=pk).pk}


def a_roster_batch(branch):
    batch = RosterBatch.objects.create(file_name="a.xlsx", count=1, made_at=NOW)
    Account.objects.filter(pk=an_account(branch)["pk"]).update(batch=batch)
    return {"pk": batch.pk}


def a_job(branch):
    return {"pk": enqueue("test.add", "测试", {}, who=Who(None), now=NOW, area_code=branch).pk}


def an_entry(branch):
    a_job(branch)
    return {"number": Entry.objects.latest("number").number}


ROWS = {
    "accounts:home": Row(),
    "accounts:sign-out": Row("post", ok=302),
    "accounts:me": Row(),
    "accounts:password": Row(),
    "accounts:codes": Row(),
    "accounts:codes-end": Row("post", ok=302),
    "accounts:sessions-end": Row("post", ok=302),
    "accounts:duties": Row(may=MANAGE),
    "accounts:people": Row(may=MANAGE),
    "accounts:new": Row(may=MANAGE),
    "accounts:roster": Row(may=MANAGE),
    "accounts:roster-batch": Row("post", may=MANAGE, ok=409),
    "accounts:batches": Row(may=MANAGE),
    "accounts:batch": Row(may=MANAGE, make=a_roster_batch),
    "accounts:person": Row(may=MANAGE, make=an_account),
    "accounts:edit": Row(may=MANAGE, make=an_account),
    "accounts:initial-password": Row("post", may=MANAGE, make=an_account),
    "accounts:departure": Row(may=MANAGE, make=an_account),
    "accounts:person-duties": Row("post", may=MANAGE, make=an_account),
    "accounts:duty-end": Row("post", may=MANAGE, make=a_duty),
    "audit:entries": Row(may=READ_RECORD),
    "audit:entry": Row(may=READ_RECORD, make=an_entry),
    "jobs:jobs": Row(),
    "jobs:job": Row(may=KEEP_JOBS, make=a_job, refused=404),
    "jobs:progress": Row(may=KEEP_JOBS, make=a_job, refused=404),
    "jobs:cancellation": Row("post", may=KEEP_JOBS, make=a_job, ok=302, refused=404),
    "ui:parts": Row(),
    "ui:pocket": Row(),
}
OPEN = {"accounts:sign-in", "accounts:code"}
