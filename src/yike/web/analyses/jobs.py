"""Long work: an analysis of the register's outlets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yike.web.analyses.models import Analysis
from yike.web.analyses.run import run_analysis
from yike.web.audit.chain import Who
from yike.web.jobs.kinds import does
from yike.web.jobs.queue import Running


@does("analyses.run")
def run(running: Running) -> Mapping[str, Any]:
    """Run the engine and keep its papers; a second worker writes into a folder of its own."""
    analysis = Analysis.objects.select_related("pack").get(pk=running.job.arguments["analysis"])
    sentence = run_analysis(
        who=Who(running.job.asked_by, "后台任务"), analysis=analysis, attempt=running.job.attempts,
        now=running.clock, progress=running.progress,
    )  # fmt: skip
    running.say(sentence)
    return {"analysis": analysis.pk, "sentence": sentence}
