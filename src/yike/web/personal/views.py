"""The inventory, one person's records, a copy of them, their erasure."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import MANAGERS, check_role
from yike.web.personal import actions
from yike.web.personal.export import workbook_of
from yike.web.personal.forms import PersonForm, ReasonForm
from yike.web.personal.holdings import Policy, holding_of, policies
from yike.web.personal.queries import requests_visible_to
from yike.web.ui.downloads import download
from yike.web.ui.table import Column, Table

POLICY_COLUMNS = (
    Column("what", "信息", lambda p: p.what),
    Column("purpose", "用途", lambda p: p.purpose),
    Column("basis", "依据", lambda p: p.basis),
    Column("stored", "怎样保存", lambda p: p.stored),
    Column("shown", "谁看得到", lambda p: p.shown),
    Column("kept", "保存多久", lambda p: p.kept),
    Column("source", "期限从哪来", lambda p: p.source),
)
REQUEST_COLUMNS = (
    Column("done", "办理时间", lambda r: r.done_at),
    Column("kind", "事项", lambda r: r.get_kind_display()),
    Column("subject", "本人", lambda r: r.subject),
    Column("counts", "记录", lambda r: sum(r.counts.values()), is_number=True),
    Column("by", "经办", lambda r: r.done_by.display_name if r.done_by else "系统"),
    Column("reason", "说明", lambda r: r.reason),
)


def inventory(request: DeskRequest) -> HttpResponse:
    """What is held about people, and what was asked about it."""
    today = timezone.localdate()
    check_role(request.user, today, *MANAGERS)
    shown = {
        "form": PersonForm(),
        "policies": Table.plain(
            [p for p in policies().values() if _is_here(p)], POLICY_COLUMNS, label="清单", counted="类"
        ),
        "requests": Table.of(
            request, requests_visible_to(request.user, today), REQUEST_COLUMNS,
            label="办理过的请求", counted="件", empty="还没有人要求导出或删除。",
        ),
    }  # fmt: skip
    return render(request, "personal/inventory.html", shown)


@require_POST
@sensitive_post_parameters("words")
def records(request: DeskRequest) -> HttpResponse:
    """Records of one person; by POST, so that the name stands in no address and no server log."""
    check_role(request.user, timezone.localdate(), *MANAGERS)
    form = PersonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写全姓名、用户名或电话。")
        return redirect("personal:inventory")
    words = form.cleaned_data["words"]
    found = actions.look_for(request.user, words, who=who_of(request), now=timezone.now())
    shown = {
        "words": words,
        "groups": [(policies()[code], bool(_eraser(code)), records) for code, records in found.items()],
    }
    return render(request, "personal/records.html", shown)


@require_POST
@sensitive_post_parameters("words")
def copy(request: DeskRequest) -> HttpResponse:
    """One person's data as a workbook."""
    check_role(request.user, timezone.localdate(), *MANAGERS)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有导出：请写明依据或经办说明。")
        return redirect("personal:inventory")
    now = timezone.now()
    found = actions.hand_out(request.user, **form.cleaned_data, who=who_of(request), now=now)
    body = workbook_of(found, form.cleaned_data["words"], timezone.localdate(now))
    return download(body, "personal-data.xlsx")


@require_POST
@sensitive_post_parameters("words")
def erasure(request: DeskRequest) -> HttpResponse:
    """Erase the records that were ticked."""
    check_role(request.user, timezone.localdate(), *MANAGERS)
    form = ReasonForm(request.POST)
    chosen = [tuple(c.split(":", 1)) for c in request.POST.getlist("record") if ":" in c]
    if not form.is_valid() or not chosen:
        messages.error(request, "没有删除：请勾选记录，并写明依据或经办说明。")
        return redirect("personal:inventory")
    done, stay = actions.erase(
        request.user, form.cleaned_data["words"], [(a, b) for a, b in chosen],
        reason=form.cleaned_data["reason"], who=who_of(request), now=timezone.now(),
    )  # fmt: skip
    messages.success(request, f"已删除 {done} 项。")
    if stay:
        messages.warning(request, f"{stay} 项没有删除：仍在使用，或依法必须留存。")
    return redirect("personal:inventory")


def _is_here(policy: Policy) -> bool:
    return holding_of(policy.code) is not None


def _eraser(code: str) -> object:
    holding = holding_of(code)
    return holding.erase if holding else None
