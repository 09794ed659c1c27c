"""
Who may open what: every address under /desk/ × every role × own and other branch → status.

A new address adds its row in ``tests/permission_rows``: name, method, roles that may, how to make its
arguments for a branch. Wanted: allowed role and own branch → ``ok``; allowed role and another branch's
object → 404; any other role → ``refused``; nobody signed in → 302 to the sign-in.
"""

from __future__ import annotations

import pytest
from django.urls import URLResolver, get_resolver, reverse

from permission_rows import OPEN, ROWS
from permission_rows.base import ALL, OTHER, OWN


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
