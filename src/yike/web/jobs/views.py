"""The list of jobs, one job with its progress, and its cancelling."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import one_of
from yike.web.jobs.models import Job, State
from yike.web.jobs.queries import jobs_visible_to
from yike.web.jobs.queue import ask_to_cancel
from yike.web.jobs.words import SIGNS
from yike.web.ui.table import Cell, Column, Table

COLUMNS = (
    Column("title", "名称", lambda j: Cell(j.title, f"/desk/jobs/{j.pk}/"), sort_by="title"),
    Column("state", "状态", lambda j: Cell(j.get_state_display(), sign=SIGNS[j.state]), sort_by="state"),
    Column("done", "进度", lambda j: f"{j.done * 100 // j.total}%" if j.total else "—", is_number=True),
    Column("asked_by", "谁", lambda j: j.asked_by.display_name if j.asked_by else "系统"),
    Column("asked_at", "提交", lambda j: j.asked_at, sort_by="asked_at"),
    Column("ended_at", "结束", lambda j: j.ended_at or "—", sort_by="ended_at"),
)
ENDED = (State.DONE, State.FAILED, State.CANCELLED)


def job_of(request: DeskRequest, key: int) -> Job:
    """A job the person may see; 404 for any other."""
    found: Job = one_of(jobs_visible_to(request.user, timezone.localdate()), key)
    return found


def jobs(request: DeskRequest) -> HttpResponse:
    """The list, newest first."""
    found = jobs_visible_to(request.user, timezone.localdate())
    table = Table.of(
        request,
        found,
        COLUMNS,
        label="后台任务",
        counted="项任务",
        empty="导入、分析、导出开始后会列在这里。",
    )
    return render(request, "jobs/jobs.html", {"table": table})


def job(request: DeskRequest, pk: int) -> HttpResponse:
    """One job; while it runs, the page follows it (and is loaded anew where script is off)."""
    found = job_of(request, pk)
    shown = {"job": found, "sign": SIGNS[found.state], "has_ended": found.state in ENDED}
    return render(request, "jobs/job.html", shown)


def progress(request: DeskRequest, pk: int) -> HttpResponse:
    """How far a job is, for the script of its page."""
    found = job_of(request, pk)
    return JsonResponse(
        {
            "state": found.get_state_display(),
            "stage": found.stage,
            "done": found.done,
            "total": found.total,
            "has_ended": found.state in ENDED,
        }
    )


@require_POST
def cancellation(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    found = job_of(request, pk)
    if ask_to_cancel(found, who=who_of(request), now=timezone.now()):
        messages.info(request, "已要求取消；正在进行的步骤做完后停下，已写入的会撤回。")
    else:
        messages.warning(request, "任务已经结束，不用取消。")
    return redirect("jobs:job", pk=pk)
