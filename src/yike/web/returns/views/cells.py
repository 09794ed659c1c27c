"""One cell: where it comes from, who changed it when and why; remarks at cells."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.standards.survey_form import cell_keys
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import check_role
from yike.web.returns import actions, queries, rules
from yike.web.returns.cells import MARK_WORDS
from yike.web.returns.forms import CellNoteForm
from yike.web.returns.pages import anchor_of
from yike.web.returns.sheet import label_of, shown
from yike.web.returns.views.found import the_return
from yike.web.ui.table import Column, Table


def cell(request: DeskRequest, key: int, cell: str) -> HttpResponse:
    """GET: source, history and remarks of one cell."""
    ret = the_return(request, key)
    if cell not in cell_keys():
        raise Http404
    columns = (
        Column("at", "时间", lambda h: h.at),
        Column("by", "谁", lambda h: h.by),
        Column("old", "原来", lambda h: shown(cell, h.old)),
        Column("new", "改为", lambda h: shown(cell, h.new)),
        Column("why", "说明", lambda h: h.why),
        Column("origin", "来自", lambda h: h.origin + (f"：{h.file_name}" if h.file_name else "")),
        Column("revision", "修订", lambda h: h.revision, is_number=True),
    )
    history = queries.history_of(ret, cell)
    source = queries.sources_of(ret).get(cell)
    told = {
        "ret": ret,
        "key": cell,
        "label": label_of(cell),
        "href": anchor_of(cell),
        "value": shown(cell, queries.doc_of(ret).values.get(cell)),
        "source": source,
        "mark": MARK_WORDS.get(source.mark, "") if source else "",
        "stands": shown(cell, source.stands) if source and source.mark != "hand" else "",
        "why": queries.revision_of(ret).comments.get(cell, ""),
        "notes": queries.notes_at(ret, cell),
        "table": Table.plain(
            history, columns, label="修改经过", counted="次修改", empty="预填以后没有改过。"
        ),
        "is_invented": ret.is_invented,
    }
    return render(request, "returns/cell.html", told)


@require_POST
def notes(request: DeskRequest, key: int) -> HttpResponse:
    """POST: a remark at a cell, or on the whole form."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("note"))
    ret = the_return(request, key)
    form = CellNoteForm([(k, label_of(k)) for k in cell_keys()], request.POST)
    if form.is_valid():
        told = form.cleaned_data
        actions.add_note(who=who_of(request), of=ret, key=told["key"], text=told["text"], now=timezone.now())
        messages.success(request, f"已在“{label_of(told['key'])}”加批注。")
    else:
        messages.error(request, "批注没有保存：请写明内容，不超过 400 字。")
    return redirect("returns:return", ret.pk)


@require_POST
def settlement(request: DeskRequest, key: int, note: int) -> HttpResponse:
    """POST: a remark has been seen to."""
    check_role(request.user, timezone.localdate(), *rules.roles_for("note"))
    ret = the_return(request, key)
    found = queries.one_of(ret.notes.all(), note)
    actions.settle_note(who=who_of(request), note=found, now=timezone.now())
    messages.success(request, "批注已标为处理过。")
    return redirect("returns:return", ret.pk)
