"""Back to what a cell was: its changes, each with a button that gives the value before it again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.errors import RefusedError
from yike.standards.survey_form import cell_keys
from yike.standards.survey_layout import box_of
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import check_role
from yike.web.returns import queries, rules
from yike.web.returns.actions.reverting import revert_cell
from yike.web.returns.cells import from_json
from yike.web.returns.models import CellChange, Return
from yike.web.returns.pages import anchor_of
from yike.web.returns.sheet import label_of, shown
from yike.web.returns.views.found import the_return


def reversal(request: DeskRequest, key: int, cell: str) -> HttpResponse:
    """GET: what the cell has been. POST: ``change`` names the change that is taken back."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("fill"))
    ret = the_return(request, key)
    if cell not in cell_keys():
        raise Http404
    if request.method == "POST":
        return _revert(request, ret, cell)
    told = {
        "ret": ret,
        "key": cell,
        "label": label_of(cell),
        "address": box_of(cell).address,
        "href": anchor_of(cell),
        "value": shown(cell, queries.values_of(ret).get(cell)),
        "may": rules.may_fill(who_of(request), ret, timezone.localdate()) and ret.state in rules.FILLABLE,
        "changes": [(c, _shown(c, c.old), _shown(c, c.new)) for c in queries.changes_at(ret, cell)],
        "is_invented": ret.is_invented,
    }
    return render(request, "returns/reversal.html", told)


def _shown(change: CellChange, value: object) -> str:
    return shown(change.key, from_json(change.key, value)) or "空"


def _revert(request: DeskRequest, ret: Return, cell: str) -> HttpResponse:
    asked, seen = request.POST.get("change", ""), request.POST.get("seen", "")
    if not (asked.isascii() and asked.isdigit() and seen.isascii() and seen.isdigit()):
        raise Http404
    change: CellChange = queries.one_of(queries.changes_at(ret, cell), int(asked))
    why = request.POST.get("why", "").strip()[:400] or "改回以前的值"
    try:
        revert_cell(who=who_of(request), of=ret, change=change, why=why, seen=int(seen), now=timezone.now())
    except RefusedError as refused:
        if refused.facts.get("status", 403) in (403, 404):
            raise
        messages.error(request, refused.sentence)
        return redirect("returns:reversal", ret.pk, cell)
    messages.success(request, f"“{label_of(cell)}”已改回 {_shown(change, change.old)}。")
    return redirect("returns:cell", ret.pk, cell)
