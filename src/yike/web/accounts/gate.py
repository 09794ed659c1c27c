"""
The gate of the desk: nobody without a sign-in, none past their last day, no first password kept.

Everything under ``/desk/`` is closed unless it is named here, so a new page cannot be left open by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from yike.web.accounts.limits import sign_in_limits
from yike.web.accounts.models import Account
from yike.web.accounts.rules import check_role, roles_of
from yike.web.accounts.trace import Who

TELL_EVERY_S = 120  # a session's time is written this often, not with every page
OPEN = ("accounts:sign-in", "accounts:code")
BEFORE_CHANGE = ("accounts:password", "accounts:sign-out")


class DeskRequest(HttpRequest):
    """A request that passed the gate."""

    user: Account


P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[DeskRequest, P], Answer]


def only_for(roles: Iterable[str]) -> Callable[[View[P, Answer]], View[P, Answer]]:
    """Decorator: refuse (403) who has none of the roles, before anything is looked up."""
    wanted = tuple(roles)

    def guard(view: View[P, Answer]) -> View[P, Answer]:
        @wraps(view)
        def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
            check_role(request.user, timezone.localdate(), *wanted)
            return view(request, *args, **kwargs)

        return guarded

    return guard


class Gate:
    """Middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through, or send to where the person must go first."""
        if not request.path.startswith("/desk/") or request.path in map(reverse, OPEN):
            return self.get_response(request)
        account = request.user
        if not isinstance(account, Account):
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/desk/")
        if _is_over(request, account):
            logout(request)
            messages.info(request, f"已经退出：{_idle_minutes()} 分钟没有操作，或账号已停用。")
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/desk/")
        if account.must_change_password and request.path not in map(reverse, BEFORE_CHANGE):
            return redirect("accounts:password")
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        return response


def _idle_minutes() -> int:
    return int(sign_in_limits().idle.total_seconds() // 60)


def _is_over(request: HttpRequest, account: Account) -> bool:
    """Whether the session has slept too long, or the account has no duty any more; notes the time."""
    now = int(timezone.now().timestamp())
    seen = int(request.session.get("seen", now))
    if now - seen > sign_in_limits().idle.total_seconds() or not roles_of(account, timezone.localdate()):
        return True
    if now - seen > TELL_EVERY_S or "seen" not in request.session:
        request.session["seen"] = now
    return False


def who_of(request: HttpRequest) -> Who:
    """Who acts, from where."""
    account = request.user if isinstance(request.user, Account) else None
    return Who(account, address_of(request))


def address_of(request: HttpRequest) -> str:
    """The address the request came from; headers of proxies are not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
