"""The first screen and one's own account."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts import actions, sign_in
from yike.web.accounts.cards import cards_for
from yike.web.accounts.forms import CodeForm, PasswordForm
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import duties_of
from yike.web.accounts.sessions import end_sessions, sessions_of


def home(request: DeskRequest) -> HttpResponse:
    """What to do today."""
    now = timezone.now()
    cards = cards_for(request.user, now)
    shown = {
        "cards": cards,
        "actions": list(dict.fromkeys(a for card in cards for a in card.actions)),
        "today": timezone.localdate(now),
        "duties": list(duties_of(request.user, timezone.localdate(now))),
        "is_invented": any(card.is_invented for card in cards),
    }
    return render(request, "accounts/home.html", shown)


def me(request: DeskRequest) -> HttpResponse:
    """One's own account: duties, password, one-time codes."""
    shown = {
        "account": request.user,
        "duties": list(duties_of(request.user, timezone.localdate())),
        "has_codes": sign_in.needs_code(request.user),
        "sessions": sessions_of(request.user, request.session.session_key, timezone.now()),
    }
    return render(request, "accounts/me.html", shown)


@sensitive_post_parameters("old", "new", "again")
def password(request: DeskRequest) -> HttpResponse:
    """Change the password; at the first sign-in everything else waits for it."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(
            request.user, form.cleaned_data["new"], who=who_of(request), now=timezone.now()
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已改。其他地方的登录已全部退出。")
        return redirect("accounts:home")
    return render(
        request, "accounts/password.html", {"form": form, "is_first": request.user.must_change_password}
    )


def codes(request: DeskRequest) -> HttpResponse:
    """Switch one-time codes on: show a QR code once, ask for the first code."""
    if sign_in.needs_code(request.user):
        return redirect("accounts:me")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sign_in.confirm_factor(
                request.user, form.cleaned_data["code"], who=who_of(request), now=timezone.now()
            )
        except RefusedError as refused:
            form.add_error("code", refused.sentence)
        else:
            messages.success(request, "动态口令已启用。下次登录时会问到。")
            return redirect("accounts:me")
    uri = sign_in.offer_factor(request.user)
    shown = {
        "form": form,
        "picture": segno.make(uri).svg_data_uri(scale=5),
        "secret": uri.split("secret=")[1][:32],
    }
    return render(request, "accounts/codes.html", shown)


@require_POST
def codes_end(request: DeskRequest) -> HttpResponse:
    """Switch one-time codes off; the password is asked for again."""
    if not request.user.check_password(request.POST.get("password", "")):
        messages.error(request, "密码不对，动态口令仍然启用。")
        return redirect("accounts:me")
    sign_in.drop_factor(request.user, who=who_of(request), now=timezone.now())
    messages.success(request, "动态口令已关闭。")
    return redirect("accounts:me")


@require_POST
def sessions_end(request: DeskRequest) -> HttpResponse:
    """POST: sign out elsewhere, in one place (``session``) or everywhere."""
    ended = end_sessions(
        request.user, request.session.session_key, request.POST.get("session", ""), who=who_of(request),
        now=timezone.now(),
    )  # fmt: skip
    messages.success(request, f"已退出 {ended} 处。" if ended else "没有别处的登录。")
    return redirect("accounts:me")
