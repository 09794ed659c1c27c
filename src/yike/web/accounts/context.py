"""What every page of the desk shows: who is signed in, where, and the way to other pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from yike.web.accounts.bar import round_of, todo_of
from yike.web.accounts.models import Account
from yike.web.accounts.rules import roles_of
from yike.web.ui.menu import menu_of


def desk(request: HttpRequest) -> dict[str, Any]:
    """``desk.account``, ``where``, ``menu``, ``todo``, ``round``, worked out only where a page shows them."""
    return {"desk": SimpleLazyObject(lambda: _desk(request))}


def _desk(request: HttpRequest) -> dict[str, Any]:
    account = getattr(request, "user", None)
    if not isinstance(account, Account):
        return {"account": None, "where": "", "menu": []}
    told = {"account": account, "where": account.unit_name, "menu": []}
    if account.must_change_password:
        return told
    today = timezone.localdate()
    menu = menu_of(roles_of(account, today), request.path)
    return told | {"menu": menu, "todo": todo_of(account, today), "round": round_of(account, today)}
