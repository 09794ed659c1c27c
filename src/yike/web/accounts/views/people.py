"""Other people's accounts: list, one, new, changed, leaving, duties."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts import actions
from yike.web.accounts.forms import AccountFilter, AccountForm, DutyForm, EditForm, LastDayForm, LeaveForm
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.models import Account, Duty, Role
from yike.web.accounts.queries import (
    duties_ever,
    duties_of_all,
    one_of,
    people_found,
    successors_of,
    with_duties,
)
from yike.web.accounts.rules import MANAGERS, accounts_managed_by, check_role
from yike.web.ui.places import place_of
from yike.web.ui.table import Cell, Column, Table

COLUMNS = (
    Column("name", "姓名", lambda a: _link_to(a), sort_by="display_name"),
    Column("username", "用户名", lambda a: a.username, sort_by="username"),
    Column("unit", "单位", lambda a: a.unit_name or "—", sort_by="unit_name"),
    Column("duties", "在任职责", lambda a: "；".join(_duty_words(d) for d in a.duties_now) or "—"),
    Column("state", "状态", lambda a: _state(a)),
    Column("seen", "最近登录", lambda a: a.last_login or "从未", sort_by="last_login"),
)


def _link_to(account: Account) -> Cell:
    return Cell(account.display_name, f"/desk/accounts/{account.pk}/")


def _duty_words(duty: Duty) -> str:
    return f"{duty.get_role_display()} {place_of(duty.area_code)}"


def _state(account: Account) -> Cell:
    if account.left_on is not None:
        return Cell("离岗", sign="stopped")
    if not account.is_active:
        return Cell("已停用", sign="stopped")
    return Cell("待改密码", sign="near") if account.must_change_password else Cell("在岗", sign="done")


def managed(request: DeskRequest) -> QuerySet[Account]:
    """Accounts that are the person's to manage; 403 for who manages none at all."""
    today = timezone.localdate()
    check_role(request.user, today, *MANAGERS)
    return accounts_managed_by(request.user, today)


def account_of(request: DeskRequest, pk: int) -> Account:
    """One of them; 404 for any other."""
    found: Account = one_of(with_duties(managed(request), timezone.localdate()), pk)
    return found


def people(request: DeskRequest) -> HttpResponse:
    """The list; a new account is the one primary action."""
    today = timezone.localdate()
    filters = AccountFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = with_duties(people_found(managed(request), today, **asked), today)
    table = Table.of(
        request, found, COLUMNS, filters=filters, label="账号", counted="个账号",
        empty="没有符合条件的账号。可以新建，或从 Excel 一次导入。",
    )  # fmt: skip
    return render(request, "accounts/people.html", {"table": table})


def person(request: DeskRequest, pk: int) -> HttpResponse:
    """One account with all its duties, past ones too."""
    account = account_of(request, pk)
    shown = {
        "account": account,
        "state": _state(account),
        "duties": duties_ever(account),
        "today": timezone.localdate(),
        "duty_form": DutyForm(),
        "end_form": LastDayForm(),
    }
    return render(request, "accounts/person.html", shown)


def new(request: DeskRequest) -> HttpResponse:
    """Make an account; its password is shown once."""
    managed(request)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = actions.create_account(form.wanted(), who=who_of(request), now=timezone.now())
        except RefusedError as refused:
            form.add_error(None, refused.sentence)
        else:
            return render(request, "accounts/issued.html", {"issued": [issued]})
    return render(
        request, "accounts/form.html", {"form": form, "heading": "新建账号", "back": "/desk/accounts/"}
    )


def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change name, unit, and whether the person may sign in."""
    account = account_of(request, pk)
    kept = {name: getattr(account, name) for name in EditForm.base_fields}
    form = EditForm(request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        actions.edit_account(account, **form.cleaned_data, who=who_of(request), now=timezone.now())
        messages.success(request, "已保存。")
        return redirect("accounts:person", pk=pk)
    shown = {"form": form, "heading": f"修改 {account.display_name}", "back": f"/desk/accounts/{pk}/"}
    return render(request, "accounts/form.html", shown)


@require_POST
def initial_password(request: DeskRequest, pk: int) -> HttpResponse:
    """Give a new initial password, shown once."""
    account = account_of(request, pk)
    issued = actions.issue_password(account, who=who_of(request), now=timezone.now())
    return render(request, "accounts/issued.html", {"issued": [issued]})


@require_POST
def duties(request: DeskRequest, pk: int) -> HttpResponse:
    """Give a duty."""
    account = account_of(request, pk)
    form = DutyForm(request.POST)
    if form.is_valid():
        actions.give_duty(account, **form.cleaned_data, who=who_of(request), now=timezone.now())
        messages.success(request, "职责已授予。")
        return redirect("accounts:person", pk=pk)
    shown = {"form": form, "heading": f"授予职责：{account.display_name}", "back": f"/desk/accounts/{pk}/"}
    return render(request, "accounts/form.html", shown)


@require_POST
def duty_end(request: DeskRequest, pk: int, duty: int) -> HttpResponse:
    """End a duty with a day."""
    account = account_of(request, pk)
    found: Duty = one_of(account.duties.all(), duty)
    form = LastDayForm(request.POST)
    if form.is_valid():
        actions.end_duty(
            found, last_day=form.cleaned_data["last_day"], who=who_of(request), now=timezone.now()
        )
        messages.success(request, "职责已结束。")
        return redirect("accounts:person", pk=pk)
    shown = {"form": form, "heading": f"结束职责：{found}", "back": f"/desk/accounts/{pk}/"}
    return render(request, "accounts/form.html", shown)


def departure(request: DeskRequest, pk: int) -> HttpResponse:
    """Somebody leaves, perhaps with a successor."""
    account = account_of(request, pk)
    form = LeaveForm(request.POST or None)
    choices: Any = form.fields["successor"]
    choices.queryset = successors_of(account, managed(request))
    if request.method == "POST" and form.is_valid():
        handed = actions.leave(account, **form.cleaned_data, who=who_of(request), now=timezone.now())
        messages.success(request, f"离岗已办理，{len(handed)} 项职责已移交。")
        return redirect("accounts:person", pk=pk)
    shown = {
        "form": form,
        "heading": f"{account.display_name} 离岗",
        "back": f"/desk/accounts/{pk}/",
        "verb": "办理离岗",
    }
    return render(request, "accounts/form.html", shown)


DUTY_COLUMNS = (
    Column("person", "姓名", lambda d: _link_to(d.account), sort_by="account__display_name"),
    Column("role", "角色", lambda d: d.get_role_display(), sort_by="role"),
    Column("area", "辖区", lambda d: Cell(place_of(d.area_code), title=d.area_code), sort_by="area_code"),
    Column("begins", "开始", lambda d: d.begins_on, sort_by="begins_on"),
    Column("ends", "结束", lambda d: d.ends_on or "在任", sort_by="ends_on"),
    Column("note", "说明", lambda d: d.note or "—"),
)  # fmt: skip


def all_duties(request: DeskRequest) -> HttpResponse:
    """Who is what, where; and what each role is for."""
    today = timezone.localdate()
    table = Table.of(
        request,
        duties_of_all(managed(request), today),
        DUTY_COLUMNS,
        label="职责",
        counted="项职责",
        empty="没有在任的职责。",
    )
    return render(request, "accounts/duties.html", {"table": table, "roles": Role.choices})
