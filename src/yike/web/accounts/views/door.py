"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts import sign_in as door
from yike.web.accounts.demo import demo_shown
from yike.web.accounts.forms import CodeForm, SignInForm
from yike.web.accounts.gate import address_of
from yike.web.accounts.limits import sign_in_limits
from yike.web.accounts.models import Account
from yike.web.accounts.queries import account_or_none
from yike.web.accounts.sessions import note_beginning

WAITS = "waits_for_code"


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; then for a code where one is switched on."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            account = door.check_password_of(
                request, **form.cleaned_data, address=address_of(request), now=now
            )
        except RefusedError as refused:
            form.add_error(None, refused.sentence)
        else:
            if not door.needs_code(account):
                return _let_in(request, account)
            request.session[WAITS] = [account.pk, int(now.timestamp()), _next(request)]
            return redirect("accounts:code")
    return render(request, "accounts/sign_in.html", {"form": form, "next": _next(request), **demo_shown()})


@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time code of who gave the right password within the last minutes."""
    now = timezone.now()
    pk, since, following = request.session.get(WAITS, [None, 0, ""])
    account = account_or_none(pk)
    if account is None or now.timestamp() - since > sign_in_limits().code_within.total_seconds():
        return redirect("accounts:sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            door.check_code(account, form.cleaned_data["code"], now=now)
        except RefusedError as refused:
            form.add_error("code", refused.sentence)
        else:
            return _let_in(request, account, following)
    return render(request, "accounts/code.html", {"form": form})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, Account):
        door.signed_out(request.user, address=address_of(request), now=timezone.now())
    logout(request)
    return redirect("accounts:sign-in")


def _let_in(request: HttpRequest, account: Account, following: str = "") -> HttpResponse:
    following = following or _next(request)
    request.session.pop(WAITS, None)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    note_beginning(request, address=address_of(request), now=timezone.now())
    door.signed_in(account, address=address_of(request), now=timezone.now())
    return redirect(following)


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this host only."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours else "/desk/"
