"""Lists too long for one answer: written in the background into the data folder, fetched by who asked."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.accounts.queries import branches_of
from yike.web.audit.chain import Who, record
from yike.web.jobs.models import Job, State
from yike.web.jobs.queue import enqueue
from yike.web.outlets.exports import KINDS, export
from yike.web.outlets.models import Outlet
from yike.web.outlets.rules import KEEPERS

KIND = "outlets.export"


@cache
def limits() -> Mapping[str, Any]:
    """Limits of files going out, as ``data/intake.toml`` has them."""
    return tomllib.loads((files("yike.web.outlets") / "data" / "intake.toml").read_text("utf-8"))


def ask(*, who: Who, query: str, kind: str, now: dt.datetime, area_code: str = "") -> Job:
    """Have a list written; ``query`` is the address line of the list."""
    if kind not in KINDS:
        raise RefusedError("register.export.kind", found=kind)
    with transaction.atomic():
        job = enqueue(
            KIND, f"导出网点（{kind}）", {"query": query[:2000], "kind": kind}, who=who, now=now,
            area_code=area_code,
        )  # fmt: skip
        record(who, "outlet.export", "job", str(job.pk), now=now, area_code=area_code, after={"kind": kind})
    return job


def trace(*, who: Who, kind: str, count: int, now: dt.datetime) -> None:
    """Write down that whole telephone numbers left with a list."""
    with transaction.atomic():
        account = who.account
        branch = next(iter(branches_of(account, localdate(now), KEEPERS)), "") if account else ""
        record(
            who, "outlet.export", "list", "outlets", now=now, area_code=branch,
            after={"kind": kind, "outlets": count},
        )  # fmt: skip


def write(
    job: Job,
    outlets: QuerySet[Outlet],
    *,
    now: dt.datetime,
    progress: Callable[[str, int, int], None],
    is_whole: bool = False,
) -> dict[str, Any]:
    """Write the list of a job, whole or not at all; files nobody may fetch any more go."""
    folder = _folder()
    _sweep(folder, now)
    total, path = outlets.count(), path_of(job)
    half = folder / f".half-{path.name}"
    try:
        with half.open("wb") as stream:
            n = export(
                outlets, job.arguments["kind"], stream, is_whole=is_whole,
                told=lambda done: progress("写入", done, total),
            )  # fmt: skip
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    days = limits()["export"]["keep_days"]
    return {
        "href": f"/desk/outlets/exports/{job.pk}/",
        "outlets": n,
        "summary": f"{n:,} 个网点，{path.stat().st_size / 1e6:.1f} MB，保留 {days} 天。",
    }


def _folder() -> Path:
    folder = Path(settings.DATA) / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def path_of(job: Job) -> Path:
    """Where the list of a job lies."""
    return _folder() / f"outlets-{job.pk}.{job.arguments['kind']}"


def _sweep(folder: Path, now: dt.datetime) -> None:
    oldest = now.timestamp() - 86_400 * limits()["export"]["keep_days"]
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def fetchable(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Those whose list was written."""
    return jobs.filter(kind=KIND, state=State.DONE)
