"""One return: the sheet to fill, look at, and save."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import check_role
from yike.web.returns import actions, queries, rules
from yike.web.returns.cells import label_of
from yike.web.returns.editing import Edit, read_edit
from yike.web.returns.models import Return
from yike.web.returns.pages import desk_of, page_of
from yike.web.returns.views.found import the_return

UNREADABLE, STALE = 422, 409


def sheet(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the form as printed. POST: keep what was changed on it."""
    ret = the_return(request, key)
    if request.method == "POST":
        return _save(request, ret)
    return _page(request, ret)


def revision(request: DeskRequest, key: int, number: int) -> HttpResponse:
    """GET: the form as an earlier revision had it."""
    ret = the_return(request, key)
    kept = queries.revision_or_404(ret, number)
    return render(request, "returns/revision.html", page_of(ret, kept) | {"ret": ret, "revision": kept})


def refresh(request: DeskRequest, key: int) -> HttpResponse:
    """POST: take over what the register says now, in cells that nobody touched."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("fill"))
    ret = the_return(request, key)
    if request.method == "POST":
        before = ret.version
        held = actions.refresh_from_register(who=who_of(request), of=ret, now=timezone.now())
        changed = queries.keys_changed_since(held, before)
        told = (
            f"已按登记册更新 {len(changed)} 格；改过的格没有动。"
            if changed
            else "登记册没有新的数，0 处差异。"
        )
        messages.success(request, told)
    return redirect("returns:return", ret.pk)


def _save(request: DeskRequest, ret: Return) -> HttpResponse:
    edit = read_edit(ret, request.POST)
    if edit.faults:
        return _page(request, ret, edit, status=UNREADABLE)
    try:
        held = _fill(request, ret, edit)
    except RefusedError as refused:
        return _refused(request, ret, edit, refused)
    if held.version != ret.version:
        messages.success(request, f"已保存草稿：改动 {len(edit.values)} 格。")
    elif "then" not in request.POST:
        messages.info(request, "没有改动，不用保存。")
    if request.POST.get("then") == "submission":
        return redirect("returns:submission", ret.pk)
    return redirect("returns:return", ret.pk)


def _fill(request: DeskRequest, ret: Return, edit: Edit) -> Return:
    """Write the changes; when others only changed other cells meanwhile, both stand."""
    told: dict[str, Any] = {
        "who": who_of(request),
        "of": ret,
        "values": edit.values,
        "comments": {k: v for k, v in edit.comments.items() if v},
        "now": timezone.now(),
    }
    try:
        return actions.fill_cells(**told, seen=edit.seen)
    except RefusedError as refused:
        if refused.code != "returns.stale" or set(refused.facts["keys"]) & set(edit.values):
            raise
        return actions.fill_cells(**told, seen=None)


def _refused(request: DeskRequest, ret: Return, edit: Edit, refused: RefusedError) -> HttpResponse:
    """The page again with all that was typed, and what stands in the way."""
    if refused.code == "returns.stale":
        both = set(refused.facts["keys"]) & set(edit.values)
        names = "、".join(label_of(k) for k in edit.values if k in both)
        messages.warning(
            request,
            f"您填写的时候，别人也改了 {names}。下面是您填的内容，核对后再保存一次，就以您的为准。",
        )
        return _page(request, the_return(request, ret.pk), edit, status=STALE)
    if refused.code in ("returns.comment", "returns.cell"):
        messages.warning(request, f"还没有保存：{refused.sentence}")
        return _page(request, ret, edit, status=UNREADABLE)
    raise refused


def _page(request: DeskRequest, ret: Return, edit: Edit | None = None, status: int = 200) -> HttpResponse:
    told = desk_of(ret, who_of(request), timezone.localdate(), edit)
    return render(request, "returns/return.html", told, status=status)
