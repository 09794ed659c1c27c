"""Edits of many outlets at once, and views that people keep."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.outlets import edits, queries, saved
from yike.web.outlets.filters import in_order
from yike.web.outlets.forms import BatchEditForm, OutletFilterForm, ViewForm
from yike.web.outlets.limits import limits
from yike.web.outlets.models import BatchEdit
from yike.web.outlets.views.gate import keepers_only
from yike.web.regions.queries import areas_visible_to
from yike.web.ui.table import Cell, Column, Table

COLUMNS = (
    Column("what", "操作", lambda e: Cell(str(e), f"/desk/outlets/edits/{e.pk}/")),
    Column("n", "网点", lambda e: e.n, unit="个", is_number=True),
    Column("by", "操作人", lambda e: e.by.display_name if e.by else "系统"),
    Column("at", "时间", lambda e: e.at, sort_by="at"),
    Column(
        "state", "情况", lambda e: Cell("已撤销", sign="stopped") if e.undone_at else Cell("生效", sign="met")
    ),
)


@keepers_only
def batch_edits(request: DeskRequest) -> HttpResponse:
    """GET: batch edits so far. POST: change the chosen outlets."""
    today = timezone.localdate()
    if request.method != "POST":
        found = queries.edits_visible_to(request.user, today)
        table = Table.of(request, found, COLUMNS, label="批量修改", counted="次", empty="还没有批量修改过。")
        return render(request, "outlets/edits.html", {"table": table})
    form = BatchEditForm(queries.communities_to_choose(request.user, today), request.POST)
    if not form.is_valid():
        raise RefusedError("register.edit.unclear")
    made = edits.edit_outlets(
        who=who_of(request), keys=_keys(request), wanted=_wanted(request, form), now=timezone.now()
    )
    messages.success(request, f"已修改 {made.rows.count()} 个网点，可以整批撤销。")
    return redirect("outlets:batch-edit", made.pk)


def _keys(request: DeskRequest) -> list[int]:
    """The picked outlets, or all that the list lets through; only those the person sees."""
    today = timezone.localdate()
    seen = queries.outlets_visible_to(request.user, today)
    most = limits()["edit"]["most_at_once"] + 1
    if request.POST.get("whole"):
        query = QueryDict(request.POST.get("query", "").lstrip("?"))
        wanted = OutletFilterForm(queries.areas_to_choose(request.user, today), query).wanted(today)
        return queries.keys_of(queries.filtered(seen, wanted), most)
    picked = [int(k) for k in request.POST.getlist("picked") if k.isascii() and k.isdigit()][:most]
    return queries.picked_of(seen, picked)


def _wanted(request: DeskRequest, form: BatchEditForm) -> edits.Wanted:
    told = form.cleaned_data
    if told["what"] == BatchEdit.What.VERIFY:
        return edits.verifying()
    if told["what"] == BatchEdit.What.STATUS and told["status"]:
        return edits.setting_status(told["status"], told["on"] or timezone.localdate(), told["note"])
    if told["what"] == BatchEdit.What.TYPE and told["type_code"]:
        return edits.setting_type(told["type_code"])
    if told["what"] == BatchEdit.What.COMMUNITY and told["community"]:
        area = queries.one_of(areas_visible_to(request.user, timezone.localdate()), told["community"])
        return edits.setting_community(area, queries.community_names([area.pk]).get(area.pk, area.code))
    raise RefusedError("register.edit.unclear")


@keepers_only
def batch_edit(request: DeskRequest, key: int) -> HttpResponse:
    """GET: what a batch edit changed."""
    today = timezone.localdate()
    found: BatchEdit = queries.one_of(queries.edits_visible_to(request.user, today), key)
    rows = in_order(queries.edited_keys(found))
    told = {"edit": found, "outlets": rows, "is_invented": any(o.is_invented for o in rows)}
    return render(request, "outlets/batch_edit.html", told)


@require_POST
@keepers_only
def edit_withdrawal(request: DeskRequest, key: int) -> HttpResponse:
    """POST: take a batch edit back."""
    found: BatchEdit = queries.one_of(queries.edits_visible_to(request.user, timezone.localdate()), key)
    edits.undo_edit(who=who_of(request), edit=found, now=timezone.now())
    messages.success(request, "已撤销。")
    return redirect("outlets:batch-edit", key)


@require_POST
def views(request: DeskRequest) -> HttpResponse:
    """POST: keep the list as it stands under a name."""
    form = ViewForm(request.POST)
    if not form.is_valid():
        raise RefusedError("register.view.no_name")
    view = saved.save_view(who=who_of(request), now=timezone.now(), **form.cleaned_data)
    messages.success(request, f"已保存视图“{view.name}”。")
    return redirect(f"{reverse('outlets:outlets')}?{view.query}")


@require_POST
def view_removal(request: DeskRequest, key: int) -> HttpResponse:
    """POST: forget a view."""
    view = queries.one_of(queries.views_visible_to(request.user, timezone.localdate()), key)
    saved.drop_view(who=who_of(request), view=view, now=timezone.now())
    messages.success(request, "已删除视图。")
    return redirect("outlets:outlets")
