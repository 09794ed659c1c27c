"""
Who may open what: every address under /desk/ × every role × own and other branch → status.

A new address adds its row: name, method, roles that may, how to make its arguments for a branch.
Wanted: allowed role and own branch → ``ok``; allowed role and another branch's object → 404; any other
role → ``refused``; nobody signed in → 302 to the sign-in.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver, reverse

from yike.web.accounts.models import Account, Duty, Role
from yike.web.accounts.trace import Who
from yike.web.audit.models import Entry
from yike.web.jobs.queue import enqueue
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.imports import preview, upload
from yike.web.regions.models import Area

OWN, OTHER = "411281", "620502"
ALL = frozenset(Role.values)
MANAGE = frozenset({"security", "city"})
READ_RECORD = frozenset({"security", "city", "admin", "auditor"})
KEEP_JOBS = frozenset({"city", "admin"})
NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
number = itertools.count(1)


@dataclass(frozen=True)
class Row:
    """One address. ``make`` gives the arguments of an object in a branch, where there is one."""

    method: str = "get"
    may: frozenset[str] = ALL
    make: Callable[[str], dict[str, Any]] | None = None
    ok: int = 200
    refused: int = 403
    data: dict[str, Any] = field(default_factory=dict)


def an_account(branch):
    account = Account.objects.create_user(f"p{next(number)}", "长城长城1234", display_name="某人（虚构）")
    Duty.objects.create(account=account, role="community", area_code=branch, begins_on=dt.date(2026, 1, 1))
    return {"pk": account.pk}


def a_duty(branch):
    pk = an_account(branch)["pk"]
    return {"pk": pk, "duty": Duty.objects.get(account=pk).pk}


def a_job(branch):
    return {"pk": enqueue("test.add", "测试", {}, who=Who(None), now=NOW, area_code=branch).pk}


def an_entry(branch):
    a_job(branch)
    return {"number": Entry.objects.latest("number").number}


KEEP = frozenset({"community", "subdistrict", "district", "city"})


def a_community(branch):
    found = Area.objects.filter(branch=f"{branch}001001").first()
    return found or Area.objects.create(code=f"{branch}001001", branch=f"{branch}001001", level="community")


def an_outlet(branch):
    community = a_community(branch)
    values = {"name": "小店（虚构）", "type_code": "laundry", "is_invented": True}
    made = create_outlet(
        who=Who(None), now=NOW, values=values | {"area_code": community.branch, "community_id": community.pk}
    )
    return {"key": made.pk}


def a_batch(branch):
    a_community(branch)
    stream = io.BytesIO("编号,名称,业态,经度,纬度\nA1,小店（虚构）,洗衣店,111.88,34.74\n".encode())
    made = upload(who=Who(None), stream=stream, name="a.csv", area_code=branch, datum="wgs84", now=NOW)
    preview(who=Who(None), batch=made, now=NOW)
    return {"key": made.pk}


ROWS = {
    "accounts:home": Row(),
    "accounts:sign-out": Row("post", ok=302),
    "accounts:me": Row(),
    "accounts:password": Row(),
    "accounts:codes": Row(),
    "accounts:codes-end": Row("post", ok=302),
    "accounts:duties": Row(may=MANAGE),
    "accounts:people": Row(may=MANAGE),
    "accounts:new": Row(may=MANAGE),
    "accounts:roster": Row(may=MANAGE),
    "accounts:roster-batch": Row("post", may=MANAGE, ok=409),
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
    "outlets:outlets": Row(),
    "outlets:new": Row(may=KEEP),
    "outlets:twins": Row(may=KEEP),
    "outlets:batches": Row(may=KEEP),
    "outlets:batch": Row(may=KEEP, make=a_batch),
    "outlets:datum": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:application": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:withdrawal": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:workbook": Row(may=KEEP, make=a_batch),
    "outlets:outlet": Row(make=an_outlet),
    "outlets:edit": Row(may=KEEP, make=an_outlet),
    "outlets:events": Row(
        "post", may=KEEP, make=an_outlet, ok=302, data={"status": "closed", "on": "2026-11-20"}
    ),
    "outlets:verification": Row("post", may=KEEP, make=an_outlet, ok=302),
    "ui:parts": Row(),
    "ui:pocket": Row(),
}
OPEN = {"accounts:sign-in", "accounts:code"}


def names_of(resolver, space=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names_of(entry, f"{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name}"


def test_every_address_has_its_row():
    named = set(names_of(get_resolver()))

    assert named == set(ROWS) | OPEN


def ask(client, name, row, branch):
    arguments = row.make(branch) if row.make else {}
    return getattr(client, row.method)(reverse(name, kwargs=arguments), row.data)


@pytest.fixture
def signed_in(client, make_account):
    def sign_in(role):
        client.force_login(make_account(f"role-{role}", OWN, role, must_change_password=False))
        return client

    return sign_in


@pytest.mark.parametrize("role", sorted(ALL))
@pytest.mark.parametrize("name", ROWS)
def test_each_role_reaches_what_is_its_own(signed_in, name, role):
    row, client = ROWS[name], signed_in(role)

    assert ask(client, name, row, OWN).status_code == (row.ok if role in row.may else row.refused)


@pytest.mark.parametrize("role", sorted(ALL))
@pytest.mark.parametrize("name", [n for n, r in ROWS.items() if r.make])
def test_another_branch_answers_as_if_there_were_nothing(signed_in, name, role):
    row, client = ROWS[name], signed_in(role)

    assert ask(client, name, row, OTHER).status_code == (404 if role in row.may else row.refused)


@pytest.mark.parametrize("name", ROWS)
def test_nobody_gets_in_without_a_sign_in(client, db, name):
    answer = ask(client, name, ROWS[name], OWN)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/desk/session/")


@pytest.mark.parametrize("name", ROWS)
def test_a_first_password_must_be_changed_before_anything_else(client, make_account, name):
    client.force_login(make_account(role="security", must_change_password=True))
    if name in ("accounts:password", "accounts:sign-out"):
        return
    answer = ask(client, name, ROWS[name], OWN)

    assert (answer.status_code, answer.url) == (302, "/desk/me/password/")
