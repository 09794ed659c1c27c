"""The list of analyses, one analysis with its papers and gaps, the papers themselves, a circle's gaps."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.rules import check_role, has_role
from yike.web.analyses import actions, queries
from yike.web.analyses.forms import AnalysisForm
from yike.web.analyses.models import Analysis
from yike.web.analyses.rules import RUNNERS
from yike.web.analyses.words import PAPER_KINDS, REPORT
from yike.web.ui.policy import POLICY
from yike.web.ui.table import Cell, Column, Table

# A report is one file with its own script inside. It runs without this site's cookies and storage, and may
# load nothing from anywhere.
REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-scripts allow-modals allow-downloads allow-popups"
)


def _done(analysis: Analysis) -> object:
    if analysis.done_at:
        return analysis.done_at
    return Cell(analysis.job.get_state_display() if analysis.job else "未完成", sign="busy")


ANALYSES = (
    Column(
        "title",
        "名称",
        lambda a: Cell(a.title, f"/desk/analyses/{a.pk}/", is_invented=a.is_invented),
        sort_by="title",
    ),
    Column("pack", "街道和人口", lambda a: a.pack.name),
    Column("outlets", "网点", lambda a: "登记册" if a.outlets_at else "城市包自带清单"),
    Column(
        "gaps", "缺口", lambda a: len(queries.gaps_of(a)) if a.done_at else None, unit="项", is_number=True
    ),
    Column("done", "完成", _done, sort_by="done_at"),
)


def _percent(text: str) -> str:
    return f"{float(text):.1%}" if text else ""


def _people(text: str) -> int | None:
    return round(float(text)) if text else None


GAPS = (
    Column("circle", "生活圈", lambda g: g["circle_name"]),
    Column("type", "业态", lambda g: Cell(f"{g['form_row']} {g['type_label']}")),
    Column("norm", "时限", lambda g: g["norm_min"], unit="分钟", is_number=True),
    Column("share", "走得到", lambda g: _percent(g["share_in_norm"]), is_number=True),
    Column("required", "要求", lambda g: _percent(g["share_required"]), is_number=True),
    Column("people", "走不到", lambda g: _people(g["people_unserved"]), unit="人", is_number=True),
    Column("option", "可以怎样补", lambda g: g["option"] or "—"),
)


def analyses(request: DeskRequest) -> HttpResponse:
    """GET: the list."""
    found = queries.analyses_visible_to(request.user, timezone.localdate())
    table = Table.of(
        request, found, ANALYSES, label="分析", counted="次分析",
        empty="还没有分析。先导入城市包（街道、小区、人口），再用登记册里的网点计算。",
    )  # fmt: skip
    may_run = has_role(request.user, timezone.localdate(), *RUNNERS)
    return render(request, "analyses/list.html", {"table": table, "may_run": may_run})


def new(request: DeskRequest) -> HttpResponse:
    """GET: the form. POST: ask for an analysis."""
    today = timezone.localdate()
    check_role(request.user, today, *RUNNERS)
    packs = queries.packs_visible_to(request.user, today, RUNNERS)
    initial = {"title": f"{today.year}年{today.month}月缺口分析"}
    form = AnalysisForm(packs, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.ask_analysis(who=who_of(request), now=timezone.now(), **form.cleaned_data)
        return redirect("analyses:analysis", made.pk)
    told = {"form": form, "has_packs": packs.exists(), "is_invented": queries.has_invented(packs)}
    return render(request, "analyses/new.html", told)


def analysis(request: DeskRequest, key: int) -> HttpResponse:
    """GET: what came out, its papers, its gaps (``?circle=NAME`` of one circle)."""
    found = _one(request, key)
    circle = request.GET.get("circle", "")
    gaps = queries.gaps_of(found, circle)
    told = {
        "analysis": found,
        "job": found.job if found.job and found.done_at is None else None,
        "sections": [_section(s) for s in found.summary.get("sections", ())],
        "report": REPORT if REPORT in queries.papers_of(found) else "",
        "circles": sorted({g["circle_name"] for g in queries.gaps_of(found)}),
        "circle": circle,
        "table": Table.plain(gaps, GAPS, label="缺口", counted="项缺口", empty="没有缺口。"),
        "is_invented": found.is_invented,
    }
    return render(request, "analyses/analysis.html", told)


def _section(section: dict[str, Any]) -> dict[str, Any]:
    papers = [
        (name, what, PAPER_KINDS.get(f".{name.rsplit('.', 1)[-1]}", "")) for name, what in section["papers"]
    ]
    return section | {"papers": papers}


def report(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the interactive report within the workbench."""
    found = _one(request, key)
    queries.paper(found, REPORT)
    response = render(request, "analyses/report.html", {"analysis": found, "paper": REPORT})
    response["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


@xframe_options_sameorigin
def paper(request: DeskRequest, key: int, name: str) -> FileResponse:
    """GET: one paper; pages open, everything else is downloaded."""
    found = _one(request, key)
    path = queries.paper(found, name)
    is_page = path.suffix == ".html" and "download" not in request.GET
    response = FileResponse(BytesIO(path.read_bytes()), as_attachment=not is_page, filename=path.name)
    if is_page:
        response["Content-Security-Policy"] = REPORT_POLICY
    return response


def circle(request: DeskRequest, key: int) -> HttpResponse:
    """GET: what a circle lacks, after the newest analysis that names it."""
    found = queries.one_of(queries.circles_of(request.user, timezone.localdate()), key)
    latest = queries.latest_for(found)
    gaps = queries.gaps_of(latest, found.name) if latest else []
    columns = [c for c in GAPS if c.code != "circle"]
    empty = "按这次分析，没有缺口。" if latest else "还没有覆盖本圈的分析。"
    told = {
        "circle": found,
        "analysis": latest,
        "table": Table.plain(gaps, columns, label="缺口", counted="项缺口", empty=empty),
        "is_invented": found.is_invented or bool(latest and latest.is_invented),
    }
    return render(request, "analyses/circle.html", told)


def _one(request: DeskRequest, key: int) -> Analysis:
    found: Analysis = queries.one_of(queries.analyses_visible_to(request.user, timezone.localdate()), key)
    return found
